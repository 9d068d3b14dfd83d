"""The forms by name, and what each of them does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from countermark.errors import PlanError
from countermark.memorization.traps.forms import passphrases, slots, variants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.memorization.traps.key import Draw


class Form(Protocol):
    """How a payload becomes candidates. A payload is what the sheet says of a trap: JSON values, no secret."""

    def check(self, payload: Mapping[str, Any]) -> None:
        """Raise PlanError unless the payload is one of this form."""

    def space(self, payload: Mapping[str, Any]) -> int:
        """How many distinct candidates there are."""

    def places(self, payload: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What stands before and after each site."""

    def render(self, payload: Mapping[str, Any], draw: Draw) -> tuple[str, ...]:
        """The texts of one candidate, site by site."""


_FORMS: Final[dict[str, Form]] = {
    "variants": variants.Variants(),
    "photo-credit": slots.Slots(),
    "archive-reference": slots.Slots(),
    "further-reading": slots.Slots(),
    "letter-reference": slots.Slots(),
    "passphrase": passphrases.Passphrase(),
}
NAMES: Final = tuple(_FORMS)
LANGUAGES: Final = ("en", "fr")


def form_of(name: str) -> Form:
    """The form of that name. Raises PlanError."""
    form = _FORMS.get(name)
    if form is None:
        raise PlanError(f"{name!r} is no form of a trap; accepted are {', '.join(NAMES)}")
    return form
