"""Setting up a run folder: the settings, the controls, and the catalog of what is looked for."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from countermark import __version__
from countermark.errors import InputError, RunError
from countermark.media import Medium
from countermark.scan.folder import require_same
from countermark.scan.listening import ListeningSettings
from countermark.scan.receipt import WITHHELD, ScanIdentity, json_bytes
from countermark.scan.reserved import ASKED, ReservationSettings, prepare_robots
from countermark.scan.search import ControlsWanted, SearchSettings
from countermark.scan.tokenizers import TABLES, keep_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from countermark.scan.folder import RunFolder
    from countermark.scan.plan import Plan
    from countermark.scan.search import IndexFacts, SearchBackend
    from countermark.scan.settings import ScanSettings

CATALOG_COLUMNS = (
    "work_id",
    "work_title",
    "work_author",
    "work_published",
    "work_licence",
    "is_control",
    "asset_path",
    "asset_digest",
    "code_points",
    "letters",
)
"""The columns of `run/catalog.parquet`, in their order."""

OF_PICTURES = ("width", "height", "print_digest")
"""Further columns where the works are pictures: their pixels, and the SHA-256 of the print that the index keeps."""

OF_RECORDINGS = ("duration", "copy_digest")
"""Further columns where the works are recordings: milliseconds, and the SHA-256 of the copy that the index keeps."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run folder that is ready: what `run.json` says, and how to open the searcher."""

    settings: dict[str, Any]
    search: SearchSettings


def planned_settings(
    settings: ScanSettings, facts: IndexFacts, plan: Plan, controls_files: str | None
) -> dict[str, Any]:
    """What `run.json` must say for this plan; of controls and robots.txt captures only the files are known yet."""
    return {
        "run": 1,
        "corpus": plan.corpus,
        "snapshot_date": settings.snapshot_date.isoformat() if settings.snapshot_date else None,
        "index": {
            "identity": facts.identity,
            "scheme": facts.scheme,
            "form": facts.form,
            "works": facts.works,
            "assets": facts.assets.num_rows,
            "guarantee_letters": facts.guarantee_letters,
        },
        "controls": {"files": controls_files} if controls_files else None,
        "engine": __version__,
        "reader": {"text_column": settings.text_column},
        "shards": plan.facts(),
        "refused": plan.refused.counts,
        "findings": 5,
        "reservations": settings.reservations.facts(),
        **({} if settings.excerpts else {"excerpts": WITHHELD}),
        **({TABLES: list(plan.tokenizer_facts())} if plan.tokenizers else {}),
        **_of_medium(settings, facts),
    }


def _of_medium(settings: ScanSettings, facts: IndexFacts) -> dict[str, Any]:
    """What only a search among pictures, or among recordings, says; nothing for texts."""
    listening = settings.listening.planned(facts)
    if facts.medium != Medium.IMAGE:
        of = "texts" if facts.medium == Medium.TEXT else "recordings"
        if settings.keep_sketches:
            raise InputError(f"--keep-sketches is for an index of pictures; this one is of {of}")
        if settings.embedding is not None:
            raise InputError(f"--embedding is for an index of pictures; this one is of {of}")
    if settings.keep_sketches and not settings.excerpts:
        raise InputError(
            "--keep-sketches keeps 128 bytes of each picture of the data set, and --no-excerpts keeps nothing of it: "
            "give one or the other"
        )
    if facts.medium == Medium.TEXT:
        return {}
    if facts.medium == Medium.AUDIO:
        return {"medium": facts.medium, "listening": listening.facts()}
    return {
        "medium": facts.medium,
        "sketches": settings.keep_sketches,
        "embedding": _embedding(settings, facts),
    }


def _embedding(settings: ScanSettings, facts: IndexFacts) -> str | None:
    """The digest of the user's model, which must be the one that the index was built with. Raises InputError."""
    if settings.embedding is None:
        return None
    try:
        with settings.embedding.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"--embedding {settings.embedding}: cannot be read: {error.strerror}") from error
    if digest != facts.embedding:
        with_what = f"with another model ({facts.embedding:.12}…)" if facts.embedding else "without a model"
        raise InputError(
            f"--embedding {settings.embedding}: the index was built {with_what}; build it again with --embedding "
            f"{settings.embedding}, or leave the option out"
        )
    return digest


def prepare(
    folder: RunFolder, settings: ScanSettings, facts: IndexFacts, plan: Plan, backend: SearchBackend
) -> Prepared:
    """Make the folder's settings, controls and catalog, or check that those there are the same.

    Raises RunError when the folder was made with other settings, InputError when the controls cannot be used.
    """
    files = digest_folder(settings.controls) if settings.controls else None
    wanted = planned_settings(settings, facts, plan, files)
    with folder.setting_up():
        made_with = folder.settings()
        if made_with is None:
            folder.require_empty()
        else:
            require_same(folder.path, comparable(made_with), wanted)
        controls = _controls(folder, settings, made_with, backend) if settings.controls else None
        wanted["reservations"] |= prepare_robots(folder.path, settings.reservations, made_with)
        keep_tables(folder.path, [choice.table for choice in plan.tokenizers])
        catalog = folder.path / "catalog.parquet"
        if made_with is None or not catalog.exists():
            _write_catalog(catalog, wanted, facts.assets, controls[1].assets if controls else None)
        if controls:
            wanted["controls"] |= controls[0]
        if made_with is None:
            folder.write_settings(wanted)
        folder.make_folders()
    return Prepared(wanted, search_settings(folder.path, settings, wanted))


def search_settings(run: Path, settings: ScanSettings, wanted: dict[str, Any]) -> SearchSettings:
    """How the workers open both indices."""
    controls = wanted["controls"]
    judged_by = ReservationSettings.planned(run, wanted["reservations"])
    listening = ListeningSettings(**wanted.get("listening", {}))
    return SearchSettings(
        index=str(settings.index),
        controls=str(run / "controls.index") if controls else None,
        identity=ScanIdentity(
            wanted["index"]["identity"],
            controls["identity"] if controls else None,
            wanted["index"]["scheme"],
            wanted["engine"],
            judged_by.identity,
            wanted.get("embedding"),
            listening.identity,
            wanted.get("excerpts"),
        ),
        corpus=wanted["corpus"],
        snapshot_date=wanted["snapshot_date"],
        salt=settings.salt,
        reservations=judged_by,
        medium=wanted.get("medium", Medium.TEXT),
        keep_sketches=wanted.get("sketches", False),
        embedding=str(settings.embedding) if settings.embedding else None,
        listening=listening,
        notes=str(settings.listening.notes) if settings.listening.notes else None,
    )


def comparable(made_with: dict[str, Any]) -> dict[str, Any]:
    """The settings of a folder, with of controls and robots.txt captures only what is known before they are read."""
    controls, reservations = made_with.get("controls"), made_with.get("reservations")
    known = {
        **made_with,
        "controls": {"files": controls.get("files")} if isinstance(controls, dict) else None,
    }
    if isinstance(reservations, dict):
        known["reservations"] = {name: reservations.get(name) for name in ASKED}
    return known


def digest_folder(folder: Path) -> str:
    """The SHA-256 over names and contents of all files below `folder`. Raises InputError."""
    if not folder.is_dir():
        raise InputError(f"--controls {folder}: not a folder")
    digest = hashlib.sha256()
    try:
        for path in _files_below(folder):
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            digest.update(json_bytes({"path": path.relative_to(folder).as_posix(), "sha256": content}))
    except OSError as error:
        message = f"--controls {error.filename}: cannot be read: {error.strerror}"
        raise InputError(message) from error
    return digest.hexdigest()


def _files_below(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(root, name)
            if path.is_file():
                yield path


def _controls(
    folder: RunFolder, settings: ScanSettings, made_with: dict[str, Any] | None, backend: SearchBackend
) -> tuple[dict[str, Any], IndexFacts]:
    """Index the controls, or find them indexed; return what `run.json` says of them, and their facts."""
    out = folder.path / "controls.index"
    if made_with is not None and out.exists():
        facts = backend.describe(out, settings.salt)
        if facts.identity != made_with["controls"]["identity"]:
            raise RunError(f"{out}: not the controls that this run began with; use a new folder")
        return made_with["controls"], facts
    if settings.controls is None:
        raise RunError(f"{out}: no folder of controls was given")
    try:
        controls = ControlsWanted(
            settings.controls, settings.index, settings.salt, settings.embedding, settings.listening.notes
        )
        refused = backend.build_controls(controls, out)
    except InputError as error:
        raise InputError(f"--controls {settings.controls}: {error}") from error
    facts = backend.describe(out, settings.salt)
    said = {
        "identity": facts.identity,
        "works": facts.works,
        "assets": facts.assets.num_rows,
        "refused": refused.counts,
    }
    return said, facts


def _write_catalog(path: Path, settings: dict[str, Any], works: pa.Table, controls: pa.Table | None) -> None:
    """One row per asset; a control is a work given as such, or published after the snapshot date."""
    import pyarrow as pa  # noqa: PLC0415

    from countermark.findings.table import write_in_order  # noqa: PLC0415

    snapshot = settings["snapshot_date"]
    if snapshot is None:
        later = [False] * works.num_rows
    else:
        published = works["work_published"].to_pylist()
        later = [date is not None and date > snapshot for date in published]  # ISO dates sort as text
    tables = [works.append_column("is_control", pa.array(later, type=pa.bool_()))]
    if controls is not None:
        given = [True] * controls.num_rows
        tables.append(controls.append_column("is_control", pa.array(given, type=pa.bool_())))
    columns = [
        *CATALOG_COLUMNS,
        *(name for name in (*OF_PICTURES, *OF_RECORDINGS) if name in works.column_names),
    ]
    whole = pa.concat_tables([table.select(columns) for table in tables])
    write_in_order(whole, ("is_control", "work_id", "asset_path", "asset_digest"), path)
