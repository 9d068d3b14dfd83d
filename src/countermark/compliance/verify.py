"""Checking a proof again, offline: every digest, every count, the root. Nothing of the run itself is believed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from countermark.compliance.files import CorpusFile, list_corpus
from countermark.compliance.proof import COUNTS, tree_of
from countermark.compliance.receipts import FOLDER, file_digest
from countermark.compliance.record import KEEP, Fate
from countermark.compliance.removed import MARKED, removed_batches
from countermark.compliance.settings import FORMAT, Naming
from countermark.compliance.walk import walk
from countermark.corpus.folder import printable
from countermark.errors import CorpusError, InputError

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.compliance.record import Seen, Unread


@dataclass(slots=True)
class Checked:
    """What was checked, and each thing that differs from the proof, in words."""

    files: int = 0
    rows: int = 0
    inputs: bool = True
    differences: list[str] = field(default_factory=list)

    def same(self, what: str, said: object, found: object) -> None:
        """Note a difference."""
        if said != found:
            self.differences.append(f"{what}: the proof says {said}; found is {found}")


def verify(path: Path, corpus: tuple[Path, ...] = (), out: Path | None = None) -> Checked:
    """Check a proof against the corpus, what was kept and the table beside it. Raises InputError for no proof.

    The places are those that the proof names, relative to itself, unless others are given.
    """
    proof = _read(path)
    checked = Checked()
    try:
        places = proof["places"]
        kept = out or path.parent / places["out"]
        given = corpus or tuple(path.parent / one for one in places["corpus"])
        _check_removed(path.parent / proof["removed"]["file"], proof, checked)
        _check_inputs(given, proof, checked)
        for file in proof["files"]:
            _check_output(kept / file["file"], file, checked)
        _check_others(kept, {file["file"] for file in proof["files"]}, checked)
        for name in COUNTS:
            checked.same(
                f"total of {name}", proof["totals"][name], sum(file[name] for file in proof["files"])
            )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: is no whole proof of a filter run: {error}") from error
    return checked


def _read(path: Path) -> dict[str, Any]:
    try:
        proof = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is no JSON: {error}") from error
    if not isinstance(proof, dict) or proof.get("format") != FORMAT:
        raise InputError(f"{path}: is no proof of a filter run (format {FORMAT})")
    return proof


def _check_removed(path: Path, proof: dict[str, Any], checked: Checked) -> None:
    said = proof["removed"]
    try:
        checked.same(f"{path.name}: SHA-256", said["sha256"], file_digest(path))
        rows, leaves, root = tree_of(path)
        counted = _counted(path)
    except (OSError, ValueError, pa.ArrowException) as error:
        checked.differences.append(f"{path.name}: cannot be read: {error}")
        return
    checked.rows = rows
    checked.same(f"{path.name}: rows", said["rows"], rows)
    checked.same(f"{path.name}: leaves", said["leaves"], leaves)
    checked.same(f"{path.name}: root", said["root"], root.hex())
    for file in proof["files"]:
        name = file["file"]
        checked.same(f"{name}: records removed, in {path.name}", file["removed"], counted[name, "gone"])
        checked.same(f"{name}: records marked, in {path.name}", file["marked"], counted[name, MARKED])


def _counted(path: Path) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for batch in removed_batches(path):
        columns = (batch.column(name).to_pylist() for name in ("file", "action", "records"))
        for file, action, records in zip(*columns, strict=True):
            counted[file, MARKED if action == MARKED else "gone"] += records
    return counted


def _check_inputs(corpus: tuple[Path, ...], proof: dict[str, Any], checked: Checked) -> None:
    if not all(path.exists() for path in corpus):
        checked.inputs = False
        return
    found = {file.name: file for file in list_corpus(corpus).files}
    said = {file["file"]: file for file in proof["files"]}
    for name in sorted(found.keys() ^ said.keys()):
        where = "the corpus but not in the proof" if name in found else "the proof but not in the corpus"
        checked.differences.append(f"{name}: stands in {where}")
    for name in sorted(found.keys() & said.keys()):
        checked.same(
            f"{name}: SHA-256 of the input", said[name]["input_sha256"], file_digest(found[name].path)
        )


def _check_output(path: Path, said: dict[str, Any], checked: Checked) -> None:
    checked.files += 1
    name = said["file"]
    checked.same(f"{name}: records read", said["read"], said["kept"] + said["removed"])
    if said["failed"]:
        if path.exists():
            checked.differences.append(f"{name}: could not be read, and yet something was kept of it")
        return
    try:
        checked.same(f"{name}: SHA-256 of what was kept", said["output_sha256"], file_digest(path))
        format_, _, packed = said["format"].partition(".")
        count = _Count()
        walk(CorpusFile(name, path, format_, packed, path.stat().st_size), Naming(), count)
    except (OSError, CorpusError) as error:
        checked.differences.append(f"{name}: what was kept cannot be read: {error}")
        return
    checked.same(f"{name}: records kept", said["kept"], count.records)
    checked.same(f"{name}: records that cannot be read, of those kept", 0, count.unreadable)


def _check_others(kept: Path, said: set[str], checked: Checked) -> None:
    """A file that the run did not write stands among those that it kept."""
    for path in sorted(kept.rglob("*")):
        name = path.relative_to(kept).as_posix()
        if path.is_file() and printable(name) not in said and not name.startswith(f"{FOLDER}/"):
            checked.differences.append(f"{name}: stands among what was kept, but not in the proof")


class _Count:
    """Counts records. See record.Visitor."""

    def __init__(self) -> None:
        self.records = 0
        self.unreadable = 0

    def seen(self, _record: Seen) -> Fate:
        self.records += 1
        return KEEP

    def unread(self, _what: Unread) -> None:
        self.unreadable += 1

    def passed(self) -> None:
        """Requests are not counted as records."""

    def progress(self, consumed: int) -> None:
        """Nothing is shown."""
