"""MosaicML's shards: encodings, packing, the index beside them, and files that lie."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.tokens.token_columns_samples import (
    PACKERS,
    cut,
    documents_of,
    read_ids,
    small_table,
    whole,
    write_mds,
    written_array,
)
from countermark.corpus import mosaic_index
from countermark.corpus.base import Shard
from countermark.corpus.listing import reader_for
from countermark.corpus.mosaic import open_mosaic
from countermark.corpus.tokens.block import PIECE_TOKENS
from countermark.corpus.tokens.mds import MosaicShards, holds_ids
from countermark.errors import CorpusError

ROWS = [[5, 6, 7, 0], [8, 9, 0], [10, 0], [11, 12, 13, 14, 0]]
MDS = MosaicShards()


def samples_of(rows: list[list[int]], encoding: str, dtype: str) -> list[dict[str, bytes]]:
    """Samples of a column `input_ids`, and an id."""
    found = []
    for number, row in enumerate(rows):
        array = np.array(row, dtype)
        data = written_array(array, encoding) if encoding.startswith("ndarray") else array.tobytes()
        found.append({"input_ids": data, "id": f"doc-{number}".encode()})
    return found


def write_rows(
    folder: Path,
    rows: list[list[int]],
    encoding: str = "ndarray:uint32",
    dtype: str = "uint32",
    **options: Any,
) -> Path:
    """Write rows of ids as a folder with a shard."""
    columns = {"input_ids": (encoding, None), "id": ("str", None)}
    return write_mds(folder, columns, samples_of(rows, encoding, dtype), **options)


@pytest.mark.parametrize(
    ("encoding", "dtype"),
    [
        ("ndarray:uint32", "uint32"), ("ndarray:int64", "int64"), ("ndarray:uint8", "uint8"), ("ndarray", "uint16"),
        ("ndarray", "int32"), ("uint16", "uint16"), ("uint32", "uint32"), ("int64", "int64"), ("bytes", "uint16"),
        ("bytes", "int64"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("packed", ["", *PACKERS])
def test_every_encoding_gives_the_ids_that_were_written(
    tmp_path: Path, encoding: str, dtype: str, packed: str
) -> None:
    """NumPy's arrays with and without type, the encodings of data sets' own, raw bytes; plain and compressed."""
    path = write_rows(tmp_path, ROWS, encoding, dtype, packed=packed)
    documents, refused = read_ids(MDS, path, options=(("ids", np.dtype(dtype).str),))
    assert documents == [whole(row, at, record_id=f"doc-{at}") for at, row in enumerate(ROWS)]
    assert refused == []


def test_a_shape_that_all_share_stands_nowhere(tmp_path: Path) -> None:
    """`ndarray:int32:2,2` has the numbers alone, in a column of fixed size."""
    columns = {"tokens": ("ndarray:int32:2,2", 16)}
    path = write_mds(tmp_path, columns, [{"tokens": np.array([5, 6, 7, 0], "<i4").tobytes()}])
    assert read_ids(MDS, path)[0] == [whole([5, 6, 7, 0], 0)]


def test_the_sample_says_the_type_or_leaves_it_to_the_trial(tmp_path: Path) -> None:
    """Of raw bytes there are multiples of eight, to be read as each type."""
    told = MDS.sample(str(write_rows(tmp_path / "a", ROWS, "ndarray", "uint16")), "a")
    assert told.dtypes == ("<u2",)
    assert [row.tolist() for row in told.stretches] == ROWS
    raw = MDS.sample(str(write_rows(tmp_path / "b", ROWS, "bytes", "int64", packed="zstd")), "b")
    assert raw.dtypes == ("<u2", "<u4", "<i4", "<i8")
    assert [row.view("<i8").tolist() for row in raw.stretches] == ROWS


def test_pairs_of_begin_and_end_tell_the_documents(tmp_path: Path) -> None:
    """As in ProLong: end tokens within a pair divide nothing; what lies between pairs is not lost."""
    columns = {
        "input_ids": ("ndarray:uint32", None),
        "indices": ("ndarray:uint32", None),
        "length": ("uint64", 8),
    }
    row = [2, 5, 0, 6, 0, 2, 7, 8, 0, 9]
    pairs = written_array(np.array([[0, 5], [5, 9]], "uint32"), "ndarray:uint32")
    data = written_array(np.array(row, "uint32"), "ndarray:uint32")
    path = write_mds(
        tmp_path, columns, [{"input_ids": data, "indices": pairs, "length": np.uint64(10).tobytes()}]
    )
    documents, refused = read_ids(MDS, path)
    assert documents == [whole(row[:5], 0), whole(row[5:9], 0, 5), cut(row[9:], 0, 9)]
    assert refused == []


def test_pairs_that_do_not_fit_are_refused_with_their_row(tmp_path: Path) -> None:
    """Bounds beyond the ids: the sample is counted, the next one is read."""
    columns = {"input_ids": ("ndarray:uint32", None), "indices": ("ndarray:uint32", None)}
    data = written_array(np.array([5, 6, 0], "uint32"), "ndarray:uint32")
    good, bad = (written_array(np.array(p, "uint32"), "ndarray:uint32") for p in ([[0, 3]], [[0, 2**31]]))
    path = write_mds(
        tmp_path, columns, [{"input_ids": data, "indices": bad}, {"input_ids": data, "indices": good}]
    )
    documents, refused = read_ids(MDS, path)
    assert documents == [whole([5, 6, 0], 1)]
    assert [(one.row, one.reason) for one in refused] == [(0, "corrupt")]
    assert "indices" in refused[0].detail


def test_a_document_cut_at_the_edge_of_a_full_sample_is_a_fragment(tmp_path: Path) -> None:
    """At both edges, in the file and at the edge of a part of it; not where the sample before came to its end."""
    stream = [3 + at % 90 for at in range(640)]
    for end in (30, 63, 200, 383, 500):
        stream[end] = 0
    rows = [stream[at : at + 64] for at in range(0, 640, 64)]
    path = write_rows(tmp_path, rows)
    documents, _ = read_ids(MDS, path)
    begins = {0, 31, 64, 201, 384, 501}
    ends = {31, 64, 201, 384, 501}
    assert sum(len(one.ids) for one in documents) == 640
    for one in documents:
        at = 64 * one.row + one.first
        assert one.whole == (at in begins and at + len(one.ids) in ends)
    assert read_ids(MDS, path, part_bytes=600)[0] == documents
    assert len(list(MDS.shards(str(path), "x", path.stat().st_size, 600, ()))) > 2


def test_padding_is_no_document(tmp_path: Path) -> None:
    """Special tokens at the end of a sample, or alone in it, give no record; a sample without ids is an empty one."""
    path = write_rows(tmp_path, [[5, 6, 0, 1, 1], [1, 1, 1], [7, 1, 1]], "uint16", "uint16")
    assert read_ids(MDS, path)[0] == [
        whole([5, 6, 0], 0, record_id="doc-0"),
        whole([7, 1, 1], 2, record_id="doc-2"),
    ]
    empty = write_rows(tmp_path / "e", [[], [5, 0]], "uint16", "uint16")
    assert read_ids(MDS, empty)[0] == [whole([], 0, record_id="doc-0"), whole([5, 0], 1, record_id="doc-1")]


def test_a_very_long_sample_comes_in_pieces(tmp_path: Path) -> None:
    """Each piece owns so many ids, and is read with those behind it; blocks stay bounded."""
    row = (np.arange(2 * PIECE_TOKENS + 100) % 900 + 3).tolist()
    path = write_rows(tmp_path, [row])
    blocks = list(MDS.blocks(Shard("x", str(path), "mds", path.stat().st_size), small_table()))
    assert max(len(block.ids) for block in blocks) <= 2 * PIECE_TOKENS
    documents, _ = documents_of(blocks)
    assert [(one.first, one.own) for one in documents] == [
        (0, PIECE_TOKENS), (PIECE_TOKENS, PIECE_TOKENS), (2 * PIECE_TOKENS, 100),
    ]  # fmt: skip
    assert [number for one in documents for number in one.ids[: one.own]] == row


def test_the_header_alone_or_the_index_alone_is_enough(tmp_path: Path) -> None:
    """A shard without an index is read, one without columns by its index; with neither it is refused."""
    assert len(read_ids(MDS, write_rows(tmp_path / "a", ROWS, index=False))[0]) == 4
    assert len(read_ids(MDS, write_rows(tmp_path / "b", ROWS, header=False))[0]) == 4
    path = write_rows(tmp_path / "c", ROWS, header=False, index=False)
    with pytest.raises(CorpusError, match=r"shard\.00000\.mds: no columns are named"):
        read_ids(MDS, path)


def test_an_index_that_says_otherwise_is_told(tmp_path: Path) -> None:
    """Other columns are an error; another number, size or digest is a doubt that is counted, and the ids are read."""
    path = write_rows(tmp_path / "a", ROWS, said={"column_encodings": ["str", "ndarray:uint16"]})
    with pytest.raises(CorpusError, match=r"shard\.00000\.mds: index\.json says columns id \(str\)"):
        read_ids(MDS, path)
    path = write_rows(tmp_path / "b", ROWS, said={"samples": 9})
    documents, refused = read_ids(MDS, path)
    assert len(documents) == 4
    assert [(one.row, one.reason) for one in refused] == [(-1, "index")]
    assert "9 samples, the shard 4" in refused[0].detail
    path = write_rows(tmp_path / "c", ROWS)
    data = bytearray(path.read_bytes())
    data[data.rindex(b"\x0b\0\0\0")] = 12  # an id
    path.write_bytes(data)
    documents, refused = read_ids(MDS, path)
    assert documents[3].ids == [12, 12, 13, 14, 0]
    assert "sha256" in refused[0].detail
    (tmp_path / "c" / "index.json").write_text("{")
    assert "cannot be used" in read_ids(MDS, path)[1][0].detail


def test_a_shard_cut_short_gives_what_stands_before(tmp_path: Path) -> None:
    """Plain: the samples that are there, and one refusal for the others."""
    path = write_rows(tmp_path, ROWS, index=False)
    path.write_bytes(path.read_bytes()[:-9])
    documents, refused = read_ids(MDS, path)
    assert [one.row for one in documents] == [0, 1, 2]
    assert [(one.row, one.reason) for one in refused] == [(3, "truncated")]


@pytest.mark.parametrize("packed", list(PACKERS))
def test_a_compressed_shard_cut_short_gives_what_stands_before(tmp_path: Path, packed: str) -> None:
    """Compressed: as far as it can be unpacked; the message says where that is."""
    rng = random.Random(1)
    rows = [[rng.randrange(3, 1000) for _ in range(4000)] + [0] for _ in range(200)]
    path = write_rows(tmp_path, rows, packed=packed, index=False)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    documents, refused = read_ids(MDS, path)
    assert 20 < len(documents) < 180
    assert all(one.ids == rows[one.row] for one in documents)
    assert [(one.row, one.reason) for one in refused] == [(len(documents), "truncated")]


@pytest.mark.parametrize("packed", [*PACKERS, ""])
def test_a_shard_cut_short_before_all_else_says_so(tmp_path: Path, packed: str) -> None:
    """What is not known, such as how much an archive unpacks to, is not told."""
    path = write_rows(tmp_path, ROWS, packed=packed, index=False)
    path.write_bytes(path.read_bytes()[:3])
    with pytest.raises(CorpusError, match="before it says how many samples it has") as told:
        read_ids(MDS, path)
    assert "4,294,967,296" not in str(told.value)


def test_an_unread_compression_is_named(tmp_path: Path) -> None:
    """Brotli and Snappy have no reader here."""
    path = tmp_path / "shard.00000.mds.br"
    path.write_bytes(b"\x0b\x02\x80abc\x03")
    with pytest.raises(CorpusError, match=r"Brotli, which is not read; zstd, gz and bz2 are"):
        read_ids(MDS, path)


@pytest.mark.parametrize("packed", ["", "zstd"])
@pytest.mark.parametrize("claimed", [2**31, 2**32 - 1, 20_000_000, 5])
def test_a_number_of_samples_that_lies_is_one_message(tmp_path: Path, packed: str, claimed: int) -> None:
    """The places of the samples are not read before they can be there."""
    path = write_rows(tmp_path, ROWS, index=False)
    data = np.uint32(claimed).tobytes() + path.read_bytes()[4:]
    path.write_bytes(PACKERS[packed](data) if packed else data)
    with pytest.raises(CorpusError, match=r"shard\.00000\.mds: "):
        read_ids(MDS, path)


def test_an_array_that_claims_a_thousand_million_numbers_is_refused(tmp_path: Path) -> None:
    """Shapes, sizes and places that do not add up: each sample is counted, the good one is read."""
    columns = {"input_ids": ("ndarray:uint32", None)}
    good = written_array(np.array([5, 6, 0], "uint32"), "ndarray:uint32")
    shape = bytes([1 << 2 | 2]) + np.uint32(10**9).tobytes() + good[2:]
    axes = bytes([63 << 2 | 3]) + good[2:]
    path = write_mds(
        tmp_path, columns, [{"input_ids": one} for one in (shape, axes, b"", good[:-1], good)], index=False
    )
    documents, refused = read_ids(MDS, path)
    assert documents == [whole([5, 6, 0], 4)]
    assert [(one.row, one.reason) for one in refused] == [(at, "corrupt") for at in range(4)]
    data = bytearray(path.read_bytes())
    begin = int.from_bytes(data[20:24], "little")  # of the last sample: first the size of its column
    data[begin : begin + 4] = (10**9).to_bytes(4, "little")
    path.write_bytes(data)
    documents, refused = read_ids(MDS, path)
    assert documents == []
    assert "add up" in refused[4].detail


def test_pickles_are_not_read(tmp_path: Path) -> None:
    """A pickled column of ids is no column of ids."""
    path = write_mds(tmp_path, {"tokens": ("pkl", None)}, [{"tokens": b"cos\nsystem\n(S'true'\ntR."}])
    assert not holds_ids(str(path), "x")
    with pytest.raises(CorpusError, match=r"tokens \(pkl\).*pickles are not"):
        MDS.sample(str(path), "x")


def test_texts_are_read_as_texts(tmp_path: Path) -> None:
    """A column of `str`, with addresses; empty ones are refused. Ids beside texts are left to who names them."""
    columns: dict[str, tuple[str, int | None]] = {
        "text": ("str", None),
        "url": ("str", None),
        "tokens": ("uint16", None),
    }
    samples = [
        {"text": text.encode(), "url": b"https://example.org/", "tokens": b"\5\0"}
        for text in ("é one", "", "two")
    ]
    path = write_mds(tmp_path, columns, samples, packed="zstd")
    assert not holds_ids(str(path), "x")
    assert holds_ids(str(path), "x", "tokens")
    (batch,) = reader_for("mds-text").batches(Shard("x", str(path), "mds-text", path.stat().st_size))
    assert batch.text.to_pylist() == ["é one", "two"]
    assert batch.row.tolist() == [0, 2]
    assert batch.record_url.to_pylist() == ["https://example.org/"] * 2
    assert [(one.row, one.reason) for one in batch.refused] == [(1, "empty")]
    other = Shard("x", str(path), "mds-text", 1, options=(("text_column", "words"),))
    with pytest.raises(CorpusError, match=r"words.*text \(str\)"):
        list(reader_for("mds-text").batches(other))


def test_no_change_of_bytes_breaks_out(tmp_path: Path) -> None:
    """Changed, cut and swollen shards and indexes: documents, refusals or CorpusError, within the contract."""
    rng = random.Random(7)
    rows = [[rng.randrange(3, 900) for _ in range(rng.randrange(1, 60))] + [0] for _ in range(30)]
    path = write_rows(tmp_path, rows, "ndarray", "int32")
    good, index = path.read_bytes(), (tmp_path / "index.json").read_bytes()
    failed = 0
    for turn in range(200):
        data = bytearray(good)
        for _ in range(rng.randrange(1, 4)):
            at = rng.randrange(700 if turn % 2 else len(data))
            data[at : at + 4] = rng.choice(
                [b"\xff\xff\xff\xff", b"\0\0\0\0", rng.randbytes(4), b"\xff\xff\xff\x7f"]
            )
        path.write_bytes(data[: rng.randrange(len(data))] if turn % 5 == 0 else data)
        (tmp_path / "index.json").write_bytes(index if turn % 3 else index[: rng.randrange(len(index))])
        try:
            MDS.sample(str(path), "x")
            documents, _ = read_ids(MDS, path, part_bytes=500)
            assert all(0 <= one.row < 30 for one in documents)
        except CorpusError:
            failed += 1
    assert 0 < failed < 200


def test_an_index_of_another_form_is_only_a_doubt(tmp_path: Path) -> None:
    """Whatever JSON stands there."""
    path = write_rows(tmp_path, ROWS)
    forms: list[Any] = [
        [],
        {"version": 3},
        {"version": 2, "shards": [None, {"format": "mds", "raw_data": {}}]},
        "x",
    ]
    for said in forms:
        (tmp_path / "index.json").write_text(json.dumps(said))
        assert len(read_ids(MDS, path)[0]) == 4


def test_samples_that_lie_over_one_another_are_not_read_again_and_again(tmp_path: Path) -> None:
    """Some thousand samples that each claim the whole file would be read without end."""
    path = write_mds(
        tmp_path, {"tokens": ("ndarray:int32", None)}, [{"tokens": b"\x04\x01" + b"\0" * 4}] * 2000
    )
    data = bytearray(path.read_bytes())
    begin, end = np.frombuffer(data, "<u4", 1, 4)[0], len(data)
    data[4 : 4 * 2002] = np.where(np.arange(2001) % 2, end, begin).astype("<u4").tobytes()
    path.write_bytes(data)
    with open_mosaic(path, "x") as file:
        found = list(file.samples())
    assert sum(one.refused is None or "sizes of its columns" in one.refused.detail for one in found) == 1
    assert (
        sum("its place in the file" in one.refused.detail for one in found if one.refused) + 1
        >= len(found) - 1
    )


def test_an_index_of_very_many_values_is_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes some bytes in the file and far more in memory; the shard tells enough without it."""
    monkeypatch.setattr(mosaic_index, "_MOST_VALUES", 1000)
    path = write_mds(tmp_path, {"tokens": ("ndarray:int32", None)}, [])
    (tmp_path / "index.json").write_bytes(b'{"version":2,"shards":[' + b"[]," * 1000 + b"[]]}")
    with open_mosaic(path, "x") as file:
        assert ["1,000 values" in one.detail for one in file.doubts] == [True]
