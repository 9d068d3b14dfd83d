"""One answer held against one work: the longest run of its words, outside what the prompt gave and what is public."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.memorization.asking.runs import (
    Reference,
    apart,
    longest,
    near_verbatim,
    shared_runs,
)
from countermark.memorization.asking.wording import only, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.asking.rules import Rules
    from countermark.memorization.asking.wording import Word

LONGEST: Final = 200_000
"""Characters of an answer that are scored: what a server may send is bounded."""


@dataclass(frozen=True)
class Score:
    """What one answer shares with the rest of a work.

    `words` of the answer, `own` of them in runs that it shares with its own prompt, which are not scored. `longest`
    run in words with all of the rest of the work, `outside` with what of it is in no public quotation; `long` and
    `long_outside` count runs of `Rules.run` words or more that do not overlap. `near`: words in near-verbatim blocks,
    outside public quotations. `best`: places of the longest run outside, in characters: of the answer, then of the work
    ([answer start, end, work start, end]); empty where there is none.
    """

    words: int
    own: int
    longest: int
    outside: int
    long: int
    long_outside: int
    near: int
    best: tuple[int, ...]

    @property
    def near_share(self) -> float:
        """Near-verbatim words among those that are scored."""
        return self.near / (self.words - self.own) if self.words > self.own else 0.0


class Held:
    """A work that answers are held against; `quoted` are its ranges of characters in public text."""

    def __init__(self, text: str, quoted: Sequence[Sequence[Any]]) -> None:
        self._words = words_of(text)
        self._texts = only(self._words)
        self._quoted = [self._range(span[0], span[1]) for span in quoted]
        self._given: dict[tuple[int, int], tuple[Reference, Reference]] = {}

    def score(self, answer: str, prompt: str, given: tuple[int, int], rules: Rules) -> Score:
        """Score an answer to `prompt`, which gave the characters `given` of the work (an empty range: nothing)."""
        whole, outside = self._references(given)
        words = words_of(answer[:LONGEST])
        scored = without_own(words, prompt, rules.own)
        runs, free = shared_runs(scored, whole), shared_runs(scored, outside)
        most, best = longest(runs), longest(free)
        return Score(
            words=len(words),
            own=scored.count(None),
            longest=0 if most is None else most.words,
            outside=0 if best is None else best.words,
            long=len(apart(runs, rules.run)),
            long_outside=len(apart(free, rules.run)),
            near=near_verbatim(free, rules.block),
            best=()
            if best is None
            else (
                *(words[best.start].start, words[best.end - 1].end),
                *(self._words[best.place].start, self._words[best.place + best.words - 1].end),
            ),
        )

    def _references(self, given: tuple[int, int]) -> tuple[Reference, Reference]:
        if given not in self._given:
            hidden = [self._range(*given)]
            self._given[given] = (
                Reference(self._texts, hidden),
                Reference(self._texts, [*hidden, *self._quoted]),
            )
        return self._given[given]

    def _range(self, start: int, end: int) -> tuple[int, int]:
        """The words of which a character lies in `[start, end)`."""
        first = bisect_left(self._words, start + 1, key=lambda word: word.end)
        last = bisect_left(self._words, end, key=lambda word: word.start)
        return first, max(first, last)


def without_own(words: Sequence[Word], prompt: str, least: int) -> list[str | None]:
    """The words of an answer, None for those in a run of at least `least` words that it shares with its prompt."""
    texts: list[str | None] = [word.text for word in words]
    runs = shared_runs(list(texts), Reference(only(words_of(prompt))))
    for run in runs:
        if run.words >= least:
            texts[run.start : run.end] = [None] * run.words
    return texts
