"""Without excerpts nothing of what a record says is kept: not in findings, receipts, quarantine or log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from countermark.corpus.base import Shard
from countermark.index.build import build_index
from countermark.media import Refusal
from countermark.scan import Part, ScanSettings, run_scan
from countermark.scan.receipt import WITHHELD, RefusalTally, ScanIdentity, receipt_name
from countermark.works.reading import read_works
from countermark.works.work import WorkFile
from scan.furnished import furnish, scan, write_lines
from scan.needle_search import InlineRunner

if TYPE_CHECKING:
    from pathlib import Path

WORK = " ".join(
    f"{word} the {other} keeper counted {word}{other} ships, and wrote {other}{word} into a book."
    for word in ("northern", "hollow", "silver", "patient", "crooked", "distant")
    for other in ("lantern", "harbour", "granite", "whistle", "sparrow")
)


def test_findings_hold_no_excerpt_of_the_record(tmp_path: Path) -> None:
    """The same findings but for the excerpt; the work's own side stays."""
    (tmp_path / "works").mkdir()
    (tmp_path / "works" / "book.txt").write_text(WORK)
    files = (file for file in read_works([tmp_path / "works"]) if isinstance(file, WorkFile))
    build_index(files, tmp_path / "works.index")
    write_lines(tmp_path / "corpus.jsonl", [{"text": f"A secret preface. {WORK} A secret ending."}])
    tables = []
    for excerpts in (True, False):
        out = tmp_path / f"run-{excerpts}"
        corpus = (tmp_path / "corpus.jsonl",)
        settings = ScanSettings(tmp_path / "works.index", corpus, out, part=Part(1, 1), excerpts=excerpts)
        assert run_scan(settings, runner=InlineRunner()).findings
        tables.append(pq.read_table(next((out / "findings").glob("*.parquet"))).to_pylist())
    assert all(row["record_excerpt"] for row in tables[0])
    assert [{**row, "record_excerpt": ""} for row in tables[0]] == tables[1]
    assert all(row["asset_excerpt"] for row in tables[1])
    assert json.loads((tmp_path / "run-False" / "run.json").read_bytes())["excerpts"] == WITHHELD
    assert "excerpts" not in json.loads((tmp_path / "run-True" / "run.json").read_bytes())


def test_errors_quote_nothing(tmp_path: Path) -> None:
    """Of an unexpected error its kind is kept; of a refusal the place."""
    place = furnish(tmp_path)
    write_lines(place / "corpus" / "1.jsonl", [{"text": "RAISE"}])
    outcome = scan(place, excerpts=False)
    assert outcome.quarantined == {"1.jsonl": ("ValueError", "ValueError")}
    for path in (place / "run").rglob("*.json*"):
        assert b"nobody thought of" not in path.read_bytes()
    tally = RefusalTally(terse=True)
    tally.add([Refusal("shard", 3, "damaged", "a quotation")])
    assert tally.counts["damaged"]["examples"] == [{"where": "shard", "row": 3, "detail": WITHHELD}]


def test_receipts_keep_their_names(tmp_path: Path) -> None:
    """Only where excerpts are withheld does a receipt have another name."""
    shard, identity = Shard("s", "s", "jsonl", 1), ScanIdentity("i", None, "s", "e")
    assert "excerpts" not in identity.facts()
    assert receipt_name(shard, identity) == "6df3db9d246a55d66bfe"
    withheld = ScanIdentity("i", None, "s", "e", excerpts=WITHHELD)
    assert receipt_name(shard, withheld) != receipt_name(shard, identity)
