"""Findings in what was decoded from ids: those of the plain text, with the ids that hold them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from corpus.tokens.token_blocks import block_of, every_byte, written
from countermark.corpus.tokens.decoding import decode, decoded
from countermark.index import open_index
from countermark.index.build import build_index
from countermark.matching.matcher import Matcher
from countermark.matching.rows import Context, findings_of
from written_works import batch_of, prose, work_file

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.corpus.base import RecordBatch
    from countermark.findings.finding import Finding
    from countermark.index import Index

WORK = prose(800, 31).replace("a", "á")
PASSAGES = [" ".join(WORK.split(" ")[at : at + 70]) for at in (100, 300, 500)]
RECORDS = [f"{prose(30, at)} 💧 {passage} {prose(20, 50 + at)}" for at, passage in enumerate(PASSAGES)]
TABLE = every_byte(*("á".encode(), b" b", b"mer", "💧".encode()[:3], b"la"))
NULLS: dict[str, Any] = dict.fromkeys(
    ("record_sequence", "record_token_start", "record_token_end", "record_fragment")
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """An index of the work."""
    folder: Path = tmp_path_factory.mktemp("tokens") / "i"
    build_index([work_file("0", WORK)], folder)
    return open_index(folder)


def found(index: Index, batch: RecordBatch) -> list[Finding]:
    """The findings of a batch."""
    return findings_of(Matcher(index).match(batch), batch, index, Context("corpus", None, "shard"))


def test_findings_are_those_of_the_text_with_the_ids_that_hold_them(index: Index) -> None:
    """All columns are the same but the four of ids, and these ids say what the excerpt says."""
    documents = [[len(TABLE) - 1, *written(record, TABLE, seed)] for seed, record in enumerate(RECORDS)]
    block = block_of(documents, first=[5, 0, 100], sequence=[8, 9, 10], whole=[1, 1, 0])
    plain = found(index, batch_of(RECORDS))
    batch = decoded(block, TABLE, "shard")
    among = found(index, batch)
    assert len(among) == len(PASSAGES)
    assert [replace(row, **NULLS) for row in among] == plain
    assert [row.record_fragment for row in among] == [False, False, True]
    assert [row.record_sequence for row in among] == [8, 9, 10]
    for row, ids, first in zip(among, documents, (5, 0, 100), strict=True):
        assert row.record_token_start is not None
        assert row.record_token_end is not None
        held = decode(np.array(ids[row.record_token_start - first : row.record_token_end - first]), TABLE)
        assert row.record_excerpt.encode() in held
        assert len(held) < len(row.record_excerpt.encode()) + 6


def test_documents_packed_in_one_row_are_told_apart(index: Index) -> None:
    """They have one row, and coordinates that go on from one to the next, so that no two findings are one."""
    twice = [RECORDS[0], RECORDS[0]]
    documents = [written(record, TABLE, 1) for record in twice]
    first = [0, len(documents[0])]
    batch = decoded(block_of(documents, row=[4, 4], sequence=[4, 4], first=first), TABLE, "shard")
    one, other = found(index, batch)
    assert (one.row, other.row) == (4, 4)
    assert one.finding_id != other.finding_id
    assert other.record_start - one.record_start == len(RECORDS[0])
    assert one.record_token_start is not None
    assert other.record_token_start == one.record_token_start + len(documents[0])
    assert one.record_digest == other.record_digest


def test_findings_in_plain_text_say_nothing_of_ids(index: Index) -> None:
    """The four columns are null."""
    rows = found(index, batch_of(RECORDS))
    assert rows == [replace(row, **NULLS) for row in rows]
    assert len(rows) == len(PASSAGES)
