"""The interface: nine questions, each a GET."""

# ruff: noqa: ARG001, B008, TC002 - ninja reads the annotations and defaults, and gives every question its request

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.decorators import decorate_view
from ninja.errors import HttpError, ValidationError
from ninja.params.functions import Path, Query

from countermark.web.abuse.address import address_key
from countermark.web.abuse.limits import allowed
from countermark.web.abuse.switches import is_on
from countermark.web.config.kept import FIGURES_SECONDS, NAMES_SECONDS, WORDS_SECONDS, kept
from countermark.web.organisations.models import Organisation, State
from countermark.web.public.api import shapes
from countermark.web.public.api.answers import (
    count_answer,
    entry_answer,
    figures_answer,
    roll_answer,
    run_answer,
    text_answer,
)
from countermark.web.public.context import facts
from countermark.web.public.figures import figures as newest
from countermark.web.public.roll_pages import Asked, known_entry, page_of
from countermark.web.public.runs import published_runs
from countermark.web.roll.models import Head
from countermark.web.statement.models import Text

LAST: Final = 2**31 - 1
MOST_HEADS: Final = 100
MOST_ORGANISATIONS: Final = 1000
UNREADABLE: Final = {422: shapes.Problem}
BUSY: Final = {429: shapes.Problem, **UNREADABLE}


class Interface(NinjaAPI):
    """Ninja's interface, which any page may ask from a browser: nothing in it is private."""

    def create_response(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ninja's answer, open to other origins."""
        response = super().create_response(*args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response


api: Final = Interface(
    title="Countermark",
    version="1",
    description="The statement, its roll and its figures. Read-only, without a key; nothing here is private.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api-1",
    servers=[{"url": settings.SITE_ORIGIN}],
)


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422: what was asked cannot be read; each parameter and what is wrong with it."""
    faults = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in error.errors)
    return api.create_response(request, {"detail": faults[:2000]}, status=422)


def _limit(request: HttpRequest, rule: str = "api") -> None:
    """Refuse (429) a network that asks too often for what is not in memory."""
    if allowed((rule, address_key(request))):
        raise HttpError(429, "Too many requests from your network; please try again in a minute.")


@api.get("/statement", response=shapes.StatementShape, summary="The statement and its texts")
@decorate_view(kept(WORDS_SECONDS))
def statement(request: HttpRequest) -> dict[str, Any]:
    """Who asks for signatures, and each version of the text in each language, newest first."""
    known = facts()
    texts = list(Text.objects.filter(published_at__isnull=False))
    newest_version = max((text.version for text in texts), default=0)
    return {
        "organiser": known.organiser,
        "demonstration": known.demonstration,
        "opened_at": known.opened_at,
        "closes_at": known.closes_at,
        "texts": [text_answer(text, newest_version) for text in texts],
    }


@api.get(
    "/texts/{version}/{language}",
    response={200: shapes.TextWithBody, 404: shapes.Problem, **UNREADABLE},
    summary="One text",
)
@decorate_view(kept(WORDS_SECONDS))
def text(
    request: HttpRequest, language: shapes.LANGUAGE, version: int = Path(ge=1, le=LAST)
) -> dict[str, Any]:
    """A version of the statement in one language, with its text."""
    published = Text.objects.filter(published_at__isnull=False, language=language)
    found = published.filter(version=version).first()
    if found is None:
        raise HttpError(404, f"There is no version {version} in {language}.")
    last = published.order_by("-version").values_list("version", flat=True).first() or 0
    return {**text_answer(found, last), "body": found.body}


@api.get("/count", response=shapes.CountShape, summary="How many signed")
@decorate_view(kept(FIGURES_SECONDS))
def count(request: HttpRequest) -> dict[str, Any]:
    """The counter."""
    return count_answer(newest())


@api.get(
    "/figures",
    response={200: shapes.FiguresShape, 503: shapes.Problem},
    summary="By trade, country, organisation",
)
@decorate_view(kept(FIGURES_SECONDS))
def figures(request: HttpRequest) -> dict[str, Any]:
    """Every figure, small counts put together."""
    if is_on("no_figures"):
        raise HttpError(503, "The figures are switched off for now; the counter is at /api/v1/count.")
    return figures_answer(newest())


@api.get(
    "/roll",
    response={200: shapes.RollPage, 404: shapes.Problem, 503: shapes.Problem, **BUSY},
    summary="The roll, page by page",
)
@decorate_view(kept(NAMES_SECONDS, query=("page", "trade", "country", "organisation"), apart=("q",)))
def roll(
    request: HttpRequest,
    page: int = Query(1, ge=1, le=LAST),
    q: str = Query("", max_length=80, description="How a word of the name begins."),
    trade: shapes.TRADE | None = Query(None),  # type: ignore[valid-type]
    country: shapes.COUNTRY | None = Query(None),  # type: ignore[valid-type]
    organisation: str = Query("", max_length=80, description="The slug of a verified organisation."),
) -> dict[str, Any]:
    """Those on the roll in the order of their numbers, fifty on a page. The whole roll: /roll/export.json."""
    if is_on("no_roll") or (q and is_on("no_search")):
        raise HttpError(503, "This is switched off for now; the whole roll can be downloaded.")
    _limit(request, "search" if q else "api")
    asked = Asked(page, q.replace("\0", ""), trade or "", country or "", organisation.replace("\0", ""))
    found = page_of(asked)
    if found is None:
        raise HttpError(404, f"There is no page {page}.")
    return roll_answer(found, asked)


@api.get(
    "/roll/{number}", response={200: shapes.EntryShape, 404: shapes.Problem, **BUSY}, summary="One number"
)
@decorate_view(kept(NAMES_SECONDS))
def entry(request: HttpRequest, number: int = Path(ge=1, le=LAST)) -> dict[str, Any]:
    """What a number on the roll stands for now."""
    _limit(request)
    found = known_entry(number)
    if found is None:
        raise HttpError(404, f"Number {number} is not on the roll.")
    return entry_answer(found)


@api.get("/heads", response=list[shapes.HeadShape], summary="Published heads of the log")
@decorate_view(kept(FIGURES_SECONDS))
def heads(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest hundred published heads; each with its signature at /roll/heads.json."""
    rows = Head.objects.filter(published=True).order_by("-size")[:MOST_HEADS]
    return [{"size": head.size, "root": bytes(head.root).hex(), "at": head.at} for head in rows]


@api.get(
    "/organisations",
    response={200: list[shapes.OrganisationShape], **UNREADABLE},
    summary="Organisations that signed",
)
@decorate_view(kept(FIGURES_SECONDS, query=("kind",)))
def organisations(
    request: HttpRequest,
    kind: shapes.KIND | None = Query(None),  # type: ignore[valid-type]
) -> list[dict[str, Any]]:
    """Verified ones, by name; at most a thousand."""
    rows = Organisation.objects.filter(state=State.VERIFIED).order_by("name", "pk")
    if kind:
        rows = rows.filter(kind=kind)
    fields = ("slug", "name", "kind", "country", "members_stated")
    return [
        {name: getattr(row, name) for name in fields} | {"verified_by": row.proof, "number": row.roll_number}
        for row in rows[:MOST_ORGANISATIONS]
    ]


@api.get("/found", response=list[shapes.RunShape], summary="What was found")
@decorate_view(kept(WORDS_SECONDS))
def found(request: HttpRequest) -> list[dict[str, Any]]:
    """Published summaries of scans. Being listed is not proof that a model was trained on a work."""
    return [run_answer(run) for run in published_runs(MOST_HEADS)]
