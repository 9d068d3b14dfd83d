"""The files of an index of pictures, as docs/index-format.md describes them.

Flat little-endian arrays, one a file; their types and shapes stand in the manifest, so that all are mapped alike.
Pictures of the works are kept twice: small, for confirmation, and for print where that was not declined.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from countermark.errors import UnusableIndexError
from countermark.index.collect import ASSETS_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

SCHEME = "image-pdq256-bin256-v1"
VIEW_LONGEST = 320
"""Pixels of the longer side of a view: what pixels are compared at."""
PRINT_LONGEST = 1600
"""Pixels of the longer side of a print: 13.5 cm at 300 dots an inch."""
VIEW_QUALITY, PRINT_QUALITY = 92, 88

ASSETS = "assets.parquet"
VIEWS, PRINTS = "views.bin", "prints.bin"
ARRAY_SUFFIX = ".array"
HASHES, WORDS = "hashes_", "words_"
"""How the names of the arrays of the Hamming lookup and of the inverted file begin."""

IMAGE_ASSETS_SCHEMA: Final = pa.schema(
    [
        *ASSETS_SCHEMA,
        pa.field("width", pa.int64()),
        pa.field("height", pa.int64()),
        pa.field("print_digest", pa.string()),
    ]
)

_MOST_LENGTH: Final = 1 << 48
_KINDS: Final = {
    kind.str: kind
    for kind in map(np.dtype, ("|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4"))
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
