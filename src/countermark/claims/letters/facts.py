"""What a letter may say: read from a claim folder, from the sender's own file, and from nowhere else.

A company is named only where works stand in a data set by `identical`, `copy` or `identifier`, and where the claim says
with a quoted sentence and its source that this company used that data set. Otherwise the place for the name stays open.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.claims.folder import placed_works, read_claim
from countermark.errors import InputError
from countermark.works.licences import LicenceStatus, licence_status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRM_GRADES: Final = ("identical", "copy", "identifier")
SENDER_FIELDS: Final = ("name", "address", "email", "capacity", "place")
TERMS_FIELDS: Final = ("price", "currency", "period", "uses", "credit", "valid_until")
SHOWN_IDENTIFIERS: Final = 4


@dataclass(frozen=True, slots=True)
class ListedWork:
    """One line of a letter's annex. `found` are (data set, snapshot, grade) where the grade is firm.

    The grades of pictures end with `.image`, those of recordings with `.audio`.
    """

    title: str
    authors: str
    identifiers: tuple[str, ...]
    found: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """All that a letter can be filled with; what is not known is empty and becomes a place to fill in."""

    date: str
    works: tuple[ListedWork, ...]
    works_in_catalog: int
    data_sets: tuple[tuple[str, str], ...]
    respondent: dict[str, Any] = field(default_factory=dict)
    reservations: tuple[str, ...] = ()
    sender: dict[str, str] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)

    @property
    def names_the_respondent(self) -> bool:
        """Whether the facts allow the company to be named."""
        return bool(self.works and self.respondent.get("name") and self.respondent.get("sentence"))


def read_facts(
    claim: Path, *, date: str, sender: Path | None = None, terms: Path | None = None
) -> LetterFacts:
    """The facts in the claim folder `claim`. Raises InputError, naming file and key, where they cannot be read."""
    said = read_claim(claim)
    firm: list[ListedWork] = []
    reserved: set[str] = set()
    total = 0
    for _, work in placed_works(claim):
        total += 1
        reserved.update(_reservations(work))
        if listed := _listed(work):
            firm.append(listed)
    sets = sorted({(corpus, snapshot) for work in firm for corpus, snapshot, _ in work.found})
    return LetterFacts(
        date=date,
        works=tuple(firm),
        works_in_catalog=total,
        data_sets=tuple(sets),
        respondent=_respondent(said.get("respondent")),
        reservations=tuple(sorted(reserved)),
        sender=_table(sender, SENDER_FIELDS),
        terms=_table(terms, TERMS_FIELDS),
    )


def _listed(work: dict[str, Any]) -> ListedWork | None:
    """The work as the annex lists it; None where nothing firm is known of it."""
    found = []
    for run in work.get("found", ()):
        grades = run.get("grades", {})
        best = next((grade for grade in FIRM_GRADES if grades.get(grade)), None)
        if best and run.get("status") not in {"control", "false-alarm"}:
            medium = run.get("medium")
            seen = medium in {"image", "audio"} and best != "identifier"
            grade = f"{best}.{medium}" if seen else best
            found.append((str(run.get("corpus", "")), str(run.get("snapshot") or ""), grade))
    facts = work.get("facts", {})
    if not found or _licensed(facts) or _not_held(work):
        return None
    makers = [str(one["name"]) for one in facts.get("contributors", ()) if one.get("role") != "publisher"]
    numbers = list(facts.get("identifiers", ()))
    for edition in facts.get("editions", ()):
        numbers.extend(edition.get("identifiers", ()))
    shown = dict.fromkeys(filter(None, map(_number, numbers)))
    return ListedWork(
        title=str(work.get("title", "")),
        authors=", ".join(dict.fromkeys(makers)),
        identifiers=tuple(shown)[:SHOWN_IDENTIFIERS],
        found=tuple(sorted(set(found))),
    )


def _number(said: object) -> str:
    """An identifier as a reader writes it: `ISBN 978…`; what a file's issuer calls a work is for nobody else."""
    scheme, _, value = said.partition(":") if isinstance(said, str) else _pair(said)
    if scheme.startswith("own") or not value:
        return ""
    return value if scheme == "url" else f"{scheme.upper()} {value}"


def _pair(said: object) -> tuple[str, str, str]:
    scheme, value = said if isinstance(said, list) and len(said) == 2 else ("", "")
    return str(scheme), ":", str(value)


def _not_held(work: dict[str, Any]) -> bool:
    """Whether the claim shows under no rule that the sender holds the work: nobody writes for works of others."""
    steps = [step for way in work.get("rules", {}).values() for step in way.get("steps", ())]
    held = [bool(step.get("passed")) for step in steps if step.get("step") == "yours"]
    return bool(held) and not any(held)


def _licensed(facts: dict[str, Any]) -> bool:
    """Whether somebody may copy the work: good news, and nothing to write a letter about."""
    free = licence_status(str(facts.get("licence", ""))) in {LicenceStatus.PUBLIC_DOMAIN, LicenceStatus.FREE}
    return free or any(fact.get("kind") == "licence" for fact in facts.get("rights", ()))


def _reservations(work: dict[str, Any]) -> Iterator[str]:
    for fact in work.get("facts", {}).get("rights", ()):
        if fact.get("kind") == "reservation":
            yield " ".join(str(fact[key]) for key in ("basis", "number", "begins") if fact.get(key))


def _respondent(said: object) -> dict[str, Any]:
    """Name, product and the quoted source, each on one line."""
    if not isinstance(said, dict):
        return {}
    return {key: " ".join(value.split()) for key, value in said.items() if isinstance(value, str) and value}


def _table(path: Path | None, fields: tuple[str, ...]) -> dict[str, str]:
    """A flat TOML file of the user's. Raises InputError for a key that no letter uses."""
    if path is None:
        return {}
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not TOML in UTF-8: {error}") from error
    unknown = sorted(set(said) - set(fields))
    if unknown:
        raise InputError(f"{path}, key {unknown[0]}: not known; accepted are {', '.join(fields)}")
    return {key: str(value) for key, value in said.items()}
