"""A reader of indices of recordings that follows docs/reference/index-format-recordings.md and nothing else.

No line of the engine is imported. It is slow and plain: what the page says, in the page's order.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RATE, WINDOW, HOP = 16_000, 2048, 320
FREE_KEYS, FIXED_KEYS = 36_000_000, 3_480_000
GROUP = 32
CODE_BITS = 110
PAUSE = 704


class Peak(NamedTuple):
    """A peak: its frame, its pitch in steps of 1/60 octave above 200 Hz, its rank."""

    frame: int
    pitch: int
    rank: int

    @property
    def second(self) -> float:
        """When it is heard."""
        return (HOP * self.frame + WINDOW / 2) / RATE

    @property
    def hertz(self) -> float:
        """How high it is."""
        return float(200 * 2 ** (self.pitch / 60))


class Posting(NamedTuple):
    """A posting: the bucket it stands in, its family, its asset, the frame of its anchor there, and its shape."""

    bucket: int
    free: bool
    asset: int
    frame: int
    shape: int


def clip(value: int, most: int) -> int:
    """A number brought into 0 to `most`."""
    return max(0, min(value, most))


def cell(pitch: int, anchor: int) -> int:
    """The cell of a difference of pitch."""
    return (pitch - anchor + 62) // 5


def free_key(times: list[int], pitches: list[int]) -> int:
    """The key of four peaks; times count from the anchor."""
    span = times[3]
    one, two, three = (cell(pitch, pitches[0]) for pitch in pitches[1:])
    key = ((one * 25 + two) * 25 + three) * 8 + clip(times[1] * 16 // span, 7)
    return (key * 12 + clip(times[2] * 16 // span - 4, 11)) * 24 + pitches[0] // 12


def fixed_key(times: list[int], pitches: list[int]) -> int:
    """The key of three peaks; times count from the anchor."""
    key = ((pitches[0] + 4) // 5 * 25 + cell(pitches[1], pitches[0])) * 25 + cell(pitches[2], pitches[0])
    return FREE_KEYS + (key * 8 + clip(times[1] // 2 - 1, 7)) * 12 + clip(times[2] // 2 - 8, 11)


def stretches_of(seconds: float) -> int:
    """Stretches of 240 s, of which one begins each 180 s until the last reaches the end, in whole seconds."""
    count = 1
    while 180 * (count - 1) + 240 < int(seconds):
        count += 1
    return count


class Reader:
    """An index folder, read by its page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
        self.arrays = {
            name: np.fromfile(folder / f"{name}.array", said["dtype"]).reshape(said["shape"])
            for name, said in self.manifest["facts"]["arrays"].items()
        }
        self.assets: list[dict[str, Any]] = pq.read_table(folder / "assets.parquet").to_pylist()

    def whole(self, name: str) -> list[Any]:
        """An array as Python's numbers, which never overflow."""
        numbers: list[Any] = self.arrays[name].tolist()
        return numbers

    def copy(self, asset: int) -> bytes:
        """The copy of an asset."""
        begin, end = self.whole("copy_ends")[asset : asset + 2]
        return (self.folder / "copies.bin").read_bytes()[begin:end]

    def peaks(self, asset: int) -> list[Peak]:
        """The peaks of an asset."""
        begin, end = self.whole("starts")[asset : asset + 2]
        pairs = zip(self.whole("peaks")[begin:end], self.whole("ranks")[begin:end], strict=True)
        return [Peak(peak >> 9, peak & 511, rank) for peak, rank in pairs]

    def codes(self, asset: int) -> npt.NDArray[np.bool_]:
        """The codes of an asset, bool[codes, 128]: bit i is bit i mod 64 of word i div 64."""
        begin, end = self.whole("code_starts")[asset : asset + 2]
        words = self.arrays["codes"][begin:end, :, None]
        bits = words >> np.arange(64, dtype=np.uint64) & np.uint64(1)
        return bits.reshape(-1, 128).astype(np.bool_)

    def bucket(self, key: int) -> int:
        """Where the postings of a key stand."""
        half = len(self.arrays["counts"]) // 2
        if key < FREE_KEYS:
            return key * half // FREE_KEYS
        return half + (key - FREE_KEYS) * half // FIXED_KEYS

    def in_bucket(self, bucket: int) -> Iterator[Posting]:
        """The postings of a bucket."""
        counts, group = self.arrays["counts"], bucket // GROUP
        begin = int(self.arrays["bases"][group]) + int(counts[GROUP * group : bucket].sum(dtype=np.int64))
        timeline = self.whole("timeline")
        free_end = int(self.arrays["bases"][len(counts) // 64])
        for place in range(begin, begin + int(counts[bucket])):
            posting = int(self.arrays["postings"][place])
            frame = posting >> 32
            asset = bisect_right(timeline, frame) - 1
            yield Posting(bucket, place < free_end, asset, frame - timeline[asset], posting & 0xFFFFFFFF)

    def postings(self) -> Iterator[Posting]:
        """All postings, by bucket."""
        for bucket in np.flatnonzero(self.arrays["counts"]).tolist():
            yield from self.in_bucket(bucket)


def keys_told(posting: Posting, there: dict[int, set[int]]) -> set[int]:
    """The keys that a posting can have; `there` has the pitches of the peaks of its asset, by frame.

    A free shape tells differences of pitch modulo 8, so that more than one can fit.
    """
    shape, anchor = posting.shape, posting.shape >> 23
    if anchor not in there.get(posting.frame, ()):
        return set()
    if not posting.free:
        pitches = [anchor, anchor + (shape >> 16 & 127) - 64, anchor + (shape >> 9 & 127) - 64]
        times = [0, (shape >> 5 & 15) + 2, (shape & 31) + 17]
        stand = all(
            pitch in there.get(posting.frame + time, ()) for pitch, time in zip(pitches, times, strict=True)
        )
        return {fixed_key(times, pitches)} if stand else set()
    times = [0, (shape >> 5 & 15) + 4, (shape & 31) + 20, (shape >> 9 & 31) + 40]
    steps = [shape >> 20 & 7, shape >> 17 & 7, shape >> 14 & 7]
    fitting = [
        [
            pitch
            for pitch in there.get(posting.frame + time, ())
            if (pitch - anchor) % 8 == step and 4 <= abs(pitch - anchor) <= 60
        ]
        for time, step in zip(times[1:], steps, strict=True)
    ]
    return {
        free_key(times, [anchor, one, two, three])
        for one in fitting[0]
        for two in fitting[1]
        for three in fitting[2]
    }


def codes_of(sound: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """The codes of a sound at RATE as the page defines them, bool[codes, 110]; a code of silence is all false."""
    count = (len(sound) - WINDOW) // HOP + 1
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    frames = np.stack([sound[HOP * t : HOP * t + WINDOW] for t in range(count)])
    power = np.abs(np.fft.rfft(frames * hann, axis=1)) ** 2
    moments = (count - 8) // 2 + 1
    summed = np.stack([power[2 * m : 2 * m + 8].sum(axis=0) for m in range(moments)])
    kept = summed[:, 26:661]
    silent = kept.sum(axis=1) < 2 * 8 * 3e-6 * kept.shape[1]
    below = np.concatenate([np.zeros((moments, 1)), np.cumsum(summed + 8 * 3e-6, axis=1)], axis=1)

    def up_to(hertz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The power below a frequency; a bin reaches half a bin to either side of its own."""
        place = np.clip(hertz / (RATE / WINDOW) + 0.5, 26, 661)
        whole = place.astype(np.int64)
        return np.asarray(below[:, whole] + (place - whole) * (below[:, whole + 1] - below[:, whole]))

    middles = 206 * 2 ** (np.arange(CODE_BITS + 1) / 24)
    bands = up_to(middles * 2 ** (1 / 24)) - up_to(middles * 2 ** (-1 / 24))
    levels = bands.astype(np.float32).view(np.int32)
    apart = np.diff(levels, axis=1)
    bits = apart[3:] > apart[:-3]
    bits[silent[3:] | silent[:-3]] = False
    return bits
