"""What a scan tells: how far it is, what it did, and what it would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from countermark.media import Medium

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.corpus.base import Shard
    from countermark.scan.plan import Part
    from countermark.scan.receipt import Receipt
    from countermark.storage.place import Place


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """How far this part is, what was scanned earlier included; `scanned_bytes` are those of this time.

    `nodes` and `slots` (worker processes) are at work, `preparing` nodes get ready and `awaited` ones must start, where
    a runner tells it: one of a cluster does. For `still` seconds nothing has changed.
    """

    bytes: int
    all_bytes: int
    scanned_bytes: int
    shards: int
    all_shards: int
    findings: int
    quarantined: int
    nodes: int = 0
    slots: int = 0
    preparing: int = 0
    awaited: int = 0
    still: float = 0.0


@dataclass(slots=True)
class Totals:
    """What receipts add up to: they themselves are not kept, so that a run of many shards needs no more memory."""

    receipts: int = 0
    findings: int = 0
    records: int = 0
    text_bytes: int = 0
    refused: int = 0
    picture_bytes: int = 0
    frames: int = 0
    sound_bytes: int = 0
    sound_seconds: int = 0

    def add(self, receipt: Receipt) -> None:
        """Count one more."""
        pictures, recordings = receipt.pictures or {}, receipt.recordings or {}
        self.receipts += 1
        self.findings += receipt.findings
        self.records += receipt.records
        self.text_bytes += receipt.text_bytes
        self.refused += receipt.refused_rows
        self.picture_bytes += pictures.get("bytes", 0)
        self.frames += pictures.get("frames", 0)
        self.sound_bytes += recordings.get("bytes", 0)
        self.sound_seconds += recordings.get("seconds", 0)


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a run did. Amounts are of this part, shards scanned earlier included.

    `refused` counts rows, and files that the listing refused. `remaining` shards of the whole plan are still to
    scan, here or elsewhere. `quarantined` maps the names of shards to the reasons of each attempt. `run` is the folder
    on this machine: where `place`, what was asked for, is a URL, its mirror. `tokenizers` are the facts of the
    tokenisers that token ids were read with, as `run.json` has them.
    """

    run: Path
    corpus: str
    part: Part
    shards: int
    scanned: int
    skipped: int
    quarantined: dict[str, tuple[str, ...]]
    remaining: int
    interrupted: bool
    records: int
    text_bytes: int
    refused: int
    findings: int
    seconds: float
    medium: str = Medium.TEXT
    picture_bytes: int = 0
    frames: int = 0
    sound_bytes: int = 0
    sound_seconds: int = 0
    place: Place | None = None
    tokenizers: tuple[dict[str, Any], ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every shard of the whole plan has a receipt or is in quarantine."""
        return self.remaining == 0


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a run would do: of the whole plan, of this part, and how many of its shards are done already.

    `tokenizers` are the facts of the tokenisers that token ids would be read with, as `run.json` would have them.
    """

    corpus: str
    all_shards: int
    all_bytes: int
    shards: tuple[Shard, ...]
    bytes: int
    done: int
    refused: int
    workers: int
    tokenizers: tuple[dict[str, Any], ...] = ()
