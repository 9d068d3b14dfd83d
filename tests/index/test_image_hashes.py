"""Lookup within a Hamming distance: the same as comparing with all, and bounded whatever was indexed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.index.image import hashes as module
from countermark.index.image.hashes import MOST_EQUAL, MOST_FOUND, HashLookup, build_hashes

if TYPE_CHECKING:
    from pathlib import Path


def random_hashes(count: int, seed: int) -> Any:
    """Hashes uint64[count, 4]."""
    return np.random.default_rng(seed).integers(0, 2**64, (count, 4), dtype=np.uint64)


def flipped(hash_: Any, bits: Any) -> Any:
    """The hash with these bits turned round."""
    out = hash_.copy()
    for bit in bits:
        out[bit >> 6] ^= np.uint64(1) << np.uint64(bit & 63)
    return out


def brute(hashes: Any, queries: Any, radius: int) -> list[tuple[int, int, int]]:
    """All pairs within the radius, as `near` gives them."""
    rows: list[tuple[int, int, int]] = []
    for number, query in enumerate(queries):
        distances = np.bitwise_count(hashes ^ query).sum(axis=1)
        found = [(int(distances[entry]), entry) for entry in np.flatnonzero(distances <= radius).tolist()]
        rows += [(number, entry, distance) for distance, entry in sorted(found)]
    return rows


def opened(hashes: Any) -> HashLookup:
    """A lookup whose entries belong to themselves."""
    return HashLookup(build_hashes(hashes, np.arange(len(hashes), dtype=np.uint32)))


@pytest.mark.parametrize("substrings", [11, 12, 13, 16])
@settings(max_examples=4)
@given(seed=st.integers(0, 2**32), radius=st.integers(0, 31))
def test_near_is_brute_force(substrings: int, seed: int, radius: int) -> None:
    """Within a radius nothing is missed, in whichever way the bits are divided."""
    rng = np.random.default_rng(seed)
    hashes = random_hashes(60, seed)
    middle = hashes[0]
    hashes[1:40] = [flipped(middle, rng.choice(256, rng.integers(0, 40), replace=False)) for _ in range(39)]
    queries = np.stack([middle, flipped(middle, rng.choice(256, 9, replace=False)), hashes[50]])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_substrings", lambda _: substrings)
        found = opened(hashes).near(queries, radius)
    assert found.dtype == np.uint32
    assert [tuple(row) for row in found.tolist()] == brute(hashes, queries, radius)


@pytest.mark.parametrize("errors", ["runs", "spread"])
def test_thirty_one_errors_are_found_wherever_they_are(errors: str) -> None:
    hashes = random_hashes(200, 1)
    lookup = opened(hashes)
    for start in range(0, 256, 7):
        bits = {(start + (at if errors == "runs" else at * 8)) % 256 for at in range(31)}
        assert lookup.near(flipped(hashes[5], bits)[None], 31).tolist() == [[0, 5, 31]]


def test_equal_hashes_are_capped_and_counted() -> None:
    hashes = np.repeat(random_hashes(2, 2), [5000, 1], axis=0)
    answer = opened(hashes).look(hashes[:1], 31)
    assert answer.rows.tolist() == [[0, entry, 0] for entry in range(MOST_EQUAL)]
    assert answer.cut == 5000 - MOST_EQUAL


def test_a_crowd_of_similar_hashes_is_capped_and_counted() -> None:
    """40,000 hashes that share most substrings: no more than so many are compared, or told."""
    crowd = np.zeros((40_000, 4), np.uint64)
    crowd[:, 0] = np.arange(40_000)
    answer = opened(crowd).look(crowd[:1], 31)
    assert len(answer.rows) == MOST_FOUND
    assert answer.cut > 0
    assert answer.rows[0].tolist() == [0, 0, 0]


def test_entries_keep_their_owners() -> None:
    owners = np.array([7, 7, 3], dtype=np.uint32)
    hashes = random_hashes(3, 3)
    lookup = HashLookup(build_hashes(hashes, owners))
    rows = lookup.near(hashes, 0)
    assert lookup.owners[rows[:, 1]].tolist() == [7, 7, 3]
    assert len(lookup) == 3


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    hashes = random_hashes(100, 4)
    one, other = (build_hashes(hashes, np.zeros(100, np.uint32)) for _ in range(2))
    assert {name: array.tobytes() for name, array in one.items()} == {
        name: array.tobytes() for name, array in other.items()
    }
    mapped = {}
    for name, array in one.items():
        array.tofile(tmp_path / name)
        mapped[name] = np.memmap(tmp_path / name, dtype=array.dtype, mode="r", shape=array.shape)
    assert HashLookup(mapped).near(hashes[:3], 5).tolist() == HashLookup(one).near(hashes[:3], 5).tolist()


def test_no_hashes_and_no_queries() -> None:
    assert opened(random_hashes(0, 0)).near(random_hashes(2, 0), 31).shape == (0, 3)
    assert opened(random_hashes(5, 0)).near(random_hashes(0, 0), 31).shape == (0, 3)


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="owners"):
        build_hashes(random_hashes(3, 0), np.zeros(2, np.uint32))
