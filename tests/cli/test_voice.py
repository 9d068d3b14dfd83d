"""`countermark voice`: consent, controls, the words it may say, and erasing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countermark.cli.voice import command
from countermark.cli.voice_options import spoken
from countermark.errors import InputError
from countermark.voices.words import ENGLISH, FRENCH
from voices.voice_weights import checkpoint, small_weights, voice, write_wav


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Small weights, a voice, a track of it, and twenty-one others."""
    (tmp_path / "w.pt").write_bytes(checkpoint(small_weights(bands=40, width=8, size=16)))
    write_wav(tmp_path / "mine" / "a.wav", voice(150, 30, 1))
    write_wav(tmp_path / "tracks" / "t.wav", voice(150, 9, 2))
    for number in range(21):
        write_wav(tmp_path / "others" / f"{number:02d}.wav", voice(200 + 17 * number, 9, 10 + number))
    (tmp_path / "others" / "notes.txt").write_text("who sang when")
    return tmp_path


def run(*words: str | Path) -> Result:
    """Call `voice` in English."""
    return CliRunner().invoke(command, [str(word) for word in words], env={"LC_ALL": "C"})


def enrolled(place: Path) -> Path:
    """Make a voiceprint."""
    out = place / "private" / "ada.voiceprint"
    done = run("enrol", place / "mine", "--weights", place / "w.pt", "--name", "Ada", "--consent", "I agree",
               "--out", out)  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "not those that were measured" in done.output
    assert "the voice of Ada" in done.output
    return out


def test_the_way_of_a_voiceprint(place: Path) -> None:
    """Enrol, show, compare, erase; the track is told beside its controls, and nothing is written."""
    out = enrolled(place)
    assert "I agree" in run("show", out).output
    before = sorted(place.rglob("*"))
    words = ("compare", out, place / "tracks", "--weights", place / "w.pt", "--controls", place / "others")
    told = run(*words)
    assert told.exit_code == 0, told.output
    assert "21 control recordings" in told.output
    assert "Left out: notes.txt" in told.output
    assert "it is no identification and no finding" in told.output
    facts = json.loads(CliRunner().invoke(command, [*map(str, words), "--json"]).stdout)
    assert facts["tracks"][0]["controls"] == 21
    assert sorted(place.rglob("*")) == before
    assert run("erase", out).exit_code == 1
    assert out.exists()
    gone = run("erase", out, "--yes")
    assert "Not reached: copies, backups" in gone.output
    assert not out.exists()


def test_without_consent_nothing_is_made(place: Path) -> None:
    """The refusal says why, and comes before anything is read."""
    out = place / "ada.voiceprint"
    done = run("enrol", place / "none", "--weights", place / "none", "--name", "Ada", "--out", out)
    assert done.exit_code == InputError.exit_code
    assert "only with the consent of the person" in done.output
    assert not out.exists()


def test_few_controls_and_other_weights_are_refused(place: Path) -> None:
    """Nineteen controls say nothing, and points of other weights cannot be compared."""
    out = enrolled(place)
    for path in (place / "others").glob("0[0-2].wav"):
        path.unlink()
    words = ("compare", out, place / "tracks", "--controls", place / "others", "--weights")
    few = run(*words, place / "w.pt")
    assert (few.exit_code, "18 recordings of other voices" in few.output) == (2, True)
    (place / "v.pt").write_bytes(checkpoint(small_weights(bands=40, width=8, size=16, seed=4)))
    assert "enrol the voice again" in run(*words, place / "v.pt").output


def test_both_languages_say_the_same_things_and_nothing_stronger() -> None:
    """The same keys; “may be worth listening to” and « mérite peut-être une écoute »; French with its typography."""
    assert ENGLISH.keys() == FRENCH.keys()
    assert "may be worth listening to" in ENGLISH["worth"]
    assert "mérite peut-être une écoute" in FRENCH["worth"]
    assert all(" :" not in text and " ;" not in text and "'" not in text for text in FRENCH.values())
    assert spoken("fr").say("controls", n=21, best="0,9", median="0,8").startswith("21\u00a0enregistrements")
