"""Bytes to text and back, without loss."""

from __future__ import annotations

import codecs
from typing import Final, NamedTuple

from countermark.errors import DocumentError

_MARKS: Final = (
    codecs.BOM_UTF8,
    codecs.BOM_UTF32_LE,  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
)


class Encoded(NamedTuple):
    """A source as text, and what is needed to write it as it was."""

    text: str
    mark: bytes
    encoding: str

    def bytes_of(self, text: str, errors: str = "strict") -> bytes:
        """Another text in the same encoding, with the same mark. Raises DocumentError `encoding`."""
        try:
            return self.mark + text.encode(self.encoding, errors)
        except UnicodeEncodeError as error:
            raise DocumentError(
                "encoding",
                f"is written in {self.encoding}, which has no {error.object[error.start]!r}; save it as UTF-8",
            ) from None


def encoded(data: bytes, text: str, encoding: str) -> Encoded:
    """`text` as it was decoded from `data`. Raises DocumentError `unplantable` where it cannot be written back."""
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    found = Encoded(text, mark, encoding)
    try:
        same = found.bytes_of(text) == data
    except (DocumentError, LookupError):
        same = False
    if not same:
        raise DocumentError(
            "unplantable", f"cannot be written back as it was (read as {encoding}); save it as UTF-8"
        )
    return found
