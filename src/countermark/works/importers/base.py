"""What every importer promises, and the file that it reads from.

An importer turns one catalogue file into entries, in the order of the file, in bounded memory whatever its size. What
it cannot use is a Refusal where it stands: nothing is lost in silence. It raises CatalogError only where nothing of the
file can be used at all, and says so before it yields anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Protocol

from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from countermark.works.entry import Entry, Source

HEAD_BYTES = 64 << 10
"""How much of a file `recognises` is shown."""


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """One file to import. `name` is what messages call it; `head` are its first bytes, `open` gives it whole.

    What `open` gives is already uncompressed, is read once from its beginning, and need not be seekable. `path` is
    where it lies on the disk, empty for a member of an archive. `options` are the user's (`mapping`: a mapping file).
    """

    name: str
    path: str
    head: bytes
    open: Callable[[], BinaryIO]
    options: Mapping[str, str] = field(default_factory=dict)


class Importer(Protocol):
    """Reads the files of one format."""

    format: str

    def recognises(self, file: CatalogFile) -> bool:
        """Whether the file's name and first bytes are of this format; never raises."""
        ...

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """The records of the file. Raises CatalogError where it is not of this format or damaged from the start."""
        ...


def refused(source: Source, where: str, reason: str, detail: str) -> Refusal:
    """A refusal that names file, line, record and field; `where` is the field, empty for the whole record."""
    place = source.file + (f", line {source.line}" if source.line else "")
    place += f", record {source.record}" if source.record else ""
    place += f", {where}" if where else ""
    return Refusal(source.file, source.line, reason, f"{place}: {detail}")
