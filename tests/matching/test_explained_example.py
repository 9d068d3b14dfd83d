"""The worked example of docs/explanation/matching.md: its figures are what the engine gives."""

from __future__ import annotations

import re
from pathlib import Path

from countermark.fingerprint.folding import fold
from countermark.index import open_index
from countermark.index.build import build_index
from countermark.matching.matcher import LEAST_BITS, Matcher
from written_works import batch_of, work_file

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "matching.md"
WORK = (
    "The ferryman counted the lamps along the far bank each evening, and wrote their number in a ledger that nobody "
    "had asked him to keep. When the river rose he counted twice."
)
RECORD = (
    "Quoted: “THE FERRYMAN coun-\nted the larnps along the far bank each evening, and wrote down their "
    "num&shy;ber in a ledger that nobody had asked him to keep.”"
)
SALT = b"sixteen bytes of salt, or more"


def said() -> list[str]:
    """The right column of the example's table."""
    table = (
        PAGE.read_text(encoding="utf-8").split("<!-- example:begin -->")[1].split("<!-- example:end -->")[0]
    )
    return re.findall(r"^\| [^|]+ \| ([^|]+) \|$", table, flags=re.MULTILINE)


def test_the_example_says_what_the_engine_does(tmp_path: Path) -> None:
    """Every figure of the table is measured here."""
    build_index([work_file("ferry", WORK)], tmp_path / "full")
    build_index([work_file("ferry", WORK)], tmp_path / "sealed", sealed=True, salt=SALT)
    full = open_index(tmp_path / "full")
    matcher = Matcher(full)
    (match,) = matcher.match(batch_of([RECORD]))
    (sealed,) = Matcher(open_index(tmp_path / "sealed", SALT), least=0.0).match(batch_of([RECORD]))
    assert Matcher(open_index(tmp_path / "sealed", SALT)).match(batch_of([RECORD])) == []
    assert sealed.bits < LEAST_BITS <= match.bits
    assert said() == [
        f"{len(fold(WORK).letters)}, {len(fold(RECORD).letters)}",
        f"{full.manifest.fingerprints}",
        f"{matcher.statistics['windows']}",
        f"{matcher.statistics['hits']}",
        f"{matcher.statistics['kept']}",
        f"{match.matched}, {match.edits}, {match.longest_run}",
        f"{match.asset_span.start} to {match.asset_span.end}",
        f"{match.record_span.start} to {match.record_span.end}",
        f"{match.bits}",
        f"{sealed.matched}, {sealed.bits}",
    ]


def test_the_example_is_the_one_of_the_page() -> None:
    """The sentences that are measured are those that the page shows."""
    page = PAGE.read_text(encoding="utf-8")
    assert WORK in " ".join(page.replace("\n> ", " ").split())
    assert f"```\n{RECORD}\n```" in page
