"""A small crawl with planted signals, in the three formats: what must go is known by construction."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

DATE = "2024-05-18T10:00:00Z"
ROBOTS = {
    "https://closed.example.org": b"User-agent: *\nDisallow: /\n",
    "https://part.example.org": b"User-agent: CCBot\nDisallow: /private/\n\nUser-agent: *\nAllow: /\n",
    "https://signals.example.org": b"User-agent: *\nContent-Signal: ai-train=no\nAllow: /\n",
    "https://open.example.org": b"User-agent: *\nAllow: /\n",
}

PAGE = b"<html><head><title>A</title>%s</head><body><p>Quiet water.</p></body></html>"


def warc_record(kind: str, url: str, block: bytes, *, number: int, date: str = DATE, **fields: str) -> bytes:
    """One WARC record."""
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>",
        f"WARC-Date: {date}",
        *([f"WARC-Target-URI: {url}"] if url else []),
        *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items()),
        f"Content-Length: {len(block)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def response(url: str, *, number: int, head: bytes = b"", meta: bytes = b"", date: str = DATE) -> bytes:
    """One response record that holds a page, with more header lines or a meta tag."""
    body = PAGE % meta
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%s\r\n%s" % (head, body)
    return warc_record(
        "response", url, block, number=number, date=date, Content_Type="application/http; msgtype=response"
    )


def request(url: str, *, number: int) -> bytes:
    """One request record."""
    block = b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"
    return warc_record("request", url, block, number=number, Content_Type="application/http; msgtype=request")


PLANTED: list[tuple[bytes, bool]] = [
    (warc_record("warcinfo", "", b"software: a test\r\n", number=0), False),
    (request("https://open.example.org/", number=1), False),
    (response("https://open.example.org/", number=2), False),
    (response("https://open.example.org/h", number=3, head=b"X-Robots-Tag: noai\r\n"), True),
    (response("https://open.example.org/m", number=4, meta=b'<meta name="tdm-reservation" content="1">'), True),
    (response("https://open.example.org/0", number=5, meta=b'<meta name="tdm-reservation" content="0">'), False),
    (response("https://open.example.org/t", number=6, head=b"TDM-Reservation: 1\r\n"), True),
    (response("https://closed.example.org/a", number=7), True),
    (
        warc_record(
            "metadata", "https://open.example.org/h", b"title: A\r\n", number=8,
            WARC_Concurrent_To="<urn:uuid:00000000-0000-4000-8000-000000000003>",
        ),
        True,
    ),
    (response("https://part.example.org/private/x", number=9), False),  # closed to CCBot only
    (response("https://signals.example.org/y", number=10), True),
    (warc_record("conversion", "https://closed.example.org/b", b"Quiet water.", number=11), True),
    (response("https://elsewhere.example.org/", number=12), False),
]  # fmt: skip
"""WARC records, and whether each goes where training is asked for by no agent in particular."""

PASSED = 2
"""Of those, the records that are no documents."""

ROWS: list[tuple[dict[str, Any], bool]] = [
    (
        {"id": "a", "url": "https://open.example.org/", "date": "2024-05-18T10:00:00Z", "text": "Eau calme."},
        False,
    ),
    (
        {"id": "b", "url": "https://closed.example.org/1", "date": "2024-05-18T10:00:00Z", "text": "Reeds."},
        True,
    ),
    ({"id": "c", "url": "https://signals.example.org/", "date": "2024-05-19", "text": "Boats."}, True),
    ({"id": "d", "url": None, "date": "2024-05-18T10:00:00Z", "text": "No address."}, False),
    ({"id": "e", "url": "https://closed.example.org/2", "date": None, "text": "No date."}, False),
    (
        {
            "id": "f",
            "url": "https://part.example.org/private/x",
            "date": "2024-05-18T10:00:00Z",
            "text": "Rain.",
        },
        False,
    ),
    ({"id": "g", "url": "not an address", "date": "someday", "text": "\u00e9t\u00e9"}, False),
]
"""Rows, and whether each goes."""


def write_robots(path: Path) -> Path:
    """The crawl's captures of robots.txt, of the day before."""
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        for number, (origin, body) in enumerate(ROBOTS.items()):
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + body
            file.write(
                warc_record(
                    "response", f"{origin}/robots.txt", block, number=100 + number, date="2024-05-17T09:00:00Z",
                    Content_Type="application/http; msgtype=response",
                )
            )  # fmt: skip
    return path


def write_warc(path: Path, records: list[bytes]) -> Path:
    """A WARC file, compressed record by record where its name says so."""
    data = b"".join(gzip.compress(one, mtime=0) if path.suffix == ".gz" else one for one in records)
    path.write_bytes(data)
    return path


def pack(path: Path, data: bytes) -> Path:
    """A file, compressed as its name says."""
    packed = {".gz": lambda d: gzip.compress(d, mtime=0), ".zst": zstandard.ZstdCompressor().compress}
    path.write_bytes(packed.get(path.suffix, bytes)(data))
    return path


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A JSON Lines file, compressed as its name says."""
    return pack(path, b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows))


def write_parquet(path: Path, rows: list[dict[str, Any]], **options: Any) -> Path:
    """A Parquet file of such rows."""
    schema = pa.schema([(name, pa.string()) for name in ("id", "url", "date", "text")], {"made": "by hand"})
    pq.write_table(pa.Table.from_pylist(rows, schema), path, **options)
    return path
