"""Sorting fingerprints by hash, in memory; merging runs that were sorted so; and hashing whole stretches of a catalog.

The sort is a radix sort by bytes from the lowest up, which keeps the order of equal hashes, in time that grows with the
number of fingerprints only.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.fingerprint._hash_kernel import hash_windows
from countermark.fingerprint._sample_kernel import sample_anchors
from countermark.fingerprint._surprise_kernel import anchors_between, count_words
from countermark.kernels.compiling import kernel

_BYTE = np.uint64(255)


@kernel
def _pass(hashes: Any, postings: Any, to_hashes: Any, to_postings: Any, shift: int) -> bool:
    """Order by one byte of the hashes into the other pair of arrays; return False where all have the same one."""
    bits = np.uint64(shift)
    places = np.zeros(257, dtype=np.int64)
    for entry in range(hashes.size):
        places[np.int64((hashes[entry] >> bits) & _BYTE) + 1] += 1
    if hashes.size == 0 or places[np.int64((hashes[0] >> bits) & _BYTE) + 1] == hashes.size:
        return False
    for byte in range(256):
        places[byte + 1] += places[byte]
    for entry in range(hashes.size):
        own = np.int64((hashes[entry] >> bits) & _BYTE)
        to_hashes[places[own]], to_postings[places[own]] = hashes[entry], postings[entry]
        places[own] += 1
    return True


@kernel
def sort_run(hashes: Any, postings: Any, other_hashes: Any, other_postings: Any) -> bool:
    """Sort by hash, equal ones as they stand; return whether the result is in the other pair of arrays.

    All four arrays uint64[n].
    """
    is_other = False
    for byte in range(8):
        if is_other:
            done = _pass(other_hashes, other_postings, hashes, postings, 8 * byte)
        else:
            done = _pass(hashes, postings, other_hashes, other_postings, 8 * byte)
        is_other = is_other != done
    return is_other


@kernel
def merge_runs(hashes: Any, postings: Any, bounds: Any, to_hashes: Any, to_postings: Any) -> int:
    """Merge sorted runs until one is used up or the result is full; return how many entries were merged.

    Run r is `hashes[bounds[r, 0]:bounds[r, 1]]`; `bounds` int64[runs, 2] is moved on. Of equal hashes, those of the
    earlier run come first.
    """
    runs = bounds.shape[0]
    count = 0
    while count < to_hashes.size:
        best = -1
        least = np.uint64(0)
        for run in range(runs):
            if bounds[run, 0] < bounds[run, 1]:
                value = hashes[bounds[run, 0]]
                if best < 0 or value < least:
                    best, least = run, value
        if best < 0:
            break
        place = bounds[best, 0]
        to_hashes[count], to_postings[count] = hashes[place], postings[place]
        count += 1
        bounds[best, 0] = place + 1
        if place + 1 == bounds[best, 1]:
            break
    return count


@kernel
def keep_first_places(hashes: Any, most: int, last: Any, keep: Any) -> int:
    """Mark in `keep` the first `most` entries of each hash (sorted); return how many are dropped.

    `last` uint64[2], the hash before and how many there were of it, carries over from one block to the next.
    """
    dropped = 0
    for entry in range(hashes.size):
        if last[1] > 0 and hashes[entry] == last[0]:
            last[1] += np.uint64(1)
        else:
            last[0], last[1] = hashes[entry], np.uint64(1)
        keep[entry] = last[1] <= np.uint64(most)
        if not keep[entry]:
            dropped += 1
    return dropped


@kernel
def fingerprint_assets(
    letters: Any, breaks: Any, bounds: Any, window: int, stride: int, key: Any, hashes: Any, postings: Any
) -> int:
    """Hash the indexed windows of several assets, one after another; return their number.

    Asset a is `letters[bounds[a, 0]:bounds[a, 1]]`; `breaks` has one bit for each of `letters`, and after each asset at
    least eight bytes can be read. `postings` are filled with places in `letters`.
    """
    longest = 0
    for asset in range(bounds.shape[0]):
        longest = max(longest, bounds[asset, 1] - bounds[asset, 0])
    anchors, taken = np.empty(longest, dtype=np.int32), np.empty(longest, dtype=np.uint32)
    count = 0
    for asset in range(bounds.shape[0]):
        start, end = bounds[asset, 0], bounds[asset, 1]
        found = anchors_between(breaks, start, end, anchors)
        number = sample_anchors(letters[start:end], anchors[:found], window, stride, taken)
        hash_windows(letters[start:], taken, 0, number, window, key, hashes[count:])
        for entry in range(number):
            postings[count + entry] = np.uint64(start) + np.uint64(taken[entry])
        count += number
    return count


@kernel
def count_assets(letters: Any, breaks: Any, bounds: Any, counts: Any) -> int:
    """Add the words and pairs of several assets to `counts`; return the number of words. Arguments as above."""
    longest = 0
    for asset in range(bounds.shape[0]):
        longest = max(longest, bounds[asset, 1] - bounds[asset, 0])
    anchors = np.empty(longest, dtype=np.int32)
    words = 0
    for asset in range(bounds.shape[0]):
        start, end = bounds[asset, 0], bounds[asset, 1]
        found = anchors_between(breaks, start, end, anchors)
        count_words(letters[start:end], anchors[:found], counts)
        words += found
    return words
