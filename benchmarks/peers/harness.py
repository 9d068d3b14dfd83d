"""What every peer is run by: same works, same documents, one thread, CPU seconds, scored and saved like Countermark.

The adapters in this folder are ours; they call the peer's own library. They run in a virtual environment of their own:

    python3 -m venv benchmarks/work/peers-venv
    benchmarks/work/peers-venv/bin/pip install pyarrow numpy "xxhash<4" sourmash rensa datatrove regex spacy
    benchmarks/work/peers-venv/bin/python benchmarks/peers/<adapter>.py --seed 2

Slow tools take the small set: every document with something in it, and others up to 30 MB.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

sys.path.insert(0, str(Path(__file__).parents[1]))

from results import ROOT, data_folder, one_thread, peak_memory_mb, save

one_thread()

import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from score import heading, line, read_truth, score  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = re.compile(r"\S+")
Prediction = tuple[str, str | None, int | None, int | None, float]
SCHEMA = pa.schema(
    [
        ("document", pa.string()),
        ("work", pa.string()),
        ("begin", pa.int64()),
        ("end", pa.int64()),
        ("score", pa.float64()),
    ]
)


class Peer(Protocol):
    """A tool under test."""

    tool: str
    packages: tuple[str, ...]
    gives_span: bool

    def index(self, works: list[tuple[str, str]]) -> None:
        """Take in the works, as (name, text)."""

    def match(self, documents: list[tuple[str, str]]) -> Iterable[Prediction]:
        """Return what is found in the documents, as (document, work, begin, end, score)."""


def read_works(data: Path) -> list[tuple[str, str]]:
    paths = sorted((data / "works").glob("*.txt"))
    return [(path.stem, path.read_bytes().decode("utf-8")) for path in paths]


def main(peer: Peer, name: str, parser: argparse.ArgumentParser | None = None) -> None:
    """Run `peer` on the small set of one seed, score it, and write results/peer-<name>-seed<N>.json."""
    options = (parser or arguments()).parse_args()
    data = data_folder(options.seed)
    documents = list(
        zip(*(pq.read_table(data / options.corpus)[c].to_pylist() for c in ("id", "text")), strict=True)
    )
    truth = read_truth(data)
    works = read_works(data)
    dense = [row for row in documents if row[0] in truth.by_document or row[0] in truth.shared]
    clean = [row for row in documents if row[0] not in truth.by_document and row[0] not in truth.shared]
    if getattr(peer, "in_one_go", False):  # indexes and matches in one run
        dense, clean = documents, []
    clock = getattr(peer, "clock", time.process_time)
    times = [clock()]
    peer.index(works)
    times.append(clock())
    found = list(peer.match(clean)) if clean else []
    times.append(clock())
    more = list(peer.match(dense))
    times.append(clock())
    indexing, on_clean, on_dense = (after - before for before, after in pairwise(times))
    rows = [dict(zip(SCHEMA.names, row, strict=True)) for row in [*found, *more]]
    pq.write_table(
        pa.Table.from_pylist(rows, SCHEMA), ROOT / "work" / f"predictions-{name}-seed{options.seed}.parquet"
    )
    clean_mb, dense_mb = (sum(len(text.encode()) for _, text in part) / 1e6 for part in (clean, dense))
    works_mb = sum(len(text.encode()) for _, text in works) / 1e6
    measured = {
        "corpus": options.corpus,
        "corpus_mb": round(clean_mb + dense_mb, 1),
        "match_cpu_s": round(on_clean + on_dense, 2),
        "match_mb_per_s": round((clean_mb + dense_mb) / (on_clean + on_dense), 2),
        "match_mb_per_s_clean": round(clean_mb / on_clean, 2) if clean else None,
        "build_cpu_s": round(indexing, 2),
        "build_mb_per_s": round(works_mb / indexing, 2),
        "peak_memory_mb": peak_memory_mb(),
        "names_work": any(row["work"] for row in rows),
        "gives_span": peer.gives_span,
    }
    numbers = score(rows, truth).table()
    print(heading(numbers))
    print(line(peer.tool, numbers))
    print(measured)
    kept: dict[str, Any] = {"tool": peer.tool, "seed": options.seed, "measured": measured, "score": numbers}
    save(f"peer-{name}-seed{options.seed}", kept, peer.packages)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--corpus", default="small.parquet")
    return parser
