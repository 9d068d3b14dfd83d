"""The kernel that finds, for each row of a listing, the works of the catalog that it may name.

A row and a title of a work are brought together when a key of a title and a key of a name agree *together*, so each key
alone may be loose:

    title   skeleton of the core, of all words, of what follows the first colon or dash; first and last four letters of
            the core; the skeleton of a short core, however short
    name    each word, the whole name, the first and the last three letters of each word

The skeleton of a word is its consonants in classes: b p, f v w, c g k q s x z, d t, l, m n, r. A t before a hissing
sound falls away, so Tchaikovsky, Chaykovskiy, Tschaikowski and Čajkovskij have one. Short skeletons say too little:
there the letters themselves are the key.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel

CORE, ALL, SECOND, FIRST_LETTERS, LAST_LETTERS, SHORT, EXACT, CORE_MASK, ALL_MASK = range(9)
TITLE_COLUMNS = 9
KEYS_OF_TITLE = 6
NAME_KEYS = 64
"""Keys of the names of one row at most: four for each of its first words, one for each name."""
WORD, ENDING = 0, 1

_PRIME, _MIX = np.uint64(0x100000001B3), np.uint64(0x9E3779B97F4A7C15)
_SEED = np.uint64(0xCBF29CE484222325)
_S29, _S32, _ONE, _NONE = np.uint64(29), np.uint64(32), np.uint64(1), np.uint64(0)
_BLANK, _OPEN, _CLOSE, _BAR = 0x20, 0x28, 0x29, 0x7C


CLASS_LETTERS = ("bp", "fvw", "cgkqsxz", "dt", "l", "mn", "r")


def _classes() -> Any:
    table = np.zeros(256, np.uint8)
    for number, letters in enumerate(CLASS_LETTERS, 1):
        for letter in letters:
            table[ord(letter)] = number
    for digit in range(10):
        table[ord("0") + digit] = 16 + digit
    return table


_CLASSES = _classes()
_HISS, _DENTAL, _LIP = 3, 4, 2
_SHORT_TITLE = 8


@inlined
def _add(state: np.uint64, value: int) -> np.uint64:
    return (state ^ np.uint64(value)) * _PRIME


@inlined
def mixed(first: Any, second: Any) -> Any:
    """One key of two; never 0, which marks an empty slot."""
    state = (first * _MIX) ^ (second >> _S29) ^ (second << _S32) ^ second
    state = (state ^ (state >> _S32)) * _MIX
    return (state ^ (state >> _S29)) | _ONE


@inlined
def _class_of(data: Any, at: int, end: int) -> int:
    """The class of a letter in its word, 0 for one that leaves nothing."""
    group = int(_CLASSES[data[at]])
    if at + 1 < end:
        after = data[at + 1]
        if data[at] == ord("p") and after == ord("h"):
            return _LIP
        if group == _DENTAL and _CLASSES[after] == _HISS:
            return 0
    return group


@kernel
def skeleton_into(data: Any, begin: int, end: int, state: np.uint64, codes: int) -> tuple[np.uint64, int]:
    """Add the skeleton of the word `data[begin:end]` to a hash; return (hash, number of classes so far)."""
    last = 0
    for at in range(begin, end):
        group = _class_of(data, at, end)
        if group != 0 and (group != last or group >= 16):
            state = _add(state, group)
            codes += 1
        if group != 0 or data[at] != ord("h"):
            last = group
    return state, codes


@inlined
def _letters_into(data: Any, begin: int, end: int, state: np.uint64) -> np.uint64:
    for at in range(begin, end):
        state = _add(state, data[at])
    return state


@kernel
def word_key(data: Any, begin: int, end: int) -> Any:
    """The key of one word: its skeleton, or its letters where the skeleton has less than three classes."""
    state, codes = skeleton_into(data, begin, end, _SEED, 0)
    return state if codes >= 3 else _letters_into(data, begin, end, _SEED ^ _MIX)


@inlined
def packed(data: Any, begin: int, end: int) -> np.uint64:
    """A word of up to eight letters as one number; 0 for a longer one."""
    value = _NONE
    if end - begin <= 8:
        for at in range(begin, end):
            value = (value << np.uint64(8)) | np.uint64(data[at])
    return value


@inlined
def _among(value: np.uint64, sorted_words: Any) -> Any:
    at = np.searchsorted(sorted_words, value)
    return at < sorted_words.size and sorted_words[at] == value


@inlined
def _word_end(data: Any, begin: int, end: int) -> int:
    at = begin
    while at < end and (data[at] >= 0x61 or 0x30 <= data[at] <= 0x39) and data[at] != _BAR:
        at += 1
    return at


@inlined
def _keyed(state: np.uint64, codes: int, exact: np.uint64) -> np.uint64:
    return state if codes >= 3 else exact ^ _MIX


@kernel
def title_keys(data: Any, begin: int, end: int, skipped: Any, ending: Any, out: Any) -> None:
    """Fill `out` uint64[9] with the keys of one title: see the numbers of the columns above."""
    core, every, second = _SEED, _SEED, _SEED
    core_codes, all_codes, second_codes = 0, 0, 0
    exact, whole, later = _SEED, _SEED, _SEED
    first, last, letters = _NONE, _NONE, 0
    core_mask, all_mask = _NONE, _NONE
    segment = 0  # 0 the core, 1 what follows the first mark, 2 the rest
    position = begin
    while position < end:
        stop = _word_end(data, position, end)
        if stop == position:
            mark = data[position]
            if mark in (_BAR, _OPEN) and letters > 0:
                segment = 1 if mark == _BAR and segment == 0 else 2
            position += 1
            continue
        word = packed(data, position, stop)
        if letters > 0 and _among(word, ending):
            segment = 2
        if not _among(word, skipped):
            every, all_codes = skeleton_into(data, position, stop, every, all_codes)
            whole = _letters_into(data, position, stop, whole)
            for at in range(position, stop):
                bit = _ONE << np.uint64(data[at] - 0x61 if data[at] >= 0x61 else data[at] - 0x30 + 26)
                all_mask |= bit
                if segment == 0:
                    core_mask |= bit
                    letters += 1
                    if letters <= 4:
                        first = (first << np.uint64(8)) | np.uint64(data[at])
                    last = (last << np.uint64(8)) | np.uint64(data[at])
            if segment == 0:
                core, core_codes = skeleton_into(data, position, stop, core, core_codes)
                exact = _letters_into(data, position, stop, exact)
            elif segment == 1:
                second, second_codes = skeleton_into(data, position, stop, second, second_codes)
                later = _letters_into(data, position, stop, later)
        position = stop
    out[CORE] = _keyed(core, core_codes, exact) if letters > 0 else _keyed(every, all_codes, whole)
    out[ALL] = _keyed(every, all_codes, whole)
    out[SECOND] = _keyed(second, second_codes, later) if later != _SEED else _NONE
    out[FIRST_LETTERS], out[LAST_LETTERS] = first, last & np.uint64(0xFFFFFFFF)
    out[SHORT] = core if core_codes < 3 and 0 < letters <= _SHORT_TITLE else _NONE
    out[EXACT], out[CORE_MASK], out[ALL_MASK] = exact, core_mask, all_mask


@kernel
def name_keys(data: Any, begin: int, end: int, skipped: Any, count: int, keys: Any, kinds: Any) -> int:
    """Add the keys of one name to `keys` and their kinds to `kinds`; return how many there are now.

    A name of skipped words only ("The The") is taken with all of them.
    """
    first = count
    for take_all in (False, True):
        whole, codes, words = _SEED, 0, 0
        position = begin
        while position < end:
            stop = _word_end(data, position, end)
            if stop == position:
                position += 1
                continue
            if take_all or not _among(packed(data, position, stop), skipped):
                whole, codes = skeleton_into(data, position, stop, whole, codes)
                words += 1
                if stop - position >= 2 and count + 4 < NAME_KEYS:
                    keys[count], kinds[count] = word_key(data, position, stop), WORD
                    count += 1
                    if stop - position >= 4:
                        keys[count] = packed(data, position, position + 3)
                        keys[count + 1] = packed(data, stop - 3, stop) ^ _MIX
                        kinds[count], kinds[count + 1] = ENDING, ENDING
                        count += 2
            position = stop
        if words > 1 and codes >= 3 and count < NAME_KEYS:
            keys[count], kinds[count] = whole, WORD
            count += 1
        if count > first:
            break
    return count


@kernel
def keys_of_row(title: Any, names: Any, kinds: Any, count: int, out: Any, loose: Any) -> int:
    """Fill `out` with the keys of a row, `loose` with 1 where the key of the title says little."""
    found = 0
    for column in range(KEYS_OF_TITLE):
        part = title[column]
        if part == _NONE or (column == ALL and part == title[CORE]):
            continue
        is_loose = column >= FIRST_LETTERS
        if is_loose:
            part ^= np.uint64(column) << np.uint64(56)
        for at in range(count):
            if is_loose and kinds[at] == ENDING:
                continue
            out[found] = mixed(part, names[at])
            loose[found] = is_loose
            found += 1
    return found
