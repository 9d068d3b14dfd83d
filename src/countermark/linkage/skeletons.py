"""The consonants of a word in classes, as the kernel of keys counts them: see `_keys_kernel`."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from countermark.linkage._keys_kernel import CLASS_LETTERS

_CLASS: Final = {letter: str(number) for number, letters in enumerate(CLASS_LETTERS, 1) for letter in letters}
_DENTAL, _HISS, _LIP = "4", "3", "2"


@lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """One digit a class, digits of the word itself as they stand after a dot."""
    found, last = [], ""
    for at, letter in enumerate(word):
        group = _CLASS.get(letter, "." + letter if letter.isdigit() else "")
        after = word[at + 1] if at + 1 < len(word) else ""
        if letter == "p" and after == "h":
            group = _LIP
        elif group == _DENTAL and _CLASS.get(after) == _HISS:
            group = ""
        if group and (group != last or group[0] == "."):
            found.append(group)
        if group or letter != "h":
            last = group
    return "".join(found)


def same_bones(one: str, other: str, least: float) -> bool:
    """Whether two words have one skeleton and are alike by `least`, more where it is short; 0 asks for no more.

    French writes ж as j, which other languages hardly sound: j is taken both ways.
    """
    bones = skeleton(one)
    if not bones.replace(".", "") or not _meet(one, other):
        return False
    enough = max(least, 0.6) if least and len(bones) < 3 else least
    return OSA.normalized_similarity(one, other) >= enough


def _meet(one: str, other: str) -> bool:
    ours = {skeleton(one), skeleton(one.replace("j", "z"))}
    return not ours.isdisjoint({skeleton(other), skeleton(other.replace("j", "z"))})
