"""JSON of unknown origin: parsed only where what it becomes in memory is bounded."""

from __future__ import annotations

from typing import Any, Final

import orjson

from countermark.errors import InputError

MOST_VALUES: Final = 5_000_000
"""A value costs up to some hundred bytes once it is parsed; the largest tokeniser known has two million."""


def parsed(data: bytes, where: str) -> Any:
    """What JSON says. Raises InputError where it is damaged or would be too large."""
    if sum(map(data.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise InputError(f"{where}: JSON of more than {MOST_VALUES:,} values; no tokeniser has as many")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InputError(f"{where}: damaged JSON: {error}") from error


def mapping(value: object, where: str, what: str) -> dict[str, Any]:
    """A JSON object. Raises InputError where it is something else."""
    if not isinstance(value, dict):
        raise InputError(f"{where}: {what} is {described(value)} where an object is expected")
    return value


def listed(value: object, where: str, what: str) -> list[Any]:
    """A JSON array. Raises InputError where it is something else."""
    if not isinstance(value, list):
        raise InputError(f"{where}: {what} is {described(value)} where an array is expected")
    return value


def described(value: object) -> str:
    """A value for an error: a string or a number as it is, in short; of anything else what it is."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return repr(value[:40] if isinstance(value, str) else value)
    said: dict[object, str] = {dict: "an object", list: "an array", bool: "true or false"}
    return said.get(type(value), "missing")
