"""Where a TDM policy departs from the profile ("Expressing a TDM Policy"), place by place.

Names written out as addresses are what JSON-LD makes of the short ones, and no departure. Two purposes in one
permission are none either, though both must then hold at once, which no use can.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from countermark.reservations.nonconformance import NonConformance
from countermark.reservations.tdmrep.json_text import JsonError, Object, parse_json
from countermark.reservations.tdmrep.odrl import (
    ADDRESS,
    CONTEXT,
    DUTIES,
    MAX_POLICY,
    MINE,
    PROFILE,
    PURPOSES,
    TYPE,
    VCARD,
    short,
)
from countermark.reservations.tdmrep.values import policy_address

if TYPE_CHECKING:
    from collections.abc import Iterator

_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_MAILTO: Final = re.compile(r"mailto:[^\s@]+@[^\s@]+", re.IGNORECASE)
_TEL: Final = re.compile(r"tel:[0-9A-Fa-f+*#().;=-]+", re.IGNORECASE)
_MOST: Final = 1_000  # departures that are told

_Departure = tuple[str, str, object]
"""Code, place and value."""


def validate_policy(data: bytes) -> list[NonConformance]:
    """Each departure of a policy from the profile, in the order of its parts; [] for none. Never raises."""
    try:
        said = parse_json(data, MAX_POLICY)
    except JsonError as error:
        return [NonConformance(f"tdmrep.policy.{error.code}", "", error.line, error.facts)]
    found = []
    for code, where, value in _whole(said):
        facts = (("where", where), ("value", _shown(value)))
        found.append(NonConformance(f"tdmrep.policy.{code}", where, 0, facts))
        if len(found) == _MOST:
            break
    return found


def _whole(said: object) -> Iterator[_Departure]:
    if not isinstance(said, Object):
        yield "not-an-object", "", said
        return
    yield from (("repeated-name", name[:100], name) for name in said.repeated)
    context = said.get("@context")
    if not isinstance(context, list) or context not in ([*CONTEXT], [*reversed(CONTEXT)]):
        yield "context", "@context", context
    if said.get("@type") != TYPE:
        yield "type", "@type", said.get("@type")
    if said.get("profile") != PROFILE:
        yield "profile", "profile", said.get("profile")
    if not _is_uri(said.get("uid")):
        yield "uid", "uid", said.get("uid")
    yield from _assigner(said.get("assigner"))
    permissions = said.get("permission")
    if not isinstance(permissions, list) or not permissions:
        yield "permission-form", "permission", permissions
    for index, permission in enumerate(permissions if isinstance(permissions, list) else []):
        yield from _permission(f"permission[{index}]", permission)
    for name in ("obligation", "prohibition"):
        if name in said:
            yield "should-not", name, said[name]


def _assigner(card: object) -> Iterator[_Departure]:
    if not isinstance(card, Object):
        yield "assigner-form", "assigner", card
        return
    tests = {"email": _MAILTO, "telephone": _TEL}
    for name, key in VCARD.items():
        for spelled in (key, key.removeprefix("vcard:")):
            value = card.get(spelled, "")
            fit = isinstance(value, str)
            if fit and value and name in tests:
                fit = bool(tests[name].fullmatch(str(value)))
            elif fit and value and name == "url":
                fit = policy_address(value) == value
            if not fit:
                yield f"assigner-{name}", f"assigner.{spelled}", value
    address = card.get("vcard:hasAddress", card.get("hasAddress"))
    if address is not None:
        yield from _address(address)
    if "uid" in card and not _is_uri(card["uid"]):
        yield "uid", "assigner.uid", card["uid"]
    admitted = {"uid", "@id", "@type", "vcard:hasAddress", *VCARD.values()}
    admitted |= {name.removeprefix("vcard:") for name in admitted}
    for name in sorted(card.keys() - admitted):
        yield "assigner-property", f"assigner.{name[:100]}", card[name]


def _address(address: object) -> Iterator[_Departure]:
    where = "assigner.vcard:hasAddress"
    if not isinstance(address, Mapping):
        yield "address-form", where, address
        return
    admitted = {*ADDRESS.values(), *(key.removeprefix("vcard:") for key in ADDRESS.values())}
    for name in sorted(address):
        if name not in admitted or not isinstance(address[name], str):
            yield "address-form", f"{where}.{name[:100]}", address[name]


def _permission(where: str, permission: object) -> Iterator[_Departure]:
    if not isinstance(permission, Mapping):
        yield "permission-form", where, permission
        return
    action = permission.get("action")
    if not isinstance(action, str) or short(action) != MINE:
        yield "action", f"{where}.action", action
    if "target" in permission and not _is_uri(permission["target"]):
        yield "target", f"{where}.target", permission["target"]
    for index, duty in _items(permission, "duty"):
        said = duty.get("action") if isinstance(duty, Mapping) else duty
        if not isinstance(said, str) or short(said) not in DUTIES:
            yield "duty", f"{where}.duty[{index}]", said
    for index, constraint in _items(permission, "constraint"):
        if not _is_purpose(constraint):
            yield "constraint", f"{where}.constraint[{index}]", constraint
    for name in ("duty", "constraint"):
        if name in permission and not isinstance(permission[name], list):
            yield "not-an-array", f"{where}.{name}", permission[name]


def _items(said: Mapping[str, object], name: str) -> Iterator[tuple[int, object]]:
    value = said.get(name, [])
    yield from enumerate(value if isinstance(value, list) else [value])


def _is_purpose(constraint: object) -> bool:
    if not isinstance(constraint, Mapping):
        return False
    left, operator, right = (constraint.get(n) for n in ("leftOperand", "operator", "rightOperand"))
    return (
        isinstance(left, str)
        and short(left) == "purpose"
        and isinstance(operator, str)
        and short(operator) == "eq"
        and isinstance(right, str)
        and short(right) in PURPOSES
    )


def _is_uri(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 4_096 and bool(_URI.fullmatch(value))


def _shown(value: object) -> str:
    """A value shortened; what is nested only by its kind."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    return "" if value is None else str(value)[:100]
