"""Objects that are being read: each byte fetched once, and ahead of who reads forwards, so that latency is hidden."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from countermark.errors import CorpusError
from countermark.storage.connection import TransientError, patience, result_of, start
from countermark.storage.place import shown
from countermark.storage.remote import fetch
from countermark.storage.spool import BLOCK, Spool

if TYPE_CHECKING:
    from concurrent.futures import Future

    from countermark.storage.remote import ObjectState

REQUEST: Final = 4 << 20
"""Bytes of one request, at most."""
AHEAD: Final = 8 * REQUEST
"""Bytes that are under way at a time: this much memory, and so many requests, per object."""
_MOST_UNDER_WAY: Final = AHEAD // REQUEST
_GRACE: Final = 150.0  # seconds beyond the patience, which ends by itself


class Held:
    """One object in one state, for any number of readers and threads.

    `failure` is the first error that kept bytes from a reader: no reader may take such an object for read, whatever it
    made of the error.
    """

    def __init__(self, url: str, state: ObjectState) -> None:
        self.url, self.state = url, state
        self.readers = 0
        self.failure: Exception | None = None
        self._spool = Spool(state.size)
        self._under_way: dict[int, tuple[int, Future[bytes]]] = {}
        self._lock = threading.Lock()

    @property
    def kept(self) -> int:
        """Bytes on disk and in memory."""
        return self._spool.kept

    def read(self, begin: int, end: int, ahead: int) -> bytes:
        """The bytes `[begin, end)`, and on their way those up to `ahead`. Raises CorpusError, OSError."""
        with self._lock:
            try:
                return self._read(begin, min(end, self.state.size), min(ahead, self.state.size))
            except (CorpusError, OSError) as error:
                self.failure = self.failure or error
                raise

    def begin(self, upto: int) -> None:
        """Start to fetch the first bytes for whoever opens it next."""
        with self._lock:
            self._ask(0, min(upto, self.state.size))

    def settle(self) -> None:
        """Take in what has come, and stop what is still on its way: nobody reads on."""
        with self._lock:
            self._take_in()
            for _, future in self._under_way.values():
                future.cancel()
            self._under_way.clear()

    def close(self) -> None:
        """Give the disk's room back."""
        self.settle()
        self._spool.close()

    def abandon(self) -> None:
        """Give the disk's room back, and wait for nothing: in a forked process nothing comes any more."""
        self._under_way.clear()
        self._spool.close()

    def _take_in(self) -> None:
        """Keep what has come and nobody waited for; what failed is asked for again when it is wanted."""
        for begin, (_, future) in list(self._under_way.items()):
            if future.done():
                del self._under_way[begin]
                if not future.cancelled() and future.exception() is None:
                    self._spool.put(begin, future.result())

    def _read(self, begin: int, end: int, ahead: int) -> bytes:
        if len(self._under_way) > _MOST_UNDER_WAY:  # who jumps about leaves behind what was fetched ahead
            self._take_in()
        self._ask(begin, end)
        self._ask(end, min(ahead, begin + AHEAD))
        pieces: list[bytes] = []
        while begin < end:
            upto = self._spool.run_of(begin, end)
            if upto == begin:
                upto = min(end, (begin // BLOCK + 1) * BLOCK)
                if not self._spool.has(begin // BLOCK):
                    self._await(begin, end)
            pieces.append(self._spool.take(begin, upto))
            begin = upto
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _ask(self, begin: int, end: int) -> None:
        """Start requests for the blocks of a range that are neither there nor on their way."""
        block, last = begin // BLOCK, (end + BLOCK - 1) // BLOCK
        while block < last:
            if self._spool.has(block) or (waits := self._on_its_way(block)):
                block = block + 1 if self._spool.has(block) else waits
                continue
            first = block
            while block < last and (block - first) * BLOCK < REQUEST:
                if self._spool.has(block) or self._on_its_way(block):
                    break
                block += 1
            self._request(first * BLOCK, min(block * BLOCK, self.state.size))

    def _request(self, begin: int, end: int) -> None:
        self._under_way[begin] = end, start(fetch(self.url, begin, end, self.state))

    def _on_its_way(self, block: int) -> int:
        """The block after the request that has this one, 0 where none has."""
        at = block * BLOCK
        for begin, (end, _) in self._under_way.items():
            if begin <= at < end:
                return (end + BLOCK - 1) // BLOCK
        return 0

    def _await(self, at: int, end: int) -> None:
        """Wait for the block at a place, which is on its way, or was forgotten and is asked for again."""
        if not self._on_its_way(at // BLOCK):
            self._ask(at, min(end, at + BLOCK))
        begin = next(first for first, (last, _) in self._under_way.items() if first <= at < last)
        _, future = self._under_way.pop(begin)
        try:
            data = result_of(future, patience() + _GRACE)
        except TransientError as error:
            raise CorpusError(f"{shown(self.url)}: {error}") from None
        self._spool.put(begin, data)
