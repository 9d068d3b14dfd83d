"""The kernels that look stored hashes up: digests by their first 16 digits, perceptual hashes within a few bits.

Two hashes of 64 bits that differ in at most 4 agree in one of five bands of 12 or 13 bits (pigeonhole): so every known
hash that is near is compared, and no other but by chance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel
from countermark.linkage._bytes_kernel import LOW_BITS, NONE, SMALL, mixed, slot_of, word_at

if TYPE_CHECKING:
    import numpy.typing as npt

MD5, SHA256, PHASH = 8, 16, 32
"""Flags of a row: its stored hash may be a known one; of a perceptual hash, it is near one."""
NEAR = 4
"""Bits in which two perceptual hashes may differ."""
BANDS = 5
_WIDTH = np.uint64(13)
_BAND_SIZE = 1 << 13
_BAND_MASK = np.uint64(_BAND_SIZE - 1)
_NIBBLES = LOW_BITS * np.uint64(0x0F)
_ONE_BITS, _PAIRS = LOW_BITS * np.uint64(0x55), LOW_BITS * np.uint64(0x33)
_S1, _S2, _S4, _S6, _S8, _S16, _S32, _S56 = (np.uint64(bits) for bits in (1, 2, 4, 6, 8, 16, 32, 56))
_EVERY_SECOND, _EVERY_FOURTH = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0000FFFF0000FFFF)
_LOWER_HALF = np.uint64(0xFFFFFFFF)


@inlined
def _half(word: Any) -> Any:
    """Eight hexadecimal digits as 32 bits, in an order of its own: distances are the same."""
    word = (word & _NIBBLES) + ((word >> _S6) & LOW_BITS) * np.uint64(9)
    word = (word | (word >> _S4)) & _EVERY_SECOND
    word = (word | (word >> _S8)) & _EVERY_FOURTH
    return (word | (word >> _S16)) & _LOWER_HALF


@inlined
def ones(word: Any) -> Any:
    """How many bits are set."""
    word -= (word >> _S1) & _ONE_BITS
    word = (word & _PAIRS) + ((word >> _S2) & _PAIRS)
    return (((word + (word >> _S4)) & _NIBBLES) * LOW_BITS) >> _S56


@kernel
def packed_hash(data: Any, at: int) -> Any:
    """The 64 bits of 16 hexadecimal digits, in the order in which the kernels compare them."""
    return (_half(word_at(data, at) | SMALL) << _S32) | _half(word_at(data, at + 8) | SMALL)


@kernel
def digest_key(data: Any, at: int) -> Any:
    """The key of a digest, from its first 16 digits."""
    first, second = word_at(data, at) | SMALL, word_at(data, at + 8) | SMALL
    return mixed(first ^ (second << np.uint64(3)) ^ (second >> np.uint64(61)))


@kernel
def scan_digests(data: Any, offsets: Any, digits: int, slots: Any, flag: int, flags: Any) -> None:
    """Set `flag` in `flags` uint8[n] where a digest of so many digits may be known."""
    for row in range(offsets.size - 1):
        begin = int(offsets[row])
        if int(offsets[row + 1]) - begin == digits and slot_of(digest_key(data, begin), slots) >= 0:
            flags[row] |= flag


@kernel
def _near(value: Any, hashes: Any, seen: Any, starts: Any, entries: Any) -> bool:
    for band in range(BANDS):
        part = (value >> (np.uint64(band) * _WIDTH)) & _BAND_MASK
        if (seen[band, part >> np.uint64(6)] >> (part & np.uint64(63))) & np.uint64(1) != NONE:
            for at in range(starts[band, part], starts[band, part + np.uint64(1)]):
                if ones(value ^ hashes[entries[band, at]]) <= NEAR:
                    return True
    return False


@kernel
def scan_hashes(
    data: Any, offsets: Any, hashes: Any, seen: Any, starts: Any, entries: Any, flags: Any
) -> None:
    """Set PHASH in `flags` uint8[n] where a perceptual hash of 16 digits is near a known one."""
    for row in range(offsets.size - 1):
        begin = int(offsets[row])
        if int(offsets[row + 1]) - begin == 16 and _near(
            packed_hash(data, begin), hashes, seen, starts, entries
        ):
            flags[row] |= PHASH


def bands_of(hashes: npt.NDArray[np.uint64]) -> tuple[Any, Any, Any]:
    """The bands of known hashes: which parts there are (bits), where those of a part begin, and whose they are."""
    starts = np.zeros((BANDS, _BAND_SIZE + 1), np.int32)
    entries = np.zeros((BANDS, len(hashes)), np.int32)
    seen = np.zeros((BANDS, _BAND_SIZE // 64), np.uint64)
    for band in range(BANDS):
        parts = (hashes >> (np.uint64(band) * _WIDTH) & _BAND_MASK).astype(np.int64)
        entries[band] = np.argsort(parts, kind="stable")
        starts[band, 1:] = np.cumsum(np.bincount(parts, minlength=_BAND_SIZE))
        there = np.unique(parts)
        np.bitwise_or.at(seen[band], there >> 6, np.uint64(1) << (there & 63).astype(np.uint64))
    return seen, starts, entries
