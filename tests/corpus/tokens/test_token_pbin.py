"""Modalities' `.pbin`: the pickled index is read as data, and never unpickled."""

from __future__ import annotations

import pickle
import pickletools
import struct
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.tokens.token_samples import (
    END,
    Document,
    byte_table,
    documents,
    listed,
    read_blocks,
    read_whole,
    write_pbin,
)
from countermark.corpus.tokens import pickled_index
from countermark.corpus.tokens.pbin import PackedBin
from countermark.corpus.tokens.pickled_index import BadIndexError, IndexReader
from countermark.errors import CorpusError

TABLE = byte_table()


def ended(count: int = 40, end: int = END) -> list[list[int]]:
    """Documents with their end tokens, as Modalities writes them."""
    return [[*text, end] for text in documents(count)]


@pytest.mark.parametrize("width", [1, 2, 4])
@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("part_bytes", [1, 100, 1 << 30])
def test_documents_are_those_of_the_index(tmp_path: Path, width: int, protocol: int, part_bytes: int) -> None:
    """For each width of an id, each protocol of pickle, and however the file is cut."""
    texts = ended(end=255)
    path = write_pbin(tmp_path / "a.pbin", texts, width, protocol=protocol)
    found, refused = read_whole(PackedBin(), path, TABLE, part_bytes)
    assert found == [Document(text, row, row, 0, True, len(text)) for row, text in enumerate(texts)]
    assert refused == []
    sample = PackedBin().sample(str(path), "a.pbin")
    assert sample.dtypes == (np.dtype(f"<u{width}").str,)
    assert np.concatenate(sample.stretches).tolist() == [one for text in texts for one in text]


class Bomb:
    """What it is unpickled to writes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def test_a_pickle_that_runs_code_is_not_run(tmp_path: Path) -> None:
    """The documents are split at end tokens, and the refusal says why. Unpickled, this one would write a file."""
    written = tmp_path / "written"
    texts = ended()
    bomb = pickle.dumps([(0, 2), Bomb(written)])
    for index in (bomb, b"cposix\nsystem\n(S'touch " + str(written).encode() + b"'\ntR."):
        path = write_pbin(tmp_path / "a.pbin", texts, index=index)
        for part_bytes in (50, 1 << 30):
            found, refused = read_whole(PackedBin(), path, TABLE, part_bytes)
            assert [one.ids for one in found] == texts
            assert [(one.row, one.reason) for one in refused] == [(-1, "pickled-index")]
            assert "no part of a list of pairs of integers" in refused[0].detail
            assert refused[0].detail.endswith("they are split at end tokens")
            assert not written.exists()
    pickle.loads(bomb)  # noqa: S301 (that is what it proves)
    assert written.exists()  # the bomb is a bomb


@pytest.mark.parametrize(
    "index",
    [
        {0: 2}, (0, 2), [0, 2], [[0, 2]], [(0, 2, 4)], [(0,)], [("0", "2")], [(0.0, 2.0)], [(None, 1)], [(True, False)],
        [((0, 2), 2)], [(2**63, 1)], [(2**70, 1)], [(-1, 2)], [(0, -2)], [(0, 2**62)], [(2**62, 2**62)],
    ],
)  # fmt: skip
def test_a_pickle_of_anything_else_is_not_used(tmp_path: Path, index: Any) -> None:
    """Whatever it is, and whatever numbers are in it."""
    texts = ended()
    path = write_pbin(tmp_path / "a.pbin", texts, index=index)
    found, refused = read_whole(PackedBin(), path, TABLE)
    assert [one.ids for one in found] == texts
    assert [one.reason for one in refused] == ["pickled-index"]


def spans(texts: list[list[int]], width: int = 2) -> list[tuple[int, int]]:
    """The right index."""
    sizes = [len(text) * width for text in texts]
    return list(zip(np.cumsum([0, *sizes]).tolist(), sizes, strict=False))


def test_an_index_that_hides_or_repeats_documents_is_not_used(tmp_path: Path) -> None:
    """It must name every byte of the data once and in order."""
    texts = ended()
    right = spans(texts)
    half = [*right[:-1], (right[-1][0], 1), (right[-1][0] + 1, right[-1][1] - 1)]
    for index, problem in (
        (right[1:], "do not follow one another"),
        (right[:-1], "it ends after"),
        ([right[1], right[0], *right[2:]], "do not follow one another"),
        ([*right, (right[-1][0], right[-1][1])], "do not follow one another"),
        ([*right, (sum(right[-1]), 4)], "outside the data"),
        ([], "it ends after 0 of"),
        (half, "no multiple of 2 bytes"),
        (pickle.dumps(right) + b"x", "something follows"),
        (pickle.dumps(right)[:-1], "it is cut short"),
        (b"", "it is cut short after 0 bytes"),
    ):
        path = write_pbin(tmp_path / "a.pbin", texts, index=index)
        found, refused = read_whole(PackedBin(), path, TABLE)
        assert [one.ids for one in found] == texts
        assert [one.reason for one in refused] == ["pickled-index"]
        assert problem in refused[0].detail


def test_the_first_version_counted_from_the_header(tmp_path: Path) -> None:
    """The documents are the same."""
    texts = ended()
    index = [(begin + 12, size) for begin, size in spans(texts)]
    path = write_pbin(tmp_path / "a.pbin", texts, index=index)
    for part_bytes in (1, 200, 1 << 30):
        found, refused = read_whole(PackedBin(), path, TABLE, part_bytes)
        assert [one.ids for one in found] == texts
        assert refused == []


def test_empty_documents_are_handed_over(tmp_path: Path) -> None:
    """They are refused as empty by whoever decodes them."""
    path = write_pbin(tmp_path / "a.pbin", [[], [1], [], [2, 3], []])
    found, _ = read_whole(PackedBin(), path, TABLE, 2)
    assert [(one.row, one.ids) for one in found] == [(0, []), (1, [1]), (2, []), (3, [2, 3]), (4, [])]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "0 bytes are no .pbin; its header alone has 12"),
        (struct.pack("<QI", 0, 2) + b"\1\0", "0 bytes of ids: it was never finished"),
        (struct.pack("<QI", 2, 3) + b"\1\0\0", "3 bytes for each id; 1, 2 and 4 are read"),
        (struct.pack("<QI", 2, 8) + b"\1\0", "8 bytes for each id"),
        (struct.pack("<QI", 2, 2), "there are no token ids in it"),
        (struct.pack("<QI", 1, 2) + b"\1\0", "there are no token ids in it"),
    ],
)
def test_headers_that_cannot_be_are_refused_in_words(tmp_path: Path, content: bytes, message: str) -> None:
    """One message: the file, what is wrong, and what is read."""
    path = tmp_path / "a.pbin"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=rf"^a\.pbin: .*{message}"):
        PackedBin().sample(str(path), "a.pbin")
    with pytest.raises(CorpusError, match=message):
        listed(PackedBin(), path)


def test_a_file_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """Also where it claims more data than there is on earth."""
    texts = ended()
    path = write_pbin(tmp_path / "a.pbin", texts)
    data = path.read_bytes()
    size = sum(map(len, texts)) * 2
    path.write_bytes(data[: 12 + size - 1])
    found, refused = read_whole(PackedBin(), path, TABLE, 300)
    assert [one.ids for one in found] == [*texts[:-1], texts[-1][:-1]]
    assert not found[-1].whole
    assert [one.reason for one in refused] == ["truncated"]
    path.write_bytes(struct.pack("<Q", 2**63) + data[8:])
    assert [one.reason for one in read_whole(PackedBin(), path, TABLE)[1]] == ["truncated"]


def test_shards_that_no_longer_fit_are_refused(tmp_path: Path) -> None:
    """The index was replaced after the listing by one that runs code."""
    path = write_pbin(tmp_path / "a.pbin", ended())
    shards, _ = listed(PackedBin(), path, 200)
    write_pbin(path, ended(), index=[Bomb(tmp_path / "written")])
    with pytest.raises(CorpusError, match=r"a\.pbin#.*: its index is not what it was when it was listed"):
        read_blocks(PackedBin(), shards, TABLE)
    assert not (tmp_path / "written").exists()


def as_genops_says(index: bytes) -> list[tuple[int, int]]:
    """The pairs of a pickle, as Python's own disassembler tells them."""
    integers = {"BININT", "BININT1", "BININT2", "LONG1"}
    plain = [int(argument or 0) for code, argument, _ in pickletools.genops(index) if code.name in integers]
    return list(zip(plain[::2], plain[1::2], strict=True))


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(
        st.sampled_from([0, 1, 127, 128, 255, 256, 65_535, 65_536, 2**31 - 1, 2**31, 2**33]), max_size=2100
    ),
    protocol=st.integers(2, 5),
    pairs=st.sampled_from([1, 7, 1 << 16]),
    chunk=st.sampled_from([11, 100, 1 << 20]),
)
def test_the_index_is_read_as_python_reads_it(
    sizes: list[int], protocol: int, pairs: int, chunk: int
) -> None:
    """Integers of every size, lists of every length; from any place between two documents it goes on the same."""
    starts = np.cumsum([0, *sizes]).tolist()
    right = list(zip(starts, sizes, strict=False))
    pickled = pickle.dumps(right, protocol)
    assert as_genops_says(pickled) == right
    with tempfile.TemporaryFile() as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pickled_index, "_PAIRS", pairs)
        patch.setattr(pickled_index, "_CHUNK", chunk)
        file.write(b"before" + pickled)
        reader = IndexReader(file, 6, sum(sizes))
        found = list(reader.entries())
        assert [end for some in found for end in some.end.tolist()] == starts[1:]
        if sizes:
            some = found[len(found) // 2]
            where = len(some.end) // 2
            rest = list(reader.entries(some.place(where), int(some.end[where])))
            done = sum(len(one.end) for one in found[: len(found) // 2]) + where + 1
            assert [end for one in rest for end in one.end.tolist()] == starts[1 + done :]


def test_a_long_index_is_read_in_bounded_memory(tmp_path: Path) -> None:
    """Half a million documents: their pairs are never all held."""
    path = write_pbin(tmp_path / "a.pbin", [[1, END]] * 500_000)
    assert len(listed(PackedBin(), path, 1 << 30)[0]) == 1  # compiles what is compiled
    tracemalloc.start()
    try:
        shards, refused = listed(PackedBin(), path, 200_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (len(shards), refused) == (10, [])
    assert [shard.end - shard.begin for shard in shards] == [50_000] * 10
    assert peak < 12 << 20


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_damage_anywhere_is_told_and_survived(data: st.DataObject) -> None:
    """Bytes changed, cut out or put in: CorpusError or refusals, and no document is lost for a damaged index."""
    with tempfile.TemporaryDirectory() as folder:
        texts = ended(20)
        path = write_pbin(Path(folder) / "a.pbin", texts)
        content = bytearray(path.read_bytes())
        begin = data.draw(st.sampled_from([0, 12 + 2 * sum(map(len, texts))]))
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(begin, len(content)))
            content[place : place + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
        path.write_bytes(content)
        try:
            PackedBin().sample(str(path), path.name)
            found, refused = read_whole(PackedBin(), path, TABLE, 200)
        except CorpusError as error:
            assert str(error).startswith("a.pbin")  # noqa: PT017 (what is raised says where)
            assert begin == 0
        else:
            assert {refusal.reason for refusal in refused} <= {"pickled-index", "truncated"}
            if begin:
                assert [one for document in found for one in document.ids] == [
                    one for text in texts for one in text
                ]


def test_an_index_reader_says_where_it_stops(tmp_path: Path) -> None:
    """The byte of the index, and what stands there."""
    (tmp_path / "index").write_bytes(pickle.dumps(["a"]))
    with (tmp_path / "index").open("rb") as file, pytest.raises(BadIndexError, match=r"its byte 13 .*0x8c"):
        list(IndexReader(file, 0, 10).entries())
