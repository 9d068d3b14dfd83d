"""The tensors of a PyTorch checkpoint of the legacy format, read without PyTorch and without unpickling.

A pickle is a program; running one from a file that somebody handed over would run whatever that person wrote. So the
instructions are walked with `pickletools.genops`, which decodes and executes nothing, and an interpreter that knows
only the instructions of tables, numbers and tensors follows them. Anything else ends the reading.

The legacy format (`torch.save` until PyTorch 1.5) is five pickles in a row (a magic number, the protocol, the sizes of
the writer's numbers, the object, the list of storages), then each storage: its length in numbers, and the numbers.
"""

from __future__ import annotations

import io
import pickletools
import struct
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

MAGIC: Final = 0x1950A86A20F9469CFC6C
PROTOCOL: Final = 1001
MOST_BYTES: Final = 256 << 20
MOST_OPCODES: Final = 200_000
MOST_PICKLED: Final = 4 << 20
_ORDERED, _TENSOR, _FLOATS = (
    "collections OrderedDict",
    "torch._utils _rebuild_tensor_v2",
    "torch FloatStorage",
)
_MARK: Final = object()


@dataclass(frozen=True, slots=True)
class _Name:
    """A class or function that a pickle names; it is never looked up."""

    name: str


@dataclass(frozen=True, slots=True)
class _Storage:
    key: str
    count: int


@dataclass(frozen=True, slots=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]


class _RefusedError(ValueError):
    """An instruction that has no place in a table of tensors."""


def read_tensors(path: Path, table: str = "model_state") -> dict[str, NDArray[np.float32]]:
    """The tensors that the checkpoint `path` holds under the name `table`, as float32 arrays.

    Raises InputError: too large, no checkpoint of the legacy format, damaged, or with instructions that tables of
    tensors do not need.
    """
    try:
        if (size := path.stat().st_size) > MOST_BYTES:
            raise InputError(f"{path}: {size:,} bytes; weights have at most {MOST_BYTES:,}")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: the weights cannot be read: {error.strerror or error}") from error
    try:
        return _tensors(data, table)
    except (ValueError, struct.error, IndexError, OverflowError) as error:
        cause = str(error) or type(error).__name__
        raise InputError(
            f"{path}: no weights that can be read without running them: {cause[:200]}; accepted: the file "
            "pretrained.pt of Resemblyzer 0.1.4 (a checkpoint of PyTorch in its legacy format)"
        ) from error


def _tensors(data: bytes, table: str) -> dict[str, NDArray[np.float32]]:
    if data[:2] == b"PK":
        raise _RefusedError("a checkpoint in the newer format, which is a zip")
    stream = io.BytesIO(data)
    if _walked(stream) != MAGIC or _walked(stream) != PROTOCOL:
        raise _RefusedError("the magic number of a checkpoint is not there")
    machine = _walked(stream)
    if not isinstance(machine, dict) or machine.get("little_endian") is not True:
        raise _RefusedError("not written on a little-endian machine")
    state, keys = _walked(stream), _walked(stream)
    held = state.get(table) if isinstance(state, dict) else None
    if not isinstance(held, dict) or not isinstance(keys, list):
        raise _RefusedError(f"there is no table {table}")
    tensors = {name: value for name, value in held.items() if isinstance(value, _Tensor)}
    storages = _storages(data, stream.tell(), keys, {tensor.storage for tensor in tensors.values()})
    return {str(name): _view(storages, tensor) for name, tensor in tensors.items()}


def _storages(data: bytes, at: int, keys: list[Any], wanted: set[_Storage]) -> dict[str, NDArray[np.float32]]:
    """The storages that tensors stand in; lengths are held against what the pickle says and against the file."""
    counts = {storage.key: storage.count for storage in wanted}
    if len(counts) != len(wanted):
        raise _RefusedError("a storage of two lengths")
    found = {}
    for key in keys:
        (count,) = struct.unpack_from("<q", data, at)
        at += 8
        if not 0 <= count <= (len(data) - at) // 4:
            raise _RefusedError(f"storage {key} is cut short")
        if key in counts:
            if count != counts[key]:
                raise _RefusedError(f"storage {key} has {count} numbers, not {counts[key]}")
            found[key] = np.frombuffer(data, "<f4", count, at)
        at += 4 * count  # those of an optimiser, which are not wanted, are floats as well
    return found


def _view(storages: dict[str, NDArray[np.float32]], tensor: _Tensor) -> NDArray[np.float32]:
    held = storages.get(tensor.storage.key)
    if held is None:
        raise _RefusedError(f"storage {tensor.storage.key} is not there")
    count = prod(tensor.shape)
    if tensor.offset < 0 or tensor.offset + count > held.size:
        raise _RefusedError("a tensor reaches over the end of its storage")
    return held[tensor.offset : tensor.offset + count].reshape(tensor.shape).astype(np.float32)


def _walked(stream: io.BytesIO) -> Any:
    """The value of the pickle that begins here; the stream stands behind it afterwards."""
    start = stream.tell()
    pickled = io.BytesIO(stream.getbuffer()[start : start + MOST_PICKLED])
    walker = _Walker()
    for count, (opcode, argument, _) in enumerate(pickletools.genops(pickled)):
        if count > MOST_OPCODES:
            raise _RefusedError(f"more than {MOST_OPCODES:,} instructions")
        if opcode.name == "STOP":
            break
        walker.follow(opcode.name, argument)
    stream.seek(start + pickled.tell())
    return walker.result()


class _Walker:
    """The stack and the memo of a pickle whose only values are numbers, words, tables, lists, tuples and tensors."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self._steps: dict[str, Callable[[], None]] = {
            "MARK": lambda: self._stack.append(_MARK),
            "TUPLE": lambda: self._stack.append(tuple(self._to_mark())),
            "TUPLE1": lambda: self._stack.append(self._last(1)),
            "TUPLE2": lambda: self._stack.append(self._last(2)),
            "TUPLE3": lambda: self._stack.append(self._last(3)),
            "SETITEM": lambda: self._set(self._last(2)),
            "SETITEMS": lambda: self._set(self._to_mark()),
            "APPEND": lambda: self._extend(self._last(1)),
            "APPENDS": lambda: self._extend(self._to_mark()),
            "BUILD": lambda: self._built(self._last(1)),
            "REDUCE": lambda: self._stack.append(_made(*self._last(2))),
            "BINPERSID": lambda: self._stack.append(_storage(self._last(1)[0])),
        }

    def follow(self, name: str, argument: Any) -> None:
        """Take one step. Raises ValueError for an instruction that is not known, IndexError for one that fails."""
        if name == "PROTO":
            return
        if name in {"BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE"}:
            self._stack.append(argument)
        elif name in {"BINPUT", "LONG_BINPUT"}:
            self._memo[argument] = self._stack[-1]
        elif name in {"BINGET", "LONG_BINGET"}:
            if argument not in self._memo:
                raise _RefusedError("a value that was never stored")
            self._stack.append(self._memo[argument])
        elif name in _EMPTY:
            self._stack.append(_EMPTY[name]())
        elif name == "GLOBAL":
            if argument not in {_ORDERED, _TENSOR, _FLOATS}:
                raise _RefusedError(f"it asks for {argument!r:.100}")
            self._stack.append(_Name(argument))
        elif name in self._steps:
            self._steps[name]()
        else:
            raise _RefusedError(f"the instruction {name}")

    def result(self) -> Any:
        """What the pickle leaves. Raises ValueError when that is not one value."""
        if len(self._stack) != 1:
            raise _RefusedError("a pickle that does not leave one value")
        return self._stack[0]

    def _to_mark(self) -> list[Any]:
        for at in range(len(self._stack) - 1, -1, -1):
            if self._stack[at] is _MARK:
                values = self._stack[at + 1 :]
                del self._stack[at:]
                return values
        raise _RefusedError("a mark that was never set")

    def _last(self, count: int) -> tuple[Any, ...]:
        if len(self._stack) < count:
            raise _RefusedError("an empty stack")
        values = tuple(self._stack[-count:])
        del self._stack[-count:]
        return values

    def _top(self, kind: type) -> Any:
        if not self._stack or not isinstance(self._stack[-1], kind):
            raise _RefusedError(f"no {kind.__name__} to add to")
        return self._stack[-1]

    def _set(self, values: Any) -> None:
        table = self._top(dict)
        if len(values) % 2:
            raise _RefusedError("a key without a value")
        for key, value in _pairs(values):
            if not isinstance(key, str | int):
                raise _RefusedError("a key that is no word and no number")
            table[key] = value

    def _extend(self, values: Iterable[Any]) -> None:
        self._top(list).extend(values)

    def _built(self, _state: tuple[Any, ...]) -> None:
        self._top(dict)  # what is set on a table of PyTorch (its versions) is of no interest here


_EMPTY: Final[dict[str, Callable[[], Any]]] = {
    "EMPTY_DICT": dict,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
}


def _pairs(values: Any) -> Iterator[tuple[Any, Any]]:
    return zip(values[::2], values[1::2], strict=True)


def _made(function: Any, arguments: Any) -> Any:
    """What two known constructors would make: an empty table, or a tensor whose rows lie one after another."""
    if function == _Name(_ORDERED) and arguments == ():
        return {}
    if function != _Name(_TENSOR) or not isinstance(arguments, tuple) or len(arguments) < 4:
        raise _RefusedError("a call of something else than a tensor")
    storage, offset, shape, strides = arguments[:4]
    if not isinstance(storage, _Storage) or not _naturals((offset, *shape, *strides)):
        raise _RefusedError("a tensor without a storage or a shape")
    if strides != tuple(prod(shape[at + 1 :]) for at in range(len(shape))):
        raise _RefusedError("a tensor whose rows do not lie one after another")
    return _Tensor(storage, offset, shape)


def _storage(identity: Any) -> _Storage:
    if not isinstance(identity, tuple) or len(identity) != 6 or identity[:2] != ("storage", _Name(_FLOATS)):
        raise _RefusedError("a storage that does not hold floats")
    key, count = identity[2], identity[4]
    if not isinstance(key, str) or not _naturals((count,)):
        raise _RefusedError("a storage without a name or a length")
    return _Storage(key, count)


def _naturals(values: tuple[Any, ...]) -> bool:
    return all(type(value) is int and 0 <= value < 1 << 32 for value in values)
