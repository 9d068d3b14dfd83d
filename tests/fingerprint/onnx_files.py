"""Tiny ONNX models for tests, written as protocol buffers by hand: a picture in, a few numbers out.

Fields and their numbers are those of onnx.proto3; the models pool the picture down to a grid of means.
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

FLOAT, UINT8, INT64 = 1, 2, 7
_OPSET, _IR = 13, 8

Side = int | str


class Tensor(NamedTuple):
    """An input or output: its name, its type, its sides (numbers, or names of what is not fixed)."""

    name: str
    kind: int
    shape: tuple[Side, ...]


def _varint(value: int) -> bytes:
    out = bytearray()
    value &= (1 << 64) - 1
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _part(field: int, data: bytes | str) -> bytes:
    raw = data.encode() if isinstance(data, str) else data
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _value(tensor: Tensor) -> bytes:
    sides = (_number(1, side) if isinstance(side, int) else _part(2, side) for side in tensor.shape)
    shape = b"".join(_part(1, side) for side in sides)
    kind = _number(1, tensor.kind) + _part(2, shape)
    return _part(1, tensor.name) + _part(2, _part(1, kind))


def _constant(name: str, kind: int, shape: tuple[int, ...], raw: bytes) -> bytes:
    return b"".join(_number(1, side) for side in shape) + _number(2, kind) + _part(8, name) + _part(9, raw)


def node(op: str, inputs: list[str], output: str, **given: int | list[int]) -> bytes:
    """One step of a model, with whole numbers or lists of them as attributes."""
    said = b"".join(_part(1, name) for name in inputs) + _part(2, output) + _part(4, op)
    for name, value in given.items():
        if isinstance(value, int):
            attribute = _number(3, value) + _number(20, 2)
        else:
            attribute = b"".join(_number(8, each) for each in value) + _number(20, 7)
        said += _part(5, _part(1, name) + attribute)
    return said


def model(
    nodes: list[bytes], inputs: list[Tensor], output: Tensor, constants: list[bytes] | None = None
) -> bytes:
    """The file of a model."""
    graph = b"".join(_part(1, each) for each in nodes) + _part(2, "graph")
    graph += b"".join(_part(5, each) for each in constants or [])
    graph += b"".join(_part(11, _value(each)) for each in inputs) + _part(12, _value(output))
    return _number(1, _IR) + _part(7, graph) + _part(8, _number(2, _OPSET))


GRID: Final = 4
"""A model's vector has 3 · GRID · GRID numbers."""


def _pooled(given: str, side: int) -> list[bytes]:
    """Means of a grid of squares, less the mean of all, so that pictures that are not alike lie far apart."""
    step = [side // GRID] * 2
    return [
        node("AveragePool", [given], "pooled", kernel_shape=step, strides=step),
        node("ReduceMean", ["pooled"], "mean", axes=[1, 2, 3], keepdims=1),
        node("Sub", ["pooled", "mean"], "centred"),
        node("Flatten", ["centred"], "out", axis=1),
    ]


OUT: Final = Tensor("out", FLOAT, ("n", 3 * GRID * GRID))


def of_floats(side: Side = 64, pooled: int = 64) -> bytes:
    """A model of normalised floats [n, 3, h, w]."""
    return model(_pooled("picture", pooled), [Tensor("picture", FLOAT, ("n", 3, side, side))], OUT)


def of_bytes(side: Side = 64, pooled: int = 64) -> bytes:
    """A model of bytes [n, h, w, 3]."""
    nodes = [
        node("Cast", ["picture"], "floats", to=FLOAT),
        node("Transpose", ["floats"], "turned", perm=[0, 3, 1, 2]),
        *_pooled("turned", pooled),
    ]
    return model(nodes, [Tensor("picture", UINT8, ("n", side, side, 3))], OUT)


def of_two() -> bytes:
    """A model of two pictures."""
    inputs = [Tensor(name, FLOAT, ("n", 3, 64, 64)) for name in ("one", "other")]
    return model([node("Add", ["one", "other"], "picture"), *_pooled("picture", 64)], inputs, OUT)


def of_no_number() -> bytes:
    """A model whose vector is not finite."""
    nodes = [
        node("Sub", ["picture", "picture"], "zero"),
        node("Div", ["zero", "zero"], "nothing"),
        *_pooled("nothing", 64),
    ]
    return model(nodes, [Tensor("picture", FLOAT, ("n", 3, 64, 64))], OUT)


def of_everything() -> bytes:
    """A model that gives back every number of its picture."""
    flat = node("Flatten", ["picture"], "out", axis=1)
    given = Tensor("picture", FLOAT, ("n", 3, 64, 64))
    return model([flat], [given], Tensor("out", FLOAT, ("n", 3 * 64 * 64)))


def of_one_number() -> bytes:
    """A model that gives the mean only."""
    mean = node("ReduceMean", ["picture"], "out", axes=[1, 2, 3], keepdims=0)
    return model([mean], [Tensor("picture", FLOAT, ("n", 3, 64, 64))], Tensor("out", FLOAT, ("n",)))


def that_fails() -> bytes:
    """A model that can be opened, and not run: it wants another size than it takes."""
    shape = _constant("shape", INT64, (2,), struct.pack("<2q", 1, 7))
    nodes = [node("Reshape", ["picture", "shape"], "out")]
    given = Tensor("picture", FLOAT, ("n", 3, "h", "w"))
    return model(nodes, [given], Tensor("out", FLOAT, ("n", "d")), [shape])
