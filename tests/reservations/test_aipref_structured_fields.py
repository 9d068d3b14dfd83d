"""The structured fields library under AIPREF, against the suite of the HTTP working group (RFC 9651)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import http_sf
import pytest

FOLDER = Path(__file__).parents[2] / ".." / "shared" / "conformance/structured_fields"
KNOWN_FAILURES: list[str] = []
"""Cases that http-sf 1.5.0 gets wrong, by name; this test fails when the list changes."""

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the suite is not in this checkout")


def _plain(value: Any) -> Any:
    """A value without what is not told apart: tuples and lists, an item without parameters."""
    if isinstance(value, dict):
        return [[name, _plain(member)] for name, member in value.items()]
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    return (type(value).__name__, str(value))


def _parses(case: dict[str, Any]) -> bool:
    try:
        got = http_sf.parse(", ".join(case["raw"]).encode(), tltype=case["header_type"])
    except ValueError:
        return bool(case.get("must_fail") or case.get("can_fail"))
    return not case.get("must_fail") and bool(_plain(got) == _plain(case["expected"]))


def _serialises(case: dict[str, Any]) -> bool:
    try:
        got = http_sf.ser(case["expected"])
    except ValueError:
        return bool(case.get("must_fail")) or case["expected"] in ([], {})
    return not case.get("must_fail") and got == ", ".join(case.get("canonical", case.get("raw", [])))


def test_all_cases() -> None:
    """All 1,488 cases; the failures are those that are known."""
    count = 0
    failures = []
    for path in sorted(FOLDER.glob("[!.]*.json")):
        for case in http_sf.from_json(path.read_text(encoding="utf-8")):
            count += 1
            only = path.name.startswith("serialisation")
            if not (_serialises(case) if only else _parses(case)):
                failures.append(f"{path.stem}: {case['name']}")
    assert count == 1488
    assert failures == KNOWN_FAILURES
