"""Gathering pictures or recordings into batches of bounded memory, and what every reader of them promises."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, Protocol

import numpy as np

from countermark.corpus.batching import clean
from countermark.corpus.carried.sought import Batch_co, Content, Sought, Stretch
from countermark.errors import PictureError, SoundError
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.captured import Captured

BATCH_BYTES: Final = 64 << 20
"""Encoded bytes of a batch at most, unless one has more."""
BATCH_RECORDS: Final = 256
"""Pictures or recordings of a batch at most."""
_BATCH_REFUSALS: Final = 1 << 14

MAX_NAME: Final = 1024
"""Characters that are kept of a name and of an identifier; what is cut off is shown as `…`."""
_MAX_ADDRESS: Final = 8192
_MAX_DATE: Final = 64
_MAX_CAPTION: Final = 4096
_MAX_DETAIL: Final = 400
_MAX_SHOWN: Final = 200


class CarriedReader(Protocol[Batch_co]):
    """Reads the pictures, or the recordings, in the shards of one format."""

    format: str

    def batches(self, shard: Shard) -> Iterator[Batch_co]:
        """Yield those of the shard in order, encoded as they stand, in batches of bounded memory.

        Raises CorpusError when nothing of the shard can be read; what goes wrong after that is a Refusal, and so is
        each row without one that can be read: `null`, `empty`, `too-large`, `truncated`, `not-a-picture` or
        `not-a-recording`. A shard that is no place for them gives one Refusal, `no-pictures` or `no-recordings`.
        """
        ...


class Told(NamedTuple):
    """What stands beside one: its identifier in the corpus, the address it came from, a date, a caption."""

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


class _Item(NamedTuple):
    """One that was added."""

    content: Content
    name: str
    row: int
    told: Told
    captured: Captured | None


class Builder(Generic[Batch_co]):
    """Collects what is sought in one shard and hands it over in batches. `where` is the name that refusals carry.

    After some calls of `add` and `refuse`, `ready` yields the batches that are full, and at the end `rest` the others.
    """

    def __init__(self, sought: Sought[Batch_co], where: str) -> None:
        self.sought = sought
        self._where = where
        self._done: list[Callable[..., Batch_co]] = []
        self._consumed = 0
        self._clear()

    def _clear(self) -> None:
        self._items: list[_Item] = []
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
        """Add the bytes of one, or refuse what is none; `name` is how it is called where it stands."""
        if data is None:
            self.refuse(row, "null", f"{shown(name)}: no bytes of a {self.sought.one}")
        elif self._passes(data, name, row):
            self._take(_Item(data, name, row, told, captured), len(data))

    def add_stretch(self, stretch: Stretch, head: bytes, name: str, row: int, told: Told) -> None:
        """Add one that stays where it is, or refuse what is none by its first bytes."""
        if self._passes(head, name, row):
            self._take(_Item(stretch, name, row, told, None), stretch.size)

    def _passes(self, data: bytes, name: str, row: int) -> bool:
        try:
            self.sought.check(data, name)
        except (PictureError, SoundError) as error:
            reason = self.sought.foreign if error.reason == "format" else error.reason
            self.refuse(row, reason, f"{shown(name)}: {error}")
            return False
        return True

    def _take(self, item: _Item, size: int) -> None:
        if self._items and self._amount + size > BATCH_BYTES:
            self._seal()
        self._items.append(item._replace(name=shortened(item.name, MAX_NAME) or ""))
        self._amount += size + (len(item.captured.head) if item.captured is not None else 0)
        self._seal_if_full()

    def refuse(self, row: int, reason: str, detail: str, where: str | None = None) -> None:
        """Note a row that was not read."""
        self._refused.append(Refusal(where or self._where, row, reason, clean(detail)[:_MAX_DETAIL]))
        self._seal_if_full()

    def ready(self, consumed: int) -> Iterator[Batch_co]:
        """Yield the batches that are full; `consumed` is the number of bytes of the shard read so far."""
        while self._done:
            made = self._done.pop(0)
            since = max(0, consumed - self._consumed)
            self._consumed = max(consumed, self._consumed)
            yield made(bytes_read=since)

    def rest(self, consumed: int) -> Iterator[Batch_co]:
        """Yield everything that was not handed over yet."""
        if self._items or self._refused:
            self._seal()
        yield from self.ready(consumed)

    @property
    def full(self) -> bool:
        """Whether a batch is full."""
        return bool(self._done)

    @property
    def met(self) -> bool:
        """Whether there is anything to hand over."""
        return bool(self._done or self._items or self._refused)

    def _seal_if_full(self) -> None:
        if (
            len(self._items) >= BATCH_RECORDS
            or self._amount >= BATCH_BYTES
            or len(self._refused) >= _BATCH_REFUSALS
        ):
            self._seal()

    def _seal(self) -> None:
        """Make the batch of what was added: all but the bytes read, which are known when it is handed over."""
        told = [item.told for item in self._items]
        captured = tuple(item.captured for item in self._items)
        fields: dict[str, Any] = {
            "names": tuple(item.name for item in self._items),
            "row": np.array([item.row for item in self._items], np.int64),
            "record_id": tuple(shortened(one.record_id, MAX_NAME) for one in told),
            "record_url": tuple(shortened(one.url, _MAX_ADDRESS) for one in told),
            "record_date": tuple(shortened(one.date, _MAX_DATE) for one in told),
            "captions": tuple(shortened(one.caption, _MAX_CAPTION) for one in told),
            "refused": tuple(self._refused),
            "captured": captured if any(captured) else None,
        }
        contents = tuple(item.content for item in self._items)
        self._done.append(partial(self.sought.batch, contents, **fields))
        self._clear()
