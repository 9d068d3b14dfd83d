"""Checking a proof again, offline: that the files fit it, record by record where the corpus is at hand.

    files       every digest, and every count that can be counted from what was kept
    table       its rows against settings and counts, its digest, its tree
    records     the corpus without the removed rows is what was kept, in order (`verify_records`)
    judgement   the corpus judged once more, if asked (`verify_again`)

Who made a proof, and when, none of it shows.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from countermark.compliance.files import CorpusFile, list_corpus
from countermark.compliance.proof import COUNTS, tree_of
from countermark.compliance.receipts import FOLDER, file_digest
from countermark.compliance.removed import DROPPED, MARKED, UNREAD, removed_batches
from countermark.compliance.settings import FORMAT, Naming
from countermark.compliance.verify_records import compare_records, count_records
from countermark.corpus.folder import printable
from countermark.errors import CorpusError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(slots=True)
class Checked:
    """What was checked, what was not, and each thing that differs from the proof, in words.

    `sha256` is that of the proof itself. `inputs` is false where the corpus is not at hand.
    """

    sha256: str = ""
    files: int = 0
    rows: int = 0
    inputs: bool = True
    differences: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    def same(self, what: str, said: object, found: object) -> None:
        """Note a difference."""
        if said != found:
            self.differences.append(f"{what}: the proof says {said}; found is {found}")


def verify(path: Path, corpus: tuple[Path, ...] = (), out: Path | None = None) -> Checked:
    """Check a proof against the corpus, what was kept and the table beside it. Raises InputError for no proof.

    The places are those that the proof names, relative to itself, unless others are given.
    """
    proof = read_proof(path)
    checked = Checked(file_digest(path))
    try:
        kept = out or path.parent / proof["places"]["out"]
        table = path.parent / proof["removed"]["file"]
        sound = _check_removed(table, proof, checked)
        inputs = _inputs(corpus_of(path, proof, corpus), proof, checked)
        for file in proof["files"]:
            _check_output(kept / file["file"], file, checked)
            if sound and file["file"] in inputs:
                _check_records(inputs[file["file"]], kept, file, proof["settings"], table, checked)
        _check_others(kept, {file["file"] for file in proof["files"]}, checked)
        for name in COUNTS:
            checked.same(
                f"total of {name}", proof["totals"][name], sum(file[name] for file in proof["files"])
            )
        _tell_unchecked(proof, checked, records=sound and bool(inputs))
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: is no whole proof of a filter run: {error}") from error
    return checked


def corpus_of(path: Path, proof: Mapping[str, Any], given: tuple[Path, ...]) -> tuple[Path, ...]:
    """Where the corpus is: as given, or as the proof says."""
    return given or tuple(path.parent / one for one in proof["places"]["corpus"])


def read_proof(path: Path) -> dict[str, Any]:
    """A proof. Raises InputError for what is none."""
    try:
        proof = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is no JSON: {error}") from error
    if not isinstance(proof, dict) or proof.get("format") != FORMAT:
        raise InputError(f"{path}: is no proof of a filter run (format {FORMAT})")
    return proof


def _check_removed(path: Path, proof: dict[str, Any], checked: Checked) -> bool:
    """Check the table; whether it can be read."""
    said = proof["removed"]
    try:
        checked.same(f"{path.name}: SHA-256", said["sha256"], file_digest(path))
        rows, leaves, root = tree_of(path)
        counted = _counted(path, proof["settings"], checked)
    except (OSError, ValueError, pa.ArrowException) as error:
        checked.differences.append(f"{path.name}: cannot be read: {error}")
        return False
    checked.rows = rows
    checked.same(f"{path.name}: rows", said["rows"], rows)
    checked.same(f"{path.name}: leaves", said["leaves"], leaves)
    checked.same(f"{path.name}: root", said["root"], root.hex())
    for file in proof["files"]:
        name = file["file"]
        for count, action in (("removed", "gone"), ("marked", MARKED), ("unreadable", UNREAD)):
            what = f"{name}: records {count}, in {path.name}"
            checked.same(what, file[count], counted[name, action])
        protocols = {key[2:]: count for (at, key), count in counted.items() if at == name and key[:2] == "p:"}
        checked.same(f"{name}: removed records by protocol, in {path.name}", file["protocols"], protocols)
    return True


def _counted(path: Path, settings: Mapping[str, Any], checked: Checked) -> Counter[tuple[str, str]]:
    """Records by file and action, and rows by file and protocol (`p:NAME`)."""
    counted: Counter[tuple[str, str]] = Counter()
    wrong: dict[str, None] = {}
    names = ("file", "action", "records", "reason", "protocol", "use")
    for batch in removed_batches(path):
        columns = (batch.column(name).to_pylist() for name in names)
        for file, action, records, reason, protocol, use in zip(*columns, strict=True):
            counted[file, MARKED if action == MARKED else "gone"] += records
            if action == UNREAD:
                counted[file, UNREAD] += records
                continue
            wrong.update(dict.fromkeys(_against(settings, action, reason, use)))
            if reason != "follows":
                counted[file, f"p:{protocol or 'none'}"] += 1
    checked.differences += [f"{path.name}: {one}" for one in wrong]
    return counted


def _against(settings: Mapping[str, Any], action: str, reason: str, use: str | None) -> Iterator[str]:
    """What of a row cannot be with these settings."""
    if action != (MARKED if settings["mark"] else DROPPED):
        yield f"has rows with the action {action}, which the settings do not allow"
    if settings.get(reason) == "keep" or reason not in {"reserved", "conditional", "unknown", "follows"}:
        yield f"has rows with the reason {reason}, which the settings do not allow"
    if reason != "follows" and use not in settings["uses"]:
        yield f"has rows for the use {use}, which the settings do not name"


def _inputs(corpus: tuple[Path, ...], proof: dict[str, Any], checked: Checked) -> dict[str, CorpusFile]:
    """The files of the corpus that are those of the proof."""
    if not all(path.exists() for path in corpus):
        checked.inputs = False
        return {}
    found = {file.name: file for file in list_corpus(corpus).files}
    said = {file["file"]: file for file in proof["files"]}
    for name in sorted(found.keys() ^ said.keys()):
        where = "the corpus but not in the proof" if name in found else "the proof but not in the corpus"
        checked.differences.append(f"{name}: stands in {where}")
    sound = {}
    for name in sorted(found.keys() & said.keys()):
        digest = file_digest(found[name].path)
        checked.same(f"{name}: SHA-256 of the input", said[name]["input_sha256"], digest)
        if digest == said[name]["input_sha256"]:
            sound[name] = found[name]
    return sound


def _kept_file(path: Path, said: Mapping[str, Any]) -> CorpusFile:
    format_, _, packed = said["format"].partition(".")
    return CorpusFile(said["file"], path, format_, packed, path.stat().st_size)


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
        count = count_records(_kept_file(path, said))
    except (OSError, CorpusError) as error:
        checked.differences.append(f"{name}: what was kept cannot be read: {error}")
        return
    checked.same(f"{name}: records kept", said["kept"], count["kept"])
    checked.same(f"{name}: records that cannot be read, of those kept", 0, count["unreadable"])
    checked.same(f"{name}: records that are no documents, of those kept", said["passed"], count["passed"])


def _check_records(
    given: CorpusFile,
    kept: Path,
    said: dict[str, Any],
    settings: Mapping[str, Any],
    table: Path,
    checked: Checked,
) -> None:
    """Compare a file of the corpus with what was kept of it."""
    path = kept / said["file"]
    if said["failed"] or not path.is_file():
        return
    naming = Naming(settings["url_column"], settings["date_column"], settings["headers_column"])
    try:
        found = compare_records(given, _kept_file(path, said), naming, table, mark=settings["mark"])
    except (OSError, ValueError, pa.ArrowException, CorpusError, InputError) as error:
        checked.differences.append(f"{given.name}: input and output cannot be compared: {error}")
        return
    checked.differences += [f"{given.name}: {difference}" for difference in found.differences]
    for name, count in found.counts.items():
        checked.same(f"{given.name}: {name}, counted in the input", said[name], count)


def _check_others(kept: Path, said: set[str], checked: Checked) -> None:
    """A file that the run did not write stands among those that it kept."""
    for path in sorted(kept.rglob("*")):
        name = path.relative_to(kept).as_posix()
        if path.is_file() and printable(name) not in said and not name.startswith(f"{FOLDER}/"):
            checked.differences.append(f"{name}: stands among what was kept, but not in the proof")


def _tell_unchecked(proof: Mapping[str, Any], checked: Checked, *, records: bool) -> None:
    """What this check does not show."""
    if not records:
        checked.unchecked.append("whether the corpus without the removed records is what was kept")
    elif proof["settings"]["mark"]:
        checked.unchecked.append("the records of a run with --mark one by one; they were counted")
    checked.unchecked.append(
        "the answers: agent, sources consulted, and the counts of unknown and doubtful records (--again judges anew)"
    )
    checked.unchecked.append("who made the proof, and when")
