"""The blind gate: whether works and controls can be told apart without the model.

A comparison of works with controls says something of the model only where nothing else tells them apart. Most public
figures for membership scores fail here: a classifier that counts words and never sees the model tells the two sides
apart better than the attack does (Das, Zhang and Tramèr, arXiv 2406.16201). So the same is done here first: a naive
Bayes classifier over the words of passages, each word's rate within a side shrunk towards its rate in all, and each
work weighing the same. Works are ranked by a classifier that was given neither them nor any passage of them.

AUC is the share of the pairs (a work, a control) of one fold in which the work looks more like a work; one half is
chance. Pairs across folds, which different classifiers ranked, are not compared. An AUC above 0.55 makes the
comparison void. The standard error is what is left when the names "work" and "control" are dealt out anew at random
and all is done again, since folds share what they learn from; `by_chance` is the share of those dealings that would be
called void. That is how often exchangeable works are refused, an error on the safe side: a p that could have been
given is withheld.

The length of works is looked at as well, since it alone can decide: of a short work one passage is a large share, and a
long one has more passages of which one can be hit. Where works and controls differ in it by a factor of two, and as at
most one dealing of a hundred would, the comparison is void, and `auc` is that of the lengths.

With fewer than ten works or controls the AUC says little: three works against twenty controls have a standard error
of about 0.2. There the gate voids only what is over 0.55 and over 95 % of the dealings, and else says `not checked`.
The p stands then, since the conformal test is as exact with one work as with many; but nothing except the user's word
and the dates carries its assumption, and the result says so.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]
    Booleans = npt.NDArray[np.bool_]

LIMIT: Final = 0.55
LEAST_WORKS: Final = 10
"""On each side; with fewer the AUC is too noisy to pass anything."""
FOLDS: Final = 5
PASSAGE: Final = 200
"""Words of a passage."""
PASSAGES: Final = 20
"""At most so many of a work, evenly spaced."""

VOID: Final = "void"
PASSED: Final = "passed"
UNCHECKED: Final = "not checked"

_LENGTHS_DEALT: Final = 999
_LENGTHS_LEVEL: Final = 0.01
_LENGTHS_FACTOR: Final = 2.0  # between the medians; less moves a share of hits little
_MOST_WORDS: Final = 20_000
_LONGEST: Final = 4_000_000  # code points of a work that are looked at
_DEALINGS: Final = (40, 200)
"""The fewest and the most times that the names are dealt anew; the larger the table, the fewer."""
_EFFORT: Final = 400_000_000
_SHRINKING: Final = 1.0  # works that the rate in all weighs as much as
# Scripts without spaces count character by character, like marks; they tell verse from prose as well.
_WORD: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+|[^\w\s]"
)


@dataclass(frozen=True)
class Gate:
    """What the gate says: `verdict` void, passed or not checked, and what it rests on.

    `by_length` says that the lengths alone made it void; `auc` is then theirs. `auc` and `standard_error` (under
    exchangeability) are None where a side has fewer than two works. `by_chance` is how often exchangeable works of
    these numbers and words would be called void.
    """

    verdict: str
    auc: float | None
    standard_error: float | None
    by_chance: float | None
    works: int
    controls: int
    folds: int
    limit: float = LIMIT
    least_works: int = LEAST_WORKS
    by_length: bool = False

    def facts(self) -> dict[str, Any]:
        """As plans and results hold it."""
        return asdict(self)


def blind_gate(works: Sequence[str], controls: Sequence[str]) -> Gate:
    """Judge texts of works against texts of controls; the same texts in any order give the same."""
    sides = [sorted(side, key=_digest) for side in (works, controls)]
    numbers = len(sides[0]), len(sides[1])
    folds = min(FOLDS, *numbers)
    if folds < 2:
        return Gate(UNCHECKED, None, None, None, *numbers, 0)
    table = _table([*sides[0], *sides[1]])
    is_work = np.arange(len(table)) < numbers[0]
    auc = _auc(table, is_work, folds)
    dealer = np.random.Generator(np.random.PCG64(_seed(sides)))
    times = int(np.clip(_EFFORT // max(table.size, 1), *_DEALINGS))
    dealt = np.array([_auc(table, dealer.permutation(is_work), folds) for _ in range(times)])
    error = math.sqrt(float(np.mean((dealt - 0.5) ** 2)))
    few = min(numbers) < LEAST_WORKS
    bar = max(LIMIT, float(np.sort(dealt)[math.ceil(0.95 * times) - 1])) if few else LIMIT
    by_chance = float(np.mean(dealt > bar))
    verdict = VOID if auc > bar else UNCHECKED if few else PASSED
    works_long, controls_long = ([len(text) for text in side] for side in sides)
    apart = _lengths_apart(works_long, controls_long, dealer)
    by_length = verdict != VOID and apart is not None
    if by_length and apart is not None:
        verdict, auc = VOID, apart
    told = (round(auc, 6), round(error, 6), round(by_chance, 6))
    return Gate(verdict, *told, *numbers, folds, by_length=by_length)


def _lengths_apart(
    works: Sequence[int], controls: Sequence[int], dealer: np.random.Generator
) -> float | None:
    """The AUC of lengths, whichever side has the longer ones, where chance hardly does as much; else None."""
    lengths = np.array([*works, *controls], dtype=np.float64)
    count = len(works)

    def auc(order: npt.NDArray[np.intp]) -> float:
        share = _wins(lengths[order[:count]], lengths[order[count:]]) / (count * len(controls))
        return max(share, 1 - share)

    medians = np.median(lengths[:count]), np.median(lengths[count:])
    if max(medians) < _LENGTHS_FACTOR * min(medians):
        return None
    found = auc(np.arange(len(lengths)))
    as_much = sum(auc(dealer.permutation(len(lengths))) >= found - 1e-12 for _ in range(_LENGTHS_DEALT))
    return found if found > LIMIT and (1 + as_much) / (1 + _LENGTHS_DEALT) <= _LENGTHS_LEVEL else None


def _seed(sides: Sequence[Sequence[str]]) -> int:
    """A seed from the texts alone, which whoever asks cannot choose."""
    whole = hashlib.sha256(b"countermark blind gate 1")
    for side in sides:
        whole.update(len(side).to_bytes(8) + b"".join(_digest(text) for text in side))
    return int.from_bytes(whole.digest())


def _auc(table: Numbers, is_work: Booleans, folds: int) -> float:
    """The share of pairs within folds that are in order, ties by half."""
    fold = np.zeros(len(table), dtype=np.int64)
    for side in (is_work, ~is_work):
        fold[side] = np.arange(int(side.sum())) % folds
    dealt = [(fold == number) & side for side in (is_work, ~is_work) for number in range(folds)]
    sums = np.array(dealt, dtype=np.float64) @ table
    amounts = np.maximum(table.sum(axis=1), 1e-12)
    wins, pairs = 0.0, 0
    for number in range(folds):
        first, second = dealt[number], dealt[folds + number]
        learnt = [
            (
                sums[start : start + folds].sum(axis=0) - sums[start + number],
                int((side & (fold != number)).sum()),
            )
            for start, side in ((0, is_work), (folds, ~is_work))
        ]
        weights = _weights(*learnt)
        # rounded, so that no two machines rank them otherwise
        scores = [np.round((table[held] @ weights) / amounts[held], 9) for held in (first, second)]
        wins += _wins(*scores)
        pairs += int(first.sum()) * int(second.sum())
    return wins / pairs


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _table(texts: Sequence[str]) -> Numbers:
    """For each work the share of its passages that hold each word, of the words that two works or more hold."""
    shares = [_shares(text) for text in texts]
    held = Counter(word for work in shares for word in work)
    kept = sorted((word for word, works in held.items() if works > 1), key=lambda word: (-held[word], word))
    columns = {word: column for column, word in enumerate(kept[:_MOST_WORDS])}
    table = np.zeros((len(shares), len(columns)))
    for row, work in enumerate(shares):
        for word, share in work.items():
            if word in columns:
                table[row, columns[word]] = share
    return table


def _shares(text: str) -> dict[str, float]:
    words = _WORD.findall(unicodedata.normalize("NFKC", text[:_LONGEST]).lower())
    starts = range(0, max(1, len(words) - PASSAGE + 1), PASSAGE)
    step = max(1, -(-len(starts) // PASSAGES))
    chosen = starts[::step]
    found = Counter(word for start in chosen for word in set(words[start : start + PASSAGE]))
    return {word: count / len(chosen) for word, count in found.items()}


def _weights(works: tuple[Numbers, int], controls: tuple[Numbers, int]) -> Numbers:
    """For each word the log of its rate among works over that among controls; 0 where neither side has it."""
    pooled = np.maximum(works[0] + controls[0], 0) / (works[1] + controls[1])
    rates = [(own + _SHRINKING * pooled) / (number + _SHRINKING) for own, number in (works, controls)]
    known = pooled > 1e-9  # sums that were subtracted to nothing are not quite nothing
    weights = np.zeros(len(pooled))
    weights[known] = np.log(np.maximum(rates[0][known], 1e-12) / np.maximum(rates[1][known], 1e-12))
    return weights


def _wins(works: Numbers, controls: Numbers) -> float:
    above = (works[:, None] > controls[None, :]).sum()
    ties = (works[:, None] == controls[None, :]).sum()
    return float(above + ties / 2)
