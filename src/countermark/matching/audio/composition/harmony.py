"""Whether the arrays of a table of harmonies, read from an index, are what `pack` makes: nothing else is let in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.fingerprint.audio.chroma import CHROMA_RATE
from countermark.matching.audio.composition.table import KINDS
from countermark.matching.audio.composition.views import VIEWS, stretch_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Arrays = Mapping[str, npt.NDArray[np.generic]]

_SLACK: Final = 4
"""Profiles by which a track may differ from its length in seconds."""
_OF_ENDS: Final = (("chroma",), ("note_chroma",), ("starts", "lengths", "pitches", "voices"))


def check_harmony(arrays: Arrays, assets: int, *, numbers: bool) -> str:
    """The name of the first array that is not as `pack` makes it for so many assets; "" where all are.

    Types and shapes are looked at always, what the arrays hold only with `numbers`.
    """
    for name, kind in KINDS.items():
        if name not in arrays or arrays[name].dtype != np.dtype(kind):
            return name
    if unknown := sorted(set(arrays) - set(KINDS)):
        return unknown[0]
    return _shapes(arrays, assets) or (_numbers(arrays) if numbers else "")


def _shapes(arrays: Arrays, assets: int) -> str:
    ends, notes = arrays["ends"], len(arrays["starts"])
    shapes = {
        "ends": (assets, 3),
        "seconds": (assets,),
        "chroma": (len(arrays["chroma"]), 12),
        "note_chroma": (len(arrays["note_chroma"]), 12),
        "notes_by": (len(arrays["notes_by"]),),
        "norms": (len(arrays["norms"]), 2, len(VIEWS)),
    } | dict.fromkeys(_OF_ENDS[2], (notes,))
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            return name
    last = ends[-1].tolist() if assets else [0, 0, 0]
    return "" if last == [len(arrays[names[0]]) for names in _OF_ENDS] else "ends"


def _numbers(arrays: Arrays) -> str:
    ends = np.asarray(arrays["ends"], dtype=np.int64)
    sizes = np.diff(ends, axis=0, prepend=0)
    seconds = np.asarray(arrays["seconds"], dtype=np.float64)
    if (sizes < 0).any():
        return "ends"
    if not (np.isfinite(seconds) & (np.abs(seconds * CHROMA_RATE - sizes[:, 0]) <= _SLACK)).all():
        return "seconds"
    if (np.abs(sizes[:, 1] - sizes[:, 0]) > _SLACK).any():
        return "ends"
    if sum(stretch_count(each) for each in seconds.tolist()) != len(arrays["norms"]):
        return "norms"
    norms = np.asarray(arrays["norms"], dtype=np.float64)
    if not (np.isfinite(norms).all() and (norms[:, 1] > 0).all()):
        return "norms"
    return _notes(arrays, ends[:, 2])


def _notes(arrays: Arrays, ends: npt.NDArray[np.int64]) -> str:
    starts = np.asarray(arrays["starts"], dtype=np.int64)
    if (starts >= 1 << 31).any():
        return "starts"
    falls = np.flatnonzero(np.diff(starts) < 0) + 1
    if not np.isin(falls, ends).all():  # within a track they stand in order
        return "starts"
    if (np.asarray(arrays["pitches"], dtype=np.uint8) > 127).any():
        return "pitches"
    voices = np.asarray(arrays["voices"], dtype=np.uint8)
    return "voices" if ((voices < 1) | (voices > 3)).any() else ""
