"""The kernel parts that turn addresses into keys: loose on purpose, so that all ways of writing one address agree.

The key of an address leaves out what `addresses.py` forgives: signs that may be written in two ways, parts of a file's
name and parameters that say a size. Whatever has the key of a known address is decided there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel
from countermark.linkage._bytes_kernel import NONE, mixed, slot_of

_PRIME, SEED = np.uint64(0x100000001B3), np.uint64(0xCBF29CE484222325)
_EIGHT, _FORTY, _MIX = np.uint64(8), np.uint64(40), np.uint64(0x9E3779B97F4A7C15)
_DOT, _SLASH, _COLON, _AT, _QUERY, _FRAGMENT, _PERCENT = 0x2E, 0x2F, 0x3A, 0x40, 0x3F, 0x23, 0x25


def _letter_table() -> Any:
    table = np.zeros(256, np.uint8)
    for byte in b"abcdefghijklmnopqrstuvwxyz0123456789":
        table[byte] = byte
    table[0x41:0x5B] = table[0x61:0x7B]
    return table


_LETTER = _letter_table()
"""Of each byte the small letter or the digit that it is; 0 for all others."""


@kernel
def small(byte: int) -> Any:
    return np.int64(byte) | 0x20 if 0x41 <= byte <= 0x5A else np.int64(byte)


@kernel
def bare_host(data: Any, begin: int, end: int) -> tuple[int, int]:
    """A host without user name, port and the dot at its end."""
    for at in range(begin, end):
        if data[at] == _AT:
            begin = at + 1
    at = end
    while at > begin and 0x30 <= data[at - 1] <= 0x39:
        at -= 1
    if at > begin and data[at - 1] == _COLON:
        end = at - 1
    if end > begin and data[end - 1] == _DOT:
        end -= 1
    return begin, end


@inlined
def add_byte(state: Any, byte: int) -> Any:
    return (state ^ np.uint64(byte)) * _PRIME


@kernel
def host_key(data: Any, begin: int, end: int) -> Any:
    """The key of a whole host, from its last letter to its first."""
    state = SEED
    for at in range(end - 1, begin - 1, -1):
        state = add_byte(state, small(data[at]))
    return mixed(state)


@kernel
def after_www(data: Any, begin: int, end: int) -> int:
    """Where a host begins without `www.`."""
    if end - begin <= 4 or data[begin + 3] != _DOT:
        return begin
    is_www = small(data[begin]) == 0x77 and small(data[begin + 1]) == 0x77 and small(data[begin + 2]) == 0x77
    return begin + 4 if is_www else begin


@kernel
def _hex_digit(byte: int) -> int:
    if 0x30 <= byte <= 0x39:
        return byte - 0x30
    byte |= 0x20
    return byte - 0x57 if 0x61 <= byte <= 0x66 else -1


@kernel
def _letters(data: Any, begin: int, end: int) -> Any:
    """The key of the ASCII letters and digits of a text, small, percent signs decoded."""
    state, word, count = SEED, NONE, 0
    at = begin
    while at < end:
        byte = int(data[at])
        if byte == _PERCENT and at + 2 < end:
            first, second = _hex_digit(int(data[at + 1])), _hex_digit(int(data[at + 2]))
            if first >= 0 and second >= 0:
                byte = first * 16 + second
                at += 2
        byte = int(_LETTER[byte])
        if byte != 0:
            word = (word << _EIGHT) | np.uint64(byte)
            count += 1
            if count & 7 == 0:
                state = ((state ^ word) * _MIX) ^ (state >> _FORTY)
                word = NONE
        at += 1
    return ((state ^ word) * _MIX) ^ (state >> _FORTY)


@kernel
def word_key(data: Any, begin: int, end: int) -> Any:
    """The key of a word, or of the name of a parameter, in the tables of them."""
    return mixed(_letters(data, begin, end))


@kernel
def _is_size(data: Any, begin: int, end: int, words: Any) -> bool:
    """Whether a part of a file's name may say a size: `300x200`, `300x`, `b`, `3k`, `scaled`, `grande`."""
    crosses, digits, letters = 0, 0, 0
    for at in range(begin, end):
        byte = small(data[at])
        crosses += byte == 0x78
        digits += 0x30 <= byte <= 0x39
        letters += 0x61 <= byte <= 0x7A
    if letters + digits != end - begin:  # another sign may be written in two ways
        return False
    if crosses == 1 and digits == end - begin - 1 and digits > 0:
        return True
    if end - begin <= 2 and letters > 0:
        return True
    return letters == end - begin and slot_of(word_key(data, begin, end), words) >= 0


@kernel
def _stem(data: Any, begin: int, end: int, words: Any) -> tuple[int, int]:
    """The name of a file without what may say a size: `300px-` before it, parts after `-`, `_`, `@` or `.`."""
    at = begin
    while at < end and 0x30 <= data[at] <= 0x39:
        at += 1
    if at > begin and at + 3 < end and data[at] == 0x70 and data[at + 1] == 0x78 and data[at + 2] == 0x2D:
        begin = at + 3
    dot = end - 1
    while dot > begin and data[dot] != _DOT and end - dot <= 5:
        dot -= 1
    if dot > begin and data[dot] == _DOT:
        end = dot
    at = end - 1
    while at > begin:
        byte = data[at]
        if byte in (0x2D, 0x5F, _AT, _DOT):
            if not _is_size(data, at + 1, end, words):
                break
            end = at
        at -= 1
    return begin, end


@kernel
def _query_key(data: Any, begin: int, end: int, ignored: Any) -> Any:
    """The sum of the keys of a query's parameters, but for those of tracking and of sizes."""
    total = NONE
    at = begin
    while at < end and data[at] != _FRAGMENT:
        stop = at
        equals = -1
        while stop < end and data[stop] != 0x26 and data[stop] != _FRAGMENT:
            if data[stop] == 0x3D and equals < 0:
                equals = stop
            stop += 1
        name_end = equals if equals >= 0 else stop
        if stop > at and slot_of(word_key(data, at, name_end), ignored) < 0:
            start = (small(data[at]) << 24) | (small(data[at + 1]) << 16) | (
                small(data[at + 2]) << 8) | data[at + 3] if name_end - at >= 4 else 0  # fmt: skip
            if start not in (0x75746D5F, 0x6873615F):  # utm_, hsa_
                total += mixed(_letters(data, at, stop))
        if stop < end and data[stop] == _FRAGMENT:
            break
        at = stop + 1
    return total


@kernel
def is_proxy(data: Any, begin: int, end: int) -> bool:
    """Whether a host is i0.wp.com to i3.wp.com: the address is in the path, and the query is the proxy's."""
    return bool(
        end - begin == 9 and small(data[begin]) == 0x69 and data[begin + 2] == _DOT and data[begin + 5] == _DOT
        and small(data[begin + 3]) == 0x77 and small(data[begin + 4]) == 0x70
    )  # fmt: skip


@kernel
def _path_parts(data: Any, begin: int, end: int) -> tuple[int, int, int]:
    """Where the path ends, and where its last part that is not empty begins and ends."""
    path_end = begin
    while path_end < end and data[path_end] != _QUERY and data[path_end] != _FRAGMENT:
        path_end += 1
    last = path_end
    while last > begin and data[last - 1] == _SLASH:
        last -= 1
    first = last
    while first > begin and data[first - 1] != _SLASH:
        first -= 1
    return path_end, first, last


@kernel
def stem_key(data: Any, place_end: int, end: int, words: Any) -> Any:
    """The key of the name of the file alone: what is asked first; 0 where the path has steps like `..`."""
    _, first, last = _path_parts(data, place_end, end)
    for at in range(place_end, last - 1):
        if data[at] == _SLASH and data[at + 1] == _DOT:
            after = at + 3 if at + 2 < last and data[at + 2] == _DOT else at + 2
            if after >= last or data[after] == _SLASH:
                return NONE
    begin, stop = _stem(data, first, last, words)
    return mixed(_letters(data, begin, stop))


@kernel
def address_key(
    data: Any, place: int, place_end: int, end: int, words: Any, ignored: Any, families: Any
) -> Any:
    """The loose key of an address whose host, port and user name are `data[place:place_end]`.

    `families` are the keys of hosts with rules of their own: Flickr's domain, and hosts whose folders may say a size.
    """
    path_end, first, last = _path_parts(data, place_end, end)
    host, host_end = bare_host(data, place, place_end)
    path, proxied = place_end, is_proxy(data, host, host_end)
    if proxied:
        host, host_end = path + 1, path + 1
        while host_end < path_end and data[host_end] != _SLASH:
            host_end += 1
        path = host_end
    host = after_www(data, host, host_end)
    if host_end - host > 16 and host_key(data, host_end - 16, host_end) == families[0]:
        host = host_end - 16
    key = host_key(data, host, host_end)
    if key != families[1] and key != families[2]:
        key ^= _letters(data, path, max(path, first)) * _PRIME
    begin, stop = _stem(data, first, last, words)
    key = mixed(key) ^ _letters(data, begin, stop)
    if not proxied and path_end < end and data[path_end] == _QUERY:
        key ^= _query_key(data, path_end + 1, end, ignored)
    return mixed(key)
