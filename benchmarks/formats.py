"""Writing a data set of the text benchmark: works with their catalogue, and the corpus in the crawl's formats."""

from __future__ import annotations

import csv
import gzip
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from plant import Document, WorkText

ROW_GROUP = 2000
WET_DATE = "2026-01-01T00:00:00Z"


def write_works(works: Iterable[WorkText], out: Path) -> None:
    """One UTF-8 file a work, and works.csv: title, author, published, licence, path."""
    (out / "works").mkdir(parents=True, exist_ok=True)
    with (out / "works" / "works.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["title", "author", "published", "licence", "path"])
        for work in works:
            name = f"{work.name}.txt"
            (out / "works" / name).write_text(work.text, encoding="utf-8", newline="\n")
            rows.writerow([work.title, work.author, work.published, "CC-BY-4.0", name])


def write_corpus(documents: list[Document], small: list[Document], out: Path) -> None:
    """corpus.parquet (zstd), corpus-snappy.parquet, corpus.jsonl.zst, corpus.jsonl.gz, corpus.wet.gz, small.parquet."""
    table = pa.table({"id": [d.name for d in documents], "text": [d.text for d in documents]})
    pq.write_table(table, out / "corpus.parquet", compression="zstd", row_group_size=ROW_GROUP)
    pq.write_table(table, out / "corpus-snappy.parquet", compression="snappy", row_group_size=ROW_GROUP)
    origin = {key: [getattr(d, key) for d in documents] for key in ("name", "source", "language")}
    pq.write_table(pa.table(origin), out / "documents.parquet", compression="zstd")
    few = pa.table({"id": [d.name for d in small], "text": [d.text for d in small]})
    pq.write_table(few, out / "small.parquet", compression="zstd", row_group_size=ROW_GROUP)
    with (
        zstandard.ZstdCompressor(level=3).stream_writer((out / "corpus.jsonl.zst").open("wb")) as as_zstd,
        (out / "corpus.jsonl.gz").open("wb") as plain_gz,
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=plain_gz, mtime=0) as as_gzip,
        (out / "corpus.wet.gz").open("wb") as as_wet,
    ):
        for at, document in enumerate(documents):
            line = orjson.dumps({"id": document.name, "text": document.text}) + b"\n"
            as_zstd.write(line)
            as_gzip.write(line)
            as_wet.write(gzip.compress(wet_record(at, document), 6, mtime=0))


def wet_record(at: int, document: Document) -> bytes:
    """A WARC `conversion` record of plain text, as in a WET file."""
    body = document.text.encode("utf-8")
    head = (
        "WARC/1.0\r\nWARC-Type: conversion\r\n"
        f"WARC-Target-URI: https://corpus.example/{document.name}\r\n"
        f"WARC-Date: {WET_DATE}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{at:012d}>\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("utf-8") + body + b"\r\n\r\n"
