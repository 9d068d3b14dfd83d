"""Extending a seed letter by letter, over edits and OCR noise, as long as it pays.

A seed is grown to both sides. Equal letters earn bits; where the two sides differ, the smallest repair is looked for
that lets enough letters agree again: replace, leave out or put in up to SKIP letters. Growing stops when the score
has fallen DROP below its best, and what came after the best is cut off again (the X-drop rule of BLAST, Altschul et al.
1990, with resynchronisation in place of a dynamic program: noise is rare in what we look for, so the first repair
that holds is nearly always the right one, at a fraction of the cost).

All scores are integers, in tenths of a bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import kernel

LETTER = 20  # what an equal letter earns: two bits, the entropy of running text
REPAIR = 30  # what any repair costs
SKIPPED = 8  # and what it costs more for each letter skipped
DROP = 400  # how far the score may fall before growing stops
SKIP = 20  # the most letters that one repair passes over on one side

# fields of a growth: how far on either side, equal letters, edits, longest run, score, first run
REACH_RECORD, REACH_WORK, MATCHED, EDITS, LONGEST, SCORE, FIRST_RUN, GROWTH_FIELDS = range(8)


@kernel
def _run(record: Any, i: int, i_end: int, work: Any, p: int, p_end: int, step: int) -> int:
    """Return how many letters agree from (i, p) on, walking by `step`, before (i_end, p_end)."""
    room = min((i_end - i) * step, (p_end - p) * step)
    length = 0
    while length < room and record[i + length * step] == work[p + length * step]:
        length += 1
    return length


@kernel
def _needed(skipped: int) -> int:
    """How many letters must agree after a repair, so that it earns more than it cost."""
    return (REPAIR + SKIPPED * skipped) // LETTER + 1


@kernel
def _repair(
    record: Any, i: int, i_end: int, work: Any, p: int, p_end: int, step: int, most: int
) -> tuple[int, int, int]:
    """Find the smallest repair at the difference (i, p): (letters skipped in the record, in the work, run after)."""
    for skipped in range(1, most + 1):
        needed = _needed(skipped)
        for shorter in range(skipped, -1, -1):
            for side in range(2):
                di, dp = (skipped, shorter) if side == 0 else (shorter, skipped)
                if side == 1 and shorter == skipped:
                    break
                ii, pp = i + di * step, p + dp * step
                if (i_end - ii) * step <= 0 or (p_end - pp) * step <= 0 or record[ii] != work[pp]:
                    continue
                run = _run(record, ii, i_end, work, pp, p_end, step)
                if run >= needed:
                    return di, dp, run
    return 0, 0, 0


@kernel
def grow(
    record: Any,
    i: int,
    i_end: int,
    work: Any,
    p: int,
    p_end: int,
    step: int,
    most: int,
    repairs: int,
    growth: Any,
) -> int:
    """Grow from (i, p) towards (i_end, p_end), exclusive; fill `growth`; return the letters looked at.

    `step` is 1 or -1; `most` limits what one repair skips, `repairs` how many there may be.
    """
    growth[:] = 0
    run = _run(record, i, i_end, work, p, p_end, step)
    here_i, here_p = run, run
    matched, edits, score = run, 0, run * LETTER
    growth[REACH_RECORD], growth[REACH_WORK], growth[MATCHED] = run, run, run
    growth[SCORE], growth[LONGEST], growth[FIRST_RUN] = score, 0, run
    longest = 0
    effort = run + 1
    while repairs > 0:
        repairs -= 1
        di, dp, run = _repair(record, i + here_i * step, i_end, work, p + here_p * step, p_end, step, most)
        effort += most * most + run
        if run == 0:
            break
        here_i += di + run
        here_p += dp + run
        skipped = max(di, dp)
        matched += run
        edits += skipped
        score += run * LETTER - REPAIR - SKIPPED * skipped
        longest = max(longest, run)
        if score > growth[SCORE]:
            growth[REACH_RECORD], growth[REACH_WORK] = here_i, here_p
            growth[MATCHED], growth[EDITS] = matched, edits
            growth[SCORE], growth[LONGEST] = score, longest
        elif score < growth[SCORE] - DROP:
            break
    return np.int64(effort)
