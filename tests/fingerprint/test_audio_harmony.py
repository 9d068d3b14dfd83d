"""Harmony: pitch classes and notes of sounds whose notes are known; blocks change nothing; bad models are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.errors import InputError
from countermark.fingerprint.audio.chroma import CHROMA_RATE
from countermark.fingerprint.audio.harmony import LENGTH, OWN, harmony_of
from countermark.fingerprint.audio.note_events import NoteTracer
from countermark.fingerprint.audio.notes import NoteModel

RATE = 16_000


def _tone(pitch: float, seconds: float) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    sound = sum(0.5**h * np.sin(2 * np.pi * (h + 1) * hertz * t) for h in range(5))
    return (sound * np.exp(-t) * 0.3).astype(np.float32)


def test_pitch_classes_and_notes_are_those_that_were_played() -> None:
    pitches = [60, 64, 67, 72]
    harmony = harmony_of([np.concatenate([_tone(pitch, 1) for pitch in pitches])])
    assert harmony.seconds == 4
    assert harmony.notes_by == OWN
    assert len(harmony.chroma) == len(harmony.note_chroma) == 4 * CHROMA_RATE
    assert [int(harmony.chroma[second * CHROMA_RATE + 2].argmax()) for second in range(4)] == [0, 4, 7, 0]
    top = harmony.notes[(harmony.notes[:, 3] & 1) != 0]
    assert top[:, 2].tolist() == pitches
    assert np.abs(top[:, 0] - [0, 1000, 2000, 3000]).max() <= 150


def test_another_tuning_gives_the_same_classes() -> None:
    harmony = harmony_of([_tone(60.35, 3)])
    assert (harmony.chroma[1:-1].argmax(axis=1) == 0).all()


def test_blocks_change_nothing() -> None:
    sound = np.concatenate([_tone(pitch, 0.4) for pitch in range(50, 80)])
    whole = harmony_of([sound])
    parts = harmony_of(np.array_split(sound, 13))
    assert np.array_equal(whole.chroma, parts.chroma)
    assert np.array_equal(whole.note_chroma, parts.note_chroma)
    assert np.array_equal(whole.notes, parts.notes)


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=40_000), st.integers(1, 5))
def test_any_samples_give_a_bounded_harmony(data: bytes, blocks: int) -> None:
    sound = np.frombuffer(data[: len(data) // 4 * 4], "<f4")
    harmony = harmony_of(np.array_split(sound, blocks))
    assert len(harmony.chroma) == -(-len(sound) // (RATE // CHROMA_RATE))
    assert harmony.chroma.max(initial=0) <= LENGTH
    assert (np.diff(harmony.notes[:, 0]) >= 0).all()


def test_notes_are_traced_across_blocks() -> None:
    notes, onsets = np.zeros((60, 4), np.uint8), np.zeros((60, 4), np.uint8)
    notes[5:30, 1], onsets[5, 1] = 200, 250
    notes[20:50, 3], onsets[20, 3] = 200, 250
    found = []
    for cut in (60, 7):
        tracer = NoteTracer(4, 60, 10.0, begins=110, sounds=70, shortest=3)
        for begin in range(0, 60, cut):
            tracer.push(notes[begin : begin + cut], onsets[begin : begin + cut])
        found.append(tracer.finish().tolist())
    assert found[0] == found[1] == [[500, 2500, 61, 3], [2000, 3000, 63, 1]]


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    with pytest.raises(InputError, match="cannot be read"):
        NoteModel(tmp_path / "none.onnx")
    (tmp_path / "bad.onnx").write_bytes(b"no model")
    with (
        pytest.warns(UserWarning, match="not a note model"),
        pytest.raises(InputError, match="not an ONNX model"),
    ):
        NoteModel(tmp_path / "bad.onnx")
