"""Vectors from a model of the user's own: both kinds of inputs, and one clear line for what is no such model."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pytest

from countermark.errors import InputError, PictureError
from countermark.fingerprint.image.embedding import SIDE, EmbeddingModel
from drawn_works import altered, drawing
from fingerprint import onnx_files

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    from PIL import Image

KINDS = {
    "bytes, fixed": onnx_files.of_bytes(),
    "floats, fixed": onnx_files.of_floats(),
    "bytes, any": onnx_files.of_bytes("side", SIDE),
    "floats, any": onnx_files.of_floats("side", SIDE),
}


def opened(folder: Path, data: bytes) -> EmbeddingModel:
    """The model of a file."""
    path = folder / "model.onnx"
    path.write_bytes(data)
    return EmbeddingModel(path)


def pixels(picture: Image.Image) -> npt.NDArray[np.uint8]:
    """RGB."""
    return np.asarray(picture, dtype=np.uint8)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_input_gives_vectors_of_length_one(tmp_path: Path, kind: str) -> None:
    """Near for copies, far for others, whatever type and sides the model wants."""
    model = opened(tmp_path, KINDS[kind])
    assert model.dimensions == 48
    assert model.digest == hashlib.sha256(KINDS[kind]).hexdigest()
    work = model.vector(pixels(drawing(0)))
    assert (work.dtype, work.shape) == (np.dtype(np.float32), (48,))
    assert np.linalg.norm(work) == pytest.approx(1, abs=1e-6)
    copy, other = model.vector(pixels(altered(drawing(0))["resized"])), model.vector(pixels(drawing(1)))
    assert work @ copy > 0.95
    assert work @ other < 0.8
    assert (model.vector(pixels(drawing(0))) == work).all()


def test_a_picture_of_one_colour_has_a_vector_too(tmp_path: Path) -> None:
    """A vector of zeros stays one, and is near nothing."""
    vector = opened(tmp_path, onnx_files.of_bytes()).vector(np.zeros((40, 50, 3), dtype=np.uint8))
    assert not vector.any()


WRONG = {
    "not ONNX": (b"a text, and no model", "not an ONNX model that can be opened"),
    "empty": (b"", "not an ONNX model that can be opened"),
    "cut short": (onnx_files.of_floats()[:200], "not an ONNX model that can be opened"),
    "two inputs": (onnx_files.of_two(), "one input is accepted, uint8 .* found: one tensor"),
    "not finite": (onnx_files.of_no_number(), "a vector that is not finite"),
    "huge": (onnx_files.of_everything(), "gives 12,288 numbers; 8 to 4,096 are accepted"),
    "one number": (onnx_files.of_one_number(), "gives 1 numbers; 8 to"),
    "fails": (onnx_files.that_fails(), "the model fails"),
    "channels last": (
        onnx_files.model(
            [onnx_files.node("Flatten", ["picture"], "out", axis=1)],
            [onnx_files.Tensor("picture", onnx_files.FLOAT, ("n", 64, 64, 3))],
            onnx_files.OUT,
        ),
        "one input is accepted",
    ),
    "one channel": (
        onnx_files.model(
            [onnx_files.node("Flatten", ["picture"], "out", axis=1)],
            [onnx_files.Tensor("picture", onnx_files.FLOAT, ("n", 1, 64, 64))],
            onnx_files.OUT,
        ),
        "of 3 channels",
    ),
    "a vector": (
        onnx_files.model(
            [onnx_files.node("Identity", ["picture"], "out")],
            [onnx_files.Tensor("picture", onnx_files.FLOAT, ("n", 64))],
            onnx_files.OUT,
        ),
        "one input is accepted",
    ),
    "whole numbers": (
        onnx_files.model(
            [onnx_files.node("Cast", ["picture"], "out", to=onnx_files.FLOAT)],
            [onnx_files.Tensor("picture", onnx_files.INT64, ("n", 3, 64, 64))],
            onnx_files.OUT,
        ),
        "one input is accepted",
    ),
    "a wall": (onnx_files.of_floats(100_000), r"100,000 × 100,000 pixels; up to 1,024 are accepted"),
}


@pytest.mark.parametrize("what", sorted(WRONG))
def test_what_is_no_such_model_is_told_in_one_line(tmp_path: Path, what: str) -> None:
    """The option, the file, what is wrong; no line of a library's own beyond the first."""
    data, message = WRONG[what]
    with pytest.raises(InputError, match=message) as error:
        opened(tmp_path, data)
    assert str(error.value).startswith(f"--embedding {tmp_path / 'model.onnx'}: ")
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file and a folder are told as such."""
    with pytest.raises(InputError, match="cannot be read: No such file"):
        EmbeddingModel(tmp_path / "none.onnx")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        EmbeddingModel(tmp_path)


def test_a_model_that_fails_on_one_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told of that picture, with a reason that is counted."""
    model = opened(tmp_path, onnx_files.of_bytes())

    def fail(*_: object) -> None:
        raise RuntimeError("no memory\nat all")

    monkeypatch.setattr(model, "_session", type("Session", (), {"run": fail})())
    with pytest.raises(PictureError, match=r"^the model fails: no memory$") as error:
        model.vector(pixels(drawing(0)))
    assert error.value.reason == "embedding"
