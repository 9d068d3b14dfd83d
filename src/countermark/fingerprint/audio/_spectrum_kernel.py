"""Kernel of the spectrum: Fourier transforms of many frames side by side.

Each step of the transform does the same to LANES frames, which lie beside one another in memory, so that the processor
works on several with one instruction; every frame is computed by the same operations in the same order, whatever its
neighbours are. Stockham's transform (Cochran and others, "What is the fast Fourier transform?", 1967), four branches.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from countermark.kernels.compiling import kernel

LANES = 8
"""Frames side by side."""


_VECTOR = ir.VectorType(ir.FloatType(), LANES)


def _lanes(context: Any, builder: Any, kind: Any, array: Any, place: Any) -> Any:
    """The address of LANES numbers of an array, from a place on."""
    made = context.make_array(kind)(context, builder, array)
    found = cgutils.get_item_pointer(context, builder, kind, made, [place], wraparound=False)
    return builder.bitcast(found, _VECTOR.as_pointer())


def _spread(builder: Any, value: Any) -> Any:
    """The same number in all lanes."""
    lanes = ir.Constant(_VECTOR, ir.Undefined)
    for lane in range(LANES):
        lanes = builder.insert_element(lanes, value, ir.Constant(ir.IntType(32), lane))
    return lanes


@intrinsic
def _butterfly(_typing: Any, x: Any, at: Any, y: Any, to: Any, turns: Any) -> Any:
    """One step for LANES frames: four complex numbers of `x` to four of `y`, turned by three complex numbers.

    `at` are the places of the real parts and of the imaginary ones behind them, `to` the same in `y`: (first, apart,
    imaginary). Written in instructions, since the compiler does not see that x and y are apart.
    """
    signature = types.void(x, at, y, to, turns)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        def pointer(which: int, place: Any) -> Any:
            return _lanes(context, builder, signature.args[which], args[which], place)

        def places(which: int) -> list[Any]:
            first, apart, imaginary = cgutils.unpack_tuple(builder, args[which], 3)
            step = [ir.Constant(apart.type, k) for k in range(4)]
            real = [builder.add(first, builder.mul(apart, k)) for k in step]
            return [*real, *(builder.add(place, imaginary) for place in real)]

        add, sub, mul = builder.fadd, builder.fsub, builder.fmul
        ar, br, cr, dr, ai, bi, ci, di = (builder.load(pointer(0, place), align=4) for place in places(1))
        sr, si, er, ei = add(ar, cr), add(ai, ci), sub(ar, cr), sub(ai, ci)
        ur, ui, vr, vi = add(br, dr), add(bi, di), sub(bi, di), sub(dr, br)
        real, imaginary = [add(sr, ur)], [add(si, ui)]
        turned = cgutils.unpack_tuple(builder, args[4], 6)
        for k, (fr, fi) in enumerate(
            ((add(er, vr), add(ei, vi)), (sub(sr, ur), sub(si, ui)), (sub(er, vr), sub(ei, vi)))
        ):
            wr, wi = _spread(builder, turned[2 * k]), _spread(builder, turned[2 * k + 1])
            real.append(sub(mul(wr, fr), mul(wi, fi)))
            imaginary.append(add(mul(wr, fi), mul(wi, fr)))
        for value, place in zip([*real, *imaginary], places(3), strict=True):
            builder.store(value, pointer(2, place), align=4)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def _squares(_typing: Any, x: Any, at: Any, y: Any, to: Any, turn: Any) -> Any:
    """The power of one bin of LANES frames, to y[to:], from the transform of even and odd samples as complex numbers.

    `at` are the places in `x` of the bin and of its counterpart from the end, and how far behind the imaginary parts
    are; `turn` is the complex number by which the odd ones are turned.
    """
    signature = types.void(x, at, y, to, turn)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        near, far, imaginary = cgutils.unpack_tuple(builder, args[1], 3)
        places = [near, builder.add(near, imaginary), far, builder.add(far, imaginary)]
        found = [_lanes(context, builder, signature.args[0], args[0], place) for place in places]
        ar, ai, br, bi = (builder.load(one, align=4) for one in found)
        add, sub, mul = builder.fadd, builder.fsub, builder.fmul
        half = _spread(builder, ir.Constant(ir.FloatType(), 0.5))
        er, ei, dr, di = (
            mul(half, add(ar, br)),
            mul(half, sub(ai, bi)),
            mul(half, add(ai, bi)),
            mul(half, sub(br, ar)),
        )
        wr, wi = (_spread(builder, part) for part in cgutils.unpack_tuple(builder, args[4], 2))
        re, im = sub(add(er, mul(wr, dr)), mul(wi, di)), add(add(ei, mul(wr, di)), mul(wi, dr))
        power = add(mul(re, re), mul(im, im))
        builder.store(power, _lanes(context, builder, signature.args[2], args[2], args[3]), align=4)
        return context.get_dummy_value()

    return signature, generate


@kernel
def _step(x: Any, y: Any, size: int, turns: Any) -> None:
    """One step of transforms of `size` from x to y: float32, LANES of each number, the real parts first."""
    whole, quarter = x.size // 2, size // 4
    stride = turns.shape[0] // size
    apart = whole // size
    for p in range(quarter):
        one, two, three = turns[p * stride], turns[2 * p * stride], turns[3 * p * stride]
        turned = (one[0], one[1], two[0], two[1], three[0], three[1])
        for t in range(0, apart, LANES):
            at = (p * apart + t, quarter * apart, whole)
            _butterfly(x, at, y, (4 * p * apart + t, apart, whole), turned)


@kernel
def powers(sound: Any, count: int, hop: int, window: Any, turns: Any, first_bin: int, out: Any) -> None:
    """Write the power of `count` frames of `sound` float32, `hop` samples apart, to `out` float32[count, bins].

    `window` float32[2 n] is that of a frame, n a power of four; `turns` float32[2 n, 2] are cosine and minus sine of
    a turn in 2 n parts. Even and odd samples are transformed as one complex number each.
    """
    n = window.size // 2
    bins, whole = out.shape[1], n * LANES
    found = np.empty((bins, LANES), dtype=np.float32)
    flat = found.reshape(-1)
    x, y = np.zeros(2 * whole, dtype=np.float32), np.zeros(2 * whole, dtype=np.float32)
    for begin in range(0, count, LANES):
        lanes = min(LANES, count - begin)
        for k in range(n):
            even, odd, at = window[2 * k], window[2 * k + 1], begin * hop + 2 * k
            for lane in range(lanes):
                x[k * LANES + lane] = sound[at] * even
                x[whole + k * LANES + lane] = sound[at + 1] * odd
                at += hop
        size = n
        while size > 1:
            _step(x, y, size, turns)
            x, y = y, x
            size //= 4
        for b in range(bins):
            near, far = (first_bin + b) * LANES, (n - first_bin - b) * LANES
            _squares(
                x, (near, far, whole), flat, b * LANES, (turns[first_bin + b, 0], turns[first_bin + b, 1])
            )
        for lane in range(lanes):
            out[begin + lane] = found[:, lane]
