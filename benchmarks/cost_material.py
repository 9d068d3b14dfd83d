"""Corpora for the cost model: the same mixtures of text in each format, pages, pictures and recordings.

Mixtures differ in what the model tells apart: size, how many findings there are in a MB, and how well the text is
compressed. Everything is written under work/cost/, once.
"""

from __future__ import annotations

import gzip
import io
import tarfile
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from formats import ROW_GROUP, wet_record
from results import ROOT
from score import read_truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

WORK = ROOT / "work" / "cost"
TEXT_FORMATS = (
    "wet.gz",
    "jsonl",
    "jsonl.gz",
    "jsonl.zst",
    "snappy.parquet",
    "zstd.parquet",
    "txt",
)
PICTURES_A_SHARD = 60
MIXTURES = {  # name: bytes of text, share of documents with findings (None: as they come), only documentation
    "clean-2": (2_000_000, 0.0, None),
    "clean-16": (16_000_000, 0.0, None),
    "novels-8": (8_000_000, 0.0, False),
    "documentation-8": (8_000_000, 0.0, True),
    "dense-4": (4_000_000, 1.0, None),
    "dense-8": (8_000_000, 1.0, None),
    "mixed-16": (16_000_000, None, None),
}


class Text:
    """A document as formats.py writes it."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text


def texts(data: Path, out: Path, mixtures: dict[str, Any] = MIXTURES) -> list[Path]:
    """One file for each mixture and format."""
    made = [out / f"{mixture}.{ending}" for mixture in mixtures for ending in TEXT_FORMATS]
    if all(path.exists() for path in made):
        return made
    out.mkdir(parents=True, exist_ok=True)
    rows = pq.read_table(data / "corpus.parquet").to_pylist()
    told = pq.read_table(data / "documents.parquet")
    sources = dict(zip(told["name"].to_pylist(), told["source"].to_pylist(), strict=True))
    truth = read_truth(data)
    held, order = {*truth.by_document, *truth.shared}, np.random.default_rng(9).permutation(len(rows))
    for mixture, (size, share, documentation) in mixtures.items():
        chosen, amount = [], 0
        for at in order:
            row = rows[int(at)]
            if share is not None and (row["id"] in held) != bool(share):
                continue
            if documentation is not None and ("/" in sources.get(row["id"], "")) != documentation:
                continue
            chosen.append(Text(row["id"], row["text"]))
            amount += len(row["text"].encode())
            if amount >= size:
                break
        write_texts(chosen, out / mixture)
    return made


def write_texts(documents: list[Text], stem: Path) -> None:
    """The documents in each format: `stem` with the format's ending."""
    lines = [orjson.dumps({"id": d.name, "text": d.text}) + b"\n" for d in documents]
    table = pa.table({"id": [d.name for d in documents], "text": [d.text for d in documents]})
    for codec in ("snappy", "zstd"):
        pq.write_table(table, f"{stem}.{codec}.parquet", compression=codec, row_group_size=ROW_GROUP)
    files = {
        "wet.gz": b"".join(gzip.compress(wet_record(at, d), 6, mtime=0) for at, d in enumerate(documents)),
        "jsonl": b"".join(lines),
        "jsonl.gz": gzip.compress(b"".join(lines), 6, mtime=0),
        "jsonl.zst": zstandard.ZstdCompressor(level=3).compress(b"".join(lines)),
        "txt": "\n\n".join(d.text for d in documents).encode(),
    }
    for ending, data in files.items():
        stem.with_name(f"{stem.name}.{ending}").write_bytes(data)


def pages(sources: Path, out: Path, sizes: Iterable[int], skip: int = 0) -> list[Path]:
    """HTML pages of Debian's documentation as WARC responses, a gzip member each, as a crawl has them."""
    made = []
    found = (path for path in sorted((sources / "debian").rglob("*.html")) if path.is_file())
    for _ in range(skip):
        next(found)
    out.mkdir(parents=True, exist_ok=True)
    for size in sizes:
        path = out / f"pages-{size // 1_000_000}-{skip}.warc.gz"
        made.append(path)
        with path.open("wb") as file:
            amount = at = 0
            while amount < size:
                body = next(found).read_bytes()
                amount += len(body)
                file.write(gzip.compress(response(at, body), 6, mtime=0))
                at += 1
    return made


def response(at: int, body: bytes) -> bytes:
    """A WARC record of a page as it was served."""
    message = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\nServer: nginx\r\n\r\n" + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-9000-{at:012d}>\r\n"
        f"WARC-Target-URI: https://docs.example/{at}.html\r\nContent-Length: {len(message)}\r\n"
        "Content-Type: application/http; msgtype=response\r\nWARC-Identified-Payload-Type: text/html\r\n\r\n"
    )
    return head.encode() + message + b"\r\n\r\n"


def members(tars: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the pictures in some archives."""
    for path in tars:
        with tarfile.open(path) as archive:
            for member in archive:
                if member.name.lower().endswith(
                    (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".tif", ".bmp")
                ):
                    file = archive.extractfile(member)
                    if file is not None:
                        yield member.name, file.read()


def pictures(corpus: Path, out: Path, shards: int) -> list[Path]:
    """Archives and Parquet files of so many pictures each, in turns."""
    out.mkdir(parents=True, exist_ok=True)
    made, held, each = [], members(sorted(corpus.glob("*.tar"))), PICTURES_A_SHARD
    for at in range(shards):
        count = each * (1 + at % 3)
        chosen = [pair for _, pair in zip(range(count), held, strict=False)]
        if at % 2:
            path = out / f"pictures-{at:02d}.parquet"
            images = [{"bytes": data, "path": name} for name, data in chosen]
            pq.write_table(pa.table({"image": images}), path, compression="zstd", row_group_size=100)
        else:
            path = out / f"pictures-{at:02d}.tar"
            write_tar(chosen, path)
        made.append(path)
    return made


def write_tar(files: Iterable[tuple[str, bytes]], path: Path) -> None:
    """An archive of some files, without times or owners."""
    with tarfile.open(path, "w") as archive:
        for name, data in files:
            info = tarfile.TarInfo(name.replace("/", "_"))
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def recordings(tracks: Path, out: Path, shards: int, each: int) -> list[Path]:
    """Archives of some tracks each."""
    out.mkdir(parents=True, exist_ok=True)
    found, made = sorted(path for path in tracks.iterdir() if path.is_file()), []
    for at in range(shards):
        path = out / f"recordings-{at:02d}.tar"
        chosen = found[at * each : at * each + max(1, each >> (at % 3))]
        write_tar(((file.name, file.read_bytes()) for file in chosen), path)
        made.append(path)
    return made


def single(files: Iterable[tuple[str, bytes]], out: Path) -> list[Path]:
    """Two archives of one file each: as good as nothing to read beside what a start takes."""
    made = [out / "single-0.tar", out / "single-1.tar"]
    for path, file in zip(made, files, strict=False):
        write_tar([file], path)
    return made
