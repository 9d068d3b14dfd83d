"""The key of traps: draws that are fair and the same everywhere, and a file that keeps its secret."""

from __future__ import annotations

import hmac
import json
import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.errors import OutputError, PlanError
from countermark.memorization.traps.key import Draw, TrapKey, new_key, read_key

if TYPE_CHECKING:
    from pathlib import Path

KEY = TrapKey(bytes(range(32)))


def test_draws_are_those_of_traps_v1() -> None:
    """Whoever is given the key in ten years must draw the same: these numbers may never change."""
    draw = KEY.draw("candidate", "w1", "web", 0)
    assert [draw.below(1000) for _ in range(6)] == [295, 522, 841, 996, 797, 960]
    assert [KEY.draw("pick", "œuvre", "web").below(n) for n in (1, 2, 3, 1000, 1 << 64)] == [
        *(0, 1, 2, 575),
        15056887134309309575,
    ]
    assert KEY.digest == "sha256:630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"


def test_a_stream_can_be_made_again_without_our_code() -> None:
    """The seed is an HMAC over canonical JSON, each block an HMAC of its number, each number eight of its bytes."""
    message = '["traps-v1","pick","œuvre","web"]'.encode()
    seed = hmac.digest(bytes(range(32)), message, "sha256")
    blocks = b"".join(hmac.digest(seed, n.to_bytes(8, "big"), "sha256") for n in range(3))
    expected = [int.from_bytes(blocks[at : at + 8], "big") for at in range(0, 96, 8)]
    draw = KEY.draw("pick", "œuvre", "web")
    assert [draw.below(1 << 64) for _ in expected] == expected


@given(st.binary(max_size=40), st.integers(1, 1 << 64))
def test_every_draw_is_in_range_and_repeats(seed: bytes, n: int) -> None:
    """Any bound that is allowed, any seed."""
    draws = [Draw(seed).below(n) for _ in range(2)]
    assert draws[0] == draws[1]
    assert 0 <= draws[0] < n


@pytest.mark.parametrize("n", [0, -1, (1 << 64) + 1])
def test_a_bound_that_cannot_be_drawn_below_is_refused(n: int) -> None:
    """Nothing is drawn below nothing."""
    with pytest.raises(ValueError, match="cannot draw"):
        Draw(b"").below(n)


class Scripted(Draw):
    """A stream of given words."""

    def __init__(self, *words: int) -> None:
        super().__init__(b"")
        self.words = list(words)

    def _next(self) -> int:
        return self.words.pop(0)


@given(st.integers(2, 1 << 63))
def test_words_that_would_favour_small_numbers_are_thrown_away(n: int) -> None:
    """2^64 is rarely a multiple of n: the last, incomplete round of remainders is not used."""
    whole = (1 << 64) // n * n
    assert Scripted(whole - 1).below(n) == n - 1
    if whole < 1 << 64:
        assert Scripted(whole, (1 << 64) - 1, 1).below(n) == 1


@pytest.mark.parametrize("n", [2, 3, 7, 10])
def test_draws_fill_their_range_evenly(n: int) -> None:
    """Chi-square of 20,000 draws, fixed: far below what a bias of one in fifty would give."""
    draw = KEY.draw("evenly", n)
    counts = [0] * n
    for _ in range(20_000):
        counts[draw.below(n)] += 1
    expected = 20_000 / n
    assert sum((count - expected) ** 2 / expected for count in counts) < 27.9  # 0.999 of 9 degrees of freedom


@given(
    st.lists(st.text(max_size=8), min_size=1, max_size=4),
    st.lists(st.text(max_size=8), min_size=1, max_size=4),
)
def test_other_labels_give_other_streams(one: list[str], other: list[str]) -> None:
    """Work "a", channel "b" is not work "ab": labels are kept apart by JSON."""
    a, b = KEY.draw(*one).below(1 << 64), KEY.draw(*other).below(1 << 64)
    assert (a == b) == (one == other)


def test_a_label_that_is_no_text_is_refused() -> None:
    """Half a character cannot be written as UTF-8."""
    with pytest.raises(PlanError, match="surrogate"):
        KEY.draw("\ud800")


def test_a_key_file_is_for_its_owner_and_is_never_overwritten(tmp_path: Path) -> None:
    """Mode 0600 from the first byte on; 32 bytes; another key each time."""
    path = tmp_path / "traps.key"
    key = new_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path) == key
    assert len(key.secret) == 32
    before = path.read_bytes()
    with pytest.raises(OutputError, match="never overwritten"):
        new_key(path)
    assert path.read_bytes() == before
    assert new_key(tmp_path / "other.key") != key


def test_the_secret_is_not_shown() -> None:
    """Neither in a representation nor in an error."""
    assert KEY.secret.hex() not in repr(KEY)
    assert "\\x01" not in repr(KEY)
    with pytest.raises(PlanError) as caught:
        TrapKey(b"only ten b")
    assert "only" not in str(caught.value)


GOOD = {"format": "countermark-trap-key-1", "generator": "traps-v1", "key": "ab" * 32}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (b"", "no key of traps"),
        (b"\xff\xfe", "no key of traps"),
        (b"[" * 3000, "no key of traps"),
        (b"x" * 5000, "no key of traps"),
        (b"[1]", "no key of traps"),
        (json.dumps({**GOOD, "format": "other"}).encode(), "no key of traps"),
        (json.dumps({**GOOD, "generator": "traps-v2"}).encode(), "another generator"),
        (json.dumps({**GOOD, "key": "ab" * 31}).encode(), "damaged"),
        (json.dumps({**GOOD, "key": "SECRET!!" * 8}).encode(), "damaged"),
        (json.dumps({**GOOD, "key": 12}).encode(), "damaged"),
    ],
)
def test_a_file_that_is_no_key_is_refused_without_quoting_it(
    tmp_path: Path, said: bytes, message: str
) -> None:
    """What looks like a secret is not repeated."""
    path = tmp_path / "traps.key"
    path.write_bytes(said)
    with pytest.raises(PlanError, match=message) as caught:
        read_key(path)
    assert "SECRET" not in str(caught.value)
    assert "abab" not in str(caught.value)


def test_a_lost_key_says_what_is_lost(tmp_path: Path) -> None:
    """The message is for somebody who looks for the file."""
    with pytest.raises(PlanError, match=r"no such key; without its key"):
        read_key(tmp_path / "none.key")
