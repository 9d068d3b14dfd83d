"""A corpus as text and as token ids, the works that stand in it, and small tokenisers to write it with."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pydoc_data import topics
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus.tokens.token_samples import write_megatron
from countermark.corpus.tokens.encoding import WordEncoder
from countermark.corpus.tokens.folder import add_table
from countermark.corpus.tokens.table import SPECIAL, Kind, TokenTable, table_of
from countermark.index.build import build_index
from written_works import work_file

if TYPE_CHECKING:
    from pathlib import Path

MERGES = 300
_PARTS = re.compile(r" ?[^\W\d_]+| ?\d+| ?[^\s\w]+|\s+|_+")
_LONGEST = 64
LONGEST = [text for _, text in sorted(topics.topics.items(), key=lambda topic: -len(topic[1]))]
WORKS = {"First": LONGEST[0], "Second": LONGEST[1]}


@cache
def tokenizer(seed: int = 0) -> TokenTable:
    """A byte-level BPE, trained on a few pages; another seed gives other pages and other ids."""
    counts = Counter(_PARTS.findall(" ".join(LONGEST[30 + seed : 60 : 2])[:40_000]))
    words = [[bytes([byte]) for byte in word.encode()] for word in counts]
    tokens = [bytes([byte]) for byte in range(256)]
    tokens += [_merged(words, list(counts.values())) for _ in range(MERGES)]
    order = [float("inf")] * 256 + [float(rank) for rank in range(MERGES)]
    mixed = random.Random(seed).sample(range(len(tokens)), len(tokens))
    return table_of(
        f"small-{seed}",
        Kind.BYTES,
        [*(tokens[at] for at in mixed), b""],
        [0] * len(tokens) + [SPECIAL],
        [*(order[at] for at in mixed), float("inf")],
        ends=(len(tokens),),
        source=f"small-{seed}.json",
    )


def _merged(words: list[list[bytes]], weights: list[int]) -> bytes:
    """Merge the commonest pair of all words, and return it."""
    pairs: Counter[tuple[bytes, bytes]] = Counter()
    for word, weight in zip(words, weights, strict=True):
        for pair in pairwise(word):
            pairs[pair] += weight
    best = max(pairs, key=lambda pair: (pairs[pair], pair))
    for word in words:
        at = 0
        while at < len(word) - 1:
            if (word[at], word[at + 1]) == best:
                word[at : at + 2] = [best[0] + best[1]]
            at += 1
    return best[0] + best[1]


def encoded(table: TokenTable, text: str) -> list[int]:
    """The ids of a text; they give it back whole."""
    encoder = WordEncoder(table)
    ids: list[int] = []
    for part in _PARTS.findall(text):
        for begin in range(0, len(part), _LONGEST):
            ids += encoder.encode(part[begin : begin + _LONGEST].encode()) or ()
    return ids


def texts(count: int = 12, seed: int = 0) -> list[str]:
    """Documents, every second with a passage of a work."""
    made = []
    works = list(WORKS.values())
    for number in range(count):
        at = 500 + 700 * (number + count * seed)
        passage = works[number % 4 // 2][at : at + 700] if number % 2 else ""
        other = LONGEST[60 + (number + seed) % 15]
        made.append(f"{other[:1200]}\n\n{passage}\n\n{other[1200:2000]}")
    return made


def works_index(folder: Path) -> Path:
    """An index of the two works."""
    out = folder / "works.index"
    build_index([work_file(name, text) for name, text in WORKS.items()], out)
    return out


def tables(folder: Path, *seeds: int) -> Path:
    """A folder of tables."""
    for seed in seeds or (0, 1):
        add_table(tokenizer(seed), folder / "tables")
    return folder / "tables"


def as_text(folder: Path, documents: list[str]) -> Path:
    """JSON Lines, a document a line."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "train.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in documents))
    return path


def as_megatron(folder: Path, documents: list[str], table: TokenTable, name: str = "train.bin") -> Path:
    """Megatron's `.bin` and `.idx`, a sequence a document."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_megatron(folder / name, [[[*encoded(table, text), *table.ends]] for text in documents])


def as_parquet(folder: Path, documents: list[str], table: TokenTable, name: str = "train.parquet") -> Path:
    """Parquet with a column `input_ids`, a row a document."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[Any] = [[*encoded(table, text), *table.ends] for text in documents]
    pq.write_table(pa.table({"input_ids": pa.array(rows, pa.list_(pa.int32()))}), folder / name)
    return folder / name


def as_stream(folder: Path, documents: list[str], table: TokenTable, name: str = "train.bin") -> Path:
    """A row of uint16, as nanoGPT has it."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = [one for text in documents for one in (*encoded(table, text), *table.ends)]
    (folder / name).write_bytes(np.array(ids, "<u2").tobytes())
    return folder / name
