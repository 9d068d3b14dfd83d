"""Judging a corpus once more into a temporary folder: the same settings and sources give the same proof and files."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from countermark.compliance.proof import Named
from countermark.compliance.receipts import file_digest, versions
from countermark.compliance.run import run_filter
from countermark.compliance.settings import Asking, FilterSettings, Naming
from countermark.compliance.verify import Checked, corpus_of, read_proof
from countermark.errors import InputError
from countermark.reservations.use import Use

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from countermark.compliance.run import FilterProgress

_COMPARED: Final = ("settings", "consulted", "left_out", "totals")


def verify_again(
    path: Path,
    corpus: tuple[Path, ...],
    robots: tuple[Path, ...],
    verdicts: tuple[Path, ...],
    progress: Callable[[FilterProgress], None] = lambda _: None,
) -> Checked:
    """Filter the corpus again as the proof says, and compare proof and files. Raises InputError.

    `robots` and `verdicts` are the files that the run consulted.
    """
    proof = read_proof(path)
    try:
        given = corpus_of(path, proof, corpus)
        missing = [one for one in given if not one.exists()]
        if missing:
            raise InputError(
                f"{missing[0]}: is not there; --again needs the corpus: name it after --verify {path}"
            )
        for option, files in (("robots", robots), ("verdicts", verdicts)):
            _check_consulted(option, files, proof["consulted"][option])
        with TemporaryDirectory(prefix="countermark-again-") as folder:
            settings = _settings(
                proof["settings"], given, Path(folder), proof["removed"]["file"], robots, verdicts
            )
            outcome = run_filter(settings, progress)
            again = read_proof(outcome.proof or Path())
        return _compared(path, proof, again)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{path}: is no whole proof of a filter run: {error}") from error


def _check_consulted(option: str, files: tuple[Path, ...], said: list[dict[str, str]]) -> None:
    try:
        found = sorted(Named(file.name, file_digest(file)) for file in files)
    except OSError as error:
        raise InputError(f"--{option} {error.filename}: cannot be read: {error.strerror}") from error
    wanted = [Named(one["name"], one["sha256"]) for one in said]
    if [one.sha256 for one in found] != [one.sha256 for one in wanted]:
        names = ", ".join(f"{one.name} (SHA-256 {one.sha256[:16]}…)" for one in wanted) or "none"
        raise InputError(f"--{option}: --again needs the files that the run consulted: {names}")


def _settings(
    said: Mapping[str, Any],
    corpus: tuple[Path, ...],
    folder: Path,
    table: str,
    robots: tuple[Path, ...],
    verdicts: tuple[Path, ...],
) -> FilterSettings:
    naming = Naming(said["url_column"], said["date_column"], said["headers_column"])
    uses = tuple(Use(use) for use in said["uses"])
    asking = Asking(uses, said["agent"], robots, verdicts, naming, said["date"] or None, said["max_age_days"])
    return FilterSettings(
        corpus,
        folder / "kept",
        folder / Path(table).name,
        asking,
        mark=said["mark"],
        keep_unknown=said["unknown"] == "keep",
        keep_conditional=said["conditional"] == "keep",
    )


def _compared(path: Path, proof: dict[str, Any], again: dict[str, Any]) -> Checked:
    checked = Checked(file_digest(path), files=len(again["files"]), rows=again["removed"]["rows"])
    for name in _COMPARED:
        checked.same(f"judged again, {name}", proof[name], again[name])
    checked.same(
        "judged again, files", [f["file"] for f in proof["files"]], [f["file"] for f in again["files"]]
    )
    for said, found in zip(proof["files"], again["files"], strict=False):
        for name in found:
            checked.same(f"{found['file']}: judged again, {name}", said.get(name), found[name])
    for name in ("rows", "leaves", "root", "sha256"):
        checked.same(
            f"judged again, table of removed records, {name}", proof["removed"][name], again["removed"][name]
        )
    if checked.differences and proof["version"] != versions():
        checked.unchecked.append(
            "whether the differences come from other versions: the same bytes come from the same versions of "
            f"{', '.join(versions())} only"
        )
    return checked
