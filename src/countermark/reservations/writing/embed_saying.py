"""What a file is to say: the values of PLUS and TDMRep that come nearest to the answers, and what they leave unsaid.

TDMRep has one word for text and data mining, training included; it is used in a file as it is used for a site
(`inexpressible.VOCABULARIES`), since the file's word supersedes the site's. PLUS has one value out of nine: the one
that leaves the fewest reservations unsaid, then the one that reserves the least beyond them; none that permits what is
not permitted, or reserves what is permitted in so many words. What is not said, or said too broadly, is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark.reservations.iptc_plus import VALUES
from countermark.reservations.tdmrep.values import policy_address
from countermark.reservations.use import USES, Answer, Use, strictness
from countermark.reservations.writing.inexpressible import VOCABULARIES, Inexpressible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MINING: Final = (Use.TDM, Use.TRAIN, Use.GENERATIVE)
SEE_CONSTRAINT: Final = "DMI-PROHIBITED-SEECONSTRAINT"
WRITTEN: Final = (
    "DMI-PROHIBITED-GENAIMLTRAINING",
    "DMI-PROHIBITED-AIMLTRAINING",
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING",
    "DMI-PROHIBITED",
    SEE_CONSTRAINT,
    "DMI-ALLOWED",
)
"""The values that are written; SEECONSTRAINT goes with plus:OtherConstraints. What each says, its reader knows."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """What is wanted of a file.

    `answers` per use; a use that is absent is not spoken of. `terms` are the words or the address of a licence,
    `holder` is who holds the rights, `tdm_policy` the address of the TDMRep policy. All "" where there is none.
    """

    answers: Mapping[Use, Answer]
    terms: str = ""
    holder: str = ""
    tdm_policy: str = ""

    def wanted(self) -> dict[Use, Answer]:
        """An answer for every use."""
        return {use: self.answers.get(use, Answer.UNKNOWN) for use in USES}


Said = dict[Use, Answer]


def plus_value(embedding: Embedding) -> tuple[str, Said]:
    """The value of plus:DataMining without its namespace, "" for none, and what it says."""
    wanted = embedding.wanted()
    silence: Said = {}
    found, best = "", (silence, _distance(wanted, silence))
    for value in WRITTEN:
        said = VALUES[value].answers
        if value == SEE_CONSTRAINT and not embedding.terms.strip():
            continue
        distance = _distance(wanted, said)
        if _honest(wanted, said) and distance < best[1]:
            found, best = value, (dict(said), distance)
    return found, best[0]


def tdm_value(embedding: Embedding) -> tuple[str, str, Said]:
    """The value of tdm:reservation (`1`, `0`, or "" for none), the policy beside it, and what they say."""
    vocabulary = VOCABULARIES["tdmrep"]
    words = vocabulary.answers(embedding.wanted())
    (word, answer), *_ = words.items()
    if answer is Answer.UNKNOWN:
        return "", "", {}
    if answer is Answer.ALLOWED:
        return "0", "", vocabulary.said(words)
    # A policy makes the reservation conditional for every use of the word: only where none is reserved flatly.
    policy = policy_address(embedding.tdm_policy) if answer is Answer.CONDITIONAL else ""
    return "1", policy, vocabulary.said({word: Answer.CONDITIONAL if policy else Answer.RESERVED})


def unsaid(
    protocol: str, embedding: Embedding, said: Mapping[Use, Answer], path: str
) -> Iterator[Inexpressible]:
    """Where what is said of a file is not what is wanted."""
    for use, want in embedding.wanted().items():
        got = said.get(use, Answer.UNKNOWN)
        if got is want:
            continue
        if got is Answer.UNKNOWN:
            reason = "mixed" if want is Answer.ALLOWED and use in _MINING else "no-word"
        elif want is Answer.CONDITIONAL:
            reason = "no-terms"
        else:
            reason = "licensed" if want is Answer.RESERVED else "coarse"
        yield Inexpressible(protocol, use, path, reason=reason)


def _honest(wanted: Mapping[Use, Answer], said: Mapping[Use, Answer]) -> bool:
    """Whether nothing is permitted that is not, and nothing reserved that is permitted."""
    return all((answer is Answer.ALLOWED) == (wanted[use] is Answer.ALLOWED) for use, answer in said.items())


def _distance(wanted: Mapping[Use, Answer], said: Mapping[Use, Answer]) -> tuple[int, int, int]:
    """Uses of which less is said than is wanted, uses of which more is said, uses whose permission is not said."""
    less = more = permitted = 0
    for use, want in wanted.items():
        got = said.get(use, Answer.UNKNOWN)
        if got is Answer.UNKNOWN and want is Answer.ALLOWED:
            permitted += 1
        elif strictness(got) < strictness(want):
            less += 1
        elif strictness(got) > strictness(want):
            more += 1
    return less, more, permitted
