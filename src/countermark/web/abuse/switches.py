"""Peak switches: turned on, each takes one thing off the site so that the rest stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from countermark.web.abuse.memory import Remembered
from countermark.web.abuse.models import Switch

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAMES: Final[dict[str, StrOrPromise]] = {
    "no_search": _("The roll cannot be searched"),
    "no_roll": _("The roll is not shown; it can still be downloaded"),
    "no_figures": _("Figures by trade and country are not shown; the counter is"),
    "no_comments": _("Comments are neither shown nor taken"),
    "no_member_space": _("The member space is closed"),
    "no_uploads": _("No works can be uploaded"),
    "read_only": _("Nothing can be signed, confirmed or changed, only withdrawn; the page says so"),
    "defer_mail": _("Only confirmation mails go out; the others wait"),
    "message": _("A message stands on the home page"),
    "challenge": _("A proof of work is asked for every signature"),
}


@dataclass(frozen=True, slots=True)
class _State:
    on: frozenset[str]
    messages: dict[str, str]


def _read() -> _State:
    rows = list(Switch.objects.filter(on=True))
    message = next((row for row in rows if row.name == "message"), None)
    words = {"fr": message.message_fr, "en": message.message_en} if message else {}
    return _State(frozenset(row.name for row in rows), words)


_state: Final = Remembered(_read)


def is_on(name: str) -> bool:
    """Whether a switch of `NAMES` is on. Raises KeyError for any other name."""
    if name not in NAMES:
        raise KeyError(name)
    return name in _state().on


def banner(language: str) -> str:
    """The message for the home page in a language, or in the other one where it lacks; empty where there is none."""
    words = _state().messages
    return words.get(language, "") or next(filter(None, words.values()), "")


def write_missing() -> None:
    """Write the switches that are not in the database yet, turned off, so that they can be edited."""
    there = set(Switch.objects.values_list("name", flat=True))
    Switch.objects.bulk_create(
        (Switch(name=name) for name in NAMES if name not in there), ignore_conflicts=True
    )
