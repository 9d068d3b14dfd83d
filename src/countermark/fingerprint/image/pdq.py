"""PDQ: 256 bits of a picture as a whole, as exchanged between banks of hashes.

The recipe is the one of Facebook's PDQ (2019: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
Algorithm", and github.com/facebook/ThreatExchange, folder pdq/), computed in another way. Blurring twice with a box and
taking 64 by 64 samples is linear and separable, so both together are two thin matrices that depend on one length each;
here they are made once per length and applied directly. The reference sums in float32 along the picture, this in
float64, so a coefficient within rounding of the median may fall on the other side.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from countermark.errors import InputError
from countermark.fingerprint.image import _pdq_kernel as kernels
from countermark.fingerprint.image.trim import Box, trimmed

if TYPE_CHECKING:
    import numpy.typing as npt

SMALLEST = 5
"""Pixels of a side below which there is no hash (all bits clear, quality 0), as in the reference."""

USABLE = 50
"""The quality below which the reference advises not to compare a hash."""

LEAST_QUALITY = 20
"""The quality below which `parts` leaves a part out; lower than USABLE, since what is found by it is confirmed."""

_SQUARE = 1.05

STATES = ("as is", "left", "half", "right", "upside down", "mirrored", "main diagonal", "other diagonal")
"""What is done to a picture before it is hashed, in the reference's order.

Turned by 0, 90 (to the left), 180 and 270 degrees; then top and bottom exchanged, left and right exchanged, rows and
columns exchanged (along the diagonal from the top left corner), and the same along the other diagonal.
"""

STATE_MAPS: npt.NDArray[np.float64] = np.array(
    [
        [[1, 0, 0], [0, 1, 0]],
        [[0, -1, 1], [1, 0, 0]],
        [[-1, 0, 1], [0, -1, 1]],
        [[0, 1, 0], [-1, 0, 1]],
        [[1, 0, 0], [0, -1, 1]],
        [[-1, 0, 1], [0, 1, 0]],
        [[0, 1, 0], [1, 0, 0]],
        [[0, -1, 1], [-1, 0, 1]],
    ],
    dtype=np.float64,
)
"""float64[8, 2, 3]: takes the unit square of the picture in each state to that of the picture as it is."""

# sign patterns (rows, columns) of the coefficients, and which state each gives as it stands and transposed
_SIGNS = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], dtype=np.int64)
_STRAIGHT = np.array([0, 4, 5, 2], dtype=np.int64)
_CROSSED = np.array([6, 3, 1, 7], dtype=np.int64)
_FIRST_ONLY = (_SIGNS[:1], _STRAIGHT[:1], np.array([-1], dtype=np.int64))


class Whole(NamedTuple):
    """The hashes of one picture: `states` uint64[8, 4], in the order of STATES; `quality` from 0 to 100."""

    states: npt.NDArray[np.uint64]
    quality: int


def pdq(grey: npt.NDArray[np.uint8], part: Box | None = None) -> tuple[npt.NDArray[np.uint64], int]:
    """The hash of a grey picture uint8[h, w], or of a part of it: uint64[4] and the quality, 0 to 100.

    Bit i of the hash stands in word i // 64 at i % 64; coefficient (row, column) of the DCT is bit 16·row + column.
    """
    out = np.zeros((1, 4), dtype=np.uint64)
    dct, quality = _coefficients(grey, part)
    if dct is not None:
        signs, straight, crossed = _FIRST_ONLY
        kernels.bits_of_states(dct, signs, straight, crossed, out)
    return out[0], quality


def pdq_states(grey: npt.NDArray[np.uint8], part: Box | None = None) -> npt.NDArray[np.uint64]:
    """The hashes of a picture in its 8 positions, uint64[8, 4], in the order of STATES."""
    return whole(grey, part).states


def whole(grey: npt.NDArray[np.uint8], part: Box | None = None) -> Whole:
    """The hashes in all 8 positions and the quality, from one reduction of the picture."""
    out = np.zeros((len(STATES), 4), dtype=np.uint64)
    dct, quality = _coefficients(grey, part)
    if dct is not None:
        kernels.bits_of_states(dct, _SIGNS, _STRAIGHT, _CROSSED, out)
    return Whole(out, quality)


class Part(NamedTuple):
    """A part of a picture that is hashed by itself: `unit` float64[4], left, top, right, bottom in its unit square."""

    unit: npt.NDArray[np.float64]
    states: npt.NDArray[np.uint64]
    quality: int


def parts(grey: npt.NDArray[np.uint8], *, of_work: bool) -> list[Part]:
    """The parts of a picture that are hashed: all of it, and what is within its borders (see `trimmed`), if it has any.

    Of a work also the square in its middle, which is what training sets often keep of a picture; the work's side of the
    lookup is the cheaper one to add it to. Parts with too little to see in them are left out.
    """
    height, width = grey.shape
    boxes = [Box(0, 0, width, height)]
    if (inner := trimmed(grey)) is not None:
        boxes.append(inner)
    side = min(width, height)
    if of_work and max(width, height) > _SQUARE * side:
        left, top = (width - side) // 2, (height - side) // 2
        boxes.append(Box(left, top, left + side, top + side))
    size = np.array([width, height, width, height], dtype=np.float64)
    hashed = [(box, whole(grey, box)) for box in boxes]
    return [Part(np.array(box) / size, *each) for box, each in hashed if each.quality >= LEAST_QUALITY]


def in_states(pdq_hash: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The hashes uint64[8, 4] of the picture's 8 positions, from its hash alone, in the order of STATES.

    A change of a coefficient's sign turns its bit round. That holds but for the median, which moves a little: a few
    bits may differ from those of `pdq_states`.
    """
    bits = np.unpackbits(pdq_hash.astype("<u8").view(np.uint8), bitorder="little").reshape(
        kernels.KEPT, kernels.KEPT
    )
    odd = 1 - np.arange(kernels.KEPT, dtype=np.uint8) % 2
    out = np.empty((len(STATES), 4), dtype=np.uint64)
    for (rows, columns), straight, crossed in zip(_SIGNS.tolist(), _STRAIGHT, _CROSSED, strict=True):
        turned = bits ^ (odd * rows)[:, None] ^ (odd * columns)[None, :]
        out[straight] = np.packbits(turned, bitorder="little").view("<u8")
        out[crossed] = np.packbits(turned.T, bitorder="little").view("<u8")
    return out


def to_hex(pdq_hash: npt.NDArray[np.uint64]) -> str:
    """64 hexadecimal digits, the highest bit first, as the reference writes them."""
    return "".join(f"{int(word):016x}" for word in pdq_hash[::-1])


def from_hex(text: str) -> npt.NDArray[np.uint64]:
    """Read 64 hexadecimal digits. Raises InputError."""
    if (
        len(text) != 64 or not text.isascii() or not text.isalnum()
    ):  # int() alone takes signs, spaces, underscores
        raise InputError(f"no PDQ hash: 64 hexadecimal digits are expected, not {text[:80]!r}")
    try:
        words = [int(text[start : start + 16], 16) for start in range(48, -1, -16)]
    except ValueError:
        raise InputError(f"no PDQ hash: {text!r} has characters that are no hexadecimal digits") from None
    return np.array(words, dtype=np.uint64)


def _coefficients(
    grey: npt.NDArray[np.uint8], part: Box | None
) -> tuple[npt.NDArray[np.float64] | None, int]:
    """The lowest 16 by 16 coefficients without the constant ones, and the quality; None where it is too small."""
    height, width = grey.shape
    left, top, right, bottom = part or (0, 0, width, height)
    if min(right - left, bottom - top) < SMALLEST:
        return None, 0
    small = np.empty((kernels.SIDE, kernels.SIDE))
    down_start, down = _weights(bottom - top)
    along_start, along = _weights(right - left)
    kernels.reduce_part(np.ascontiguousarray(grey), left, top, down_start, down, along_start, along, small)
    dct = np.empty((kernels.KEPT, kernels.KEPT))
    kernels.transform(small, _cosines(), dct)
    return dct, int(kernels.quality_of(small))


@lru_cache(maxsize=1)
def _cosines() -> npt.NDArray[np.float64]:
    """The rows 1 to 16 of the DCT of 64 points, rounded to float32 as in the reference: no library's cosine shows."""
    scale = np.float32(math.sqrt(2.0 / kernels.SIDE))
    rows = [
        [
            math.cos(math.pi / 2 / kernels.SIDE * (row + 1) * (2 * column + 1))
            for column in range(kernels.SIDE)
        ]
        for row in range(kernels.KEPT)
    ]
    return (np.array(rows) * np.float64(scale)).astype(np.float32).astype(np.float64)


@lru_cache(maxsize=512)
def _weights(length: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """How each of 64 samples along `length` pixels comes about: its first pixel int64[64], weights float64[64, t].

    Two passes of a box of ⌈length / 128⌉ pixels, cut off at the ends and divided by what is left of it; then the pixel
    in the middle of each 64th. All rows have the same number of weights t, at most 2·⌈length / 128⌉; the rest are 0.
    """
    box = -(-length // (2 * kernels.SIDE))
    starts = np.zeros(kernels.SIDE, dtype=np.int64)
    weights = np.zeros((kernels.SIDE, min(length, 2 * box)))
    kernels.fill_weights(length, box, starts, weights)
    return starts, weights
