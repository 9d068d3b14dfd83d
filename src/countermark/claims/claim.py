"""The claim folder: claim.json, works.jsonl, figures.json, the page in both languages, and the works list.

The same catalog, runs, rules and day give the same bytes. docs/reference/rules.md and docs/howto/claim.md describe it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from countermark import __version__
from countermark.atomic import make_folder, replacing, write_bytes
from countermark.claims.figures import SMALLEST
from countermark.claims.folder import FORMAT
from countermark.claims.html import render_html
from countermark.claims.tally import Tally
from countermark.claims.works_list import write_works_list
from countermark.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from countermark.claims.case import Case
    from countermark.claims.rule import Rule
    from countermark.claims.run_findings import Joined
    from countermark.claims.tariff import Tariff
    from countermark.works.entry import CatalogWork

DISCLAIMER: Final = {
    "en": "This is not legal advice.",
    "fr": "Ceci n’est pas un conseil juridique.",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What a claim is made from. `works` gives the works of the catalog, by work_id, anew at each call."""

    works: Callable[[], Iterable[CatalogWork]]
    catalog_digest: str
    joined: Joined
    case: Case
    rules: tuple[Rule, ...]
    tariff: Tariff | None = None
    joined_by_name: bool = False
    suppress_below: int = SMALLEST


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim made: what claim.json says, the figures, and the works that the page shows."""

    facts: dict[str, Any]
    figures: dict[str, Any]
    shown: list[dict[str, Any]]


def make_claim(request: Request, write: Callable[[bytes], object] | None = None) -> Claim:
    """Take all works through all rules; each line of works.jsonl goes to `write`."""
    tally = Tally(request.case, request.rules, request.tariff)
    for run in request.joined.runs:
        tally.figures.add_data_set(run["corpus"], run["snapshot"])
    digest = hashlib.sha256()
    for work in request.works():
        line = canonical(tally.add(work, request.joined.of(work.work_id)))
        digest.update(line)
        if write is not None:
            write(line)
    facts = _facts(request, tally, digest.hexdigest())
    return Claim(facts, tally.figures.as_json(request.suppress_below), tally.shown_works())


def write_claim(request: Request, out: Path) -> Claim:
    """Make a claim and write its folder. claim.json comes last: a folder without it is not whole.

    Raises OutputError, also where `out` holds something else.
    """
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / "works.jsonl").exists())):
        raise OutputError(f"{out}: exists and is no claim folder; give a new or an empty folder")
    make_folder(out)
    (out / "claim.json").unlink(missing_ok=True)
    with replacing(out / "works.jsonl") as file:
        claim = make_claim(request, file.write)
    write_bytes(out / "figures.json", readable(claim.figures))
    for language in ("en", "fr"):
        write_bytes(
            out / f"claim.{language}.html", render_html(claim, language).encode("utf-8", "backslashreplace")
        )
    write_bytes(out / "claim.json", readable(claim.facts))
    write_works_list(out)
    return claim


def canonical(value: dict[str, Any]) -> bytes:
    """One line of canonical JSON: sorted keys, no blanks, UTF-8."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # half a surrogate pair, which UTF-8 cannot hold
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return (text + "\n").encode("utf-8", "backslashreplace")


def readable(value: dict[str, Any]) -> bytes:
    """JSON for people: sorted keys, one space of indent, UTF-8."""
    return (json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode(
        "utf-8", "backslashreplace"
    )


def _facts(request: Request, tally: Tally, works_digest: str) -> dict[str, Any]:
    case = request.case
    return {
        "format": FORMAT,
        "software": f"countermark {__version__}",
        "date": case.on.isoformat(),
        "disclaimer": DISCLAIMER,
        "catalog": {"digest": request.catalog_digest, "works": tally.works},
        "runs": request.joined.runs,
        "claimant": asdict(case.claimant) if case.claimant else None,
        "respondent": case.respondent.as_json() if case.respondent else None,
        "assumptions": {
            "infringement_began": case.began,
            "snapshot": case.snapshot,
            "act_known_from": dict(sorted(tally.act_known_from.items())),
            "joined_by_name": request.joined_by_name,
        },
        "rules": [_rule(rule, tally) for rule in request.rules],
        "deadlines": tally.deadlines_json(),
        "good_news": dict(sorted(tally.good_news.items())),
        "savings": dict(sorted(tally.savings.items())),
        "works_sha256": works_digest,
    }


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule as data: what it is, from where, and since when."""
    return {
        "id": rule.id,
        "jurisdiction": rule.jurisdiction,
        "title": dict(rule.title),
        "status": str(rule.status),
        "valid_from": rule.valid_from,
        "last_checked": rule.last_checked,
        "stale_after_days": rule.stale_after_days,
        "not_verified": list(rule.not_verified),
        "asks": list(rule.asked()),
        "per": rule.amounts.per,
        "file": rule.file,
        "digest": rule.digest,
        "sources": [
            {
                "citation": one.citation,
                "citation_fr": one.citation_fr,
                "quality": str(one.quality),
                "says": dict(one.says),
                "url": one.url,
            }
            for one in rule.sources
        ],
        "notes": [{**one.text, "quality": str(one.quality), "ask": one.ask} for one in rule.notes],
    }


def _rule(rule: Rule, tally: Tally) -> dict[str, Any]:
    return rule_json(rule) | {
        "warnings": rule.warnings(tally.case.on),
        "funnel": tally.funnels[rule.id].as_json(),
        "amounts": tally.amounts[rule.id].as_json(tally.excluded(rule.id)),
    }
