"""CSV and TSV with a header, plain or compressed.

The bytes are cut between records (a newline within quotes does not end one), and each piece goes to Arrow's parser.
`row` counts the records below the header; a blank line is a row that is refused as empty. A quote inside an
unquoted field is a quote. Bytes that are no UTF-8 become U+FFFD.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from countermark.corpus.batching import BatchBuilder, clean, columns_batch, valid_strings
from countermark.corpus.columns import Columns, choose
from countermark.corpus.compression import StreamError, compression_of, open_stream
from countermark.corpus.lines import BLOCK_BYTES, MAX_LINE, PartStream, rows_before
from countermark.corpus.parts import record_cut
from countermark.errors import CorpusError
from countermark.media import Refusal
from countermark.storage.reading import open_binary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import RecordBatch, Shard
    from countermark.corpus.compression import ByteStream

_BOM = b"\xef\xbb\xbf"
_HEADER_BYTES = 1 << 20
_NAME_LETTERS = 1 << 16  # a longer name is no name
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_DELIMITERS = (",", "\t", ";", "|")


class DelimitedReader:
    """Reads `.csv`, `.tsv` and `.tab`; the delimiter is the one that the header has most of."""

    format = "delimited"

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the records of the part; see CorpusReader."""
        try:
            with open_binary(shard.path) as file:
                packed = compression_of(file.read(6))
            with open_stream(shard.path) as head:
                header = Header.of(head, shard.name)
            columns = header.choose(dict(shard.options).get("text_column"), shard.name)
            stream: Any = (
                open_stream(shard.path) if packed else PartStream(shard.path, shard.begin, shard.end)
            )
            with stream:
                yield from _Pieces(shard, header, columns).read(stream)
        except OSError as error:
            raise CorpusError(f"{shard.name}: {error.strerror or error}") from error


class Header:
    """The delimiter, the names of the columns, and the length of the header in bytes."""

    def __init__(self, delimiter: str, names: list[str], length: int) -> None:
        self.delimiter = delimiter
        self.names = names
        self.length = length

    @classmethod
    def of(cls, stream: ByteStream, where: str) -> Header:
        """Read the first record of a file. Raises CorpusError if it is no header."""
        try:
            head = stream.read(_HEADER_BYTES)
        except StreamError as error:
            raise CorpusError(f"{where}: {error}") from error
        first = head.split(b"\n", 1)[0]
        delimiter = max(_DELIMITERS, key=lambda mark: first.count(mark.encode()))
        bom = len(_BOM) if head.startswith(_BOM) else 0
        length = _first_record(head[bom:], delimiter.encode()) + bom
        line = clean(head[bom:length]).rstrip("\r\n")
        try:
            names = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:  # a lone carriage return, say
            names = []
        if not names or length >= _HEADER_BYTES or max(map(len, names)) > _NAME_LETTERS:
            raise CorpusError(
                f"{where}: no header in the first line; a CSV or TSV file begins with its columns' names"
            )
        return cls(delimiter, [name.strip() for name in names], length)

    def choose(self, text_column: str | None, where: str) -> Columns:
        """Choose the columns. Raises CorpusError, which lists the columns, if there is no text column."""
        paths = [(name,) for name in self.names]
        columns = choose(paths, paths, text_column)
        if columns.text is None:
            problem = f"no text column “{text_column}”" if text_column else "no text column known by its name"
            there = ", ".join(self.names[:60])
            raise CorpusError(f"{where}: {problem}; the columns are: {there}. Name one with --text-column.")
        return columns


def _valid(data: bytes) -> bytes:
    """Return valid UTF-8: Arrow shows its handler of bad rows each row as a string, and gives up where it cannot."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return clean(data).encode()
    return data


def _first_record(head: bytes, delimiter: bytes) -> int:
    """Return where the first record ends (by the rules of `record_cut`), the length of `head` if it does not."""
    position = 0
    while (end := head.find(b"\n", position) + 1) > 0:
        quote = head.find(b'"', position, end)
        while quote > 0 and head[quote - 1 : quote] not in (delimiter, b"\n"):
            quote = head.find(b'"', quote + 1, end)
        if quote < 0:
            return end
        close = head.find(b'"', quote + 1)
        while close >= 0 and head[close + 1 : close + 2] == b'"':
            close = head.find(b'"', close + 2)
        if close < 0:
            break
        position = close + 1
    return len(head)


class _Pieces:
    """The reading of one shard."""

    def __init__(self, shard: Shard, header: Header, columns: Columns) -> None:
        self._shard = shard
        self._header = header
        self._out = BatchBuilder(shard.name)
        self._delimiter = header.delimiter.encode()
        self._paths = (columns.text, columns.record_id, columns.url, columns.date)
        # Names may repeat in a header: Arrow is given numbers instead.
        self._fields = [None if path is None else str(header.names.index(path[0])) for path in self._paths]
        self._row = rows_before(shard)
        if self._row is not None and shard.begin > 0:
            self._row -= 1

    def read(self, stream: Any) -> Iterator[RecordBatch]:
        held = b""
        try:
            if self._shard.begin == 0:
                stream.read(self._header.length)
            while data := stream.read(BLOCK_BYTES):
                held += data
                cut, count = record_cut(held, self._delimiter)
                if cut:
                    yield self._batch(held[:cut], count, stream.consumed)
                elif len(held) > MAX_LINE:
                    self._refuse_long()
                    cut = held.find(b"\n") + 1 or len(held)
                held = held[cut:]
        except StreamError as error:
            self._out.refuse(-1 if self._row is None else self._row, error.reason, str(error))
            held = b""
        if held:
            yield self._batch(held, 1 + held.count(b"\n"), stream.consumed)
        if self._out.pending:
            yield self._out.flush(stream.consumed)

    def _refuse_long(self) -> None:
        detail = f"a record of more than {MAX_LINE >> 20} MiB, or a quote that is never closed; reading goes on below"
        self._out.refuse(-1 if self._row is None else self._row, "line-too-long", detail)
        self._row = None if self._row is None else self._row + 1

    def _batch(self, data: bytes, count: int, consumed: int) -> RecordBatch:
        """Parse whole records; those with another number of columns than the header are refused."""
        bad: dict[int, int] = {}

        def skip(row: Any) -> str:
            bad[row.number - 1] = row.actual_columns
            return "skip"

        table = self._parse(_valid(_LONE_RETURN.sub(b" ", data)), skip)
        numbers = np.delete(np.arange(table.num_rows + len(bad), dtype=np.int64), sorted(bad))
        start = self._row
        self._row = None if start is None else start + count
        numbers = np.full(len(numbers), -1, np.int64) if start is None else numbers + start
        refused = [
            Refusal(
                self._shard.name, -1 if start is None else start + at, "bad-row", self._columns_of(bad[at])
            )
            for at in sorted(bad)
        ]
        text, *others = [
            None if name is None else table.column(name).combine_chunks() for name in self._fields
        ]
        assert text is not None  # noqa: S101 (there is no reading without a text column)
        return columns_batch(
            self._shard.name,
            valid_strings(text, pa.large_string()),
            numbers,
            [None if column is None else valid_strings(column, pa.string()) for column in others],
            refused=[*self._out.take_refused(), *refused],
            bytes_read=self._out.progress(consumed),
        )

    def _columns_of(self, found: int) -> str:
        return f"the row has {found} columns; the header has {len(self._header.names)}"

    def _parse(self, data: bytes, skip: Any) -> pa.Table:
        wanted = [name for name in self._fields if name is not None]
        return pc.read_csv(
            pa.BufferReader(data),  # type: ignore[arg-type]  # a file of Arrow's own, which the stubs leave out
            read_options=pc.ReadOptions(
                use_threads=False,
                block_size=len(data) + 1,
                column_names=[str(index) for index in range(len(self._header.names))],
            ),
            parse_options=pc.ParseOptions(
                delimiter=self._header.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=pc.ConvertOptions(
                check_utf8=False,
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.large_binary()),
                strings_can_be_null=False,
            ),
        )
