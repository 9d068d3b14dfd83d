"""A claim folder read again: what claim.json says, and the works of works.jsonl one by one, in bounded memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import orjson

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FORMAT: Final = "countermark.claim/1"
WORKS: Final = "works.jsonl"
_LONGEST_LINE: Final = 64 << 20  # bytes


def read_claim(folder: Path) -> dict[str, Any]:
    """What claim.json of a claim folder says; raises InputError where it is not there or no claim."""
    path = folder / "claim.json"
    try:
        claim = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); a claim folder is accepted") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is no JSON ({error})") from None
    if (
        not isinstance(claim, dict)
        or claim.get("format") != FORMAT
        or not isinstance(claim.get("rules"), list)
    ):
        raise InputError(f"{path}: is no claim; {FORMAT} is accepted")
    return claim


def placed_works(folder: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each work with the byte at which its line begins. Raises InputError, naming the line."""
    path = folder / WORKS
    try:
        with path.open("rb") as file:
            number = at = 0
            while data := file.readline(_LONGEST_LINE):
                number += 1
                yield at, _work(data, f"{path}, line {number}")
                at += len(data)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None


def works_at(folder: Path, places: Iterable[int]) -> Iterator[dict[str, Any]]:
    """The works whose lines begin at these bytes, in this order. Raises InputError, naming the byte."""
    path = folder / WORKS
    try:
        with path.open("rb") as file:
            for at in places:
                file.seek(at)
                yield _work(file.readline(_LONGEST_LINE), f"{path}, byte {at}")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None


def _work(data: bytes, where: str) -> dict[str, Any]:
    try:
        line = _loaded(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: is no JSON ({error}); the file may be cut off") from None
    if not isinstance(line, dict) or "work_id" not in line:
        raise InputError(f"{where}: has no work_id; one work a line is accepted")
    return line


def _loaded(data: bytes) -> Any:  # a JSON value
    try:
        return orjson.loads(data)
    except ValueError:  # half a surrogate pair, which json takes; or no JSON at all
        return json.loads(data)
