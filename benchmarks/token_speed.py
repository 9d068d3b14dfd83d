"""What tokens cost: decoding, beside tiktoken, NumPy and a copy of the bytes; and scans, beside those of the text."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench_limits import child_cpu
from countermark.corpus.tokens.block import BLOCK_TOKENS, TokenBlock, int32_ids
from countermark.corpus.tokens.decoding import decode, decoded
from countermark.corpus.tokens.folder import table_from
from results import ROOT
from token_made import Texts, tokenised, tokeniser_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from countermark.corpus.tokens.table import TokenTable
    from token_made import Tokenised

DECODED = ("gpt2", "cl100k_base", "o200k_base")
WORK = ROOT / "work" / "tokens"
TABLES = WORK / "tables"
SCANNED = ("gpt2", "o200k_base")
SCAN_FORMATS = ("megatron", "nanogpt", "parquet")
ROW_GROUP = 2000
FEW_BYTES = 300_000
"""A corpus of so little text that a scan of it takes next to nothing but starting."""


def blocks_of(corpus: Tokenised) -> list[TokenBlock]:
    """Blocks as the reader of Megatron files hands them over: whole documents, each with its end."""
    blocks, begin = [], 0
    while begin < len(corpus.documents):
        end = int(np.searchsorted(corpus.starts, corpus.starts[begin] + BLOCK_TOKENS))
        end = min(max(end, begin + 1), len(corpus.documents))
        parts = [part for one in corpus.documents[begin:end] for part in (one.ids, [corpus.made.end])]
        edges = corpus.starts[begin : end + 1] - corpus.starts[begin]
        bounds = np.stack([edges[:-1], edges[1:]], axis=1)
        row = np.arange(begin, end)
        whole = np.ones(len(row), np.uint8)
        ids = int32_ids(np.concatenate(parts).astype(np.uint32))
        blocks.append(TokenBlock(ids, bounds, row, row, np.zeros_like(row), whole, np.diff(edges)))
        begin = end
    return blocks


def gathered(ids: npt.NDArray[np.int32], table: TokenTable) -> npt.NDArray[np.uint8]:
    """The text of ids by NumPy alone: one index for each byte."""
    starts = table.offsets[ids]
    lengths = table.offsets[ids + 1] - starts
    ends = np.cumsum(lengths)
    return table.data[np.arange(ends[-1]) + np.repeat(starts - ends + lengths, lengths)]


def decode_speeds(name: str, texts: Texts, repeats: int) -> dict[str, Any]:
    """MB of text that one thread decodes in a CPU second, in each way, in turn, block by block; medians."""
    table, corpus = table_from(tokeniser_file(name)), tokenised(name, texts)
    blocks = blocks_of(corpus)
    lists = [(block.ids - corpus.made.shift).tolist() for block in blocks]
    whole = [np.frombuffer(decode(block.ids, table), np.uint8) for block in blocks]
    room = [np.empty_like(text) for text in whole]
    same = [
        gathered(block.ids, table).tobytes() == text.tobytes()
        for block, text in zip(blocks, whole, strict=True)
    ]
    ways: dict[str, Callable[[], Any]] = {
        "documents with their places": lambda: [decoded(block, table, "") for block in blocks],
        "one run of ids": lambda: [decode(block.ids, table) for block in blocks],
        "tiktoken decode_bytes": lambda: [corpus.made.made.decode_bytes(ids) for ids in lists],
        "NumPy gather": lambda: [gathered(block.ids, table) for block in blocks],
        "copy of the bytes": lambda: [np.copyto(to, text) for to, text in zip(room, whole, strict=True)],
    }
    taken = in_turn({way: seconds_of(work) for way, work in ways.items()}, repeats)
    size, ids = sum(map(len, whole)), sum(len(block.ids) for block in blocks)
    return {
        "mb": round(size / 1e6, 1),
        "bytes_an_id": round(size / ids, 2),
        "table_mb": round(table.offsets[-1] / 1e6, 2),
        "gather_gives_the_same": all(same),
        "mb_per_s": {way: round(size / 1e6 / cpu, 1) for way, cpu in taken.items()},
    }


def seconds_of(work: Callable[[], Any]) -> Callable[[], float]:
    """What measures the CPU seconds of some work in this process."""

    def measure() -> float:
        begin = time.process_time()
        work()
        return time.process_time() - begin

    return measure


def in_turn(measures: dict[str, Callable[[], float]], repeats: int) -> dict[str, float]:
    """Medians of several measurements, each taken once a round, after one round that does not count."""
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for repeat in range(repeats + 1):
        for name, measure in measures.items():
            seconds = measure()
            if repeat:
                taken[name].append(seconds)
    return {name: statistics.median(all_) for name, all_ in taken.items()}


def scan(index: Path, corpus: Path, out: Path) -> float:
    """CPU seconds of all processes of `countermark scan`, one worker, the tokeniser not named."""
    shutil.rmtree(out, ignore_errors=True)
    os.environ["COUNTERMARK_TOKENIZERS"] = str(TABLES)
    command = [sys.executable, "-m", "countermark", "scan", str(index), str(corpus), "--out", str(out)]
    return child_cpu([*command, "--workers", "1", "--json"])


def write_text(texts: Texts, folder: Path) -> Path:
    """The documents as Parquet, compressed by Zstandard, in a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    table = pa.table({"id": texts.names, "text": texts.texts})
    pq.write_table(table, folder / "text.parquet", compression="zstd", row_group_size=ROW_GROUP)
    return folder


def scan_costs(texts: Texts, names: list[str], index: Path, work: Path, repeats: int) -> dict[str, Any]:
    """CPU seconds of scans of the same documents as text and as tokens, whole and beyond what starting takes."""
    count = max(1, len(texts.names) * FEW_BYTES // texts.size)
    few = Texts(texts.names[:count], texts.texts[:count])
    folders = {"text": (write_text(texts, work / "text"), write_text(few, work / "text-few"))}
    for name in names:
        whole, little = tokenised(name, texts), tokenised(name, few)
        for kind in SCAN_FORMATS:
            place = work / f"{name}-{kind}"
            folders[f"{name}, {kind}"] = (
                whole.write(kind, place),
                little.write(kind, place.with_name(f"{place.name}-few")),
            )
    measures = {
        (name, part): lambda folder=folder: scan(index, folder, work / "run")
        for name, pair in folders.items()
        for part, folder in zip(("whole", "few"), pair, strict=True)
    }
    taken = in_turn({f"{name}|{part}": measure for (name, part), measure in measures.items()}, repeats)
    told: dict[str, Any] = {}
    for name in folders:
        cpu, start = taken[f"{name}|whole"], taken[f"{name}|few"]
        told[name] = {"cpu_s": round(cpu, 2), "few_cpu_s": round(start, 2), "beyond_s": round(cpu - start, 2)}
    for name, row in told.items():
        row["times_the_text"] = round(row["cpu_s"] / told["text"]["cpu_s"], 3)
        row["times_the_text_beyond"] = round(row["beyond_s"] / told["text"]["beyond_s"], 3)
        if name == "text":
            row["mb"], row["few_mb"] = round(texts.size / 1e6, 1), round(few.size / 1e6, 2)
    return told
