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
FREE_LOWS: Final = np.array([4, 20, 40], dtype=np.int64)
FREE_HIGHS: Final = np.array([18, 38, 60], dtype=np.int64)
"""Frames after the anchor: the slots of the first family."""
FIXED_LOWS: Final = np.array([2, 17], dtype=np.int64)
FIXED_HIGHS: Final = np.array([16, 40], dtype=np.int64)
"""Those of the second."""
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
    """Constellations of a work: keys uint64[n], number of the anchor peak uint32[n], which peaks follow uint16[n]."""

    keys: npt.NDArray[np.uint64]
    anchors: npt.NDArray[np.uint32]
    details: npt.NDArray[np.uint16]


def packed(features: Features) -> npt.NDArray[np.uint32]:
    """The peaks as uint32[n]: frame << 9 | pitch."""
    return features.times.astype(np.uint32) << np.uint32(9) | features.pitches.astype(np.uint32)


def hashes(peaks: npt.NDArray[np.uint32], ranks: npt.NDArray[np.uint8], first: int) -> Hashes:
    """The constellations of a work's packed peaks, the number of whose first is `first`."""
    room = len(peaks) * (FREE_A_PEAK + FIXED_A_PEAK)
    keys = np.empty(room, dtype=np.uint64)
    anchors, details = np.empty(room, dtype=np.uint32), np.empty(room, dtype=np.uint16)
    out = (keys, anchors, details)
    count = kernel.free_of_work(peaks, ranks, first, FREE_LOWS, FREE_HIGHS, FREE_PICKS, FREE_A_PEAK, *out, 0)
    count = kernel.fixed_of_work(
        peaks, ranks, first, FIXED_LOWS, FIXED_HIGHS, FIXED_PICKS, FIXED_A_PEAK, *out, count
    )
    return Hashes(keys[:count].copy(), anchors[:count].copy(), details[:count].copy())
