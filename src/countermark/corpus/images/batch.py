"""A batch of pictures, as readers hand them over: encoded, as they stand in the corpus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from countermark.corpus.captured import Captured
    from countermark.media import Refusal


@dataclass(frozen=True, slots=True)
class ImageBatch:
    """Some pictures of a shard, in the order in which they stand; all tuples and arrays have the same length n.

    `data` are the bytes of each file, not decoded; `names` how it is called where it stands (a path, a member of an
    archive, a column), for the format's sake and for messages. `row`, `record_id`, `record_url`, `record_date`,
    `refused`, `bytes_read` and `captured` are as in RecordBatch. `captions` is the text that stands beside the picture,
    or None. n may be 0 when there are only refusals to tell.
    """

    data: tuple[bytes, ...]
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
        """The number of pictures."""
        return len(self.data)
