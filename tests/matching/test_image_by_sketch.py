"""Candidates from sketches: works as a whole by hash, parts of works by keys, and how strong."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from countermark.fingerprint.image.extract import extract, extract_work
from countermark.fingerprint.image.pdq import parts
from countermark.fingerprint.image.sketch import KEYS, SKETCH_BYTES, sketch
from countermark.index.image.hashes import HashLookup, build_hashes
from countermark.index.image.words import WordLookup, build_words
from countermark.matching.image.by_sketch import SketchLookup


def drawn(number: int) -> Any:
    """A picture of rectangles, with corners at several scales."""
    rng = np.random.default_rng(number)
    grey = np.full((320, 400), 128, np.uint8)
    for size in (160, 90, 60, 40, 40, 30, 30, 20, 20, 20, 20):
        for _ in range(4):
            top, left = rng.integers(0, 320 - size // 2), rng.integers(0, 400 - size // 2)
            grey[top : top + rng.integers(size // 2, size), left : left + rng.integers(size // 2, size)] = (
                rng.integers(256)
            )
    return grey


def lookup_of(*greys: Any) -> SketchLookup:
    """An index of these works."""
    found = [(asset, part) for asset, grey in enumerate(greys) for part in parts(grey, of_work=True)]
    assets = np.array([asset for asset, _ in found], dtype=np.uint32)
    features = [extract_work(grey) for grey in greys]
    index = SimpleNamespace(
        hashes=HashLookup(build_hashes(np.stack([part.states[0] for _, part in found]), assets)),
        entry_assets=assets,
        entry_boxes=np.stack([part.unit for _, part in found]),
        words=WordLookup(build_words(features)),
    )
    return SketchLookup(index)


def sketched(grey: Any) -> Any:
    """The sketch of a picture."""
    grey = np.ascontiguousarray(grey)
    return sketch(grey, extract(grey))


@pytest.mark.parametrize("turned", [lambda grey: grey, np.fliplr, np.rot90, lambda grey: np.rot90(grey, 2)])
def test_a_whole_work_is_found_by_hash_in_any_position(turned: Any) -> None:
    works = [drawn(number) for number in range(4)]
    found = lookup_of(*works).candidates(sketched(turned(works[2])), hashes_only=True)
    assert [each.asset for each in found] == [2]
    assert found[0].sure
    assert found[0].strength > 0.8


def test_keys_agree_with_the_work_that_they_are_of() -> None:
    works = [drawn(number) for number in range(4)]
    found = lookup_of(*works).candidates(sketched(works[1]))
    assert found[0].asset == 1
    assert found[0].agreeing >= 3
    assert all(each.asset == 1 or not each.sure for each in found)


def test_a_sketch_has_its_size_whatever_the_picture() -> None:
    plain = sketched(np.full((100, 100), 255, np.uint8))
    assert plain.shape == (SKETCH_BYTES,)
    assert not plain.any()
    assert lookup_of(drawn(1)).candidates(plain) == []
    assert np.count_nonzero(sketched(drawn(1)).view("<u8")[8:]) == KEYS


@pytest.mark.parametrize("fill", [0, 1, 255])
def test_foreign_bytes_are_no_reason_to_fail(fill: int) -> None:
    lookup_of(drawn(1)).candidates(np.full(SKETCH_BYTES, fill, np.uint8))
