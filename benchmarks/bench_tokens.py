"""Tokenised corpora: how fast ids are decoded, what a scan of them costs, and whether it finds what the text's finds.

`python benchmarks/bench_tokens.py --seed 2` needs the tokenisers of `token_sources.py` and the data set of the seed
(`plant.py`), and writes results/tokens.json; `--parts` measures some parts and leaves the others of that file as they
are. Needs tiktoken, sentencepiece and tokenizers beside Countermark, which tokenise the corpus and give its ids back.

- `decode`: MB of text a CPU second of one thread, beside tiktoken, a gather by NumPy, and a copy of the same bytes.
- `scan`: CPU seconds of scans of the same documents as Parquet text and as ids.
- `equality`: five byte-level tokenisers in each format, the tokeniser not named: every column of every finding but
  those that say where the record stands is to be that of the plain corpus, and each token span the fewest ids that hold
  the passage, by the bytes that the tokeniser's own library gives. Tokenisers that change texts, and packed rows, are
  reported as they are, against the findings in the plain corpus.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

from results import ROOT, data_folder, one_thread, save

one_thread()

import pyarrow as pa  # noqa: E402

from bench_limits import child_cpu  # noqa: E402
from countermark.corpus.tokens.folder import add_table, table_from  # noqa: E402
from token_compare import (  # noqa: E402
    TokenSpans,
    equality,
    findings,
    in_documents,
    recall,
    sequences_right,
)
from token_made import (  # noqa: E402
    EXACT,
    EXTRAS,
    FORMATS,
    OTHERS,
    Texts,
    Tokenised,
    texts_of,
    token_bytes,
    tokenised,
    tokeniser_file,
)
from token_speed import (  # noqa: E402
    DECODED,
    SCANNED,
    TABLES,
    WORK,
    decode_speeds,
    scan,
    scan_costs,
    write_text,
)

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ("decode", "scan", "equality")
PACK = 2048
PACKED = ("gpt2", "o200k_base")
"""Tokenisers, with ids of two bytes and of four, that are also packed, and written in the less usual formats."""
MEASURED_WITH = ("numba", "numpy", "pyarrow", "tiktoken", "sentencepiece", "tokenizers")


def make_tables(folder: Path) -> None:
    """The tables of all tokenisers, as a user has them."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in EXACT | OTHERS:
        add_table(table_from(tokeniser_file(name), name), folder)


def build_index(data: Path, out: Path) -> Path:
    """The index of the works of a data set."""
    shutil.rmtree(out, ignore_errors=True)
    sys_python = [sys.executable, "-m", "countermark"]
    child_cpu([*sys_python, "index", "build", str(data / "works"), "--out", str(out)])
    return out


def plain_findings(texts: Texts, index: Path) -> list[dict[str, Any]]:
    """The findings in the plain corpus, with the number of their document."""
    scan(index, write_text(texts, WORK / "text"), WORK / "run")
    rows = findings(WORK / "run")
    for row in rows:
        row["document"] = row["row"]
    return rows


def found_in(corpus: Tokenised, format_: str, index: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The findings in a corpus as ids, and what the run says of its tokeniser."""
    folder = corpus.write(format_, WORK / "ids")
    cpu = scan(index, folder, WORK / "run")
    rows = in_documents(findings(WORK / "run"), format_, corpus)
    return rows, {"taken_for": taken_for(WORK / "run"), "cpu_s": round(cpu, 2)}


def taken_for(run: Path) -> list[str]:
    """The names of the tokenisers that a run chose, from its receipts."""
    receipts = (json.loads(path.read_text()) for path in sorted((run / "receipts").rglob("*.json")))
    return sorted({str(receipt["tokens"]["tokenizer"]) for receipt in receipts if receipt.get("tokens")})


def exact(name: str, texts: Texts, plain: list[dict[str, Any]], index: Path) -> dict[str, Any]:
    """One byte-level tokeniser in every format."""
    corpus = tokenised(name, texts)
    spans = TokenSpans(corpus, texts, token_bytes(name))
    told: dict[str, Any] = {"documents_given_back": spans.whole_documents(), "formats": {}}
    for format_ in (*FORMATS, *(EXTRAS if name in PACKED else ())):
        rows, said = found_in(corpus, format_, index)
        told["formats"][format_] = {
            "findings": len(rows),
            **equality(plain, rows),
            "token_spans_right": spans.right(rows),
            "sequences_right": sequences_right(rows, format_),
            "fragments": sum(row["record_fragment"] for row in rows),
            **said,
        }
        print(name, format_, told["formats"][format_], flush=True)
    return told


def inexact(name: str, texts: Texts, plain: list[dict[str, Any]], index: Path) -> dict[str, Any]:
    """One tokeniser that changes texts, in one format, against the plain findings."""
    corpus = tokenised(name, texts)
    rows, said = found_in(corpus, "megatron", index)
    told = {**recall(plain, rows), **equality(plain, rows), **said}
    told["losses"] = list(table_from(tokeniser_file(name)).losses)
    print(name, told, flush=True)
    return told


def packed(name: str, texts: Texts, plain: list[dict[str, Any]], index: Path) -> dict[str, Any]:
    """Rows of PACK ids that cut documents where they end, in Parquet."""
    corpus = tokenised(name, texts)
    corpus.pack = PACK
    rows, said = found_in(corpus, "parquet", index)
    told = {**recall(plain, rows), **said}
    print(name, "packed", told, flush=True)
    return told


def all_equality(texts: Texts, index: Path, names: list[str]) -> dict[str, Any]:
    """The tokenisers named against the plain corpus."""
    plain = plain_findings(texts, index)
    print(f"{len(plain)} findings in the plain corpus", flush=True)
    return {
        "mb": round(texts.size / 1e6, 1),
        "documents": len(texts.names),
        "plain_findings": len(plain),
        "pack": PACK,
        "exact": {name: exact(name, texts, plain, index) for name in EXACT if name in names},
        "as_they_are": {name: inexact(name, texts, plain, index) for name in OTHERS if name in names},
        "packed": {name: packed(name, texts, plain, index) for name in PACKED if name in names},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--decode-mb", type=float, default=20)
    parser.add_argument("--scan-mb", type=float, default=200, help="of corpus.parquet, which has 155")
    parser.add_argument("--equality-mb", type=float, default=40, help="of small.parquet, which has 30")
    parser.add_argument(
        "--tokenisers", nargs="+", default=list(EXACT | OTHERS), help="only these, in `equality`"
    )
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--no-save", action="store_true")
    given = parser.parse_args()
    pa.set_cpu_count(1)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT.parent / "src"), os.environ.get("PYTHONPATH", "")])
    data = data_folder(given.seed)
    make_tables(TABLES)
    kept = ROOT / "results" / "tokens.json"
    numbers: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    numbers = {part: numbers[part] for part in PARTS if part in numbers} | {"seed": given.seed}
    if "decode" in given.parts:
        texts = texts_of(data / "corpus.parquet", int(given.decode_mb * 1e6))
        numbers["decode"] = {name: decode_speeds(name, texts, given.repeats) for name in DECODED}
        print(json.dumps(numbers["decode"], indent=1), flush=True)
    index = build_index(data, WORK / "works.index") if {"scan", "equality"} & set(given.parts) else WORK
    if "scan" in given.parts:
        texts = texts_of(data / "corpus.parquet", int(given.scan_mb * 1e6))
        names = [name for name in SCANNED if name in given.tokenisers]
        numbers["scan"] = scan_costs(texts, names, index, WORK / "scan", given.repeats)
        print(json.dumps(numbers["scan"], indent=1), flush=True)
    if "equality" in given.parts:
        texts = texts_of(data / "small.parquet", int(given.equality_mb * 1e6))
        numbers["equality"] = all_equality(texts, index, given.tokenisers)
    if not given.no_save:
        save("tokens", numbers, MEASURED_WITH)


if __name__ == "__main__":
    main()
