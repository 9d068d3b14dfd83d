"""PDQ: the same bits as the reference, in all positions, and hexadecimal digits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.errors import InputError
from countermark.fingerprint.image.pdq import (
    STATE_MAPS,
    STATES,
    from_hex,
    in_states,
    parts,
    pdq,
    pdq_states,
    to_hex,
    whole,
)
from countermark.fingerprint.image.trim import Box

if TYPE_CHECKING:
    from collections.abc import Callable

# Hashes and qualities of `drawn` by the reference in C++ (pdqhash 0.2.8, built on facebook/ThreatExchange, pdq/cpp)
REFERENCE = [
    (512, 512, 1, 100, "194c128b84f7c865da4fb69b01acdd6893b2f417ce341b6bd1b6d4ac4c87873c"),
    (341, 512, 2, 100, "8c3d3ad45ad663acef8fa30fc4b6dbe05c4a1d8d155a3d9423c64ad818f0b463"),
    (512, 288, 3, 100, "e1d2e3959f351c3cac5abb8752ddae90d520128773b66d684e8d57e8314e445a"),
    (768, 600, 4, 100, "937d6e1219dfba4c75b6a34ac357be01b60b00ecdccfae825098f5b33e00899d"),
    (64, 64, 5, 100, "0bd25cde3d0b588b73d7d209271cac54b96102e717a6870be85bebb1184be9d9"),
    (100, 131, 6, 100, "b79151969ef73b03303d65161b79f143630d5db0e365c61928b65aa22c52d8ef"),
    (48, 500, 7, 100, "6ea5c3756eabc3787eab52b77f7ac114940522bf96aaac34896afdc081d02d40"),
]
REFERENCE_STATES = [  # of drawn(341, 512, 2), in the reference's order
    "8c3d3ad45ad663acef8fa30fc4b6dbe05c4a1d8d155a3d9423c64ad818f0b463",
    "8f01c47b5c199e0ea9d6750e7d0ce2877b5e9e5093031dc99ce401a72ea973be",
    "d96e987e0f83c906bada09a591e3714a091fb727400f973e7693e0725da51ec9",
    "da546ed1094c34a4fc83dfa42859482d2e0b34fac656b763c9b1ab0d7bfcd914",
    "8c3dcd2b5ad69c53ef8f5cf0c4b6241f5c4ae272155ac26b23c6b52708f04b9c",
    "d96867810f8336f9badaf65a91e38eb5091f48d8400f68c176931f8d5da5e136",
    "8f013b845c1961f3e9d68af17d0c1d787b5e61af9303e2369ce4fe582ea98c41",
    "da54912e094ccb5bfc83205b2859b7d22e0bcb05c656489cc9b1d4f2fbfc26eb",
]
TURNED: list[Callable[[Any], Any]] = [
    lambda grey: grey,
    np.rot90,
    lambda grey: np.rot90(grey, 2),
    lambda grey: np.rot90(grey, 3),
    np.flipud,
    np.fliplr,
    np.transpose,
    lambda grey: np.rot90(grey, 2).T,
]


def drawn(height: int, width: int, number: int) -> Any:
    """A picture of waves and discs, in integers: the same everywhere."""
    y, x = np.mgrid[0:height, 0:width]
    rows = [
        np.abs((x * (3 + number * k) * 160 // width + y * (5 + k * k) * 160 // height + 40 * k) % 512 - 256)
        for k in range(1, 4)
    ]
    out = sum(rows) // 3
    for k in range(1, 9):
        across = (k * 37 + number * 11) % 100 * width // 100
        down = (k * 53 + number * 29) % 100 * height // 100
        radius = (5 + (k * 7 + number) % 15) * min(height, width) // 100
        inside = (x - across) ** 2 + (y - down) ** 2 < radius * radius
        out = np.where(inside, (k * 71 + number * 13) % 256, out)
    return out.clip(0, 255).astype(np.uint8)


def apart(one: Any, other: Any) -> int:
    """Bits that differ."""
    return sum(int(word).bit_count() for word in np.atleast_1d(one ^ other).ravel())


@pytest.mark.parametrize(("height", "width", "number", "quality", "digits"), REFERENCE)
def test_bits_are_those_of_the_reference(
    height: int, width: int, number: int, quality: int, digits: str
) -> None:
    ours, our_quality = pdq(drawn(height, width, number))
    assert apart(ours, from_hex(digits)) <= 2
    assert our_quality == quality


def test_all_positions_are_those_of_the_reference() -> None:
    states = pdq_states(drawn(341, 512, 2))
    assert [
        apart(state, from_hex(digits)) <= 2 for state, digits in zip(states, REFERENCE_STATES, strict=True)
    ] == [True] * 8


@pytest.mark.parametrize("number", range(len(STATES)))
def test_a_position_is_the_hash_of_the_turned_picture(number: int) -> None:
    """Not exactly: the samples of 64 by 64 are not taken in the middle of their cells, in the reference as here."""
    grey = drawn(512, 384, 8)
    assert apart(pdq(np.ascontiguousarray(TURNED[number](grey)))[0], pdq_states(grey)[number]) <= 32


@pytest.mark.parametrize("number", range(len(STATES)))
def test_the_maps_take_positions_back(number: int) -> None:
    """A dot in the turned picture is the dot in the picture that the map says."""
    grey = np.zeros((40, 60), dtype=np.uint8)
    grey[7, 13] = 255
    turned = TURNED[number](grey)
    y, x = (int(axis[0]) for axis in np.nonzero(turned))
    height, width = turned.shape
    mapped = STATE_MAPS[number] @ [(x + 0.5) / width, (y + 0.5) / height, 1]
    assert mapped == pytest.approx([13.5 / 60, 7.5 / 40])


def test_positions_from_the_hash_alone_are_nearly_the_same() -> None:
    found = whole(drawn(400, 512, 9))
    assert apart(in_states(found.states[0])[0], found.states[0]) == 0
    assert (
        max(apart(one, other) for one, other in zip(in_states(found.states[0]), found.states, strict=True))
        <= 16
    )


def test_a_part_is_hashed_as_if_it_were_cut_out() -> None:
    grey = drawn(300, 400, 3)
    box = Box(31, 17, 350, 290)
    cut = np.ascontiguousarray(grey[box.top : box.bottom, box.left : box.right])
    assert (whole(grey, box).states == whole(cut).states).all()


def test_at_most_half_of_the_bits_are_set() -> None:
    assert all(apart(state, np.zeros(4, np.uint64)) <= 128 for state in pdq_states(drawn(200, 300, 4)))


@pytest.mark.parametrize("shape", [(4, 500), (500, 4), (1, 1), (0, 10)])
def test_too_small_a_picture_has_no_hash(shape: tuple[int, int]) -> None:
    empty, quality = pdq(np.zeros(shape, np.uint8))
    assert (to_hex(empty), quality) == ("0" * 64, 0)


@given(st.integers(5, 300), st.integers(5, 300), st.integers(0, 255))
def test_a_picture_of_one_grey_has_no_quality(height: int, width: int, level: int) -> None:
    assert pdq(np.full((height, width), level, np.uint8))[1] == 0


def test_a_work_is_hashed_in_three_parts_and_a_picture_in_two() -> None:
    grey = np.full((300, 500), 255, np.uint8)
    grey[20:280, 30:470] = drawn(260, 440, 5)
    assert [part.unit.round(2).tolist() for part in parts(grey, of_work=True)] == [
        [0, 0, 1, 1],
        [0.06, 0.07, 0.94, 0.93],
        [0.2, 0, 0.8, 1],
    ]
    assert len(parts(grey, of_work=False)) == 2
    assert parts(np.full((300, 500), 255, np.uint8), of_work=True) == []


@given(st.lists(st.integers(0, 2**64 - 1), min_size=4, max_size=4))
def test_digits_go_there_and_back(words: list[int]) -> None:
    original = np.array(words, dtype=np.uint64)
    assert (from_hex(to_hex(original)) == original).all()


@pytest.mark.parametrize("digits", ["", "0" * 63, "g" * 64, "+" + "0" * 63, "0_" * 32, "٠" * 64])
def test_other_digits_are_refused(digits: str) -> None:
    with pytest.raises(InputError, match="hexadecimal"):
        from_hex(digits)
