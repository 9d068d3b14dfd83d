"""How many wrong spans a large text without any of the works gives, with the exact bound on their rate.

The catalogue is every piece of a novel that `bench_catalogue.py` made (its largest point and beyond); the corpus is
its 30 other novels and all of the documentation. A match is `shared` when it really has a run of ten folded words in
common with the work (quotations of scripture and proverbs, mostly), wrong otherwise. The bound is Clopper and
Pearson's for wrong spans per 10 kB of text, scaled to 10 GB.

`python benchmarks/bench_false_alarms.py` writes results/false-alarms.json.
"""

from __future__ import annotations

import argparse
import shutil
from collections import Counter
from pathlib import Path

from results import ROOT, cpu_seconds, one_thread, save

one_thread()

import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from bench_catalogue import CORPUS, PIECES, judge, work_files  # noqa: E402
from bench_quality import batches  # noqa: E402
from countermark.index import open_index  # noqa: E402
from countermark.index.build import build_index  # noqa: E402
from countermark.matching.matcher import Matcher  # noqa: E402
from countermark.probability.binomial import clopper_pearson  # noqa: E402
from plant import LARGEST_TEXT  # noqa: E402

UNIT = 10_000  # bytes of text in which at most one wrong span is counted
BARS = (60, 80, 100, 110, 120, 130, 140, 150, 160, 180, 200)


def corpus(texts: Path) -> Path:
    """All of the documentation and the novels of the catalogue benchmark, as one Parquet file."""
    out = ROOT / "work" / "false-alarms.parquet"
    if not out.exists():
        documents = [
            text[:LARGEST_TEXT] for text in pq.read_table(texts / "documentation.parquet")["text"].to_pylist()
        ]
        documents += pq.read_table(CORPUS)["text"].to_pylist()
        documents = list(dict.fromkeys(documents))
        names = [f"document-{at:06d}" for at in range(len(documents))]
        pq.write_table(pa.table({"id": names, "text": pa.array(documents, pa.large_string())}), out)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path, default=ROOT / "work" / "texts")
    options = parser.parse_args()
    pieces = pq.read_table(PIECES).to_pylist()
    folder = ROOT / "work" / "false-alarms-index"
    shutil.rmtree(folder, ignore_errors=True)
    manifest = build_index(work_files(pieces), folder)
    index = open_index(folder)
    low = Matcher(index, min(BARS))
    bar = Matcher(index).least
    wrong: Counter[int] = Counter()
    shared: Counter[int] = Counter()
    counted, size, seconds = [], 0, 0.0
    for names, batch in batches(corpus(options.texts)):
        taken, matches = cpu_seconds(lambda held=batch: low.match(held))
        seconds += taken
        size += batch.text.nbytes
        for match in matches:
            text = batch.text[match.record].as_py()[match.record_span.start : match.record_span.end]
            right = judge(text, pieces[match.asset]["text"])
            for threshold in BARS:
                if match.bits >= threshold:
                    (shared if right else wrong)[threshold] += 1
            if match.bits >= bar and not right:
                counted.append((names[match.record], round(match.bits)))
    _, upper = clopper_pearson(len(counted), size // UNIT)
    kept = {
        "works": len(pieces), "catalogue_words": manifest.words, "scheme": manifest.scheme, "bar_bits": round(bar, 1),
        "corpus_mb": round(size / 1e6, 1), "mb_per_s": round(size / 1e6 / seconds, 1),
        "wrong": len(counted), "wrong_per_10_gb": round(len(counted) / size * 1e10, 1),
        "wrong_per_10_gb_upper_95": round(upper / UNIT * 1e10, 1),
        "by_bar": [{"bits": at, "wrong": wrong[at], "shared": shared[at]} for at in BARS],
    }  # fmt: skip
    print(kept, counted)
    save("false-alarms", kept)


if __name__ == "__main__":
    main()
