"""Claims on runs of pictures: found, told and never claimed; lists and letters that speak of pictures."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from claims.catalogued import found, request, rule, work
from countermark.claims.claim import write_claim
from countermark.claims.found import step_found
from countermark.claims.letters.compose import Kind, compose
from countermark.claims.letters.facts import read_facts
from countermark.claims.run_findings import read_findings
from countermark.claims.words import LANGUAGES
from countermark.evidence.summary import conclude
from evidence.gallery_run import gallery_run
from evidence.synthetic import SyntheticRun

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from countermark.claims.case import RunFinding
    from countermark.claims.run_findings import Joined
    from countermark.works.entry import CatalogWork

COPY = {"least": "copy"}


def of_picture(status: str = "found", **facts: Any) -> RunFinding:
    """What a run of pictures says of a work."""
    grades = {"found": {"copy": 2, "identical": 1, "shared": 3}, "shared-only": {"shared": 2}}
    said: dict[str, Any] = {
        "grades": grades.get(status, {}),
        "medium": "image",
        "run": "pictures",
        "share": 0.5,
    }
    return found(status, **(said | facts))


@pytest.fixture
def works() -> Callable[[], list[CatalogWork]]:
    """The works of the gallery's catalogue."""
    made = [work(name) for name in ("absent", "ferry", "frame", "open", "tower")]
    return lambda: made


@pytest.fixture
def joined(tmp_path: Path, works: Callable[[], list[CatalogWork]]) -> Joined:
    """A run of pictures and a run of texts for the same works."""
    pictures, texts = gallery_run(tmp_path / "pictures", controls=6), tmp_path / "texts"
    made = SyntheticRun(corpus="crawl-2025")
    made.work("ferry", 10_000)
    made.work("tower", 10_000)
    made.find("ferry", 0, 2_000, row=1)
    made.write(texts)
    for run in (pictures, texts):
        conclude(run)
    return read_findings([pictures, texts], works)


def test_each_work_has_what_each_run_says_of_it(joined: Joined) -> None:
    """Status, share of the picture, pictures that show it; the medium where it is not text."""
    ferry = {one.run: one for one in joined.of("ferry")}
    assert (ferry["pictures"].medium, ferry["texts"].medium) == ("image", "text")
    assert (ferry["pictures"].status, ferry["pictures"].share, ferry["pictures"].rows) == ("found", 1.0, 3)
    assert ferry["pictures"].longest_run == 0
    assert ferry["texts"].longest_run > 0
    assert "medium" not in ferry["texts"].as_json()
    assert [run.get("medium") for run in joined.runs] == ["image", None]
    (frame,) = joined.of("frame")
    assert (frame.status, dict(frame.grades)) == ("shared-only", {"shared": 1})


def test_a_shared_element_is_never_found_and_the_step_says_why() -> None:
    """Under no rule, in neither language; nor a sketch that agrees."""
    for least in ("identical", "copy", "identifier"):
        for status in ("shared-only", "sketch-only"):
            step = step_found((of_picture(status),), {"least": least})
            assert (step.passed, step.reason) == (False, status)
    for say in LANGUAGES.values():
        assert say.say("reason.shared-only")
        assert say.say("reason.sketch-only")


def test_a_picture_counts_as_found() -> None:
    """By its own words; as identical only where it is."""
    step = step_found((of_picture(),), COPY)
    assert (step.passed, step.reason) == (True, "found-as-picture")
    cut = of_picture(grades={"copy": 1})
    assert step_found((cut,), {"least": "identical"}).reason == "copy-only"
    text = found()
    assert step_found((of_picture("shared-only"), text), COPY).reason == "found-as-text"


def test_listed_pictures_are_told_apart_from_listed_texts() -> None:
    """A listing shows no copy, and a short hash no name."""
    listed = of_picture("identifier", grades={"identifier": 1})
    assert step_found((listed,), COPY).saves == {"key": "scan-the-pictures"}
    assert step_found((of_picture("name"),), COPY).reason == "hash-only"


def test_the_works_list_speaks_of_pictures(
    tmp_path: Path, joined: Joined, works: Callable[[], list[CatalogWork]]
) -> None:
    """Share, pictures that show it, no longest run; the shared element told and counted by itself."""
    asked = request(works(), {}, rule("us-504"))
    asked.joined.runs[:] = joined.runs
    asked.joined._by_work.update(joined._by_work)
    claim = write_claim(asked, tmp_path / "claim")
    with (tmp_path / "claim/works-list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["Work"]: row for row in csv.DictReader(file)}
    ferry, tower, frame = rows["ferry"], rows["tower"], rows["frame"]
    assert "(picture found)" in ferry["Found in"]
    assert "(text found)" in ferry["Found in"]
    assert ferry["Pictures that show it"] == "3"
    assert int(ferry["Longest run (letters; of texts)"]) > 0
    assert tower["Longest run (letters; of texts)"] == ""
    assert tower["Best grade"] == "the picture or a part of it"
    assert (frame["Best grade"], frame["Pictures that show it"]) == ("shared element only", "")
    assert frame["Findings (without shared elements and sketches)"] == ""
    assert (
        "never claimed"
        in frame["Claimable: United States: statutory damages per work (17 USC 504(c), 411, 412)"]
    )
    book = openpyxl.load_workbook(tmp_path / "claim/works-list.xlsx", read_only=True)
    totals = [list(row) for row in book["Totals"].iter_rows(values_only=True)]
    column = totals[0].index("Works with a shared element or a sketch only")
    seen = totals[0].index("Works seen in it")
    whole = next(row for row in totals if row[0] == "All data sets, each work once")
    assert (whole[column], whole[seen]) == (1, 3)
    french = (tmp_path / "claim/works-list.fr.csv").read_text(encoding="utf-8-sig")
    assert "image trouvée" in french
    assert "élément partagé seulement" in french
    assert (tmp_path / "claim/works-list.en.pdf").read_bytes().startswith(b"%PDF-")
    steps = claim.facts["rules"][0]["funnel"]["steps"][0]
    assert steps["reasons"]["shared-only"] == 1


def test_a_list_of_texts_is_as_it_was(tmp_path: Path) -> None:
    """No column of pictures, no head that speaks of them."""
    write_claim(request([work()], {"w1": found()}, rule("us-504")), tmp_path / "claim")
    head = (tmp_path / "claim/works-list.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert "Longest run (letters)," in head
    assert "icture" not in head


@pytest.mark.parametrize(("language", "words"), [("en", "the same picture"), ("fr", "la même image")])
def test_a_letter_speaks_of_pictures(tmp_path: Path, language: str, words: str) -> None:
    """Of what was found; a shared element is the ground of no letter."""
    claim = tmp_path / "claim"
    works = [work("w1"), work("w2")]
    write_claim(request(works, {"w1": of_picture(), "w2": of_picture("shared-only")}, rule("eu-cdsm")), claim)
    facts = read_facts(claim, date="2026-11-23")
    assert [one.found[0][2] for one in facts.works] == ["identical.image"]
    letter = compose(Kind.REMOVAL_REQUEST, facts, language)
    assert words in letter.text
    assert "w2" not in letter.text
    assert json.loads((claim / "works.jsonl").read_bytes().splitlines()[0])["found"][0]["medium"] == "image"


def test_a_sketch_is_no_identifier(tmp_path: Path, works: Callable[[], list[CatalogWork]]) -> None:
    """What a scan of sketches grades so counts under no rule, and grounds no letter."""
    import evidence.gallery_run as drawn

    made = drawn.PictureRun(corpus="sketched")
    made.painted("ferry", drawn.painting(1))
    made.seen(
        "ferry", drawn.painting(1), (0, 0, 900, 640), drawn.whole((900, 640)), grade="identifier", asset_box=None,
        record_outline=None, record_box=None, share_of_work=0.0, matched=0,
    )  # fmt: skip
    run = made.write(tmp_path / "sketched")
    conclude(run)
    (ferry,) = read_findings([run], works).of("ferry")
    assert (ferry.status, dict(ferry.grades)) == ("sketch-only", {"sketch": 1})
    assert not step_found((ferry,), {"least": "identifier"}).passed
