"""A reader of indices that follows docs/index-format.md and nothing else: no line of the engine is imported."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import zstandard

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = (1 << 64) - 1
K1, K2, K3 = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
GAP = 64


def load(window: bytes, at: int) -> int:
    """Eight bytes as a little-endian number."""
    return int.from_bytes(window[at : at + 8], "little")


def quick_hash(window: bytes) -> int:
    """The hash of a full index."""
    last = len(window) - 8
    state = len(window) * K1 & WHOLE
    for at in range(0, last, 8):
        state = (state ^ load(window, at)) * K2 & WHOLE
        state ^= state >> 32
    state = (state ^ load(window, last)) * K3 & WHOLE
    state ^= state >> 29
    state = state * K1 & WHOLE
    return state ^ (state >> 32)


def _rotated(value: int, bits: int) -> int:
    return (value << bits | value >> (64 - bits)) & WHOLE


def _sip_rounds(v: list[int], times: int) -> None:
    for _ in range(times):
        for one, other, bits, turned in (
            (0, 1, 13, True),
            (2, 3, 16, False),
            (0, 3, 21, False),
            (2, 1, 17, True),
        ):
            v[one] = (v[one] + v[other]) & WHOLE
            v[other] = _rotated(v[other], bits) ^ v[one]
            if turned:
                v[one] = _rotated(v[one], 32)


def siphash(window: bytes, k0: int, k1: int) -> int:
    """SipHash-2-4, from the paper of Aumasson and Bernstein."""
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]
    padded = window + bytes(7 - len(window) % 8) + bytes([len(window) & 0xFF])
    for at in range(0, len(padded), 8):
        v[3] ^= load(padded, at)
        _sip_rounds(v, 2)
        v[0] ^= load(padded, at)
    v[2] ^= 0xFF
    _sip_rounds(v, 4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def salted_key(salt: bytes) -> tuple[int, int]:
    """The two halves of the key of a sealed index."""
    digest = hashlib.blake2b(salt, digest_size=16, person=b"countermark-text").digest()
    return load(digest, 0), load(digest, 8)


def key_check(salt: bytes) -> str:
    """What the manifest of a sealed index says of its salt."""
    key = hashlib.blake2b(salt, digest_size=32).digest()
    return hashlib.blake2b(b"countermark key check, version 1", digest_size=8, key=key).hexdigest()


def slot(value: int, slots: int) -> int:
    """The place of a hash among so many."""
    return (value >> 32) * slots >> 32


class Reader:
    """One index folder, read as the document says."""

    def __init__(self, folder: Path, salt: bytes | None = None) -> None:
        self.folder = folder
        self.manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
        recipe = re.fullmatch(r"text-l(\d+)g(\d+)-v1", self.manifest["scheme"])
        assert recipe is not None
        assert self.manifest["format"] == "countermark-index-1"
        self.window, self.stride = int(recipe[1]), int(recipe[2])
        self.salt = salt
        self.end = self.manifest["letters"] + GAP * (self.manifest["assets"] + 1)

    def array(self, name: str) -> npt.NDArray[Any]:
        """One flat array, with the type that the document's table gives it."""
        wide = self.end if name == "postings.bin" else self.manifest["fingerprints"]
        kind = {"u1": "<u1", "u4": "<u4", "u8": "<u8", "bin": "<u4" if wide < 2**32 else "<u8"}
        return np.fromfile(self.folder / name, dtype=kind[name.rpartition(".")[2]])

    def hash(self, window: bytes) -> int:
        """The hash of a window in this index."""
        return quick_hash(window) if self.salt is None else siphash(window, *salted_key(self.salt))

    def find(self, window: bytes) -> list[int]:
        """The positions in the catalog where a window is indexed."""
        value = self.hash(window)
        blocks, directory = self.array("filter.u8"), self.array("directory.bin")
        block = int(blocks[slot(value, len(blocks))])
        if any(not block >> (value >> shift) % 64 & 1 for shift in (0, 6, 12, 18)):
            return []
        bucket = slot(value, len(directory) - 1)
        first, last = int(directory[bucket]), int(directory[bucket + 1])
        same = self.array("keys.u4")[first:last] == value & 0xFFFFFFFF
        return [int(position) for position in self.array("postings.bin")[first:last][same]]

    def letters_of(self, asset: int) -> tuple[int, int]:
        """The positions `[first, last)` of an asset's letters."""
        starts = self.array("asset_starts.u8")
        return int(starts[asset]), int(starts[asset + 1]) - GAP

    def anchors(self) -> list[int]:
        """The positions of all anchors (full form)."""
        bits = np.unpackbits(self.array("breaks.u1"), bitorder="little")
        return [int(position) for position in np.flatnonzero(bits)]

    def frames(self, asset: int) -> list[tuple[int, int, str]]:
        """The frames of an asset's text: position of the first letter, code points before it, text (full form)."""
        rows = self.array("chunks.u8").reshape(-1, 3).tolist()
        texts = (self.folder / "texts.zst").read_bytes()
        first, last = self.letters_of(asset)
        return [
            (letter, points, zstandard.ZstdDecompressor().decompress(texts[begin : following[1]]).decode())
            for (letter, begin, points), following in itertools.pairwise(rows)
            if first <= letter < last
        ]

    def identity(self) -> str:
        """The identity, computed anew."""
        left_out = {"format", "identity", "engine_version"}
        fields = {name: value for name, value in self.manifest.items() if name not in left_out}
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def indexed_windows(letters: bytes, anchors: list[int], window: int, stride: int) -> list[int]:
    """Which anchors of one asset are indexed, by the document's rule."""
    anchors = [anchor for anchor in anchors if anchor + window <= len(letters)]
    taken, index = [], 0
    while index < len(anchors):
        start = anchors[index]
        text = letters[start : start + window]
        if all(text[period:] != text[:-period] for period in range(1, 9)):
            taken.append(start)
        index += 1
        while index + 1 < len(anchors) and anchors[index + 1] <= start + stride:
            index += 1
    return taken


def word_hash(word: bytes) -> int:
    """The value of one word in the model."""
    value = 0xCBF29CE484222325
    for letter in word:
        value = (value ^ letter) * 0x100000001B3 & WHOLE
    value ^= value >> 31
    return value * K1 & WHOLE


def pair_hash(first: int, second: int) -> int:
    """The value of two words in a row."""
    value = ((first ^ second >> 17) * K2 + second) & WHOLE
    value ^= value >> 29
    return value * K3 & WHOLE
