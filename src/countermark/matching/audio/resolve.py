"""The matches of one track, resolved: each alignment once, and what several works share told as such."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from countermark.findings.finding import Grade
from countermark.matching.audio.candidate import Candidate
from countermark.matching.audio.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from countermark.fingerprint.audio.features import Features
    from countermark.matching.audio.match import AudioMatch, MatchedPart

    Works = Callable[[int], Features]

_SAME_PLACE: Final = 0.5
"""Seconds by which two alignments may differ and still be one."""
_SAME_PACE: Final = 0.006
_SAME_SHIFT: Final = 0.3
_AS_WELL: Final = 0.1
"""How much less another place of a work may agree and still be the same passage, come back."""
_COVERED: Final = 0.6
"""The part of a match's seconds in the record that another work must explain too, to share it."""
_SHORT: Final = 15.0
"""Seconds: what several works share over more is a recording that stands in each of them, not a loop."""
_MOST_COMPARED: Final = 8
"""Other works that a match is compared with: so many are enough to know that a sound is nobody's."""
_LEAST_LEFT: Final = 0.1
"""Seconds that must be left of a part where another match tells the rest of it."""


def resolved(matches: Iterable[AudioMatch], work: Works) -> list[tuple[AudioMatch, int]]:
    """The matches that stand, by work and time, each with its commonness.

    Those of one work under one alignment become one; of a loop, each work is told once. `work` gives the features of a
    work by its number. Works that are heard in the same passage are compared with each other: the commonness is the
    number of those, its own among them (at most 1 + `_MOST_COMPARED`), that hold the same sound there. Where what they
    share is short, and little of them, the match is `shared`; where it is long, or most of one of them, the same
    recording stands in each, and each is reported with its grade. What merely sounds at the same time is not shared.
    """
    kept = _each_once(matches)
    told: list[tuple[AudioMatch, int]] = []
    for match in kept:
        among = [seconds for seconds in _seconds_shared(match, kept, work) if seconds > 0]
        loop = any(seconds < _SHORT for seconds in among) and _is_passage(match, work)
        told.append((replace(match, grade=Grade.SHARED) if loop else match, 1 + len(among)))
    return sorted(told, key=lambda pair: _place(pair[0]))


def _each_once(matches: Iterable[AudioMatch]) -> list[AudioMatch]:
    """The matches without those that others of the same work explain, in an order of their own."""
    by_asset: dict[int, list[AudioMatch]] = {}
    for match in sorted(matches, key=_strongest_first):
        held = by_asset.setdefault(match.asset, [])
        if not any(_explains(other, match) for other in held):
            _add(held, match)
    return sorted((match for held in by_asset.values() for match in held), key=_place)


def _place(match: AudioMatch) -> tuple[object, ...]:
    return (match.asset, match.parts[0], match.tempo, match.shift)


def _strongest_first(match: AudioMatch) -> tuple[float, ...]:
    """The order in which matches are taken: what agrees over most seconds first, loops last."""
    loop, agreeing = match.grade == Grade.SHARED, _seconds(match.parts) * match.agreement
    return (loop, -agreeing, -match.score, match.asset, *match.parts[0], match.tempo, match.shift)


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

    That may lie elsewhere in the work: a passage that comes back agrees at each of its places, a loop at each bar, so
    that one of those tells all that it overlaps or follows.
    """
    if match.grade == Grade.SHARED and (_overlap(match, other) > 0 or other.grade == Grade.SHARED):
        return True
    return _covers(other, match) and (_aligned(other, match) or other.agreement >= match.agreement - _AS_WELL)


def _add(held: list[AudioMatch], match: AudioMatch) -> None:
    """Take a match in; one of the alignment of another becomes a part of it."""
    for place, other in enumerate(held):
        if _aligned(other, match):
            held[place] = _joined(other, match)
            return
    held.append(match)


def _joined(first: AudioMatch, second: AudioMatch) -> AudioMatch:
    """Two matches of one alignment as one; the stronger tells the score, and of seconds that both tell, the first."""
    best = max(first, second, key=lambda match: match.score)
    own = _not_in(second.parts, first.parts)
    lengths = [_seconds(first.parts), _seconds(own)]
    share = (first.agreement * lengths[0] + second.agreement * lengths[1]) / max(sum(lengths), 1e-9)
    added = round(second.inliers * lengths[1] / max(_seconds(second.parts), 1e-9))
    return replace(
        best,
        parts=tuple(sorted(first.parts + own)),
        agreement=share,
        inliers=first.inliers + added,
        chance=min(first.chance, second.chance),
        grade=best.grade if first.grade == second.grade else Grade.COPY,
    )


def _not_in(parts: tuple[MatchedPart, ...], others: tuple[MatchedPart, ...]) -> tuple[MatchedPart, ...]:
    """What of some parts lies outside of others, in the record as in the work."""
    left = list(parts)
    for other in others:
        pieces: list[MatchedPart] = []
        for part in left:
            pace = (part.work_end - part.work_start) / max(part.end - part.start, 1e-9)
            before = min(other.start - part.start, (other.work_start - part.work_start) / max(pace, 1e-9))
            after = min(part.end - other.end, (part.work_end - other.work_end) / max(pace, 1e-9))
            if before >= part.end - part.start or after >= part.end - part.start:
                pieces.append(part)
                continue
            if before >= _LEAST_LEFT:
                pieces.append(
                    part._replace(end=part.start + before, work_end=part.work_start + before * pace)
                )
            if after >= _LEAST_LEFT:
                pieces.append(part._replace(start=part.end - after, work_start=part.work_end - after * pace))
        left = pieces
    return tuple(left)


def _seconds_shared(match: AudioMatch, matches: Sequence[AudioMatch], work: Works) -> list[float]:
    """For each other work that is heard in the passage of a match, the seconds of its work that both hold."""
    others: dict[int, AudioMatch] = {}
    covering = [other for other in matches if other.asset != match.asset and _covers(other, match)]
    for other in sorted(covering, key=lambda one: (-_overlap(match, one), _strongest_first(one))):
        others.setdefault(other.asset, other)
    return [_shared(match, other, work) for other in list(others.values())[:_MOST_COMPARED]]


def _shared(match: AudioMatch, other: AudioMatch, work: Works) -> float:
    """The seconds that two works have in common around what is heard of both at one time; infinity for an edition.

    They are compared like a record and a work, where need be like a work and a record: one of them may be no more than
    the loop, that says little of itself. A loop counts as short, however often it comes.
    """
    part, with_part = max(
        ((part, with_part) for part in match.parts for with_part in other.parts),
        key=lambda pair: min(pair[0].end, pair[1].end) - max(pair[0].start, pair[1].start),
    )
    middle = (max(part.start, with_part.start) + min(part.end, with_part.end)) / 2
    own, its = work(match.asset), work(other.asset)
    at = part.work_start + (middle - part.start) * match.tempo
    its_at = with_part.work_start + (middle - with_part.start) * other.tempo
    tempo, shift = other.tempo / match.tempo, other.shift - match.shift
    found = verify(own, Candidate(other.asset, at, its_at, tempo, shift, 0.0), its)
    if found is None:
        found = verify(its, Candidate(match.asset, its_at, at, 1 / tempo, -shift, 0.0), own)
    if found is None:
        return 0.0
    seconds = _seconds(found.parts)
    if found.grade == Grade.SHARED:
        return min(seconds, _SHORT / 2)
    return float("inf") if seconds >= min(own.seconds, its.seconds) / 2 else seconds


def _is_passage(match: AudioMatch, work: Works) -> bool:
    """Whether a match is short, and little of its work."""
    seconds = _seconds(match.parts)
    return seconds < _SHORT and seconds < work(match.asset).seconds / 2
