"""The report and the rules that a dossier encloses: where the claim's chapter meets the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.errors import DossierError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LANGUAGES = ("en", "fr")


def reports(
    runs: Sequence[Path], *, claim: Path | None, attempts: Path, date: str, key: str, paper: str
) -> dict[str, bytes]:
    """`report.en.pdf` and `report.fr.pdf`, the claim a chapter of both; beside them plates of pictures and recordings.

    Raises RunError, InputError, OutputError.
    """
    from countermark.claims.chapter import chapter, claimant_of
    from countermark.evidence.dossier.report.compose import Subject, report_pdf
    from countermark.evidence.dossier.report.plates import plates_pdf, sounds_pdf

    claimant = claimant_of(claim) if claim else ""
    subject = Subject(tuple(runs), attempts, date, key, claimant, paper)
    made = {}
    for language in LANGUAGES:
        of_claim = chapter(claim, language) if claim else ()
        made[f"report.{language}.pdf"] = report_pdf(subject, language, of_claim)
        if plates := plates_pdf(subject, language):
            made[f"pictures.{language}.pdf"] = plates
        if sounds := sounds_pdf(subject, language):
            made[f"recordings.{language}.pdf"] = sounds
    return made


def require_its_runs(claim: Path, runs: Sequence[Path]) -> None:
    """Raise DossierError where the claim speaks of runs that are not to be sealed: its figures would stand alone."""
    from countermark.claims.folder import read_claim
    from countermark.scan.attempts import run_digest

    there = {run_digest(run) for run in runs}
    missing = [str(run["run"]) for run in read_claim(claim).get("runs", ()) if run["digest"] not in there]
    if missing:
        raise DossierError(
            f"{claim}: was made from {', '.join(missing)} as well, which is not given or was changed since; seal these "
            "runs too, or make the claim anew from the runs that you seal"
        )


def rules_of(claim: Path, given: Sequence[Path]) -> tuple[Path, ...]:
    """The rule files that a claim was made with: those given, else the shipped ones, each with the digest it states.

    Raises InputError where one is neither: a dossier holds the rules that were applied, not their successors.
    """
    from countermark.claims.folder import read_claim
    from countermark.claims.rule_files import SHIPPED, read_rule

    folders = [path for path in given if path.is_dir()]
    files = [path for path in given if path.is_file()]
    there = [*files, *(file for folder in [*folders, SHIPPED] for file in sorted(folder.glob("*.toml")))]
    by_digest = {read_rule(file).digest: file for file in reversed(there)}
    found = []
    for rule in read_claim(claim)["rules"]:
        if rule["digest"] not in by_digest:
            raise InputError(
                f"{claim}: was made with another {rule['file']} than is at hand; give the folder of its rules as "
                "--rules, or make the claim anew"
            )
        found.append(by_digest[rule["digest"]])
    return tuple(found)
