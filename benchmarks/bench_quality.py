"""Countermark's recall, precision and speed on one data set of the text benchmark, beside the peers that were run.

`python benchmarks/bench_quality.py --seed 2` indexes the works, matches the corpus held in memory in one thread, scores
the matches, and writes results/quality-seed2.json. `--study FILE` writes every wrong and missed passage with its texts;
`--small` takes the small set; `--table` only prints the table of all results of this seed.

`--with-pieces 9000` hides the works in a catalogue of so many pieces of other novels (made by bench_catalogue.py), to
see whether recall and speed hold; only the matches of the 200 works are scored then, the others are counted.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import itertools
import json
import re
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import ROOT, cpu_seconds, data_folder, one_thread, peak_memory_mb, save

one_thread()

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.compute as pc  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from countermark.corpus.base import RecordBatch  # noqa: E402
from countermark.media import Asset, Medium  # noqa: E402
from countermark.works.work import Work, WorkFile  # noqa: E402
from score import by_threshold, heading, line, read_truth, score, study  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from countermark.matching.match import Match

BATCH_BYTES = 4_000_000


def work_files(data: Path) -> list[WorkFile]:
    """The works of a data set; a work is named by the stem of its file."""
    files = []
    with (data / "works" / "works.csv").open(encoding="utf-8", newline="") as catalog:
        for row in csv.DictReader(catalog):
            content = (data / "works" / row["path"]).read_bytes()
            name = Path(row["path"]).stem
            asset = Asset(
                name, row["path"], Medium.TEXT, hashlib.sha256(content).hexdigest(), content.decode("utf-8")
            )
            files.append(WorkFile(Work(name, row["title"], row["author"], None, row["licence"]), asset))
    return files


def pieces(data: Path, count: int) -> list[WorkFile]:
    """Pieces of novels that neither the works nor the corpus of a data set come from."""
    from bench_catalogue import PIECES  # noqa: PLC0415
    from bench_catalogue import work_files as files_of  # noqa: PLC0415

    used = set(pq.read_table(data / "documents.parquet")["source"].to_pylist())
    used |= {re.sub(r"-\d$", "", path.stem) for path in (data / "works").glob("*.txt")}
    rows = (row for row in pq.read_table(PIECES).to_pylist() if row["name"].rpartition("-")[0] not in used)
    found = list(files_of(itertools.islice(rows, count)))
    if len(found) < count:
        raise SystemExit(f"only {len(found)} pieces of other novels; {count} were asked for")
    return found


def batches(path: Path, without: Collection[str] = ()) -> Iterator[tuple[list[str], RecordBatch]]:
    """The documents of a Parquet file, but for those named, in batches of about 4 MB, with their names."""
    table = pq.read_table(path)
    if without:
        table = table.filter(
            pc.invert(pc.is_in(table["id"], value_set=pa.array(sorted(without), pa.string())))
        )
    texts = table["text"].cast(pa.large_string()).combine_chunks()
    names = table["id"].to_pylist()
    ends = np.cumsum(pc.binary_length(texts).to_numpy())
    begin = 0
    while begin < len(names):
        limit = (ends[begin - 1] if begin else 0) + BATCH_BYTES
        end = max(begin + 1, int(np.searchsorted(ends, limit, side="right")))
        count = min(end, len(names)) - begin
        nothing = pa.nulls(count, pa.string())
        # A copy, so that the array's offsets begin at 0 as they do after reading.
        text = pa.concat_arrays([texts.slice(begin, count)])
        rows = np.arange(begin, begin + count, dtype=np.int64)
        ids = pa.array(names[begin : begin + count], pa.string())
        yield (
            names[begin : begin + count],
            RecordBatch(text, rows, ids, nothing, nothing, np.zeros(count, np.int64)),
        )
        begin += count


def match_all(
    matcher: Any, held: list[tuple[list[str], RecordBatch]], works: list[str]
) -> list[dict[str, Any]]:
    """Predictions, one for each match."""
    return [prediction(match, names, works) for names, batch in held for match in matcher.match(batch)]


def prediction(match: Match, names: list[str], works: list[str]) -> dict[str, Any]:
    """A match as a row that score.py reads, with what else is worth a look in a study."""
    return {
        "document": names[match.record],
        "work": works[match.asset],
        "begin": match.record_span.start,
        "end": match.record_span.end,
        "score": match.bits,
        "work_begin": match.asset_span.start,
        "work_end": match.asset_span.end,
        "matched": match.matched,
        "longest_run": match.longest_run,
        "edits": match.edits,
        "identical": match.identical,
        "commonness": match.commonness,
    }


def text_bytes(held: list[tuple[list[str], RecordBatch]]) -> int:
    return sum(int(pc.sum(pc.binary_length(batch.text)).as_py()) for _, batch in held)


def run(
    data: Path, folder: Path, corpus: str, repeats: int, others: int
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Index the works of `data` and so many others, match the corpus, return predictions and measurements."""
    from countermark.index import open_index  # noqa: PLC0415
    from countermark.index.build import build_index  # noqa: PLC0415
    from countermark.matching.matcher import Matcher  # noqa: PLC0415

    shutil.rmtree(folder, ignore_errors=True)
    files = work_files(data) + (pieces(data, others) if others else [])
    build_index(files[:1], folder.with_name(folder.name + "-warm"))
    shutil.rmtree(folder.with_name(folder.name + "-warm"))
    build, manifest = cpu_seconds(lambda: build_index(files, folder))
    begin = time.perf_counter()
    index = open_index(folder)
    opened = time.perf_counter() - begin
    matcher = Matcher(index)
    works = index.assets_table()["work_id"].to_pylist()
    held = list(batches(data / corpus))
    matcher.match(held[0][1])
    taken, rows = cpu_seconds(lambda: match_all(matcher, held, works), repeats)
    truth = read_truth(data)
    clean = list(batches(data / corpus, {*truth.by_document, *truth.shared}))
    on_clean, _ = cpu_seconds(lambda: match_all(matcher, clean, works), repeats)
    size = text_bytes(held)
    works_bytes = sum(len(file.asset.text.encode()) for file in files)
    index_bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    measured = {
        "corpus": corpus,
        "corpus_mb": round(size / 1e6, 1),
        "match_cpu_s": round(taken, 3),
        "match_mb_per_s": round(size / 1e6 / taken, 1),
        "match_mb_per_s_clean": round(text_bytes(clean) / 1e6 / on_clean, 1),
        "works": manifest.works,
        "build_cpu_s": round(build, 3),
        "build_mb_per_s": round(works_bytes / 1e6 / build, 1),
        "index_bytes": index_bytes,
        "index_bytes_per_word": round(index_bytes / manifest.words, 2),
        "open_ms": round(opened * 1000, 1),
        "peak_memory_mb": peak_memory_mb(),
        "scheme": manifest.scheme,
        "guarantee_letters": manifest.guarantee_letters,
    }
    return rows, measured


def print_table(seed: int) -> None:
    """Every tool's saved result on this seed."""
    headed = False
    for path in sorted((ROOT / "results").glob(f"*seed{seed}.json")):
        kept = json.loads(path.read_text())
        if "score" not in kept:
            continue
        if not headed:
            print(heading(kept["score"]) + "   MB/s")
            headed = True
        print(
            line(kept.get("tool", path.stem), kept["score"]) + f" {kept['measured']['match_mb_per_s']:6.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--data", type=Path, help="default: benchmarks/data/seed<N>")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--with-pieces", type=int, default=0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--study", type=Path)
    parser.add_argument("--no-save", action="store_true")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    if options.table:
        print_table(options.seed)
        return
    data = options.data or data_folder(options.seed)
    folder = ROOT / "work" / f"index-seed{options.seed}"
    corpus = "small.parquet" if options.small else "corpus.parquet"
    rows, measured = run(data, folder, corpus, options.repeats, options.with_pieces)
    if options.with_pieces:
        own = {path.stem for path in (data / "works").glob("*.txt")}
        measured["matches_of_other_works"] = sum(row["work"] not in own for row in rows)
        rows = [row for row in rows if row["work"] in own]
    pq.write_table(pa.Table.from_pylist(rows), ROOT / "work" / f"predictions-seed{options.seed}.parquet")
    truth = read_truth(data)
    result = score(rows, truth)
    numbers = result.table()
    print(heading(numbers))
    print(line("countermark", numbers))
    print(json.dumps(measured, indent=1))
    curve = by_threshold(rows, truth, [80, 100, 120, 140, 160, 180, 200, 250])
    for row in curve:
        print(row)
    if options.study:
        options.study.write_text(study(result, data), encoding="utf-8")
    if not options.no_save:
        name = "quality-small" if options.small else "quality"
        name += f"-with-{options.with_pieces}-pieces" if options.with_pieces else ""
        kept = {
            "tool": f"countermark, in {measured['works']:,} works",
            "seed": options.seed,
            "measured": measured,
            "score": numbers,
            "by_threshold": curve,
        }
        save(f"{name}-seed{options.seed}", kept)


if __name__ == "__main__":
    main()
