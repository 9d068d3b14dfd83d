"""Records per second and core of `countermark reserve filter`, and of plain reading of the same WARC file.

    python benchmarks/bench_filter.py --records 20000        writes results/filter.json

The corpus is made here: pages of about 20 kB in WARC, texts of about 2 kB in Parquet and JSON Lines, two in ten closed
by robots.txt, one in ten of the pages by a meta tag. Times are of the processor, not of the clock.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from fastwarc.warc import ArchiveIterator

from countermark.compliance.run import run_filter
from countermark.compliance.settings import Asking, FilterSettings

if TYPE_CHECKING:
    from collections.abc import Callable

DATE = "2024-05-18T10:00:00Z"
TEXT = "Quiet water and a small boat. " * 70
OPEN, CLOSED = b"User-agent: *\nAllow: /\n", b"User-agent: *\nDisallow: /\n"
SITES = {f"https://site{number}.example.org": CLOSED if number == 0 else OPEN for number in range(5)}


def record(url: str, number: int, media_type: str, body: bytes) -> bytes:
    """One response record, compressed by itself."""
    block = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
        f"WARC-Date: {DATE}\r\nWARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", 6, mtime=0)


def make(folder: Path, records: int) -> None:
    """The corpus in three formats, and the crawl's robots.txt."""
    origins = list(SITES)
    robots = [
        record(f"{url}/robots.txt", n, "text/plain", body) for n, (url, body) in enumerate(SITES.items())
    ]
    (folder / "robots.warc.gz").write_bytes(b"".join(robots))
    rows = [
        {"id": str(n), "url": f"{origins[n % 5]}/{n}", "date": DATE, "text": f"{n} {TEXT}"}
        for n in range(records)
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "rows.parquet", compression="zstd")
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with (folder / "pages.warc.gz").open("wb") as file:
        for n, row in enumerate(rows):
            meta = '<meta name="robots" content="noai">' if n % 10 == 1 else '<meta charset="utf-8">'
            page = f"<html><head>{meta}</head><body>{row['text'] * 10}</body></html>"
            file.write(record(row["url"], n, "text/html", page.encode()))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds, and what came of it."""
    begun = time.process_time()
    found = work()
    return time.process_time() - begun, found


def read_plainly(path: Path) -> int:
    """Read every record of a WARC file: the limit."""
    with path.open("rb") as file:
        return sum(bool(one.reader.read()) for one in ArchiveIterator(file, parse_http=False))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    given = parser.parse_args()
    from results import save  # noqa: PLC0415

    results: dict[str, Any] = {"records": given.records}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, given.records)
        asking = Asking(robots=(folder / "robots.warc.gz",))
        for file in ("rows.parquet", "rows.jsonl", "pages.warc.gz"):
            own = folder / f"proof-{file}"  # each run has its table and its proof in a folder of its own
            own.mkdir()
            settings = FilterSettings(
                (folder / file,), folder / f"kept-{file}", own / "removed.parquet", asking
            )
            seconds, outcome = timed(lambda settings=settings: run_filter(settings))
            tenths = 3 if "warc" in file else 2  # only pages have metas
            if outcome.total("removed") != given.records * tenths // 10:
                raise SystemExit(f"{file}: {outcome.total('removed')} records removed, not {tenths} in ten")
            results[file] = {
                "per_second": round(given.records / seconds),
                "removed": outcome.total("removed"),
            }
        seconds, _ = timed(lambda: read_plainly(folder / "pages.warc.gz"))
        results["pages.warc.gz, read plainly"] = {"per_second": round(given.records / seconds)}
    print(json.dumps(results, indent=2))
    save("filter", results, ("fastwarc", "pyarrow", "isal"))


if __name__ == "__main__":
    main()
