"""Make a corpus of what a crawler would take of a site: python examples/reserve/make_corpus.py public/ URL corpus/.

Written are crawl.warc.gz (the pages as they were answered) and pages.parquet (the texts alone, with address and day, as
text sets have them), and beside the folder robots.warc.gz (the sites' own files). Pages of a second, invented site that
reserves nothing are among them. The day is 1 March 2026.
"""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = "2026-03-01"
OPEN = "https://open.example.net"
OPEN_ROBOTS = b"User-agent: *\nAllow: /\nContent-Signal: search=yes, ai-train=yes, ai-input=yes\n"
OPEN_PAGE = b"<html><head><title>Tides</title></head><body><p>High water at noon, page %d.</p></body></html>"
KNOWN = ("robots.txt", "ai.txt", ".well-known/tdmrep.json")


def record(url: str, body: bytes, media_type: str, time: str) -> bytes:
    """One WARC response record, in a gzip member of its own."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    block = head + body
    fields = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {DAY}T{time}Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{abs(hash_of(url)):012x}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(fields.encode() + block + b"\r\n\r\n", mtime=0)


def hash_of(text: str) -> int:
    """A small number that is the same on every run."""
    return int.from_bytes(text.encode()[-5:].rjust(5, b"\0"), "big")


def pages(root: Path, origin: str) -> Iterator[tuple[str, bytes]]:
    """Address and content of each page: of the site, and of the open one beside it."""
    for path in sorted(root.rglob("*.html")):
        name = path.relative_to(root).as_posix().removesuffix("index.html")
        yield f"{origin}/{name}", path.read_bytes()
    for number in range(3):
        yield f"{OPEN}/tides/{number}", OPEN_PAGE % number


def known(root: Path, origin: str) -> Iterator[tuple[str, bytes]]:
    """Address and content of the files at known places, of both sites."""
    for name in KNOWN:
        if (root / name).is_file():
            yield f"{origin}/{name}", (root / name).read_bytes()
    yield f"{OPEN}/robots.txt", OPEN_ROBOTS


def main() -> None:
    """Write the three files."""
    root, origin, out = Path(sys.argv[1]), sys.argv[2].rstrip("/"), Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    taken = list(pages(root, origin))
    crawl = b"".join(record(url, body, "text/html; charset=utf-8", "12:00:00") for url, body in taken)
    (out / "crawl.warc.gz").write_bytes(crawl)
    files = b"".join(record(url, body, "text/plain", "11:59:00") for url, body in known(root, origin))
    (out.parent / "robots.warc.gz").write_bytes(files)
    texts = [re.sub(r"<[^>]+>|\s+", " ", body.decode()).strip() for _, body in taken]
    columns = {
        "url": [url for url, _ in taken],
        "crawl_date": [f"{DAY}T12:00:00Z"] * len(taken),
        "text": texts,
    }
    pq.write_table(pa.table(columns), out / "pages.parquet")
    print(f"{out}: {len(taken)} pages as crawl.warc.gz and pages.parquet; {out.parent / 'robots.warc.gz'}")


if __name__ == "__main__":
    main()
