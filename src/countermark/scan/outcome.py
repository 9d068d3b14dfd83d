"""What a scan tells: how far it is, what it did, and what it would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from countermark.media import Medium

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.corpus.base import Shard
    from countermark.scan.plan import Part


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """How far this part is, what was scanned earlier included; `scanned_bytes` are those of this time."""

    bytes: int
    all_bytes: int
    scanned_bytes: int
    shards: int
    all_shards: int
    findings: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a run did. Amounts are of this part, shards scanned earlier included.

    `refused` counts rows, and files that the listing refused. `remaining` shards of the whole plan are still to
    scan, here or elsewhere. `quarantined` maps the names of shards to the reasons of each attempt.
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

    @property
    def complete(self) -> bool:
        """Whether every shard of the whole plan has a receipt or is in quarantine."""
        return self.remaining == 0


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a run would do: of the whole plan, of this part, and how many of its shards are done already."""

    corpus: str
    all_shards: int
    all_bytes: int
    shards: tuple[Shard, ...]
    bytes: int
    done: int
    refused: int
    workers: int
