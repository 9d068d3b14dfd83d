"""Megatron's `.bin` and `.idx`: every integer type, documents of several sequences, and what does not add up."""

from __future__ import annotations

import random
import struct
import tempfile
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.tokens.token_samples import (
    END,
    MEGATRON_CODES,
    Document,
    byte_table,
    documents,
    listed,
    read_blocks,
    read_whole,
    write_megatron,
    write_side_car,
)
from countermark.corpus.base import Shard
from countermark.corpus.tokens import extents, megatron_index
from countermark.corpus.tokens.megatron import Megatron
from countermark.errors import CorpusError
from countermark.media import Refusal

TABLE = byte_table()


def several(count: int = 30, seed: int = 3) -> list[list[list[int]]]:
    """Documents of one to four sequences."""
    drawn = random.Random(seed)
    return [documents(drawn.randrange(1, 5), seed=number, largest=120) for number in range(count)]


def flat(texts: list[list[list[int]]]) -> list[list[int]]:
    """The ids of each document."""
    return [[one for sequence in text for one in sequence] for text in texts]


@pytest.mark.parametrize("code", [*MEGATRON_CODES, 9, 10])
@pytest.mark.parametrize("part_bytes", [1, 100, 3000, 1 << 30])
def test_every_integer_type_is_read(tmp_path: Path, code: int, part_bytes: int) -> None:
    """Documents, their numbers and their first sequences are the same however the file is cut."""
    texts = several()
    kind = {9: "<u4", 10: "<u8"}.get(code)
    path = write_megatron(tmp_path / "a_text_document.bin", texts, code, dtype=kind)
    found, refused = read_whole(Megatron(), path, TABLE, part_bytes)
    starts = np.cumsum([0, *map(len, texts)]).tolist()
    assert found == [
        Document(ids, row, start, 0, True, len(ids))
        for row, (ids, start) in enumerate(zip(flat(texts), starts, strict=False))
    ]
    assert refused == []
    shards, _ = listed(Megatron(), path, part_bytes)
    assert sum(shard.size for shard in shards) == path.stat().st_size
    assert (len(shards) > 1) == (part_bytes < path.stat().st_size)
    read = sum(block.bytes_read for shard in shards for block in Megatron().blocks(shard, TABLE))
    assert read == path.stat().st_size


def test_ids_beyond_the_table_are_handed_over(tmp_path: Path) -> None:
    """The decoder counts them: a type that holds more than any table is no reason to lose a document."""
    path = write_megatron(tmp_path / "a.bin", [[[1, 2**40, -7, 5]]], 5)
    found, _ = read_whole(Megatron(), path, TABLE)
    assert found[0].ids == [1, -1, -7, 5]


def test_the_sample_is_ids_of_texts_from_all_over(tmp_path: Path) -> None:
    """Runs of sequences that stand side by side, the same each time."""
    texts = [[text] for text in documents(9000, most=40)]
    path = write_megatron(tmp_path / "a.bin", texts)
    sample = Megatron().sample(str(path), "a.bin")
    assert sample.dtypes == ("<u2",)
    assert len(sample.stretches) == 16
    assert sample.stretches[0].tolist()[: len(texts[0][0])] == texts[0][0]
    whole = path.read_bytes()
    places = [whole.index(stretch.tobytes()) for stretch in sample.stretches]
    assert places == sorted(places)
    assert places[-1] > 0.9 * len(whole)
    again = Megatron().sample(str(path), "a.bin")
    assert [one.tolist() for one in again.stretches] == [one.tolist() for one in sample.stretches]


def test_a_long_sequence_gives_the_sample_no_more_than_a_stretch(tmp_path: Path) -> None:
    """Ten thousand ids in one sequence."""
    path = write_megatron(tmp_path / "a.bin", [[[7] * 10_000]])
    assert [len(one) for one in Megatron().sample(str(path), "a.bin").stretches] == [4096]


def test_what_is_no_text_is_refused_and_counted(tmp_path: Path) -> None:
    """Sequences with another mode than 0; the texts around them are fragments of their document."""
    texts = [[[1, 2], [3], [4]], [[5]], [[6], [7, 8]]]
    path = write_megatron(tmp_path / "a.bin", texts, modes=[0, 1, 0, 0, 0, 2])
    found, refused = read_whole(Megatron(), path, TABLE)
    assert [(one.ids, one.row, one.sequence, one.whole) for one in found] == [
        ([1, 2], 0, 0, False),
        ([4], 0, 2, False),
        ([5], 1, 3, True),
        ([6], 2, 4, False),
    ]
    assert [(one.row, one.reason) for one in refused] == [(0, "not-text"), (2, "not-text")]
    assert "sequence 5 has mode 2" in refused[1].detail
    sample = Megatron().sample(str(path), "a.bin")
    assert [one.tolist() for one in sample.stretches] == [[1, 2], [4, 5, 6]]


def changed(path: Path, at: int, value: bytes) -> None:
    """Change some bytes of a file."""
    data = bytearray(path.read_bytes())
    data[at : at + len(value)] = value
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("at", "value", "message"),
    [
        (0, b"MMIDIDY", "does not begin with MMIDIDX"),
        (0, b"TNTIDX\0\0", r"fairseq's old kind \(TNTIDX\)"),
        (9, struct.pack("<Q", 2), "says version 2; version 1 is read"),
        (9, struct.pack(">Q", 1), "written big-endian; little-endian is read"),
        (17, b"\6", "type 6 .float64; some copies .* ids are integers"),
        (17, b"\7", "type 7 .float32; some copies .* ids are integers"),
        (17, b"\0", "numbers of type 0; there are 1 uint8, 2 int8"),
        (
            18,
            struct.pack("<Q", 10**9),
            r"says 1,000,000,000 sequences and 41 .*\(13,0.* with modes\), but has",
        ),
        (18, struct.pack("<Q", 2**63), "but has"),
        (26, struct.pack("<Q", 42), "entries of documents, which take .* bytes .* but has 8"),
    ],
)
def test_a_header_that_cannot_be_is_refused_in_words(
    tmp_path: Path, at: int, value: bytes, message: str
) -> None:
    """One message: the file, what is wrong, and what is read."""
    path = write_megatron(tmp_path / "a.bin", [[text] for text in documents()])
    changed(path.with_suffix(".idx"), at, value)
    for attempt in (
        lambda: Megatron().sample(str(path), "x/a.bin"),
        lambda: listed(Megatron(), path),
        lambda: list(Megatron().blocks(Shard("x/a.bin", str(path), "megatron", 1), TABLE)),
    ):
        with pytest.raises(CorpusError, match=rf"^(x/)?a\.bin: its \.idx .*{message}"):
            attempt()


def test_an_index_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    """And one with bytes too many, and none at all."""
    path = write_megatron(tmp_path / "a.bin", [[text] for text in documents(3)])
    index = path.with_suffix(".idx")
    whole = index.read_bytes()
    for size in range(len(whole)):
        index.write_bytes(whole[:size])
        with pytest.raises(CorpusError, match=r"^a\.bin: its \.idx "):
            listed(Megatron(), path)
    index.write_bytes(whole + bytes(2))
    with pytest.raises(CorpusError, match="but has"):
        listed(Megatron(), path)
    index.unlink()
    with pytest.raises(CorpusError, match=r"a\.bin: there is no \.idx beside it"):
        Megatron().sample(str(path), "a.bin")


def test_sequences_outside_the_bin_are_counted_and_the_others_read(tmp_path: Path) -> None:
    """A `.bin` cut short, and a length of a thousand million ids."""
    texts = documents(10)
    path = write_megatron(tmp_path / "a.bin", [[text] for text in texts])
    data = path.read_bytes()
    path.write_bytes(data[: -2 * len(texts[-1]) - 2])
    found, refused = read_whole(Megatron(), path, TABLE, 50)
    assert [one.ids for one in found] == texts[:8]
    assert [(one.row, one.reason) for one in refused] == [
        (-1, "outside-index"), (8, "outside-file"), (9, "outside-file"),
    ]  # fmt: skip
    path.write_bytes(data)
    changed(path.with_suffix(".idx"), 34 + 4 * 3, struct.pack("<i", 10**9))
    changed(path.with_suffix(".idx"), 34 + 4 * 5, struct.pack("<i", -1))
    found, refused = read_whole(Megatron(), path, TABLE)
    assert [one.row for one in found] == [0, 1, 2, 4, 6, 7, 8, 9]
    assert [one.row for one in refused] == [-1, 3, 5]
    assert refused[1].detail.startswith("sequence 3 is 1000000000 ids from byte ")
    assert refused[1].detail.endswith(f"; the .bin has {len(data)} bytes")


def test_sequences_over_one_another_would_be_read_without_end(tmp_path: Path) -> None:
    """A small file could claim that each of its sequences is all of it."""
    path = write_megatron(tmp_path / "a.bin", [[[1] * 10]] * 5)
    changed(path.with_suffix(".idx"), 34, struct.pack("<5i", *[50] * 5) + bytes(40))
    with pytest.raises(
        CorpusError, match="sequences lie over one another: they take more than the 100 bytes"
    ):
        listed(Megatron(), path)


@pytest.mark.parametrize(
    "index", [[0, 2, 1, 3, 4, 5], [0, 1, 2, 3, 4, 4], [1, 1, 2, 3, 4, 5], [0, 1, 2, 3, 9, 5]]
)
def test_a_bad_document_index_is_not_used(tmp_path: Path, index: list[int]) -> None:
    """Each sequence is then a document; one refusal says which entry is wrong."""
    texts = documents(5)
    path = write_megatron(tmp_path / "a.bin", [[text] for text in texts])
    changed(path.with_suffix(".idx"), 34 + 12 * 5, np.array(index, "<i8").tobytes())
    for part_bytes in (1, 1 << 30):
        found, refused = read_whole(Megatron(), path, TABLE, part_bytes)
        assert [one.ids for one in found] == texts
        assert [(one.row, one.reason) for one in refused] == [(-1, "document-index")]
        assert "document index" in refused[0].detail


def test_an_index_without_documents_has_sequences(tmp_path: Path) -> None:
    """Whoever writes sequences and ends no document leaves one entry."""
    path = write_megatron(tmp_path / "a.bin", [])
    assert read_whole(Megatron(), path, TABLE) == ([], [])
    with pytest.raises(CorpusError, match="none of its 0 sequences holds ids"):
        Megatron().sample(str(path), "a.bin")
    path.write_bytes(b"\1\0\2\0")
    path.with_suffix(".idx").write_bytes(
        b"MMIDIDX\0\0" + struct.pack("<QBQQiiqqq", 1, 8, 2, 1, 1, 1, 0, 2, 0)
    )
    found, refused = read_whole(Megatron(), path, TABLE)
    assert [one.ids for one in found] == [[1], [2]]
    assert [one.reason for one in refused] == ["document-index"]


def test_bytes_in_no_sequence_are_said(tmp_path: Path) -> None:
    """They would be hidden from whoever believes the index."""
    path = write_megatron(tmp_path / "a.bin", [[[1, 2]]])
    path.write_bytes(path.read_bytes() + b"abcdef")
    refused = read_whole(Megatron(), path, TABLE)[1]
    assert refused == [
        Refusal("a.bin", -1, "outside-index", "6 of 10 bytes stand in no sequence of the index")
    ]


def test_long_documents_come_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with a lead-out, through all sequences of the document, and the short ones between them whole."""
    monkeypatch.setattr(extents, "PIECE_TOKENS", 50)
    monkeypatch.setattr(extents, "LEAD_OUT_TOKENS", 7)
    monkeypatch.setattr(extents, "BLOCK_TOKENS", 60)
    long = list(range(120))
    texts = [[[1, 2]], [long[:30], [], long[30:70], long[70:]], [[3]], [[4] * 40], [[5] * 30]]
    path = write_megatron(tmp_path / "a.bin", texts)
    found, refused = read_whole(Megatron(), path, TABLE)
    assert [(one.ids, one.row, one.sequence, one.first, one.own) for one in found] == [
        ([1, 2], 0, 0, 0, 2),
        (long[:57], 1, 1, 0, 50),
        (long[50:107], 1, 1, 50, 50),
        (long[100:], 1, 1, 100, 20),
        ([3], 2, 5, 0, 1),
        ([4] * 40, 3, 6, 0, 40),
        ([5] * 30, 4, 7, 0, 30),
    ]
    assert all(one.whole for one in found)
    assert refused == []


def test_the_index_is_read_in_slices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document of more sequences than a slice has comes as fragments; no other is cut."""
    monkeypatch.setattr(megatron_index, "_SLICE_SEQUENCES", 4)
    monkeypatch.setattr(megatron_index, "_SLICE_DOCUMENTS", 3)
    texts = [*several(5), [[number] for number in range(10)], *several(5, seed=4)]
    path = write_megatron(tmp_path / "a.bin", texts)
    for part_bytes in (1, 300, 1 << 30):
        found, refused = read_whole(Megatron(), path, TABLE, part_bytes)
        assert refused == []
        kept = [one for one in found if one.row != 5]
        assert [one.ids for one in kept] == flat([*texts[:5], *texts[6:]])
        assert all(one.whole for one in kept)
        cut = [one for one in found if one.row == 5]
        assert [one.ids for one in cut] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
        assert not any(one.whole for one in cut)


def test_memory_is_bounded_by_the_slice(tmp_path: Path) -> None:
    """Three million sequences are listed and their first documents read with a few MiB."""
    count = 3_000_000
    path = write_megatron(tmp_path / "a.bin", [[[1]]], 1)
    path.write_bytes(bytes(count))
    index = b"MMIDIDX\0\0" + struct.pack("<QBQQ", 1, 1, count, count + 1)
    with path.with_suffix(".idx").open("wb") as file:
        file.write(index + np.ones(count, "<i4").tobytes())
        file.write(np.arange(count, dtype="<i8").tobytes() + np.arange(count + 1, dtype="<i8").tobytes())
    tracemalloc.start()
    try:
        shards, _ = listed(Megatron(), path, 1_000_000)
        block = next(Megatron().blocks(shards[-1], TABLE))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(shards) == 3
    assert block.row[0] == 2_000_000
    assert peak < 24 << 20


def test_shards_that_no_longer_fit_are_refused(tmp_path: Path) -> None:
    """The index was replaced after the listing."""
    path = write_megatron(tmp_path / "a.bin", [[text] for text in documents()])
    shards, _ = listed(Megatron(), path, 200)
    write_megatron(path, [[[1]]])
    with pytest.raises(CorpusError, match=r"a\.bin#.*: it has 1 documents, not what was listed"):
        read_blocks(Megatron(), shards[1:], TABLE)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_damage_anywhere_is_told_and_survived(data: st.DataObject) -> None:
    """Bytes changed, cut out or put in, in either file or the side-car: CorpusError or refusals, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        texts = several(8)
        path = write_megatron(Path(folder) / "a.bin", texts, modes=[0] * sum(map(len, texts)))
        write_side_car(path, {"doc_index": list(range(8)), "doc_key": list("abcdefgh")})
        damaged = path.with_suffix(
            data.draw(st.sampled_from([".bin", ".idx", ".idx", ".idx", ".meta.parquet"]))
        )
        content = bytearray(damaged.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, len(content)))
            value = data.draw(st.binary(max_size=8))
            same = data.draw(st.booleans())
            content[place : place + (len(value) if same else data.draw(st.integers(0, 8)))] = value
        if data.draw(st.booleans()):
            del content[data.draw(st.integers(0, len(content))) :]
        damaged.write_bytes(content)
        try:
            Megatron().sample(str(path), path.name)
            found, refused = read_whole(
                Megatron(), path, TABLE, data.draw(st.sampled_from([50, 400, 1 << 30]))
            )
        except CorpusError as error:
            assert str(error).startswith("a.bin")  # noqa: PT017 (what is raised says where)
        else:
            assert sum(len(one.ids) for one in found) <= path.stat().st_size
            assert all(refusal.reason and refusal.detail.encode() for refusal in refused)


def test_end_tokens_are_part_of_their_document(tmp_path: Path) -> None:
    """Documents are told by the index, whatever ids stand in them."""
    path = write_megatron(tmp_path / "a.bin", [[[1, END, 2, END]], [[END]]])
    assert [one.ids for one in read_whole(Megatron(), path, TABLE)[0]] == [[1, END, 2, END], [END]]
