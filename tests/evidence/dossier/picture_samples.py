"""Runs of pictures, logged as a search would, and dossiers sealed from them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from countermark.evidence.dossier.contents import SealInputs
from countermark.evidence.dossier.seal import Sealed, seal
from countermark.evidence.summary import conclude
from countermark.scan.attempts import begin
from countermark.scan.runlog import RunLog
from evidence.dossier.dossier_samples import DATE, made_key
from evidence.gallery_run import PictureRun, encoded, gallery_run, painting, whole

if TYPE_CHECKING:
    from pathlib import Path

BOTH = "collage"
"""The id of the record in which two works stand."""


def logged(run: Path, make: Any) -> Path:
    """A run folder that `make` writes, with its log and the log of attempts, concluded."""
    attempt = begin(run, {"kind": "scan"}, run.parent / "attempts.jsonl")
    make(run)
    log = RunLog(run / "runlog.jsonl", clock=lambda: "2026-11-19T08:00:00.000+00:00")
    log.append("start", {"command": ["countermark", "scan"]})
    for receipt in sorted((run / "receipts").glob("*.json")):
        digest = hashlib.sha256(receipt.read_bytes()).hexdigest()
        log.append("receipt", {"name": receipt.stem, "shard": "part", "sha256": digest})
    log.append("finish", {})
    summary = conclude(run)
    attempt.end("finish", {"findings": summary["findings"]["total"], "picture_bytes": 3_000_000})
    return run


def made_gallery(folder: Path, name: str = "gallery") -> Path:
    """A run with one of everything: resized, mirrored, in a collage, shared, free, a false alarm."""
    return logged(folder / name, lambda run: gallery_run(run, controls=6))


def made_pair(folder: Path) -> Path:
    """A run of two works that stand together in one picture, and each in one of its own."""
    made = PictureRun(corpus="pairs")
    left, right = painting(1, 400, 300), painting(2, 400, 300)
    made.painted("left-1901", left, title="Le Passeur d’Éole", author="Claire Delorme")
    made.painted("right-1902", right, title="The Lock-Keeper", author="Jonas Weir")
    page = painting(9, 900, 400)
    page.paste(left, (20, 40))
    page.paste(right, (470, 40))
    for work, x in (("left-1901", 20), ("right-1902", 470)):
        outline = (x, 40, x + 400, 40, x + 400, 340, x, 340)
        made.seen(work, page, (0, 0, 400, 300), outline, row=1, record_id=BOTH)
    for work, picture, row in (("left-1901", left, 2), ("right-1902", right, 3)):
        small = picture.resize((200, 150))
        made.seen(work, small, (0, 0, 400, 300), whole(small.size), grade="identical", row=row)
    return logged(folder / "pair", made.write)


def sealed_pictures(folder: Path, *runs: Path, name: str = "bag", **changes: Any) -> Sealed:
    """Seal a dossier of some runs."""
    inputs = SealInputs(runs=runs, date=DATE, **changes)
    return seal(inputs, made_key(folder), folder / name)


def item_of(bag: Path, work: str) -> Path:
    """The folder of a work's item."""
    found = (
        path
        for path in bag.glob("data/items/*/work.json")
        if json.loads(path.read_bytes())["work_id"] == work
    )
    return next(found).parent


__all__ = ["BOTH", "encoded", "item_of", "logged", "made_gallery", "made_pair", "painting", "sealed_pictures"]
