"""A run of very many tiny shards: how long it takes to plan, scan, resume and conclude, and the driver's peak memory.

    python benchmarks/bench_many_shards.py --shards 1000 10000 100000        writes results/many_shards.json

Each shard is a JSON Lines file of one short record, so that next to nothing but the cost of a shard itself is measured:
listing, a task, findings, receipt and log, each on the disk before the next. Each step runs in a process of its own;
`peak_mb` is that of the driver (workers apart), and processor time is told for both. `bytes_per_shard` is the growth of
that peak between the smallest and the largest corpus. `--folder` says where the corpus and the run are put (by default
a temporary folder).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import ROOT, save

if TYPE_CHECKING:
    from collections.abc import Callable

FILES_PER_FOLDER = 1000
WORK = (
    "The lighthouse keeper counted the ships by their lamps, and wrote every one of them into a blue book. "
    * 20
)
RECORD = {"text": "a short record in which nothing stands"}
PACKAGES = ("numba", "numpy", "pyarrow")


def make(place: Path, shards: int) -> None:
    """An index of one work, and a corpus of so many files of one record."""
    from countermark.index.build import build_index  # noqa: PLC0415
    from countermark.works.reading import read_works  # noqa: PLC0415

    works = place / "works"
    works.mkdir()
    (works / "book.txt").write_text(WORK, encoding="utf-8")
    build_index(read_works([works]), place / "works.index")
    line = json.dumps(RECORD) + "\n"
    for number in range(shards):
        folder = place / "corpus" / f"{number // FILES_PER_FOLDER:03}"
        if number % FILES_PER_FOLDER == 0:
            folder.mkdir(parents=True)
        (folder / f"{number % FILES_PER_FOLDER:03}.jsonl").write_text(line, encoding="utf-8")


def settings_of(place: Path, workers: int) -> Any:
    from countermark.scan import ScanSettings  # noqa: PLC0415

    return ScanSettings(place / "works.index", (place / "corpus",), place / "run", workers=workers)


def steps(place: Path, workers: int) -> dict[str, Callable[[], Any]]:
    """What is measured, in this order."""
    from countermark.evidence.summary import conclude  # noqa: PLC0415
    from countermark.scan import plan_scan, run_scan  # noqa: PLC0415

    settings = settings_of(place, workers)
    return {
        "plan": lambda: plan_scan(settings),
        "scan": lambda: run_scan(settings),
        "resume": lambda: run_scan(settings),
        "conclude": lambda: conclude(place / "run"),
    }


def measured_alone(step: str, place: Path, workers: int) -> dict[str, Any]:
    """One step in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--folder", str(place), "--workers", str(workers)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(said.splitlines()[-1]))


def peak_mb() -> float:
    """The peak of this process; what `getrusage` says is inherited from whoever started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return round(int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6, 1)


def one_step(step: str, place: Path, workers: int) -> None:
    """Run a step here and print what it took."""
    work = steps(place, workers)[step]
    begun, processor = time.perf_counter(), time.process_time()
    work()
    taken = {
        "seconds": round(time.perf_counter() - begun, 2),
        "driver_cpu_seconds": round(time.process_time() - processor, 2),
        "workers_cpu_seconds": round(sum(os.times()[2:4]), 2),
        "peak_mb": peak_mb(),
    }
    print(json.dumps(taken))


def corpus_of(shards: int, folder: Path | None, workers: int) -> dict[str, Any]:
    """All steps over a corpus of so many shards."""
    with tempfile.TemporaryDirectory(prefix="many-shards-", dir=folder) as name:
        place = Path(name)
        make(place, shards)
        took = {}
        for step in ("plan", "scan", "resume", "conclude"):
            took[step] = measured_alone(step, place, workers)
            print(f"{shards:>7} shards  {step:9} {took[step]}", flush=True)
    return took


def growth(by_shards: dict[str, dict[str, Any]]) -> dict[str, int]:
    """Bytes of the driver's peak per shard, from the smallest to the largest corpus."""
    counts = sorted(map(int, by_shards))
    least, most = by_shards[str(counts[0])], by_shards[str(counts[-1])]
    shards = max(1, counts[-1] - counts[0])
    return {step: round((most[step]["peak_mb"] - least[step]["peak_mb"]) * 1e6 / shards) for step in most}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shards", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where the corpus and the run are put")
    parser.add_argument("--disk", default="disk", help="what kind of disk that is, for the results")
    parser.add_argument("--name", default="many_shards", help="the name of the results")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        one_step(given.step, given.folder, given.workers)
        return
    by_shards = {str(count): corpus_of(count, given.folder, given.workers) for count in given.shards}
    numbers = {
        "disk": given.disk,
        "workers": given.workers,
        "shards": by_shards,
        "bytes_per_shard": growth(by_shards),
    }
    save(given.name, numbers, PACKAGES)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
