"""What goes into a dossier from elsewhere, and under which path: run folders, claim, reservations, studies, reports.

A file is *open* (committed to by itself) or speaks of the *whole set* of works (withheld together, see `commitments`).
Works lists, reports and tables always speak of the whole set; of the others, any that names one of the works. A
voiceprint is refused wherever it stands.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from countermark.errors import DossierError, RunError
from countermark.evidence.dossier.bag import plain_name
from countermark.memorization.study.outcome import read_outcome
from countermark.voices.voiceprint import SUFFIX, is_voiceprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_NO_VOICEPRINT: Final = "a voiceprint is never part of a dossier; move it elsewhere"
RUN_OPEN: Final = (
    "run.json",
    "receipts/*.json",
    "quarantine/*.json",
    "runlog*.jsonl*",
    "tokenizers/*.tokens",
)
RUN_WHOLE: Final = (
    "catalog.parquet",
    "works.parquet",
    "passages.parquet",
    "pictures.parquet",
    "recordings.parquet",
    "links.parquet",
    "summary.json",
)
STUDY: Final = ("plan.json", "result.json", "run.json", "runlog.jsonl", "self_test_*.json")
RUN_FINDINGS: Final = "findings/*.parquet"


@dataclass(frozen=True, slots=True)
class SealInputs:
    """What a dossier is made of. `reports` are rendered already: name → bytes. `indices` are folders, or manifests.

    `date` is the day of sealing (YYYY-MM-DD): no clock is read. `passages` is how many passages of each work are shown,
    and how many found pictures. `studies` are folders of studies of models that have ended.
    """

    runs: tuple[Path, ...]
    date: str
    claim: Path | None = None
    attempts: Path | None = None
    indices: tuple[Path, ...] = ()
    reservations: tuple[Path, ...] = ()
    rules: tuple[Path, ...] = ()
    studies: tuple[Path, ...] = ()
    reports: Mapping[str, bytes] = field(default_factory=dict)
    passages: int = 20
    with_findings: bool = False


@dataclass(slots=True)
class Contents:
    """Path in the bag → bytes, or the file that they are copied from; and which of them speak of the whole set."""

    files: dict[str, bytes | Path] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)

    def add(self, path: str, content: bytes | Path, *, whole: bool = False) -> None:
        """Add a file. Raises DossierError where the path is taken or no plain name."""
        if plain_name(path) in self.files:
            raise DossierError(f"{path}: two files would have this name in the dossier")
        self.files[path] = content
        if whole:
            self.whole.add(path)

    def digest(self) -> str:
        """The SHA-256 over the digests and paths of all files, in the order of paths."""
        total = hashlib.sha256()
        for path in sorted(self.files):
            total.update(f"{digest_of(self.files[path])}  {path}\n".encode())
        return total.hexdigest()


def digest_of(content: bytes | Path) -> str:
    """The SHA-256 of bytes or of a file, hexadecimal."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def run_names(runs: tuple[Path, ...]) -> dict[str, Path]:
    """Folder in `data/runs/` → run folder. Raises DossierError where a run is given twice."""
    names: dict[str, Path] = {}
    for run in runs:
        name = safe_name(run.resolve().name)
        if name in names:
            raise DossierError(f"{run}: another run folder is called {name} too; rename one of them")
        names[name] = run
    return names


def safe_name(name: str) -> str:
    """A name of letters, digits, `.`, `_` and `-` that is like `name`."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).lstrip(".-")[:80] or "unnamed"


def gather(inputs: SealInputs, attempts: Path) -> Contents:
    """All files from elsewhere. Raises DossierError where one is missing, a link, or cannot be named."""
    contents = Contents()
    for name, run in run_names(inputs.runs).items():
        _gather_run(contents, f"data/runs/{name}", run, with_findings=inputs.with_findings)
    contents.add("data/attempts.jsonl", attempts)
    for index in inputs.indices:
        manifest = index / "manifest.json" if index.is_dir() else index
        contents.add(f"data/indices/{safe_name(index.resolve().name)}/manifest.json", _sound(manifest))
    if inputs.claim is not None:
        for path in _files_of(inputs.claim):
            contents.add(f"data/claim/{path.relative_to(inputs.claim).as_posix()}", path, whole=True)
    for place, given, whole in (("reservations", inputs.reservations, True), ("rules", inputs.rules, False)):
        for source in given:
            root = source.parent if source.is_file() else source
            for path in [source] if source.is_file() else _files_of(source):
                below = "/".join(safe_name(part) for part in path.relative_to(root).parts)
                contents.add(f"data/{place}/{below}", _sound(path), whole=whole)
    for study in inputs.studies:
        _gather_study(contents, study)
    _refuse_voiceprints(inputs.reports)
    for name, data in sorted(inputs.reports.items()):
        contents.add(f"data/{name}", data, whole=True)
    return contents


def _gather_run(contents: Contents, place: str, run: Path, *, with_findings: bool) -> None:
    if not (run / "run.json").is_file():
        raise DossierError(f"{run}: not a run folder: run.json is missing")
    _refuse_voiceprints(str(path) for path in sorted(run.rglob(f"*{SUFFIX}")))
    patterns = [*((pattern, False) for pattern in RUN_OPEN), *((pattern, True) for pattern in RUN_WHOLE)]
    if with_findings:
        patterns.append((RUN_FINDINGS, True))
    for pattern, whole in patterns:
        for path in sorted(run.glob(pattern)):
            if not path.name.startswith("."):
                contents.add(f"{place}/{path.relative_to(run).as_posix()}", _sound(path), whole=whole)


def _gather_study(contents: Contents, study: Path) -> None:
    """Take a study of a model along: what it fixed, found and logged, and not the texts of the works beside them."""
    try:
        read_outcome(study)
    except RunError as error:
        raise DossierError(f"{study}: cannot be sealed: {error}") from error
    place = f"data/studies/{safe_name(study.resolve().name)}"
    for pattern in STUDY:
        for path in sorted(study.glob(pattern)):
            contents.add(f"{place}/{path.name}", _sound(path), whole=True)


def _files_of(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise DossierError(f"{folder}: no such folder")
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield _sound(path)


def _refuse_voiceprints(names: Iterable[str]) -> None:
    """Raise DossierError where a voiceprint would be taken along: it never leaves the machine."""
    if found := next((name for name in names if name.casefold().endswith(SUFFIX)), None):
        raise DossierError(f"{found}: {_NO_VOICEPRINT}")


def _sound(path: Path) -> Path:
    _refuse_voiceprints([str(path)])
    if path.is_symlink() or not path.is_file():
        raise DossierError(f"{path}: no such file, or a link: a dossier takes plain files")
    try:
        if is_voiceprint(path):
            raise DossierError(f"{path}: {_NO_VOICEPRINT}")
    except OSError as error:
        raise DossierError(f"{path}: cannot be read: {error.strerror or error}") from error
    return path
