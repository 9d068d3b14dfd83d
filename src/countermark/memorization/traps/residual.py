"""Residual scores: what is left of a score when all that never saw the model is taken out.

Much of why a model finds one candidate likelier than another is the candidate: how many tokens it has, how common its
words and their pairs are. Those are measured on a background that is not the model, and regressed out of the scores of
all candidates alike: an intercept for each work, slopes that the works share, least squares. The regression does not
know which candidate is published, so the rank test stays exact; it only becomes sharper.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from countermark.memorization.traps.candidates import Passage
    from countermark.memorization.traps.ranking import Contest, Scores

    Floats = NDArray[np.float64]

FEATURES: Final = ("tokens", "unigram", "bigram", "letters")
"""The count of tokens, and the log-probabilities of words, of words after words, of letters after letters."""

LARGEST: Final = 100_000_000
"""A background of more characters is refused: a hundredth of it says all that these features need."""

_WORD: Final = re.compile(r"\w+|[^\w\s]")
_STRENGTH: Final = 5.0  # how many sightings the shorter context counts for


class Background:
    """Counts of words, pairs of words and runs of three letters in texts that the model did not write."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Count. Raises InputError for more than `LARGEST` characters."""
        self._words: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._letters: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
        characters = 0
        for text in texts:
            characters += len(text)
            if characters > LARGEST:
                raise InputError(f"the background has more than {LARGEST:,} characters; give less of it")
            words = _WORD.findall(text)
            self._words.update(words)
            self._pairs.update(pairwise(words))
            for order, counter in enumerate(self._letters, 1):
                counter.update(text[start : start + order] for start in range(len(text) - order + 1))
        self._all_words = self._words.total()
        self._all_letters = self._letters[0].total()
        self._kinds = len(self._words) + 1

    def features(self, before: str, text: str) -> tuple[float, float, float]:
        """The log-probabilities (natural) of `text` by words, by words after words, and by letters after letters."""
        before = before[-80:]
        words = _WORD.findall(text)
        last = _WORD.findall(before)[-1:] or [""]
        unigram = math.fsum(math.log(self._word(word)) for word in words)
        bigram = math.fsum(math.log(self._pair(one, other)) for one, other in pairwise([*last, *words]))
        joined, start = before[-2:] + text, len(before[-2:])
        letters = math.fsum(
            math.log(self._letter(joined[max(0, place - 2) : place], joined[place]))
            for place in range(start, len(joined))
        )
        return unigram, bigram, letters

    def _word(self, word: str) -> float:
        return (self._words[word] + 0.5) / (self._all_words + 0.5 * self._kinds)

    def _pair(self, one: str, other: str) -> float:
        return (self._pairs[one, other] + _STRENGTH * self._word(other)) / (self._words[one] + _STRENGTH)

    def _letter(self, before: str, letter: str) -> float:
        if not before:
            return (self._letters[0][letter] + 0.5) / (self._all_letters + 0.5 * (len(self._letters[0]) + 1))
        seen = self._letters[len(before)][before + letter]
        context = self._letters[len(before) - 1][before]
        return (seen + _STRENGTH * self._letter(before[1:], letter)) / (context + _STRENGTH)


class Residuals(NamedTuple):
    """Residual scores contest by contest, and the share of the variance that the features explain, form by form."""

    scores: list[Floats]
    explained: dict[str, float]


def residualised(contests: Sequence[Contest], scores: Sequence[Scores], background: Background) -> Residuals:
    """Regress the features out of the raw scores; the works of one form of trap share their slopes."""
    left: list[Floats] = [one.raw - one.raw.mean() for one in scores]
    explained = {}
    for form in sorted({contest.form for contest in contests}):
        places = [place for place, contest in enumerate(contests) if contest.form == form]
        columns = [_columns(contests[place], scores[place], background) for place in places]
        fitted, explained[form] = _fit([left[place] for place in places], columns)
        for place, residual in zip(places, fitted, strict=True):
            left[place] = residual
    return Residuals(left, explained)


def _columns(contest: Contest, scores: Scores, background: Background) -> Floats:
    """The features of each candidate, less their mean over the contest."""
    known: dict[int, tuple[float, float, float]] = {}
    rows = [_row(passage, background, known) for passage in contest.passages]
    columns = np.column_stack([scores.tokens, np.array(rows)])
    centred: Floats = columns - columns.mean(axis=0)
    return centred


def _row(
    passage: Passage, background: Background, known: dict[int, tuple[float, float, float]]
) -> list[float]:
    for site in passage.sites:
        if id(site) not in known:
            known[id(site)] = background.features(site.before, site.text + site.after)
    return [math.fsum(column) for column in zip(*(known[id(site)] for site in passage.sites), strict=True)]


def _fit(scores: Sequence[Floats], columns: Sequence[Floats]) -> tuple[list[Floats], float]:
    """The residuals of least squares over all works together, and the share of the variance that it explains."""
    target, design = np.concatenate(scores), np.concatenate(columns)
    spread = np.sqrt(np.mean(design**2, axis=0))
    kept = spread > 1e-9 * np.maximum(1.0, np.abs(design).max(axis=0))
    total = float(np.sum(target**2))
    if not kept.any() or total == 0:
        return list(scores), 0.0
    design = design[:, kept] / spread[kept]
    slopes = np.linalg.lstsq(design, target, rcond=1e-9)[0]
    residual = target - design @ slopes
    ends = np.cumsum([len(one) for one in scores])[:-1]
    return list(np.split(residual, ends)), 1.0 - float(np.sum(residual**2)) / total
