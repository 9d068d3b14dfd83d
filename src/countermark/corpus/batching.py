"""Gathering records into batches of bounded memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from countermark.corpus.base import RecordBatch
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from countermark.corpus.captured import Captured

BATCH_BYTES = 4 << 20
"""A batch is handed over once its texts reach this many bytes (code points for `str`)."""
BATCH_ROWS = 1 << 16
"""A batch is handed over once it holds this many records and refusals."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str | bytes) -> str:
    """Return valid Unicode: bytes that are no UTF-8 and lone surrogates become U+FFFD, one for one."""
    if isinstance(text, bytes):
        return text.decode("utf-8", "replace")
    return _SURROGATE.sub("\ufffd", text)


def text_array(texts: Sequence[str | bytes]) -> pa.LargeStringArray:
    """Build the Arrow array of some texts, `bytes` being UTF-8."""
    try:
        parts = [text if isinstance(text, bytes) else text.encode() for text in texts]
        array = _from_parts(parts)
        array.validate(full=True)
    except (UnicodeEncodeError, pa.ArrowInvalid):
        array = _from_parts([clean(text).encode() for text in texts])
    return array


def _from_parts(parts: Sequence[bytes]) -> pa.LargeStringArray:
    """Join the texts into one buffer: a third of the time that appending them to an Arrow builder takes."""
    offsets = np.zeros(len(parts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)), out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets.data), pa.py_buffer(b"".join(parts))]
    array: pa.LargeStringArray = pa.Array.from_buffers(pa.large_string(), len(parts), buffers)  # type: ignore[assignment]
    return array


def string_array(values: Sequence[str | None]) -> pa.StringArray:
    """Build the Arrow array of some ids, addresses or dates."""
    try:
        return pa.array(values, pa.string())
    except (UnicodeEncodeError, pa.ArrowInvalid):
        return pa.array([None if value is None else clean(value) for value in values], pa.string())


def valid_strings(column: pa.Array[Any], kind: pa.DataType) -> Any:
    """Cast a string or binary column to `kind`; what is no UTF-8 becomes U+FFFD."""
    try:
        array = column.cast(kind)
        array.validate(full=True)
    except pa.ArrowInvalid:
        binary = column.cast(pa.large_binary())
        array = pa.array([None if v is None else clean(v) for v in binary.to_pylist()], kind)
    return array


class BatchBuilder:
    """Collects the records of one shard and hands them over as RecordBatch.

    `where` is the name that refusals carry.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self._consumed = 0
        self._clear()

    def _clear(self) -> None:
        self._texts: list[str | bytes] = []
        self._rows: list[int] = []
        self._ids: list[str | None] = []
        self._urls: list[str | None] = []
        self._dates: list[str | None] = []
        self._captured: list[Captured | None] = []
        self._refused: list[Refusal] = []
        self._amount = 0

    def add(
        self,
        text: str | bytes,
        row: int,
        record_id: str | None = None,
        url: str | None = None,
        date: str | None = None,
        captured: Captured | None = None,
    ) -> None:
        """Add one record; `captured` is what stood beside the text where a crawler captured it."""
        self._texts.append(text)
        self._rows.append(row)
        self._ids.append(record_id)
        self._urls.append(url)
        self._dates.append(date)
        self._captured.append(captured)
        self._amount += len(text) + (captured.held if captured is not None else 0)

    def refuse(self, row: int, reason: str, detail: str, where: str | None = None) -> None:
        """Note a row that was not read."""
        self._refused.append(Refusal(where or self._where, row, reason, detail))

    @property
    def full(self) -> bool:
        """Whether it is time to hand over."""
        return self._amount >= BATCH_BYTES or len(self._rows) + len(self._refused) >= BATCH_ROWS

    @property
    def pending(self) -> bool:
        """Whether there is anything to hand over."""
        return bool(self._rows or self._refused)

    def flush(self, consumed: int) -> RecordBatch:
        """Hand over what was collected; `consumed` is the number of bytes of the shard read so far."""
        batch = RecordBatch(
            text=text_array(self._texts),
            row=np.array(self._rows, np.int64),
            record_id=string_array(self._ids),
            record_url=string_array(self._urls),
            record_date=string_array(self._dates),
            char_start=np.zeros(len(self._rows), np.int64),
            refused=tuple(self._refused),
            bytes_read=self.progress(consumed),
            captured=tuple(self._captured) if any(self._captured) else None,
        )
        self._clear()
        return batch

    def progress(self, consumed: int) -> int:
        """Return the bytes read since the last time."""
        since = max(0, consumed - self._consumed)
        self._consumed = max(consumed, self._consumed)
        return since

    def take_refused(self) -> tuple[Refusal, ...]:
        """Hand over the refusals alone, for batches that are built as Arrow columns."""
        refused, self._refused = tuple(self._refused), []
        return refused


def refusal_of_rows(where: str, rows: npt.NDArray[np.int64], reason: str, detail: str) -> list[Refusal]:
    """Return one refusal for each of some rows."""
    return [Refusal(where, int(row), reason, detail) for row in rows]


def columns_batch(
    where: str,
    text: pa.LargeStringArray,
    rows: npt.NDArray[np.int64],
    others: Sequence[Any],
    *,
    refused: Sequence[Refusal] = (),
    bytes_read: int = 0,
    no_text: str = "the text is null",
) -> RecordBatch:
    """Build a batch from whole columns: `others` are ids, addresses and dates; null and empty texts are refused."""
    count = len(text)
    nulls = np.asarray(text.is_null()) if text.null_count else np.zeros(count, bool)
    offsets = np.frombuffer(memoryview(text.buffers()[1] or b""), np.int64)[
        text.offset : text.offset + count + 1
    ]
    empty = (np.diff(offsets) == 0) & ~nulls if count else nulls
    bad = [*refused, *refusal_of_rows(where, rows[nulls], "no-text", no_text)]
    bad += refusal_of_rows(where, rows[empty], "empty", "the text is empty")
    strings: list[Any] = [pa.nulls(count, pa.string()) if column is None else column for column in others]
    keep = ~(nulls | empty)
    if not keep.all():
        mask = pa.array(keep)
        text, rows, strings = text.filter(mask), rows[keep], [column.filter(mask) for column in strings]
    bad.sort(key=lambda refusal: refusal.row)
    return RecordBatch(
        text=text,
        row=rows,
        record_id=strings[0],
        record_url=strings[1],
        record_date=strings[2],
        char_start=np.zeros(len(rows), np.int64),
        refused=tuple(bad),
        bytes_read=bytes_read,
    )
