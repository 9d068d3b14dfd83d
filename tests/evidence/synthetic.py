"""Run folders made by hand: works, records and findings whose right answers are known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from countermark.findings.finding import Finding
from countermark.findings.table import write_findings, write_table
from countermark.scan.receipt import Receipt, ScanIdentity, Source, json_bytes

if TYPE_CHECKING:
    from pathlib import Path

_CATALOG_FIELDS: list[Any] = [
    pa.field("work_id", pa.string()),
    pa.field("work_title", pa.string()),
    pa.field("work_author", pa.string()),
    pa.field("work_published", pa.string()),
    pa.field("work_licence", pa.string()),
    pa.field("is_control", pa.bool_()),
    pa.field("asset_path", pa.string()),
    pa.field("asset_digest", pa.string()),
    pa.field("code_points", pa.int64()),
    pa.field("letters", pa.int64()),
]
CATALOG = pa.schema(_CATALOG_FIELDS)


def digest(text: str) -> str:
    """A digest that looks like one and depends on nothing but the text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass
class SyntheticRun:
    """Collects works and findings, then writes a run folder. Code points and letters are the same by default."""

    corpus: str = "crawl-2024-10"
    snapshot_date: str | None = "2024-10-01"
    planned: int | None = None
    guarantee: int = 40
    form: str = "full"
    withheld: bool = False
    refused: dict[str, Any] = field(default_factory=dict)
    catalog: list[dict[str, Any]] = field(default_factory=list)
    shards: dict[str, list[Finding]] = field(default_factory=dict)

    def work(self, work_id: str, letters: int = 10_000, **facts: Any) -> str:
        """Add a work with one file; return its id."""
        row = {
            "work_id": work_id,
            "work_title": facts.pop("title", work_id),
            "work_author": facts.pop("author", ""),
            "work_published": facts.pop("published", None),
            "work_licence": facts.pop("licence", ""),
            "is_control": facts.pop("control", False),
            "asset_path": facts.pop("path", f"{work_id}.txt"),
            "asset_digest": digest(work_id),
            "code_points": facts.pop("code_points", letters),
            "letters": letters,
        }
        assert not facts, facts
        self.catalog.append(row)
        return work_id

    def find(
        self, work_id: str, start: int, end: int, row: int = 0, shard: str = "a.jsonl", **facts: Any
    ) -> Finding:
        """Add a finding of the code points `[start, end)` of a work in a record."""
        work = next(entry for entry in self.catalog if entry["work_id"] == work_id)
        url = facts.pop("record_url", f"https://site{row}.example/page")
        record_start = facts.pop("record_start", 100)
        span = {"asset_start": start, "asset_end": end}
        length = end - start
        name = f"{shard}/{row}/{record_start}/{work_id}/{start}/{end}"
        values: dict[str, Any] = {
            "finding_id": digest(name)[:32],
            **{key: work[key] for key in ("work_id", "work_title", "work_author", "work_published")},
            **{key: work[key] for key in ("work_licence", "asset_path", "asset_digest", "is_control")},
            **span,
            "corpus": self.corpus,
            "snapshot_date": self.snapshot_date,
            "shard": shard,
            "row": row,
            "record_id": f"doc-{row}",
            "record_url": url,
            "record_date": None,
            "record_digest": digest(f"{shard}{row}"),
            "record_start": record_start,
            "record_end": record_start + length,
            "unit": "char",
            "grade": "identical",
            "method": "synthetic",
            "scheme": "text-test-v1",
            "matched": length,
            "longest_run": length,
            "edits": 0,
            "bits": 99.0,
            "share_of_work": length / max(work["letters"], 1),
            "commonness": 1,
            "asset_excerpt": "the quick brown fox jumps over the lazy dog",
            "record_excerpt": "the quick brown fox jumps over the lazy dog",
        }
        finding = Finding(**(values | facts))
        self.shards.setdefault(shard, []).append(finding)
        return finding

    def write(self, run: Path) -> Path:
        """Write the folder as a scan would, the evidence's own files apart."""
        for name in ("findings", "receipts", "quarantine"):
            (run / name).mkdir(parents=True, exist_ok=True)
        count = self.planned if self.planned is not None else max(len(self.shards), 1)
        settings = {
            "run": 1,
            "corpus": self.corpus,
            "snapshot_date": self.snapshot_date,
            "index": {
                "identity": digest("index"),
                "scheme": "text-test-v1",
                "form": self.form,
                "works": len({row["work_id"] for row in self.catalog}),
                "assets": len(self.catalog),
                "guarantee_letters": self.guarantee,
            },
            "controls": None,
            "engine": "0.1.0",
            "reader": {"text_column": None},
            "shards": {"count": count, "bytes": 1_000, "sha256": digest("shards")},
            "refused": self.refused,
            **({"excerpts": "withheld"} if self.withheld else {}),
        }
        (run / "run.json").write_bytes(json_bytes(settings))
        write_table(pa.Table.from_pylist(self.catalog, schema=CATALOG), run / "catalog.parquet")
        for shard, findings in self.shards.items():
            self._write_shard(run, shard, findings)
        return run

    def _write_shard(self, run: Path, shard: str, findings: list[Finding]) -> None:
        name = digest(shard)[:20]
        written = write_findings(findings, run / "findings" / f"{name}.parquet")
        receipt = Receipt(
            name=name,
            corpus=self.corpus,
            snapshot_date=self.snapshot_date,
            shard={"name": shard, "format": "jsonl", "size": 1_000, "begin": 0, "end": -1},
            source=Source(digest(f"source {shard}"), 0, 1_000),
            identity=ScanIdentity(digest("index"), None, "text-test-v1", "0.1.0"),
            records=1_000,
            characters=2_000_000,
            text_bytes=2_100_000,
            refused={
                "not_utf8": {"count": 2, "examples": [{"where": shard, "row": 7, "detail": "byte 0xff"}]}
            },
            findings=len(findings),
            findings_sha256=written,
        )
        (run / "receipts" / f"{name}.json").write_bytes(receipt.to_bytes())

    def quarantine(self, run: Path, shard: str, reason: str) -> None:
        """Say that a shard could not be scanned."""
        facts = {
            "quarantine": 1,
            "shard": {"name": shard},
            "name": digest(shard)[:20],
            "reasons": [reason, reason],
        }
        (run / "quarantine" / f"{digest(shard)[:20]}.json").write_text(json.dumps(facts))
