"""Memory of several workers on one index, time to open it, and what starting the command costs.

Each worker opens the same index and matches the same documents. The proportional set size (PSS, Linux) counts a shared
page by halves, thirds, and so on. `index_pss` sums it over the workers for the pages of the index's files; `copies` is
that sum over the pages that the largest worker uses: 1 when all share one copy, N when each has its own. `private` is
what a worker holds for itself (Python, Numba, Arrow and buffers), with an index of all works and, for comparison, with
an index of the smallest one: it would grow with the index if arrays were copied.

`python benchmarks/bench_memory.py --seed 2` writes results/memory-seed2.json.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import ROOT, data_folder, one_thread, save

one_thread()

import pyarrow.parquet as pq  # noqa: E402

from bench_catalogue import PIECES  # noqa: E402
from bench_catalogue import work_files as piece_files  # noqa: E402
from bench_limits import child_cpu  # noqa: E402
from bench_quality import batches, work_files  # noqa: E402

if TYPE_CHECKING:
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier

WORKERS = (1, 2, 4)
MATCHED_BATCHES = 8


def memory_now(folder: Path) -> dict[str, int]:
    """Bytes of this process: private pages, and resident and proportional size of the index's files."""
    found = {"private": 0, "pss": 0, "index_rss": 0, "index_pss": 0}
    of_index = False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name not in {"Rss", "Pss", "Private_Clean", "Private_Dirty"}:
            if "-" in line.split(" ")[0]:
                of_index = str(folder.resolve()) in line
            continue
        amount = int(rest.split()[0]) * 1024
        if name.startswith("Private") and not of_index:
            found["private"] += amount
        elif name == "Pss":
            found["pss"] += amount
        if of_index and name in {"Rss", "Pss"}:
            found[f"index_{name.lower()}"] += amount
    return found


def worker(folder: Path, corpus: Path, ready: Barrier, out: Queue[dict[str, int]]) -> None:
    from countermark.index import open_index  # noqa: PLC0415
    from countermark.matching.matcher import Matcher  # noqa: PLC0415

    matcher = Matcher(open_index(folder))
    for number, (_, batch) in enumerate(batches(corpus)):
        matcher.match(batch)
        if number == MATCHED_BATCHES:
            break
    ready.wait()
    measured = memory_now(folder)
    ready.wait()
    out.put(measured)


def together(folder: Path, corpus: Path, workers: int) -> list[dict[str, int]]:
    """What each worker uses, all of them alive."""
    context = multiprocessing.get_context("spawn")
    ready, out = context.Barrier(workers), context.Queue()
    running = [context.Process(target=worker, args=(folder, corpus, ready, out)) for _ in range(workers)]
    for process in running:
        process.start()
    measured = [out.get(timeout=300) for _ in running]
    for process in running:
        process.join()
    return measured


def opening_ms(folder: Path, repeats: int = 20) -> float:
    """Median wall milliseconds of open_index, files in the page cache."""
    from countermark.index import open_index  # noqa: PLC0415

    taken = []
    for _ in range(repeats):
        begin = time.perf_counter()
        open_index(folder)
        taken.append((time.perf_counter() - begin) * 1000)
    return round(statistics.median(taken), 2)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument(
        "--pieces", type=int, default=0, help="index so many pieces of bench_catalogue.py instead"
    )
    parser.add_argument("--no-save", action="store_true")
    options = parser.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT.parent / "src")
    from countermark.index.build import build_index  # noqa: PLC0415

    data = data_folder(options.seed)
    works = work_files(data)
    if options.pieces:
        works = list(piece_files(pq.read_table(PIECES).slice(0, options.pieces).to_pylist()))
    folders = {"large": ROOT / "work" / "memory-index", "small": ROOT / "work" / "memory-index-small"}
    for folder in folders.values():
        shutil.rmtree(folder, ignore_errors=True)
    build_index(works, folders["large"])
    build_index([min(works, key=lambda file: len(file.asset.text))], folders["small"])
    index_bytes = sum(path.stat().st_size for path in folders["large"].rglob("*") if path.is_file())
    points: list[dict[str, Any]] = []
    for workers in WORKERS:
        large, small = (
            together(folders[size], data / "small.parquet", workers) for size in ("large", "small")
        )
        pss = sum(row["index_pss"] for row in large)
        used = max(row["index_rss"] for row in large)
        points.append(
            {
                "workers": workers,
                "index_used_mb": round(used / 1e6, 1),
                "index_pss_mb": round(pss / 1e6, 1),
                "copies": round(pss / used, 3),
                "private_mb_each": round(statistics.mean(row["private"] for row in large) / 1e6, 1),
                "private_mb_each_small_index": round(
                    statistics.mean(row["private"] for row in small) / 1e6, 1
                ),
                "pss_mb_together": round(sum(row["pss"] for row in large) / 1e6, 1),
            }
        )
        print(points[-1])
    help_cpu = statistics.median(child_cpu([sys.executable, "-m", "countermark", "--help"]) for _ in range(7))
    python_cpu = statistics.median(child_cpu([sys.executable, "-c", "pass"]) for _ in range(7))
    kept = {
        "seed": options.seed,
        "works": len(works),
        "index_mb": round(index_bytes / 1e6, 1),
        "workers": points,
        "open_ms": opening_ms(folders["large"]),
        "help_cpu_s": round(help_cpu, 3),
        "python_alone_cpu_s": round(python_cpu, 3),
    }
    print(kept)
    if not options.no_save:
        save(f"memory-{options.pieces}-pieces" if options.pieces else f"memory-seed{options.seed}", kept)


if __name__ == "__main__":
    main()
