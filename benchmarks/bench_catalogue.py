"""What grows with the catalogue: accidental seeds, wrong spans, time, and the size of the index.

Works are pieces of about 4,000 words, cut from every novel that the corpus does not use and that shares nothing with
it; French and English pieces take turns, and each catalogue holds the smaller ones. The corpus is 30 other novels and
20 MB of documentation, so that nothing in it comes from a work: each match is either a run of ten words or more that
the two really have in common (`shared`: quotations, proverbs), or wrong.

`python benchmarks/bench_catalogue.py` writes results/catalogue.json.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import time
from itertools import chain, pairwise, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import ROOT, cpu_seconds, one_thread, peak_memory_mb, save

one_thread()

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from bench_quality import batches  # noqa: E402
from countermark.media import Asset, Medium  # noqa: E402
from countermark.works.work import Work, WorkFile  # noqa: E402
from folding import SharedRuns  # noqa: E402
from plant import LARGEST_TEXT, cut_documents, word_spans  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SIZES = (100, 1_000, 10_000)
WINDOWS = tuple(f"text-l{letters}g20-v1" for letters in (20, 24, 28, 32))
PIECE_WORDS = 4_000
CORPUS_NOVELS = 15  # of each language
DOCUMENTATION = 20_000_000
SHARED_AT_MOST = 0.005
CORPUS = ROOT / "work" / "catalogue-corpus.parquet"
PIECES = ROOT / "work" / "catalogue-pieces.parquet"


def prepare(texts: Path, seed: int) -> None:
    """Write the corpus and all pieces under benchmarks/work."""
    rng = np.random.default_rng([seed, 5])
    novels = pq.read_table(texts / "novels.parquet").to_pylist()
    novels = [novels[at] for at in rng.permutation(len(novels))]
    chosen = [
        novel
        for language in ("en", "fr")
        for novel in [n for n in novels if n["language"] == language][:CORPUS_NOVELS]
    ]
    documents = [
        d for novel in chosen for d in cut_documents(novel["name"], novel["language"], novel["text"], rng)
    ]
    documentation, size = pq.read_table(texts / "documentation.parquet"), 0
    for at in rng.permutation(len(documentation)):
        if size >= DOCUMENTATION:
            break
        row = documentation.slice(int(at), 1).to_pylist()[0]
        documents += cut_documents(row["path"], row["language"], row["text"][:LARGEST_TEXT], rng)
        size += len(row["text"][:LARGEST_TEXT].encode())
    texts_of = ["\n\n".join(document.paragraphs) for document in documents]
    table = pa.table({"id": [f"document-{at:06d}" for at in range(len(texts_of))], "text": texts_of})
    pq.write_table(table, CORPUS, compression="zstd")
    shared = SharedRuns({novel["name"]: novel["text"] for novel in chosen})
    names = {novel["name"] for novel in chosen}
    pieces: dict[str, list[dict[str, str]]] = {"en": [], "fr": []}
    for novel in novels:
        if novel["name"] not in names and shared.share(novel["text"]) <= SHARED_AT_MOST:
            pieces[novel["language"]] += cut_pieces(novel)
    mixed = {
        language: [found[at] for at in rng.permutation(len(found))] for language, found in pieces.items()
    }
    turns = chain.from_iterable(zip_longest(mixed["en"], mixed["fr"]))
    pq.write_table(pa.Table.from_pylist([piece for piece in turns if piece]), PIECES, compression="zstd")


def cut_pieces(novel: dict[str, str]) -> list[dict[str, str]]:
    """Pieces of a novel, of equal length, nearest to 4,000 words."""
    spans = word_spans(novel["text"])
    count = max(1, round(len(spans) / PIECE_WORDS))
    bounds = np.linspace(0, len(spans), count + 1).astype(int)
    return [
        {"name": f"{novel['name']}-{at:04d}", "text": novel["text"][spans[begin][0] : spans[end - 1][1]]}
        for at, (begin, end) in enumerate(pairwise(bounds))
        if end > begin
    ]


def work_files(pieces: Iterable[dict[str, str]]) -> Iterator[WorkFile]:
    for piece in pieces:
        digest = hashlib.sha256(piece["text"].encode()).hexdigest()
        name = piece["name"]
        yield WorkFile(Work(name, name), Asset(name, f"{name}.txt", Medium.TEXT, digest, piece["text"]))


def measure(pieces: list[dict[str, str]], repeats: int, scheme: str | None = None) -> dict[str, Any]:
    """One point of the curve."""
    from countermark.index import open_index  # noqa: PLC0415
    from countermark.index.build import build_index  # noqa: PLC0415
    from countermark.matching.matcher import Matcher  # noqa: PLC0415

    folder = ROOT / "work" / "catalogue-index"
    shutil.rmtree(folder, ignore_errors=True)
    files = list(work_files(pieces))
    build_index(files[:1], folder)  # compiles and loads the kernels
    shutil.rmtree(folder)
    build, manifest = cpu_seconds(lambda: build_index(files, folder, scheme=scheme))
    begin = time.perf_counter()
    index = open_index(folder)
    opened = time.perf_counter() - begin
    held = [batch for _, batch in batches(CORPUS)]
    Matcher(index).match(held[0])
    matcher = Matcher(index)
    found = [match for batch in held for match in _with_texts(matcher.match(batch), batch)]
    counts = matcher.statistics
    taken, _ = cpu_seconds(lambda: [matcher.match(batch) for batch in held], repeats)
    texts = [text for batch in held for text in batch.text.to_pylist()]
    size = sum(len(text.encode()) for text in texts)
    words = sum(len(text.split()) for text in texts)
    index_bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    verdicts = [judge(text, pieces[match.asset]["text"]) for match, text in found]
    return {
        "works": len(pieces),
        "catalogue_words": manifest.words,
        "corpus_mb": round(size / 1e6, 1),
        "corpus_words": words,
        "statistics": counts,
        "hits_per_corpus_word": counts.get("hits", 0) / words,
        "match_mb_per_s": round(size / 1e6 / taken, 1),
        "wrong_spans": verdicts.count(False),
        "shared_spans": verdicts.count(True),
        "wrong_bits": sorted(
            (round(m.bits) for (m, _), ok in zip(found, verdicts, strict=True) if not ok), reverse=True
        )[:20],
        "scheme": manifest.scheme,
        "least_bits": round(matcher.least, 1),
        "index_bytes": index_bytes,
        "index_bytes_per_word": round(index_bytes / manifest.words, 2),
        "index_files": {
            path.name: path.stat().st_size for path in sorted(folder.rglob("*")) if path.is_file()
        },
        "build_mb_per_s": round(sum(len(file.asset.text.encode()) for file in files) / 1e6 / build, 1),
        "open_ms": round(opened * 1000, 2),
        "peak_memory_mb": peak_memory_mb(),
    }


def _with_texts(matches: list[Any], batch: Any) -> list[tuple[Any, str]]:
    return [(m, batch.text[m.record].as_py()[m.record_span.start : m.record_span.end]) for m in matches]


def judge(found: str, work: str) -> bool:
    """Whether the matched text really has a run of ten folded words in common with the work."""
    return bool(SharedRuns({"work": work}).runs(found))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path, default=ROOT / "work" / "texts")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--no-save", action="store_true")
    options = parser.parse_args()
    if not PIECES.exists():
        if not (options.texts / "novels.parquet").exists():
            raise SystemExit(f"{options.texts} holds no texts; benchmarks/README.md says how to make them")
        prepare(options.texts, options.seed)
    pieces = pq.read_table(PIECES).to_pylist()
    points = []
    for size in options.sizes:
        point = measure(pieces[:size], options.repeats)
        points.append(point)
        print({key: value for key, value in point.items() if key != "index_files"})
    windows = [measure(pieces[: max(options.sizes)], 1, scheme) for scheme in WINDOWS]
    for point in windows:
        print(point["scheme"], point["hits_per_corpus_word"], point["match_mb_per_s"])
    if not options.no_save:
        save("catalogue", {"seed": options.seed, "pieces": len(pieces), "points": points, "windows": windows})


if __name__ == "__main__":
    main()
