"""Dossiers of found recordings: both excerpts in the items, withheld wholly, reported, and compared again."""

from __future__ import annotations

import csv
import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from countermark.audio.decode import open_sound
from countermark.audio.source import SoundSource
from countermark.errors import DossierError
from countermark.evidence.dossier.bag import finish_bag
from countermark.evidence.dossier.redact import Withhold, redact
from countermark.evidence.dossier.replay.recording import alignment, compare_excerpts
from countermark.evidence.dossier.replay.sealed import read_sealed
from countermark.evidence.dossier.replay.steps import Held
from countermark.evidence.dossier.report.compose import LANGUAGES, Subject, report_pdf
from countermark.evidence.dossier.report.heard import heard_chapter
from countermark.evidence.dossier.report.plates import sounds_pdf
from countermark.evidence.dossier.verify import verify_dossier
from countermark.evidence.dossier.verify_text import commands_in
from countermark.evidence.listening.selection import select_recordings
from evidence.dossier.dossier_samples import DATE, files_in, shell
from evidence.dossier.picture_samples import item_of
from evidence.dossier.recording_samples import MIX, made_mix, made_songs, sealed_recordings

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-21"


def rows_of(item: Path) -> list[dict[str, str]]:
    with (item / "findings.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed dossier of a run with one of everything."""
    folder = tmp_path_factory.mktemp("songs")
    done = sealed_recordings(folder, made_songs(folder))
    assert done.facts["items"]["recordings"] == 8
    assert "pictures" not in done.facts["items"]
    return done.path


def test_an_item_holds_both_excerpts_and_the_numbers(songs: Path) -> None:
    """The record's as the run kept it, the work's cut to the same passage; digests, times and parts in the item."""
    item = item_of(songs, "ferry")
    said = [json.loads(path.read_bytes()) for path in sorted(item.glob("recording-*.json"))]
    assert [one["grade"] for one in said] == ["identical", "copy"]
    altered = said[1]
    for side, seconds in (("record", 15.0), ("work", 15.0 * 1.052)):
        data = (item / altered[side]["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == altered[side]["sha256"]
        with open_sound(SoundSource(data=data)) as sound:
            assert sound.format == "flac"
            assert sum(map(len, sound.blocks())) / 16_000 == pytest.approx(seconds, abs=0.1)
    assert (altered["record"]["excerpt_start"], altered["work"]["excerpt_start"]) == (30_000, 8_000)
    row = next(row for row in rows_of(item) if row["grade"] == "copy")
    assert row["matched_parts"] == "30000 45000 8000 23780 61000 70000 25000 34468"
    assert row["passage"] == "recording-002.json"
    assert json.loads((item / "work.json").read_bytes())["recordings"] == {"left_out": 0, "shown": 2}


def test_what_the_run_does_not_keep_is_said_to_be_absent(songs: Path) -> None:
    """A finding without an excerpt has its numbers, no files, and no list of any."""
    item = item_of(songs, "tower")
    said = json.loads((item / "recording-001.json").read_bytes())
    assert (said["record"]["file"], said["work"]["file"], said["record"]["excerpt_start"]) == (
        None,
        None,
        None,
    )
    assert said["matched_parts"] == [2_000, 12_000, 3_000, 13_595]
    assert not list(item.glob("recording-001.*[!n]"))


def test_it_verifies_by_us_and_by_its_own_commands(songs: Path) -> None:
    """Everything is committed to."""
    assert verify_dossier(songs).problems == []
    for command in commands_in((songs / "data/VERIFY.txt").read_text(encoding="utf-8")):
        assert shell(command, songs).returncode == 0, command


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    """Sounds too."""
    run = made_mix(tmp_path)
    one, two = (sealed_recordings(tmp_path, run, name=name) for name in ("one", "two"))
    assert files_in(one.path) == files_in(two.path)


def test_a_changed_sound_is_noticed(tmp_path: Path) -> None:
    """Though the seal does not commit to it by itself."""
    done = sealed_recordings(tmp_path, made_mix(tmp_path))
    sound = item_of(done.path, "left-1901") / "recording-001.work.flac"
    sound.write_bytes(sound.read_bytes() + b"\n")
    finish_bag(done.path, DATE)
    assert any(problem.path.endswith(sound.name) for problem in verify_dossier(done.path).problems)


def test_a_withheld_work_leaves_no_sound(tmp_path: Path) -> None:
    """Nor the mix in which it is heard beside another; the other's numbers stay, and what remains verifies."""
    done = sealed_recordings(tmp_path, made_mix(tmp_path))
    secret, copy = item_of(done.path, "left-1901"), tmp_path / "copy"
    sounds = {path.read_bytes() for path in secret.iterdir() if path.suffix in (".flac", ".salt")}
    redact(done.path, copy, Withhold(works=frozenset({"left-1901"})), "unpublished", DAY)
    left = files_in(copy)
    assert sounds.isdisjoint(left.values())
    assert not any(b"Delorme" in data for data in left.values())
    kept = item_of(copy, "right-1902")
    said = [json.loads(path.read_bytes()) for path in kept.glob("recording-*.json")]
    assert [one["record"]["id"] == MIX for one in said] == [False]
    assert len(rows_of(kept)) == 2
    assert verify_dossier(copy).holds


def test_a_withheld_recording_keeps_its_numbers_and_commitment(tmp_path: Path) -> None:
    """Sound and list are gone; the row of the finding and the digest of the list stay."""
    done = sealed_recordings(tmp_path, made_mix(tmp_path))
    item = item_of(done.path, "right-1902")
    redact(done.path, tmp_path / "copy", Withhold(passages=frozenset({(item.name, 1)})), "private", DAY)
    kept = tmp_path / "copy/data/items" / item.name
    assert not list(kept.glob("*.flac"))
    assert len(rows_of(kept)) == 2
    committed = (tmp_path / "copy/seal/commitments.sha256").read_text(encoding="utf-8")
    assert f"{item.name}/recording-001.sha256" in committed


def test_a_voiceprint_is_never_sealed(tmp_path: Path) -> None:
    """Not from a run folder, not from a claim, not as a file beside the reports."""
    run = made_mix(tmp_path)
    stray = run / "private" / "ada.voiceprint"
    stray.parent.mkdir()
    stray.write_text("{}")
    with pytest.raises(DossierError, match=r"ada\.voiceprint: a voiceprint is never part of a dossier"):
        sealed_recordings(tmp_path, run)
    stray.unlink()
    renamed = tmp_path / "note.txt"
    renamed.write_text('{"countermark": "voiceprint", "version": 1}')
    with pytest.raises(DossierError, match=r"note\.txt: a voiceprint is never"):
        sealed_recordings(tmp_path, run, reservations=(renamed,))
    with pytest.raises(DossierError, match="a voiceprint is never"):
        sealed_recordings(tmp_path, run, reports={"letters/ada.voiceprint": b"{}"})


def finding_of(bag: Path, work: str, grade: str) -> str:
    return next(row["finding_id"] for row in rows_of(item_of(bag, work)) if row["grade"] == grade)


@pytest.mark.slow
def test_both_excerpts_are_compared_again(songs: Path) -> None:
    """Identical, and with pitch and tempo changed and noise: along the sealed alignment the sounds agree."""
    for grade in ("identical", "copy"):
        sealed = read_sealed(songs, finding_of(songs, "ferry", grade))
        sealed.row["agreement"] = "0.5"  # a run of drawn findings states what was never measured
        step = compare_excerpts(sealed)
        assert step.held is Held.YES, step.said
        sealed.row["agreement"] = "1.0"
        assert compare_excerpts(sealed).held is Held.NO
    sealed = read_sealed(songs, finding_of(songs, "ferry", "copy"))
    sealed.row["matched_parts"] = "30000 45000 16000 31780"
    assert compare_excerpts(sealed).held is Held.NO


def test_what_cannot_be_compared_is_skipped(songs: Path) -> None:
    """A hint, and a finding whose excerpts were withheld."""
    for work, grade, said in (("song", "resembles", "hint"), ("tower", "copy", "does not hold the sound")):
        step = compare_excerpts(read_sealed(songs, finding_of(songs, work, grade)))
        assert (step.held, said in step.said) == (Held.SKIPPED, True)


@pytest.mark.parametrize(
    "changed", [{"matched_parts": "1 2 3"}, {"tempo": "nan"}, {"tempo": "0"}, {"agreement": ""}]
)
def test_strange_numbers_lead_to_no_alignment(songs: Path, changed: dict[str, str]) -> None:
    """A stranger's bag may say anything."""
    sealed = read_sealed(songs, finding_of(songs, "ferry", "identical"))
    sealed.row.update(changed)
    assert alignment(sealed) is None


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_and_the_plates_speak_of_recordings(tmp_path: Path, language: str) -> None:
    """What is true of recordings; pairs of spectrograms for those whose sound is kept; the same bytes twice."""
    run = made_songs(tmp_path)
    subject = Subject(runs=(run,), attempts=tmp_path / "attempts.jsonl", date=DATE)
    report = report_pdf(subject, language)
    assert report.startswith(b"%PDF-")
    say = LANGUAGES[language]
    chapter = json.dumps(heard_chapter([select_recordings(run)], say), ensure_ascii=False)
    assert say.say("recordings.hints", n=1) in chapter or say.say("recordings.hints", n=2) in chapter
    assert "La Maison du passeur" in chapter
    plates = sounds_pdf(subject, language)
    assert plates.startswith(b"%PDF-")
    assert plates == sounds_pdf(subject, language)
