"""Claims on runs of recordings: found, told and never claimed; lists and letters that speak of recordings."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from claims.catalogued import found, request, rule, work
from countermark.claims.claim import write_claim
from countermark.claims.found import step_found
from countermark.claims.letters.compose import Kind, compose
from countermark.claims.letters.facts import read_facts
from countermark.claims.run_findings import read_findings
from countermark.claims.words import LANGUAGES
from countermark.evidence.listening.conclusion import recordings_summary
from evidence.listening_run import listening_run

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.claims.case import RunFinding
    from countermark.claims.run_findings import Joined
    from countermark.works.entry import CatalogWork

COPY = {"least": "copy"}


def heard(status: str = "found", **facts: Any) -> RunFinding:
    """What a run of recordings says of a work."""
    grades = {
        "found": {"copy": 2, "identical": 1, "resembles": 4},
        "shared-only": {"shared": 2},
        "resembles-only": {"resembles": 3},
    }
    said: dict[str, Any] = {"grades": grades.get(status, {}), "medium": "audio", "run": "songs", "share": 0.5}
    return found(status, **(said | facts))


def works() -> list[CatalogWork]:
    """The works of the run's catalogue."""
    return [work(name) for name in ("absent", "ferry", "loop", "open", "song", "tower")]


@pytest.fixture
def joined(tmp_path: Path) -> Joined:
    """A run of recordings."""
    run = listening_run(tmp_path / "songs", controls=6)
    recordings_summary(run)
    return read_findings([run], works)


def test_each_work_has_what_the_run_says_of_it(joined: Joined) -> None:
    """Status, share of the strongest finding, no run of letters; milliseconds are taken for no letters."""
    (ferry,) = joined.of("ferry")
    assert (ferry.medium, ferry.status, ferry.longest_run, ferry.rows) == ("audio", "found", 0, 2)
    assert ferry.share == pytest.approx(0.5)
    assert dict(ferry.grades) == {"copy": 1, "identical": 1}
    assert [run.get("medium") for run in joined.runs] == ["audio"]
    (loop,), (song,) = joined.of("loop"), joined.of("song")
    assert (loop.status, dict(loop.grades)) == ("shared-only", {"shared": 1})
    assert (song.status, dict(song.grades)) == ("resembles-only", {"resembles": 1})


def test_a_resemblance_or_a_loop_is_never_found_and_the_step_says_why() -> None:
    """Under no rule, in neither language, and neither beside a real finding."""
    for least in ("identical", "copy", "identifier"):
        for status in ("shared-only", "resembles-only"):
            step = step_found((heard(status),), {"least": least})
            assert (step.passed, step.reason) == (False, status)
            assert all(
                say.say(f"reason.{status}") and say.say(f"status.{status}") for say in LANGUAGES.values()
            )
    hint = heard("resembles-only", run="hint")
    assert step_found((hint, heard()), COPY).reason == "found-as-recording"
    assert step_found((hint, found()), COPY).reason == "found-as-text"


def test_a_recording_counts_as_found() -> None:
    """By its own words; as identical only where it is; a listing shows no copy."""
    assert step_found((heard(),), COPY).reason == "found-as-recording"
    assert step_found((heard(grades={"copy": 1}),), {"least": "identical"}).reason == "copy-only"
    listed = heard("identifier-only", grades={"identifier": 1})
    assert step_found((listed,), COPY).saves == {"key": "scan-the-recordings"}


def test_the_works_list_speaks_of_recordings(tmp_path: Path, joined: Joined) -> None:
    """Share, recordings in which it is heard, no longest run; hints and loops told and not counted."""
    asked = request(works(), {}, rule("us-504"))
    asked.joined.runs[:] = joined.runs
    asked.joined._by_work.update(joined._by_work)
    claim = write_claim(asked, tmp_path / "claim")
    with (tmp_path / "claim/works-list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["Work"]: row for row in csv.DictReader(file)}
    ferry, song, loop = rows["ferry"], rows["song"], rows["loop"]
    assert "(recording found)" in ferry["Found in"]
    assert (ferry["Recordings in which it is heard"], ferry["Best grade"]) == ("2", "the same recording")
    assert ferry["Longest run (letters; of texts)"] == ""
    assert (song["Best grade"], song["Recordings in which it is heard"]) == ("a resemblance only: a hint", "")
    assert song["Findings (without shared elements, sketches and resemblances)"] == ""
    assert loop["Best grade"] == "a shared loop or sound only"
    assert "Pictures that show it" not in ferry
    french = (tmp_path / "claim/works-list.fr.csv").read_text(encoding="utf-8-sig")
    assert "enregistrement trouvé" in french
    assert "une ressemblance seulement\u00a0: un indice" in french
    assert (tmp_path / "claim/works-list.en.pdf").read_bytes().startswith(b"%PDF-")
    reasons = claim.facts["rules"][0]["funnel"]["steps"][0]["reasons"]
    assert (reasons["shared-only"], reasons["resembles-only"]) == (1, 1)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "the same recording"), ("fr", "le même enregistrement")]
)
def test_a_letter_speaks_of_recordings(tmp_path: Path, language: str, words: str) -> None:
    """Of what was found; a resemblance is the ground of no letter."""
    claim = tmp_path / "claim"
    said = {"w1": heard(), "w2": heard("resembles-only")}
    write_claim(request([work("w1"), work("w2")], said, rule("eu-cdsm")), claim)
    facts = read_facts(claim, date="2026-11-23")
    assert [one.found[0][2] for one in facts.works] == ["identical.audio"]
    letter = compose(Kind.REMOVAL_REQUEST, facts, language)
    assert words in letter.text
    assert "w2" not in letter.text
