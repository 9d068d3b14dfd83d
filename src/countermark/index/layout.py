"""The files of an index, as docs/index-format.md describes them.

Entries are sorted by hash. A bucket is a range of hashes: bucket b of B holds those whose upper 32 bits times B,
shifted right by 32, give b; so the directory needs no hash at all, and 32 bits of each are enough for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

ENTRIES_PER_BUCKET = 6
FILTER_ENTRIES_PER_BLOCK = 6  # of 64 bits each: 10.7 bits an entry, about 2 % false positives
SEPARATION = 64  # zero bytes before, between and after the assets' letters
CHUNK_BYTES = 1 << 14  # of the works' text, about, in one compressed frame
MOST_FRAME = 1 << 28  # bytes of text in a frame, which is cut at words only: more is not unpacked
POINT_STEP = 256  # letters between two checkpoints of code points
MOST_MODEL_CELLS = 1 << 24
MOST_PLACES = 64  # a window that stands in more places of the catalog keeps its first ones

KEYS, POSTINGS, DIRECTORY, FILTER = "keys.u4", "postings.bin", "directory.bin", "filter.u8"
ASSET_STARTS, ASSET_WORKS, POINTS = "asset_starts.u8", "asset_works.u4", "points.u4"
LETTERS, BREAKS, MODEL = "letters.u1", "breaks.u1", "words.u1"
TEXTS, CHUNKS, ASSETS = "texts.zst", "chunks.u8", "assets.parquet"


class Arrays(NamedTuple):
    """The arrays that matching reads, as one argument for the kernels.

    `letters`, `breaks`, `model` and `chunks` have length 0 in a sealed index.

    keys uint32[n]; postings uint32|uint64[n], letter positions in the catalog; directory uint32|uint64[B + 1];
    filter uint64[F]; asset_starts uint64[a + 1]; asset_works uint32[a]; points uint32[.]; letters uint8[.];
    breaks uint8[.], one bit a letter, set where a word begins; model uint8[.], the word model;
    chunks uint64[c, 3], the first letter, first byte in texts.zst and first code point (of its asset) of each frame.
    """

    keys: npt.NDArray[np.uint32]
    postings: npt.NDArray[np.unsignedinteger]
    directory: npt.NDArray[np.unsignedinteger]
    filter: npt.NDArray[np.uint64]
    asset_starts: npt.NDArray[np.uint64]
    asset_works: npt.NDArray[np.uint32]
    points: npt.NDArray[np.uint32]
    letters: npt.NDArray[np.uint8]
    breaks: npt.NDArray[np.uint8]
    model: npt.NDArray[np.uint8]
    chunks: npt.NDArray[np.uint64]


def model_cells(words: int) -> int:
    """How many cells the word model has: a power of two, an eighth of the words or more, from 2^16 to 2^24."""
    return min(max(1 << (max(words, 1) // 8).bit_length(), 1 << 16), MOST_MODEL_CELLS)


def smallest(limit: int) -> np.dtype[np.unsignedinteger]:
    """The smaller of uint32 and uint64 that holds `limit`, little-endian."""
    return np.dtype("<u4") if limit < 2**32 else np.dtype("<u8")
