"""Whether what a study's result says has the members and the kinds of values that a page is made of.

A folder may come from anybody. What does not fit is refused by its name; what fits is shown as text and nothing else.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Check = Callable[[Any, str], None]

MOST: Final = 10**15
"""No count of a study is larger."""
MOST_ITEMS: Final = 1_000_000


def refuse(where: str, value: Any, accepted: str) -> RunError:
    """The error that names a member that no study writes."""
    return RunError(
        f"result.json: {where} is {str(value)[:60]!r}, which no study writes; accepted: {accepted}"
    )


def text(value: Any, where: str) -> None:
    """A string."""
    if not isinstance(value, str):
        raise refuse(where, value, "text")


def flag(value: Any, where: str) -> None:
    """True or false."""
    if not isinstance(value, bool):
        raise refuse(where, value, "true or false")


def count(value: Any, where: str) -> None:
    """A whole number from 0 on."""
    if type(value) is not int or not 0 <= value <= MOST:
        raise refuse(where, value, f"a whole number from 0 to {MOST}")


def size(value: Any, where: str) -> None:
    """A whole number from 1 on, of at most 300 digits: how many texts a draw could have given."""
    if type(value) is not int or not 1 <= value < 10**300:
        raise refuse(where, value, "a whole number from 1 on")


def equal(found: object, expected: object, where: str) -> None:
    """Raise RunError where two numbers, or words, that say the same do not."""
    if found != expected:
        raise RunError(
            f"result.json: {where} is {str(found)[:80]}, and the plan or the other numbers give {str(expected)[:80]}"
        )


def number(value: Any, where: str) -> None:
    """A finite number."""
    real = isinstance(value, int | float) and not isinstance(value, bool)
    if not real or not -MOST <= value <= 1e300 or not math.isfinite(value):
        raise refuse(where, value, "a finite number")


def probability(value: Any, where: str) -> None:
    """A p: more than 0, at most 1."""
    number(value, where)
    if not 0 < value <= 1:
        raise refuse(where, value, "more than 0, at most 1")


def share(value: Any, where: str) -> None:
    """From 0 to 1."""
    number(value, where)
    if not 0 <= value <= 1:
        raise refuse(where, value, "from 0 to 1")


def logarithm(value: Any, where: str) -> None:
    """The logarithm of a probability: at most 0, but for rounding."""
    number(value, where)
    if value > 1e-6:
        raise refuse(where, value, "at most 0")


def maybe(check: Check) -> Check:
    """The same, or null."""

    def checked(value: Any, where: str) -> None:
        if value is not None:
            check(value, where)

    return checked


def one_of(*accepted: Any) -> Check:
    """One of some values."""

    def checked(value: Any, where: str) -> None:
        if not isinstance(value, str | None) or value not in accepted:
            raise refuse(where, value, ", ".join(map(str, accepted)))

    return checked


def many(check: Check, *, length: int | None = None) -> Check:
    """A list, of `length` where that is given."""

    def checked(value: Any, where: str) -> None:
        if not isinstance(value, list) or len(value) > MOST_ITEMS or length not in (None, len(value)):
            raise refuse(where, value, "a list" if length is None else f"a list of {length}")
        for place, item in enumerate(value):
            check(item, f"{where}[{place}]")

    return checked


def row(*checks: Check) -> Check:
    """A list whose items are each of their own kind."""

    def checked(value: Any, where: str) -> None:
        if not isinstance(value, list) or len(value) != len(checks):
            raise refuse(where, value, f"a list of {len(checks)}")
        for place, (check, item) in enumerate(zip(checks, value, strict=True)):
            check(item, f"{where}[{place}]")

    return checked


def members(checks: Mapping[str, Check], *, optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these members; others may stand beside them."""

    def checked(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise refuse(where, value, "an object")
        for name, check in checks.items():
            if name not in value:
                raise RunError(f"result.json: {where}.{name} is missing: not a study of this version")
            check(value[name], f"{where}.{name}")
        for name, check in (optional or {}).items():
            if name in value:
                check(value[name], f"{where}.{name}")

    return checked


def table(check: Check) -> Check:
    """An object whose members are all of one kind."""

    def checked(value: Any, where: str) -> None:
        if not isinstance(value, dict) or len(value) > MOST_ITEMS:
            raise refuse(where, value, "an object")
        for name, item in value.items():
            check(item, f"{where}.{name[:60]}")

    return checked


IDENTITY: Final = members({"name": text, "digest": text, "driver": text, "address": text})
SELF_TEST: Final = members(
    {"checks": many(members({"name": text, "seen": text}))},
    optional={"noise": maybe(number), "tolerance": number, "compared": count, "untested": many(text)},
)
RUN: Final = members(
    {
        "counted": members(dict.fromkeys(("asked", "answered", "again", "refused", "failures"), count)),
        "log": members({"lines": count, "head": text}),
    }
)
