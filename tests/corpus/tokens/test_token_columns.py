"""Token ids in Parquet and Arrow: every kind of list, packing told in every way, and files that lie."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.tokens.token_columns_samples import (
    Document,
    cut,
    documents_of,
    read_ids,
    small_table,
    whole,
    write_ids,
    write_table,
)
from countermark.corpus.base import Shard
from countermark.corpus.tokens.block import OUTSIDE, PIECE_TOKENS
from countermark.corpus.tokens.columns import TokenArrow, TokenParquet, has_ids
from countermark.errors import CorpusError

if TYPE_CHECKING:
    from countermark.media import Refusal

ENDINGS = ["parquet", "arrow", "feather"]
ROWS: list[list[int | None] | None] = [
    [5, 6, 0],
    [7, 0],
    [8, 9, 10, 0],
    [11, 0],
    [12, 13, 0],
    [14, 0],
    [15, 0],
]


def format_of(path: Path) -> TokenParquet | TokenArrow:
    """What reads a file, by its name."""
    return TokenParquet() if path.suffix == ".parquet" else TokenArrow()


def read(path: Path, **options: Any) -> tuple[list[Document], list[Refusal]]:
    """All documents of a file."""
    return read_ids(format_of(path), path, **options)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.int32()), pa.list_(pa.int64()), pa.list_(pa.uint16()), pa.list_(pa.uint8()), pa.list_(pa.int8()),
        pa.large_list(pa.uint32()), pa.large_list(pa.uint64()),
    ],
    ids=str,
)  # fmt: skip
def test_every_kind_of_list_gives_its_ids(tmp_path: Path, ending: str, kind: pa.DataType) -> None:
    """Whatever the integers, and wherever the file is cut; a null in a list is outside of every table."""
    rows = [*ROWS, [16, None, 0], None, []]
    path = write_ids(tmp_path / f"a.{ending}", rows, kind, id=[f"doc-{at}" for at in range(len(rows))])
    expected = [whole([OUTSIDE if one is None else one for one in row], at, record_id=f"doc-{at}")
                for at, row in enumerate(rows) if row is not None]  # fmt: skip
    for part_bytes in (1, 64 << 20):
        documents, refused = read(path, part_bytes=part_bytes)
        assert documents == expected
        assert [(one.row, one.reason) for one in refused] == [(8, "no-text")]


@pytest.mark.parametrize("ending", ENDINGS)
def test_lists_of_a_fixed_size_are_read(tmp_path: Path, ending: str) -> None:
    """Null rows have room in the file, and no ids."""
    rows = [[5, 6, 7, 0], None, [8, 9, 10, 0], [11, 12, 13, 0]]
    path = write_ids(tmp_path / f"a.{ending}", rows, pa.list_(pa.int32(), 4))
    documents, refused = read(path)
    assert documents == [whole(row, at) for at, row in enumerate(rows) if row is not None]
    assert [one.reason for one in refused] == ["no-text"]


def test_ids_that_no_table_has_stay_outside(tmp_path: Path) -> None:
    """Past 2^31 and negative ones: never another id."""
    path = write_ids(tmp_path / "a.parquet", [[2**32 + 5, -7, 2**31 + 1, 0]], pa.list_(pa.int64()))
    assert read(path)[0] == [whole([OUTSIDE, -7, OUTSIDE, 0], 0)]


@pytest.mark.parametrize("ending", ENDINGS)
def test_ids_within_a_struct_and_other_names_are_found(tmp_path: Path, ending: str) -> None:
    """By name wherever they stand; with labels beside; the only lists of integers whatever they are called."""
    structs = [{"labels": row, "token_ids": row} for row in ROWS]
    assert len(read(write_table(tmp_path / f"a.{ending}", pa.table({"example": structs})))[0]) == 7
    path = write_table(tmp_path / f"b.{ending}", pa.table({"zahlen": ROWS, "n": list(range(7))}))
    assert len(read(path)[0]) == 7
    two = write_table(tmp_path / f"c.{ending}", pa.table({"a": ROWS, "b": ROWS[::-1]}))
    with pytest.raises(
        CorpusError, match=r"no column of token ids; the columns are: a \(list.*--text-column"
    ):
        read(two)
    assert read(two, options=(("text_column", "b"),))[0][0].ids == [15, 0]
    with pytest.raises(CorpusError, match="no lists of integers in “n”"):
        read(path, options=(("text_column", "n"),))


def test_whether_a_file_has_ids(tmp_path: Path) -> None:
    """A column of texts comes first, unless that of ids is named; damaged files have none."""
    texts = pa.table({"text": ["a", "b"], "tokens": [[1], [2]]})
    for ending in ENDINGS:
        assert has_ids(write_ids(tmp_path / f"a.{ending}", ROWS))
        path = write_table(tmp_path / f"b.{ending}", texts)
        assert not has_ids(path)
        assert has_ids(path, "tokens")
        assert not has_ids(path, "text")
        assert not has_ids(write_table(tmp_path / f"c.{ending}", pa.table({"n": [1], "pixels": [[0.5]]})))
        path.write_bytes(path.read_bytes()[:50])
        assert not has_ids(path)
    with pytest.raises(FileNotFoundError):
        has_ids(tmp_path / "none.parquet")


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_sample_is_of_all_parts_and_the_same_each_time(tmp_path: Path, ending: str) -> None:
    """Rows from the first to the last part, in the type of the file."""
    rows = [[3 + at % 900] * 40 for at in range(300)]
    path = write_ids(tmp_path / f"a.{ending}", rows, pa.list_(pa.uint16()))
    first, second = (format_of(path).sample(str(path), "a") for _ in range(2))
    assert first.dtypes == ("<u2",)
    seen = [int(row[0]) for row in first.stretches]
    assert seen == [int(row[0]) for row in second.stretches]
    assert seen == sorted(set(seen))
    assert (seen[0], seen[-1]) == (3, 302)


@pytest.mark.parametrize("ending", ENDINGS)
def test_packed_rows_are_split_at_end_tokens(tmp_path: Path, ending: str) -> None:
    """All ids are there; what was cut at the edge of a row is a fragment, at both edges."""
    stream = [3 + at % 90 for at in range(1280)]
    for end in (30, 63, 200, 383, 500, 800, 801, 1100):
        stream[end] = 0
    path = write_ids(tmp_path / f"a.{ending}", [stream[at : at + 64] for at in range(0, 1280, 64)])
    documents, _ = read(path)
    assert [number for one in documents for number in one.ids] == stream
    begins = {0} | {at + 1 for at in range(1280) if stream[at] == 0}
    for one in documents:
        at = 64 * one.row + one.first
        uncut = at in begins and at + len(one.ids) in begins
        assert one.whole <= uncut
        if one.row % 3:  # the first row of a part does not see how the one before ended
            assert one.whole == uncut
    assert documents[0].whole
    assert not documents[2].whole
    assert read(path, part_bytes=1)[0] == documents


def test_rows_as_long_as_their_documents_are_whole(tmp_path: Path) -> None:
    """Without end tokens, and of different lengths: nothing was cut."""
    rows = [list(range(3, 70 + at)) for at in range(20)]
    assert all(one.whole for one in read(write_ids(tmp_path / "a.parquet", rows))[0])


def test_texts_cut_to_the_longest_length_are_fragments(tmp_path: Path) -> None:
    """Those that are shorter are whole."""
    rows = [list(range(3, 3 + min(100, 40 + 10 * (at % 12)))) for at in range(36)]
    documents, _ = read(write_ids(tmp_path / "a.parquet", rows))
    assert [one.whole for one in documents] == [len(row) < 100 for row in rows]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "told",
    [
        {"position_ids": [0, 1, 2, 3, 0, 1, 2, 3]},
        {"seq_lens": [4, 4]},
        {"seq_lens": [4]},
        {"cu_seqlens": [0, 4, 8, -1, -1]},
        {"document_ids": [7, 7, 7, 7, 3, 3, 3, 3]},
        {"attention_mask": [1, 1, 1, 1, 2, 2, 2, 2]},
        {"attention_mask": [1] * 8, "seq_lens": [4, 4], "labels": [-100] * 8},
    ],
    ids="+".join,
)
def test_columns_that_tell_documents_are_kept_to(
    tmp_path: Path, ending: str, told: dict[str, list[int]]
) -> None:
    """Each in its way; the end tokens within a document divide nothing then."""
    row = [5, 0, 6, 0, 7, 8, 0, 9]
    columns = {name: [values] * 4 for name, values in told.items()}
    documents, refused = read(write_ids(tmp_path / f"a.{ending}", [row] * 4, **columns))
    assert refused == []
    assert [(one.ids, one.row, one.first) for one in documents] == [
        (part, at, first) for at in range(4) for part, first in ((row[:4], 0), (row[4:], 4))
    ]


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_the_mask_leaves_out_is_no_text(tmp_path: Path, ending: str) -> None:
    """At either side; padding with an id that stands for something is left out too. The first id keeps its place."""
    rows = [[9, 9, 5, 6], [5, 6, 0, 9], [9, 9, 9, 9], [5, 6, 7, 8]]
    mask = [[0, 0, 1, 1], [1, 1, 1, 0], [0, 0, 0, 0], None]
    path = write_ids(tmp_path / f"a.{ending}", rows, attention_mask=pa.array(mask, pa.list_(pa.int8())))
    documents, refused = read(path)
    assert documents == [whole([5, 6], 0, 2), whole([5, 6, 0], 1), whole([5, 6, 7, 8], 3)]
    assert refused == []


def test_a_row_that_begins_within_a_document_is_a_fragment(tmp_path: Path) -> None:
    """As its positions say."""
    path = write_ids(tmp_path / "a.parquet", [[5, 6, 0, 7, 0]], position_ids=[[8, 9, 10, 0, 1]])
    assert read(path)[0] == [cut([5, 6, 0], 0), whole([7, 0], 0, 3)]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("attention_mask", [1, 1]), ("position_ids", [0, 1, 2, 3]), ("document_ids", []), ("seq_lens", [2, 2]),
        ("seq_lens", [-1, 4]), ("seq_lens", [2**62, 2**62, 2**62, 2**62]), ("cu_seqlens", [0, 10**9]),
        ("cu_seqlens", [0, 3, 1]),
    ],
)  # fmt: skip
def test_columns_that_do_not_fit_refuse_their_row(
    tmp_path: Path, ending: str, name: str, values: list[int]
) -> None:
    """With the place and the numbers; the other rows are read."""
    fitting = {"seq_lens": [3], "cu_seqlens": [0, 3], "position_ids": [0, 1, 2]}.get(name, [1, 1, 1])
    column = pa.array([fitting, values, fitting], pa.list_(pa.int64()))
    path = write_ids(tmp_path / f"a.{ending}", [[5, 6, 0], [7, 8, 0], [9, 10, 0]], **{name: column})
    documents, refused = read(path)
    assert documents == [whole([5, 6, 0], 0), whole([9, 10, 0], 2)]
    assert [(one.row, one.reason) for one in refused] == [(1, "corrupt")]
    assert f"{len(values):,} entries in {name} do not fit its 3 ids" in refused[0].detail


def test_padding_alone_is_no_document_and_an_empty_row_is_an_empty_one(tmp_path: Path) -> None:
    """The one gives no record, the other is refused where it is decoded."""
    path = write_ids(tmp_path / "a.arrow", [[1, 1, 1], [], [2, 5, 0, 1, 1]])
    assert read(path)[0] == [whole([], 1), whole([2, 5, 0], 2)]


def test_a_very_long_row_comes_in_pieces(tmp_path: Path) -> None:
    """In blocks of bounded size, beside short ones."""
    long = np.arange(PIECE_TOKENS + 70_000) % 900 + 3
    path = write_ids(tmp_path / "a.parquet", [[5, 0], long, [6, 0]])
    blocks = list(TokenParquet().blocks(Shard("x", str(path), "token-parquet", 1 << 30), small_table()))
    assert max(len(block.ids) for block in blocks) < 2 * PIECE_TOKENS
    documents, _ = documents_of(blocks)
    assert [(one.row, one.first, one.own) for one in documents] == [
        (0, 0, 2), (1, 0, PIECE_TOKENS), (1, PIECE_TOKENS, 70_000), (2, 0, 2),
    ]  # fmt: skip
    assert documents[1].ids + documents[2].ids[len(documents[1].ids) - PIECE_TOKENS :] == long.tolist()


@pytest.mark.parametrize("packing", ["lz4", "zstd"])
def test_compressed_buffers_are_unpacked(tmp_path: Path, packing: str) -> None:
    """As Feather files have them."""
    table = pa.table({"input_ids": pa.array(ROWS, pa.list_(pa.int32()))})
    path = write_table(tmp_path / "a.feather", table, compression=packing)
    assert [one.ids for one in read(path)[0]] == ROWS


def test_damaged_row_groups_are_one_refusal_each(tmp_path: Path) -> None:
    """The other ones are read."""
    rows = [[3 + at] * 50 + [0] for at in range(30)]
    table = pa.table({"input_ids": rows})
    path = tmp_path / "a.parquet"
    pq.write_table(table, path, row_group_size=10)
    data = bytearray(path.read_bytes())
    column = pq.read_metadata(path).row_group(1).column(0)
    start = column.dictionary_page_offset or column.data_page_offset
    data[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    path.write_bytes(data)
    documents, refused = read(path)
    assert [one.row for one in documents] == [*range(10), *range(20, 30)]
    assert [(one.row, one.reason) for one in refused] == [(10, "corrupt")]


def test_runs_of_one_id_do_not_fill_the_memory(tmp_path: Path) -> None:
    """Parquet stores a million equal ids in a few bytes: a batch is measured by what it becomes."""
    path = tmp_path / "a.parquet"
    row = np.full(1 << 10, 7, np.int32)
    rows: Any = pa.array([row] * (8 << 10), pa.list_(pa.int32()))
    pq.write_table(pa.table({"input_ids": rows}), path, row_group_size=1 << 20)
    assert path.stat().st_size < 1 << 20
    blocks = list(TokenParquet().blocks(Shard("x", str(path), "token-parquet", 1 << 20), small_table()))
    assert sum(len(block) for block in blocks) == 8 << 10
    assert max(len(block.ids) for block in blocks) <= 2 << 20


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_change_of_bytes_breaks_out(tmp_path: Path, ending: str) -> None:
    """Changed and cut files: documents, refusals or CorpusError, within the contract; never an end of the process."""
    rng = random.Random(11)
    rows = [[rng.randrange(3, 900) for _ in range(rng.randrange(1, 40))] + [0] for _ in range(12)]
    masks = [[1] * len(row) for row in rows]
    path = write_ids(tmp_path / f"a.{ending}", rows, attention_mask=masks, id=[str(at) for at in range(12)])
    good = path.read_bytes()
    failed = 0
    for turn in range(150):
        data = bytearray(good)
        for _ in range(rng.randrange(1, 4)):
            at = rng.randrange(len(data))
            data[at : at + 4] = rng.choice(
                [b"\xff\xff\xff\xff", b"\0\0\0\0", rng.randbytes(4), b"\xff\xff\xff\x7f"]
            )
        path.write_bytes(data[: rng.randrange(len(data))] if turn % 5 == 0 else data)
        try:
            has_ids(path)
            format_of(path).sample(str(path), "a")
            read_ids(format_of(path), path, part_bytes=100)
        except CorpusError:
            failed += 1
    assert 0 < failed < 150
