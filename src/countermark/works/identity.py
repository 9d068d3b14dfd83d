"""The default identifier of a work, where the catalogue gives none.

1. A title and an author in a catalogue: the two, folded. Rows that agree in both are files of one work.
2. A title without an author in a catalogue: the title and the path in the row (a folder is one work then).
3. A title and an author in the file itself: the two, folded, and the file's path without its suffix. So hamlet.epub
   and hamlet.odt are editions of one work where both say so, and two chapters that carry the book's title are
   not merged.
4. Otherwise: the file's path. Works are never merged for their name alone.

Paths are relative to the folder given (or to the nearest folder that holds all that is given), with `/` between
their parts, so an identifier is the same on every machine.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Final


def listed_work_id(title: str, author: str, path: str) -> str:
    """The identifier of a work whose `title` stands in a catalogue, `path` being the path of its row (rules 1, 2)."""
    if fold_name(title) and fold_name(author):
        return _digest("title-author", fold_name(title), fold_name(author))
    return _digest("title-path", fold_name(title), path)


def unlisted_work_id(title: str, author: str, path: str) -> str:
    """The identifier of the work in the file `path`, with the title and author that it says itself (rules 3, 4)."""
    if fold_name(title) and fold_name(author):
        folder, slash, name = path.rpartition("/")
        stem = folder + slash + (name.rpartition(".")[0] or name)
        return _digest("edition", fold_name(title), fold_name(author), stem)
    return _digest("path", path)


class _Letters(dict[int, str]):
    """For `str.translate`: what each character becomes; nothing for a combining one, a space for punctuation."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        kept = "" if unicodedata.combining(letter) else letter if letter.isalnum() else " "
        if len(self) < _MOST_LETTERS:
            self[code] = kept
        return kept


_MOST_LETTERS: Final = 1 << 16  # texts of every script must not fill the memory
_LETTERS: Final = _Letters()


def fold_name(name: str) -> str:
    """A title or a name without case, accents and punctuation, its words separated by one space."""
    plain = name if name.isascii() else unicodedata.normalize("NFKD", name)
    return " ".join(plain.casefold().translate(_LETTERS).split())


def _digest(*parts: str) -> str:
    """`w` and 16 hexadecimal digits: among 10⁶ works, two share one with a probability below 10⁻⁷."""
    joined = "\0".join(parts).encode("utf-8", "replace")
    return "w" + hashlib.sha256(joined).hexdigest()[:16]
