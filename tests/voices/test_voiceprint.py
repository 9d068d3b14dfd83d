"""Voiceprints: consent first, for their owner's eyes, refused when damaged, gone when erased; controls and chances."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.errors import InputError, OutputError
from countermark.probability.binomial import clopper_pearson
from countermark.voices.comparing import Compared, Controls, compare, controls_of
from countermark.voices.recordings import Heard, LeftOut
from countermark.voices.stretches import Stretch
from countermark.voices.voiceprint import (
    Voiceprint,
    enrol,
    erase_voiceprint,
    read_voiceprint,
    write_voiceprint,
)


def heard(name: str, *similarities: float) -> Heard:
    """A recording whose stretches have these similarities with (1, 0)."""
    points = [np.array([one, np.sqrt(1 - one**2)], np.float32) for one in similarities]
    return Heard(name, 0, name, tuple(Stretch(10.0 * at, 10.0, one) for at, one in enumerate(points)))


@pytest.fixture
def print_of_ada() -> Voiceprint:
    """Two recordings that lie on either side of (1, 0)."""
    made = enrol(
        [heard("a", 1, 1), heard("b", 1)], name=" Ada ", consent="I agree", day="2026-05-03", weights="w"
    )
    assert (made.name, made.seconds, made.own) == ("Ada", 30.0, (1.0, 1.0))
    return made


def test_without_consent_there_is_no_voiceprint() -> None:
    """Blank words are no consent; a name and twenty seconds are needed as well."""
    facts = {"name": "Ada", "consent": "I agree", "day": "2026-05-03", "weights": "w"}
    for change, said in (({"consent": "  "}, "only with the consent"), ({"name": ""}, "whose voice")):
        with pytest.raises(InputError, match=said):
            enrol([heard("a", 1, 1)], **(facts | change))
    for recordings in ([], [heard("a")], [heard("a", 1)]):
        with pytest.raises(InputError, match="needs 20 s"):
            enrol(recordings, **facts)


def test_a_voiceprint_is_for_its_owner_alone(tmp_path: Path, print_of_ada: Voiceprint) -> None:
    """Mode 0600 in a folder of mode 0700; it reads back, is not overwritten, and keeps its suffix."""
    path = tmp_path / "private" / "ada.voiceprint"
    write_voiceprint(path, print_of_ada)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    back = read_voiceprint(path)
    assert back.consent == "I agree"
    assert np.array_equal(back.point, print_of_ada.point)
    with pytest.raises(InputError, match="there is one"):
        write_voiceprint(path, print_of_ada)
    with pytest.raises(InputError, match=r"ends in \.voiceprint"):
        write_voiceprint(tmp_path / "ada.json", print_of_ada)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write_voiceprint(tmp_path / "file" / "x.voiceprint", print_of_ada)


def test_erasing_removes_voiceprints_only(tmp_path: Path, print_of_ada: Voiceprint) -> None:
    """The file is gone; links, other files and missing ones are refused."""
    path = tmp_path / "ada.voiceprint"
    write_voiceprint(path, print_of_ada)
    (tmp_path / "link.voiceprint").symlink_to(path)
    (tmp_path / "letter.txt").write_text("Dear Ada")
    for name in ("link.voiceprint", "letter.txt", "none.voiceprint"):
        with pytest.raises(InputError):
            erase_voiceprint(tmp_path / name)
    erase_voiceprint(path)
    assert not path.exists()
    assert (tmp_path / "letter.txt").read_text() == "Dear Ada"


@pytest.mark.parametrize(
    "change",
    [{"point": "AAAA"}, {"point": 3}, {"own": ["x", 1]}, {"seconds": float("inf")}, {"name": ""}, {"version": 2},
     {"countermark": "letter"}, {"recordings": 5}],
)  # fmt: skip
def test_a_damaged_voiceprint_is_refused(
    tmp_path: Path, print_of_ada: Voiceprint, change: dict[str, object]
) -> None:
    """Each wrong field ends in one sentence."""
    path = tmp_path / "ada.voiceprint"
    write_voiceprint(path, print_of_ada)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(InputError, match=r"ada\.voiceprint"):
        read_voiceprint(path)


@given(st.binary(max_size=300) | st.text(alphabet='{}[]":,0', max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Nothing but an InputError is raised."""
    path = tmp_path_factory.getbasetemp() / "any.voiceprint"
    path.write_bytes(data)
    with pytest.raises(InputError):
        read_voiceprint(path)


def population(print_of_ada: Voiceprint, count: int = 20) -> Controls:
    """Controls of two stretches with similarities 0.10, 0.11 and so on."""
    others = [heard(f"c{at}", 0.0, 0.10 + at / 100) for at in range(count)]
    return controls_of(print_of_ada, others, ["t"])


def test_twenty_controls_are_needed_and_each_counts_once(print_of_ada: Voiceprint) -> None:
    """Copies, silent ones, enrolled ones and tracks are no controls; what is left out is told."""
    with pytest.raises(InputError, match="19 recordings of other voices can be used, 20 are needed"):
        population(print_of_ada, 19)
    others = [heard(f"c{at}", 0.5) for at in range(20)]
    bad: list[Heard | LeftOut] = [
        heard("c3", 0.5),
        heard("silent"),
        heard("a", 1),
        heard("t", 0.9),
        LeftOut("x", "no sound"),
    ]
    found = controls_of(print_of_ada, [*others, *bad], ["t"])
    assert (len(found.best), found.fewest, len(found.left_out)) == (20, 1, 5)
    with pytest.raises(InputError, match="left out; the first, x: no sound"):
        controls_of(print_of_ada, [LeftOut("x", "no sound")], [])


def test_a_track_is_told_by_its_place_among_the_controls(print_of_ada: Voiceprint) -> None:
    """Closer than all twenty: 1 in 21 by rank, with the exact bound; as long as the controls, no further chance."""
    controls = population(print_of_ada)
    found = compare(print_of_ada, heard("t", 0.2, 0.9), controls, clopper_pearson)
    assert isinstance(found, Compared)
    assert (found.best, found.start, found.as_close, found.looks) == (0.9, 10.0, 0, 1)
    assert found.chance == pytest.approx(1 / 21)
    assert found.bound == pytest.approx(1 - 0.05 ** (1 / 20))
    assert found.worth
    lower = compare(print_of_ada, heard("t", 0.285), controls, clopper_pearson)
    assert isinstance(lower, Compared)
    assert (lower.as_close, lower.worth) == (1, False)


def test_a_longer_track_had_more_chances(print_of_ada: Voiceprint) -> None:
    """Five stretches against controls of two: three chances, and nothing is named."""
    found = compare(print_of_ada, heard("t", 0.9, 0, 0, 0, 0), population(print_of_ada), clopper_pearson)
    assert isinstance(found, Compared)
    assert (found.looks, found.worth) == (3, False)
    assert found.chance == pytest.approx(3 / 21)


def test_what_was_enrolled_or_is_silent_is_not_compared(print_of_ada: Voiceprint) -> None:
    """A recording of the enrolment would only meet itself."""
    controls = population(print_of_ada)
    assert isinstance(compare(print_of_ada, heard("a", 1), controls, clopper_pearson), LeftOut)
    assert isinstance(compare(print_of_ada, heard("quiet"), controls, clopper_pearson), LeftOut)
