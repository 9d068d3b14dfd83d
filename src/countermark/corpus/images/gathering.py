"""Gathering pictures into batches of bounded memory, and what every reader of pictures promises."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np

from countermark.corpus.batching import clean
from countermark.corpus.images.batch import ImageBatch
from countermark.errors import PictureError
from countermark.images.limits import check_bytes
from countermark.images.sniffing import sniff
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.captured import Captured

BATCH_BYTES: Final = 64 << 20
"""Encoded bytes of a batch at most (a picture has no more)."""
BATCH_PICTURES: Final = 256
"""Pictures of a batch at most."""
_BATCH_REFUSALS: Final = 1 << 14

MAX_NAME: Final = 1024
"""Characters that are kept of the name of a picture and of its identifier; what is cut off is shown as `…`."""
_MAX_ADDRESS: Final = 8192
_MAX_DATE: Final = 64
_MAX_CAPTION: Final = 4096
_MAX_DETAIL: Final = 400
_MAX_SHOWN: Final = 200


class PictureReader(Protocol):
    """Reads the pictures in the shards of one format."""

    format: str

    def batches(self, shard: Shard) -> Iterator[ImageBatch]:
        """Yield the shard's pictures in order, encoded as they stand, in batches of bounded memory.

        Raises CorpusError when nothing of the shard can be read; what goes wrong after that is a Refusal, and so is
        each row without a picture that can be read: `null`, `empty`, `too-large`, `not-a-picture`. A shard that is no
        place for pictures gives one Refusal, `no-pictures`.
        """
        ...


class Told(NamedTuple):
    """What stands beside a picture: its identifier in the corpus, the address it came from, a date, a caption."""

    record_id: str | None = None
    url: str | None = None
    date: str | None = None
    caption: str | None = None


NOTHING_TOLD: Final = Told()


def shortened(text: str | None, most: int) -> str | None:
    """Return valid Unicode of `most` characters at most, an ellipsis for what is left out; None where it is empty."""
    if not text:
        return None
    return clean(text if len(text) <= most else text[: most - 1] + "…")


def shown(name: str) -> str:
    """A name for a message."""
    return shortened(name, _MAX_SHOWN) or ""


class ImageBuilder:
    """Collects the pictures of one shard and hands them over as ImageBatch. `where` is the name that refusals carry.

    After some calls of `add` and `refuse`, `ready` yields the batches that are full, and at the end `rest` the others.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self._done: list[ImageBatch] = []
        self._consumed = 0
        self._clear()

    def _clear(self) -> None:
        self._data: list[bytes] = []
        self._names: list[str] = []
        self._rows: list[int] = []
        self._told: list[Told] = []
        self._captured: list[Captured | None] = []
        self._refused: list[Refusal] = []
        self._amount = 0

    def add(
        self,
        data: bytes | None,
        name: str,
        row: int,
        told: Told = NOTHING_TOLD,
        captured: Captured | None = None,
    ) -> None:
        """Add a picture, or refuse what is none; `name` is how it is called where it stands."""
        name = shortened(name, MAX_NAME) or ""
        if data is None:
            self.refuse(row, "null", f"{shown(name)}: no bytes of a picture")
            return
        try:
            check_bytes(data)
            sniff(data)
        except PictureError as error:
            reason = "not-a-picture" if error.reason == "format" else error.reason
            self.refuse(row, reason, f"{shown(name)}: {error}")
            return
        if self._data and self._amount + len(data) > BATCH_BYTES:
            self._seal()
        self._data.append(data)
        self._names.append(name)
        self._rows.append(row)
        self._told.append(told)
        self._captured.append(captured)
        self._amount += len(data) + (len(captured.head) if captured is not None else 0)
        self._seal_if_full()

    def refuse(self, row: int, reason: str, detail: str, where: str | None = None) -> None:
        """Note a row that was not read."""
        self._refused.append(Refusal(where or self._where, row, reason, clean(detail)[:_MAX_DETAIL]))
        self._seal_if_full()

    def ready(self, consumed: int) -> Iterator[ImageBatch]:
        """Yield the batches that are full; `consumed` is the number of bytes of the shard read so far."""
        while self._done:
            batch = self._done.pop(0)
            yield self._stamped(batch, consumed)

    def rest(self, consumed: int) -> Iterator[ImageBatch]:
        """Yield everything that was not handed over yet."""
        if self._data or self._refused:
            self._seal()
        yield from self.ready(consumed)

    @property
    def full(self) -> bool:
        """Whether a batch is full."""
        return bool(self._done)

    @property
    def met(self) -> bool:
        """Whether there is anything to hand over."""
        return bool(self._done or self._data or self._refused)

    def _seal_if_full(self) -> None:
        if (
            len(self._data) >= BATCH_PICTURES
            or self._amount >= BATCH_BYTES
            or len(self._refused) >= _BATCH_REFUSALS
        ):
            self._seal()

    def _seal(self) -> None:
        told = self._told
        self._done.append(
            ImageBatch(
                data=tuple(self._data),
                names=tuple(self._names),
                row=np.array(self._rows, np.int64),
                record_id=tuple(shortened(one.record_id, MAX_NAME) for one in told),
                record_url=tuple(shortened(one.url, _MAX_ADDRESS) for one in told),
                record_date=tuple(shortened(one.date, _MAX_DATE) for one in told),
                captions=tuple(shortened(one.caption, _MAX_CAPTION) for one in told),
                refused=tuple(self._refused),
                captured=tuple(self._captured) if any(self._captured) else None,
            )
        )
        self._clear()

    def _stamped(self, batch: ImageBatch, consumed: int) -> ImageBatch:
        """The batch with the bytes read since the one before."""
        since = max(0, consumed - self._consumed)
        self._consumed = max(consumed, self._consumed)
        return replace(batch, bytes_read=since)
