"""Checkpoints written by hand, with small weights, and recordings of drawn voices."""

from __future__ import annotations

import pickle
import struct
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 16_000


def _word(text: str) -> bytes:
    data = text.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def _number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def _numbers(values: tuple[int, ...]) -> bytes:
    return b"(" + b"".join(_number(value) for value in values) + b"t"


def tensor(key: str, count: int, offset: int, shape: tuple[int, ...]) -> bytes:
    """The instructions that make one tensor."""
    storage = (
        b"(("
        + _word("storage")
        + b"ctorch\nFloatStorage\n"
        + _word(key)
        + _word("cpu")
        + _number(count)
        + b"NtQ"
    )
    strides = tuple(int(np.prod(shape[at + 1 :])) for at in range(len(shape)))
    ends = _number(offset) + _numbers(shape) + _numbers(strides) + b"\x89ccollections\nOrderedDict\n)RtR"
    return b"ctorch._utils\n_rebuild_tensor_v2\n" + storage + ends


def checkpoint(tensors: dict[str, NDArray[np.float32]], state: bytes | None = None) -> bytes:
    """A checkpoint of the legacy format; `state` replaces the pickle of the object."""
    items, offset = b"", 0
    count = sum(one.size for one in tensors.values())
    for name, one in tensors.items():
        items += _word(name) + tensor("s", count, offset, one.shape)
        offset += one.size
    table = b"\x80\x02}(" + _word("model_state") + b"}(" + items + b"uu."
    heads = [pickle.dumps(head, 2) for head in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True})]
    numbers = b"".join(one.astype("<f4").tobytes() for one in tensors.values())
    body = [table if state is None else state, pickle.dumps(["s"], 2), struct.pack("<q", count), numbers]
    return b"".join([*heads, *body])


def small_weights(
    bands: int = 8, width: int = 6, size: int = 5, seed: int = 3
) -> dict[str, NDArray[np.float32]]:
    """Two layers with small random weights."""
    draw = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {}
    for layer, before in enumerate((bands, width)):
        shapes |= {
            f"lstm.weight_ih_l{layer}": (4 * width, before),
            f"lstm.weight_hh_l{layer}": (4 * width, width),
        }
        shapes |= {f"lstm.bias_{kind}_l{layer}": (4 * width,) for kind in ("ih", "hh")}
    shapes |= {"linear.weight": (size, width), "linear.bias": (size,)}
    return {name: draw.normal(0, 0.7, shape).astype(np.float32) for name, shape in shapes.items()}


def voice(pitch: float, seconds: float, seed: int = 0) -> NDArray[np.float32]:
    """A hum with harmonics, noise, and a pause in every second."""
    at = np.arange(int(seconds * RATE)) / RATE
    draw = np.random.default_rng(seed)
    hum = sum(np.sin(2 * np.pi * pitch * k * at) / k for k in range(1, 9))
    pauses = (at % 1 < 0.9).astype(float)
    return np.asarray(0.1 * pauses * (hum + 0.05 * draw.normal(size=at.size)), np.float32)


def write_wav(path: Path, samples: NDArray[np.float32]) -> Path:
    """A WAV file of 16 kHz, mono."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path
