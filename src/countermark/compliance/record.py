"""What the walk over a file shows of each record, and what it is told to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.corpus.captured import Captured
    from countermark.reservations.response import Headers


@dataclass(frozen=True, slots=True)
class Seen:
    """One record.

    `row` counts the records of the file from 0 (lines of JSON Lines, blank ones too). `offset` is where it begins:
    the byte of a WARC file as in a CDX index, the line's first byte in decompressed JSON Lines, -1 in Parquet. `url`
    is "" and `date` None where the record has none that can be read. `captured` is what a WARC record holds;
    `headers` come from the column that the user named. `doubt` is true where such a column could not be read.
    `size` is the number of bytes of text (rows) or of the payload (WARC). `digest` computes the SHA-256 of the
    record's bytes, in hexadecimal (docs/reference/removed.md says of which). `follows` are the ids of the records that
    it belongs to. `document` is false for what is no content of its own: an error page, a revisit, metadata.
    """

    row: int
    offset: int
    record_id: str
    url: str
    date: str | None
    digest: Callable[[], str]
    size: int = 0
    captured: Captured | None = None
    headers: Headers | None = None
    doubt: bool = False
    follows: tuple[str, ...] = ()
    document: bool = True


class Fate(NamedTuple):
    """What becomes of a record: kept or not; `mark` is written with it where a run marks."""

    keep: bool = True
    mark: str | None = None


KEEP: Final = Fate()


class Unread(NamedTuple):
    """Something that could not be read: `records` of them (0: nobody knows), the SHA-256 of their bytes if known."""

    row: int
    offset: int
    reason: str
    detail: str
    records: int = 1
    digest: str = ""


class Visitor(Protocol):
    """Who looks at the records of a file, in order."""

    def seen(self, record: Seen) -> Fate:
        """Decide on a record."""
        ...

    def unread(self, what: Unread) -> None:
        """Hear of what could not be read; it is never kept."""
        ...

    def passed(self, digest: Callable[[], str]) -> None:
        """Hear of a record that is no document (a WARC request); it is kept. `digest` is as in Seen."""
        ...

    def progress(self, consumed: int) -> None:
        """Hear how many bytes of the file were read. May raise to stop the walk."""
        ...
