"""Reading and matching against reading alone, file by file, turn by turn in one process.

The machine is never quiet, so the two are run in turns and their *ratio* is what counts: CPU seconds of reader, matcher
and findings, over those of the plainest possible read of the same file (`bench_limits.py` has them). Twice: the whole
corpus, which is dense with findings (about thirty in every MB), and its documents without any, as most of a crawl is.

`python benchmarks/bench_reading.py --seed 2` writes results/reading-seed2.json.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from results import ROOT, data_folder, one_thread, save

one_thread()

import pyarrow as pa  # noqa: E402
import pyarrow.compute as pc  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from bench_limits import READING, operations  # noqa: E402
from bench_quality import work_files  # noqa: E402
from countermark.corpus.listing import list_shards, reader_for  # noqa: E402
from countermark.index import open_index  # noqa: E402
from countermark.index.build import build_index  # noqa: E402
from countermark.matching.matcher import Matcher  # noqa: E402
from countermark.matching.rows import Context, findings_of  # noqa: E402
from countermark.media import Refusal  # noqa: E402
from formats import write_corpus  # noqa: E402
from score import read_truth  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pa.set_cpu_count(1)
pa.set_io_thread_count(1)


@dataclass
class Plain:
    """A document as formats.py writes it."""

    name: str
    text: str
    source: str = ""
    language: str = ""


def without_findings(data: Path) -> Path:
    """The corpus without the documents that hold anything of a work, in all formats."""
    out = ROOT / "work" / f"clean-{data.name}"
    if not (out / "corpus.wet.gz").exists():
        out.mkdir(parents=True, exist_ok=True)
        truth = read_truth(data)
        known = {*truth.by_document, *truth.shared}
        rows = pq.read_table(data / "corpus.parquet").to_pylist()
        write_corpus([Plain(row["id"], row["text"]) for row in rows if row["id"] not in known], [], out)
    return out


def search(matcher: Matcher, path: Path) -> int:
    """Read a file, match it, make findings; return how many."""
    found = 0
    for shard in list_shards([path]):
        if isinstance(shard, Refusal):
            raise SystemExit(f"{shard}")
        for batch in reader_for(shard.format).batches(shard):
            rows = findings_of(matcher.match(batch), batch, matcher.index, Context("c", None, shard.name))
            found += len(rows)
    return found


def in_turns(
    plain: Callable[[], Any], ours: Callable[[], int], repeats: int
) -> tuple[float, float, float, int]:
    """Medians of CPU seconds of both and of their ratio in each turn, and what ours found."""
    reads, searches, ratios = [], [], []
    found = ours()
    for _ in range(repeats):
        begin = time.process_time()
        plain()
        middle = time.process_time()
        ours()
        end = time.process_time()
        reads.append(middle - begin)
        searches.append(end - middle)
        ratios.append((end - middle) / (middle - begin))
    return statistics.median(reads), statistics.median(searches), statistics.median(ratios), found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    data = data_folder(options.seed)
    folder = ROOT / "work" / "reading-index"
    shutil.rmtree(folder, ignore_errors=True)
    build_index(work_files(data), folder)
    matcher = Matcher(open_index(folder))
    table: dict[str, Any] = {}
    for kind, place in (("documents without findings", without_findings(data)), ("whole corpus", data)):
        size = int(pc.sum(pc.binary_length(pq.read_table(place / "corpus.parquet")["text"])).as_py()) / 1e6
        plain = operations(place)
        for file, limit in READING.items():
            read, ours, ratio, found = in_turns(
                plain[limit], lambda at=place / file: search(matcher, at), options.repeats
            )
            table[f"{kind}, {file}"] = {
                "mb": round(size, 1),
                "read_mb_per_s": round(size / read, 1),
                "search_mb_per_s": round(size / ours, 1),
                "times_the_read": round(ratio, 2),
                "findings": found,
            }
            print(f"{kind:28s} {file:24s}", table[f"{kind}, {file}"])
    save(f"reading-seed{options.seed}", {"seed": options.seed, "files": table})


if __name__ == "__main__":
    main()
