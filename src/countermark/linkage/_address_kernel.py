"""The kernel that reads addresses: whether it is one, on a host that is sought, and maybe a known address or variant.

Nearly every row ends at the second question: the end of the host is found eight bytes at a time, and its last letters
are looked up in a filter of bits. What follows is for the few rows left. The key of an address is loose on purpose: all
ways of writing one address, and all sizes of one picture, have one key. `addresses.py` decides afterwards.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel
from countermark.linkage._address_key_kernel import (
    SEED,
    add_byte,
    address_key,
    after_www,
    bare_host,
    host_key,
    is_proxy,
    small,
    stem_key,
    word_key,
)
from countermark.linkage._bytes_kernel import HIGH_BITS, LOW_BITS, NONE, ONE, SMALL, mixed, slot_of, word_at

SITE, WORK_HOST, ADDRESS = 1, 2, 4
"""Flags of a row: its host is of a site that was given; of a known address; it may be that address."""
EMPTY, DATA, NO_ADDRESS, TOO_LONG, NOT_UTF8 = 1, 2, 3, 4, 5
"""Why a row has no address that can be compared."""
MAX_ADDRESS = 1 << 13
"""Bytes of an address; longer ones are refused. Servers and browsers take less (RFC 9110 asks for 8,000)."""
FILTER_BITS = 16

_HTTP, _HTTPS = (
    np.uint64(0x002F2F3A70747468),
    np.uint64(0x2F2F3A7370747468),
)  # "http://", "https://", read backwards
_SEVEN = np.uint64(0x00FFFFFFFFFFFFFF)
_SLASHES, _MARKS, _HASHES = LOW_BITS * np.uint64(0x2F), LOW_BITS * np.uint64(0x3F), LOW_BITS * np.uint64(0x23)
_SHIFT = np.uint64(64 - FILTER_BITS)
_SIX, _BIT = np.uint64(6), np.uint64(63)
_DOT, _SLASH, _COLON, _QUERY, _FRAGMENT = 0x2E, 0x2F, 0x3A, 0x3F, 0x23


@inlined
def _has_zero(word: Any) -> Any:
    return (word - LOW_BITS) & ~word & HIGH_BITS


@kernel
def _host_end(data: Any, begin: int, end: int) -> int:
    """Where the part between `//` and the path, query or fragment ends."""
    at = begin
    while at + 8 <= end:
        word = word_at(data, at)
        if (_has_zero(word ^ _SLASHES) | _has_zero(word ^ _MARKS) | _has_zero(word ^ _HASHES)) != NONE:
            break
        at += 8
    while at < end and data[at] != _SLASH and data[at] != _QUERY and data[at] != _FRAGMENT:
        at += 1
    return at


@kernel
def _is_ascii(data: Any, begin: int, end: int) -> Any:
    seen = NONE
    at = begin
    while at + 8 <= end:
        seen |= word_at(data, at)
        at += 8
    while at < end:
        seen |= np.uint64(data[at])
        at += 1
    return (seen & HIGH_BITS) == NONE


@kernel
def _is_utf8(data: Any, begin: int, end: int) -> bool:
    """Whether bytes are UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF."""
    at = begin
    while at < end:
        first = data[at]
        if first < 0x80:
            at += 1
            continue
        if 0xC2 <= first <= 0xDF:
            more, low, high = 1, 0x80, 0xBF
        elif 0xE0 <= first <= 0xEF:
            more = 2
            low, high = (0xA0 if first == 0xE0 else 0x80), (0x9F if first == 0xED else 0xBF)
        elif 0xF0 <= first <= 0xF4:
            more = 3
            low, high = (0x90 if first == 0xF0 else 0x80), (0x8F if first == 0xF4 else 0xBF)
        else:
            return False
        if at + more >= end or data[at + 1] < low or data[at + 1] > high:
            return False
        for later in range(2, more + 1):
            if data[at + later] & 0xC0 != 0x80:
                return False
        at += more + 1
    return True


@kernel
def _after_slashes(data: Any, begin: int, end: int) -> int:
    """Where the host begins in an address that is not written in the usual way; less than 0: minus the reason."""
    at = begin
    while at < end and data[at] <= 0x20:
        at += 1
    if at == end:
        return -EMPTY
    scheme = at
    while at < end and at - scheme < 8 and data[at] != _COLON and data[at] != _SLASH:
        at += 1
    length = at - scheme
    kept = NONE
    for place in range(scheme, at):
        kept = (kept << np.uint64(8)) | np.uint64(small(data[place]))
    if at < end and data[at] == _COLON:
        if length == 4 and kept == np.uint64(0x64617461):  # data
            return -DATA
        at += 1
        if not (
            (length == 4 and kept == np.uint64(0x68747470))
            or (length == 5 and kept == np.uint64(0x6874747073))
        ):
            return -NO_ADDRESS
    elif length:
        return -NO_ADDRESS
    if at + 2 < end and data[at] == _SLASH and data[at + 1] == _SLASH:
        return at + 2
    return -NO_ADDRESS


@kernel
def _host_begin(data: Any, begin: int, end: int) -> Any:
    if end - begin >= 8:
        word = word_at(data, begin) | (SMALL & np.uint64(0x0000002020202020))
        if word & _SEVEN == _HTTP or word == _HTTPS:
            return begin + (7 if word & _SEVEN == _HTTP else 8)
    return _after_slashes(data, begin, end)


@kernel
def tail_of(data: Any, end: int, mask: Any) -> Any:
    """The key in the filter of what ends at `end`: its last letters, as many as `mask` has bytes (at the top)."""
    word = NONE
    for at in range(max(0, end - 8), end):
        word = (word >> np.uint64(8)) | (np.uint64(data[at]) << np.uint64(56))
    return ((word | SMALL) & mask) * np.uint64(0x9E3779B97F4A7C15) >> _SHIFT


@kernel
def _sought_host(data: Any, begin: int, end: int, slots: Any, kinds: Any) -> Any:
    """(flags, slot of the site or -1, slot of the host itself or -1); of the sites that hold a host, the closest."""
    state, flags, site, whole = SEED, np.int64(0), np.int64(-1), np.int64(-1)
    begin = after_www(data, begin, end)
    for at in range(end - 1, begin - 1, -1):
        state = add_byte(state, small(data[at]))
        if at == begin or data[at - 1] == _DOT:
            slot = slot_of(mixed(state), slots)
            if slot >= 0:
                flags |= np.int64(kinds[slot])
                if kinds[slot] & SITE:
                    site = slot
                if at == begin:
                    whole = slot
    return flags, site, whole


@kernel
def known_address(
    data: Any, begin: int, end: int, words: Any, ignored: Any, families: Any
) -> tuple[Any, Any]:
    """The keys of one address of the works, of the whole and of the name of its file; 0 where it is none."""
    start = _host_begin(data, begin, end)
    if start < 0:
        return NONE, NONE
    stop = _host_end(data, start, end)
    return address_key(data, start, stop, end, words, ignored, families), stem_key(data, stop, end, words)


@kernel
def scan_addresses(  # noqa: PLR0912  one loop, compiled whole
    data: Any, offsets: Any, tails: Any, mask: Any, slots: Any, kinds: Any, stems: Any, keys: Any, words: Any,
    ignored: Any, families: Any, flags: Any, sites: Any, hosts: Any, bad: Any,
) -> int:  # fmt: skip
    """Fill `flags` uint8[n], `sites` and `hosts` int32[n] and `bad` uint8[n]; return how many rows have a flag.

    `data` uint8[], `offsets` int32 or int64[n + 1] are those of an Arrow column. `tails` is the filter of the ends of
    hosts, `mask` the bytes that it compares, `slots` and `kinds` the hosts, `stems` and `keys` the addresses. `sites`
    and `hosts` are the slots of the site that a row lies on and of its whole host, where they are sought.
    """
    found = 0
    for row in range(offsets.size - 1):
        begin, end = int(offsets[row]), int(offsets[row + 1])
        if begin == end:
            bad[row] = EMPTY
            continue
        start = _host_begin(data, begin, end)
        if start < 0:
            bad[row] = -start
            continue
        if end - begin > MAX_ADDRESS:
            bad[row] = TOO_LONG
            continue
        stop = _host_end(data, start, end)
        if stop == start:
            bad[row] = NO_ADDRESS
            continue
        if not _is_ascii(data, begin, end) and not _is_utf8(data, begin, end):
            bad[row] = NOT_UTF8
            continue
        last, host = stop, start
        if data[stop - 1] <= _COLON:  # a digit, a colon, a dot: a port, or a dot at the end
            host, last = bare_host(data, start, stop)
            if last == host:
                bad[row] = NO_ADDRESS
                continue
        if last >= 8:
            bit = ((word_at(data, last - 8) | SMALL) & mask) * np.uint64(0x9E3779B97F4A7C15) >> _SHIFT
        else:
            bit = tail_of(data, last, mask)
        if (tails[bit >> _SIX] >> (bit & _BIT)) & ONE == NONE:
            continue
        host, last = bare_host(data, start, stop)
        seen, site, whole = _sought_host(data, host, last, slots, kinds)
        if seen & WORK_HOST and whole < 0 and is_proxy(data, host, last):
            inner = stop + 1
            while inner < end and data[inner] != _SLASH:
                inner += 1
            seen &= _sought_host(data, min(stop + 1, inner), inner, slots, kinds)[0] | SITE
        if seen & WORK_HOST:
            stem = stem_key(data, stop, end, words)
            if stem == NONE or (
                slot_of(stem, stems) >= 0
                and slot_of(address_key(data, start, stop, end, words, ignored, families), keys) >= 0
            ):
                seen |= ADDRESS
        if seen:
            flags[row] |= seen
            sites[row], hosts[row] = site, whole
            found += 1
    return found


__all__ = [
    "ADDRESS", "DATA", "EMPTY", "FILTER_BITS", "MAX_ADDRESS", "NOT_UTF8", "NO_ADDRESS", "SITE", "TOO_LONG",
    "WORK_HOST", "host_key", "known_address", "scan_addresses", "tail_of", "word_key",
]  # fmt: skip
