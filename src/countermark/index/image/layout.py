"""The files of an index of pictures, as docs/index-format.md describes them.

Flat little-endian arrays, one a file; their types and shapes stand in the manifest, so that all are mapped alike.
Pictures of the works are kept twice: small and grey for confirmation, and for print where that was not declined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from countermark.errors import UnusableIndexError

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
    try:
        kind = np.dtype(described[name]["dtype"])
        shape = tuple(abs(int(length)) for length in described[name]["shape"])
        if 0 in shape:
            return np.zeros(shape, kind)
        return np.asarray(np.memmap(path, dtype=kind, mode="r", shape=shape))
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise UnusableIndexError(f"{path}: not what the manifest says: {error}") from None
