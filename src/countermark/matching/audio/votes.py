"""Candidates of a track: what its constellations agree on, window by window.

Each constellation of the track that stands in a work says by itself where the work would be heard, how fast and how
high; what many say alike is a candidate (as the histogram of offsets in Wang, ISMIR 2003, with tempo and pitch as
further axes). It is verified afterwards, so that what counts here is that the true one is among the best few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.fingerprint.audio.constellations import packed
from countermark.fingerprint.audio.features import FRAMES_A_SECOND, HOP, PITCH_STEPS, RATE, WINDOW
from countermark.index.audio import _posting_kernel as posting_kernel
from countermark.matching.audio import _audio_vote_kernel as kernel
from countermark.matching.audio.candidate import Candidate

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.fingerprint.audio.features import Features
    from countermark.index.audio.postings import PostingLookup

    Hits = npt.NDArray[np.int32]

MOST: Final = 12
"""Candidates of a window."""
HALF: Final = round(5 * FRAMES_A_SECOND)
"""Frames of half a window; the next window begins that much later."""
WIDEST: Final = 32
"""Steps of pitch by which a track may be shifted: somewhat more than six semitones."""
TEMPO: Final = 1.35
"""How many times as fast or as slow it may be."""
FREE: Final = (9, 4, 7, WIDEST)
FIXED: Final = (12, 8, 10)
"""Of each family: peaks of a band and second that are looked up (more than works keep, as what is laid over them adds
its own), followers of a slot, and how many of them may stand before the chosen ones in all: less than this."""
SLOTS: Final = ((3, 17, 34), (21, 44, 70), (2, 16, 0), (17, 41, 0))
"""Lows and highs of both families in the track: of the first those of works at 0.85 to 1.15 times the tempo."""
SLACK: Final = 1
"""Steps of pitch by which the peaks of a constellation may disagree."""
FRAMES, FIXED_FRAMES = 2, 1
"""Frames by which they may disagree."""
LONGEST: Final = 2000
"""Postings of a list that is read; more of them say too little each."""
MOST_READ: Final = 40_000
"""Postings that are read for half a window, shortest lists first: what a lookup costs in however large an index."""
FAVOUR: Final = 3
"""What a hit of the first family weighs more: it agrees in four peaks."""
MOST_ASKED: Final = 1 << 16
"""Constellations of half a window: what lies beyond is not read, so that no track takes more time than this."""
MOST_CELLS: Final = 1 << 17
LEAST: Final = 12
"""Weight of a cell that is looked at: more than that of one hit."""
_SAME_SECONDS, _SAME_TEMPO, _SAME_SHIFT = 0.3, 0.01, 0.5


def candidates(lookup: PostingLookup, features: Features, most: int = MOST) -> list[Candidate]:
    """The `most` most promising candidates of each 10 s of a track (a window every 5 s), the best first.

    Windows stand in the order of time. One that stood in the window before with as many votes is left out.
    """
    kept = features.strengths < max(FREE[0], FIXED[0])
    peaks, ranks, times = packed(features)[kept], features.strengths[kept], features.times[kept]
    halves = int(times[-1]) // HALF + 1 if len(times) and len(lookup) else 0
    bounds = np.searchsorted(times, np.arange(halves + 1) * HALF)
    reader, table = _Reader(lookup), _Table(lookup.timeline, most)
    rows: list[Candidate] = []
    last: list[Candidate] = []
    before = np.zeros((0, 7), dtype=np.int32)
    for half in range(halves):
        hits = reader.hits(peaks, ranks, int(bounds[half]), int(bounds[half + 1]))
        if half or halves == 1:
            found = table.best(np.concatenate([before, hits]), half * HALF)
            rows += [one for one in found if not any(_known(one, other) for other in last)]
            last = found
        before = hits
    return rows


def _known(one: Candidate, other: Candidate) -> bool:
    """Whether another candidate says the same with as many votes."""
    return (
        one.asset == other.asset
        and one.votes <= other.votes
        and abs(one.tempo - other.tempo) < _SAME_TEMPO
        and abs(one.shift - other.shift) < _SAME_SHIFT
        and abs(other.work_at + (one.at - other.at) * other.tempo - one.work_at) < _SAME_SECONDS
    )


class _Reader:
    """What the index holds of the constellations of half a window at a time."""

    def __init__(self, lookup: PostingLookup) -> None:
        self._index = lookup.index
        self._asked = np.empty((MOST_ASKED, 8), dtype=np.int64)

    def hits(self, peaks: npt.NDArray[np.uint32], ranks: npt.NDArray[np.uint8], begin: int, end: int) -> Hits:
        """The hits of those whose anchors are the peaks `begin` to `end`: int32[k, 7] (see the kernel of the votes)."""
        sizes = np.zeros(LONGEST + 2, dtype=np.int64)
        first, count = posting_kernel.ask(
            peaks, ranks, begin, end, FREE, FIXED, SLOTS, self._index, sizes, self._asked
        )
        longest = min(posting_kernel.longest_read(sizes, MOST_READ), LONGEST)
        hits = np.empty((MOST_READ, 7), dtype=np.int32)
        found = posting_kernel.read(
            self._asked,
            first,
            count,
            longest,
            self._index,
            SLACK,
            FRAMES,
            FIXED_FRAMES,
            (WIDEST, TEMPO),
            FAVOUR,
            hits,
        )
        return hits[:found]


class _Table:
    """The votes of one window at a time."""

    def __init__(self, timeline: npt.NDArray[np.int64], most: int) -> None:
        self._timeline = timeline
        self._cells, self._votes = np.zeros(MOST_CELLS, dtype=np.int64), np.zeros(MOST_CELLS, dtype=np.int32)
        self._used = np.empty(MOST_CELLS, dtype=np.int64)
        self._found, self._refined = np.zeros((most, 5), dtype=np.int64), np.zeros((most, 4))

    def best(self, hits: Hits, middle: int) -> list[Candidate]:
        """The best cells for these hits, refined; `middle` is the frame that offsets are told for."""
        count = kernel.vote(hits, middle, self._cells, self._votes, self._used)
        held = kernel.best_cells(
            self._cells, self._votes, self._used, count, LEAST, self._timeline, self._found
        )
        kernel.clear(self._cells, self._votes, self._used, count)
        kernel.refine(hits, middle, self._found, held, self._refined)
        return [self._candidate(self._found[k], self._refined[k], middle) for k in range(held)]

    def _candidate(
        self, cell: npt.NDArray[np.int64], refined: npt.NDArray[np.float64], middle: int
    ) -> Candidate:
        """A candidate, in seconds; times of frames are those of their middles."""
        half = WINDOW / 2 / RATE
        asset = int(cell[1])
        return Candidate(
            asset=asset,
            at=middle * HOP / RATE + half,
            work_at=(float(refined[0]) - int(self._timeline[asset])) * HOP / RATE + half,
            tempo=float(refined[1]),
            shift=float(refined[2]) * 12 / PITCH_STEPS,
            votes=float(cell[0]),
        )
