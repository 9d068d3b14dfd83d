"""The five uses that a verdict speaks of, and the four answers that it gives.

Uses do not imply one another here: which uses the words of a protocol cover is said in that protocol's file.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


class Use(StrEnum):
    """What somebody may want to do with a work."""

    TDM = "tdm"  # text and data mining: automated analysis (Directive (EU) 2019/790, Article 2(2))
    TRAIN = "train"  # training of any model
    GENERATIVE = "generative"  # training of a model that generates content
    INPUT = "input"  # input to a model that answers with it: retrieval, grounding, summaries
    SEARCH = "search"  # an index that leads to the work


class Answer(StrEnum):
    """What the statements about a use come to."""

    RESERVED = "reserved"
    CONDITIONAL = "conditional"  # reserved, with a way to a licence: terms or an address
    ALLOWED = "allowed"  # said in so many words; never inferred from silence
    UNKNOWN = "unknown"  # nothing was said, or nothing that can be read


USES: Final = tuple(Use)
_STRICTNESS: Final = {Answer.UNKNOWN: 0, Answer.ALLOWED: 1, Answer.CONDITIONAL: 2, Answer.RESERVED: 3}


def strictness(answer: Answer) -> int:
    """The rank of an answer: `reserved` over `conditional` over `allowed` over `unknown`."""
    return _STRICTNESS[answer]


def strictest(answers: Iterable[Answer]) -> Answer:
    """The most restrictive of some answers; `unknown` of none."""
    return max(answers, key=strictness, default=Answer.UNKNOWN)
