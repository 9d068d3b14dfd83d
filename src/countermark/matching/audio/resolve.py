"""The matches of one track, resolved: each alignment once, and what several works share told as such."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from countermark.findings.finding import Grade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from countermark.fingerprint.audio.features import Features
    from countermark.matching.audio.match import AudioMatch, MatchedPart

_SAME_PLACE: Final = 0.5
"""Seconds by which two alignments may differ and still be one."""
_SAME_PACE: Final = 0.006
_SAME_SHIFT: Final = 0.3
_AS_WELL: Final = 0.1
"""How much less another place of a work may agree and still be the same passage, come back."""
_COVERED: Final = 0.6
"""The part of a match's seconds in the record that another work must explain too, to share it."""
_FEW: Final = 3
"""Works that share a sound before it belongs to nobody."""
_SHORT: Final = 15.0
"""Seconds: what several works share over more is a recording that stands in each of them, not a loop."""


def resolve(matches: Iterable[AudioMatch], work: Callable[[int], Features] | None = None) -> list[AudioMatch]:
    """The matches that stand, by work and time.

    Those of one work under one alignment become one. A short passage that `_FEW` works or more explain is `shared`;
    a long one, or one that is most of its work, is reported for each of them with its grade. `work` gives the features
    of a work by its number.
    """
    by_asset: dict[int, list[AudioMatch]] = {}
    for match in sorted(matches, key=_strongest_first):
        held = by_asset.setdefault(match.asset, [])
        if not any(_explains(other, match) for other in held):
            _add(held, match)
    kept = [match for held in by_asset.values() for match in held]
    told = [replace(match, grade=Grade.SHARED) if _is_shared(match, kept, work) else match for match in kept]
    return sorted(told, key=lambda match: (match.asset, match.parts[0], match.tempo, match.shift))


def commonness(match: AudioMatch, matches: Iterable[AudioMatch]) -> int:
    """How many works are heard in the passage of the record that a match lies in, its own among them."""
    others = {other.asset for other in matches if other.asset != match.asset and _covers(other, match)}
    return 1 + len(others)


def _strongest_first(match: AudioMatch) -> tuple[float, ...]:
    return (-_seconds(match.parts), -match.score, match.asset, *match.parts[0], match.tempo, match.shift)


def _seconds(parts: Iterable[MatchedPart]) -> float:
    return sum(part.end - part.start for part in parts)


def _overlap(match: AudioMatch, other: AudioMatch) -> float:
    """The seconds of the record that lie in parts of both."""
    return sum(
        max(0.0, min(part.end, with_part.end) - max(part.start, with_part.start))
        for part in match.parts
        for with_part in other.parts
    )


def _covers(other: AudioMatch, match: AudioMatch) -> bool:
    return _overlap(match, other) >= _COVERED * _seconds(match.parts)


def _aligned(match: AudioMatch, other: AudioMatch) -> bool:
    """Whether two matches of one work say that the same second of it is heard at the same second."""
    if abs(match.tempo / other.tempo - 1) > _SAME_PACE or abs(match.shift - other.shift) > _SAME_SHIFT:
        return False
    return (
        min(
            abs(part.work_start - with_part.work_start - (part.start - with_part.start) * match.tempo)
            for part in match.parts
            for with_part in other.parts
        )
        <= _SAME_PLACE
    )


def _explains(other: AudioMatch, match: AudioMatch) -> bool:
    """Whether a match says nothing that a longer one of the same work does not say.

    That may lie elsewhere in the work: a passage that comes back agrees at each of its places.
    """
    return _covers(other, match) and (_aligned(other, match) or other.agreement >= match.agreement - _AS_WELL)


def _add(held: list[AudioMatch], match: AudioMatch) -> None:
    """Take a match in; one that goes on where another of the same alignment ended becomes a part of it."""
    for place, other in enumerate(held):
        if _aligned(other, match) and _overlap(other, match) < _SAME_PLACE:
            held[place] = _joined(other, match)
            return
    held.append(match)


def _joined(first: AudioMatch, second: AudioMatch) -> AudioMatch:
    """Two matches of one alignment as one; the stronger tells the score."""
    best = max(first, second, key=lambda match: match.score)
    lengths = [_seconds(match.parts) for match in (first, second)]
    share = (first.agreement * lengths[0] + second.agreement * lengths[1]) / max(sum(lengths), 1e-9)
    return replace(
        best,
        parts=tuple(sorted(first.parts + second.parts)),
        agreement=share,
        inliers=first.inliers + second.inliers,
        chance=min(first.chance, second.chance),
        grade=best.grade if first.grade == second.grade else Grade.COPY,
    )


def _is_shared(match: AudioMatch, matches: list[AudioMatch], work: Callable[[int], Features] | None) -> bool:
    """Whether a passage is short, and little of its work, and several works explain it."""
    seconds = _seconds(match.parts)
    if seconds >= _SHORT or commonness(match, matches) < _FEW:
        return False
    return work is None or seconds < work(match.asset).seconds / 2
