"""Places among tokens: the fewest ids that hold a passage, counted as they lie in the file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.tokens.test_token_decoding import drawn
from corpus.tokens.token_blocks import block_of, every_byte, plainly, written
from countermark.corpus.tokens.decoding import Decoding, decode, decoded
from countermark.corpus.tokens.places import TokenSpan


@given(drawn(), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_spans_are_the_fewest_ids_that_hold_them(
    case: tuple[Any, list[list[int]], list[int]], draw: Any
) -> None:
    """Of random passages in random ids, against ids told apart code point by code point."""
    table, documents, gap = case
    count = len(documents)
    first = np.array([draw.randrange(1000) for _ in range(count)], np.int64)
    whole = np.array([draw.randrange(2) for _ in range(count)], np.uint8)
    block = block_of(documents, gap, first=first, whole=whole, sequence=np.arange(count) * 3)
    batch = decoded(block, table, "s")
    assert batch.tokens is not None
    for record, text in enumerate(map(str, batch.text.to_pylist())):
        document = int(batch.row[record])
        plain = plainly(documents[document], table)
        for _ in range(4):
            start = draw.randrange(len(text))
            end = draw.randrange(start, len(text)) + 1
            holding = [n for n, points in enumerate(plain.tokens) if points & set(range(start, end))]
            begin, past = int(first[document]) + holding[0], int(first[document]) + holding[-1] + 1
            expected = TokenSpan(document * 3, begin, past, not whole[document])
            assert batch.tokens.span(record, start, end) == expected


@given(st.text(min_size=4, max_size=60), st.integers(0, 1 << 30), st.data())
@settings(max_examples=200, deadline=None)
def test_the_other_party_finds_the_passage_there(text: str, seed: int, data: st.DataObject) -> None:
    """The ids of the span, decoded by themselves, hold the passage; without the first or the last they do not."""
    text = text.encode("utf-8", "replace").decode()
    table = every_byte("é".encode(), b"ab", b" the", "中".encode()[:2])
    ids = [263 - 3, *written(text, table, seed), 263 - 3]
    batch = decoded(block_of([ids]), table, "s")
    assert batch.tokens is not None
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = batch.tokens.span(0, start, end)
    raw = decode(np.array(ids[span.start : span.end], np.int32), table)
    wanted = text[start:end].encode()
    before, after = len(text[:start].encode()), len(text[:end].encode())
    assert wanted in raw
    assert len(decode(np.array(ids[: span.start + 1], np.int32), table)) > before
    assert len(decode(np.array(ids[: span.end - 1], np.int32), table)) < after


def test_a_record_by_itself_keeps_its_place() -> None:
    """As where one record of a shard is searched again."""
    table = every_byte(first_space=True)
    batch = decoded(block_of([[97], [256], [32, 98, 99]], sequence=[4, 5, 6]), table, "s")
    assert batch.tokens is not None
    assert (
        batch.tokens.alone(1).span(0, 1, 2)
        == batch.tokens.span(1, 1, 2)
        == TokenSpan(6, 2, 3, fragment=False)
    )


def test_special_ids_at_the_edges_are_left_out() -> None:
    """Those between are in the span, for the ids stand in one row."""
    table = every_byte()
    batch = decoded(block_of([[256, 256, 97, 256, 98, 256]], first=[40], sequence=[9]), table, "s")
    assert batch.text.to_pylist() == ["ab"]
    assert batch.tokens is not None
    assert batch.tokens.span(0, 0, 2) == TokenSpan(9, 42, 45, fragment=False)
    assert batch.tokens.span(0, 1, 2) == TokenSpan(9, 44, 45, fragment=False)
    assert batch.tokens.span(0, 1, 1) == TokenSpan(9, 44, 44, fragment=False)


def test_a_dropped_space_is_no_part_of_a_passage() -> None:
    """The id that is only the dropped space does not belong to a passage at the beginning."""
    table = every_byte(b" a", first_space=True)
    batch = decoded(block_of([[257, 32, 97, 98], [256, 98]]), table, "s")
    assert batch.text.to_pylist() == ["ab", "ab"]
    assert batch.tokens is not None
    assert batch.tokens.span(0, 0, 2) == TokenSpan(0, 2, 4, fragment=False)
    assert batch.tokens.span(1, 0, 2) == TokenSpan(1, 0, 2, fragment=False)


def test_a_piece_counts_from_where_it_begins() -> None:
    """Ids of a later piece are positions in the sequence, and bytes of the code point before are not its own."""
    table = every_byte()
    euro = list("€".encode())
    ids = [97, *euro, 98, 99, 100]
    step = Decoding(table, "s")
    one = step.batch(block_of([ids[:5]], first=[10], own=[2], row=[0], sequence=[0]))
    two = step.batch(block_of([ids[2:]], first=[12], row=[0], sequence=[0]))
    assert (one.text.to_pylist(), two.text.to_pylist()) == (["a€b"], ["bcd"])
    assert one.own_end is not None
    assert one.own_end.tolist() == [2]
    assert two.char_start.tolist() == [2]
    assert one.tokens is not None
    assert two.tokens is not None
    part = Decoding(table, "s")  # another part of the file begins there
    again = replace(block_of([ids[2:]], first=[12]), goes_on=True)
    assert part.batch(again).text.to_pylist() == ["bcd"]
    assert one.tokens.span(0, 1, 3) == TokenSpan(0, 11, 15, fragment=False)
    assert two.tokens.span(0, 0, 1) == TokenSpan(0, 14, 15, fragment=False)
    assert two.tokens.span(0, 0, 3) == TokenSpan(0, 14, 17, fragment=False)
