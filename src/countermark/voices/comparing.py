"""How close tracks come to a voiceprint, and how close recordings of other voices come to it: the stated controls.

A similarity means nothing alone. What is said of a track is its place among the controls, each looked at in the same
way: the best of its stretches. Were a track drawn as the controls were, and as long, it would be closer than all n of
them with probability 1/(n + 1); this holds whatever the encoder is worth. A track that is longer than the shortest
control had more chances, which are counted (`looks`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError
from countermark.voices.points import similarity
from countermark.voices.recordings import Heard, LeftOut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from countermark.voices.voiceprint import Voiceprint

    Interval = Callable[[int, int, float], tuple[float, float]]

LEAST_CONTROLS: Final = 20
WORTH: Final = 0.05
"""A track is named where an unrelated one would come as close with at most this probability."""
_TWO_SIDED: Final = 0.90  # its upper end is the one-sided bound at 95 %


@dataclass(frozen=True, slots=True)
class Controls:
    """The best similarity of each control recording, ascending; the fewest stretches any of them has."""

    best: tuple[float, ...]
    fewest: int
    left_out: tuple[LeftOut, ...]

    @property
    def median(self) -> float:
        """The one in the middle."""
        return self.best[len(self.best) // 2]


@dataclass(frozen=True, slots=True)
class Compared:
    """One track against a voiceprint.

    `best` is its highest similarity, at `start` seconds; `as_close` controls of `controls` come at least as close.
    `chance` is the probability by rank that an unrelated track would come so close, `bound` the upper end, at 95 %
    confidence, of the share of such tracks; both for all of the track's `looks`.
    """

    name: str
    track: int
    stretches: int
    best: float
    start: float
    as_close: int
    controls: int
    looks: int
    chance: float
    bound: float

    @property
    def worth(self) -> bool:
        """Whether it may be worth listening to. Nothing stronger is said."""
        return self.chance <= WORTH


def controls_of(voiceprint: Voiceprint, heard: Iterable[Heard | LeftOut], tracks: Iterable[str]) -> Controls:
    """The control population.

    Left out, with the reason, are silent ones, ones that cannot be read, copies of another control, recordings that
    the voiceprint was made of, and files that are compared (`tracks` are their digests). Raises InputError below 20.
    """
    seen = dict.fromkeys(voiceprint.recordings, "the voiceprint was made of it")
    seen |= dict.fromkeys(tracks, "it is one of the tracks compared")
    best, left_out, fewest = [], [], 0
    for one in heard:
        if isinstance(one, LeftOut):
            left_out.append(one)
        elif (reason := seen.get(one.digest)) is not None:
            left_out.append(LeftOut(one.name, reason))
        elif not one.stretches:
            left_out.append(LeftOut(one.name, "it is silent, or too short"))
        else:
            seen[one.digest] = "another control has the same bytes"
            best.append(max(similarity(stretch.point, voiceprint.point) for stretch in one.stretches))
            fewest = min(fewest or len(one.stretches), len(one.stretches))
    if len(best) < LEAST_CONTROLS:
        raise InputError(
            f"--controls: {len(best)} recordings of other voices can be used, {LEAST_CONTROLS} are needed: "
            "without a population to hold it against, a similarity says nothing" + _why(left_out)
        )
    return Controls(tuple(sorted(best)), fewest, tuple(left_out))


def _why(left_out: Sequence[LeftOut]) -> str:
    if not left_out:
        return ""
    first = left_out[0]
    return f" ({len(left_out)} left out; the first, {first.name}: {first.reason})"


def compare(
    voiceprint: Voiceprint, heard: Heard, controls: Controls, interval: Interval
) -> Compared | LeftOut:
    """One track's place among the controls; `interval(k, n, confidence)` is the exact one of a proportion."""
    if heard.digest in voiceprint.recordings:
        return LeftOut(heard.name, "the voiceprint was made of it")
    if not heard.stretches:
        return LeftOut(heard.name, "it is silent, or too short")
    scores = [similarity(stretch.point, voiceprint.point) for stretch in heard.stretches]
    best = max(scores)
    as_close, count = sum(one >= best for one in controls.best), len(controls.best)
    looks = -(-len(scores) // controls.fewest)
    return Compared(
        heard.name,
        heard.track,
        len(scores),
        best,
        heard.stretches[scores.index(best)].start,
        as_close,
        count,
        looks,
        chance=min(1.0, looks * (as_close + 1) / (count + 1)),
        bound=min(1.0, looks * interval(as_close, count, _TWO_SIDED)[1]),
    )
