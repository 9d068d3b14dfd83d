"""Records and token spans of every format, cut and packed anyhow, against what plain Python makes of the same ids.

Blocks, pieces and lead-outs are made small here, so that a few hundred ids cross every border that a large corpus has.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pytest

from corpus.tokens.token_blocks import Plain, every_byte, plainly, written
from corpus.tokens.token_columns_samples import write_mds, write_table, written_array
from corpus.tokens.token_samples import write_megatron, write_pbin, write_stream
from countermark.corpus.base import Shard
from countermark.corpus.tokens import extents, mds, packing, splitting
from countermark.corpus.tokens.decoding import Decoding
from countermark.corpus.tokens.formats import format_named
from countermark.corpus.tokens.table import TokenTable, read_table, table_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from countermark.corpus.base import RecordBatch

WORDS = [*"la mer était noire — 夜の海 and the wind, naïve 🌊 cried ∀x over Ωmega fields".split(), ""]  # noqa: SIM905
MERGED = [
    b" la",
    b" mer",
    b"the",
    b" wind",
    "é".encode(),
    "夜の".encode(),
    b"ai",
    b", ",
    "🌊".encode()[:2],
    b"ds",
]
SPECIAL_ID = 256 + len(MERGED)
BEYOND = SPECIAL_ID + 7
PIECE, LEAD = 48, 9


class Truth(NamedTuple):
    """A document as it was written: its ids, and where its first one stands. `before` are the ids of its row before."""

    ids: list[int]
    row: int
    sequence: int
    first: int
    before: list[list[int]]


class Read(NamedTuple):
    """A record as it was read, and what its own text begins with."""

    batch: RecordBatch
    number: int

    @property
    def own(self) -> int:
        """Its own code points."""
        ends = self.batch.own_end
        return len(self.text) if ends is None else int(ends[self.number])

    @property
    def text(self) -> str:
        """What it says."""
        return str(self.batch.text[self.number])


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything small."""
    for module in (extents, packing, splitting):
        monkeypatch.setattr(module, "PIECE_TOKENS", PIECE)
        monkeypatch.setattr(module, "LEAD_OUT_TOKENS", LEAD)
        monkeypatch.setattr(module, "BLOCK_TOKENS", PIECE)
    monkeypatch.setattr(splitting, "_NEAR", 5)
    monkeypatch.setattr(mds, "BLOCK_TOKENS", PIECE)


def table_for(*, first_space: bool) -> TokenTable:
    """All bytes, some longer tokens, and an end token."""
    made = every_byte(*MERGED, first_space=first_space)
    data = table_bytes(made).replace(b'"ends": []', b'"ends": [%d]' % SPECIAL_ID, 1)
    return read_table(data, "made")


def drawn(table: TokenTable, seed: int, count: int) -> list[list[int]]:
    """Texts as ids, some far longer than a piece, some with special or unknown ids among them."""
    draw = random.Random(seed)
    made = []
    for number in range(count):
        text = " ".join(draw.choices(WORDS, k=draw.choice((1, 3, 8, 40))))
        ids = written((" " if draw.random() < 0.5 else "") + text, table, seed + number)
        if draw.random() < 0.3:
            ids.insert(draw.randrange(len(ids) + 1), BEYOND)
        made.append(ids)
    return made


def read(format_: str, path: Path, table: TokenTable, part_bytes: int, **options: str) -> Iterator[Read]:
    """The records of a file in parts, in their order."""
    reader = format_named(format_)
    found = reader.shards(str(path), path.name, path.stat().st_size, part_bytes, tuple(options.items()))
    for shard in list(found):
        assert isinstance(shard, Shard), shard
        decoding = Decoding(table, shard.name)
        for block in reader.blocks(shard, table):
            batch = decoding.batch(block)
            assert not batch.refused
            for number in range(len(batch)):
                yield Read(batch, number)


def points_before(plain: Plain, at: int) -> int:
    """The code points that begin before id `at` of a document."""
    return len(set().union(*plain.tokens[:at]))


def compared(
    truths: list[Truth], found: list[Read], table: TokenTable, *, by_position: bool, seed: int
) -> None:
    """Hold what was read against what was written: texts, coordinates, spans, and that nothing lacks or comes twice."""
    draw = random.Random(seed)
    waiting = list(found)
    for truth in truths:
        plain = plainly(truth.ids, table)
        shift = 0 if by_position else sum(len(plainly(ids, table).text) for ids in truth.before)
        done = 0
        while done < len(plain.text):
            assert waiting, f"row {truth.row}: {plain.text[done:]!r} lacks"
            one = waiting.pop(0)
            batch, number = one.batch, one.number
            tokens = batch.tokens
            assert tokens is not None
            document = int(tokens.document[number])
            first = int(tokens.block.first[document])
            assert points_before(plain, first - truth.first) == done
            assert one.text[: one.own] == plain.text[done : done + one.own]
            assert int(batch.row[number]) == (first if by_position else truth.row)
            assert int(batch.char_start[number]) == (0 if by_position else shift + done)
            for _ in range(12):
                start = draw.randrange(one.own)
                end = draw.randint(start + 1, one.own)
                span = tokens.span(number, start, end)
                held = [
                    k
                    for k, points in enumerate(plain.tokens)
                    if points & set(range(done + start, done + end))
                ]
                assert span[:3] == (truth.sequence, truth.first + held[0], truth.first + held[-1] + 1)
            done += one.own
        assert done == len(plain.text)
    assert not waiting


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("first_space", [False, True])
@pytest.mark.parametrize("part_bytes", [1 << 30, 1000, 64])
def test_documents_with_an_index(tmp_path: Path, seed: int, first_space: bool, part_bytes: int) -> None:
    table = table_for(first_space=first_space)
    texts = drawn(table, seed, 14)
    draw = random.Random(seed)
    sequences = [[ids[:at], ids[at:]] if (at := draw.randrange(len(ids))) else [ids] for ids in texts]
    path = write_megatron(tmp_path / "a.bin", sequences)
    at = np.cumsum([0, *map(len, sequences)]).tolist()
    truths = [Truth(ids, row, at[row], 0, []) for row, ids in enumerate(texts)]
    found = list(read("megatron", path, table, part_bytes, ids="<u2"))
    compared(truths, found, table, by_position=False, seed=seed)
    path = write_pbin(tmp_path / "b.pbin", texts)
    truths = [Truth(ids, row, row, 0, []) for row, ids in enumerate(texts)]
    found = list(read("pbin", path, table, part_bytes, ids="<u2"))
    compared(truths, found, table, by_position=False, seed=seed)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("first_space", [False, True])
@pytest.mark.parametrize("part_bytes", [1 << 30, 1000, 90, 34])
@pytest.mark.parametrize("before", [False, True])
def test_one_row_of_ids(tmp_path: Path, seed: int, first_space: bool, part_bytes: int, before: bool) -> None:
    table = table_for(first_space=first_space)
    ids: list[int] = []
    truths = []
    for text in drawn(table, seed, 14):
        ids += [SPECIAL_ID] * before
        truths.append(Truth(text, len(ids), 0, len(ids), []))
        ids += [*text, *[SPECIAL_ID] * (not before)]
    path = write_stream(tmp_path / "a.bin", ids)
    found = list(read("token-stream", path, table, part_bytes, ids="<u2"))
    compared(truths, found, table, by_position=True, seed=seed)


def packed(texts: list[list[int]], length: int) -> tuple[list[list[int]], list[Truth], list[list[int]]]:
    """Rows of `length` ids, each text with its end token, cut where a row is full; the last row is shorter.

    Also what stands in them, and the number of the text that each id is of.
    """
    row = [(number, one) for number, ids in enumerate(texts) for one in (*ids, SPECIAL_ID)]
    rows, truths, numbers = [], [], []
    for at, begin in enumerate(range(0, len(row), length)):
        some = row[begin : begin + length]
        rows.append([one for _, one in some])
        numbers.append([number for number, _ in some])
        before: list[list[int]] = []
        place = 0
        while place < len(some):
            until = next((k for k in range(place, len(some)) if some[k][0] != some[place][0]), len(some))
            mine = rows[-1][place:until]
            truths.append(Truth(mine, at, at, place, list(before)))
            before.append(mine)
            place = until
    return rows, truths, numbers


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("first_space", [False, True])
@pytest.mark.parametrize("part_bytes", [1 << 30, 600])
@pytest.mark.parametrize("length", [70, 300])
@pytest.mark.parametrize("said", [False, True])
def test_packed_rows(
    tmp_path: Path, seed: int, first_space: bool, part_bytes: int, length: int, said: bool
) -> None:
    table = table_for(first_space=first_space)
    rows, truths, numbers = packed(drawn(table, seed, 30), length)
    beside = {"document_ids": pa.array(numbers, pa.list_(pa.int32()))} if said else {}
    made = pa.table({"input_ids": pa.array(rows, pa.list_(pa.int32())), **beside})
    for format_, name in (("token-parquet", "a.parquet"), ("token-arrow", "a.arrow")):
        path = write_table(tmp_path / name, made, 2)
        found = list(read(format_, path, table, part_bytes, ids="<i4"))
        compared(truths, found, table, by_position=False, seed=seed)
    columns = {"input_ids": ("ndarray:int32", None)} | (
        {"document_ids": ("ndarray:int32", None)} if said else {}
    )
    values = [{"input_ids": row, "document_ids": number} for row, number in zip(rows, numbers, strict=True)]
    samples = [
        {name: written_array(np.array(one[name], np.int32), "ndarray:int32") for name in columns}
        for one in values
    ]
    path = write_mds(tmp_path / "mds", columns, samples)
    found = list(read("mds", path, table, part_bytes, ids="<i4"))
    compared(truths, found, table, by_position=False, seed=seed)
