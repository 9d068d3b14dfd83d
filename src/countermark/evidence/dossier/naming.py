"""Which files name a work: what must be withheld together, and what must be gone after redacting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST: Final = 3
"""Names shorter than this stand in any file by chance, and are not looked for."""

EXHAUSTIVE: Final = 2_000
"""Up to so many names are found inside longer words too; of more, those whose longest word stands by itself."""

_UNSPACED: Final = "\u0e00"
"""From here on stand the scripts that put no space between words (Thai, Chinese, Japanese): found anywhere."""

_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\([\"\\/])")
_WORD: Final = re.compile(r"\w+")


class Names:
    r"""Names to be looked for in many files, whatever their case. JSON escapes are read: `\u00e9` is `é`."""

    def __init__(self, names: Iterable[str]) -> None:
        folded = sorted({name.casefold() for name in names if len(name) >= SHORTEST})
        self._anywhere: list[str] = []
        self._by_word: dict[str, list[str]] = {}
        for name in folded:
            word = max(_WORD.findall(name), key=len, default="")
            if len(folded) <= EXHAUSTIVE or not word or max(name) >= _UNSPACED:
                self._anywhere.append(name)
            else:
                self._by_word.setdefault(word, []).append(name)

    def stand_in(self, data: bytes) -> bool:
        """Whether one of the names stands in the bytes of a file."""
        text = data.decode("utf-8", "replace")
        if "\\" in text:
            text += "\n" + _unescaped(text)
        text = text.casefold()
        if any(name in text for name in self._anywhere):
            return True
        words = set(_WORD.findall(text)) if self._by_word else ()
        return any(name in text for word in words for name in self._by_word.get(word, ()))


def _unescaped(text: str) -> str:
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
