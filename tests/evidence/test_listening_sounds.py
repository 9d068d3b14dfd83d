"""What is heard and seen of a finding: loudness, spectrograms, the peaks that agree, and hostile run folders."""

from __future__ import annotations

import base64
import io
import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.audio.excerpt import excerpt
from countermark.audio.source import SoundSource
from countermark.evidence.listening.agreeing import agreeing
from countermark.evidence.listening.loudness import SILENT, TARGET, amplified, gains, loudness
from countermark.evidence.listening.png import png
from countermark.evidence.listening.selection import select_recordings
from countermark.evidence.listening.sounds import LONGEST, PLAYED, heard
from countermark.evidence.listening.spectrogram import ROWS, drawn, height_of_hertz
from countermark.evidence.listening.strip import WIDTH, strip
from evidence.listening_run import RATE, listening_run, tune

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with one of everything."""
    return listening_run(tmp_path_factory.mktemp("run"))


def finding(run: Path, work: str, grade: str) -> dict[str, Any]:
    """The finding of a work with a grade."""
    listening = select_recordings(run)
    found = [one.finding for shown in listening.works for one in shown.found] + [
        one.finding for one in listening.hints
    ]
    return next(row for row in found if (row["work_id"], row["grade"]) == (work, grade))


def whole(sound: npt.NDArray[np.float32]) -> npt.NDArray[np.int16]:
    """As samples of 16 bits."""
    return np.rint(sound * 32_767).astype(np.int16)


def test_loudness_is_that_of_the_recommendation() -> None:
    """A full-scale sine of 997 Hz has -3.01 LUFS (ITU-R BS.1770-5, for one channel), at any rate; silence has none."""
    for rate in (16_000, 44_100, 48_000):
        time = np.arange(rate * 4) / rate
        sine = np.rint(32_767 * np.sin(2 * np.pi * 997 * time)).astype(np.int16)
        assert loudness(sine, rate) == pytest.approx(-3.01, abs=0.05)
    assert loudness(np.zeros(1_000, np.int16), 48_000) == SILENT
    assert loudness(np.zeros(0, np.int16), 48_000) == SILENT


def test_two_sounds_come_to_one_loudness_without_clipping() -> None:
    """Also where one has a loud click: then both are quieter alike. Silence is not raised."""
    soft = whole(0.05 * tune(1, 4))
    loud = whole(tune(2, 4))
    click = soft.copy()
    click[100] = 32_767
    for pair in ([soft, loud], [click, loud]):
        factors = gains([(sound, RATE) for sound in pair])
        levels = [
            loudness(amplified(sound, factor), RATE) for sound, factor in zip(pair, factors, strict=True)
        ]
        assert levels[0] == pytest.approx(levels[1], abs=0.1)
        assert all(level <= TARGET + 0.1 for level in levels)
        assert max(np.abs(amplified(s, f)).max() for s, f in zip(pair, factors, strict=True)) < 32_767
    assert gains([(np.zeros(10, np.int16), RATE)]) == [1.0]


def test_both_sides_are_heard_at_one_loudness_and_undone(run: Path, tmp_path: Path) -> None:
    """What is decoded of the page: levels within a decibel; undone, the record is as long as the work's part."""
    sound = heard(run, finding(run, "ferry", "copy"), {})
    assert sound.absent == {}
    assert sound.sounds.keys() == {"work", "record", "undone"}
    levels, lengths = {}, {}
    for side, uri in sound.sounds.items():
        path = tmp_path / side
        path.write_bytes(base64.b64decode(uri.removeprefix("data:audio/ogg;base64,")))
        part = excerpt(SoundSource.of_file(path), 0, 0.0, 60.0, rate=PLAYED)
        levels[side], lengths[side] = loudness(part.samples[:, 0], PLAYED), part.seconds
    assert max(levels.values()) - min(levels.values()) < 1.0
    assert lengths["record"] == pytest.approx(15, abs=0.1)
    assert lengths["work"] == pytest.approx(15 * 1.052, abs=0.1)
    assert lengths["undone"] == pytest.approx(lengths["work"], abs=0.1)


def test_peaks_agree_once_pitch_and_tempo_are_undone(run: Path) -> None:
    """Far more than by chance; with another pitch, no more than by chance."""
    sound = heard(run, finding(run, "ferry", "copy"), {})
    work, record = drawn(sound.samples["work"]), drawn(sound.samples["record"])
    right = agreeing(work.peaks, record.peaks, 1.052, 2.0)
    wrong = agreeing(work.peaks, record.peaks, 1.052, -3.3)
    assert right.displaced is not None
    assert len(right.work) > 0.5 * right.total > 6 * right.displaced
    assert len(wrong.work) < 0.2 * wrong.total
    assert len(set(right.record.tolist())) == len(right.record)


def test_a_tone_is_drawn_where_it_sounds() -> None:
    """A line at 1 kHz, dark; the rest as light as paper; the same bytes again."""
    time = np.arange(16_000 * 3) / 16_000
    tone = np.rint(8_000 * np.sin(2 * np.pi * 1_000 * time)).astype(np.int16)
    picture = drawn(tone)
    assert picture.picture == drawn(tone).picture
    at = picture.picture.index(b"IDAT") + 4
    rows = np.frombuffer(zlib.decompress(picture.picture[at:-16]), np.uint8).reshape(ROWS, picture.width + 1)[
        :, 1:
    ]
    middle = rows[:, picture.width // 2]
    assert abs(int(middle.argmax()) - (1 - height_of_hertz(1_000)) * ROWS) < 2
    assert (middle > 20).sum() < 12


@pytest.mark.parametrize("count", [0, 1, 100, 2_047, 2_048, 5_000])
def test_short_and_silent_excerpts_are_drawn(count: int) -> None:
    """Nothing fails for want of sound."""
    assert drawn(np.zeros(count, np.int16)).picture.startswith(b"\x89PNG")


def test_png_files_are_read_by_others() -> None:
    """The colours of the palette, pixel by pixel."""
    image = pytest.importorskip("PIL.Image")
    pixels = np.array([[0, 1, 2], [2, 1, 0]], np.uint8)
    palette = [(255, 0, 0), (0, 255, 0), (9, 8, 7)]
    with image.open(io.BytesIO(png(pixels, palette))) as picture:
        assert [list(picture.convert("RGB").getpixel((x, 1))) for x in range(3)] == [
            [9, 8, 7],
            [0, 255, 0],
            [255, 0, 0],
        ]


def test_the_strip_lights_what_agrees() -> None:
    """In proportion on both sides; tiny parts are seen; parts that cannot be are left out."""
    base: dict[str, Any] = {
        "asset_duration": 10_000,
        "record_duration": 20_000,
        "asset_end": 0,
        "record_end": 0,
    }
    drawn_strip = strip(base | {"matched_parts": [0, 10_000, 5_000, 10_000]})
    assert drawn_strip is not None
    assert drawn_strip["lit"] == "M500 0H1000V12H500zM0 46H500V58H0z"
    tiny = strip(base | {"matched_parts": [19_999, 20_000, 9_999, 10_000]})
    assert tiny is not None
    assert f"M{WIDTH - 3} 0H{WIDTH}" in tiny["lit"]
    assert strip(base | {"matched_parts": [5, 5, 1, 2]}) is None
    assert strip(base | {"matched_parts": None}) is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"", "withheld"),
        (b"[]", "withheld"),
        (b'{"record_start_ms": 0, "work_start_ms": 0, "seconds": NaN}', "withheld"),
        (b'{"record_start_ms": -1, "work_start_ms": 0, "seconds": 9}', "withheld"),
        (b'{"record_start_ms": 0, "work_start_ms": 0, "seconds": "x"}', "withheld"),
        (b'{"record_start_ms": 0, "work_start_ms": 0, "seconds": 1e999}', "withheld"),
        (b" " * 5_000, "withheld"),
    ],
)
def test_what_cannot_be_said_of_an_excerpt(run: Path, tmp_path: Path, said: bytes, why: str) -> None:
    """Nothing is played, and nothing fails."""
    found = finding(run, "ferry", "copy")
    (tmp_path / "excerpts").mkdir()
    (tmp_path / "excerpts" / f"{found['finding_id']}.json").write_bytes(said)
    assert heard(tmp_path, found, {}).absent["record"] == why
    assert heard(tmp_path, found | {"finding_id": "../../etc/passwd"}, {}).absent["record"] == "withheld"


def test_an_excerpt_that_begins_before_the_work_does(run: Path, tmp_path: Path) -> None:
    """What lies before the work's start is left out of both sides."""
    found = finding(run, "ferry", "copy")
    (tmp_path / "excerpts").mkdir()
    covers = {"record_start_ms": 30_000, "work_start_ms": -1_052, "seconds": 15.0}
    (tmp_path / "excerpts" / f"{found['finding_id']}.json").write_text(json.dumps(covers))
    window = heard(tmp_path, found, {}).window
    assert window is not None
    assert (window.work_at, round(window.record_at, 3), round(window.seconds, 3)) == (0.0, 31.0, 14.0)


def test_changed_and_damaged_files_are_not_played(run: Path, tmp_path: Path) -> None:
    """A copy of another digest, a FLAC file that is none, a work's digest that is a path."""
    found = finding(run, "ferry", "copy")
    digest, name = found["asset_digest"], found["finding_id"]
    assert heard(run, found, {digest: frozenset({"0" * 64})}).absent == {"work": "changed"}
    assert heard(run, found | {"asset_digest": "../x"}, {}).absent == {"work": "declined"}
    (tmp_path / "excerpts").mkdir()
    covers = {"record_start_ms": 0, "work_start_ms": 0, "seconds": 9e9}
    (tmp_path / "excerpts" / f"{name}.json").write_text(json.dumps(covers))
    (tmp_path / "excerpts" / f"{name}.flac").write_bytes(b"fLaC" + b"\0" * 400)
    sound = heard(tmp_path, found, {})
    assert sound.absent == {"record": "unreadable", "work": "declined"}
    assert sound.window is not None
    assert sound.window.seconds <= LONGEST


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_for_an_excerpt(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever stands in the two files, it is refused or played, and nothing fails."""
    folder = tmp_path_factory.mktemp("any")
    (folder / "excerpts").mkdir()
    (folder / "excerpts" / "a.json").write_bytes(data)
    found = {"finding_id": "a", "asset_digest": "0" * 64, "tempo": None, "pitch_shift": None}
    assert heard(folder, found, {}).sounds == {}
    (folder / "excerpts" / "a.json").write_text('{"record_start_ms": 0, "work_start_ms": 0, "seconds": 1}')
    (folder / "excerpts" / "a.flac").write_bytes(data)
    assert heard(folder, found, {}).absent["work"] == "declined"
