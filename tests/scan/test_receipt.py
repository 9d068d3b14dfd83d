"""Receipts: stable names, stable bytes, and damage that is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from countermark.corpus.base import Shard
from countermark.errors import RunError
from countermark.media import Refusal
from countermark.scan.receipt import (
    EXAMPLES_PER_REASON,
    Receipt,
    RefusalTally,
    ScanIdentity,
    Source,
    read_receipt,
    receipt_name,
    shard_facts,
)

if TYPE_CHECKING:
    from pathlib import Path

SHARD = Shard("a/b.jsonl#0-10", "/one/a/b.jsonl", "jsonl", 10, 0, 10, options=(("text_column", "text"),))
IDENTITY = ScanIdentity("i" * 64, None, "text-v1", "0.1.0")
RECEIPT = Receipt(
    name="abc",
    corpus="corpus",
    snapshot_date="2023-06-01",
    shard=shard_facts(SHARD),
    source=Source("0" * 64, 0, 10),
    identity=IDENTITY,
    records=3,
    characters=30,
    text_bytes=31,
    refused={"bad_json": {"count": 1, "examples": [{"where": "a", "row": 2, "detail": "d"}]}},
    findings=1,
    findings_sha256="1" * 64,
)


def test_name_depends_on_what_decides_the_result() -> None:
    """Every fact that changes what is found changes the name; the path on this machine does not."""
    name = receipt_name(SHARD, IDENTITY)
    assert name == receipt_name(replace(SHARD, path="/two/a/b.jsonl"), IDENTITY)
    others = [
        (replace(SHARD, name="a/c.jsonl"), IDENTITY),
        (replace(SHARD, size=11), IDENTITY),
        (replace(SHARD, begin=5), IDENTITY),
        (replace(SHARD, end=11), IDENTITY),
        (replace(SHARD, options=()), IDENTITY),
        (SHARD, replace(IDENTITY, index="j" * 64)),
        (SHARD, replace(IDENTITY, controls="c" * 64)),
        (SHARD, replace(IDENTITY, scheme="text-v2")),
        (SHARD, replace(IDENTITY, engine="0.2.0")),
    ]
    names = {receipt_name(shard, identity) for shard, identity in others}
    assert len(names) == len(others)
    assert name not in names


def test_receipt_comes_back_whole(tmp_path: Path) -> None:
    """Writing and reading are inverse, and the bytes are canonical JSON without a time."""
    path = tmp_path / "abc.json"
    path.write_bytes(RECEIPT.to_bytes())
    assert read_receipt(path) == RECEIPT
    facts = json.loads(path.read_bytes())
    assert list(facts) == sorted(facts)
    assert RECEIPT.refused_rows == 1


def test_strange_names_survive(tmp_path: Path) -> None:
    """A lone surrogate, as in file names that are not UTF-8, does not break a receipt."""
    strange = replace(RECEIPT, shard={**RECEIPT.shard, "name": "caf\udce9.txt"})
    (tmp_path / "x").write_bytes(strange.to_bytes())
    assert read_receipt(tmp_path / "x").shard["name"] == "caf\udce9.txt"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "damaged receipt"),
        (b"\xff\xfe", "damaged receipt"),
        (b"[]", "not a receipt of version 1"),
        (b'{"receipt": 2}', "not a receipt of version 1"),
        (b'{"receipt": 1}', "damaged receipt"),
        (RECEIPT.to_bytes()[:-40], "damaged receipt"),
        (RECEIPT.to_bytes().replace(b'"records"', b'"rekords"'), "damaged receipt"),
    ],
)
def test_damaged_receipts_are_told(tmp_path: Path, data: bytes, message: str) -> None:
    """Empty, binary, foreign, truncated and altered files are refused."""
    (tmp_path / "x.json").write_bytes(data)
    with pytest.raises(RunError, match=message):
        read_receipt(tmp_path / "x.json")


def test_only_shards_of_token_ids_say_what_of_them(tmp_path: Path) -> None:
    """The key is left out where there is nothing to say, and comes back where there is."""
    assert b"tokens" not in RECEIPT.to_bytes()
    among = replace(RECEIPT, tokens={"table": "t" * 64, "counts": {"ids": 9}, "check": None})
    (tmp_path / "x.json").write_bytes(among.to_bytes())
    assert read_receipt(tmp_path / "x.json") == among


def test_missing_receipt_is_told(tmp_path: Path) -> None:
    """A missing file is named."""
    with pytest.raises(RunError, match=r"x\.json: no such receipt"):
        read_receipt(tmp_path / "x.json")


def test_refusals_are_counted_with_few_examples() -> None:
    """All are counted, by reason; of each reason the first twenty are kept."""
    tally = RefusalTally()
    tally.add(Refusal("f", row, "empty" if row % 10 else "binary", "d") for row in range(100))
    assert {reason: entry["count"] for reason, entry in tally.counts.items()} == {"binary": 10, "empty": 90}
    assert [example["row"] for example in tally.counts["empty"]["examples"]][:3] == [1, 2, 3]
    assert len(tally.counts["empty"]["examples"]) == EXAMPLES_PER_REASON
    assert tally.total == 100
