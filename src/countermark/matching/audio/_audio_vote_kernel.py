"""Kernels of the votes on where, how fast and how high a work is heard. Integers decide; ties go to the first."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel

TEMPO = 100
"""Width of a cell of tempo, in 1/4096 of a natural logarithm: 2.5 per cent."""
TEMPOS = 16
OFFSET = 16
"""Frames of a cell of offset."""
SHIFT = 16
"""Width of a cell of shift, in quarters of a step of pitch: 0.8 semitone."""
SHIFTS = 16
HALF_GAP = 352
"""Half the frames between two works."""
NEAR = 512
"""Frames over which a window may extend in a work: those of the window, and as many as it may be slower."""


AHEADS = tuple(round(65536 * math.exp(cell * TEMPO / 4096)) for cell in range(-TEMPOS, TEMPOS + 1))
"""65536 times the tempos of the cells."""
WHOLE = 0xFFFFFFFF


@inlined
def _cell(offset: int, tempo: int, shift: int) -> int:
    """A cell's number; 0 is none. Offsets are counted from 64 cells before the beginning of the timeline."""
    number = (offset + 64) << 11
    return number + ((tempo + TEMPOS) << 6) + shift + SHIFTS + 1


@inlined
def _place(cells: Any, number: int) -> int:
    """Where a cell stands in the table, or the free place where it would."""
    mask = cells.size - 1
    at = np.int64((np.uint64(number) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)) & mask
    while cells[at] != 0 and cells[at] != number:
        at = (at + 1) & mask
    return at


@kernel
def vote(hits: Any, middle: int, cells: Any, votes: Any, used: Any) -> int:
    """Add the hits int32[k, 7] to the cells they agree with; returns how many cells are used.

    A hit is: frame on the timeline of the works (as uint32), frame of the track, 4096 times the logarithm of the
    tempo, quarters of a step of pitch, frames from the first to the last of its peaks in the track, family, weight. It
    votes for every tempo that its span, measured to a frame, leaves open, and for the offset that this tempo gives at
    the frame `middle` of the query.
    """
    count = 0
    for hit in range(hits.shape[0]):
        span, weight = np.int64(hits[hit, 4]), np.int64(hits[hit, 6])
        shift = (np.int64(hits[hit, 3]) + SHIFT // 2) // SHIFT
        frame, ahead = np.int64(hits[hit, 0]) & WHOLE, middle - np.int64(hits[hit, 1])
        if hits[hit, 5] == 1:
            low, high = np.int64(0), np.int64(0)
        else:
            # a frame and a half of error in the span
            error = 6144 // span
            low = (np.int64(hits[hit, 2]) - error + TEMPO // 2) // TEMPO
            high = (np.int64(hits[hit, 2]) + error + TEMPO // 2) // TEMPO
        lowest: Any = max(low, -TEMPOS + 1)
        highest: Any = min(high, TEMPOS - 1)
        for tempo in range(lowest, highest + 1):
            offset = (frame + (ahead * AHEADS[tempo + TEMPOS] >> 16)) // OFFSET
            number = _cell(offset, tempo, shift)
            at = _place(cells, number)
            if cells[at] == 0:
                if 2 * count >= cells.size:
                    return count
                cells[at] = number
                used[count] = at
                count += 1
            votes[at] += weight
    return count


@inlined
def _score(cells: Any, votes: Any, number: int) -> int:
    """Twice the votes of a cell, and those of the cells beside it in offset and shift."""
    score = np.int64(0)
    for offset in range(-1, 2):
        for shift in range(-1, 2):
            near = _place(cells, number + (offset << 11) + shift)
            if cells[near] != 0:
                score += np.int64(votes[near]) * (2 if offset == 0 and shift == 0 else 1)
    return score


@inlined
def _owner(timeline: Any, frame: int) -> int:
    """The work on whose part of the timeline a frame lies: from the middle of the gap before it on."""
    low, high = 0, timeline.size - 1
    while high - low > 1:
        middle = (low + high) >> 1
        if timeline[middle] <= frame + HALF_GAP:
            low = middle
        else:
            high = middle
    return low


@kernel
def best_cells(cells: Any, votes: Any, used: Any, count: int, least: int, timeline: Any, found: Any) -> int:
    """Write the best cells to `found` int64[most, 5]: score, work, offset, tempo, shift. Returns how many.

    A cell's score is its votes and those of the cells beside it in offset and shift; cells near a better one are left
    out.
    """
    held, most = 0, found.shape[0]
    for k in range(count):
        at = used[k]
        own = np.int64(votes[at])
        if own < least:
            continue
        number = cells[at]
        score = _score(cells, votes, number)
        place = (number >> 11) - 64
        tempo = ((number >> 6) & 31) - TEMPOS
        shift = (number & 63) - SHIFTS - 1
        if held == most and score <= found[most - 1, 0]:
            continue
        row = -1
        for other in range(held):
            near = abs(found[other, 2] - place) <= 2 and abs(found[other, 4] - shift) <= 1
            if near and abs(found[other, 3] - tempo) <= 2:
                row = other
                break
        if row >= 0:
            if found[row, 0] >= score:
                continue
        elif held < most:
            row = held
            held += 1
        else:
            row = most - 1
        while row > 0 and found[row - 1, 0] < score:
            found[row, :] = found[row - 1, :]
            row -= 1
        found[row, 0], found[row, 2], found[row, 3], found[row, 4] = score, place, tempo, shift
    for row in range(held):
        found[row, 1] = _owner(timeline, found[row, 2] * OFFSET)
    return held


@kernel
def clear(cells: Any, votes: Any, used: Any, count: int) -> None:
    """Empty the places of the table that were used."""
    for k in range(count):
        cells[used[k]] = 0
        votes[used[k]] = 0


@inlined
def _agrees(hits: Any, hit: int, height: float, log_tempo: float) -> bool:
    """Whether a hit says the shift and, as far as its span tells, the tempo."""
    if abs(np.float64(hits[hit, 3]) - height) > 12.0:
        return False
    return abs(np.float64(hits[hit, 2]) / 4096.0 - log_tempo) <= 2.0 / np.float64(hits[hit, 4]) + 0.02


@kernel
def refine(hits: Any, middle: int, found: Any, count: int, out: Any) -> None:
    """Write for each cell: offset at `middle` (frames), tempo, shift (steps), hits that agree, to `out` float64[n, 4].

    The line through the hits that agree with the cell, by least squares in four rounds, each nearer to the line;
    where they stand too near one another to tell the tempo, that of the cell stays.
    """
    members = np.empty(hits.shape[0], dtype=np.int64)
    for k in range(count):
        height = np.float64(found[k, 4] * SHIFT)
        frame = found[k, 2] * OFFSET
        offset = (np.float64(found[k, 2]) + 0.5) * OFFSET
        tempo = math.exp(np.float64(found[k, 3]) * TEMPO / 4096.0)
        total, own = 0.0, 0
        for hit in range(hits.shape[0]):
            if abs((np.int64(hits[hit, 0]) & WHOLE) - frame) < NEAR:
                members[own] = hit
                own += 1
        for turn in range(4):
            near = (24.0, 14.0, 8.0, 8.0)[turn]
            total = x1 = y1 = xx = xy = heights = 0.0
            log_tempo = math.log(tempo)
            for member in range(own):
                hit = members[member]
                if not _agrees(hits, hit, height, log_tempo):
                    continue
                x = np.float64(hits[hit, 1] - middle)
                y = np.float64(np.int64(hits[hit, 0]) & WHOLE) - (offset + x * tempo)
                if abs(y) > near:
                    continue
                total += 1.0
                heights += np.float64(hits[hit, 3])
                x1 += x
                y1 += y
                xx += x * x
                xy += x * y
            if total == 0.0:
                break
            height = heights / total
            # the cell knows the tempo to about two per cent, a hit its offset to about two frames: hence 1e4
            slope = (xy - x1 * y1 / total) / (xx - x1 * x1 / total + 1e4)
            tempo = min(max(tempo + slope, 0.25), 4.0)
            offset += (y1 - slope * x1) / total
        out[k, 0], out[k, 1], out[k, 2], out[k, 3] = offset, tempo, height / 4.0, total
