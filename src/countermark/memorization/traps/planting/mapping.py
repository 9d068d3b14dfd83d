"""Where the characters of a text stand in the source that it was read from, and edits that go back into it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

END: Final = "end"
BEFORE_LICENCE: Final = "before-licence"
CAPTION: Final = "caption"
PLACES: Final = (END, BEFORE_LICENCE, CAPTION)


class Place(NamedTuple):
    """Where a line can be added: its name, its place in the text, and what is written around it there.

    `source` is the place in the source where markup is opened and closed around the line, or -1 where the line goes in
    as plain text.
    """

    name: str
    at: int
    lead: str
    tail: str
    source: int = -1


class Edit(NamedTuple):
    """`[start, end)` of the text becomes `new`; with a `place`, `new` is a line that is added there."""

    start: int
    end: int
    new: str
    place: Place | None = None


class Piece(NamedTuple):
    """A stretch of the text and where it stands in the source; of another length there where it is escaped."""

    start: int
    length: int
    source: int
    source_length: int


@dataclass
class Mapping:
    """The pieces of a text in their order; characters that stand in no piece (line breaks of markup) have no source."""

    source: str
    pieces: list[Piece] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        """Add the next piece."""
        self.pieces.append(piece)
        self.starts.append(piece.start)

    def range_of(self, start: int, end: int) -> tuple[int, int] | None:
        """Where `[start, end)` stands in the source, or None where its ends have no place there."""
        if start == end:
            behind = self._after(start - 1)
            return None if behind is None else (behind, behind)
        first, last = self._before(start), self._after(end - 1)
        return None if first is None or last is None else (first, last)

    def _before(self, at: int) -> int | None:
        piece = self._piece(at)
        if piece is None or (piece.length != piece.source_length and at != piece.start):
            return None
        return piece.source + at - piece.start

    def _after(self, at: int) -> int | None:
        piece = self._piece(at)
        if piece is None:
            return None
        if piece.length == piece.source_length:
            return piece.source + at - piece.start + 1
        return piece.source + piece.source_length if at == piece.start + piece.length - 1 else None

    def _piece(self, at: int) -> Piece | None:
        place = bisect_right(self.starts, at) - 1
        if place < 0 or at < 0:
            return None
        piece = self.pieces[place]
        return piece if at < piece.start + piece.length else None


def trimmed(text: str, edit: Edit) -> Edit:
    """The same edit without what stays at its two ends: a comma that goes is then one character, within one run."""
    if edit.place is not None:
        return edit
    start, end, new = edit.start, edit.end, edit.new
    while start < end and new and text[start] == new[0]:
        start, new = start + 1, new[1:]
    while start < end and new and text[end - 1] == new[-1]:
        end, new = end - 1, new[:-1]
    return Edit(start, end, new)


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text as it will be read from the copy."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        place = edit.place
        new = edit.new if place is None else f"{place.lead}{edit.new}{place.tail}"
        text = text[: edit.start] + new + text[edit.end :]
    return text


def spliced(source: str, changes: Sequence[tuple[int, int, str]]) -> str:
    """The source with each `[start, end)` replaced by what it becomes."""
    for start, end, new in sorted(changes, reverse=True):
        source = source[:start] + new + source[end:]
    return source
