"""What Ray costs: the same shards scanned by the local runner and by Ray's, in turn; and very many empty shards.

    python benchmarks/bench_ray.py overhead --shards 12 --megabytes 50 --repeats 3     writes results/ray-overhead.json
    python benchmarks/bench_ray.py empty --shards 1000 10000                           writes results/ray-empty.json

`overhead` counts from the first task to the last outcome, on a Ray cluster that stands already; starting one is told
apart. CPU seconds are those of all processes of a case: driver, workers, and Ray's own. Each repetition runs both, in
alternating order; medians are compared. The run folders are compared byte by byte.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench_many_shards import make
from countermark.index.build import build_index
from countermark.scan import ScanSettings, run_scan
from countermark.scan.runners.local import LocalRunner
from countermark.scan.runners.ray import RayRunner
from countermark.scan.runners.ray_cluster import joined
from countermark.works.reading import read_works
from results import ROOT, save

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WORK = ROOT / "work" / "ray"
MARK = "COUNTERMARK_BENCH_RAY"
PACKAGES = ("numba", "numpy", "pyarrow", "ray")


class Measured:
    """A runner that notes wall and CPU seconds when the last outcome is there, before anything is taken down."""

    def __init__(self, inner: Any, expected: int) -> None:
        self.inner, self.expected = inner, expected
        self.wall = self.cpu = self.inside = 0.0

    def map(self, scan: Any, tasks: Iterable[Any], watch: Any) -> Iterator[Any]:
        """As the inner runner does."""
        begun, before = time.perf_counter(), cpu_seconds()
        for number, outcome in enumerate(self.inner.map(scan, tasks, watch), 1):
            self.inside += outcome.seconds
            if number == self.expected:
                self.wall, self.cpu = time.perf_counter() - begun, cpu_seconds() - before
            yield outcome


def cpu_seconds() -> float:
    """User and system seconds of all processes of this case, the dead children of the living ones included."""
    total, mark = 0, f"{MARK}={os.environ[MARK]}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                total += sum(int(field) for field in fields[11:15])
        except OSError:
            continue
    return total / os.sysconf("SC_CLK_TCK")


def make_corpus(folder: Path, shards: int, megabytes: int) -> None:
    """Shards of plain sentences drawn from a word list of natural frequency, the same ones every time."""
    drawn = random.Random(9)
    letters = "etaoinshrdlucmfwypvbgk"
    lexicon = ["".join(drawn.choices(letters, k=drawn.randint(2, 10))) for _ in range(20_000)]
    weights = [1 / (rank + 3) for rank in range(len(lexicon))]
    texts = [" ".join(drawn.choices(lexicon, weights, k=400)) for _ in range(4400)]
    block, known = texts[:4000], texts[4000:]
    (folder / "corpus").mkdir(parents=True)
    (folder / "works").mkdir()
    for number in range(20):
        (folder / "works" / f"{number}.txt").write_text("\n".join(known[number::20]), encoding="utf-8")
    for number in range(shards):
        with (folder / "corpus" / f"{number:03}.jsonl").open("w", encoding="utf-8") as file:
            while file.tell() < megabytes * 10**6:
                for text in [drawn.choice(known), *drawn.sample(block, 999)]:
                    cut = drawn.randrange(len(text))  # no two records alike
                    file.write(f'{{"text": "{text[cut:]} {text[:cut]}"}}\n')
    build_index(read_works([folder / "works"]), folder / "works.index")


def scan(folder: Path, out: str, runner: Any, workers: int) -> Any:
    settings = ScanSettings(folder / "works.index", (folder / "corpus",), folder / out, workers=workers)
    return run_scan(settings, runner=runner)


def once(kind: str, folder: Path, out: str, workers: int, shards: int) -> dict[str, float]:
    """One case in this process."""
    begun = time.perf_counter()
    with joined(None, workers) if kind == "ray" else nullcontext():
        started = time.perf_counter() - begun
        measured = Measured(RayRunner(None, workers) if kind == "ray" else LocalRunner(workers), shards)
        outcome = scan(folder, out, measured, workers)
    if outcome.scanned != shards:
        raise SystemExit(f"{outcome.scanned} of {shards} shards were scanned")
    return {
        "wall_s": round(measured.wall, 2),
        "cpu_s": round(measured.cpu, 2),
        "in_workers_s": round(measured.inside, 2),
        "start_of_ray_s": round(started, 2),
        "driver_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "findings": outcome.findings,
    }


def apart(kind: str, folder: Path, out: str, workers: int, shards: int) -> dict[str, Any]:
    """The same in a process of its own."""
    command = [sys.executable, __file__, "once", kind, str(folder), out, str(workers), str(shards)]
    said = subprocess.run(
        command,
        env={**os.environ, MARK: f"{kind}-{time.time_ns()}"},
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode:
        raise SystemExit(said.stderr)
    answer: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return answer


def content(run: Path) -> dict[str, bytes]:
    files = [path for name in ("findings", "receipts") for path in (run / name).rglob("*") if path.is_file()]
    return {path.relative_to(run).as_posix(): path.read_bytes() for path in files}


def overhead(shards: int, megabytes: int, repeats: int, workers: int) -> dict[str, Any]:
    folder = WORK / "overhead"
    shutil.rmtree(folder, ignore_errors=True)
    make_corpus(folder, shards, megabytes)
    told: dict[str, list[dict[str, Any]]] = {"local": [], "ray": []}
    same = True
    for number in range(repeats):
        for kind in ("local", "ray") if number % 2 == 0 else ("ray", "local"):
            told[kind].append(apart(kind, folder, kind, workers, shards))
            print(kind, told[kind][-1], flush=True)
        same &= content(folder / "local") == content(folder / "ray")
        for kind in told:
            shutil.rmtree(folder / kind)
    shutil.rmtree(folder)
    keys = ("wall_s", "cpu_s", "in_workers_s", "start_of_ray_s")
    medians = {
        kind: {key: statistics.median(case[key] for case in cases) for key in keys}
        for kind, cases in told.items()
    }
    return {
        "shards": shards,
        "megabytes_per_shard": megabytes,
        "workers": workers,
        "medians": medians,
        "ratio_wall": round(medians["ray"]["wall_s"] / medians["local"]["wall_s"], 3),
        "ratio_cpu": round(medians["ray"]["cpu_s"] / medians["local"]["cpu_s"], 3),
        "same_bytes": same,
        "cases": told,
    }


def empty(counts: list[int], workers: int) -> dict[str, Any]:
    told = []
    for count in counts:
        folder = WORK / f"empty-{count}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make(folder, count)
        case = {"shards": count, **apart("ray", folder, "run", workers, count)}
        case["ms_per_shard"] = round(1000 * case["wall_s"] / count, 2)
        told.append(case)
        print(case, flush=True)
        shutil.rmtree(folder)
    growth = (
        1024
        * 1024
        * (told[-1]["driver_peak_mb"] - told[0]["driver_peak_mb"])
        / max(1, counts[-1] - counts[0])
    )
    return {"workers": workers, "cases": told, "driver_bytes_per_shard": round(growth)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["overhead", "empty", "once"])
    if sys.argv[1:2] == ["once"]:
        kind, folder, out, workers, shards = sys.argv[2:]
        print(json.dumps(once(kind, Path(folder), out, int(workers), int(shards))))
        return
    parser.add_argument("--shards", type=int, nargs="+", default=[12])
    parser.add_argument("--megabytes", type=int, default=50)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    if given.what == "overhead":
        save(
            "ray-overhead", overhead(given.shards[0], given.megabytes, given.repeats, given.workers), PACKAGES
        )
    else:
        save("ray-empty", empty(given.shards, given.workers), PACKAGES)


if __name__ == "__main__":
    main()
