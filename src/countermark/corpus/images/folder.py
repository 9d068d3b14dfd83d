"""The pictures of a folder, as shards name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.corpus.carried.folder import carried_files
from countermark.corpus.images.sought import PICTURES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.carried.folder import CarriedFile


def picture_files(shard: Shard) -> Iterator[CarriedFile]:
    """Yield the pictures of a shard, and what is named as one. Raises CorpusError where the folder has changed."""
    return carried_files(PICTURES, shard)
