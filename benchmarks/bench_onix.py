"""An ONIX message against its limit: bare lxml iterparse, our entries, and the whole import into a catalog.

Each is measured in a process of its own, in turns: CPU seconds (user and system), records per second of CPU time and
of wall time, the ratio to the bare parse of the same turn, and the peak of resident memory (VmHWM). Bare is what any
reader with lxml pays at least: every product built as a tree, and thrown away.

`python benchmarks/bench_onix.py --mb 1000` writes results/onix-1000mb.json.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onix_shapes import message
from results import ROOT, save

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.works.importers.base import CatalogFile

PACKAGES = ("lxml", "python-stdnum", "numpy")
WORK = ROOT / "work" / "onix"


def bare(path: Path) -> int:
    """As the tutorials of lxml do it."""
    from lxml import etree  # noqa: PLC0415 - not in the processes that measure something else

    count = 0
    for _, element in etree.iterparse(str(path), tag="{*}Product"):
        count += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return count


def entries(path: Path) -> int:
    from countermark.works.importers.onix import IMPORTER  # noqa: PLC0415

    return sum(1 for _ in IMPORTER.entries(_file(path)))


def whole(path: Path) -> int:
    from countermark.works.catalog.write import write_catalog  # noqa: PLC0415
    from countermark.works.importers.onix import IMPORTER  # noqa: PLC0415

    return write_catalog(WORK / "bench.catalog", IMPORTER.entries(_file(path))).records


WAYS: dict[str, Callable[[Path], int]] = {
    "bare iterparse": bare,
    "our entries": entries,
    "whole import": whole,
}


def _file(path: Path) -> CatalogFile:
    from countermark.works.importers.base import HEAD_BYTES, CatalogFile  # noqa: PLC0415

    with path.open("rb") as stream:
        return CatalogFile(path.name, str(path), stream.read(HEAD_BYTES), lambda: path.open("rb"))


def measured(way: str, path: Path) -> dict[str, float]:
    """One way in a process of its own."""
    command = [sys.executable, __file__, "--way", way, "--file", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise SystemExit(f"{way}: {result.stderr}")
    told: dict[str, float] = json.loads(result.stdout)
    return told


def measure_here(way: str, path: Path) -> None:
    begin, wall = time.process_time(), time.perf_counter()
    count = WAYS[way](path)
    told: dict[str, float] = {
        "records": count,
        "cpu_s": time.process_time() - begin,
        "wall_s": time.perf_counter() - wall,
        "peak_mb": _peak_mb(),
    }
    print(json.dumps(told))


def _peak_mb() -> float:
    """The highest resident size of this process, its interpreter and libraries included."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mb", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        measure_here(options.way, options.file)
        return
    path = message(WORK, options.mb, options.seed)
    turns = [{way: measured(way, path) for way in WAYS} for _ in range(options.repeats)]
    table: dict[str, Any] = {}
    for way in WAYS:
        runs = [turn[way] for turn in turns]
        cpu = statistics.median(run["cpu_s"] for run in runs)
        wall = statistics.median(run["wall_s"] for run in runs)
        ratio = statistics.median(turn[way]["cpu_s"] / turn["bare iterparse"]["cpu_s"] for turn in turns)
        table[way] = {
            "records": int(runs[0]["records"]),
            "cpu_s": round(cpu, 2),
            "wall_s": round(wall, 2),
            "records_per_cpu_s": round(runs[0]["records"] / cpu),
            "records_per_wall_s": round(runs[0]["records"] / wall),
            "times_bare": round(ratio, 2),
            "peak_mb": round(max(run["peak_mb"] for run in runs), 1),
        }
        print(f"{way:16s}", table[way])
    (WORK / "bench.catalog").unlink(missing_ok=True)
    size = round(path.stat().st_size / 1e6)
    save(f"onix-{options.mb}mb", {"seed": options.seed, "mb": size, "ways": table}, PACKAGES)


if __name__ == "__main__":
    main()
