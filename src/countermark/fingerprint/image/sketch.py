"""A sketch: 128 bytes that are kept of a picture, so that a work registered later can be looked for.

Bytes 0 to 31 are the PDQ hash of all of it, 32 to 63 that of the part within its borders (the same where it has none),
each zero where there is too little to see. Bytes 64 to 127 are eight keys, one for each of eight local features that
are spread over the scales; a key is a uint64, little-endian, 0 where there is none:

    bits 0 to 45    every 256/46th bit of the feature's code
    bits 46 to 55   x, then y, in 32nds of the longer side
    bits 56 to 59   direction, in 16ths of a turn
    bits 60 to 63   size as a share of the longer side: 1.5^value / 1024
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from countermark.fingerprint.image.pdq import parts

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.fingerprint.image.features import Features
    from countermark.fingerprint.image.pdq import Part

SKETCH_SCHEME = "image-sketch-v1"
SKETCH_BYTES, KEYS = 128, 8
CODE_BITS, PLACES, TURNS, SIZES = 46, 32, 16, 16
SIZE_STEP, SIZE_UNIT = 1.5, 1 / 1024
FINEST = 1.5
"""Features seen in a finer layer of the pyramid than this are not kept if there are enough others."""


def sketch(grey: npt.NDArray[np.uint8], features: Features) -> npt.NDArray[np.uint8]:
    """The sketch uint8[128] of a picture uint8[h, w] and its features, as `extract` gives them."""
    return sketch_of(parts(grey, of_work=False), features)


def sketch_of(found: list[Part], features: Features) -> npt.NDArray[np.uint8]:
    """The same from hashes that were computed already."""
    out = np.zeros((SKETCH_BYTES // 8), dtype="<u8")
    for part in found:
        is_whole = bool((part.unit == (0, 0, 1, 1)).all())
        if is_whole:
            out[0:4] = part.states[0]
        if not is_whole or not out[4:8].any():
            out[4:8] = part.states[0]
    keys = _keys(features)
    out[8 : 8 + len(keys)] = keys
    return out.view(np.uint8)


def code_keys(codes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The bits of codes uint64[n, 4] that stand in keys, uint64[n]."""
    keys = np.zeros(len(codes), dtype=np.uint64)
    for at in range(CODE_BITS):
        bit = at * 256 // CODE_BITS
        keys |= ((codes[:, bit >> 6] >> np.uint64(bit & 63)) & np.uint64(1)) << np.uint64(at)
    return keys


def _keys(features: Features) -> npt.NDArray[np.uint64]:
    """The keys of the features that are kept: evenly from the order they stand in, which is from fine to coarse."""
    kept = np.flatnonzero(features.sizes >= FINEST)
    if len(kept) < KEYS:
        kept = np.arange(len(features))
    kept = kept[np.unique(np.arange(KEYS) * (len(kept) - 1) // (KEYS - 1))] if len(kept) else kept
    longest = max(features.width, features.height)
    places = np.clip((features.points[kept].astype(np.float64) + 0.5) / longest, 0, 1) * PLACES
    x, y = np.minimum(places.astype(np.uint64), PLACES - 1).T
    turns = (
        np.floor(features.angles[kept].astype(np.float64) / (2 * math.pi) * TURNS).astype(np.int64) % TURNS
    )
    shares = np.log(features.sizes[kept].astype(np.float64) / longest / SIZE_UNIT) / math.log(SIZE_STEP)
    sizes = np.clip(np.rint(shares), 0, SIZES - 1).astype(np.uint64)
    upper = x | y << np.uint64(5) | turns.astype(np.uint64) << np.uint64(10) | sizes << np.uint64(14)
    keys: npt.NDArray[np.uint64] = code_keys(features.codes[kept]) | upper << np.uint64(CODE_BITS)
    return keys
