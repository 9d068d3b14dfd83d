"""The postings of recordings."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from countermark.fingerprint.audio.constellations import WORK_RANKS, hashes, packed
from countermark.fingerprint.audio.extract import extract
from countermark.fingerprint.audio.features import Features
from countermark.index.arrays import check_arrays
from countermark.index.audio import _posting_kernel as kernel
from countermark.index.audio.postings import ARRAYS, PostingLookup, build_postings, wrong_numbers
from fingerprint.tunes import tune

WORKS = [extract([tune(seed, 20.0)]) for seed in range(3)]


def copied(arrays: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    return {name: array.copy() for name, array in arrays.items()}


def test_arrays_are_as_described_and_lead_somewhere(tmp_path: Any) -> None:
    arrays = build_postings(WORKS)
    check_arrays(tmp_path, arrays, ARRAYS, {"assets": 3})
    assert arrays.keys() == ARRAYS.keys()
    assert wrong_numbers(arrays) == ""
    again = build_postings(iter(WORKS))
    assert all(np.array_equal(arrays[name], again[name]) for name in arrays)


def test_no_works_and_works_of_silence(tmp_path: Any) -> None:
    silence = extract([np.zeros(30_000, dtype=np.float32)])
    for works in ([], [silence], [silence, WORKS[0], silence]):
        arrays = build_postings(works)
        check_arrays(tmp_path, arrays, ARRAYS, {"assets": len(works)})
        assert wrong_numbers(arrays) == ""
        assert len(PostingLookup(arrays)) == len(works)


def test_features_come_back() -> None:
    lookup = PostingLookup(build_postings(WORKS))
    for number, work in enumerate(WORKS):
        kept = work.strengths < WORK_RANKS
        found = lookup.features(number)
        assert np.array_equal(found.times, work.times[kept])
        assert np.array_equal(found.pitches, work.pitches[kept])
        assert np.array_equal(found.strengths, work.strengths[kept])
        assert np.array_equal(found.codes, work.codes[:, : found.codes.shape[1]])
        assert found.seconds == pytest.approx(work.seconds, abs=0.001)


def test_keys_are_the_same_in_another_key_and_at_another_speed() -> None:
    """Of four peaks, moved as change of pitch and tempo moves them, the key differs only in the class of pitch."""
    frames, pitches = np.array([0, 16, 32, 48]), np.array([100, 120, 85, 140])
    keys = []
    for tempo, shift in ((1.0, 0), (1.125, 0), (1.0, 11), (1.125, -10)):
        times = np.rint(frames * tempo).astype(np.int32)
        one = Features(
            times, (pitches + shift).astype(np.int16), np.zeros(4, np.uint8), np.zeros((0, 4), np.uint64), 2
        )
        found = hashes(packed(one), one.strengths, 0).keys
        free = [int(key) // 24 for key in found if key < kernel.FREE_KEYS]
        keys.append(free[0])
    assert len(set(keys)) == 1


def test_a_bucket_that_is_too_full_keeps_some_at_equal_steps() -> None:
    keys = np.concatenate([np.full(1000, 77), np.array([5, 6_000_000])]).astype(np.uint64)
    ends = np.zeros(65, dtype=np.uint32)
    kernel.count_keys(keys, ends)
    np.cumsum(ends, out=ends)
    placed = np.empty(len(keys), dtype=np.uint64)
    kernel.place(keys, np.arange(len(keys), dtype=np.uint64), ends, placed)
    counts, bases = kernel.thin(ends, placed)
    kept = placed[: bases[-1]]
    assert counts.sum() == len(kept)
    assert counts.max() == kernel.FULL
    kept = kept[kept < 1000]
    assert len(kept) >= kernel.FULL - 1
    assert kept.min() < 10
    assert kept.max() > 990


def test_the_shortest_lists_are_read_first() -> None:
    """Ten lists of one posting and two of five."""
    sizes = np.array([0, 10, 0, 0, 0, 2], dtype=np.int64)
    assert [kernel.longest_read(sizes, most) for most in (9, 10, 19, 20)] == [0, 4, 4, 5]


def test_works_stand_apart_on_the_timeline() -> None:
    arrays = build_postings(WORKS)
    frames = arrays["postings"] >> np.uint64(32)
    owners = np.searchsorted(arrays["timeline"], frames, side="right") - 1
    assert set(owners.tolist()) == {0, 1, 2}
    own = frames - arrays["timeline"][owners].astype(np.uint64)
    assert all(own[owners == work].max() <= WORKS[work].times[-1] for work in range(3))


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("starts", 1, 1 << 40), ("starts", 0, 3), ("code_starts", 2, -1), ("peaks", 3, (5 << 9) | 400),
        ("peaks", 0, 0xFFFFFE00), ("ranks", 0, 200), ("counts", 0, 255), ("bases", 1, 0xFFFFFFFF),
        ("postings", 0, 0xFFFFFFFF << 32), ("postings", -1, 0), ("timeline", 1, 1 << 40), ("timeline", 0, 0),
    ],
)  # fmt: skip
def test_a_number_that_leads_nowhere_is_named(name: str, place: int, value: int) -> None:
    arrays = copied(build_postings(WORKS))
    arrays[name][place] = value
    assert wrong_numbers(arrays) in {name, "bases"}
