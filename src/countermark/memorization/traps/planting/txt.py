"""Plain text and Markdown: the source is the text."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from countermark.documents.charset import decode_text
from countermark.memorization.traps.planting.encoding import Encoded, encoded
from countermark.memorization.traps.planting.lines import licence_line
from countermark.memorization.traps.planting.mapping import BEFORE_LICENCE, END, Edit, Place, spliced

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class TextFlow:
    """A file whose text is its source, but that a line may end with CRLF."""

    protected: Sequence[tuple[int, int]] = ()

    def __init__(self, source: Encoded) -> None:
        self._source = source
        self._newline = "\r\n" if "\r\n" in source.text else "\n"
        self.text = source.text.replace("\r\n", "\n")
        # Places in the text of the line ends that are two characters in the source.
        self._doubled = [match.start() - n for n, match in enumerate(re.finditer("\r\n", source.text))]
        self.places = list(_places(self.text))

    def can_take(self, edit: Edit) -> bool:  # noqa: ARG002  the protocol's signature
        """Every place of the text is one of the source."""
        return True

    def write(self, edits: Sequence[Edit]) -> bytes:
        """The text with its edits, in its encoding and with its line ends."""
        changes = []
        for edit in edits:
            place = edit.place
            new = edit.new if place is None else f"{place.lead}{edit.new}{place.tail}"
            changes.append((self._at(edit.start), self._at(edit.end), new.replace("\n", self._newline)))
        return self._source.bytes_of(spliced(self._source.text, changes))

    def _at(self, place: int) -> int:
        return place + bisect_left(self._doubled, place)


def text_flow(data: bytes) -> TextFlow:
    """Raises DocumentError `unplantable` where the encoding cannot be written back."""
    decoded = decode_text(data)
    return TextFlow(encoded(data, decoded.text, decoded.encoding))


def _places(text: str) -> Iterator[Place]:
    yield Place(END, len(text.rstrip()), "\n\n", "")
    licence = licence_line(text)
    if licence is not None:
        yield Place(BEFORE_LICENCE, licence, "", "\n\n")
