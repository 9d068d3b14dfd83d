"""Hashes of windows: published vectors, and that every letter counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.fingerprint._hash_kernel import hash_windows, keyed_hash, quick_hash
from countermark.fingerprint.scheme import NO_KEY, key_of

# Aumasson and Bernstein, "SipHash", appendix A and reference vectors: key 00..0f, message 00, 01, ...
SIPHASH = {0: 0x726FDB47DD0E0E31, 1: 0x74F839C593DC67FD, 8: 0x93F5F5799A932462, 15: 0xA129CA6149BE45E5}


@pytest.mark.parametrize("length", SIPHASH)
def test_keyed_hash_is_siphash(length: int) -> None:
    """The keyed hash agrees with the published vectors."""
    message = np.zeros(64, dtype=np.uint8)
    message[:length] = np.arange(length)
    key = np.frombuffer(bytes(range(16)), dtype="<u8")
    assert int(keyed_hash(message, 0, length, key)) == SIPHASH[length]


@given(st.integers(8, 64), st.data())
def test_every_letter_counts(window: int, data: st.DataObject) -> None:
    """Changing one letter of a window changes its hash; changing a letter outside does not."""
    letters = np.frombuffer(bytes(data.draw(st.binary(min_size=80, max_size=80))), dtype=np.uint8).copy()
    position = data.draw(st.integers(0, window - 1))
    before = quick_hash(letters, 0, window)
    letters[window] ^= 1
    assert quick_hash(letters, 0, window) == before
    letters[position] ^= 1
    assert quick_hash(letters, 0, window) != before


@pytest.mark.parametrize("window", [8, 15, 16, 17, 20, 24, 25, 40])
@pytest.mark.parametrize("key", [NO_KEY, key_of(b"a salt of some bytes")], ids=["quick", "keyed"])
def test_many_windows_equal_one(window: int, key: npt.NDArray[np.uint64]) -> None:
    """Hashing in blocks gives what hashing one by one gives."""
    letters = np.arange(200, dtype=np.uint8)
    starts = np.array([5, 0, 9, 100], dtype=np.uint32)
    hashes = np.zeros(2, dtype=np.uint64)
    hash_windows(letters, starts, 1, 2, window, key, hashes)
    one = [
        keyed_hash(letters, at, window, key) if len(key) else quick_hash(letters, at, window) for at in (0, 9)
    ]
    assert hashes.tolist() == [int(value) for value in one]


def test_salts_give_different_hashes() -> None:
    """Two salts, two keys; the same salt, the same key."""
    assert key_of(b"one").tolist() != key_of(b"two").tolist()
    assert key_of(b"one").tolist() == key_of(b"one").tolist()
