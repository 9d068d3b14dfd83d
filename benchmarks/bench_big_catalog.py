"""Catalogues of 10^2, 10^4 and 10^6 works: building, size, scan speed; merging against copying the same bytes.

The works are those of big_catalog.py; the corpus is 30 MB of real novels and documentation, which share nothing with
the novels that the works are put together from, with 400 passages of 100 words of 50 works planted, half of them with
one word in twenty replaced. CPU seconds of one thread, scans as `Matcher.match` over the texts in memory, the sizes in
turn, medians of --repeats. Memory is told twice: `anonymous` is what the process itself holds, `resident` has the
mapped pages of the index too, which belong to the system and are shared.

    python benchmarks/bench_big_catalog.py --seed 2 --work FOLDER [--sizes 100 10000 1000000] [--merge 200000]

writes results/big_catalog.json. 10^6 works need about 8 GB of disk under FOLDER; indices stay there, and a run that
finds one scans with it, and tells what building it took at the time. Remove the folder afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import data_folder, one_thread, save

one_thread()

import numpy as np  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from big_catalog import KINDS, PLANTED, Pool, planted, works  # noqa: E402
from countermark.corpus.base import RecordBatch  # noqa: E402
from countermark.index import open_index, read_manifest  # noqa: E402
from countermark.index.build import build_index  # noqa: E402
from countermark.index.merge import merge_indices  # noqa: E402
from countermark.matching.matcher import Matcher  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

BATCH = 500
CORPUS_LETTERS = 30_000_000


class Watch(threading.Thread):
    """Notes the most memory of this process, while something runs, and the most that its files without names take."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._done = threading.Event()
        self._most = [0.0, 0.0, 0.0]

    def run(self) -> None:
        """Look five times a second."""
        while not self._done.wait(0.2):
            said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
            now = (
                int(said["RssAnon"].split()[0]) / 1000,
                int(said["VmRSS"].split()[0]) / 1000,
                _nameless_mb(),
            )
            self._most = [max(pair) for pair in zip(self._most, now, strict=True)]

    def stop(self) -> dict[str, float]:
        """End; return the most that there was."""
        self._done.set()
        self.join()
        names = ("anonymous_mb", "resident_mb", "temporary_files_mb")
        return dict(zip(names, map(round, self._most), strict=True))


def _nameless_mb() -> float:
    size = 0
    for number in os.listdir("/proc/self/fd"):  # noqa: PTH208 (names are enough)
        with suppress(OSError):
            facts = os.fstat(int(number))
            size += 0 if facts.st_nlink else facts.st_blocks * 512
    return size / 1e6


def measured(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """The result of `work`; its time and memory, and what of the disk it took for a while only."""
    watch = Watch()
    watch.start()
    begin, cpu = time.perf_counter(), time.process_time()
    result = work()
    facts = {
        "seconds": round(time.perf_counter() - begin, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
    }
    return result, facts | watch.stop()


def size_mb(folder: Path) -> float:
    return round(sum(path.stat().st_size for path in folder.iterdir()) / 1e6, 1)


def batches_of(table: pa.Table) -> list[RecordBatch]:
    """The corpus, as the matcher takes it."""
    found = []
    for first in range(0, table.num_rows, BATCH):
        part = table.slice(first, BATCH).combine_chunks()
        count = part.num_rows
        nothing = part["id"].combine_chunks()
        found.append(
            RecordBatch(
                text=part["text"].cast("large_string").combine_chunks(),
                row=np.arange(first, first + count),
                record_id=nothing,
                record_url=nothing,
                record_date=nothing,
                char_start=np.zeros(count, dtype=np.int64),
                own_end=None,
            )
        )
    return found


def documents_of(data: Path) -> list[str]:
    """Documents of a data set that share nothing with its works, which the catalogue's words come from; 30 MB."""
    of_works = {
        name
        for table in ("truth", "shared")
        for name in pq.read_table(data / f"{table}.parquet", columns=["document"])["document"].to_pylist()
    }
    found, size = [], 0
    for row in pq.read_table(data / "corpus.parquet", columns=["id", "text"]).to_pylist():
        if row["id"] not in of_works and size < CORPUS_LETTERS:
            found.append(row["text"])
            size += len(row["text"])
    return found


class Scanned:
    """An index, and what scanning the corpus with it took and found."""

    def __init__(self, folder: Path) -> None:
        begin = time.perf_counter()
        self.index = open_index(folder)
        self.index.assets()[0]
        self.opened = time.perf_counter() - begin
        self.matcher = Matcher(self.index)
        self.matcher.warm_up()
        self.taken: list[float] = []
        self.found: set[tuple[int, str]] = set()

    def scan(self, batches: list[RecordBatch]) -> None:
        """Once over the corpus."""
        cpu = time.process_time()
        matches = [(int(b.row[m.record]), m.asset) for b in batches for m in self.matcher.match(b)]
        self.taken.append(time.process_time() - cpu)
        self.found = {(row, self.index.assets()[asset]["work_id"]) for row, asset in matches}

    def facts(self, size: float, truth: set[tuple[int, str]]) -> dict[str, Any]:
        """Speed over a corpus of so many MB, what of the planted passages was found, and what else was."""
        count = self.matcher.statistics
        return {
            "open_seconds": round(self.opened, 3),
            "mb_per_cpu_second": round(size / statistics.median(self.taken), 1),
            "slowest_and_fastest": [round(size / max(self.taken), 1), round(size / min(self.taken), 1)],
            "planted_found": [len(self.found & truth), len(truth)],
            "found_elsewhere": len(self.found - truth),
            "least_bits": round(self.matcher.least, 1),
            "windows_passed_share": round(count["passed"] / count["windows"], 5),
            "hits_per_window": round(count["hits"] / count["windows"], 5),
        }


def in_turn(folders: list[Path], batches: list[RecordBatch], repeats: int) -> list[Scanned]:
    """Scan with each index in turn, and again: what else the machine does falls on all of them alike."""
    all_of = [Scanned(folder) for folder in folders]
    for scanned in all_of:
        scanned.scan(batches)  # the pages of the index come into memory
        scanned.taken.clear()
    for _ in range(repeats):
        for scanned in all_of:
            scanned.scan(batches)
    return all_of


def built(pool: Pool, count: int, work: Path) -> dict[str, Any]:
    """Build a catalogue of so many works."""
    folder, told = work / f"works-{count}.index", work / f"works-{count}.json"
    if told.exists():  # built by a run before, which was told to keep it
        manifest, building = read_manifest(folder), json.loads(told.read_text())
    else:
        manifest, building = measured(lambda: build_index(works(pool, 0, count), folder))
        told.write_text(json.dumps(building))
    size = size_mb(folder)
    return {
        "works": count,
        "words": manifest.words,
        "letters": manifest.letters,
        "scheme": manifest.scheme,
        "fingerprints": manifest.fingerprints,
        "index_mb": size,
        "index_mb_per_million_words": round(size * 1e6 / manifest.words, 2),
        "lookup_mb": round(sum((folder / n).stat().st_size for n in LOOKUP) / 1e6, 1),
        "build": building
        | {"mb_of_letters_per_cpu_second": round(manifest.letters / 1e6 / building["cpu_seconds"], 1)},
    }


LOOKUP = ("keys.u4", "postings.bin", "directory.bin", "filter.u8")


def merging(pool: Pool, count: int, work: Path) -> dict[str, Any]:
    """Merge four indices of a quarter of the works each, and copy the bytes of what came out in the same run."""
    quarter = count // 4
    parts = [work / f"part-{number}.index" for number in range(4)]
    for number, part in enumerate(parts):
        build_index(works(pool, number * quarter, (number + 1) * quarter), part)
    out, copy = work / "merged.index", work / "copied.index"
    _, facts = measured(lambda: merge_indices(parts, out))
    size = size_mb(out)
    _, building = measured(lambda: build_index(works(pool, 0, count), work / "whole.index"))
    same = all((out / p.name).read_bytes() == p.read_bytes() for p in (work / "whole.index").iterdir())
    shutil.rmtree(work / "whole.index")
    begin = time.perf_counter()
    subprocess.run(["cp", "-r", os.fspath(out), os.fspath(copy)], check=True)
    subprocess.run(["sync", "-f", os.fspath(copy)], check=True)
    copying = time.perf_counter() - begin
    for folder in (*parts, out, copy):
        shutil.rmtree(folder)
    return {
        "works": count,
        "of_indices": 4,
        "index_mb": size,
        "same_bytes_as_building": same,
        "merge": facts | {"mb_per_second": round(size / facts["seconds"], 1)},
        "build_cpu_seconds": building["cpu_seconds"],
        "cp_and_sync": {"seconds": round(copying, 1), "mb_per_second": round(size / copying, 1)},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 10_000, 1_000_000])
    parser.add_argument("--merge", type=int, default=200_000)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    data = data_folder(given.seed)
    pool = Pool.read([data / "works"])
    table, truth = planted(pool, documents_of(data))
    batches = batches_of(table)
    merged = merging(pool, given.merge, given.work) if given.merge else None
    sizes = [built(pool, count, given.work) for count in given.sizes]
    corpus_mb = sum(batch.text.nbytes for batch in batches) / 1e6
    folders = [given.work / f"works-{count}.index" for count in given.sizes]
    for found, scanned in zip(sizes, in_turn(folders, batches, given.repeats), strict=True):
        found["scan"] = scanned.facts(corpus_mb, truth)
        print(found, flush=True)
    speeds = [found["scan"]["mb_per_cpu_second"] for found in sizes]
    numbers = {
        "corpus_mb": round(corpus_mb, 1),
        "planted_works": PLANTED,
        "kinds": {
            name: dict(zip(("share", "median_words", "sigma"), kind, strict=True))
            for name, kind in KINDS.items()
        },
        "sizes": sizes,
        "speed_of_the_largest_to_the_smallest": round(speeds[-1] / speeds[0], 2),
        "merging": merged,
    }
    save("big_catalog", numbers)


if __name__ == "__main__":
    main()
