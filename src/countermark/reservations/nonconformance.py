"""Where a document departs from its specification: what a validator hands over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NonConformance:
    """One departure.

    `code` (`rsl.unknown-element`) names the sentence in `words/`, as a Remark's does, and `facts` fill it. `where` is
    the place within the document as its format writes such places (`[2].tdm-policy`, `/rsl/content[1]`), `line` its
    line from 1, or 0 where that is not known.
    """

    code: str
    where: str
    line: int = 0
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def protocol(self) -> str:
        """The protocol whose rule is not kept."""
        return self.code.partition(".")[0]
