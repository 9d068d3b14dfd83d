"""What of a work stands in public text: marked in the plan, so that nothing is chosen after the answers."""

from __future__ import annotations

from typing import NamedTuple

from countermark.memorization.extraction.quotations import Quotations, batch_of


class Span(NamedTuple):
    """Code points `[start, end)` of a work that agree with the public work `title` in so many folded letters."""

    start: int
    end: int
    title: str
    letters: int


class PublicText(Quotations):
    """An index over public text, open for lookup of whole works."""

    def spans(self, text: str, letters: int) -> list[Span]:
        """What a text shares with public text, in order; spans of several public works may overlap."""
        assets = self._index.assets()
        return sorted(
            Span(
                match.record_span.start,
                match.record_span.end,
                str(assets[match.asset]["work_title"]),
                match.matched,
            )
            for match in self._matcher.match(batch_of([text]))
            if match.matched >= letters
        )
