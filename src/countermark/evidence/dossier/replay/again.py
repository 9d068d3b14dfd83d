"""Searching again: the record against the run's own index, or against the passage that the dossier holds."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from countermark.index.build import build_index
from countermark.media import Asset, Medium
from countermark.scan.receipt import ScanIdentity
from countermark.scan.search import SearchSettings
from countermark.scan.text_search import TextSearcher
from countermark.works.work import Work, WorkFile

if TYPE_CHECKING:
    from countermark.corpus.base import RecordBatch
    from countermark.evidence.dossier.replay.sealed import SealedFinding
    from countermark.findings import Finding


def with_index(
    sealed: SealedFinding, batch: RecordBatch, index: Path, controls: Path | None, salt: bytes | None
) -> list[Finding]:
    """What the run's index finds in the record. Raises UnusableIndexError where it is not the index of the run."""
    identity = sealed.receipt.identity
    settings = SearchSettings(
        index=str(index),
        controls=str(controls) if controls is not None and identity.controls else None,
        identity=identity,
        corpus=str(sealed.row["corpus"]),
        snapshot_date=sealed.receipt.snapshot_date,
        salt=salt,
    )
    return TextSearcher(settings).findings(batch, str(sealed.row["shard"]))


def with_passage(sealed: SealedFinding, batch: RecordBatch) -> list[Finding]:
    """What an index of the work's passage alone finds in the record."""
    work = Work(str(sealed.row["work_id"]), str(sealed.row["work_title"]))
    asset = Asset(
        work.work_id,
        str(sealed.row["asset_path"]),
        Medium.TEXT,
        str(sealed.row["asset_digest"]),
        sealed.work_text,
    )
    with tempfile.TemporaryDirectory(prefix="countermark-replay-") as folder:
        index = Path(folder) / "passage.index"
        manifest = build_index([WorkFile(work, asset)], index)
        identity = ScanIdentity(manifest.identity, None, manifest.scheme, sealed.receipt.identity.engine)
        settings = SearchSettings(str(index), None, identity, str(sealed.row["corpus"]), None)
        return TextSearcher(settings).findings(batch, str(sealed.row["shard"]))
