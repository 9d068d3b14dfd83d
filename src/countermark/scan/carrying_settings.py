"""The settings of the scan that follows a run: those of the last run, but for what a new version changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import InputError, RunError
from countermark.media import Medium
from countermark.scan.carrying_tokens import why_read_anew
from countermark.scan.folder import LABELS, RunFolder
from countermark.scan.listening import AskedListening
from countermark.scan.prepare import comparable, digest_folder, planned_settings
from countermark.scan.receipt import WITHHELD
from countermark.scan.reserved import AskedReservations
from countermark.scan.settings import ScanSettings
from countermark.scan.tokenizers import TABLES, AskedTokenizers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from countermark.scan.plan import Plan
    from countermark.scan.search import IndexFacts
    from countermark.storage.place import Place

OF_VERSION: Final = frozenset({"corpus", "snapshot_date", "shards", "refused", TABLES})
"""Settings that a new version changes, and that decide nothing of what is found in a shard.

The tokeniser of token ids does, and stands in the options of each shard."""


@dataclass(frozen=True, slots=True)
class AskedAnew:
    """What the user gives again: the new version, and the files that a run folder does not hold."""

    index: Path
    corpus: tuple[Place, ...]
    out: Place
    snapshot_date: date | None = None
    corpus_name: str | None = None
    controls: Path | None = None
    robots: tuple[Path, ...] = ()
    embedding: Path | None = None
    notes: Path | None = None
    tokenizers: AskedTokenizers = field(default_factory=AskedTokenizers)


def settings_of(run: Path) -> dict[str, Any]:
    """What `run.json` of a finished search says. Raises RunError, InputError where the run is one of another kind."""
    settings = RunFolder(run).settings()
    if settings is None:
        raise RunError(f"{run}: not a run folder: run.json is missing")
    if settings.get("kind") not in (None, "scan"):
        raise InputError(f"{run}: not the run of a scan; give the folder that countermark scan wrote")
    return settings


def settings_after(last: Mapping[str, Any], asked: AskedAnew) -> ScanSettings:
    """The settings for the new version. Raises InputError where a file that the last run had is not given again."""
    reservations, listening = last.get("reservations") or {}, last.get("listening") or {}
    needed = (
        ("--snapshot-date YYYY-MM-DD", last.get("snapshot_date"), asked.snapshot_date, "a snapshot date"),
        ("--controls FOLDER", last.get("controls"), asked.controls, "controls"),
        ("--robots WARC", reservations.get("files"), asked.robots, "captures of robots.txt"),
        ("--embedding ONNX", last.get("embedding"), asked.embedding, "a model of pictures"),
        ("--notes ONNX", listening.get("notes"), asked.notes, "a model of notes"),
    )
    for option, had, given, what in needed:
        if had and not given:
            raise InputError(f"the last run had {what}: give {option} too, so that both runs can be compared")
    age = reservations.get("robots_age")
    reserved = AskedReservations(asked.robots, str(reservations.get("agent", "*")))
    return ScanSettings(
        index=asked.index,
        corpus=asked.corpus,
        out=asked.out,
        snapshot_date=asked.snapshot_date,
        corpus_name=asked.corpus_name,
        text_column=(last.get("reader") or {}).get("text_column"),
        controls=asked.controls,
        reservations=reserved if age is None else AskedReservations(asked.robots, reserved.agent, int(age)),
        keep_sketches=bool(last.get("sketches", False)),
        excerpts=last.get("excerpts") != WITHHELD,
        embedding=asked.embedding,
        listening=AskedListening(
            quick=bool(listening.get("quick", False)),
            compositions=bool(listening.get("compositions", False)),
            notes=asked.notes,
        ),
        tokenizers=asked.tokenizers,
    )


def why_all_anew(
    last: Mapping[str, Any], settings: ScanSettings, facts: IndexFacts, plan: Plan
) -> str | None:
    """Why every shard must be scanned, in words; None where some may be carried. Raises InputError."""
    if facts.medium != Medium.TEXT:
        return "what stands beside findings in pictures and recordings is made by scanning only"
    files = digest_folder(settings.controls) if settings.controls else None
    was, now = comparable(dict(last)), planned_settings(settings, facts, plan, files)
    other = [said for key, said in LABELS.items() if key not in OF_VERSION and was.get(key) != now.get(key)]
    return f"{' and '.join(other)} changed since the last run" if other else why_read_anew(last, now)
