"""Works whose melody or harmony is heard in another recording. What is found is a hint, never a copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.errors import InputError
from countermark.fingerprint.audio.chroma import CHROMA_RATE
from countermark.index.audio.harmony import stretch_count
from countermark.matching.audio.composition.fusion import fusion_of
from countermark.matching.audio.composition.impostors import (
    enough_impostors,
    of_like_length,
    shrunk,
    standing_out,
)
from countermark.matching.audio.composition.views import (
    HARMONIC,
    MELODIC,
    VIEWS,
    Stretch,
    coarse_score,
    scores,
    stretches,
)
from countermark.matching.audio.match import MatchedPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from countermark.fingerprint.audio.harmony import Harmony
    from countermark.matching.audio.composition.qmax import Path
    from countermark.matching.audio.composition.table import HarmonyTable

    Numbers = npt.NDArray[np.float64]

MOST_CHOSEN: Final = 200
"""Works that are looked at closely, of those a catalogue has."""
_SPREAD: Final = 24
"""Of these, some that the first look did not choose, so that the impostors are not only the likeliest."""
_SAMPLE_FRAMES: Final = 30 * CHROMA_RATE


@dataclass(frozen=True, slots=True)
class Resemblance:
    """A work whose melody or harmony may be heard in a record.

    `score` is how far it stands out among impostors, `chance` at most how probable it is that an unrelated work does as
    much; how many are expected by chance in a scan is the sum of `CompositionMatcher.expected` over its records.
    `melody` and `harmony` are the shares of the score. The record is `shift` semitones above the work (-5 to 6) and
    `tempo` times as fast; `part` is the stretch that goes together best.
    """

    asset: int
    score: float
    chance: float
    melody: float
    harmony: float
    shift: int
    tempo: float
    part: MatchedPart


class CompositionMatcher:
    """Matches records against the harmonies of a catalogue. Makes the same of the same, in any order of records."""

    def __init__(self, table: HarmonyTable, most: int = MOST_CHOSEN) -> None:
        """Prepare the works of a table. `most` stretches of them are looked at closely for each stretch of a record.

        A catalogue without `enough_impostors` matches nothing; the user is told.
        """
        self._table, self._most, self._fusion = table, most, fusion_of(table.notes_by)
        self._stretches: list[Stretch] = []
        self._assets: list[int] = []
        self._norms = table.norms
        if not enough_impostors(table):
            return
        for asset in range(len(table)):
            for stretch in stretches(table.harmony(asset)):
                self._stretches.append(stretch)
                self._assets.append(asset)
        self._norms = shrunk(table.norms)

    def comparisons(self, harmony: Harmony) -> int:
        """How many comparisons with works a record of this harmony takes: each may match by chance."""
        return stretch_count(harmony.seconds) * len(self._stretches)

    def expected(self, harmony: Harmony) -> float:
        """At most how many resemblances of a record of this harmony are expected by chance alone."""
        return self.comparisons(harmony) * self._fusion.chance(self._fusion.threshold)

    def match(self, harmony: Harmony) -> list[Resemblance]:
        """The works that stand out in a record, the best stretch of each, the highest score first.

        Raises InputError where the notes of the record and of the works were found by different models.
        """
        if len(self._table) and harmony.notes_by != self._table.notes_by:
            raise InputError(
                f"the notes of the record were found by {harmony.notes_by}, those of the works by "
                f"{self._table.notes_by}: only like is compared with like"
            )
        best: dict[int, Resemblance] = {}
        for stretch in stretches(harmony):
            for found in self._matched(stretch):
                if found.asset not in best or found.score > best[found.asset].score:
                    best[found.asset] = found
        return sorted(best.values(), key=lambda found: (-found.score, found.asset))

    def _matched(self, record: Stretch) -> list[Resemblance]:
        if not self._stretches or not record.chroma.any() or len(record.chroma) < 2 * CHROMA_RATE:
            return []
        chosen = self._chosen(record)
        looked = [scores(record, self._stretches[number]) for number in chosen]
        standing = standing_out(np.array([given for given, _ in looked]), self._norms[chosen])
        told = self._fusion.fused(standing)
        return [
            self._told(record, int(chosen[row]), looked[row][1], standing[row])
            for row in np.flatnonzero(told >= self._fusion.threshold).tolist()
        ]

    def _chosen(self, record: Stretch) -> npt.NDArray[np.int64]:
        """The stretches that are looked at closely: those of the best cheap score, and as many spread over the rest."""
        count = len(self._stretches)
        if count <= self._most:
            return np.arange(count)
        cheap = np.array([coarse_score(record, work) for work in self._stretches])
        order = np.argsort(-cheap, kind="stable")
        near = self._most - _SPREAD
        rest = np.sort(order[near:])
        spread = rest[np.arange(_SPREAD) * len(rest) // _SPREAD]
        return np.sort(np.concatenate([order[:near], spread]))

    def _told(self, record: Stretch, number: int, paths: Sequence[Path], standing: Numbers) -> Resemblance:
        work, weighted = self._stretches[number], standing * np.array(self._fusion.weights)
        score = float(weighted.sum())
        path = max(enumerate(paths), key=lambda each: (weighted[each[0]], -each[0]))[1]
        frames = max(1, path.end - path.start)
        part = MatchedPart(
            record.start + path.start / CHROMA_RATE,
            record.start + path.end / CHROMA_RATE,
            work.start + path.work_start / CHROMA_RATE,
            work.start + path.work_end / CHROMA_RATE,
        )
        return Resemblance(
            self._assets[number],
            score,
            self._fusion.chance(score),
            float(weighted[list(MELODIC)].sum()),
            float(weighted[list(HARMONIC)].sum()),
            path.shift,
            (path.work_end - path.work_start) / frames,
            part,
        )


def norms_of(works: Sequence[Stretch]) -> Numbers:
    """Mean and spread of what each stretch scores with 30 s of others of like length, float64[n, 2, views]."""
    seconds = np.array([work.seconds for work in works])
    norms = np.zeros((len(works), 2, len(VIEWS)))
    norms[:, 1] = 1
    samples = [_sample(work) for work in works]
    for number, work in enumerate(works):
        others = of_like_length(seconds, number)
        if len(others):
            given = np.array([scores(samples[other], work)[0] for other in others.tolist()])
            norms[number] = given.mean(axis=0), np.maximum(given.std(axis=0), 1e-3)
    return norms


def _sample(work: Stretch) -> Stretch:
    """The first half minute of the profiles of a stretch."""
    first = slice(0, _SAMPLE_FRAMES)
    return work._replace(chroma=work.chroma[first], notes=work.notes[first], melody=work.melody[first])
