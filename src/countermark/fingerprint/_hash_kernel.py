"""Hashing windows of letters: one quick function for full indices, one keyed function for sealed ones.

Quick: three rounds of xor, multiply, shift, one per eight letters; every round is a bijection of the state, so two
windows that differ in one load never collide by construction. Keyed: SipHash-2-4 (Aumasson and Bernstein 2012) under
a 128-bit key: without the key the hashes of a sealed index cannot be guessed back into words.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel
from countermark.kernels.machine import load64

_K1 = np.uint64(0x9E3779B97F4A7C15)
_K2 = np.uint64(0xC2B2AE3D27D4EB4F)
_K3 = np.uint64(0x165667B19E3779F9)
_S32 = np.uint64(32)
_S29 = np.uint64(29)


@inlined
def quick_hash(letters: Any, start: int, window: int) -> np.uint64:
    """Hash `letters[start:start + window]`; window >= 8. Windows overlap their last two loads when need be."""
    state = np.uint64(window) * _K1
    position = start
    last = start + window - 8
    while position < last:
        state = (state ^ load64(letters, position)) * _K2
        state ^= state >> _S32
        position += 8
    state = (state ^ load64(letters, last)) * _K3
    state ^= state >> _S29
    state *= _K1
    return state ^ (state >> _S32)


@inlined
def _rotate(value: np.uint64, bits: int) -> np.uint64:
    return (value << np.uint64(bits)) | (value >> np.uint64(64 - bits))


@kernel
def _sip_round(
    v0: np.uint64, v1: np.uint64, v2: np.uint64, v3: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    v0 += v1
    v1 = _rotate(v1, 13) ^ v0
    v0 = _rotate(v0, 32)
    v2 += v3
    v3 = _rotate(v3, 16) ^ v2
    v0 += v3
    v3 = _rotate(v3, 21) ^ v0
    v2 += v1
    v1 = _rotate(v1, 17) ^ v2
    v2 = _rotate(v2, 32)
    return v0, v1, v2, v3


@kernel
def keyed_hash(letters: Any, start: int, window: int, key: Any) -> np.uint64:
    """SipHash-2-4 of `letters[start:start + window]` under `key`, two uint64."""
    v0 = key[0] ^ np.uint64(0x736F6D6570736575)
    v1 = key[1] ^ np.uint64(0x646F72616E646F6D)
    v2 = key[0] ^ np.uint64(0x6C7967656E657261)
    v3 = key[1] ^ np.uint64(0x7465646279746573)
    whole = window // 8
    for block in range(whole):
        word = load64(letters, start + 8 * block)
        v3 ^= word
        v0, v1, v2, v3 = _sip_round(v0, v1, v2, v3)
        v0, v1, v2, v3 = _sip_round(v0, v1, v2, v3)
        v0 ^= word
    word = np.uint64(window & 0xFF) << np.uint64(56)
    for index in range(8 * whole, window):
        word |= np.uint64(letters[start + index]) << np.uint64(8 * (index - 8 * whole))
    v3 ^= word
    v0, v1, v2, v3 = _sip_round(v0, v1, v2, v3)
    v0, v1, v2, v3 = _sip_round(v0, v1, v2, v3)
    v0 ^= word
    v2 ^= np.uint64(0xFF)
    for _ in range(4):
        v0, v1, v2, v3 = _sip_round(v0, v1, v2, v3)
    return v0 ^ v1 ^ v2 ^ v3


@inlined
def _three_loads(letters: Any, start: int, last: int, state: np.uint64) -> np.uint64:
    """`quick_hash` of a window of 17 to 24 letters, without its loop."""
    state = (state ^ load64(letters, start)) * _K2
    state ^= state >> _S32
    state = (state ^ load64(letters, start + 8)) * _K2
    state ^= state >> _S32
    state = (state ^ load64(letters, start + last)) * _K3
    state ^= state >> _S29
    state *= _K1
    return state ^ (state >> _S32)


@kernel
def hash_windows(
    letters: Any, starts: Any, first: int, number: int, window: int, key: Any, hashes: Any
) -> None:
    """Fill `hashes[j]` with the hash of the window at `starts[first + j]`, j < number.

    `key` of length 0 means the quick hash.
    """
    if key.size == 2:
        for index in range(number):
            hashes[index] = keyed_hash(letters, np.int64(starts[first + index]), window, key)
    elif 16 < window <= 24:
        state = np.uint64(window) * _K1
        for index in range(number):
            hashes[index] = _three_loads(letters, np.int64(starts[first + index]), window - 8, state)
    else:
        for index in range(number):
            hashes[index] = quick_hash(letters, np.int64(starts[first + index]), window)
