"""tdmrep.json: its rules as they stand, and what in them departs from the report ("TDM File on the Origin Server").

Reader and validator share this: the reader tells of the faults that concern its target, the validator of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from countermark.reservations.nonconformance import NonConformance
from countermark.reservations.tdmrep.json_text import JsonError, Object, parse_items
from countermark.reservations.tdmrep.values import policy_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.reservations.tdmrep.json_text import Item

MAX_RULES: Final = 10_000
MAX_LOCATION: Final = 4_096  # characters
PROPERTIES: Final = ("location", "tdm-reservation", "tdm-policy")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `location` is "" and `value` None where they cannot be used; the faults say why."""

    location: str
    value: int | None
    policy: str
    raw: bytes
    line: int
    faults: tuple[NonConformance, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleFile:
    """The rules in sequence, and what is wrong with the file as a whole."""

    rules: tuple[Rule, ...] = ()
    faults: tuple[NonConformance, ...] = ()


@lru_cache(maxsize=16)
def parse_rules(data: bytes) -> RuleFile:
    """The rules of a tdmrep.json; never raises. What was read before a fault is kept."""
    rules: list[Rule] = []
    try:
        for index, item in enumerate(parse_items(data)):
            if index >= MAX_RULES:
                raise JsonError("too-many-rules", item.line, limit=MAX_RULES)  # noqa: TRY301
            rules.append(_rule(index, item))
    except JsonError as error:
        fault = NonConformance(f"tdmrep.{error.code}", "", error.line, error.facts)
        return RuleFile(tuple(rules), (fault,))
    return RuleFile(tuple(rules))


def _rule(index: int, item: Item) -> Rule:
    where = f"[{index}]"
    if not isinstance(item.value, Object):
        return Rule("", None, "", item.raw, item.line, (_fault("rule-form", where, item.line),))
    said = item.value
    faults = tuple(
        _fault(code, f"{where}.{name}" if name else where, item.line, value)
        for code, name, value in _departures(said)
    )
    location, value, policy = (said.get(name) for name in PROPERTIES)
    return Rule(
        location if isinstance(location, str) and _is_pattern(location) else "",
        int(value) if _is_value(value) else None,  # type: ignore[call-overload]
        policy if isinstance(policy, str) else "",
        item.raw,
        item.line,
        faults,
    )


def _departures(said: Object) -> Iterator[tuple[str, str, object]]:
    """Code, property and value of each departure of one rule."""
    for name in said.repeated:
        yield "repeated-name", name[:100], name
    location, value, policy = (said.get(name) for name in PROPERTIES)
    if "location" not in said:
        yield "location-missing", "", ""
    elif not isinstance(location, str) or not _is_pattern(location):
        yield "location-form", "location", location
    if "tdm-reservation" not in said:
        yield "reservation-missing", "", ""
    elif not _is_value(value):
        text = isinstance(value, str) and value in {"0", "1"}
        yield "reservation-text" if text else "reservation-value", "tdm-reservation", value
    if "tdm-policy" in said and policy_address(policy) != policy:
        yield "policy-form", "tdm-policy", policy
    for name in sorted(said.keys() - set(PROPERTIES))[:20]:
        yield "unknown-property", name[:100], name


def _is_pattern(location: str) -> bool:
    return location.startswith(("/", "*")) and len(location) <= MAX_LOCATION


def _is_value(value: object) -> bool:
    """Whether it is the number 1 or 0, also written 1.0 (RFC 8259, section 6); `true`, which is 1 in Python, is not."""
    return type(value) in {int, float} and value in {0, 1}


def _fault(code: str, where: str, line: int, value: object = "") -> NonConformance:
    return NonConformance(f"tdmrep.{code}", where, line, (("where", where), ("value", _shown(value))))


def _shown(value: object) -> str:
    """A value of JSON as it is written there, shortened."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    return str(value)[:100]
