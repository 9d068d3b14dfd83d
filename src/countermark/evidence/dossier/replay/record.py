"""Finding the record again: in the row that the finding names, or wherever its digest stands in the file."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from countermark.corpus.base import RecordBatch, Shard
from countermark.corpus.listing import reader_for
from countermark.errors import CorpusError
from countermark.scan.receipt import WITH_SIDES
from countermark.scan.source import digest_with_sides

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.scan.receipt import Source


FOLDERS = ("documents", "pictures", "recordings")
"""Formats of shards that are many files of a folder."""


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """Where a record was met. `batch` holds it alone; `in_row` is the digest of the text that stands in the row named.

    `row` is where the record with the sealed digest stands, None where it stands nowhere in the file.
    """

    batch: RecordBatch | None
    row: int | None
    in_row: str | None
    read: int

    @property
    def text(self) -> str:
        """The text of the record with the sealed digest; empty where there is none."""
        return str(self.batch.text[0].as_py()) if self.batch is not None else ""

    @property
    def begins(self) -> int:
        """The offset of the text in its record: not 0 for pieces of a long plain text."""
        return int(self.batch.char_start[0]) if self.batch is not None else 0


def find_record(shard: Shard, row: int, digest: str) -> FoundRecord:
    """Read the shard until the record is found. Raises CorpusError where the file cannot be read."""
    in_row: str | None = None
    elsewhere: tuple[RecordBatch, int] | None = None
    read = 0
    for batch in reader_for(shard.format).batches(shard):
        read += len(batch)
        here = np.flatnonzero(batch.row == row).tolist() if row >= 0 else []
        for at in here:
            in_row = _digest(batch, at)
            if in_row == digest:
                return FoundRecord(_alone(batch, at), row, in_row, read)
        if elsewhere is None:
            at = next((at for at in range(len(batch)) if _digest(batch, at) == digest), -1)
            elsewhere = (_alone(batch, at), int(batch.row[at])) if at >= 0 else None
    if elsewhere is None:
        return FoundRecord(None, None, in_row, read)
    return FoundRecord(elsewhere[0], elsewhere[1], in_row, read)


def shard_again(path: Path, facts: dict[str, Any]) -> Shard:
    """The shard that a receipt describes, at `path`: a file, or a folder of files. Raises CorpusError."""
    if path.is_dir() != (facts.get("format") in FOLDERS):
        wanted = "the folder with its files" if path.is_file() else "a file"
        raise CorpusError(f"{path}: the finding stands in the shard {facts.get('name')!r}; give {wanted}")
    try:
        known = {key: facts[key] for key in ("name", "format", "begin", "end", "char_start")}
        options = tuple(sorted((str(key), str(value)) for key, value in facts["options"].items()))
        return Shard(**known, path=os.fspath(path), size=path.stat().st_size, options=options)
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise CorpusError(f"the receipt does not describe its shard: {error} is missing") from error


def source_digest(path: Path, source: Source, sides: Sequence[str] = ()) -> str | None:
    """The SHA-256 of what the receipt's digest is of, `sides` among it; None for shards of many documents.

    Raises OSError.
    """
    if source.unit not in ("bytes", WITH_SIDES):
        return None
    total, left = hashlib.sha256(), max(0, source.end - source.begin)
    with path.open("rb") as file:
        file.seek(source.begin)
        while left and (part := file.read(min(left, 1 << 20))):
            total.update(part)
            left -= len(part)
    content = total.hexdigest()
    return digest_with_sides(content, sides) if source.unit == WITH_SIDES else content


def _digest(batch: RecordBatch, at: int) -> str:
    return hashlib.sha256(batch.text[at].as_buffer().to_pybytes()).hexdigest()


def _alone(batch: RecordBatch, at: int) -> RecordBatch:
    one = slice(at, at + 1)
    return RecordBatch(
        text=batch.text.slice(at, 1),
        row=batch.row[one],
        record_id=batch.record_id.slice(at, 1),
        record_url=batch.record_url.slice(at, 1),
        record_date=batch.record_date.slice(at, 1),
        char_start=batch.char_start[one],
        own_end=None if batch.own_end is None else batch.own_end[one],
        tokens=None if batch.tokens is None else batch.tokens.alone(at),
    )
