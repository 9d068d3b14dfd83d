"""Vectors of pictures from a model of the user's own, an ONNX file: an optional source of further candidates.

No model is shipped and none is fetched. What a model proposes is confirmed by geometry and pixels like any other
candidate; it decides nothing. Models in the manner of SSCD (Pizzi et al. 2022) are meant: one picture in, one vector
out, near for copies.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from countermark.errors import InputError, PictureError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

SIDE: Final = 288
"""Pixels of the side of the square that a model is given, unless it says its own."""
MOST_SIDE: Final = 1024
CHANNELS: Final = 3
SMALLEST, LARGEST = 8, 4096
"""Numbers of a vector."""
LONGEST: Final = 512
"""Pixels of the longer side of the picture that is scaled to that square."""
_MEAN: Final = np.array([0.485, 0.456, 0.406], dtype=np.float32)
_DEVIATION: Final = np.array([0.229, 0.224, 0.225], dtype=np.float32)
"""Of the channels of ImageNet, as the usual training recipes of such models subtract and divide them."""


class EmbeddingModel:
    """A model that is open: `dimensions` of its vectors, and the SHA-256 of its file as `digest`."""

    def __init__(self, path: Path) -> None:
        """Open an ONNX file. Raises InputError where it is none, or not one of a picture to a vector."""
        import onnxruntime  # noqa: PLC0415  (an extra of its own, and slow to load)

        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"--embedding {path}: cannot be read: {error.strerror or error}") from error
        self.digest = hashlib.sha256(data).hexdigest()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # workers are processes
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise InputError(
                f"--embedding {path}: not an ONNX model that can be opened: {_said(error)}"
            ) from error
        self._input = _input_of(self._session, path)
        try:
            self.dimensions = len(self.vector(_probe()))
        except PictureError as error:
            raise InputError(f"--embedding {path}: tried on a picture, {error}") from error

    def vector(self, rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """The vector float32[d] of a picture uint8[h, w, 3], of length 1. Raises PictureError `embedding`."""
        side = self._input.side
        square = np.asarray(cv2.resize(rgb, (side, side), interpolation=cv2.INTER_AREA), dtype=np.uint8)
        try:
            (given, *_) = self._session.run(None, {self._input.name: self._input.packed(square)})
            vector = np.asarray(given, dtype=np.float32).ravel()
        except Exception as error:
            raise PictureError("embedding", f"the model fails: {_said(error)}") from error
        if not SMALLEST <= len(vector) <= LARGEST:
            said = f"the model gives {len(vector):,} numbers; {SMALLEST} to {LARGEST:,} are accepted"
            raise PictureError("embedding", said)
        length = float(np.linalg.norm(vector.astype(np.float64)))
        if not np.isfinite(length):
            raise PictureError("embedding", "the model gives a vector that is not finite")
        return np.asarray(vector / max(length, 1e-12), dtype=np.float32)


class _Input:
    """How a model wants its picture: bytes as [n, h, w, 3], or normalised floats as [n, 3, h, w]."""

    def __init__(self, name: str, kind: str, side: int) -> None:
        self.name, self.side = name, side
        self._bytes = kind == "tensor(uint8)"

    def packed(self, square: npt.NDArray[np.uint8]) -> npt.NDArray[Any]:
        """The square picture as the model wants it."""
        if self._bytes:
            return square[None]
        normal = (square.astype(np.float32) / np.float32(255) - _MEAN) / _DEVIATION
        return np.ascontiguousarray(normal.transpose(2, 0, 1)[None])


def _input_of(session: Any, path: Path) -> _Input:
    inputs = session.get_inputs()
    found = ", ".join(f"{each.name} {each.type} {each.shape}" for each in inputs)[:300]
    accepted = (
        f"--embedding {path}: one input is accepted, uint8 [n, h, w, 3] or float [n, 3, h, w]; found: {found}"
    )
    if (
        len(inputs) != 1
        or len(inputs[0].shape) != 4
        or inputs[0].type not in {"tensor(uint8)", "tensor(float)"}
    ):
        raise InputError(accepted)
    shape, of_bytes = inputs[0].shape, inputs[0].type == "tensor(uint8)"
    height, width, channels = (shape[1], shape[2], shape[3]) if of_bytes else (shape[2], shape[3], shape[1])
    sides = {side for side in (height, width) if isinstance(side, int) and side > 0}
    if (isinstance(channels, int) and channels > 0 and channels != CHANNELS) or len(sides) > 1:
        raise InputError(f"{accepted}; the picture must be square, of {CHANNELS} channels")
    side = sides.pop() if sides else SIDE
    if side > MOST_SIDE:
        raise InputError(
            f"--embedding {path}: wants {side:,} × {side:,} pixels; up to {MOST_SIDE:,} are accepted"
        )
    return _Input(inputs[0].name, inputs[0].type, side)


def _probe() -> npt.NDArray[np.uint8]:
    """A picture to try a model on, of which no channel is all alike."""
    ramp = np.arange(SIDE, dtype=np.int64)
    return np.asarray(
        (ramp[:, None, None] * 3 + ramp[None, :, None] * 5 + np.arange(3) * 40) % 256, dtype=np.uint8
    )


def _said(error: Exception) -> str:
    """The first line of what the library says."""
    return str(error).splitlines()[0][:300] if str(error) else type(error).__name__
