"""Arrays of numbers as flat little-endian files, whose types and shapes stand in the manifest: all are mapped alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.errors import UnusableIndexError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

ARRAY_SUFFIX = ".array"

_MOST_LENGTH: Final = 1 << 48
_KINDS: Final = {
    kind.str: kind
    for kind in map(np.dtype, ("|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"))
}
"""The types that arrays may have: numbers only, none of which is an address or runs code."""


def write_arrays(folder: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, Any]:
    """Write each array into a file of its name; return types and shapes, for the manifest."""
    described = {}
    for name, array in sorted(arrays.items()):
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        little.tofile(folder / f"{name}{ARRAY_SUFFIX}")
        described[name] = {"dtype": little.dtype.str, "shape": list(little.shape)}
    return described


def map_array(folder: Path, name: str, described: Mapping[str, Any]) -> npt.NDArray[Any]:
    """One array, mapped. Raises UnusableIndexError where it is not in the manifest, or of another size."""
    path = folder / f"{name}{ARRAY_SUFFIX}"
    kind, shape = _kind_and_shape(path, described.get(name))
    size = math.prod(shape) * kind.itemsize
    try:
        found = path.stat().st_size
        if found == size:
            return (
                np.asarray(np.memmap(path, dtype=kind, mode="r", shape=shape))
                if size
                else np.zeros(shape, kind)
            )
    except (OSError, ValueError) as error:
        raise UnusableIndexError(f"{path}: cannot be mapped: {error}") from None
    raise UnusableIndexError(f"{path}: has {found} bytes; the manifest says {size}: copy the index again")


def _kind_and_shape(path: Path, said: Any) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """What the manifest says of an array; it may say anything. Raises UnusableIndexError."""
    if not isinstance(said, dict):
        raise UnusableIndexError(f"{path}: the manifest does not say what it is: build the index again")
    kind, shape = said.get("dtype"), said.get("shape")
    lengths = shape if isinstance(shape, list) else [-1]
    sound = all(type(length) is int and 0 <= length < _MOST_LENGTH for length in lengths)
    if not isinstance(kind, str) or kind not in _KINDS or not sound:
        raise UnusableIndexError(
            f"{path}: the manifest says the type {kind!r:.40} and the shape {shape!r:.60}, which no array has"
        )
    return _KINDS[kind], tuple(lengths)


def check_arrays(
    folder: Path,
    arrays: Mapping[str, npt.NDArray[Any]],
    known: Mapping[str, tuple[str, ...]],
    lengths: dict[str, int],
) -> None:
    """Raise UnusableIndexError where an array is of another type or length than the others ask for.

    `known` gives the types that each may have (`u4 u8`), then its shape: numbers, or names of `lengths`, of which one
    that is not given yet is that of the first array with it, and `name+1` one more.
    """
    for name, (kinds, *wanted) in known.items():
        array = arrays[name]
        sound = array.dtype.str[1:] in kinds.split() and array.ndim == len(wanted)
        if not sound or not all(map(_fits, array.shape, wanted, [lengths] * len(wanted))):
            raise UnusableIndexError(
                f"{folder}: the array {name} is {array.dtype} {list(array.shape)}, which does not fit the others: "
                "build the index again"
            )


def _fits(length: int, wanted: str, lengths: dict[str, int]) -> bool:
    """Whether a length is the number `wanted`, or that of its name, or one more; the first of a name decides."""
    if wanted.isdigit():
        return length == int(wanted)
    name, _, more = wanted.partition("+")
    found = length - int(more or 0)
    return found >= 0 and lengths.setdefault(name, found) == found


def climbs(places: npt.NDArray[Any], end: int) -> bool:
    """Whether places begin at 0, never go down, and lead to `end`."""
    steps = places.astype(np.int64)
    return bool(len(steps) and steps[0] == 0 and steps[-1] == end and (np.diff(steps) >= 0).all())


def within(numbers: npt.NDArray[Any], begin: int, end: int) -> bool:
    """Whether all numbers lie in `[begin, end)`."""
    return not numbers.size or bool(begin <= int(numbers.min()) and int(numbers.max()) < end)
