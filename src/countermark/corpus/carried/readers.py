"""The readers of all formats that carry pictures or recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.corpus.carried.archives import TarReader, ZipReader
from countermark.corpus.carried.folder import FolderReader
from countermark.corpus.carried.jsonl import JsonLinesReader
from countermark.corpus.carried.parquet import ParquetReader
from countermark.corpus.carried.warc import WarcReader

if TYPE_CHECKING:
    from countermark.corpus.carried.gathering import CarriedReader
    from countermark.corpus.carried.sought import Batch_co, Sought


def readers_of(sought: Sought[Batch_co]) -> tuple[CarriedReader[Batch_co], ...]:
    """One reader a format, for one medium."""
    return (
        FolderReader(sought),
        JsonLinesReader(sought),
        ParquetReader(sought),
        WarcReader(sought),
        TarReader(sought),
        ZipReader(sought),
    )
