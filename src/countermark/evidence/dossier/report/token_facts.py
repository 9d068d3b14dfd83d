"""What a dossier says of searches among token ids: how they were read, and what a wrong tokeniser leaves unfound.

The sentences are those of the report of one search, so that the two never say different things of one run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.evidence.report.languages import LANGUAGES
from countermark.evidence.report.token_ids import doubts, guaranteed, is_doubted, of_ids, read_with
from countermark.paper.blocks import heading, paragraph

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countermark.language import Language
    from countermark.paper.blocks import Block

Summary = dict[str, Any]


def how_read(summary: Summary, say: Language) -> list[Block]:
    """How the ids of a search were read, under a heading of their own; nothing where all was text."""
    words = LANGUAGES[say.code]
    told = read_with(summary, words)
    return [heading(words.say("tokens"), 2), *map(paragraph, told)] if told else []


def warned(summary: Summary, say: Language) -> list[Block]:
    """What must be read with an outcome: that ids were perhaps not read as what they say."""
    return [paragraph(said, "remark") for said in doubts(summary, LANGUAGES[say.code])]


def letters_found(summary: Summary, say: Language) -> list[str]:
    """The guarantee of a search among texts, with what it stands on where token ids were read."""
    letters = summary.get("guarantee_letters", 0)
    if not letters:
        return []
    return [say.say("asked.letters", n=letters), *guaranteed(summary, LANGUAGES[say.code])]


def refused_none(summary: Summary, say: Language) -> str:
    """What stands where nothing was refused: no more than that, where ids were perhaps misread."""
    return say.say("refused.none.doubt" if in_doubt(summary) else "none")


def in_doubt(summary: Mapping[str, Any]) -> bool:
    """Whether a tokeniser of a search was named while a trial speaks against it."""
    return any(map(is_doubted, of_ids(summary)))


def not_shown(summaries: Sequence[Summary], say: Language) -> list[str]:
    """What must not be read into searches among token ids; nothing where there was none."""
    if not any(map(of_ids, summaries)):
        return []
    doubted = [number for number, one in enumerate(summaries, 1) if in_doubt(one)]
    return [say.say("limits.tokens"), *(say.say("limits.tokens.doubt", number=str(one)) for one in doubted)]
