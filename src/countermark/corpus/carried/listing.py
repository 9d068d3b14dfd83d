"""The shards of a corpus where pictures or recordings are looked for: what can hold some, and why the rest cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.corpus.carried.folder import is_side_file, kind_of
from countermark.corpus.detection import BESIDE, ORPHAN, Kind
from countermark.corpus.listing import Listing
from countermark.corpus.tokens.formats import FORMATS
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.carried.sought import Sought
    from countermark.corpus.cutting import Cutting

PARTS_SHARED: Final = 4
"""Files of a folder share a shard of so many parts, 256 MiB by default: of recordings ten minutes to forty hours of
sound, which is seconds to a few minutes of work. A file that has more is a shard alone."""

_OF_IDS: Final = frozenset({"arrow", BESIDE, ORPHAN, *FORMATS})
"""What is read as text, or as token ids: for pictures and recordings it is as foreign as any other file."""
_BESIDE: Final = Kind("beside")
_WITHOUT: Final = {
    "delimited": "a table in text holds no {}; if it lists their addresses, countermark link reads it",
    "text": "a plain text holds no {}; search it with an index of texts",
}


class CarriedListing(Listing):
    """Makes the shards of folders and files in which what is sought may be."""

    def __init__(self, cutting: Cutting, part_bytes: int, sought: Sought[Any]) -> None:
        super().__init__(cutting, PARTS_SHARED * part_bytes)
        self._sought = sought
        self.gathered = sought.many

    def kind(self, path: str, name: str, size: int, among: tuple[str, ...] = ()) -> Kind:
        """As detection says; the texts that speak of a file beside them are a kind of their own."""
        return _BESIDE if among and is_side_file(self._sought, among, name) else self._own(path, name, size)

    def looks_at(self, name: str, size: int) -> bool:  # noqa: ARG002
        """Any file that is not named as one that is sought."""
        return not self._sought.named(name)

    def _own(self, path: str, name: str, size: int) -> Kind:
        return kind_of(self._sought, path, name, size)

    def shards(self, path: str, name: str, size: int, kind: Kind) -> Iterator[Shard | Refusal]:
        """Yield the shards of what can hold some, a refusal for what cannot."""
        sought = self._sought
        if kind is _BESIDE:
            return
        if kind.format in _WITHOUT:
            yield Refusal(name, -1, sought.absent, _WITHOUT[kind.format].format(sought.many))
        elif kind.format == "documents" or kind.format in _OF_IDS:
            said = f"neither a {sought.one} nor a data set of {sought.many}"
            yield Refusal(
                name, -1, sought.foreign if size else "empty", said if size else "the file is empty"
            )
        else:
            yield from self._cutting.shards(path, name, size, kind)
