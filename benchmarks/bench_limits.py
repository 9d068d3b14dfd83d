"""What one core can read and touch at most, and beside it Countermark end to end on the same files.

`python benchmarks/bench_limits.py --seed 2` measures each physical operation and each scan several times, in one run,
and writes results/limits-seed2.json: medians of CPU seconds (user and system), MB (10^6 bytes) of uncompressed text per
CPU second, and the share of the limit that a scan reaches. Scans run as `countermark scan --workers 1`; their CPU time
counts every process that they start, from the start of Python to the end of the run folder. `start_cpu_s` is the same
for a corpus of one short document: loading Python, Arrow and the compiled kernels, and checking the index; the figures
`beyond_start` are without it, as they are approached when much is scanned.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
import unicodedata
from typing import TYPE_CHECKING, Any

from results import ROOT, cpu_seconds, data_folder, one_thread, save

one_thread()

import numpy as np  # noqa: E402
import orjson  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.compute as pc  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
import zstandard  # noqa: E402
from isal import igzip  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pa.set_cpu_count(1)
pa.set_io_thread_count(1)
READING = {  # the physical operation that reading a file of this kind cannot do without
    "corpus.parquet": "parquet zstd, text column",
    "corpus-snappy.parquet": "parquet snappy, text column",
    "corpus.jsonl.zst": "JSONL.zst, decode and parse",
    "corpus.jsonl.gz": "JSONL.gz, decode (ISA-L) and parse",
    "corpus.wet.gz": "WET.gz, FastWARC iterate and read",
}


def read_parquet(path: Path) -> None:
    for batch in pq.ParquetFile(path, pre_buffer=False).iter_batches(columns=["text"], use_threads=False):
        del batch


def read_jsonl(stream: Any) -> None:
    for line in stream:
        orjson.loads(line)


def read_jsonl_zst(path: Path) -> None:
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        read_jsonl(io.BufferedReader(stream, 1 << 20))


def read_wet(path: Path) -> None:
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415

    with path.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.conversion):
            record.reader.read()


def operations(data: Path) -> dict[str, Callable[[], Any]]:
    """The physical operations, by name."""
    column = pq.read_table(data / "corpus.parquet", columns=["text"])["text"].cast(pa.large_string())
    texts = column.to_pylist()
    raw = [text.encode() for text in texts]
    whole = np.frombuffer(b"".join(raw), np.uint8)
    plain = ROOT / "work" / "corpus.bin"
    plain.write_bytes(whole.tobytes())
    return {
        "memcpy (with page faults)": whole.copy,
        "file read from page cache": plain.read_bytes,
        "parquet zstd, text column": lambda: read_parquet(data / "corpus.parquet"),
        "parquet snappy, text column": lambda: read_parquet(data / "corpus-snappy.parquet"),
        "JSONL.zst, decode and parse": lambda: read_jsonl_zst(data / "corpus.jsonl.zst"),
        "JSONL.gz, decode (ISA-L) and parse": lambda: read_jsonl(igzip.open(data / "corpus.jsonl.gz")),
        "WET.gz, FastWARC iterate and read": lambda: read_wet(data / "corpus.wet.gz"),
        "Python decode and casefold": lambda: [text.decode().casefold() for text in raw],
        "Python unicodedata NFKC": lambda: [unicodedata.normalize("NFKC", text) for text in texts],
    }


def child_cpu(command: list[str]) -> float:
    """CPU seconds of a command and of all that it started. Stops the benchmark when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def in_memory(data: Path, index: Path, repeats: int) -> tuple[float, float]:
    """CPU seconds of matching the whole corpus held in memory, and only the documents with nothing in them."""
    from bench_quality import batches, text_bytes  # noqa: PLC0415
    from countermark.index import open_index  # noqa: PLC0415
    from countermark.matching.matcher import Matcher  # noqa: PLC0415
    from score import read_truth  # noqa: PLC0415

    matcher = Matcher(open_index(index))
    held = [batch for _, batch in batches(data / "corpus.parquet")]
    matcher.match(held[0])
    whole, _ = cpu_seconds(lambda: [matcher.match(batch) for batch in held], repeats)
    truth = read_truth(data)
    clean = list(batches(data / "corpus.parquet", {*truth.by_document, *truth.shared}))
    held, size = [batch for _, batch in clean], text_bytes(clean)
    on_clean, _ = cpu_seconds(lambda: [matcher.match(batch) for batch in held], repeats)
    return whole, on_clean / size


def scan(index: Path, file: Path, repeats: int) -> float:
    """Median CPU seconds of `countermark scan` of one file into a new run folder."""
    taken = []
    out = ROOT / "work" / "limits-run"
    for _ in range(repeats):
        shutil.rmtree(out, ignore_errors=True)
        command = [sys.executable, "-m", "countermark", "scan", str(index), str(file), "--out", str(out)]
        taken.append(child_cpu([*command, "--workers", "1", "--json"]))
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--limits-only", action="store_true")
    parser.add_argument("--no-save", action="store_true")
    options = parser.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT.parent / "src")
    data = data_folder(options.seed)
    size = int(pc.sum(pc.binary_length(pq.read_table(data / "corpus.parquet")["text"])).as_py()) / 1e6
    limits: dict[str, float] = {}
    for name, operation in operations(data).items():
        limits[name] = round(size / cpu_seconds(operation, options.repeats)[0], 1)
        print(f"{name:40s} {limits[name]:8.1f} MB/s")
    kept: dict[str, Any] = {"seed": options.seed, "corpus_mb": round(size, 1), "limits_mb_per_s": limits}
    if not options.limits_only:
        kept |= ours(data, size, limits, options.repeats)
    if not options.no_save:
        save(f"limits-seed{options.seed}", kept)


def ours(data: Path, size: float, limits: dict[str, float], repeats: int) -> dict[str, Any]:
    """Countermark on the same files."""
    index = ROOT / "work" / "limits-index"
    shutil.rmtree(index, ignore_errors=True)
    build = [sys.executable, "-m", "countermark", "index", "build", str(data / "works"), "--out", str(index)]
    indexing = child_cpu(build)
    starting = statistics.median(
        child_cpu([sys.executable, "-m", "countermark", "--help"]) for _ in range(repeats)
    )
    begin = time.process_time()
    whole, clean_per_byte = in_memory(data, index, repeats)
    print(f"in memory: {size / whole:.1f} MB/s, clean documents {1e-6 / clean_per_byte:.1f} MB/s")
    one = ROOT / "work" / "one.txt"
    one.write_text("A document of a few words, none of which stand in a work.\n", encoding="utf-8")
    scan(index, one, 1)  # compiles and loads the kernels
    start = scan(index, one, repeats)
    scans = {}
    for file, limit in READING.items():
        taken = scan(index, data / file, repeats)
        scans[file] = {
            "cpu_s": round(taken, 2),
            "mb_per_s": round(size / taken, 1),
            "beyond_start_mb_per_s": round(size / (taken - start), 1),
            "beyond_start_share_of_reading": round(size / (taken - start) / limits[limit], 3),
        }
        print(f"scan {file:24s}", scans[file])
    return {
        "index_build_cpu_s": round(indexing, 2),
        "help_cpu_s": round(starting, 3),
        "start_cpu_s": round(start, 2),
        "match_in_memory_mb_per_s": round(size / whole, 1),
        "match_clean_mb_per_s": round(1e-6 / clean_per_byte, 1),
        "scan": scans,
        "measuring_cpu_s": round(time.process_time() - begin, 1),
    }


if __name__ == "__main__":
    main()
