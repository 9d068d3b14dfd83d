"""The reader of ids: it decodes what a format hands over, and refuses a shard that another tokeniser wrote."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from corpus.tokens.token_blocks import block_of, every_byte, written
from countermark.corpus.base import Shard
from countermark.corpus.tokens import trial
from countermark.corpus.tokens.choice import NAMED
from countermark.corpus.tokens.held import OPTION, hold
from countermark.corpus.tokens.reader import CHECKED_EVERY, CHECKED_IDS, TokenReader
from countermark.errors import CorpusError
from written_works import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.tokens.block import TokenBlock
    from countermark.corpus.tokens.table import TokenTable

TABLE = every_byte(b" ba", b" mo", b"ri")
SHARD = Shard("a.bin", "/a.bin", "made", 9, options=((OPTION, TABLE.digest),))


class Made:
    """A format whose blocks are made beforehand."""

    format = "made"

    def __init__(self, *blocks: TokenBlock) -> None:
        self._blocks = blocks

    def blocks(self, shard: Shard, table: TokenTable) -> Iterator[TokenBlock]:
        """Hand over the blocks."""
        assert table is TABLE
        yield from self._blocks


def reader_of(*blocks: TokenBlock) -> TokenReader:
    """A reader of some blocks."""
    hold(TABLE)
    return TokenReader(Made(*blocks))  # type: ignore[arg-type]  # only the blocks are asked for


def test_the_table_must_be_at_hand() -> None:
    """A shard without one cannot be read, and says which is missing."""
    shard = Shard("a.bin", "/a.bin", "made", 9, options=((OPTION, "ab" * 32),))
    with pytest.raises(
        CorpusError, match=r"a\.bin: the table of its tokeniser \(abababababab…\) is not at hand"
    ):
        next(iter(reader_of(block_of([[97]])).batches(shard)))


def test_only_the_first_ids_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are those of the first documents that have any, to a fixed number; the first batch says how it came out."""
    asked: list[tuple[int, list[list[int]]]] = []

    def check(ids: Any, bounds: Any, table: TokenTable) -> Any:
        asked.append((len(ids), bounds.tolist()))
        return SimpleNamespace(facts=lambda: {"telling": 5})

    monkeypatch.setattr(trial, "check", check)
    monkeypatch.setattr(trial, "contradicts", lambda *_, **__: False)
    many = block_of([[97] * 10_000, [], [98] * 10_000, [99] * 10_000])
    batches = list(reader_of(block_of([[]]), many, many).batches(SHARD))
    assert asked == [(30_000, [[0, 10_000], [10_000, 10_000], [10_000, CHECKED_IDS]])]
    told = [batch.tokens.check for batch in batches if batch.tokens is not None]
    assert told == [None, {"telling": 5}, None]
    assert [len(batch) for batch in batches] == [0, 3, 3]


def test_rows_go_on_from_block_to_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader remembers how far a row has come."""
    monkeypatch.setattr(trial, "check", lambda *_: SimpleNamespace(facts=dict))
    monkeypatch.setattr(trial, "contradicts", lambda *_, **__: False)
    batches = reader_of(block_of([[97, 98]], row=[3]), block_of([[97]], row=[3])).batches(SHARD)
    assert [batch.char_start.tolist() for batch in batches] == [[0], [2]]


def test_ids_of_another_tokeniser_are_refused() -> None:
    """Nothing of the shard is read, and the message holds the evidence."""
    ids = np.arange(3000) * 3 % 2600
    told = rf"^a\.bin: its first ids were not .* made: scan .* \({sum(ids >= len(TABLE)):,} of 3,000 ids are beyond"
    batches = reader_of(block_of([ids.tolist()])).batches(SHARD)
    with pytest.raises(CorpusError, match=told):
        next(iter(batches))


def test_a_file_put_together_of_two_is_refused_from_the_second_on() -> None:
    """What was read before stands; the message names the place, to some blocks."""
    ours = block_of([written(prose(20, 5).lower(), TABLE, 1)])
    others = replace(block_of([(np.arange(3000) * 3 % 2600).tolist()]), sequence=np.array([4_000]))
    batches = reader_of(*[ours] * CHECKED_EVERY, others).batches(SHARD)
    assert len(list(islice(batches, CHECKED_EVERY))) == CHECKED_EVERY
    with pytest.raises(
        CorpusError, match=r"its ids from sequence 4,000, position 0 on were not written with"
    ):
        next(batches)


def test_words_do_not_overrule_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tokeniser that was named is kept to, whatever its words say; not so where it has not the ids."""
    monkeypatch.setattr(trial, "CONTRADICTED", 1e9)  # every weight says no
    named = replace(SHARD, options=(*SHARD.options, (NAMED, "yes")))
    ids = written(prose(300, 5).lower(), TABLE, 1)
    with pytest.raises(CorpusError, match="not written with"):
        list(reader_of(block_of([ids])).batches(SHARD))
    (batch,) = reader_of(block_of([ids])).batches(named)
    assert batch.text[0].as_py() == prose(300, 5).lower()
    beyond = (np.arange(3000) * 3 % 2600).tolist()
    with pytest.raises(CorpusError, match="are beyond it"):
        list(reader_of(block_of([beyond])).batches(named))


def test_its_own_ids_are_not() -> None:
    """Random text cut at random is little evidence, and no contradiction; what was looked at is told."""
    ids = written(prose(300, 5).lower(), TABLE, 1)
    (batch,) = reader_of(block_of([ids])).batches(SHARD)
    assert batch.tokens is not None
    assert batch.tokens.check is not None
    assert (batch.tokens.check["ids"], batch.tokens.check["out_of_range"]) == (len(ids), 0)
    assert batch.text[0].as_py() == prose(300, 5).lower()


def test_halves_of_ids_are_refused_whatever_the_user_named() -> None:
    """Each id was written with twice the bytes: every second number is 0, and no word of several tokens is left."""
    ids = written(prose(300, 5).lower(), TABLE, 1)
    halves = [half for one in ids for half in (one, 0)]
    named = replace(SHARD, options=(*SHARD.options, (NAMED, "yes")))
    documents = [halves[:301], halves[301:]]
    for shard in (SHARD, named):
        with pytest.raises(CorpusError, match="every second number is next to nothing"):
            list(reader_of(block_of(documents)).batches(shard))
