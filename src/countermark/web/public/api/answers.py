"""From what the rooms know to the shapes of the interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from countermark.web.roll.models import Standing
from countermark.web.signing.trades import unpacked

if TYPE_CHECKING:
    from countermark.web.public.roll_pages import Asked, Page
    from countermark.web.public.runs import PublishedRun
    from countermark.web.roll.models import Entry
    from countermark.web.statement.models import Text


def text_answer(text: Text, newest: int) -> dict[str, Any]:
    """One text without its body."""
    with translation.override(text.language):
        download = settings.SITE_ORIGIN + reverse("statement_text", args=[text.version])
    return {
        "version": text.version,
        "language": text.language,
        "title": text.title,
        "sha256": text.sha256,
        "published_at": text.published_at,
        "in_force": text.version == newest,
        "download": download,
    }


def count_answer(figures: dict[str, Any]) -> dict[str, Any]:
    """The counter."""
    return {name: figures[name] for name in ("total", "persons", "organisations", "unnamed", "counted_at")}


def figures_answer(figures: dict[str, Any]) -> dict[str, Any]:
    """Every figure."""
    member_of = figures["member_of"]
    return {
        "count": count_answer(figures),
        "withdrawn": figures["withdrawn"],
        "invalidated": [{"reason": reason, "count": n} for reason, n in figures["invalidated"]],
        "smallest_cell": figures["smallest_cell"],
        "trades": _groups(figures["trades"]),
        "countries": _groups(figures["countries"]),
        "member_of": {
            **member_of,
            "shown": [{"slug": slug, "name": name, "count": n} for slug, name, n in member_of["shown"]],
        },
        "organisation_kinds": figures["organisation_kinds"],
        "milestones": [{"number": number, "reached_at": at} for number, at in figures["milestones"]],
    }


def _groups(groups: dict[str, Any]) -> dict[str, Any]:
    return {**groups, "shown": [{"code": code, "count": n} for code, n in groups["shown"]]}


def entry_answer(entry: Entry) -> dict[str, Any]:
    """One number of the roll; what is not listed any more shows nothing but its number."""
    listed = entry.standing == Standing.LISTED
    return {
        "number": entry.number,
        "kind": entry.kind,
        "standing": entry.standing,
        "name": entry.name if listed else "",
        "trades": unpacked(entry.trades) if listed else [],
        "country": entry.country if listed else "",
        "organisation": entry.organisation_name if listed else "",
        "entered_on": entry.entered_on if listed else None,
        "proof": settings.SITE_ORIGIN + reverse("roll_proof", args=[entry.number]),
    }


def roll_answer(page: Page, asked: Asked) -> dict[str, Any]:
    """A page of the roll, with the address of the next."""
    following = None
    if page.following is not None:
        query = "&".join(filter(None, (asked.query, urlencode({"page": page.following}))))
        following = f"{settings.SITE_ORIGIN}{reverse('api-1:roll')}?{query}"
    return {
        "page": page.number,
        "pages": page.pages,
        "total": page.total,
        "next": following,
        "entries": [entry_answer(entry) for entry in page.entries],
    }


def run_answer(run: PublishedRun) -> dict[str, Any]:
    """A published run."""
    names = (
        *("digest", "data_set", "snapshot", "published_at", "complete"),
        *("works_searched", "works_listed", "fewer_than", "records_searched"),
    )
    findings = [{"code": grade, "count": n} for grade, n in run.grades]
    return {name: getattr(run, name) for name in names} | {"findings": findings}
