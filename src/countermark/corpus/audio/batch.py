"""A batch of recordings, as readers hand them over: encoded, as they stand in the corpus, or where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from countermark.audio.source import SoundSource
    from countermark.corpus.captured import Captured
    from countermark.media import Refusal


@dataclass(frozen=True, slots=True)
class AudioBatch:
    """Some recordings of a shard, in the order in which they stand; all tuples and arrays have the same length n.

    `sources` are the sound and video files, not decoded: ranges of files (of any size) where they stand as they are in
    a folder or in a tar that is not compressed, else bytes in memory. `captions` is what stands beside the recording,
    or None: title, artist and words, one under the other. `names`, `row`, `record_id`, `record_url`, `record_date`,
    `refused`, `bytes_read` and `captured` are as in ImageBatch. n may be 0 when there are only refusals to tell.
    """

    sources: tuple[SoundSource, ...]
    names: tuple[str, ...]
    row: npt.NDArray[np.int64]
    record_id: tuple[str | None, ...]
    record_url: tuple[str | None, ...]
    record_date: tuple[str | None, ...]
    captions: tuple[str | None, ...]
    refused: tuple[Refusal, ...] = ()
    bytes_read: int = 0
    captured: tuple[Captured | None, ...] | None = None

    def __len__(self) -> int:
        """The number of recordings."""
        return len(self.sources)
