"""What a scan of token ids writes: findings with their ids, and a receipt that says what was decoded and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq

from corpus.tokens.token_blocks import block_of, every_byte, written
from countermark.corpus import listing
from countermark.corpus.base import Shard
from countermark.corpus.tokens.decoding import decode
from countermark.corpus.tokens.held import hold
from countermark.corpus.tokens.reader import TokenReader
from countermark.index.build import build_index
from countermark.scan.receipt import ScanIdentity, read_receipt
from countermark.scan.search import IndexBackend, SearchSettings
from countermark.scan.shard import ScanTask, findings_path, receipt_path, scan_shard
from written_works import prose, work_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from countermark.corpus.tokens.block import TokenBlock
    from countermark.corpus.tokens.table import TokenTable

WORK = prose(400, 77)
TABLE = every_byte(b" ba", b"mo", b"ri")
PADDING = len(TABLE) - 1


class OneBlock:
    """A format with these documents."""

    format = "made"

    def __init__(self, documents: list[list[int]]) -> None:
        self._documents = documents

    def blocks(self, shard: Shard, table: TokenTable) -> Iterator[TokenBlock]:
        """Each document by itself, in a block of its own."""
        assert (shard.format, table) == ("made", TABLE)
        for number, document in enumerate(self._documents):
            told = {"row": [number], "sequence": [number + 20], "whole": [number % 2]}
            yield block_of([document], **told)


def scanned(place: Path, monkeypatch: pytest.MonkeyPatch, documents: list[list[int]]) -> ScanTask:
    """Scan a shard of these documents for WORK."""
    hold(TABLE)
    reader = TokenReader(OneBlock(documents))  # type: ignore[arg-type]  # only its blocks are asked for
    monkeypatch.setattr(listing, "reader_for", lambda *_: reader)
    (place / "a.bin").write_bytes(b"ids")
    build_index([work_file("w", WORK)], place / "i")
    facts = IndexBackend().describe(place / "i", None)
    identity = ScanIdentity(facts.identity, None, facts.scheme, "0")
    search = SearchSettings(str(place / "i"), None, identity, "c", None, None)
    options = (("ids", "<u2"), ("table", TABLE.digest), ("tokenizer", "made"))
    task = ScanTask(
        "t",
        Shard("a.bin", str(place / "a.bin"), "made", 3, options=options),
        str(place),
        search,
        IndexBackend(),
    )
    receipt = scan_shard(task)
    assert receipt == read_receipt(receipt_path(place, "t"))
    return task


def test_a_receipt_says_what_was_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings have the ids, the receipt their table, its integer type, the counts of all blocks, and the check."""
    passage = " ".join(WORK.split(" ")[100:180])
    documents = [
        [PADDING, *written(passage, TABLE, 1)],
        [PADDING] * 5,
        [999, 0xC3, *written(WORK, TABLE, 2), PADDING],
    ]
    scanned(tmp_path, monkeypatch, documents)
    rows = pq.read_table(findings_path(tmp_path, "t")).to_pylist()
    assert [(row["row"], row["record_sequence"], row["record_fragment"]) for row in rows] == [
        (0, 20, True),
        (2, 22, True),
    ]
    for row in rows:
        span = slice(row["record_token_start"], row["record_token_end"])
        ids = np.array(documents[row["row"]][span], np.int32)
        assert decode(ids, TABLE).decode().startswith(row["record_excerpt"])
    receipt = read_receipt(receipt_path(tmp_path, "t"))
    assert receipt.tokens is not None
    check = receipt.tokens.pop("check")
    assert receipt.tokens == {
        "table": TABLE.digest,
        "tokenizer": "made",
        "ids": "<u2",
        "counts": {
            "ids": sum(map(len, documents)),
            "special": 7,
            "unknown": 1,
            "bad_bytes": 1,
            "fragments": 2,
        },
    }
    assert check["ids"] == len(documents[0])
    assert receipt.records == 2
    assert receipt.text_bytes == len(passage.encode()) + len(WORK.encode()) + 2 * len("\ufffd".encode())


def test_a_shard_of_another_tokeniser_is_refused_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receipt names the table that it was not written with, and the evidence; nothing was read."""
    scanned(tmp_path, monkeypatch, [list(range(0, 9000, 3))])
    receipt = read_receipt(receipt_path(tmp_path, "t"))
    assert receipt.records == 0
    (example,) = receipt.refused["tokenizer-unclear"]["examples"]
    assert "were not written with the tokeniser made" in example["detail"]
    assert receipt.tokens is not None
    assert receipt.tokens["table"] == TABLE.digest
    assert set(receipt.tokens["counts"].values()) == {0}
    assert receipt.tokens["check"] is None
