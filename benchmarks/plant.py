"""Build one data set of the text benchmark: works, a corpus with passages planted in it, and the truth.

`python benchmarks/plant.py --seed 1` reads benchmarks/work/texts (made by sources.py) and writes
benchmarks/data/seed1/. Seed 1 is for tuning, seeds 2 and above for reporting. Same seed and sources, same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from alterations import ALTERATIONS
from folding import SharedRuns
from formats import write_corpus, write_works

LENGTHS = (20, 30, 50, 100, 200, 500, 1000, 2000)
REPEATS = 30
NOVEL_WORDS = 40_000
HALF = 75_000_000
LARGEST_TEXT = 2_000_000
SMALL_SET = 30_000_000
NOTICES = {
    "en": "All rights reserved. No part of this publication may be reproduced, stored in a retrieval system, or "
    "transmitted in any form or by any means, electronic, mechanical, photocopying, recording or otherwise, without "
    "the prior written permission of the publisher. This is a work of fiction. Names, characters, places and incidents "
    "are the product of the author's imagination, and any resemblance to actual persons, living or dead, is "
    "entirely coincidental.",
    "fr": "Tous droits de traduction, d'adaptation et de reproduction réservés pour tous pays. Toute représentation ou "
    "reproduction intégrale ou partielle faite sans le consentement de l'auteur ou de ses ayants droit est illicite "
    "(article L. 122-4 du Code de la propriété intellectuelle) et constitue une contrefaçon sanctionnée par les "
    "articles L. 335-2 et suivants du même code.",
}
NOTICE_WORDS = 90
BOILERPLATE_DOCUMENTS = 300


@dataclass
class WorkText:
    """A work of the catalogue."""

    name: str
    language: str
    title: str
    author: str
    published: str
    text: str
    has_notice: bool = False
    spans: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Document:
    """A document of the corpus before and after planting; offsets are code points of its text."""

    source: str
    language: str
    paragraphs: list[str]
    planted: list[dict[str, object]] = field(default_factory=list)
    boilerplate: bool = False
    name: str = ""
    text: str = ""


def word_spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"\S+", text)]


def cut_words(text: str, begin: int, count: int) -> str:
    spans = word_spans(text)[begin : begin + count]
    return text[spans[0][0] : spans[-1][1]]


def draw_works(novels: list[dict[str, str]], rng: np.random.Generator) -> list[WorkText]:
    """120 novels cut at 40,000 words and 80 short works of 300 to 3,000, half English, half French."""
    works = []
    for collection, language in (("ELTeC-eng", "en"), ("ELTeC-fra", "fr")):
        pool = [novel for novel in novels if novel["collection"] == collection]
        drawn = [pool[at] for at in rng.permutation(len(pool))]
        noticed = set(rng.choice(60, 10, replace=False).tolist())
        for at, novel in enumerate(drawn[:60]):
            text = cut_words(novel["text"], 0, NOVEL_WORDS)
            if at in noticed:
                text = f"{NOTICES[language]}\n\n{text}"
            works.append(_work(novel, "", text, has_notice=at in noticed))
        for novel in drawn[60:80]:
            words = len(word_spans(novel["text"]))
            for part in (1, 2):
                length = int(rng.integers(300, 3001))
                begin = int(rng.integers(0, words // 2 - length)) + (part - 1) * (words // 2)
                works.append(_work(novel, f"-{part}", cut_words(novel["text"], begin, length)))
    for work in works:
        work.spans = word_spans(work.text)
    return works


def _work(novel: dict[str, str], suffix: str, text: str, *, has_notice: bool = False) -> WorkText:
    title = novel["title"] or novel["name"]
    if suffix:
        title += f" (extract {suffix[1:]})"
    name = novel["name"] + suffix
    return WorkText(name, novel["language"], title, novel["author"], novel["published"], text, has_notice)


def draw_hosts(
    novels: list[dict[str, str]], documentation: pa.Table, shared: SharedRuns, rng: np.random.Generator
) -> list[Document]:
    """Half novels without much of the works in them, half documentation, cut into documents, in random order."""
    documents: list[Document] = []
    pools = {
        "fr": [n for n in novels if n["collection"] == "ELTeC-fra-ext1"],
        "en": [n for n in novels if n["collection"] in {"ELTeC-eng-ext", "100_english_novels"}],
    }
    for language, most in (("fr", 110), ("en", 60)):
        size = taken = 0
        for at in rng.permutation(len(pools[language])):
            novel = pools[language][at]
            if size >= HALF / 2 or taken == most:
                break
            if shared.share(novel["text"]) > 0.02:
                continue
            taken += 1
            size += len(novel["text"].encode())
            documents += cut_documents(novel["name"], language, novel["text"], rng)
        print(f"corpus: {taken} novels in {language}, {size / 1e6:.1f} MB")
    size = 0
    for at in rng.permutation(len(documentation)):
        row = documentation.slice(int(at), 1).to_pylist()[0]
        text = row["text"][:LARGEST_TEXT]
        if size >= HALF:
            break
        size += len(text.encode())
        documents += cut_documents(row["path"], row["language"], text, rng)
    order = rng.permutation(len(documents))
    return [documents[at] for at in order]


def cut_documents(source: str, language: str, text: str, rng: np.random.Generator) -> list[Document]:
    """Cut at paragraph ends, into documents of 80 + lognormal(6.0, 0.9) words."""
    documents, paragraphs, words = [], [], 0
    wanted = 80 + rng.lognormal(6.0, 0.9)
    for paragraph in text.split("\n\n"):
        paragraphs.append(paragraph)
        words += len(paragraph.split())
        if words >= wanted:
            documents.append(Document(source, language, paragraphs))
            paragraphs, words, wanted = [], 0, 80 + rng.lognormal(6.0, 0.9)
    if paragraphs:
        documents.append(Document(source, language, paragraphs))
    return documents


def plant(documents: list[Document], works: list[WorkText], rng: np.random.Generator) -> None:
    """Give 1,680 passages to documents, and the rights notice to 300 others."""
    common = {language: commonest(works, language) for language in NOTICES}
    for at in rng.choice(len(documents), BOILERPLATE_DOCUMENTS, replace=False):
        documents[at].boilerplate = True
    hosts = {
        language: [
            d for d in documents if d.language == language and not d.boilerplate and len(d.paragraphs) > 1
        ]
        for language in NOTICES
    }
    fresh = {language: list(rng.permutation(len(hosts[language]))) for language in NOTICES}
    kinds = [(length, name) for length in LENGTHS for name in ALTERATIONS for _ in range(REPEATS)]
    for at in rng.permutation(len(kinds)):
        length, name = kinds[at]
        passage = draw_passage(works, length, rng)
        work = passage["work_text"]
        language = work.language if rng.random() < 0.85 else {"en": "fr", "fr": "en"}[work.language]
        new = rng.random() < 0.92
        host = hosts[language][fresh[language].pop() if new else rng.integers(len(hosts[language]))]
        text = ALTERATIONS[name](passage.pop("text"), rng, common[work.language])
        host.planted.append({**passage, "altered": text, "words": length, "alteration": name})


def commonest(works: list[WorkText], language: str) -> list[str]:
    """The 3,000 commonest words of a language in the works."""
    counts: Counter[str] = Counter()
    for work in works:
        if work.language == language:
            counts.update(re.findall(r"[^\W\d_]+", work.text.casefold()))
    return sorted(counts, key=lambda word: (-counts[word], word))[:3000]


def draw_passage(works: list[WorkText], length: int, rng: np.random.Generator) -> dict[str, object]:
    """A run of whole words of a random work that is long enough, not from the words beside a rights notice."""
    while True:
        work = works[rng.integers(len(works))]
        first = NOTICE_WORDS if work.has_notice else 0
        if len(work.spans) - first >= length:
            break
    begin = first + int(rng.integers(0, len(work.spans) - first - length + 1))
    span = work.spans[begin][0], work.spans[begin + length - 1][1]
    return {"work_text": work, "work_begin": span[0], "work_end": span[1], "text": work.text[slice(*span)]}


def compose(
    document: Document, rng: np.random.Generator
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Write the document's text. Returns rows of truth and of boilerplate."""
    gaps = np.arange(1, len(document.paragraphs))
    places = rng.choice(gaps, len(document.planted), replace=len(gaps) < len(document.planted))
    pieces: list[tuple[str, dict[str, object] | None]] = [(text, None) for text in document.paragraphs]
    for place, planted in sorted(zip(places.tolist(), document.planted, strict=True), key=lambda p: -p[0]):
        pieces.insert(place, (str(planted["altered"]), planted))
    truth, boilerplate, at = [], [], 0
    for text, planted in pieces:
        if planted is not None:
            work = planted["work_text"]
            kept = {key: planted[key] for key in ("work_begin", "work_end", "words", "alteration")}
            truth.append(
                {"document": document.name, "begin": at, "end": at + len(text), "work": work.name, **kept}
            )
        at += len(text) + 2
    texts = [text for text, _ in pieces]
    if document.boilerplate:
        notice = NOTICES[document.language]
        boilerplate = [_shared(document, at, at + len(notice), "", "boilerplate")]
        texts.append(notice)
    document.text = "\n\n".join(texts)
    return truth, boilerplate


def _shared(document: Document, begin: int, end: int, work: str, kind: str) -> dict[str, object]:
    return {"document": document.name, "begin": begin, "end": end, "work": work, "kind": kind}


def natural_overlaps(
    document: Document, truth: list[dict[str, object]], shared: SharedRuns
) -> list[dict[str, object]]:
    """Runs in common with a work that nobody planted.

    `natural` stands outside planted passages. `quotation` stands inside a passage planted from another work:
    the two works themselves have these words in common.
    """
    rows = []
    notice_at = (
        len(document.text) - len(NOTICES[document.language]) if document.boilerplate else len(document.text)
    )
    for begin, end, work in shared.runs(document.text):
        if end > notice_at:
            continue
        met = [row for row in truth if row["begin"] < end and begin < row["end"]]
        if not any(row["work"] == work for row in met):
            rows.append(_shared(document, begin, end, work, "quotation" if met else "natural"))
    return rows


def small_set(documents: list[Document], kept: set[str], rng: np.random.Generator) -> list[Document]:
    """Every document with something in it, then others up to 30 MB, in corpus order."""
    size = sum(len(d.text.encode()) for d in documents if d.name in kept)
    chosen = set(kept)
    for at in rng.permutation(len(documents)):
        if size >= SMALL_SET:
            break
        if documents[at].name not in chosen:
            chosen.add(documents[at].name)
            size += len(documents[at].text.encode())
    return [document for document in documents if document.name in chosen]


def build(texts: Path, out: Path, seed: int) -> None:
    """Build the data set of `seed` under `out`."""
    rng = np.random.default_rng(seed)
    novels = pq.read_table(texts / "novels.parquet").to_pylist()
    documentation = pq.read_table(texts / "documentation.parquet")
    works = draw_works(novels, rng)
    shared = SharedRuns({work.name: work.text for work in works})
    documents = draw_hosts(novels, documentation, shared, rng)
    plant(documents, works, rng)
    truth: list[dict[str, object]] = []
    overlaps: list[dict[str, object]] = []
    for at, document in enumerate(documents):
        document.name = f"document-{at:06d}"
        planted, boilerplate = compose(document, rng)
        truth += planted
        overlaps += boilerplate + natural_overlaps(document, planted, shared)
    kept = {str(row["document"]) for row in truth + overlaps}
    out.mkdir(parents=True, exist_ok=True)
    write_works(works, out)
    small = small_set(documents, kept, rng)
    write_corpus(documents, small, out)
    pq.write_table(pa.Table.from_pylist(truth), out / "truth.parquet", compression="zstd")
    pq.write_table(pa.Table.from_pylist(overlaps), out / "shared.parquet", compression="zstd")
    summary = {
        "seed": seed,
        "works": len(works),
        "works_bytes": sum(len(work.text.encode()) for work in works),
        "works_words": sum(len(work.spans) for work in works),
        "documents": len(documents),
        "corpus_bytes": sum(len(document.text.encode()) for document in documents),
        "corpus_words": sum(len(document.text.split()) for document in documents),
        "planted": len(truth),
        "shared": dict(Counter(str(row["kind"]) for row in overlaps)),
        "small_documents": len(small),
    }
    (out / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    print(json.dumps(summary, indent=2))


def main() -> None:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--texts", type=Path, default=here / "work" / "texts")
    parser.add_argument("--out", type=Path, help="default: benchmarks/data/seed<N>")
    options = parser.parse_args()
    build(options.texts, options.out or here / "data" / f"seed{options.seed}", options.seed)


if __name__ == "__main__":
    main()
