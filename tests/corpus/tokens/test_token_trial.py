"""Telling the tokeniser of some ids: the right one is named, and what is not written by one at hand is not."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from countermark.corpus.tokens import trial as tried_by
from countermark.corpus.tokens.block import Ids, Sample
from countermark.corpus.tokens.encoding import WordEncoder
from countermark.corpus.tokens.table import SPECIAL, Kind, TokenTable, table_of
from countermark.corpus.tokens.trial import (
    CLEAR,
    Evidence,
    Trial,
    check,
    contradicts,
    passes,
    token_bytes,
    try_tables,
)

ROOT = Path(__file__).parents[3]
RAW = ("<u2", "<u4", ">u2", ">u4")
PARTS = re.compile(r" ?[^\W\d_]+| ?\d+| ?[^\s\w]+|\s+|_+")


@cache
def page(folder: str) -> str:
    return "\n".join(one.read_text(encoding="utf-8") for one in sorted((ROOT / "docs" / folder).glob("*.md")))


@cache
def merged(folder: str, merges: int) -> tuple[bytes, ...]:
    """The tokens of a byte-level BPE of our own, trained on the pages of a folder of the documents."""
    counts = Counter(PARTS.findall(page(folder)[:25_000]))
    words = [([bytes([byte]) for byte in word.encode()], weight) for word, weight in counts.items()]
    tokens = [bytes([byte]) for byte in range(256)]
    for _ in range(merges):
        pairs: Counter[tuple[bytes, bytes]] = Counter()
        for word, weight in words:
            for pair in pairwise(word):
                pairs[pair] += weight
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        tokens.append(best[0] + best[1])
        for word, _ in words:
            at = 0
            while at < len(word) - 1:
                if (word[at], word[at + 1]) == best:
                    word[at : at + 2] = [best[0] + best[1]]
                at += 1
    return tuple(tokens)


@cache
def made(folder: str, merges: int, seed: int = 0) -> TokenTable:
    """Its table, with the ids mixed by `seed`, and an end token."""
    tokens = merged(folder, merges)
    order = [float("inf")] * 256 + [float(rank) for rank in range(merges)]
    mixed = list(range(len(tokens)))
    random.Random(seed).shuffle(mixed)
    return table_of(
        f"{folder}-{merges}-{seed}",
        Kind.BYTES,
        [*(tokens[at] for at in mixed), b""],
        [0] * len(tokens) + [SPECIAL],
        [*(order[at] for at in mixed), float("inf")],
        ends=(len(tokens),),
    )


@cache
def written(table: TokenTable, text: str) -> Ids:
    encoder = WordEncoder(table)
    found = [encoder.encode(part.encode()) for part in PARTS.findall(text) if len(part.encode()) <= 128]
    return np.array([one for ids in found for one in ids or ()], np.int32)


@cache
def tables() -> tuple[TokenTable, ...]:
    return (
        made("howto", 400),
        made("howto", 400, seed=1),
        made("explanation", 500),
        made("explanation", 500, seed=2),
    )


def sample_text() -> str:
    return page("reference")[:24_000]


def raw(ids: Ids, dtype: str) -> Sample:
    data = np.frombuffer(ids.astype(dtype).tobytes(), np.uint8)
    half = len(data) // 16 * 8
    return Sample((data[:half], data[half : half + half]), RAW)


def tried(ids: Ids, dtype: str = "<u2", among: tuple[TokenTable, ...] | None = None) -> Trial:
    return try_tables(raw(ids, dtype), tables() if among is None else among)


@pytest.mark.parametrize("dtype", RAW)
@pytest.mark.parametrize("number", range(4))
def test_the_table_and_the_type_are_named(number: int, dtype: str) -> None:
    """Of four tables and four integer types the right ones are found, and its text is the text."""
    table = tables()[number]
    ids = written(table, sample_text())
    trial = tried(ids, dtype)
    assert trial.clear, trial.reason
    assert trial.best is not None
    assert (trial.best.table, trial.best.dtype) == (table.digest, dtype)
    assert trial.best.agree == trial.best.telling > 100
    assert trial.best.weight > CLEAR
    assert token_bytes([ids], table)[0].tobytes()[:-1].decode() in sample_text()


@pytest.mark.parametrize("number", range(4))
def test_without_the_right_table_it_is_unclear(number: int) -> None:
    """The nearest table is never named; that most words come out the same by chance is no reason to."""
    table = tables()[number]
    rest = tuple(one for one in tables() if one is not table)
    trial = tried(written(table, sample_text()), among=rest)
    assert not trial.clear
    assert all(not passes(one) for one in trial.others)


@pytest.mark.parametrize("what", ["shuffled", "random", "shifted"])
def test_ids_that_no_tokeniser_wrote_are_unclear(what: str) -> None:
    """The right tokens in a wrong order are in range, valid UTF-8 and full of known words; they are no text."""
    table = tables()[0]
    ids, noise = written(table, sample_text()).copy(), np.random.default_rng(3)
    if what == "shuffled":
        noise.shuffle(ids)
    elif what == "random":
        ids = noise.integers(0, len(table), len(ids)).astype(np.int32)
    else:
        ids = (ids + 1) % len(table)
    trial = tried(ids)
    assert not trial.clear
    assert contradicts(check(ids, np.array([[0, len(ids)]]), table))


def test_agreement_alone_would_not_do() -> None:
    """Of shuffled tokens many words still come out the same: what chance brings is measured beside it."""
    table = tables()[0]
    ids = written(table, sample_text()).copy()
    np.random.default_rng(3).shuffle(ids)
    found = check(ids, np.array([[0, len(ids)]]), table)
    assert found.agree > 0.3 * found.telling
    assert abs(found.agree / found.telling - found.chance) < 0.15


@pytest.mark.parametrize("wide", ["<i8", ">i8", "<u4"])
def test_numbers_at_half_their_width_are_no_ids(wide: str) -> None:
    """Every second id is then 0, even where that one is no text."""
    table = tables()[0]
    flags, mixed = np.roll(table.flags, 1), np.roll(np.arange(len(table)), 1)
    moved = table_of(
        "padding first",
        table.kind,
        [table.token(one) for one in mixed.tolist()],
        flags.tolist(),
        table.order[mixed].tolist(),
    )
    ids = written(moved, sample_text())
    data = np.frombuffer(ids.astype(wide).tobytes(), np.uint8)
    trial = try_tables(Sample((data,), ("<u2",) if wide == "<u4" else RAW), [moved])
    assert not trial.clear
    assert "twice the bytes" in trial.reason
    assert wide != "<u4" or try_tables(Sample((data,), RAW), [moved]).clear


@pytest.mark.parametrize("stretches", [1, 7, 64])
def test_half_their_width_in_a_long_sample(stretches: int) -> None:
    """More ids than are looked at, in stretches of any length; two halves stand beside each other all the same."""
    table = tables()[0]
    ids = np.tile(written(table, sample_text()), 9)
    data = np.frombuffer(ids.astype("<u4").tobytes(), np.uint8)
    ends = np.linspace(0, len(data), stretches + 1).astype(int) // 8 * 8
    parts = tuple(data[begin:end] for begin, end in pairwise(ends.tolist()))
    assert len(data) // 2 > 2 << 16
    halved = try_tables(Sample(parts, ("<u2", ">u2")), tables())
    assert not halved.clear
    assert next(one for one in (halved.best, *halved.others) if one and one.dtype == "<u2").doubled
    trial = try_tables(Sample(parts, RAW), tables())
    assert trial.clear
    assert trial.best is not None
    assert (trial.best.dtype, trial.best.table) == ("<u4", table.digest)


def test_known_words_alone_are_not_enough() -> None:
    """Frequent words that are single tokens may be a few ids of something else; of several tokens, they are not."""
    seen = Evidence(
        "x", "y", "<u2", 5000, 0, 0, words=2000, known=0.4, kinds=60, spelt=30, telling=300, agree=300
    )
    assert passes(seen)
    assert not passes(replace(seen, telling=0, agree=0))
    assert not passes(replace(seen, telling=50, agree=50))
    assert not passes(replace(seen, spelt=3))
    assert not passes(replace(seen, known=0.05))
    assert not passes(replace(seen, doubled=True))


def test_few_ids_that_happen_to_be_words() -> None:
    """Letters in the one table, frequent words in the other: full of known words, and no text."""
    letters = table_of(
        "letters", Kind.WORDPIECE, [b" %c" % one for one in range(97, 123)], [0] * 26, [0.0] * 26
    )
    common = (
        "from it this but his my not had the of and that was he for with as on be at by she we they you all"
    )
    words = [f" {word}".encode() for word in common.split()]
    table = table_of("words", Kind.WORDPIECE, words, [0] * len(words), [0.0] * len(words))
    ids = np.random.default_rng(1).integers(0, 26, 20_000).astype(np.int32)
    found = check(ids, np.array([[0, len(ids)]]), table)
    assert found.known > 0.9
    assert found.kinds > 20
    assert not try_tables(raw(ids, "<u2"), [table, letters]).clear


def extended(table: TokenTable) -> TokenTable:
    """The same table with some tokens more."""
    tokens = [table.token(one) for one in range(len(table))]
    flags, order = table.flags.tolist(), table.order.tolist()
    return table_of("extended", table.kind, [*tokens, b"zq", b"qz"], [*flags, 0, 0], [*order, 1e6, 1e6 + 1])


def test_tables_that_read_the_same_text_are_one() -> None:
    """A table and its extension: the smaller is named, and the other told; with the new tokens, the extension is."""
    table = tables()[0]
    more = extended(table)
    ids = written(table, sample_text())
    trial = tried(ids, among=(more, *tables()))
    assert trial.clear
    assert trial.best is not None
    assert (trial.best.name, trial.same) == (table.name, ("extended",))
    new = np.concatenate([ids, np.full(3, len(table), np.int32), ids])
    with_new = tried(new, among=(more, *tables()))
    assert with_new.clear
    assert with_new.best is not None
    assert with_new.best.name == "extended"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 12 4004 17" * 4000,
        " a b c I" * 4000,
        "the of and to in",
    ],
    ids=["nothing", "digits", "words of one token", "a few words"],
)
def test_too_little_is_unclear(text: str) -> None:
    """And is no contradiction, either."""
    table = tables()[0]
    ids = written(table, text)
    assert not tried(ids, among=(table,)).clear
    assert not contradicts(check(ids, np.array([[0, len(ids)]]), table))


def test_mostly_padding() -> None:
    """Nine ids in ten are the end token, and the rest is enough."""
    table = tables()[0]
    ids = written(table, page("reference")[:40_000])
    padded = np.full((len(ids) // 50 + 1, 500), table.ends[0], np.int32)
    for row, begin in enumerate(range(0, len(ids), 50)):
        padded[row, : len(ids[begin : begin + 50])] = ids[begin : begin + 50]
    trial = tried(padded.reshape(-1))
    assert trial.clear, trial.reason
    assert trial.best is not None
    assert trial.best.table == table.digest


def test_a_table_of_bytes_needs_words_that_are_known() -> None:
    """Every cut is its own: alone the frequent words of a language speak for it, and other letters do not."""
    table = table_of(
        "bytes", Kind.BYTES, [bytes([one]) for one in range(256)], [0] * 256, [float("inf")] * 256
    )
    ids = np.frombuffer(sample_text().encode(), np.uint8).astype(np.int32)
    right = check(ids, np.array([[0, len(ids)]]), table)
    assert right.agree == right.telling > 100
    assert right.by_chance == right.recombined
    assert passes(right)
    other = ids.copy()
    letters = (ids >= 97) & (ids < 122)
    other[letters] += 1
    wrong = check(other, np.array([[0, len(ids)]]), table)
    assert wrong.agree == wrong.telling > 100
    assert not passes(wrong)
    mixed = np.random.default_rng(4).permutation(ids).astype(np.int32)
    assert not passes(check(mixed, np.array([[0, len(ids)]]), table))


def test_ids_beyond_the_table() -> None:
    """A few different ones are borne, as new special tokens are; many different ones are not."""
    table = tables()[0]
    ids = written(table, sample_text()).copy()
    at = np.arange(0, len(ids), 100)
    few, many = ids.copy(), ids.copy()
    few[at] = len(table) + 1
    many[at] = len(table) + np.arange(len(at))
    assert tried(few, among=(table,)).clear
    assert not tried(many, among=(table,)).clear
    bounds = np.array([[0, len(ids)]])
    assert not contradicts(check(few, bounds, table))
    lost = ids.copy()
    lost[::5] = len(table) + np.arange(len(lost[::5]))
    assert contradicts(check(lost, bounds, table))


def test_check_looks_at_documents_only() -> None:
    """What lies between the bounds, padding, is not looked at; and the work is bounded."""
    table = tables()[0]
    ids = written(table, sample_text())
    foul = np.concatenate([np.full(5000, -7, np.int32), ids, np.full(5000, 60_000, np.int32)])
    found = check(foul, np.array([[5000, 5000 + len(ids)]]), table)
    assert (found.ids, found.out_of_range) == (len(ids), 0)
    long = np.tile(ids, 30)
    assert check(long, np.array([[0, len(long)]]), table).ids <= 1 << 16


def test_words_that_nobody_can_cut_give_no_weight() -> None:
    """No words, no weight; the formula is symmetric in nothing else."""
    nothing = Evidence("x", "y", "<u2", 10, 0, 0)
    assert nothing.weight == 0
    assert not passes(nothing)
    right = replace(nothing, telling=500, agree=500, recombined=500, by_chance=400)
    assert right.weight > 10
    assert replace(right, agree=480).weight < right.weight
    assert replace(right, agree=400).weight < -10
    assert replace(right, by_chance=500).weight < 1


@pytest.mark.parametrize(("chance", "clear"), [(400, False), (480, True)])
def test_a_rival_that_is_near_makes_it_unclear(
    monkeypatch: pytest.MonkeyPatch, chance: int, clear: bool
) -> None:
    """A table that reads another text must be much less likely, whether or not it would be named alone."""
    right, rival = tables()[0], tables()[2]
    best = Evidence("right", right.digest, "<u2", 9000, 0, 0, words=900, telling=50, agree=50, recombined=500)
    found = {
        right.digest: replace(best, by_chance=390),
        rival.digest: replace(best, name="rival", table=rival.digest, telling=30, agree=30, by_chance=chance),
    }
    monkeypatch.setattr(tried_by, "_evidence", lambda _ids, table, _dtype: found[table.digest])
    ids = written(right, sample_text())
    trial = try_tables(Sample((ids.astype("<u2"),), ("<u2",)), [right, rival])
    assert passes(found[right.digest])
    assert not passes(found[rival.digest])
    assert trial.clear == clear
    assert clear or "rival" in trial.reason


def test_long_tokens_are_bounded() -> None:
    """A hostile table of very long tokens does not fill the memory."""
    table = table_of("long", Kind.BYTES, [b"a" * 60_000, b"b" * 60_000], [0, 0], [0.0, 0.0])
    ids = np.zeros(1 << 16, np.int32)
    assert len(token_bytes([ids], table)[0]) <= 4 << 20
    assert not try_tables(Sample((ids,), ("<i4",)), [table]).clear


def test_halves_are_told_in_documents_that_begin_at_either_half() -> None:
    """Read at half the width, a document begins with the upper half of its first id: no single run shows it."""
    table = tables()[0]
    ids = np.tile(written(table, sample_text()), 3)
    halves = np.frombuffer(ids.astype("<u4").tobytes(), "<u2").astype(np.int32)
    assert len(halves) % 2 == 0
    cuts = np.append(np.arange(0, len(halves), 31), len(halves))
    bounds = np.stack([cuts[:-1], cuts[1:]], axis=1)
    found = check(halves, bounds, table)
    assert found.doubled
    assert contradicts(found)
    assert contradicts(found, by_words=False)
    whole = check(ids, np.array([[0, len(ids)]]), table)
    assert not whole.doubled
    assert not contradicts(whole)


def test_a_comma_after_every_digit_is_no_half() -> None:
    """Tables of figures have one token in every second place, and are texts."""
    table = tables()[1]
    comma = next(one for one in range(len(table)) if table.token(one) == b",")
    figures = [one for one in range(len(table)) if table.token(one).isdigit()]
    ids = np.full(600, comma, np.int32)
    ids[::2] = np.resize(figures, 300)
    assert len(figures) > 4
    assert not check(ids, np.array([[0, len(ids)]]), table).doubled
