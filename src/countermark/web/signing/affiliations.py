"""The verified organisations that a signatory may name, read at most a few seconds ago."""

from __future__ import annotations

from countermark.web.fields.names import folded
from countermark.web.organisations.models import Organisation, State
from countermark.web.statement.recent import recent

MOST_OFFERED = 500


def _verified() -> dict[str, tuple[int, str]]:
    rows = Organisation.objects.filter(state=State.VERIFIED).values_list("pk", "name")
    return {folded(name): (pk, name) for pk, name in rows}


def verified() -> dict[str, tuple[int, str]]:
    """{folded name: (key, name)} of the verified organisations."""
    return recent("verified organisations", _verified) or {}


def offered() -> list[str]:
    """The names that the form proposes, sorted; at most 500."""
    return [name for _, (_, name) in sorted(verified().items())][:MOST_OFFERED]


def affiliation(name: str) -> tuple[int | None, str]:
    """The key and the name of the verified organisation that is meant; or no key and the name as written."""
    return verified().get(folded(name), (None, name)) if name else (None, "")
