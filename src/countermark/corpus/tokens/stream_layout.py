"""What stands before the ids in a file that is one row of them: a header of llm.c, one of NumPy, or nothing.

llm.c (dev/data/data_common.py of karpathy/llm.c) writes 256 int32: a date as magic, a version, the number of ids. Its
own dates are 20240520 (uint16) and 20240801 (uint32); others are in use with the same layout (20250211, 20250401). Its
other files, of models, of tokenisers, of questions with choices of answers, bear dates as well, but no number of ids.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import numpy as np

from countermark.corpus.tokens.extents import bytes_at, opened
from countermark.errors import CorpusError
from countermark.storage.reading import size_of

HEAD: Final = 1 << 16
"""So many bytes of a file are enough to tell its layout."""
RAW: Final = ("<u2", "<u4", ">u2", ">u4")
"""The integer types that a file without a header is tried as."""
NUMPY_MAGIC: Final = b"\x93NUMPY"
MODEL_DATES: Final = frozenset({20240326, 20240327, 20240328})
"""llm.c's models, their states and tokenisers begin with a date as its files of ids do."""

_HEADER: Final = 1024
_KNOWN: Final = {20240520: (1, "<u2"), 20240801: (7, "<u4")}
_QUESTIONS: Final = 20240522
_DESCR: Final = re.compile(rb"'descr':\s*'([<>|=][iu][1248])'")
_SHAPE: Final = re.compile(rb"'shape':\s*\((\d{1,18})(?:,|,\s*(\d{1,18}),?)?\s*\)")
_ANY_DESCR: Final = re.compile(rb"'descr':\s*'[<>|=]([a-zA-Z])(\d{1,6})'")
_ANY_SHAPE: Final = re.compile(rb"'shape':\s*\(([\d,\s]{0,200})\)")
_KINDS: Final = {"f": "floating-point numbers", "c": "complex numbers", "i": "integers", "u": "integers"}


class Layout(NamedTuple):
    """`header` bytes, then ids of one of the types `dtypes`: `said` many, or up to the end where it is None.

    They stand in rows of `width` each, of which there are only whole ones; 0 where all of them are one row.
    """

    header: int
    dtypes: tuple[str, ...]
    said: int | None = None
    width: int = 0

    def ids(self, size: int, dtype: str) -> int:
        """How many ids a file of `size` bytes has."""
        here = max(0, size - self.header) // np.dtype(dtype).itemsize
        here = here if self.said is None else min(here, self.said)
        return here - here % self.width if self.width else here


def layout_at(path: str, where: str) -> Layout:
    """Return the layout of a file. Raises CorpusError where its header cannot be used."""
    with opened(path, where) as file:
        size = size_of(path)
        return layout_of(bytes_at(file, 0, min(size, HEAD), where), size, where)


def layout_of(head: bytes, size: int, where: str) -> Layout:
    """Return the layout of a file of `size` bytes by its first HEAD bytes. Raises CorpusError."""
    if head.startswith(NUMPY_MAGIC):
        return _of_array(head, where)
    return _of_header(head, size, where) or Layout(0, RAW)


def is_stream_header(head: bytes, size: int) -> bool:
    """Whether a file begins with a header of llm.c: one that is read, or refused because of what it says."""
    try:
        return _of_header(head, size, "") is not None
    except CorpusError:
        return True


def _of_header(head: bytes, size: int, where: str) -> Layout | None:
    if len(head) < _HEADER:
        return None
    words = np.frombuffer(head, "<i4", _HEADER // 4)
    magic, version, count = map(int, words[:3])
    if not _is_date(magic) or magic in MODEL_DATES or words[4:].any():
        return None
    if magic == _QUESTIONS:
        raise CorpusError(f"{where}: a file of llm.c with questions and choices of answers, not with texts")
    if magic in _KNOWN:
        known, dtype = _KNOWN[magic]
        if version != known or count < 0:
            told = f"version {version} and {count:,} ids; version {known} is read"
            raise CorpusError(f"{where}: its header ({magic}) says {told}")
        return Layout(_HEADER, (dtype,), count)
    if words[3] or count <= 0 or not 0 < version < 256:
        return None
    fits = tuple(dtype for dtype in RAW[:2] if _HEADER + count * np.dtype(dtype).itemsize == size)
    return Layout(_HEADER, fits or RAW[:2], count)


def _is_date(number: int) -> bool:
    """Whether a number is a date of the years 2023 to 2049, as YYYYMMDD."""
    return 2023 <= number // 10_000 < 2050 and 1 <= number // 100 % 100 <= 12 and 1 <= number % 100 <= 31


def _of_array(head: bytes, where: str) -> Layout:
    """Read the header of a `.npy` file as text: what NumPy would give to Python to evaluate is matched, not run."""
    version = head[6] if len(head) > 6 else 0
    width = 2 if version == 1 else 4
    begin = 8 + width
    end = begin + int.from_bytes(head[8:begin], "little")
    if version not in {1, 2, 3} or end > len(head):
        raise CorpusError(f"{where}: a damaged header of a NumPy array, or one of more than {HEAD >> 10} KiB")
    said = head[begin:end]
    descr, shape = _DESCR.search(said), _SHAPE.search(said)
    rows, columns = (int(shape[1]), int(shape[2] or 1)) if shape else (0, 0)
    turned = min(rows, columns) > 1 and b"'fortran_order': False" not in said
    if descr is None or shape is None or turned:
        told = _described(said, turned=turned)
        raise CorpusError(
            f"{where}: {told}; arrays of integers are read, in one dimension or in rows (C order) of two"
        )
    dtype = descr[1].decode().replace("=", "<")
    return Layout(end, (dtype,), rows * columns, columns if min(rows, columns) > 1 else 0)


def _described(said: bytes, *, turned: bool) -> str:
    """What an array holds that is not read, by its header, in words."""
    descr, shape = _ANY_DESCR.search(said), _ANY_SHAPE.search(said)
    kind = "Python objects" if b"'descr': '|O'" in said else _KINDS.get(descr[1].decode()) if descr else None
    if kind is None or shape is None:
        return f"an array with the header {said.decode('latin-1').strip()[:120]!r}"
    sizes = [f"{int(one):,}" for one in shape[1].split(b",") if one.strip().isdigit()]
    order = ", in columns (Fortran order)" if turned else ""
    return f"an array of {' × '.join(sizes) or 'no dimension, of'} {kind}{order}"
