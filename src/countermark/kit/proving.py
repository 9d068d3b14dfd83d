"""The kit's self-test: passages planted in real text must be found in the room as they were when the kit was built.

Works and hosts are Python's own documentation, which lies in every kit, so nothing of anybody's works is needed. The
outcome depends on nothing else, so it must be the same on every machine: the digest says that it is, span by span.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import RunError
from countermark.scan.receipt import json_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.selftest.planting import Field
    from countermark.works.work import WorkFile

_WORKS, _HOSTS, _EACH, _SEED = 6, 40, 1, 1
_LEAST_CHARACTERS: Final = 6000


def prove() -> dict[str, Any]:
    """Plant, search and count; return the counts and the digest of everything that was found, and where."""
    from countermark.selftest.trial import run  # noqa: PLC0415

    files, field = _planted()
    result = run(files, field)
    found = result.recall()
    told = {
        "planted": found.of,
        "found": found.found,
        "covered_characters": result.covered_chars,
        "planted_characters": result.planted_chars,
        "texts": result.records,
        "texts_with_more": result.records_with_alarm,  # the documentation repeats sentences of its own
    }
    each = {"found": result.found, "alarms": [list(alarm) for alarm in result.alarms]}
    return {**told, "sha256": hashlib.sha256(json_bytes({**told, **each})).hexdigest()}


def require_same(expected: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Raise RunError where the self-test did not come out as it did when the kit was built."""
    if dict(expected) != dict(seen):
        raise RunError(
            f"the self-test found {seen.get('found')} of {seen.get('planted')} planted passages and covered "
            f"{seen.get('covered_characters')} of their characters, where the kit was built it found "
            f"{expected.get('found')} and {expected.get('covered_characters')}: this machine does not compute as that "
            "one did. Nothing was scanned; copy the kit again, or take another machine"
        )


def _planted() -> tuple[list[WorkFile], Field]:
    from pydoc_data import topics  # noqa: PLC0415

    from countermark.selftest.hosts import Host, pieces  # noqa: PLC0415
    from countermark.selftest.planting import plant  # noqa: PLC0415

    texts = sorted(topics.topics.items())
    long = [(name, text) for name, text in texts if len(text) >= _LEAST_CHARACTERS][:_WORKS]
    names = {name for name, _ in long}
    hosts: list[Host] = []
    for name, text in texts:
        if name not in names:
            hosts += list(pieces(name, text))[:1]
    files = [_work(name, text) for name, text in long]
    return files, plant(files, hosts[:_HOSTS], _EACH, _SEED)


def _work(name: str, text: str) -> WorkFile:
    from countermark.media import Asset, Medium  # noqa: PLC0415
    from countermark.works.work import Work, WorkFile  # noqa: PLC0415

    digest = hashlib.sha256(text.encode()).hexdigest()
    return WorkFile(Work(name, name), Asset(name, name, Medium.TEXT, digest, text))
