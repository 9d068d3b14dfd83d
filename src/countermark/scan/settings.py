"""What a user asks of a scan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from countermark.scan.listening import AskedListening
from countermark.scan.plan import WHOLE, Part
from countermark.scan.reserved import AskedReservations
from countermark.scan.tokenizers import AskedTokenizers

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from countermark.storage.place import Place


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What to scan, with which index, and where the results go.

    Without `excerpts` nothing of what a record holds is kept: no excerpt, no caption, no file of it. `mirror`
    is the folder for the copies of run folders at URLs, by default in the user's cache. With `recheck` what was scanned
    earlier is hashed again, and scanned again where it has changed. `tokenizers` says where the tables are that token
    ids are read with.
    """

    index: Path
    corpus: tuple[Place, ...]
    out: Place
    snapshot_date: date | None = None
    corpus_name: str | None = None
    text_column: str | None = None
    controls: Path | None = None
    part: Part = WHOLE
    workers: int | None = None
    salt: bytes | None = field(default=None, repr=False)
    command: tuple[str, ...] = ()
    attempts: Path | None = None
    reservations: AskedReservations = field(default_factory=AskedReservations)
    keep_sketches: bool = False
    excerpts: bool = True
    mirror: Path | None = None
    recheck: bool = False
    embedding: Path | None = None
    listening: AskedListening = field(default_factory=AskedListening)
    tokenizers: AskedTokenizers = field(default_factory=AskedTokenizers)
