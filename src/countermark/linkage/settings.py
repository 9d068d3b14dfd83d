"""What a user asks of a link, and what a link tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from countermark.linkage.shapes import Mapping, Shape

SCHEME = "link-v1"
"""The rules that decide what is linked. Other rules give other links, and get another name."""
PICTURE_SCHEME = "listing-v1"
"""The same for listings of pictures, which are compared by address, host and stored hash."""


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """What to link with which listing, and where the results go. `maps` are `role=column`, as the user gave them."""

    listings: tuple[Path, ...]
    out: Path
    snapshot_date: date | None = None
    name: str | None = None
    maps: tuple[str, ...] = ()
    workers: int | None = None
    catalog: str = ""
    """The digest of the catalog, for `run.json`."""
    controls: str = ""
    command: tuple[str, ...] = ()
    attempts: Path | None = None
    """The log of all attempts; by default the one beside the run folder."""
    pictures: tuple[Path, ...] = ()
    """Folders of pictures, pictures, and indices of pictures to look for beside the catalog."""
    sites: tuple[str, ...] = ()
    """Hosts and beginnings of addresses that belong to the user."""


class LinkProgress(NamedTuple):
    """How far a link is; `linked_bytes` were read this time."""

    bytes: int
    all_bytes: int
    linked_bytes: int
    shards: int
    all_shards: int
    findings: int


@dataclass(frozen=True, slots=True)
class LinkOutcome:
    """What a link did; amounts with the shards linked earlier."""

    run: Path
    corpus: str
    shape: str
    mapping: Mapping
    unused: tuple[str, ...]
    shards: int
    linked: int
    skipped: int
    quarantined: dict[str, tuple[str, ...]]
    interrupted: bool
    rows: int
    refused: int
    findings: int
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether every shard was read or set aside."""
        return self.linked + self.skipped + len(self.quarantined) == self.shards


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """What a link would read: its shards, the mapping, and the first rows as they would be read."""

    corpus: str
    shards: int
    bytes: int
    shape: Shape
    columns: tuple[str, ...]
    sample: tuple[dict[str, str], ...]
