"""Runs of words that two texts share: the longest, all that cannot be made longer, and what they cover.

Places that do not count (the passage that the prompt gave, quotations of public text) keep their place and match
nothing, so that no run leaps over them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Places = NDArray[np.int64]

JOIN: Final = 3
"""Blocks with at most so many words between them, in answer and work alike, are one near-verbatim block."""


class Run(NamedTuple):
    """`words` words that are the same from word `start` of the answer and from word `place` of the reference on."""

    start: int
    place: int
    words: int

    @property
    def end(self) -> int:
        """The first word of the answer after it."""
        return self.start + self.words


class Reference:
    """A text that answers are held against; words inside `hidden` (ranges of words) match nothing."""

    def __init__(self, words: Sequence[str], hidden: Sequence[tuple[int, int]] = ()) -> None:
        ids: dict[str, int] = {}
        numbers = np.array([ids.setdefault(word, len(ids)) for word in words], dtype=np.int64)
        shown = np.ones(len(words), dtype=bool)
        for start, end in hidden:
            shown[start:end] = False
        places = np.flatnonzero(shown)
        order = places[np.argsort(numbers[places], kind="stable")]
        borders = np.searchsorted(numbers[order], np.arange(len(ids) + 1))
        self.size = len(words)
        self._ids, self._order, self._borders = ids, order, borders

    def places(self, word: str | None) -> Places:
        """Where a word stands; None, a word that does not count, stands nowhere."""
        number = None if word is None else self._ids.get(word)
        if number is None:
            return np.empty(0, dtype=np.int64)
        return self._order[self._borders[number] : self._borders[number + 1]]


def shared_runs(answer: Sequence[str | None], reference: Reference) -> list[Run]:
    """For each place of the answer where the longest shared run that ends there goes no further: that run, in order.

    Costs as many steps as pairs of equal words; the first of several places in the reference is told.
    """
    lengths = np.zeros(
        reference.size + 1, dtype=np.int64
    )  # of the run that ends before this word of the reference
    before = np.empty(0, dtype=np.int64)
    runs: list[Run] = []
    for number, word in enumerate(answer):
        places = reference.places(word)
        grown = lengths[places] + 1
        lengths[before + 1] = 0
        lengths[places + 1] = grown
        before = places
        if not len(places):
            continue
        best = int(grown.argmax())
        length = int(grown[best])
        run = Run(number - length + 1, int(places[best]) - length + 1, length)
        if runs and runs[-1].start == run.start and runs[-1].end == number:
            runs[-1] = run
        else:
            runs.append(run)
    return runs


def longest(runs: Sequence[Run]) -> Run | None:
    """The longest run, the first of several."""
    return max(runs, key=lambda run: (run.words, -run.start), default=None)


def apart(runs: Sequence[Run], least: int) -> list[Run]:
    """Runs of at least so many words that do not overlap in the answer: the longest first, then what is left."""
    taken: list[Run] = []
    for run in sorted(runs, key=lambda run: (-run.words, run.start)):
        if run.words < least:
            break
        if all(run.end <= other.start or other.end <= run.start for other in taken):
            taken.append(run)
    return sorted(taken)


def near_verbatim(runs: Sequence[Run], least: int) -> int:
    """How many words of the answer lie in blocks of at least `least` words, small gaps between blocks included.

    A gap counts where the next block follows within `JOIN` words in the answer and in the work: one word exchanged, a
    few left out. In the manner of the near-verbatim recall of Ahmed et al. (arXiv 2601.02671); not their code.
    """
    blocks = apart(runs, least)
    covered = sum(block.words for block in blocks)
    for first, second in pairwise(blocks):
        gap, leap = second.start - first.end, second.place - (first.place + first.words)
        if 0 <= gap <= JOIN and 0 <= leap <= JOIN:
            covered += gap
    return covered
