"""The shards of a corpus where pictures are looked for: as of any medium, and the files of their sketches."""

from __future__ import annotations

from typing import Final

from countermark.corpus.carried.listing import CarriedListing
from countermark.corpus.detection import Kind
from countermark.corpus.sketches import FORMAT, SUFFIX

_SKETCHES: Final = Kind(FORMAT)


class PictureListing(CarriedListing):
    """Makes the shards of folders and files in which pictures may be."""

    def _own(self, path: str, name: str, size: int) -> Kind:
        return _SKETCHES if name.endswith(SUFFIX) else super()._own(path, name, size)
