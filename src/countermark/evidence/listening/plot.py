"""Two spectrograms, one over the other in step, with the peaks that agree: what the page needs to show them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.evidence.listening.agreeing import agreeing
from countermark.evidence.listening.said import clock, decimal
from countermark.evidence.listening.sounds import data_uri
from countermark.evidence.listening.spectrogram import TICKS, drawn, height_of, height_of_hertz
from countermark.fingerprint.audio.features import HOP, RATE, WINDOW
from countermark.language import WIDE as FIXED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.evidence.listening.agreeing import Agreeing
    from countermark.evidence.listening.sounds import Heard, Window
    from countermark.evidence.listening.spectrogram import Drawn
    from countermark.language import Language

WIDE: Final = 1_000
TALL: Final = 200
GAP: Final = 40
"""Units of the plot: its width, the height of each spectrogram, and what lies between."""

_JOINED: Final = 16
"""Peaks that are joined by a line, of all that agree."""
_LABELS: Final = 6
_STEPS: Final = (1, 2, 5, 10, 20)
_LAST_LABEL: Final = 0.97
_FIRST_MIDDLE: Final = (WINDOW - HOP) / 2 / RATE
"""Seconds at which the first column of a spectrogram begins."""


def plot(heard: Heard, say: Language) -> dict[str, Any] | None:
    """The pair of spectrograms; None where a side is missing."""
    window = heard.window
    if window is None or set(heard.samples) != {"work", "record"}:
        return None
    work, record = drawn(heard.samples["work"]), drawn(heard.samples["record"])
    same = agreeing(work.peaks, record.peaks, window.tempo, window.shift)
    above = _points(work, window.work_seconds, 0)
    below = _points(record, window.seconds, TALL + GAP)
    agree = above[same.work], below[same.record]
    others = np.delete(above, same.work, axis=0), np.delete(below, same.record, axis=0)
    told = _told(same, say)
    return {
        "width": WIDE,
        "height": 2 * TALL + GAP,
        "pictures": [
            _picture(side, seconds, top)
            for side, seconds, top in (
                (work, window.work_seconds, 0),
                (record, window.seconds, TALL + GAP),
            )
        ],
        "others": "".join(_dots(points) for points in others),
        "same": "".join(_dots(points) for points in agree),
        "joins": _joins(*agree),
        "hertz": _hertz(say),
        "times": {
            "work": _times(window.work_at, window.work_seconds),
            "record": _times(window.record_at, window.seconds),
        },
        "told": told,
        "alt": say.say("plot.alt", told=told, **_spans(window, say)),
    }


def _told(same: Agreeing, say: Language) -> str:
    counts = {"n": len(same.work), "peaks": same.total}
    if same.displaced is None:
        return say.say("plot.told", **counts)
    return say.say("plot.told.displaced", displaced=same.displaced, **counts)


def _spans(window: Window, say: Language) -> dict[str, str]:
    ends = {
        "work_start": window.work_at,
        "work_end": window.work_at + window.work_seconds,
        "record_start": window.record_at,
        "record_end": window.record_at + window.seconds,
    }
    return {name: clock(1000 * seconds, say.decimal) for name, seconds in ends.items()}


def _picture(side: Drawn, seconds: float, top: int) -> dict[str, Any]:
    """Where a spectrogram lies in the plot, whose width is `seconds`."""
    return {
        "src": data_uri(side.picture, "image/png"),
        "x": round(WIDE * _FIRST_MIDDLE / seconds, 1),
        "y": top,
        "width": round(WIDE * side.seconds / seconds, 1),
        "height": TALL,
    }


def _points(side: Drawn, seconds: float, top: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The peaks of a side in the plot, int64[n, 2]."""
    across = WIDE * side.peaks.seconds / seconds
    down = top + TALL * (1 - height_of(side.peaks.pitches))
    points = np.rint(np.stack([across, down], axis=1)).astype(np.int64)
    return np.clip(points, (0, top), (WIDE, top + TALL))


def _dots(points: np.ndarray[Any, np.dtype[np.int64]]) -> str:
    """A path of lines without length: round or square marks that no scaling stretches."""
    return "".join(f"M{x} {y}h0" for x, y in points.tolist())


def _joins(above: np.ndarray[Any, np.dtype[np.int64]], below: np.ndarray[Any, np.dtype[np.int64]]) -> str:
    """Lines between some of the peaks that agree, evenly over them."""
    count = min(_JOINED, len(above))
    chosen = [len(above) * (2 * number + 1) // (2 * count) for number in range(count)]
    pairs = zip(above[chosen].tolist(), below[chosen].tolist(), strict=True)
    return "".join(f"M{x} {y}L{to_x} {to_y}" for (x, y), (to_x, to_y) in pairs)


def _hertz(say: Language) -> list[dict[str, Any]]:
    """The frequencies at the side, of both spectrograms, by where they lie in per cent of the height."""
    whole = 2 * TALL + GAP
    return [
        {
            "at": round(100 * (top + TALL * (1 - height_of_hertz(hertz))) / whole, 2),
            "said": f"{decimal(hertz / 1000, say)}{FIXED}kHz" if hertz >= 1000 else f"{hertz}{FIXED}Hz",
        }
        for top in (0, TALL + GAP)
        for hertz in TICKS
    ]


def _times(begin: float, seconds: float) -> list[dict[str, Any]]:
    """The times of one recording along its spectrogram, at most a few."""
    step = next((step for step in _STEPS if seconds / step <= _LABELS), _STEPS[-1])
    first: Sequence[int] = range(math.ceil(begin / step) * step, math.floor(begin + seconds) + 1, step)
    last = begin + _LAST_LABEL * seconds
    return [
        {"at": round(100 * (at - begin) / seconds, 2), "said": clock(1000 * at)[:-2]}
        for at in first
        if at <= last
    ]
