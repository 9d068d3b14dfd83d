"""The page on security names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[2]
PAGE = TESTS.parent / "docs" / "explanation" / "security.md"


def test_every_test_that_the_page_names_is_there() -> None:
    """Each row of the table ends with `file::test`, and that file has that test."""
    text = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*) \| .*\| `([^`]+)` \|$", text, re.MULTILINE)
    assert len(rows) > 70
    for item, named in rows:
        file, _, test = named.partition("::")
        source = TESTS / file
        assert source.is_file(), f"{item}: {named}"
        assert f"def {test}(" in source.read_text(encoding="utf-8"), f"{item}: {named}"


def test_items_stand_in_order() -> None:
    """By number, so that a reader finds them."""
    text = PAGE.read_text(encoding="utf-8").partition("## OWASP")[2].partition("## Left")[0]
    items = [tuple(map(int, found)) for found in re.findall(r"^\| (\d+)\.(\d+)\.(\d+)", text, re.MULTILINE)]
    assert items == sorted(items)
