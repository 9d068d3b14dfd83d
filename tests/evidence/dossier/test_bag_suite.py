"""The conformance suite of the Library of Congress: every bag is judged right, on every system."""

from __future__ import annotations

from pathlib import Path

import pytest

from countermark.evidence.dossier.bag_read import check_bag

SUITE = Path(__file__).parents[3] / "../shared/conformance/bagit"
BAGS = sorted(path for path in SUITE.glob("v*/*/*") if path.is_dir())
INNER = SUITE / "v0.97/valid/bag-in-a-bag/data/bag"
ACCEPTED = {"valid", "warning"}
WARNED = {
    "duplicate-file-with-different-case": "same-name",
    "made-with-md5sum-tools": "md5sum",
    "relative-path": "dot-slash",
    "same-filename-listed-twice-with-different-normalization": "same-name",
    "same-filename-listed-twice-with-the-same-hash": "listed-twice",
    "special-system-files": "system-file",
}

pytestmark = pytest.mark.skipif(not BAGS, reason="the BagIt conformance suite is not there")


def short(path: Path) -> str:
    """Name a bag as the suite does."""
    return path.relative_to(SUITE).as_posix()


@pytest.mark.parametrize("bag", [*BAGS, INNER], ids=short)
def test_each_bag_is_judged_right(bag: Path) -> None:
    """Valid ones are accepted, and those of the kind warning with the warning; all others are refused with a reason."""
    check = check_bag(bag)
    kind = short(bag).split("/")[1]
    assert check.valid == (kind in ACCEPTED), check.problems
    if kind == "warning":
        assert WARNED[bag.name] in {warning.code for warning in check.warnings}
    if "out-of-scope" in bag.name:
        assert "escapes" in {problem.code for problem in check.problems}


def test_the_suite_is_whole() -> None:
    """There are 47 bags: 46, one of which holds another."""
    assert len([*BAGS, INNER]) == 47
