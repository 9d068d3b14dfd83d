"""Text fingerprints: hashes of windows of folded letters, begun at words, sampled with a guarantee.

The scheme `text-l20g20-v1` in words. A text is folded (see `_fold_kernel`) to a stream of letters. At every anchor (in
short: where a word begins) stands a window of `window` letters, spaces not counted. Of a *work* the first anchor is
taken, and then always the farthest anchor at most `stride` letters on; of a *corpus* every anchor is looked up. So
whatever run of letters a work and a record share, if it is long enough, one of the work's windows lies in it whole
and is looked up at the same place of the record. Winnowing (Schleimer, Wilkerson, Aiken 2003) gives such a promise by
sampling both sides; sampling one side only needs a third of the index for the same promise, and the corpus side is
cheap.

The promise, for runs that agree in letters and in word boundaries: of any shared run of window + stride + 13 letters
a window is found. The first fourteen may lie in a word whose beginning is outside the run (after twelve letters of one
word every character is an anchor, on both sides, and a character is at most three letters); within the next `stride`
an indexed anchor follows, and its window is `window` long. Left out are windows that repeat themselves within eight
letters ("ha ha ha ha"), and of a window that stands in more than 64 places of the catalog, all but the first 64.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from countermark.errors import UnusableIndexError

if TYPE_CHECKING:
    import numpy.typing as npt

LONG_WORD = 12
"""Letters after which every further character of the same word is an anchor."""
EIGHTHS = 8
"""The word model counts in eighths of a bit."""
NO_KEY = np.zeros(0, dtype=np.uint64)
SURE_RUN = 80
"""So many letters in a row, unchanged, are reported whatever their surprise."""
WINDOW_GROWS_FROM = 40_000_000
"""Letters of a catalog from which on its windows are longer than 20."""
LONGEST_WINDOW = 44
REACH = LONG_WORD + 2
"""Letters after which, wherever it began, a shared run has the same anchors on both sides: the twelve of a long word
and, since a character may fold to three letters, two more."""
_NAME = re.compile(r"text-l(\d+)g(\d+)-v1")


@dataclass(frozen=True, slots=True)
class TextScheme:
    """The recipe: `window` letters (8 to 64) are hashed, indexed anchors are at most `stride` letters apart."""

    window: int = 20
    stride: int = 20

    @property
    def name(self) -> str:
        """The name that indices and findings carry."""
        return f"text-l{self.window}g{self.stride}-v1"

    def __post_init__(self) -> None:
        if not (8 <= self.window <= 64 and REACH <= self.stride <= self.window):
            raise UnusableIndexError(
                f"scheme {self.name!r} is not possible: a window has 8 to 64 letters, a stride at least 14 "
                "and no more than the window"
            )

    @classmethod
    def for_catalog(cls, letters: int) -> TextScheme:
        """Choose the scheme for a catalog of so many letters.

        Accidental hits grow in proportion to the catalog and fall by a factor of about seven for every four letters
        of the window (benchmarks/bench_catalogue.py), so the window grows to keep them under one in two hundred
        words of the corpus; a short window finds shorter and more damaged passages.
        """
        window, limit = 20, WINDOW_GROWS_FROM
        while letters > limit and window < LONGEST_WINDOW:
            window, limit = window + 4, limit * 7
        return cls(window, 20)

    @property
    def seeded(self) -> int:
        """Of any shared run of at least so many folded letters, a window is found."""
        return self.window + self.stride + REACH - 1

    def guarantee(self, *, sealed: bool) -> int:
        """Any shared run of at least so many folded letters is reported, unless it repeats itself or is common.

        A full index grows the seed to the whole run, and a run of SURE_RUN letters is always reported. A sealed one
        knows only the windows: they touch each other, but at either end of the run less than a stride may be missing.
        """
        if sealed:
            return SURE_RUN + REACH + 2 * self.stride - 2
        return max(self.seeded, SURE_RUN)

    @classmethod
    def parse(cls, name: str) -> TextScheme:
        """Read a scheme's name; raises UnusableIndexError for one that this version does not know."""
        found = _NAME.fullmatch(name)
        if not found:
            raise UnusableIndexError(
                f"scheme {name!r} is not known here; accepted: text-l<letters>g<stride>-v1"
            )
        return cls(int(found[1]), int(found[2]))


def key_of(salt: bytes | None) -> npt.NDArray[np.uint64]:
    """Derive the key of the keyed hash from a salt of any length; no salt, no key."""
    if salt is None:
        return NO_KEY
    return np.frombuffer(blake2b(salt, digest_size=16, person=b"countermark-text").digest(), dtype="<u8")
