"""What is sounding when, by a transcription model that the user has: Basic Pitch (Bittner and others 2022), as ONNX.

No model is shipped and none is fetched; one is read from a path. The model takes 43,844 samples at 22.05 kHz and tells
for 172 frames, 256 samples apart, how surely each of the 88 keys of a piano sounds and begins. How windows overlap and
what is made of the answers is this module's own.
"""

from __future__ import annotations

import hashlib
import warnings
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy.typing as npt

    Sound = npt.NDArray[np.float32]
    Sureness = npt.NDArray[np.uint8]

KEYS: Final = 88
LOWEST_KEY: Final = 21
"""The MIDI number of key 0, A0."""
MODEL_RATE, MODEL_HOP = 22_050, 256
NOTE_FRAMES_A_SECOND: Final = MODEL_RATE / MODEL_HOP
WINDOW: Final = 43_844
FRAMES: Final = 172
EDGE: Final = 15
"""Frames at either end of a window that are left to its neighbours, which see more around them."""
KEPT: Final = 141
"""Frames kept of a window, hence the frames between two windows."""
KNOWN: Final = {
    "2c3c1d144bfa61ad236e92e169c13535c880469a12a047d4e73451f2c059a0ec": "Basic Pitch 0.4.0 (ICASSP 2022)"
}
"""SHA-256 of the files that figures were measured with."""
_LARGEST: Final = 64 << 20
_NOTES, _ONSETS = "StatefulPartitionedCall:1", "StatefulPartitionedCall:2"
_RATIO: Final = (441, 320)
"""Samples of the model's rate, for so many of ours."""
_TAPS: Final = 16
"""Samples each side from which one in between is made."""


class NoteModel:
    """A model that is open. `digest` is the SHA-256 of its file; `name` what is known of it."""

    def __init__(self, path: Path) -> None:
        """Open an ONNX file; warn where it is not one of KNOWN. Raises InputError where it is no such model."""
        import onnxruntime  # noqa: PLC0415  (an extra of its own, and slow to load)

        data = _bytes(path)
        self.digest = hashlib.sha256(data).hexdigest()
        self.name = KNOWN.get(self.digest, "unknown")
        if self.digest not in KNOWN:
            said = f"{path}: not a note model whose figures were measured (SHA-256 {self.digest})"
            warnings.warn(said, stacklevel=2)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # workers are processes
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise InputError(f"{path}: not an ONNX model that can be opened: {_said(error)}") from error
        self._input = _checked(self._session, path)

    def frames(self, blocks: Iterable[Sound]) -> Iterator[tuple[Sureness, Sureness]]:
        """How surely each key sounds and how surely it begins, uint8[n, KEYS] each (255 is certain), n up to KEPT.

        `blocks` are float32 samples at 16 kHz, full scale 1, of any lengths: these change nothing. Frame t of all that
        is given is at t / NOTE_FRAMES_A_SECOND seconds. Raises InputError where the model fails.
        """
        lead = np.zeros(EDGE * MODEL_HOP, dtype=np.float32)
        held, heard, told = [lead], 0, 0
        for block in _resampled(blocks):
            heard += len(block)
            held.append(block)
            sound = np.concatenate(held)
            while len(sound) >= WINDOW:
                yield self._window(sound[:WINDOW], KEPT)
                told += KEPT
                sound = sound[KEPT * MODEL_HOP :]
            held = [sound]
        sound = np.concatenate(held)
        wanted = -(-heard // MODEL_HOP)
        while told < wanted:
            padded = np.zeros(WINDOW, dtype=np.float32)
            padded[: len(sound)] = sound[:WINDOW]
            yield self._window(padded, min(KEPT, wanted - told))
            told += KEPT
            sound = sound[KEPT * MODEL_HOP :]

    def _window(self, sound: Sound, count: int) -> tuple[Sureness, Sureness]:
        """The first `count` frames after the edge of one window."""
        try:
            notes, onsets = self._session.run([_NOTES, _ONSETS], {self._input: sound.reshape(1, WINDOW, 1)})
        except Exception as error:
            raise InputError(f"the note model fails: {_said(error)}") from error
        return _sureness(notes, count), _sureness(onsets, count)


def _sureness(given: Any, count: int) -> Sureness:
    """What the model says as whole numbers: tiny differences between machines vanish in all but a few of them."""
    kept = np.asarray(given, dtype=np.float32)[0, EDGE : EDGE + count]
    return np.asarray(np.rint(np.clip(np.nan_to_num(kept), 0, 1) * 255), dtype=np.uint8)


def _resampled(blocks: Iterable[Sound]) -> Iterator[Sound]:
    """From 16 kHz to MODEL_RATE by a windowed sinc, a whole number of groups of 320 samples at a time."""
    up, down = _RATIO
    matrix = _interpolation()
    held = [np.zeros(_TAPS, dtype=np.float32)]
    size = _TAPS
    for block in blocks:
        held.append(np.nan_to_num(np.asarray(block, dtype=np.float32), posinf=0.0, neginf=0.0))
        size += len(block)
        groups = (size - 2 * _TAPS) // down
        if groups < 100:  # a second and more at once
            continue
        sound = np.concatenate(held)
        yield _interpolated(sound, groups, matrix)
        held, size = [sound[groups * down :]], size - groups * down
    left = size - _TAPS
    groups = -(-left // down)
    held.append(np.zeros(groups * down + 2 * _TAPS, dtype=np.float32))
    yield _interpolated(np.concatenate(held), groups, matrix)[: left * up // down]


def _interpolated(sound: Sound, groups: int, matrix: Sound) -> Sound:
    """`groups` groups of samples; each group is made by itself, so that blocks change no bit of it."""
    down = _RATIO[1]
    out = np.empty((groups, matrix.shape[1]), dtype=np.float32)
    for group in range(groups):
        out[group] = sound[group * down : group * down + len(matrix)] @ matrix
    return out.ravel()


def _interpolation() -> Sound:
    """The matrix float32[320 + 2 taps, 441] from samples around a group to the samples of that group."""
    up, down = _RATIO
    rows = np.arange(down + 2 * _TAPS)[:, None] - _TAPS
    away = rows - np.arange(up)[None, :] * (down / up)
    window = np.where(np.abs(away) < _TAPS, np.cos(np.pi / 2 * np.clip(away / _TAPS, -1, 1)) ** 2, 0.0)
    return np.asarray(np.sinc(away) * window, dtype=np.float32)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path}: {path.stat().st_size:,} bytes; a note model has up to {_LARGEST:,}")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: the note model cannot be read: {error.strerror or error}") from error


def _checked(session: Any, path: Path) -> str:
    """The name of the input of a model of the one form that is accepted. Raises InputError."""
    inputs, outputs = (
        session.get_inputs(),
        {each.name: list(each.shape[1:]) for each in session.get_outputs()},
    )
    shape = [FRAMES, KEYS]
    fits = len(inputs) == 1 and list(inputs[0].shape[1:]) == [WINDOW, 1] and inputs[0].type == "tensor(float)"
    if not fits or outputs.get(_NOTES) != shape or outputs.get(_ONSETS) != shape:
        raise InputError(
            f"{path}: not the note model: one input float [n, {WINDOW}, 1] and outputs [n, {FRAMES}, {KEYS}] named "
            f"{_NOTES} and {_ONSETS} are accepted, as Basic Pitch 0.4.0 has them"
        )
    return str(inputs[0].name)


def _said(error: Exception) -> str:
    """The first line of what the library says."""
    return str(error).splitlines()[0][:300] if str(error) else type(error).__name__
