"""Melody and harmony in an index of recordings: the arrays, and whether what they hold can be that of its works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.fingerprint.audio.chroma import CHROMA_RATE
from countermark.index.arrays import climbs, within

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Arrays = Mapping[str, npt.NDArray[Any]]

ARRAYS: Final[dict[str, tuple[str, ...]]] = {
    "chroma": ("u1", "profiles", "12"),
    "note_chroma": ("u1", "note_profiles", "12"),
    "starts": ("u4", "notes"),
    "lengths": ("u2", "notes"),
    "pitches": ("u1", "notes"),
    "voices": ("u1", "notes"),
    "ends": ("i8", "assets", "3"),
    "seconds": ("f8", "assets"),
    "notes_by": ("u1", "letters"),
    "norms": ("f8", "stretches", "2", "5"),
}
"""The type of each array, and its shape; lengths of one name are equal."""
STRETCH_SECONDS, STRETCH_STEP = 240, 180
"""Seconds of a stretch that is compared at once, and from the beginning of one to that of the next."""
_SLACK: Final = 4
"""Profiles by which a work may differ from its length in seconds: both ends, in either transcription."""


def stretch_count(seconds: float) -> int:
    """How many stretches a recording of this length has: one, and more until the last reaches its end."""
    return max(1, -(-int(seconds - (STRETCH_SECONDS - STRETCH_STEP)) // STRETCH_STEP))


def wrong_harmony(arrays: Arrays) -> str:
    """The name of the first array whose numbers cannot be; empty where there is none.

    Types and shapes are those of ARRAYS.
    """
    return _wrong_ends(arrays) or _wrong_notes(arrays) or _wrong_norms(arrays)


def _wrong_ends(arrays: Arrays) -> str:
    """Each work has its rows, as many as its length in seconds asks for."""
    wholes = (len(arrays[name]) for name in ("chroma", "note_chroma", "starts"))
    ends = np.concatenate([np.zeros((1, 3), dtype=np.int64), arrays["ends"]])
    if not all(map(climbs, ends.T, wholes)):
        return "ends"
    seconds, sizes = arrays["seconds"], np.diff(ends, axis=0)
    if not (np.isfinite(seconds) & (np.abs(seconds * CHROMA_RATE - sizes[:, 0]) <= _SLACK)).all():
        return "seconds"
    return "" if (np.abs(sizes[:, 1] - sizes[:, 0]) <= _SLACK).all() else "ends"


def _wrong_notes(arrays: Arrays) -> str:
    """The notes of a work stand in the order of time, below 2^31 milliseconds."""
    starts = arrays["starts"].astype(np.int64)
    falls = np.flatnonzero(np.diff(starts) < 0) + 1
    sound = {
        "starts": within(starts, 0, 1 << 31) and bool(np.isin(falls, arrays["ends"][:, 2]).all()),
        "pitches": within(arrays["pitches"], 0, 128),
        "voices": within(arrays["voices"], 1, 4),
        "notes_by": bytes(arrays["notes_by"]).isascii(),
    }
    return next((name for name, is_sound in sound.items() if not is_sound), "")


def _wrong_norms(arrays: Arrays) -> str:
    """A row for each stretch of each work, and no deviation that cannot be divided by."""
    norms = arrays["norms"]
    sound = len(norms) == sum(map(stretch_count, arrays["seconds"].tolist()))
    return "" if sound and np.isfinite(norms).all() and (norms[:, 1] > 0).all() else "norms"
