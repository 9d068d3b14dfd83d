"""A stretch of sound as a point: stacked LSTM layers over mel bands, in NumPy.

L. Wan, Q. Wang, A. Papir and I. Lopez Moreno, "Generalized end-to-end loss for speaker verification" (ICASSP 2018,
arXiv 1710.10467): the network is fitted so that points of one speaker lie close together and those of others apart. It
was fitted to speech; how well it tells singers apart is not known, and the literature says: worse.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.errors import InputError
from countermark.voices.checkpoint import read_tensors
from countermark.voices.mel import STEP, mel_power

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

KNOWN: Final = {
    "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e": "Resemblyzer 0.1.4, pretrained.pt",
}
PARTIAL: Final = 160
"""How many frames (1.6 s) are looked at in one go."""
BETWEEN: Final = 77
"""Frames from one such look to the next: 1.3 a second, as the encoder's authors use it."""
LEAST_SAMPLES: Final = PARTIAL * STEP
_MOST_LAYERS: Final = 8


@dataclass(frozen=True, slots=True)
class _Layer:
    into: NDArray[np.float32]
    """Weights of the input, float32[input, 4 · width]; gates in the order input, forget, cell, output."""
    back: NDArray[np.float32]
    """Weights of the layer's own last output, float32[width, 4 · width]."""
    bias: NDArray[np.float32]


class VoiceEncoder:
    """Weights that were read and checked; `digest` is the SHA-256 of their file."""

    def __init__(self, tensors: Mapping[str, NDArray[np.float32]], digest: str = "") -> None:
        """Take the tensors `lstm.*` and `linear.*`. Raises InputError when one is missing or of another shape."""
        self.digest = digest
        self._layers = _layers(tensors)
        width = self._layers[-1].back.shape[0]
        matrix, self._offset = _tensor(tensors, "linear.weight", 2), _tensor(tensors, "linear.bias", 1)
        if matrix.shape != (self._offset.size, width):
            raise InputError(f"weights: linear.weight is {matrix.shape}, not ({self._offset.size}, {width})")
        self._matrix = np.ascontiguousarray(matrix.T)

    @classmethod
    def read(cls, path: Path) -> VoiceEncoder:
        """The encoder whose weights are in `path`. Raises InputError."""
        tensors = read_tensors(path)
        try:
            return cls(tensors, hashlib.sha256(path.read_bytes()).hexdigest())
        except InputError as error:
            raise InputError(f"{path}: {error}") from error

    @property
    def known(self) -> str:
        """What the weights are, or nothing where they are not those that were measured."""
        return KNOWN.get(self.digest, "")

    @property
    def size(self) -> int:
        """How many numbers a point has."""
        return int(self._offset.size)

    def point(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where a stretch of sound lies, float32[size] of length one: the mean over looks of 1.6 s.

        `samples` are 16 kHz mono, at least 1.6 s. Raises ValueError for less.
        """
        if samples.size < LEAST_SAMPLES:
            raise ValueError(f"{samples.size} samples; at least {LEAST_SAMPLES} are needed")
        frames = mel_power(samples, self._layers[0].into.shape[0])
        starts = range(0, frames.shape[0] - PARTIAL + 1, BETWEEN)
        looks = self._looks(np.stack([frames[start : start + PARTIAL] for start in starts]))
        return _of_length_one(looks.mean(axis=0))

    def _looks(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """The points of several looks, float32[looks, size], from frames of float32[looks, PARTIAL, bands]."""
        for layer in self._layers:
            frames = _through(layer, frames)
        raw = np.maximum(frames[:, -1] @ self._matrix + self._offset, 0)
        return np.stack([_of_length_one(one) for one in raw])


def _layers(tensors: Mapping[str, NDArray[np.float32]]) -> list[_Layer]:
    layers: list[_Layer] = []
    while f"lstm.weight_ih_l{len(layers)}" in tensors or not layers:
        number = len(layers)
        into, back = (_tensor(tensors, f"lstm.weight_{kind}_l{number}", 2) for kind in ("ih", "hh"))
        one, two = (_tensor(tensors, f"lstm.bias_{kind}_l{number}", 1) for kind in ("ih", "hh"))
        width = back.shape[1]
        before = layers[-1].back.shape[0] if layers else into.shape[1]
        if into.shape != (4 * width, before) or {back.shape[0], one.size, two.size} != {4 * width}:
            raise InputError(f"weights: the shapes of layer {number} do not fit together")
        if number == _MOST_LAYERS:
            raise InputError(f"weights: more than {_MOST_LAYERS} layers")
        layers.append(_Layer(np.ascontiguousarray(into.T), np.ascontiguousarray(back.T), one + two))
    return layers


def _tensor(tensors: Mapping[str, NDArray[np.float32]], name: str, dimensions: int) -> NDArray[np.float32]:
    tensor = tensors.get(name)
    if tensor is None or tensor.ndim != dimensions or not tensor.size:
        raise InputError(f"weights: {name} is missing, or has not {dimensions} dimensions")
    if not np.isfinite(tensor).all():
        raise InputError(f"weights: {name} holds numbers that are not finite")
    return tensor


def _through(layer: _Layer, frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """The outputs of a layer for each frame, float32[looks, frames, width]."""
    looks, length, _ = frames.shape
    width = layer.back.shape[0]
    fed = frames @ layer.into + layer.bias
    hidden, cell = np.zeros((2, looks, width), np.float32)
    out = np.empty((looks, length, width), np.float32)
    for at in range(length):
        gates = fed[:, at] + hidden @ layer.back
        kept = _gate(gates[:, width : 2 * width]) * cell
        cell = kept + _gate(gates[:, :width]) * np.tanh(gates[:, 2 * width : 3 * width])
        hidden = _gate(gates[:, 3 * width :]) * np.tanh(cell)
        out[:, at] = hidden
    return out


def _gate(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.float32(0.5) + np.float32(0.5) * np.tanh(np.float32(0.5) * values))


def _of_length_one(point: NDArray[np.float32]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(point))
    return (point / np.float32(length)) if length > 0 else point
