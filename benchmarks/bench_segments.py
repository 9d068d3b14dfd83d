"""An index in five segments against the index of the same works built whole: findings that differ, and speed.

Half of the novels of a seed are indexed, the others added in four portions; then every fifth work is dropped. The
corpus
is the seed's. `python benchmarks/bench_segments.py --seed 2 --work FOLDER` writes results/segments.json.
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path
from typing import Any

from results import data_folder, one_thread, save

one_thread()

import pyarrow.parquet as pq  # noqa: E402

from bench_big_catalog import batches_of  # noqa: E402
from countermark.index import open_index  # noqa: E402
from countermark.index.build import build_index  # noqa: E402
from countermark.index.changes import add_works, drop_works  # noqa: E402
from countermark.matching.matcher import Matcher  # noqa: E402
from countermark.matching.rows import Context, findings_of  # noqa: E402
from countermark.media import Refusal  # noqa: E402
from countermark.works.reading import read_works  # noqa: E402


def found(folder: Path, batches: list[Any]) -> tuple[list[Any], float]:
    """All findings, and MB of text a CPU second."""
    index = open_index(folder)
    matcher = Matcher(index)
    matcher.warm_up()
    begin = time.process_time()
    matched = [matcher.match(batch) for batch in batches]
    speed = sum(batch.text.nbytes for batch in batches) / 1e6 / (time.process_time() - begin)
    context = Context("corpus", None, "shard")
    rows = [row for m, b in zip(matched, batches, strict=True) for row in findings_of(m, b, index, context)]
    return rows, round(speed, 1)


def compared(whole: Path, segmented: Path, batches: list[Any]) -> dict[str, Any]:
    """How many findings there are, how many are not the same, and both speeds."""
    (one, speed), (other, slower) = found(whole, batches), found(segmented, batches)
    first, second = {row.finding_id: row for row in one}, {row.finding_id: row for row in other}
    both = first.keys() & second.keys()
    return {
        "findings": len(one),
        "only_in_one": len(first.keys() ^ second.keys()),
        "not_the_same": sum(first[name] != second[name] for name in both),
        "mb_per_cpu_second": {"whole": speed, "segments": slower},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--work", type=Path, required=True)
    given = parser.parse_args()
    data = data_folder(given.seed)
    files = [file for file in read_works([data / "works"]) if not isinstance(file, Refusal)]
    whole, segmented = given.work / "whole.index", given.work / "segmented.index"
    build_index(files, whole)
    half, step = len(files) // 2, len(files) // 8
    build_index(files[:half], segmented)
    begin = time.process_time()
    for first in range(half, len(files), step):
        add_works(segmented, files[first : first + step])
    adding = round((time.process_time() - begin) / len(range(half, len(files), step)), 2)
    batches = batches_of(pq.read_table(data / "corpus.parquet", columns=["id", "text"]))
    numbers: dict[str, Any] = {
        "works": len(files),
        "segments": len(open_index(segmented).segments),
        "cpu_seconds_to_add_works": {"works": step, "seconds": adding},
        "added": compared(whole, segmented, batches),
    }
    gone = {file.work.work_id for file in files[::5]}
    drop_works(segmented, gone)
    build_index([file for file in files if file.work.work_id not in gone], whole)
    numbers["dropped"] = {"works": len(gone)} | compared(whole, segmented, batches)
    for folder in (whole, segmented):
        shutil.rmtree(folder)
    save("segments", numbers)


if __name__ == "__main__":
    main()
