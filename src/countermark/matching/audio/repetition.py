"""How far a match proves the recording: a loop agrees as well with itself a little earlier and later.

The same drum samples, struck anew at any tempo, agree with each other in every bar; that two recordings play them says
nothing of either. Music does not repeat itself so: also where machines play it, something else sounds in the next bar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.fingerprint.audio.codes import CODE_DELAY, CODE_RATE, WORK_WORDS
from countermark.matching.audio import _agree_kernel as kernel
from countermark.matching.audio.align import HALVES, ONE, prepared

if TYPE_CHECKING:
    from countermark.fingerprint.audio.features import Features
    from countermark.matching.audio.match import MatchedPart

REPETITIVE: Final = 0.65
"""The repetition from which a match is one of a loop. Of 1,737 right matches of altered excerpts, half repeat to less
than 0.2, 99 in a hundred to less than 0.53, and none to more than 0.61; loops of drums to 0.7 to 1."""
_WINDOW: Final = round(10 * CODE_RATE)
_MOST: Final = 8
"""Windows of a match that are looked at."""
_SHORTEST: Final = 12
"""Codes: what comes back within half a second is one sound that goes on."""
_LONGEST: Final = round(8 * CODE_RATE)
"""A loop comes back within as many codes; a verse comes back later."""
_NEAR: Final = 8
"""Codes around one return that belong to it."""
_OFF: Final = 3
"""Codes by which a part may be off within a window."""


def repetition(record: Features, work: Features, parts: tuple[MatchedPart, ...], shift: float) -> float:
    """How well a record agrees with the work within 8 s before and after the matched place, against that place: 0 to 1.

    Told by the second best of the other places (one may be an echo or a riff played twice), in the window of the match
    that repeats itself least: one passage that is no loop is proof enough. `record` needs all WORDS of its codes.
    """
    codes = np.ascontiguousarray(work.codes[:, :WORK_WORDS])
    found = [_of_window(record, codes, part, shift) for part in _windows(parts)]
    return min(found, default=0.0)


def _windows(parts: tuple[MatchedPart, ...]) -> list[MatchedPart]:
    """At most `_MOST` pieces of 10 s or less, spread over the parts; a piece shorter than half of that only alone."""
    length = _WINDOW / CODE_RATE
    pieces: list[MatchedPart] = []
    for part in parts:
        pace = (part.work_end - part.work_start) / max(part.end - part.start, 1e-9)
        for k in range(max(1, round((part.end - part.start) / length))):
            start = part.start + k * length
            end = min(part.end, start + length)
            places = (part.work_start + (second - part.start) * pace for second in (start, end))
            pieces.append(part._replace(start=start, end=end, work_start=next(places), work_end=next(places)))
    longest = max((piece.end - piece.start for piece in pieces), default=0.0)
    pieces = [piece for piece in pieces if piece.end - piece.start >= min(length, longest) / 2]
    return pieces[:: -(-len(pieces) // _MOST)] if pieces else []


def _of_window(
    record: Features, work: np.ndarray[tuple[int, int], np.dtype[np.uint64]], part: MatchedPart, shift: float
) -> float:
    """The repetition of one window."""
    first = max(0, round((part.start - CODE_DELAY) * CODE_RATE))
    end = min(len(record.codes), round((part.end - CODE_DELAY) * CODE_RATE))
    if end - first < 1:
        return 0.0
    step = round((part.work_end - part.work_start) / (part.end - part.start) * ONE)
    place = (part.work_start - CODE_DELAY) * CODE_RATE + (first / CODE_RATE + CODE_DELAY - part.start) * (
        step / ONE * CODE_RATE
    )
    shifted, mask = prepared(record.codes, first, end, round(shift * HALVES))
    strengths = np.zeros(2 * _LONGEST + 1)
    kernel.strengths_around(shifted, mask, work, round(place * ONE), step, strengths)
    own = float(strengths[_LONGEST - _OFF : _LONGEST + _OFF + 1].max())
    strengths[_LONGEST - _SHORTEST + 1 : _LONGEST + _SHORTEST] = 0.0
    best = int(strengths.argmax())
    strengths[max(0, best - _NEAR + 1) : best + _NEAR] = 0.0
    return min(1.0, max(0.0, float(strengths.max()) / own)) if own > 0 else 0.0
