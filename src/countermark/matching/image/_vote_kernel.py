"""Kernels of the vote: hits of features become works with a place in the picture.

Each hit says by itself where the work would stand, how large and how turned (weak geometry: Jégou and others 2008).
A place is believed by what hits agree with it. Integers and plain float64 arithmetic only, in a fixed order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel

UNIT = 16
"""The weight of one bit of evidence."""


@kernel
def weigh(hits: Any, owners: Any, chance: Any, rarity: Any, half: int, sums: Any, weights: Any) -> None:
    """Write the weight of each hit to `weights` int64[k], and add it to that of its work and state, `sums` int64[2 n].

    The weight is what a hit says against chance, in bits: the fewer works the feature is as near to, the more.
    `chance` int64[257] says, for each distance, in how many works one as near was to be expected beforehand, and
    `rarity` int64 gives the weight by the number of works in which one is as near; both numbers in sixteenths.
    """
    begin = 0
    while begin < hits.shape[0]:
        query = hits[begin, 0]
        end = begin
        while end < hits.shape[0] and hits[end, 0] == query:
            end += 1
        for hit in range(begin, end):
            nearer = np.int64(0)
            for other in range(begin, end):
                if hits[other, 2] <= hits[hit, 2] + 4:
                    nearer += np.int64(1)
            weight = rarity[16 * nearer + chance[hits[hit, 2]]]
            weights[hit] = weight
            sums[2 * np.int64(owners[hits[hit, 1]]) + (1 if query >= half else 0)] += weight
        begin = end


@kernel
def grouped(hits: Any, owners: Any, half: int, starts: Any, order: Any) -> None:
    """Write the hits' numbers to `order` int64[k], slot by slot: slot s begins at `starts[s]`.

    A slot is twice the number of a work, and one more where the mirror image was looked up: queries from `half` on.
    """
    starts[:] = 0
    for hit in range(hits.shape[0]):
        starts[2 * np.int64(owners[hits[hit, 1]]) + (1 if hits[hit, 0] >= half else 0) + 1] += 1
    for slot in range(1, starts.size):
        starts[slot] += starts[slot - 1]
    for hit in range(hits.shape[0]):
        own = 2 * np.int64(owners[hits[hit, 1]]) + (1 if hits[hit, 0] >= half else 0)
        order[starts[own]] = hit
        starts[own] += 1
    for slot in range(starts.size - 1, 0, -1):
        starts[slot] = starts[slot - 1]
    starts[0] = 0


@kernel
def places(
    hits: Any, weights: Any, starts: Any, order: Any, sums: Any, least: int,
    points: Any, reaches: Any, levels: Any, turns: Any,
    work_points: Any, work_levels: Any, work_turns: Any, shapes: Any,
    scales: Any, cosines: Any, sines: Any, members: int, hypotheses: int, found: Any,
) -> int:  # fmt: skip
    """Write slot, weight and placement (see `best_place`) of every slot that reaches `least`, to `found` float64[n, 8].

    `least` is the weight of the hits that agree. Of the hits of a slot, `members` at most
    are compared, taken at equal steps. Returns how many were found.
    """
    work, query, reach = np.empty((members, 2)), np.empty((members, 2)), np.empty(members)
    level, turn = np.empty(members, dtype=np.int64), np.empty(members, dtype=np.int64)
    own = np.empty(members, dtype=np.int64)
    supporters, fit = np.empty(members, dtype=np.bool_), np.empty(6)
    circle, middle = cosines.size, scales.size // 2
    count = 0
    for slot in range(starts.size - 1):
        total = starts[slot + 1] - starts[slot]
        if total < 3 or sums[slot] < least or count == found.shape[0]:
            continue
        step = 1 + (total - 1) // members
        wide, high = np.float64(shapes[slot >> 1, 0]) / 65536.0, np.float64(shapes[slot >> 1, 1]) / 65536.0
        held = 0
        for at in range(starts[slot], starts[slot + 1], step):
            q, p = hits[order[at], 0], hits[order[at], 1]
            work[held, 0], work[held, 1] = work_points[p, 0] * wide, work_points[p, 1] * high
            query[held, 0], query[held, 1], reach[held] = points[q, 0], points[q, 1], reaches[q]
            level[held] = min(max(levels[q] - np.int64(work_levels[p]), -middle), middle)
            turn[held] = (turns[q] - np.int64(work_turns[p])) & (circle - 1)
            own[held] = weights[order[at]]
            held += 1
        weight = best_place(
            work[:held], query[:held], reach[:held], level[:held], turn[:held], scales, cosines, sines, own[:held],
            hypotheses, supporters[:held], fit,
        )  # fmt: skip
        if weight >= least:
            found[count, 0], found[count, 1] = slot, weight
            found[count, 2:] = fit
            count += 1
    return count


@inlined
def _agrees(work: Any, query: Any, reach: Any, at: int, fit: Any, slack: float, rim: float) -> bool:
    """Whether a hit lies where the placement `fit` (a, b, x, y and the centre it was found around) puts it."""
    dx, dy = work[at, 0] - fit[4], work[at, 1] - fit[5]
    mx, my = fit[0] * dx - fit[1] * dy, fit[1] * dx + fit[0] * dy
    ex, ey = query[at, 0] - fit[2] - mx, query[at, 1] - fit[3] - my
    far = slack * slack * (mx * mx + my * my)
    near = rim * reach[at]
    return bool(ex * ex + ey * ey <= 2.0 * (far + near * near))


@kernel
def best_place(
    work: Any, query: Any, reach: Any, levels: Any, turns: Any, scales: Any, cosines: Any, sines: Any, weights: Any,
    hypotheses: int, supporters: Any, fit: Any,
) -> int:  # fmt: skip
    """Find the placement that most weight agrees with, mark its `supporters`, write `fit`; return the weight.

    `work` and `query` float64[h, 2] are points in pixels, `reach` float64[h] the pixels that one pixel of the
    feature's layer is in the frame, `levels` int64[h] and `turns` int64[h] how much larger and how far turned the work
    would be by each hit: indexes of `scales` (around its middle), `cosines` and `sines` (a power of 2). `fit` is a, b,
    x, y, u, v: the point (u + p, v + q) of the work comes to (x + a p - b q, y + b p + a q).
    """
    count = weights.size
    circle = cosines.size
    best, most = -1, np.int64(0)
    trial = np.empty(6)
    for seed in range(0, count, 1 + (count - 1) // hypotheses):
        scale = scales[levels[seed] + scales.size // 2]
        trial[0], trial[1] = scale * cosines[turns[seed]], scale * sines[turns[seed]]
        trial[2], trial[3], trial[4], trial[5] = query[seed, 0], query[seed, 1], work[seed, 0], work[seed, 1]
        total = np.int64(0)
        for at in range(count):
            turned = ((turns[at] - turns[seed] + circle // 2) & (circle - 1)) - circle // 2
            if (
                abs(levels[at] - levels[seed]) <= 10
                and abs(turned) <= circle // 10
                and _agrees(work, query, reach, at, trial, 0.22, 2.5)
            ):
                total += weights[at]
        if total > most:
            best, most = seed, total
            fit[:] = trial
    if best < 0:
        return 0
    for at in range(count):
        turned = ((turns[at] - turns[best] + circle // 2) & (circle - 1)) - circle // 2
        supporters[at] = (
            abs(levels[at] - levels[best]) <= 10
            and abs(turned) <= circle // 10
            and _agrees(work, query, reach, at, fit, 0.22, 2.5)
        )
    for _ in range(2):
        if not _fitted(work, query, weights, supporters, fit):
            break
        for at in range(count):
            turned = ((turns[at] - turns[best] + circle // 2) & (circle - 1)) - circle // 2
            supporters[at] = (
                abs(levels[at] - levels[best]) <= 12
                and abs(turned) <= circle // 8
                and _agrees(work, query, reach, at, fit, 0.09, 2.5)
            )
    return int(_weight(work, query, reach, weights, supporters))


@inlined
def _fitted(work: Any, query: Any, weights: Any, supporters: Any, fit: Any) -> bool:
    """Fit a similarity to the supporters by least squares; whether they say anything."""
    n, wx, wy, qx, qy = 0.0, 0.0, 0.0, 0.0, 0.0
    for at in range(weights.size):
        if supporters[at]:
            n += 1.0
            wx += work[at, 0]
            wy += work[at, 1]
            qx += query[at, 0]
            qy += query[at, 1]
    if n < 3.0:
        return False
    wx, wy, qx, qy = wx / n, wy / n, qx / n, qy / n
    spread, along, across = 0.0, 0.0, 0.0
    for at in range(weights.size):
        if supporters[at]:
            px, py = work[at, 0] - wx, work[at, 1] - wy
            rx, ry = query[at, 0] - qx, query[at, 1] - qy
            spread += px * px + py * py
            along += px * rx + py * ry
            across += px * ry - py * rx
    if spread < 1.0:
        return False
    fit[0], fit[1] = along / spread, across / spread
    fit[2], fit[3], fit[4], fit[5] = qx, qy, wx, wy
    return True


@inlined
def _weight(work: Any, query: Any, reach: Any, weights: Any, supporters: Any) -> int:
    """The supporters' weight; where several stand on one spot of either side, the others count for an eighth."""
    total = np.int64(0)
    for at in range(weights.size):
        if not supporters[at]:
            continue
        weight = weights[at]
        for other in range(at):
            if supporters[other]:
                dx, dy = query[at, 0] - query[other, 0], query[at, 1] - query[other, 1]
                px, py = work[at, 0] - work[other, 0], work[at, 1] - work[other, 1]
                close = 3.0 * min(reach[at], reach[other])
                if dx * dx + dy * dy <= close * close or px * px + py * py <= 4.0:
                    weight = weights[at] // 8
                    break
        total += weight
    return int(total)
