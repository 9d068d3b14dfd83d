"""The shards of a corpus where pictures are looked for: what can hold some, and why the rest cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.corpus.detection import Kind, detect_picture
from countermark.corpus.images.folder import is_side_file
from countermark.corpus.listing import Listing
from countermark.corpus.sketches import FORMAT, SUFFIX
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.cutting import Cutting

PARTS_SHARED: Final = 4
"""Pictures of a folder share a shard of so many parts: 256 MiB by default."""

_BESIDE: Final = Kind("beside")
_SKETCHES: Final = Kind(FORMAT)
_WITHOUT: Final = {
    "delimited": "a table in text holds no pictures; if it lists their addresses, countermark link reads it",
    "text": "a plain text holds no pictures; search it with an index of texts",
}


class PictureListing(Listing):
    """Makes the shards of folders and files in which pictures may be."""

    gathered = "pictures"

    def __init__(self, cutting: Cutting, part_bytes: int) -> None:
        super().__init__(cutting, PARTS_SHARED * part_bytes)

    def kind(self, path: str, name: str, size: int, among: tuple[str, ...] = ()) -> Kind:
        """As detection says; the texts that speak of a picture beside them are a kind of their own."""
        if among and is_side_file(among, name):
            return _BESIDE
        return _SKETCHES if name.endswith(SUFFIX) else detect_picture(path, name, size)

    def shards(self, path: str, name: str, size: int, kind: Kind) -> Iterator[Shard | Refusal]:
        """Yield the shards of what can hold pictures, a refusal for what cannot."""
        if kind is _BESIDE:
            return
        if kind.format in _WITHOUT:
            yield Refusal(name, -1, "no-pictures", _WITHOUT[kind.format])
        elif kind.format == "documents":
            said = "the file is empty" if not size else "neither a picture nor a data set of pictures"
            yield Refusal(name, -1, "not-a-picture" if size else "empty", said)
        else:
            yield from self._cutting.shards(path, name, size, kind)
