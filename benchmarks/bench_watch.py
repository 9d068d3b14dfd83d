"""What `countermark watch` costs against a full scan of the new version, by the share of shards that are new.

    python benchmarks/bench_watch.py                       writes results/watch.json

A corpus of JSON Lines shards of made-up prose, packed with gzip, with passages of works in one record of five hundred,
is scanned; then versions of it in which 0, 1, 10 and 50 per cent of the shards have other content are scanned in full,
and watched. Each step runs in a process of its own with one worker; CPU seconds are those of that process and its
worker, starting them and writing pages and feeds included. Findings and receipts of both are compared byte for byte.
`cpu_ms_a_carried_shard` is what `run_scan` took where nothing was new, the plan and the settings included, by shards.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from countermark.evidence.summary import conclude
from countermark.evidence.watch.write import write_watch
from countermark.index.build import build_index
from countermark.scan import ScanSettings, run_scan
from countermark.scan.carrying import CarryingRunner, carried_in, last_run
from countermark.scan.runlog import read_events
from countermark.scan.runners.local import LocalRunner
from countermark.works.reading import read_works
from results import save

SHARES = (0, 1, 10, 50)
RECORD = 1500
"""Characters of a record."""

PASSAGE_EVERY = 500
WORKS = 200
PACKAGES = ("numba", "numpy", "pyarrow")


def prose(draw: np.random.Generator, vocabulary: list[str], words: int) -> str:
    """Made-up prose."""
    return " ".join(vocabulary[place] for place in draw.integers(0, len(vocabulary), words))


def make(place: Path, shards: int, megabytes: float) -> None:
    """An index of works, the corpus, and its later versions; what is the same is the same file."""
    draw = np.random.default_rng(7)
    letters = list("abcdefghijklmnopqrstuvwxyz")
    vocabulary = ["".join(draw.choice(letters, draw.integers(3, 11))) for _ in range(20_000)]
    texts = [prose(draw, vocabulary, 2000) for _ in range(WORKS)]
    noise = prose(draw, vocabulary, 2_000_000)
    (place / "works").mkdir()
    for number, text in enumerate(texts):
        (place / "works" / f"work {number}.txt").write_text(text)
    build_index(read_works([place / "works"]), place / "works.index")
    versions = {share: place / f"version-{share}" for share in SHARES}
    (place / "first").mkdir()
    for folder in versions.values():
        folder.mkdir()
    for number in range(shards):
        name = f"{number:05}.jsonl.gz"
        write_shard(place / "first" / name, draw, noise, texts, megabytes)
        for share, folder in versions.items():
            if number * share // 100 != (number + 1) * share // 100:
                write_shard(folder / name, draw, noise, texts, megabytes)
            else:
                os.link(place / "first" / name, folder / name)


def write_shard(
    path: Path, draw: np.random.Generator, noise: str, texts: list[str], megabytes: float
) -> None:
    """One shard of about so many megabytes of text."""
    size = row = 0
    with gzip.GzipFile(path, "wb", compresslevel=1, mtime=0) as packed, io.TextIOWrapper(packed) as file:
        while size < megabytes * 1e6:
            at = int(draw.integers(0, len(noise) - RECORD))
            text = noise[at : at + RECORD]
            if row % PASSAGE_EVERY == 0:
                begin = int(draw.integers(0, 10_000))
                text += " " + texts[int(draw.integers(0, len(texts)))][begin : begin + 600]
            size += file.write(
                json.dumps({"url": f"https://example.org/{path.stem}/{row}", "text": text}) + "\n"
            )
            row += 1


def step(place: Path, what: str, corpus: str, out: str) -> None:
    """Scan a version in full, or watch it, and conclude: what the commands do."""
    day = date(2024, 1, 1) if corpus == "first" else date(2024, 2, 1)
    settings = ScanSettings(
        place / "works.index",
        (place / corpus,),
        place / out,
        snapshot_date=day,
        workers=1,
        corpus_name="made up",
    )
    if what == "scan":
        run_scan(settings, runner=LocalRunner(1))
        conclude(place / out)
        return
    begun = time.process_time()
    run_scan(settings, runner=CarryingRunner(LocalRunner(1), last_run(place / "run-first"), 1))
    (place / f"{out}.json").write_text(json.dumps(time.process_time() - begun))
    conclude(place / out)
    write_watch(place / "run-first", place / out, day)


def measured(place: Path, *given: str) -> dict[str, float]:
    """CPU and wall seconds of one step in a process of its own."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, __file__, "--folder", str(place), "--step", *given], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_seconds": round(cpu, 2), "wall_seconds": round(time.perf_counter() - begun, 2)}


def same(one: Path, other: Path) -> bool:
    """Whether findings and receipts of two runs are the same, byte for byte."""
    return all(
        {path.name: path.read_bytes() for path in (one / folder).iterdir()}
        == {path.name: path.read_bytes() for path in (other / folder).iterdir()}
        for folder in ("findings", "receipts")
    )


def carried(run: Path) -> int:
    """How many shards the log says were carried."""
    return sum(carried_in(read_events(run / "runlog.jsonl")).values())


def benchmark(place: Path, shards: int, megabytes: float) -> dict[str, Any]:
    """All figures."""
    make(place, shards, megabytes)
    said: dict[str, Any] = {
        "shards": shards,
        "bytes": sum(path.stat().st_size for path in (place / "first").iterdir()),
        "first_scan": measured(place, "scan", "first", "run-first"),
        "versions": [],
    }
    for share in SHARES:
        full, watch = f"full-{share}", f"watch-{share}"
        row: dict[str, Any] = {
            "new_per_cent": share,
            "full": measured(place, "scan", f"version-{share}", full),
            "watch": measured(place, "watch", f"version-{share}", watch),
            "carried": carried(place / watch),
            "same_bytes": same(place / full, place / watch),
        }
        if not share:
            driver = json.loads((place / f"{watch}.json").read_text())
            said["cpu_ms_a_carried_shard"] = round(1000 * driver / shards, 2)
        row["cpu_of_full_per_cent"] = round(100 * row["watch"]["cpu_seconds"] / row["full"]["cpu_seconds"], 1)
        said["versions"].append(row)
        print(json.dumps(row))
    return said


def main() -> None:
    """Measure and save; or do one step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shards", type=int, default=100)
    parser.add_argument("--megabytes", type=float, default=10.0, help="of text in a shard")
    parser.add_argument("--folder", type=Path, help="where everything is put; a temporary folder by default")
    parser.add_argument("--step", nargs=3, metavar=("WHAT", "CORPUS", "OUT"))
    given = parser.parse_args()
    if given.step:
        step(given.folder, *given.step)
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        save("watch", benchmark(Path(folder), given.shards, given.megabytes), packages=PACKAGES)


if __name__ == "__main__":
    main()
