"""Ask the sequencer to append something about a number that is already on the roll."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from countermark.web.roll.models import Change, Entry, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

EMPTY: Final[Mapping[str, Any]] = {
    "salt": None,
    "record": "",
    "display": None,
    "name": "",
    "folded": "",
    "trades": "",
    "country": "",
    "organisation_name": "",
    "entered_on": None,
}
KINDS: Final = ("withdrawal", "amendment", "invalidation", "reinstatement")


def request_change(kind: str, number: int, reason: str = "") -> None:
    """Queue a change of entry `number` in the caller's transaction; `kind` as in `roll.models.Change`."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no change of the roll; accepted are {', '.join(KINDS)}")
    Change.objects.create(kind=kind, number=number, reason=reason, created_at=timezone.now())


def empty_entry(number: int) -> bool:
    """Forget what a withdrawn number stood for, at once, in the caller's transaction; tells whether there was one.

    Number, positions, kind and standing stay. Without salt and record, the commitment in the log says nothing.
    """
    values = {**EMPTY, "signature_id": None, "organisation_id": None, "standing": Standing.WITHDRAWN}
    return Entry.objects.filter(number=number).update(**values) == 1
