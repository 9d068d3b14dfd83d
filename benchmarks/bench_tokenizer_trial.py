"""Is the tokeniser of a corpus told rightly, and is a wrong one noticed? Random passages of 10 kB and more.

    python benchmarks/bench_tokenizer_trial.py --tokenizers FILES --texts TEXTS     writes results/tokenizer-trial.json

FILES is a folder with the files that the tables of `--tables` were built from, under their own names, with which the
texts are encoded: by tiktoken, sentencepiece and tokenizers, not by the engine. TEXTS holds plain texts (`*.txt`) or
what `sources.py` writes (`*.parquet`). By default the tables are those of `countermark tokenizer add`.

Each trial draws a text, a passage, a tokeniser, and one of the cases below. What counts is what would be read: "right"
is a clear answer that reads the passage's own bytes, "wrong" one that reads other bytes, "unclear" a refusal. Apart
from these stand answers that read all ids rightly that the table has, where a few are beyond it: see `outcome`.

A shift by 768 makes the ids of Mistral's first table those of its third, but for the last 768: the third is then
rightly named, and counted as wrong where the passage holds one of these.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from countermark.corpus.tokens.block import Sample
from countermark.corpus.tokens.folder import default_folder, tables_in
from countermark.corpus.tokens.table import UNUSED
from countermark.corpus.tokens.trial import Trial, check, contradicts, token_bytes, try_tables
from countermark.probability.binomial import clopper_pearson
from results import save

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.corpus.tokens.table import TokenTable

    Encode = Callable[[str], list[int]]

LONG = 300_000
RAW = ("<u2", "<u4", ">u2", ">u4")
CASES = {
    "as written": "nothing is wrong: the tokeniser is among the tables",
    "tokeniser left out": "the tokeniser is not among the tables",
    "wrong width": "only the other width is tried, in both byte orders",
    "wrong byte order": "only the other byte order is tried, in both widths",
    "64-bit numbers": "written as int64, tried as 16 and 32 bits",
    "shuffled": "the ids stand in random order",
    "random": "the ids are drawn evenly from the table",
    "shifted": "a number is added to each id",
}
QWEN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def encoder_of(table: TokenTable, folder: Path) -> Encode:
    """The encoder of a tokeniser's own file, in another's library."""
    path = next((path for path in sorted(folder.rglob(table.source)) if path.is_file()), None)
    if path is None:
        raise SystemExit(f"{folder}: {table.source}, of which the table {table.name} was built, is not there")
    if path.suffix in {".js", ".cjs"}:
        text = path.read_text(encoding="utf-8")
        said = json.loads(text[text.index("{") : text.rindex("}") + 1])
        ranks = {}
        for line in said["bpe_ranks"].split("\n"):
            _, first, *tokens = line.split(" ")
            ranks |= {base64.b64decode(token): int(first) + at for at, token in enumerate(tokens)}
        return _tiktoken(table.name, said["pat_str"], ranks)
    if path.suffix == ".tiktoken":
        pairs = (line.split() for line in path.read_bytes().splitlines() if line)
        return _tiktoken(table.name, QWEN, {base64.b64decode(token): int(rank) for token, rank in pairs})
    if path.suffix == ".json":
        return _json(table.name, path)
    import sentencepiece  # noqa: PLC0415

    encode: Encode = sentencepiece.SentencePieceProcessor(model_proto=path.read_bytes()).encode
    return encode


def _tiktoken(name: str, pattern: str, ranks: dict[bytes, int]) -> Encode:
    import tiktoken  # noqa: PLC0415

    encode: Encode = tiktoken.Encoding(
        name, pat_str=pattern, mergeable_ranks=ranks, special_tokens={}
    ).encode_ordinary
    return encode


def _json(name: str, path: Path) -> Encode:
    said = json.loads(path.read_text(encoding="utf-8"))
    if "config" in said:  # tekken: ranks begin after the special tokens
        special = int(said["config"]["default_num_special_tokens"])
        most = int(said["config"]["default_vocab_size"]) - special
        ranks = {
            base64.b64decode(one["token_bytes"]): one["rank"] for one in said["vocab"] if one["rank"] < most
        }
        inner = _tiktoken(name, said["config"]["pattern"], ranks)
        return lambda text: [special + number for number in inner(text)]
    from tokenizers import Tokenizer  # noqa: PLC0415

    made = Tokenizer.from_file(str(path))
    made.no_truncation()
    made.no_padding()
    return lambda text: list(made.encode(text, add_special_tokens=False).ids)


def texts_of(folder: Path) -> list[tuple[str, str]]:
    """Every text of 20 kB or more."""
    found = [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))]
    for path in sorted(folder.glob("*.parquet")):
        for number, text in enumerate(pq.read_table(path, columns=["text"])["text"].to_pylist()):
            found.append((f"{path.stem}-{number}", text))
    found = [(name, text) for name, text in found if len(text.encode()) >= 20_000]
    if not found:
        raise SystemExit(f"{folder}: no text of 20 kB or more")
    return found


def passage_of(text: str, draw: random.Random) -> str:
    """A passage of at least 10 kB; one in ten is long, up to more ids than a trial looks at."""
    most = LONG if draw.random() < 0.1 else 20_000
    size = min(len(text), draw.randrange(10_000, most))
    begin = draw.randrange(len(text) - size + 1)
    while len(text[begin : begin + size].encode()) < 10_000:
        size += 1000
    return text[begin : begin + size]


def tried(
    case: str, ids: list[int], table: TokenTable, tables: list[TokenTable], draw: random.Random
) -> tuple[Trial, dict[str, list[np.ndarray[Any, Any]]]]:
    """The trial of one case, and the ids as each type reads them."""
    array, noise = np.array(ids, np.int64), np.random.default_rng(draw.randrange(1 << 32))
    wide = len(table) > 1 << 16 or draw.random() < 0.3
    order = draw.choice("<>")
    written, dtypes = f"{order}u{4 if wide else 2}", RAW
    if case == "shuffled":
        noise.shuffle(array)
    elif case == "random":
        array = noise.integers(0, len(table), len(array))
    elif case == "shifted":
        array = (array + draw.choice((1, 2, 3, 100, 256, 768))) % len(table)
    elif case == "tokeniser left out":
        tables = [one for one in tables if one is not table]
    elif case == "wrong width":
        dtypes = tuple(one for one in RAW if one[1:] != written[1:])
    elif case == "wrong byte order":
        dtypes = tuple(one for one in RAW if one[0] != order)
    elif case == "64-bit numbers":
        written = f"{order}i8"
    raw = np.frombuffer(array.astype(written).tobytes(), np.uint8)
    read = {one: [raw[: len(raw) // 8 * 8].view(one).astype(np.int64).astype(np.int32)] for one in dtypes}
    return try_tables(Sample((raw[: len(raw) // 8 * 8],), dtypes), tables), read


def outcome(
    trial: Trial, read: dict[str, Any], ids: list[int], tables: list[TokenTable], table: TokenTable
) -> str:
    """Right, right but for ids that the chosen table has not (they are counted, and read as U+FFFD), wrong, unclear."""
    if not trial.clear or trial.best is None:
        return "unclear"
    chosen = next(one for one in tables if one.digest == trial.best.table)
    got = _text(read[trial.best.dtype][0], chosen)
    if _is_all(got, _text(np.array(ids, np.int32), table)):
        return "right"
    shared = np.array([one for one in ids if one < len(chosen) and chosen.flags[one] != UNUSED], np.int32)
    return "right but for ids beyond the table" if _is_all(got, _text(shared, table)) else "wrong"


def _text(ids: np.ndarray[Any, Any], table: TokenTable) -> bytes:
    return token_bytes([ids], table)[0].tobytes().replace(b"\0", b"")


def _is_all(got: bytes, meant: bytes) -> bool:
    """Whether it is the same text; the last ids may be cut off, to whole words of eight bytes."""
    return meant.startswith(got) and len(meant) - len(got) < 64


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tokenizers", type=Path, required=True, help="folder of the tokenisers' own files")
    parser.add_argument("--tables", type=Path, default=None, help="folder of tables")
    parser.add_argument("--texts", type=Path, default=Path(__file__).parent / "work" / "texts")
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--rows", type=Path, help="keep each trial in this file, and go on where it ends")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many")
    options = parser.parse_args()
    tables = tables_in(options.tables or default_folder())
    encoders = {table.digest: encoder_of(table, options.tokenizers) for table in tables}
    texts = texts_of(options.texts)
    kept = options.rows.read_text().splitlines() if options.rows and options.rows.exists() else []
    rows, begun = [json.loads(line) for line in kept], time.monotonic()
    while len(rows) < options.trials and time.monotonic() - begun < options.seconds:
        draw = random.Random(f"{options.seed} {len(rows)}")
        rows.append(one_trial(texts, tables, encoders, draw))
        if options.rows:
            with options.rows.open("a") as file:
                file.write(json.dumps(rows[-1]) + "\n")
    if len(rows) < options.trials:
        raise SystemExit(f"{len(rows)} of {options.trials} trials; give the same command again")
    save("tokenizer-trial", summary(rows, tables, texts, options.seed), ("numpy", "tiktoken", "tokenizers"))


def one_trial(
    texts: list[tuple[str, str]], tables: list[TokenTable], encoders: dict[str, Encode], draw: random.Random
) -> dict[str, Any]:
    """One passage in one case."""
    name, text = draw.choice(texts)
    table, (case,) = draw.choice(tables), draw.choices(list(CASES), [3, 2, 1, 1, 1, 1, 1, 1])
    ids = encoders[table.digest](passage_of(text, draw))
    begun = time.process_time()
    trial, read = tried(case, ids, table, tables, draw)
    took = time.process_time() - begun
    found = outcome(trial, read, ids, tables, table)
    bounds, other = np.array([[0, len(ids)]]), draw.choice([one for one in tables if one is not table])
    whole = np.array(ids, np.int32)
    row = {
        "text": name,
        "tokenizer": table.name,
        "case": case,
        "found": found,
        "named": trial.best.name if trial.clear and trial.best else "",
        "seconds": took,
        "refused_right": contradicts(check(whole, bounds, table)),
        "refused_wrong": contradicts(check(whole, bounds, other)),
    }
    if found == "wrong":
        print(row, trial.best)
    return row


def summary(
    rows: list[dict[str, Any]], tables: list[TokenTable], texts: list[tuple[str, str]], seed: int
) -> dict[str, Any]:
    """Counts by case, with exact bounds at 95 %."""
    by_case: dict[str, Counter[str]] = defaultdict(Counter)
    unclear: Counter[str] = Counter()
    for row in rows:
        by_case[row["case"]][row["found"]] += 1
        if row["case"] == "as written" and row["found"] == "unclear":
            unclear[row["text"]] += 1
    wrong = sum(found["wrong"] for found in by_case.values())
    plain = by_case["as written"]
    refused = {kind: sum(row[f"refused_{kind}"] for row in rows) for kind in ("right", "wrong")}
    return {
        "seed": seed,
        "trials": len(rows),
        "tables": [table.name for table in tables],
        "texts": len(texts),
        "cases": {case: {"meaning": CASES[case], **found} for case, found in sorted(by_case.items())},
        "read_wrongly": [wrong, len(rows)],
        "read_wrongly_interval_95": [round(one, 5) for one in clopper_pearson(wrong, len(rows))],
        "as_written_told": [plain["right"], plain.total()],
        "as_written_told_interval_95": [
            round(one, 4) for one in clopper_pearson(plain["right"], plain.total())
        ],
        "as_written_unclear_by_text": dict(unclear.most_common()),
        "check_refused_the_right_table": [refused["right"], len(rows)],
        "check_refused_another_table": [refused["wrong"], len(rows)],
        "cpu_seconds_a_trial": {
            "median": round(float(np.median([row["seconds"] for row in rows])), 3),
            "greatest": round(max(row["seconds"] for row in rows), 3),
        },
    }


if __name__ == "__main__":
    main()
