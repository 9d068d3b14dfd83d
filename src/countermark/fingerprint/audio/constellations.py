"""Constellations: a few peaks taken together, whose geometry is the key under which a recording is looked up.

Two families stand side by side. The *free* one takes four peaks; its key is made of three differences of pitch and
two ratios of durations, which change of key, tempo or speed leaves alone (ratios as in the triples of Six and Leman,
"Panako", ISMIR 2014, and the quads of Sonnleitner and Widmer, IEEE TASLP 24, 2016). The *fixed* one takes three peaks
with their pitch and durations as they are (as Wang's pairs, ISMIR 2003): fewer peaks survive under speech or other
music, and what is mixed is rarely shifted as well. Followers are taken from slots of time after the anchor, the
strongest of each slot, so that peaks of another sound between them do not change which are taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from countermark.fingerprint.audio import _constellation_kernel as kernel

if TYPE_CHECKING:
    from countermark.fingerprint.audio.features import Features

WORK_RANKS: Final = 6
"""Peaks of a band and second that are indexed of a work; a query uses more, since what is laid over it adds its own."""
FREE_A_PEAK, FIXED_A_PEAK = 3, 3
"""Constellations of each family that an anchor has at most."""
FREE_PICKS: Final = np.array(
    [
        *([0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]),
        *([2, 0, 0], [0, 2, 0], [0, 0, 2], [1, 1, 1]),
    ],
    dtype=np.int64,
)
FIXED_PICKS: Final = np.array(
    [[0, 0], [1, 0], [0, 1], [1, 1], [2, 0], [0, 2], [2, 1], [1, 2]], dtype=np.int64
)
"""Which followers are taken together: how strong each is among those of its slot."""


class Hashes(NamedTuple):
    """Constellations of a work: keys uint64[n], and postings uint64[n]: frame of the anchor << 32 | shape."""

    keys: npt.NDArray[np.uint64]
    postings: npt.NDArray[np.uint64]


def packed(features: Features) -> npt.NDArray[np.uint32]:
    """The peaks as uint32[n]: frame << 9 | pitch."""
    return features.times.astype(np.uint32) << np.uint32(9) | features.pitches.astype(np.uint32)


def hashes(peaks: npt.NDArray[np.uint32], ranks: npt.NDArray[np.uint8], begin: int) -> Hashes:
    """The constellations of a work's packed peaks; `begin` is added to their frames, which then fit in 32 bits."""
    room = len(peaks) * (FREE_A_PEAK + FIXED_A_PEAK)
    keys, postings = np.empty(room, dtype=np.uint64), np.empty(room, dtype=np.uint64)
    count = kernel.of_work(
        peaks, ranks, begin, FREE_PICKS, FREE_A_PEAK, FIXED_PICKS, FIXED_A_PEAK, keys, postings
    )
    return Hashes(keys[:count], postings[:count])
