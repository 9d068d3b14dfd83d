"""The corpus of the demonstration: real texts in the formats in which data sets travel.

A third of the works stands in JSON Lines in another spelling, a third in Parquet misread as by OCR, a third in web
pages (WET) as it is, all of them cut into pages among pages of other texts; every fifth work is left out.
"""

from __future__ import annotations

import gzip
import json
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from countermark.selftest.alterations import alter
from countermark.selftest.hosts import pieces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.cli.demo_texts import Text
    from countermark.selftest.hosts import Host

FILLERS = 240
LEFT_OUT = "left out"
DATE = "2024-05-01"


class Page(NamedTuple):
    """One record of the corpus."""

    url: str
    text: str


def shares(works: Sequence[Text]) -> dict[str, list[Text]]:
    """Deal the works out: which file each goes into, and which are left out."""
    dealt: dict[str, list[Text]] = {
        "spelling.jsonl.zst": [],
        "scans.parquet": [],
        "pages.wet.gz": [],
        LEFT_OUT: [],
    }
    names = list(dealt)
    for number, work in enumerate(works):
        dealt[LEFT_OUT if number % 5 == 4 else names[number % 5 % 3]].append(work)
    return dealt


def write_corpus(works: Sequence[Text], fillers: Sequence[Host], folder: Path) -> dict[str, list[Text]]:
    """Write the three files of the corpus into `folder`; return which works are in which, and which in none.

    The same works and fillers give the same bytes.
    """
    dealt = shares(works)
    folder.mkdir(parents=True, exist_ok=True)
    rng = Random(7)  # noqa: S311  repeatable on purpose, nothing secret
    chosen = rng.sample(list(fillers), min(FILLERS, len(fillers)))
    writers = {"spelling.jsonl.zst": _jsonl_zst, "scans.parquet": _parquet, "pages.wet.gz": _wet_gz}
    for number, (name, write) in enumerate(writers.items()):
        pages = [
            Page(f"https://corpus.example/{work.name}/{page}", text)
            for work in dealt[name]
            for page, text in enumerate(_pages(name, work, rng))
        ]
        pages += [Page(f"https://corpus.example/other/{host.name}", host.text) for host in chosen[number::3]]
        rng.shuffle(pages)
        write(pages, folder / name)
    return dealt


def _pages(file: str, work: Text, rng: Random) -> list[str]:
    """Cut a work into pages, as the file's origin leaves them."""
    if file == "spelling.jsonl.zst":
        text = work.other or alter(
            "words5", alter("typography", work.text, rng, ["and"]), rng, work.text.split()[:500]
        )
        return [piece.text for piece in pieces(work.name, text)]
    cut = [piece.text for piece in pieces(work.name, work.text)]
    return [alter("ocr2", text, rng, []) for text in cut] if file == "scans.parquet" else cut


def _jsonl_zst(pages: Sequence[Page], path: Path) -> None:
    import zstandard

    lines = "".join(
        json.dumps({"url": url, "date": DATE, "text": text}, ensure_ascii=False) + "\n" for url, text in pages
    )
    path.write_bytes(zstandard.ZstdCompressor(level=9).compress(lines.encode()))


def _parquet(pages: Sequence[Page], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    urls, texts = [page.url for page in pages], [page.text for page in pages]
    pq.write_table(
        pa.table({"url": urls, "date": [DATE] * len(urls), "text": texts}), path, compression="zstd"
    )


def _wet_gz(pages: Sequence[Page], path: Path) -> None:
    """Write WARC conversion records, each in its own gzip member, as Common Crawl does."""
    with path.open("wb") as out:
        for number, (url, text) in enumerate(pages):
            body = text.encode()
            head = (
                "WARC/1.0\r\nWARC-Type: conversion\r\n"
                f"WARC-Target-URI: {url}\r\nWARC-Date: {DATE}T00:00:00Z\r\n"
                f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
                f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            out.write(gzip.compress(head.encode() + body + b"\r\n\r\n", 6, mtime=0))
