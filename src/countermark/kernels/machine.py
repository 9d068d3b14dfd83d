"""Machine instructions that Numba does not spell: unaligned load and store, prefetch, counts of bits."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


def _pointer(context: Any, builder: Any, signature: Any, args: Any, bits: int) -> Any:
    """The address of `array[index]`, the first two arguments, as that of an integer of `bits`."""
    array_type = signature.args[0]
    array = context.make_array(array_type)(context, builder, args[0])
    pointer = cgutils.get_item_pointer(context, builder, array_type, array, [args[1]], wraparound=False)
    return builder.bitcast(pointer, ir.IntType(bits).as_pointer())


@intrinsic
def load64(_typing: Any, array: Any, index: Any) -> Any:
    """Read the eight bytes at `array[index:index + 8]` as a little-endian uint64; the caller keeps it in bounds."""
    signature = types.uint64(array, types.intp)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = _pointer(context, builder, signature, args, 64)
        return builder.load(pointer, align=1)

    return signature, generate


@intrinsic
def prefetch(_typing: Any, array: Any, index: Any) -> Any:
    """Ask for the cache line of `array[index]`, which will be read soon; changes nothing."""
    signature = types.void(array, types.intp)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = _pointer(context, builder, signature, args, 8)
        kind = ir.IntType(32)
        name = "llvm.prefetch.p0"
        function_type = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer(), kind, kind, kind])
        function = cgutils.get_or_insert_function(builder.module, function_type, name)
        builder.call(function, [pointer, kind(0), kind(3), kind(1)])
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def store64(_typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Write a uint64 as eight little-endian bytes to `array[index:index + 8]`; the caller keeps it in bounds."""
    signature = types.void(array, types.intp, types.uint64)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = _pointer(context, builder, signature, args, 64)
        builder.store(args[2], pointer, align=1)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def trailing_zeros(_typing: Any, value: Any) -> Any:
    """Return the number of zero bits below the lowest one bit of a uint64; 64 for zero."""
    signature = types.int64(types.uint64)

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 0))

    return signature, generate


@intrinsic
def set_bits(_typing: Any, value: Any) -> Any:
    """Return how many bits of a uint64 are set."""
    signature = types.int64(types.uint64)

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return signature, generate
