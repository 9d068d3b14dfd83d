"""Rows of ids: nanoGPT, llm.c, NumPy; documents between end tokens, and pieces of what has none."""

from __future__ import annotations

import itertools
import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.tokens.token_samples import (
    END,
    Document,
    byte_table,
    documents,
    joined,
    listed,
    read_blocks,
    read_whole,
    write_stream,
)
from countermark.corpus.base import Shard
from countermark.corpus.listing import list_shards, reader_for
from countermark.corpus.tokens import array_rows, splitting
from countermark.corpus.tokens.block import LEAD_OUT_TOKENS, PIECE_TOKENS
from countermark.corpus.tokens.decoding import Decoding
from countermark.corpus.tokens.streams import TokenStream
from countermark.errors import CorpusError

TABLE = byte_table()


@pytest.mark.parametrize("dtype", ["<u2", "<u4", ">u2", ">u4"])
@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("part_bytes", [1, 30, 500, 1 << 30])
def test_raw_ids_are_split_at_end_tokens(tmp_path: Path, dtype: str, before: bool, part_bytes: int) -> None:
    """On whichever side the end tokens stand, and however the file is cut, the documents and places are the same."""
    texts = documents()
    ids = joined(texts, before=before)
    path = write_stream(tmp_path / "train.bin", ids, dtype)
    found, refused = read_whole(TokenStream(), path, TABLE, part_bytes, ids=dtype)
    assert [[one for one in document.ids if one != END] for document in found] == texts
    assert refused == []
    assert [document.row for document in found] == [document.first for document in found]
    assert all(ids[document.row : document.row + len(document.ids)] == document.ids for document in found)
    # the last document of llm.c has no end token: it may go on in the next file
    assert [document.whole for document in found] == [True] * (len(texts) - 1) + [not before]


@pytest.mark.parametrize(
    ("magic", "version", "dtype"),
    [
        (20240520, 1, "<u2"),
        (20240801, 7, "<u4"),
        (20250211, 1, "<u2"),
        (20250401, 1, "<u2"),
        (20251231, 2, "<u4"),
    ],
)
def test_headers_of_llm_c_say_the_type(tmp_path: Path, magic: int, version: int, dtype: str) -> None:
    """Its own headers do by their date, others by what their count of ids makes of the size."""
    texts = documents()
    path = write_stream(tmp_path / "fineweb.bin", joined(texts, before=True), dtype, magic, version)
    sample = TokenStream().sample(str(path), "fineweb.bin")
    assert sample.dtypes == (dtype,)
    assert np.concatenate(sample.stretches).tolist() == joined(texts, before=True)
    found, refused = read_whole(TokenStream(), path, TABLE, 100, ids=dtype)
    assert [[one for one in document.ids if one != END] for document in found] == texts
    assert found[0].row == 1  # behind the first end token; the header is not counted
    assert refused == []


@pytest.mark.parametrize("dtype", ["|u1", "<u2", ">u2", "<i4", ">i4", "<u4", "<i8", "<u8"])
def test_arrays_of_numpy_are_read(tmp_path: Path, dtype: str) -> None:
    """One dimension of any integers."""
    texts = documents()
    ids = joined(texts, end=255)
    np.save(tmp_path / "a.npy", np.array(ids, dtype))
    path = tmp_path / "a.npy"
    assert TokenStream().sample(str(path), "a.npy").dtypes == (np.dtype(dtype).str,)
    found, refused = read_whole(TokenStream(), path, byte_table((255,)), 100)
    assert [document.ids[:-1] for document in found] == texts
    assert refused == []


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.asfortranarray(np.zeros((3, 4), np.int32)), r"3 × 4 integers, in columns \(Fortran order\)"),
        (np.zeros((2, 3, 4), np.int32), "2 × 3 × 4 integers"),
        (np.zeros((1000, 768), np.float32), "1,000 × 768 floating-point numbers"),
        (np.array([{}, []], object), "2 Python objects"),
        (np.zeros(3, "i4,i4"), None),
    ],
)
def test_other_arrays_are_refused_and_nothing_is_unpickled(
    tmp_path: Path, array: np.ndarray[tuple[int, ...], np.dtype[np.generic]], said: str | None
) -> None:
    """The message says what is in it, or shows the header; a search for texts says the same."""
    path = tmp_path / "a.npy"
    np.save(path, array, allow_pickle=True)
    found = f"an array of {said}" if said else "an array with the header .*"
    message = f"{found}; arrays of integers are read, in one dimension or in rows"
    with pytest.raises(CorpusError, match=rf"a\.npy: {message}"):
        TokenStream().sample(str(path), "a.npy")
    (shard,) = [one for one in list_shards([path]) if isinstance(one, Shard)]
    refused = [one for batch in reader_for(shard.format).batches(shard) for one in batch.refused]
    assert [(one.reason, bool(re.match(message, one.detail))) for one in refused] == [("binary", True)]


@pytest.mark.parametrize("dtype", ["<u2", ">i4", "<i8"])
@pytest.mark.parametrize("part_bytes", [1, 500, 1 << 30])
def test_arrays_of_two_dimensions_are_packed_rows(tmp_path: Path, dtype: str, part_bytes: int) -> None:
    """Documents end at end tokens and where a row is full; those that were cut there are fragments."""
    rows = [[1, 2, END, 3], [4, 5, 6, 7], [8, END, END, 9], [END, 7, 7, END], [5, 6, 7, END]]
    np.save(tmp_path / "a.npy", np.array(rows, dtype))
    path = tmp_path / "a.npy"
    found, refused = read_whole(TokenStream(), path, TABLE, part_bytes)
    assert refused == []
    assert [(one.row, one.first, [n for n in one.ids if n != END], one.whole) for one in found] == [
        (0, 0, [1, 2], True),
        (0, 3, [3], False),
        (1, 0, [4, 5, 6, 7], False),
        (2, 0, [8], False),
        (2, 3, [9], False),
        (3, 1, [7, 7], True),
        (4, 0, [5, 6, 7], True),
    ]
    assert all(rows[one.sequence][one.first :][: len(one.ids)] == one.ids for one in found)
    assert np.concatenate(TokenStream().sample(str(path), "a.npy").stretches).tolist() == [
        n for row in rows for n in row
    ]


def test_rows_of_an_array_do_not_depend_on_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows are read at a time, and however the file is cut."""
    ids = joined(documents(300))
    np.save(tmp_path / "a.npy", np.array(ids[: len(ids) // 70 * 70], "<u2").reshape(-1, 70))
    expected, _ = read_whole(TokenStream(), tmp_path / "a.npy", TABLE)
    assert sum(len(one.ids) for one in expected if one.ids) <= len(ids)
    assert {one.whole for one in expected} == {True, False}
    monkeypatch.setattr(array_rows, "BLOCK_TOKENS", 200)
    for part_bytes in (1, 999, 1 << 30):
        assert read_whole(TokenStream(), tmp_path / "a.npy", TABLE, part_bytes)[0] == expected


def test_an_array_of_rows_that_is_cut_short(tmp_path: Path) -> None:
    """Whole rows are read, and what is missing is said; a row or a column alone is one row."""
    path = tmp_path / "a.npy"
    np.save(path, np.arange(40, dtype="<u2").reshape(4, 10))
    path.write_bytes(path.read_bytes()[:-3])
    found, refused = read_whole(TokenStream(), path, TABLE)
    assert [one.ids for one in found] == np.arange(30).reshape(3, 10).tolist()
    assert [(one.reason, one.detail) for one in refused] == [
        ("truncated", "its header says 40 ids; 30 are there")
    ]
    for shape in ((1, 40), (40, 1)):
        np.save(path, np.arange(40, dtype="<u2").reshape(shape))
        assert [one.ids for one in read_whole(TokenStream(), path, TABLE)[0]] == [list(range(40))]


def test_the_sample_of_raw_ids_is_bytes_that_any_type_fits(tmp_path: Path) -> None:
    """Stretches begin at multiples of eight bytes, and are spread over the file."""
    ids = np.random.default_rng(1).integers(0, 60_000, 300_001)
    path = write_stream(tmp_path / "a.bin", ids.tolist())
    sample = TokenStream().sample(str(path), "a.bin")
    assert sample.dtypes == ("<u2", "<u4", ">u2", ">u4")
    assert sum(map(len, sample.stretches)) == 1 << 18
    data = path.read_bytes()
    for stretch in sample.stretches:
        assert stretch.dtype == np.uint8
        assert data.index(stretch.tobytes()) % 8 == 0
    again = TokenStream().sample(str(path), "a.bin")
    assert all((a == b).all() for a, b in zip(sample.stretches, again.stretches, strict=True))


def test_what_is_cut_short_is_said_and_the_rest_is_read(tmp_path: Path) -> None:
    """A header that promises more, bytes behind the last id, and half an id."""
    texts = documents()
    path = write_stream(tmp_path / "a.bin", joined(texts), magic=20240520)
    whole = path.read_bytes()
    path.write_bytes(whole[:-101])
    found, refused = read_whole(TokenStream(), path, TABLE)
    assert [refusal.reason for refusal in refused] == ["truncated"]
    assert f"{len(joined(texts)):,} ids; {len(joined(texts)) - 51:,} are there" in refused[0].detail
    assert [document.ids[:-1] for document in found[:-1]] == texts[: len(found) - 1]
    assert not found[-1].whole
    path.write_bytes(whole + b"abc")
    found, refused = read_whole(TokenStream(), path, TABLE)
    assert [(one.reason, one.detail) for one in refused] == [
        ("truncated", "3 bytes after the last id were not read")
    ]
    assert len(found) == len(texts)
    path.write_bytes(whole[1024:-1])
    details = [one.detail for one in read_whole(TokenStream(), path, TABLE)[1]]
    assert details == ["1 byte after the last id was not read"]


@pytest.mark.parametrize(
    ("magic", "version", "message"),
    [
        (20240522, 1, "questions and choices of answers"),
        (20240520, 2, r"\(20240520\) says version 2 .*; version 1 is read"),
        (20240801, 1, "version 7 is read"),
    ],
)
def test_other_files_of_llm_c_are_refused_in_words(
    tmp_path: Path, magic: int, version: int, message: str
) -> None:
    """One message, with the file and what is accepted."""
    path = write_stream(tmp_path / "a.bin", [1, 2, 3], magic=magic, version=version)
    with pytest.raises(CorpusError, match=rf"^a\.bin: .*{message}"):
        TokenStream().sample(str(path), "a.bin")


def test_a_header_may_claim_a_thousand_million_ids(tmp_path: Path) -> None:
    """Nothing is allocated for them."""
    path = write_stream(tmp_path / "a.bin", joined(documents()), magic=20240520)
    data = bytearray(path.read_bytes())
    data[8:12] = (10**9).to_bytes(4, "little")
    path.write_bytes(data)
    found, refused = read_whole(TokenStream(), path, TABLE)
    assert len(found) == 40
    assert "1,000,000,000 ids" in refused[0].detail
    (tmp_path / "b.npy").write_bytes(_numpy_header(10**17) + b"\1\0\2\0")
    assert [one.ids for one in read_whole(TokenStream(), tmp_path / "b.npy", TABLE)[0]] == [[1, 2]]


def test_a_file_without_ids_is_refused(tmp_path: Path) -> None:
    """And a file that has changed its layout since it was listed."""
    for name, data in (("a.bin", b""), ("b.bin", b"\1"), ("c.npy", _numpy_header(0))):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(CorpusError, match=f"{name}: there are no token ids"):
            TokenStream().sample(str(tmp_path / name), name)
    path = write_stream(tmp_path / "d.bin", [1] * 2000)
    shards, _ = listed(TokenStream(), path, 100, ids="<u2")
    write_stream(path, [1] * 20)
    with pytest.raises(CorpusError, match="20 ids, not what was listed"):
        read_blocks(TokenStream(), shards[1:2], TABLE)
    path.unlink()
    with pytest.raises(CorpusError, match=r"d\.bin#0-50: No such file"):
        read_blocks(TokenStream(), shards[:1], TABLE)
    with pytest.raises(CorpusError, match=r"c\.npy: its ids are <u2, not <u4"):
        listed(TokenStream(), tmp_path / "c.npy", ids="<u4")


def test_consecutive_end_tokens_are_no_documents(tmp_path: Path) -> None:
    """Empty documents have no text, and no place among the records."""
    path = write_stream(tmp_path / "a.bin", [END, END, 1, 2, END, END, END, 3, END])
    found, refused = read_whole(TokenStream(), path, TABLE, ids="<u2")
    assert [(one.ids, one.row, one.whole) for one in found] == [([1, 2, END], 2, True), ([3, END], 7, True)]
    assert refused == []


def test_a_tokeniser_without_an_end_token_gives_one_text(tmp_path: Path) -> None:
    """Nothing says where it was cut."""
    path = write_stream(tmp_path / "a.bin", [1, 2, END, 3])
    found, _ = read_whole(TokenStream(), path, byte_table(()), ids="<u2")
    assert [(one.ids, one.whole) for one in found] == [([1, 2, END, 3], False)]


def expected(ids: list[int], piece: int, lead_out: int) -> list[Document]:
    """What the module says of documents and pieces, in the plainest words."""
    starts = {0, len(ids)} | {place + 1 for place, one in enumerate(ids) if one == END}
    starts |= {place for place in range(piece, len(ids), piece) if END not in ids[place - piece : place]}
    ordered = sorted(starts)
    cut_before = END not in (ids[0], ids[-1])
    found = []
    for begin, stop in itertools.pairwise(ordered):
        read = stop
        if ids[stop - 1] != END:
            while read < min(len(ids), stop + lead_out) and ids[read - 1] != END:
                read += 1
        if ids[begin:stop] == [END]:
            continue
        cut = (stop == len(ids) and ids[-1] != END) or (begin == 0 and cut_before)
        found.append(Document(ids[begin:read], begin, 0, begin, not cut, stop - begin))
    return found


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_pieces_do_not_depend_on_how_the_file_is_cut(data: st.DataObject) -> None:
    """Long documents come in pieces at places that every part finds for itself."""
    gaps = data.draw(st.lists(st.integers(0, 90), min_size=1, max_size=8))
    ids = [one for gap in gaps for one in [*(k % 200 for k in range(gap)), END]]
    ids = ids[: len(ids) - data.draw(st.integers(0, min(len(ids) - 1, 40)))]
    part_bytes = data.draw(st.sampled_from([2, 10, 16, 32, 34, 64, 1000]))
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "PIECE_TOKENS", 16)
        patch.setattr(splitting, "BLOCK_TOKENS", data.draw(st.sampled_from([16, 40])))
        patch.setattr(splitting, "LEAD_OUT_TOKENS", 5)
        patch.setattr(splitting, "_NEAR", data.draw(st.sampled_from([2, 8])))
        path = write_stream(Path(folder) / "a.bin", ids)
        found, refused = read_whole(TokenStream(), path, TABLE, part_bytes, ids="<u2")
    assert found == expected(ids, 16, 5)
    assert refused == []


def test_a_part_that_begins_in_a_document_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The decoder then drops what is left of a code point, as it does between pieces."""
    monkeypatch.setattr(splitting, "PIECE_TOKENS", 16)
    path = write_stream(tmp_path / "a.bin", [1] * 40 + [END] + [2] * 9)
    shards, _ = listed(TokenStream(), path, 32, ids="<u2")
    first = [next(TokenStream().blocks(shard, TABLE)) for shard in shards]
    assert [block.goes_on for block in first] == [False, True, True, False]
    assert [block.row.tolist() for block in first] == [[0], [16], [32, 41], []]


@pytest.mark.parametrize("part_bytes", [32, 34, 100, 1 << 30])
def test_pieces_decode_to_the_text_they_were_cut_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part_bytes: int
) -> None:
    """A code point that is cut belongs to the piece before, in whichever part of the file that is."""
    monkeypatch.setattr(splitting, "PIECE_TOKENS", 16)
    monkeypatch.setattr(splitting, "LEAD_OUT_TOKENS", 6)
    text = "« Œuvre » — Ελλάδα, 日本語 𝄞 und so fort: " * 9
    path = write_stream(tmp_path / "a.bin", list(text.encode()))
    shards, _ = listed(TokenStream(), path, part_bytes, ids="<u2")
    own = []
    for shard in shards:
        decoding = Decoding(TABLE, shard.name)
        for block in TokenStream().blocks(shard, TABLE):
            batch = decoding.batch(block)
            ends = [None] * len(batch) if batch.own_end is None else batch.own_end.tolist()
            own += [str(piece)[:end] for piece, end in zip(batch.text.to_pylist(), ends, strict=True)]
    assert "".join(own) == text
    assert len(own) == -(-len(text.encode()) // 16)


def test_progress_adds_up_to_the_bytes_of_the_ids(tmp_path: Path) -> None:
    """However the file is cut."""
    path = write_stream(tmp_path / "a.bin", joined(documents(200)))
    for part_bytes in (50, 1000, 1 << 30):
        shards, _ = listed(TokenStream(), path, part_bytes, ids="<u2")
        assert sum(shard.size for shard in shards) == path.stat().st_size
        read = sum(block.bytes_read for shard in shards for block in TokenStream().blocks(shard, TABLE))
        assert read == path.stat().st_size


def test_a_long_row_without_ends_comes_in_pieces_of_bounded_size(tmp_path: Path) -> None:
    """With the sizes that are in use."""
    count = 2 * PIECE_TOKENS + 12_345
    ids = np.arange(count, dtype="<u4") % 200
    np.save(tmp_path / "a.npy", ids)
    found, _ = read_whole(TokenStream(), tmp_path / "a.npy", TABLE, 5 << 20)
    assert [one.row for one in found] == [0, PIECE_TOKENS, 2 * PIECE_TOKENS]
    assert [one.own for one in found] == [PIECE_TOKENS, PIECE_TOKENS, 12_345]
    assert len(found[0].ids) == PIECE_TOKENS + LEAD_OUT_TOKENS
    assert len(found[1].ids) == PIECE_TOKENS + 12_345
    assert found[1].ids == ids[PIECE_TOKENS:].tolist()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damage_anywhere_is_told_and_survived(data: st.DataObject) -> None:
    """Bytes changed, cut out or put in, in a header or among the ids."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / data.draw(st.sampled_from(["a.bin", "a.npy"]))
        if path.suffix == ".npy":
            np.save(path, np.array(joined(documents(20)), "<u2"))
        else:
            write_stream(path, joined(documents(20)), magic=20240520)
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, min(len(content), 1200)))
            length = data.draw(st.integers(0, 16))
            content[place : place + length] = data.draw(st.binary(max_size=16))
        if data.draw(st.booleans()):
            del content[data.draw(st.integers(0, len(content))) :]
        path.write_bytes(content)
        try:
            dtype = TokenStream().sample(str(path), path.name).dtypes[-1]
            found, refused = read_whole(TokenStream(), path, TABLE, 200, ids=dtype)
        except CorpusError as error:
            assert str(error).startswith(path.name)  # noqa: PT017 (what is raised says where)
        else:
            assert sum(document.own for document in found) <= len(content)
            assert all(refusal.reason == "truncated" for refusal in refused)


def _numpy_header(count: int) -> bytes:
    said = f"{{'descr': '<u2', 'fortran_order': False, 'shape': ({count},), }}".encode()
    return b"\x93NUMPY\x01\0" + len(said).to_bytes(2, "little") + said
