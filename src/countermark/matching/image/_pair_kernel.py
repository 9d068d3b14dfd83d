"""Pairing the features of a frame with those of a work: by their bits, then by geometry.

Every pair of features carries a whole similarity (place, size, angle), so hypotheses need no drawing of lots: each pair
is tried as one, in the order of its distance, and the same input gives the same answer (a generalised Hough transform
in the manner of Lowe 2004, section 7.3, with verification in place of bins).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from countermark.kernels.compiling import inlined, kernel
from countermark.kernels.machine import set_bits

FAR = 257  # more than any distance

# fields of a pair
P_FRAME, P_WORK, P_DISTANCE, PAIR_FIELDS = range(4)

# fields of a place: where a feature stands (pixels, the first one covers from 0 to 1), its size as in Features, the
# logarithm of that, its angle, and where that points
X, Y, SIZE, OCTAVE, ANGLE, COSINE, SINE, PLACE_FIELDS = range(8)

# an angle of half a radian, and a size six tenths of an octave of e larger, or smaller
SAME_WAY, LARGER, SMALLER = 0.87758, 1.8221, 0.54881


ones: Any = set_bits  # Numba gives the context; its callers give the value


@kernel
def distances(left: Any, right: Any, row: Any) -> None:
    """Fill `row` with the Hamming distances of one code `left` uint64[4] to the columns of `right` uint64[4, m]."""
    l0, l1, l2, l3 = left[0], left[1], left[2], left[3]
    r0, r1, r2, r3 = right[0], right[1], right[2], right[3]
    for j in range(len(row)):
        row[j] = ones(l0 ^ r0[j]) + ones(l1 ^ r1[j]) + ones(l2 ^ r2[j]) + ones(l3 ^ r3[j])


@kernel
def _keep(row: Any, most: int, kept: Any) -> int:
    """Put the `len(kept)` nearest of a row, `most` bits away at most, into `kept`, in order; return how many."""
    count = 0
    worst = most
    for j in range(len(row)):
        distance = row[j]
        if distance > worst:
            continue
        if count == len(kept) and distance == worst:
            continue
        place = min(count, len(kept) - 1)
        while place > 0 and row[kept[place - 1]] > distance:
            kept[place] = kept[place - 1]
            place -= 1
        kept[place] = j
        count = min(count + 1, len(kept))
        if count == len(kept):
            worst = row[kept[count - 1]]
    return count


@kernel
def pair(frame_codes: Any, work_codes: Any, most: int, each: int, pairs: Any) -> int:
    """Fill `pairs` with the nearest features of the work for each feature of the frame; return how many.

    `frame_codes` uint64[n, 4]; `work_codes` uint64[4, m]; `most` bits apart at most; `each` at most for a feature
    of the frame.
    """
    row = np.zeros(work_codes.shape[1], dtype=np.int64)
    kept = np.zeros(each, dtype=np.int64)
    count = 0
    for i in range(len(frame_codes)):
        distances(frame_codes[i], work_codes, row)
        found = _keep(row, most, kept)
        for k in range(found):
            if count == len(pairs):
                return count
            pairs[count, P_FRAME] = i
            pairs[count, P_WORK] = kept[k]
            pairs[count, P_DISTANCE] = row[kept[k]]
            count += 1
    return count


@inlined
def _rounded(value: float) -> float:
    """To a millionth, about: so that no library's last digit decides."""
    return float(np.floor(value * 1048576.0 + 0.5) / 1048576.0)


@kernel
def rate(poses: Any, sizes: Any, frames: Any, weights: Any, tried: Any, ratings: Any) -> None:
    """Rate each pair in `tried` as a hypothesis: the weight of the pairs that stand where it says.

    `poses` float64[6, n]: what each pair is made of, the place in the frame (x, y), that in the work (x, y), and what
    leads from one to the other: the logarithm of the scale, and the turn in radians from 0 to a whole turn. `sizes`: of
    the pairs' features of the frame; `frames`: which those are. One feature's angle and size are rough, so the
    tolerance grows with the distance from it. A feature of the frame counts once (pairs are in the frame's order).
    """
    fx, fy, wx, wy, scales, turns = poses[0], poses[1], poses[2], poses[3], poses[4], poses[5]
    for t in range(len(tried)):
        h = tried[t]
        total, last, best = 0.0, -1, 0.0
        scale = _rounded(np.exp(scales[h]))
        cosine, sine = scale * _rounded(np.cos(turns[h])), scale * _rounded(np.sin(turns[h]))
        bar = 4.0 * max(sizes[h], scale)
        for p in range(len(weights)):
            if abs(scales[p] - scales[h]) > 0.7:
                continue
            turn = abs(turns[p] - turns[h])
            if min(turn, 2.0 * np.pi - turn) > 0.5:
                continue
            dx, dy = wx[p] - wx[h], wy[p] - wy[h]
            px, py = cosine * dx - sine * dy, sine * dx + cosine * dy
            ex, ey = fx[p] - fx[h] - px, fy[p] - fy[h] - py
            room = bar + 0.2 * np.sqrt(px * px + py * py)
            if ex * ex + ey * ey > room * room:
                continue
            if frames[p] != last:
                total += best
                last, best = frames[p], 0.0
            best = max(best, weights[p])
        ratings[t] = total + best


@kernel
def backers(
    poses: Any, matrix: Any, anchor: int, bar: float, slope: float, weights: Any, backed: Any
) -> None:
    """Fill `backed` with the weights of the pairs that `matrix` (similarity, float64[3, 3]) holds for, 0 for the rest.

    A pair may land `bar` pixels away, and `slope` times its distance from the pair `anchor`.
    """
    fx, fy, wx, wy, scales, turns = poses[0], poses[1], poses[2], poses[3], poses[4], poses[5]
    scale = _rounded(0.5 * np.log(abs(matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0])))
    whole = 2.0 * np.pi
    heading = _rounded(np.arctan2(matrix[1, 0], matrix[0, 0]))
    heading -= whole * np.floor(heading / whole)
    for p in range(len(weights)):
        backed[p] = 0.0
        turn = abs(turns[p] - heading)
        if abs(scales[p] - scale) > 0.6 or min(turn, whole - turn) > 0.45:
            continue
        ex = matrix[0, 0] * wx[p] + matrix[0, 1] * wy[p] + matrix[0, 2] - fx[p]
        ey = matrix[1, 0] * wx[p] + matrix[1, 1] * wy[p] + matrix[1, 2] - fy[p]
        away = np.sqrt((fx[p] - fx[anchor]) ** 2 + (fy[p] - fy[anchor]) ** 2)
        room = bar + slope * away
        off = (ex * ex + ey * ey) / (room * room)
        if off < 1.0:
            backed[p] = weights[p] * (1.0 - off) / (1.0 + 0.02 * away)


@kernel
def _first_from(frame: Any, y: float) -> int:
    """The first feature whose `y` is not less; the frame's features ascend in it."""
    low, high = 0, len(frame)
    while low < high:
        middle = (low + high) // 2
        if frame[middle, Y] < y:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def agreeing(
    matrix: Any,
    frame_codes: Any,
    work_codes: Any,
    frame: Any,
    work: Any,
    radius: float,
    bars: Any,
    found: Any,
) -> int:
    """Fill `found` with the pairs that agree with `matrix` (float64[3, 3], pixels of the work to pixels of the frame).

    Any feature of the work may pair with any of the frame that lies within `radius` of its predicted place (in pixels
    of the layer of the pyramid that the feature is of), looks the same way (0.5 radians, half an octave more or less)
    and is at most `bars[0]` bits away, or `bars[1]` when it lies within half the radius. The nearest in bits is taken
    for each feature of the work. Return how many; `found` has the form of pairs. The frame's features must ascend in Y.
    """
    count = 0
    for w in range(work_codes.shape[1]):
        x, y = work[w, X], work[w, Y]
        depth = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
        if depth < 1e-9:
            continue
        px = (matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2]) / depth
        py = (matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2]) / depth
        # the derivative at this place says how big the feature is there and which way it looks
        a = (matrix[0, 0] - px * matrix[2, 0]) / depth
        b = (matrix[0, 1] - px * matrix[2, 1]) / depth
        c = (matrix[1, 0] - py * matrix[2, 0]) / depth
        d = (matrix[1, 1] - py * matrix[2, 1]) / depth
        area = abs(a * d - b * c)
        if area < 1e-12:
            continue
        size = np.sqrt(area) * work[w, SIZE]
        along, down = (
            a * work[w, COSINE] + b * work[w, SINE],
            c * work[w, COSINE] + d * work[w, SINE],
        )
        least = SAME_WAY * np.sqrt(along * along + down * down)
        best, place = FAR, -1
        room = radius * max(1.0, size)
        f = _first_from(frame, py - room)
        while f < len(frame_codes) and frame[f, Y] <= py + room:
            ex, ey = frame[f, X] - px, frame[f, Y] - py
            off = ex * ex + ey * ey
            if (
                off <= room * room
                and SMALLER * size <= frame[f, SIZE] <= LARGER * size
                and frame[f, COSINE] * along + frame[f, SINE] * down >= least
            ):
                distance: Any = 0
                for k in range(4):
                    distance += np.int64(ones(frame_codes[f, k] ^ work_codes[k, w]))
                bar = bars[1] if off <= 0.25 * room * room else bars[0]
                if distance <= bar and distance < best:
                    best, place = distance, f
            f += 1
        if place >= 0 and count < len(found):
            found[count, P_FRAME] = place
            found[count, P_WORK] = w
            found[count, P_DISTANCE] = best
            count += 1
    return count


@kernel
def one_to_one(found: Any, order: Any, frame: Any, work: Any, apart: float, kept: Any) -> int:
    """Keep of the pairs, in `order`, those whose places on both sides are `apart` from all kept before.

    `apart` is in pixels of the layer of each feature's own. Several features on one corner, and one feature
    seen in several layers, so count once. `kept` receives indices of `found`; return how many.
    """
    count = 0
    for o in range(len(order)):
        f, w = found[order[o], P_FRAME], found[order[o], P_WORK]
        free = True
        for k in range(count):
            g, v = found[kept[k], P_FRAME], found[kept[k], P_WORK]
            fx, fy = frame[f, X] - frame[g, X], frame[f, Y] - frame[g, Y]
            wx, wy = work[w, X] - work[v, X], work[w, Y] - work[v, Y]
            f_room = apart * min(frame[f, SIZE], frame[g, SIZE])
            w_room = apart * min(work[w, SIZE], work[v, SIZE])
            if fx * fx + fy * fy < f_room * f_room or wx * wx + wy * wy < w_room * w_room:
                free = False
                break
        if free:
            kept[count] = order[o]
            count += 1
    return count
