"""The recordings of a folder, as shards name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.corpus.audio.sought import RECORDINGS
from countermark.corpus.carried.folder import carried_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.carried.folder import CarriedFile


def recording_files(shard: Shard) -> Iterator[CarriedFile]:
    """Yield the recordings of a shard, and what is named as one. Raises CorpusError where the folder has changed."""
    return carried_files(RECORDINGS, shard)
