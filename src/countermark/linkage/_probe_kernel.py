"""The kernel that looks the keys of rows up in the table of the catalog."""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel
from countermark.linkage._keys_kernel import (
    ALL_MASK,
    CORE_MASK,
    EXACT,
    KEYS_OF_TITLE,
    NAME_KEYS,
    TITLE_COLUMNS,
    keys_of_row,
    name_keys,
    title_keys,
)

ROW_KEYS = KEYS_OF_TITLE * NAME_KEYS
MOST_PER_ROW = 512
"""Titles of the catalog that one row is compared with at most; a row that has more is counted."""
_MOST_LETTERS_APART = 5
_ONE, _NONE, _BITS = np.uint64(1), np.uint64(0), np.uint64(63)


@inlined
def _ones(value: np.uint64) -> int:
    """How many bits are set."""
    count = 0
    while value != _NONE:
        value &= value - _ONE
        count += 1
        if count > _MOST_LETTERS_APART:
            break
    return count


@inlined
def _near(row: Any, form: Any) -> Any:
    """Whether two titles are written with nearly the same letters, core or whole."""
    apart = _ones(row[CORE_MASK] ^ form[CORE_MASK])
    return apart <= _MOST_LETTERS_APART or _ones(row[ALL_MASK] ^ form[ALL_MASK]) <= _MOST_LETTERS_APART


@kernel
def all_titles(data: Any, offsets: Any, skipped: Any, ending: Any) -> Any:
    """The keys of each title, uint64[n, 9]."""
    out = np.zeros((offsets.size - 1, TITLE_COLUMNS), np.uint64)
    for row in range(offsets.size - 1):
        title_keys(data, offsets[row], offsets[row + 1], skipped, ending, out[row])
    return out


@kernel
def fill_table(
    titles: Any, name_data: Any, name_offsets: Any, name_rows: Any, skipped: Any, keys: Any, forms: Any
) -> int:
    """Write all keys of the titles of the catalog and the titles that they are of; return how many.

    Names of title `i` are `name_rows[i]` to `name_rows[i + 1]`. With `keys` empty they are only counted.
    """
    names, kinds = np.empty(NAME_KEYS, np.uint64), np.empty(NAME_KEYS, np.uint8)
    out, loose = np.empty(ROW_KEYS, np.uint64), np.empty(ROW_KEYS, np.uint8)
    total = 0
    for row in range(titles.shape[0]):
        count = 0
        for at in range(name_rows[row], name_rows[row + 1]):
            count = name_keys(name_data, name_offsets[at], name_offsets[at + 1], skipped, count, names, kinds)
        found = keys_of_row(titles[row], names, kinds, count, out, loose)
        if keys.size:
            for at in range(found):
                keys[total + at] = out[at]
                forms[total + at] = row
        total += found
    return total


@kernel
def place(slots: Any, firsts: Any, seen: Any, keys: Any, starts: Any) -> None:
    """Put each different key and where its titles begin into an open table whose size is a power of two."""
    mask = np.uint64(slots.size - 1)
    seen_mask = np.uint64(seen.size * 64 - 1)
    for at in range(keys.size):
        key = keys[at]
        bit = (key >> np.uint64(20)) & seen_mask
        seen[bit >> np.uint64(6)] |= _ONE << (bit & _BITS)
        slot = key & mask
        while slots[slot] != _NONE:
            slot = (slot + _ONE) & mask
        slots[slot] = key
        firsts[slot] = starts[at]


@kernel
def candidates(  # noqa: PLR0912  one loop, compiled whole
    titles: Any, name_data: Any, name_offsets: Any, name_rows: Any, skipped: Any,
    slots: Any, firsts: Any, seen: Any, counts: Any, forms: Any, form_titles: Any, pairs: Any,
) -> tuple[int, int]:  # fmt: skip
    """Fill `pairs` int32[m, 2] with (row, title of the catalog); return (pairs, rows that had too many).

    Where `pairs` has no room for all, the first result is negative: try again with more.
    """
    names, kinds = np.empty(NAME_KEYS, np.uint64), np.empty(NAME_KEYS, np.uint8)
    keys, loose = np.empty(ROW_KEYS, np.uint64), np.empty(ROW_KEYS, np.uint8)
    mask, seen_mask = np.uint64(slots.size - 1), np.uint64(seen.size * 64 - 1)
    total, curbed = 0, 0
    for row in range(titles.shape[0]):
        if total + MOST_PER_ROW > pairs.shape[0]:
            return -1 - total, curbed
        count = 0
        for at in range(name_rows[row], name_rows[row + 1]):
            count = name_keys(name_data, name_offsets[at], name_offsets[at + 1], skipped, count, names, kinds)
        first = total
        for at in range(keys_of_row(titles[row], names, kinds, count, keys, loose)):
            bit = (keys[at] >> np.uint64(20)) & seen_mask
            if (seen[bit >> np.uint64(6)] >> (bit & _BITS)) & _ONE == _NONE:
                continue
            slot = keys[at] & mask
            while slots[slot] != _NONE and slots[slot] != keys[at]:
                slot = (slot + _ONE) & mask
            if slots[slot] == _NONE:
                continue
            for place_ in range(firsts[slot], firsts[slot] + counts[firsts[slot]]):
                form = forms[place_]
                if loose[at] and not _near(titles[row], form_titles[form]):
                    continue
                known = False
                for earlier in range(first, total):
                    if pairs[earlier, 1] == form:
                        known = True
                        break
                if known:
                    continue
                if total - first >= MOST_PER_ROW:
                    curbed += 1
                    break
                pairs[total, 0], pairs[total, 1] = row, form
                total += 1
    return total, curbed


@kernel
def count_titles(titles: Any, known: Any, counts: Any) -> None:
    """Count in `counts` how often each of the sorted keys `known` is the core of a title."""
    for row in range(titles.shape[0]):
        at = np.searchsorted(known, titles[row, EXACT])
        if at < known.size and known[at] == titles[row, EXACT]:
            counts[at] += 1
