"""Decoding: the bytes of every id in their order, what is no text told, and nothing read that is not there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.tokens.token_blocks import Plain, block_of, every_byte, plainly, table_from, written
from countermark.corpus.tokens import decoding
from countermark.corpus.tokens.block import OUTSIDE
from countermark.corpus.tokens.decoding import Decoding, decode, decoded
from countermark.corpus.tokens.places import TokenCounts
from countermark.corpus.tokens.table import SPECIAL, UNUSED
from countermark.media import Refusal

if TYPE_CHECKING:
    from countermark.corpus.base import RecordBatch
    from countermark.corpus.tokens.block import TokenBlock

TOKENS = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.text(max_size=12).map(str.encode),
        st.sampled_from(
            [b" ", b" a", b"\xc3", b"\xa9", b"\xe2\x82", b"\xac", b"\xed\xa0\x80", b"x" * 15, b"y" * 16]
        ),
    ),
    min_size=1,
    max_size=12,
)


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Any, list[list[int]], list[int]]:
    """A table, documents in ids of it and beyond, and what stands between them."""
    tokens = draw(TOKENS)
    flags = draw(
        st.lists(st.sampled_from([0, 0, 0, SPECIAL, UNUSED]), min_size=len(tokens), max_size=len(tokens))
    )
    ids = st.lists(st.integers(-2, len(tokens) + 1), max_size=30)
    return (
        table_from(tokens, flags, first_space=draw(st.booleans())),
        draw(st.lists(ids, max_size=6)),
        draw(ids),
    )


@given(drawn())
@settings(max_examples=300, deadline=None)
def test_every_document_is_decoded_as_plainly(case: tuple[Any, list[list[int]], list[int]]) -> None:
    """Texts, counts and refusals of random documents are those that a byte-by-byte decoder gives."""
    table, documents, gap = case
    block = block_of(documents, gap)
    batch = decoded(block, table, "shard")
    plain = [plainly(document, table) for document in documents]
    kept = [number for number, one in enumerate(plain) if one.text]
    batch.text.validate(full=True)
    assert batch.text.to_pylist() == [plain[number].text for number in kept]
    assert batch.row.tolist() == kept
    assert batch.char_start.tolist() == [0] * len(kept)
    assert batch.own_end is None
    assert [refusal.row for refusal in batch.refused] == [n for n, ids in enumerate(documents) if not ids]
    assert all(refusal.reason == "empty" for refusal in batch.refused)
    assert batch.tokens is not None
    assert batch.tokens.counts == TokenCounts(
        sum(map(len, documents)),
        *(sum(getattr(one, name) for one in plain) for name in ("special", "unknown", "bad")),
    )
    assert [len(column) for column in (batch.record_id, batch.record_url, batch.record_date)] == [
        len(kept)
    ] * 3


@given(drawn())
@settings(max_examples=100, deadline=None)
def test_a_run_of_ids_is_the_bytes_of_its_tokens(case: tuple[Any, list[list[int]], list[int]]) -> None:
    """`decode` joins tokens, and takes nothing away."""
    table, _, ids = case
    pieces = [
        table.token(one) if 0 <= one < len(table) and table.flags[one] != UNUSED else "\ufffd".encode()
        for one in ids
    ]
    assert decode(np.array(ids, np.int32), table) == b"".join(pieces)


def test_ids_that_no_table_holds_are_unknown() -> None:
    """What stands for ids beyond int32, and the least and greatest that it has, are U+FFFD each."""
    table = table_from([b"a", b"b"])
    far = [OUTSIDE, np.iinfo(np.int32).min, np.iinfo(np.int32).max, 2, 1]
    batch = decoded(block_of([far]), table, "s")
    assert batch.text.to_pylist() == ["\ufffd\ufffd\ufffd\ufffdb"]
    assert batch.tokens is not None
    assert batch.tokens.counts == TokenCounts(ids=5, unknown=4)


def test_room_is_made_for_long_tokens() -> None:
    """Tokens far longer than most, so that the text outgrows what was foreseen, several times."""
    long = [bytes([97 + number]) * (1 << number) for number in range(14)]
    table = table_from(long)
    documents = [list(range(14)) * 9, [13] * 50, [0], [13, 0] * 100]
    batch = decoded(block_of(documents), table, "s")
    assert batch.text.to_pylist() == [b"".join(long[one] for one in ids).decode() for ids in documents]


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded: the document that goes beyond is refused, those after it are read as far as they fit."""
    monkeypatch.setattr(decoding, "MOST_BYTES", 1 << 14)
    table = table_from([b"x" * 1000, b"y"])
    batch = decoded(block_of([[0] * 5, [0] * 5000, [1] * 5, [0] * 12]), table, "s")
    assert batch.text.to_pylist() == ["x" * 5000, "y" * 5]
    assert [(one.row, one.reason) for one in batch.refused] == [(1, "too-large"), (3, "too-large")]
    with pytest.raises(OverflowError, match="5,000 ids"):
        decode(np.zeros(5000, np.int32), table)


def test_documents_beyond_the_ids_are_an_error() -> None:
    """The kernel is never told to read what is not there."""
    block = block_of([[0], [0]])
    block.bounds[1, 1] += 1
    with pytest.raises(ValueError, match="beyond the ids"):
        decoded(block, table_from([b"a"]), "s")


def test_ids_of_a_file_are_read_where_they_lie() -> None:
    """Arrays that are not aligned, not contiguous or not writable are decoded as any."""
    table = table_from([b"a", b"b", b"c"])
    raw = b"\0" + np.array([2, 1, 0], "<i4").tobytes()
    odd = np.frombuffer(raw, "<i4", 3, 1)
    assert decode(odd, table) == b"cba"
    assert decode(np.array([2, 9, 1, 9, 0], np.int32)[::2], table) == b"cba"


def test_documents_packed_in_a_row_go_on_counting() -> None:
    """The code points of the documents before, in the same row and across blocks; empty ones count nothing."""
    table = every_byte("é".encode(), "💧".encode())
    documents = [[256, 97], [258], [257, 256, 98], [99], [256]]
    step = Decoding(table, "s")
    first = step.batch(block_of(documents, row=[3, 3, 3, 4, 4], whole=[1, 1, 1, 1, 0]))
    assert first.text.to_pylist() == ["éa", "💧éb", "c", "é"]
    assert first.row.tolist() == [3, 3, 4, 4]
    assert first.char_start.tolist() == [0, 2, 0, 1]
    second = step.batch(block_of([[256, 256], [97]], row=[4, 4]))
    assert second.char_start.tolist() == [2, 4]
    third = step.batch(block_of([[97], [97]], row=[5, 6]))
    assert third.char_start.tolist() == [0, 0]
    assert step.batch(block_of([[97]], row=[6])).char_start.tolist() == [1]
    assert [batch.tokens.counts.fragments for batch in (first, second) if batch.tokens] == [1, 0]


def test_names_of_records_stay_with_them() -> None:
    """Ids, addresses and dates follow their documents where others give no record."""
    table = every_byte()
    names = pa.array(["a", "b", None, "d"])
    refused = (Refusal("s", 1, "corrupt", "…"),)
    block = replace(
        block_of([[97], [256], [], [98]]),
        record_id=names,
        url=names,
        date=names,
        refused=refused,
        bytes_read=77,
    )
    batch = decoded(block, table, "s")
    for column in (batch.record_id, batch.record_url, batch.record_date):
        assert column.to_pylist() == ["a", "d"]
    assert [(one.row, one.reason) for one in batch.refused] == [(1, "corrupt"), (2, "empty")]
    assert batch.bytes_read == 77


def _pieces(ids: list[int], own: int, lead: int, row: int | None) -> list[TokenBlock]:
    """The blocks of one long document, each piece with a lead-out; `row` is None where each piece has its own."""
    blocks = []
    for at in range(0, len(ids), own):
        piece = ids[at : at + own + lead]
        place: dict[str, Any] = {"row": [at if row is None else row], "sequence": [7], "first": [100 + at]}
        blocks.append(block_of([piece], **place, own=[min(own, len(piece))]))
    return blocks


@given(
    st.text(st.sampled_from("ab é€💧\u0301中"), min_size=1, max_size=80),
    st.integers(0, 1 << 30),
    st.integers(1, 30),
    st.integers(3, 12),  # the bytes that may be left of a code point
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_pieces_of_a_document_put_together_are_the_document(
    text: str, seed: int, own: int, lead: int, first_space: bool, streamed: bool
) -> None:
    """What belongs to each piece, one after the other, is the whole text, wherever its ids were cut."""
    table = every_byte("é€".encode(), b"ab", "💧".encode()[1:], b" a", first_space=first_space)
    ids = written(text, table, seed)
    step = Decoding(table, "s")
    batches = [step.batch(block) for block in _pieces(ids, own, lead, None if streamed else 5)]
    expected = text[1:] if first_space and text.startswith(" ") else text
    told, bad, seen = "", 0, 0
    for batch in batches:
        assert batch.tokens is not None
        seen += batch.tokens.counts.ids
        bad += batch.tokens.counts.bad_bytes
        for number, piece in enumerate(map(str, batch.text.to_pylist())):
            assert batch.char_start[number] == (0 if streamed else len(told))
            end = len(piece) if batch.own_end is None else batch.own_end[number]
            told += piece[:end]
    assert (told, bad, seen) == (expected, 0, len(ids))


def test_bad_bytes_of_a_lead_out_are_not_counted() -> None:
    """A lead-out that ends within a code point says nothing of the document."""
    table = every_byte()
    euro = list("€".encode())
    block = block_of([[97, *euro, 98, *euro[:2]]], own=[4])
    batch = decoded(block, table, "s")
    assert batch.text.to_pylist() == ["a€b\ufffd\ufffd"]
    assert batch.own_end is not None
    assert batch.own_end.tolist() == [2]
    assert batch.tokens is not None
    assert (batch.tokens.counts.bad_bytes, batch.tokens.counts.ids) == (0, 4)
    assert decoded(block_of([[97, *euro[:2]]]), table, "s").tokens.counts.bad_bytes == 2  # type: ignore[union-attr]


def test_only_texts_with_bad_bytes_are_mended() -> None:
    """Among many good texts the bad ones are found, and all the others stay as they are."""
    table = every_byte("été".encode())
    documents = [[256, 32, 97 + number % 26] for number in range(1000)]
    for number in (0, 1, 500, 999):
        documents[number] = [256, 0xC3, 97, 0xED, 0xA0, 0x80, 256]
    batch: RecordBatch = decoded(block_of(documents), table, "s")
    plain: list[Plain] = [plainly(document, table) for document in documents]
    assert batch.text.to_pylist() == [one.text for one in plain]
    assert batch.text[500].as_py() == "été\ufffda\ufffd\ufffd\ufffdété"
    assert batch.tokens is not None
    assert batch.tokens.counts.bad_bytes == 16


def test_no_documents_are_no_records() -> None:
    """A block may only have to say what was refused."""
    batch = decoded(block_of([]), table_from([b"a"]), "s")
    assert len(batch) == 0
    assert batch.text.to_pylist() == []
    assert decode(np.zeros(0, np.int32), table_from([b"a"])) == b""
