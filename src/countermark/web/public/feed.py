"""News of the statement as an Atom feed (RFC 4287): milestones, published heads, organisations, what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from countermark.web.organisations.models import Organisation, State
from countermark.web.public.figures import figures
from countermark.web.public.runs import published_runs
from countermark.web.public.templatetags.public_words import grouped
from countermark.web.roll.models import Head
from countermark.web.statement.texts import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST: Final = 50
OF_EACH: Final = 20


@dataclass(frozen=True, slots=True)
class News:
    """One entry; `key` makes its permanent identity."""

    key: str
    title: str
    words: str
    address: str
    at: datetime


def feed(language: str) -> str:
    """The feed in a language, newest first."""
    with translation.override(language):
        origin = settings.SITE_ORIGIN
        text = in_force(language)
        own = origin + reverse("feed", args=[language])
        out = Atom1Feed(
            title=text.title if text else "Countermark",
            link=origin + reverse("home"),
            description=_("News of the statement"),
            language=language,
            feed_url=own,
            feed_guid=own,
        )
        news = sorted((*_milestones(), *_heads(), *_organisations(), *_runs()), key=lambda item: item.at)
        for item in news[: -MOST - 1 : -1]:
            out.add_item(
                title=_without_controls(item.title),
                link=origin + item.address,
                description=escape(_without_controls(item.words)),  # Atom takes it as HTML
                unique_id=f"{own}#{item.key}",
                updateddate=item.at,
                pubdate=item.at,
            )
        return str(out.writeString("utf-8"))


def _milestones() -> Iterator[News]:
    for number, at in figures()["milestones"]:
        title = _("%(number)s have signed") % {"number": grouped(number)}
        yield News(f"milestone-{number}", title, title, reverse("home"), datetime.fromisoformat(at))


def _heads() -> Iterator[News]:
    for head in Head.objects.filter(published=True).order_by("-size")[:OF_EACH]:
        title = _("The roll’s head at %(size)s lines") % {"size": grouped(head.size)}
        words = _("Root: %(root)s") % {"root": bytes(head.root).hex()}
        yield News(f"head-{head.size}", title, words, reverse("verify"), head.at)


def _organisations() -> Iterator[News]:
    newest = Organisation.objects.filter(state=State.VERIFIED, verified_at__isnull=False)
    for row in newest.order_by("-verified_at")[:OF_EACH]:
        title = _("%(name)s has signed") % {"name": row.name}
        assert row.verified_at is not None  # noqa: S101 - filtered above
        yield News(f"organisation-{row.slug}", title, title, reverse("organisations"), row.verified_at)


def _runs() -> Iterator[News]:
    for run in published_runs(OF_EACH):
        title = _("Searched: %(data_set)s") % {"data_set": f"{run.data_set} {run.snapshot}".strip()}
        words = _("Being listed is not proof that a model was trained on a work.")
        yield News(f"run-{run.digest[:16]}", title, words, reverse("found"), run.published_at)


def _without_controls(text: str) -> str:
    """XML 1.0 has no control characters; names should have none either."""
    return "".join(char for char in text if char >= " " and char not in "\x7f\ufffe\uffff")
