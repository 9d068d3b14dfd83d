"""What of a run is shown: where many files hold a work unaltered, its strongest altered find is seen too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from countermark.evidence.exhibits.selection import select_exhibits
from countermark.evidence.listening.recordings import RECORDINGS
from countermark.evidence.listening.selection import MOST, select_recordings
from countermark.evidence.summary import conclude
from evidence.listening_run import RecordingRun

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = 60_000


def heard_run(folder: Path, grades: list[str], *, files: int = 1_000) -> Path:
    """A run with one work and finds of these grades, each of less of the work than the one before it."""
    made = RecordingRun()
    made.played("ferry")
    for row, grade in enumerate(grades):
        end = WHOLE - 100 * row
        digest = f"{row % files:064x}"
        made.heard("ferry", (0, end, 0, end), (WHOLE, WHOLE), row=row, grade=grade, record_digest=digest)
    return made.write(folder)


def shown(run: Path) -> list[tuple[str, int]]:
    """Grade and row of the finds of the one work."""
    (work,) = select_recordings(run).works
    assert [found.number for found in work.found] == list(range(1, len(work.found) + 1))
    return [(found.finding["grade"], found.finding["row"]) for found in work.found]


@pytest.mark.parametrize("same", [3, 100])
def test_the_strongest_altered_find_keeps_a_place(tmp_path: Path, same: int) -> None:
    """After those that are identical, however many they are; the strongest of all is still first."""
    run = heard_run(tmp_path, ["identical"] * same + ["copy"] * 3)
    assert shown(run) == [("identical", 0), ("identical", 1), ("copy", same)]
    assert len({tuple(shown(run)) for _ in range(2)}) == 1


def test_nothing_changes_where_all_are_of_one_kind(tmp_path: Path) -> None:
    """The three strongest."""
    assert shown(heard_run(tmp_path / "a", ["identical"] * 5)) == [("identical", row) for row in range(3)]
    assert shown(heard_run(tmp_path / "b", ["copy"] * 5)) == [("copy", row) for row in range(3)]
    assert shown(heard_run(tmp_path / "c", ["identical", "copy"])) == [("identical", 0), ("copy", 1)]


def test_the_same_file_is_shown_once_all_the_same(tmp_path: Path) -> None:
    """Of one file in many places the strongest find is shown, also beside an altered one."""
    assert shown(heard_run(tmp_path, ["identical"] * 4 + ["copy"] * 2, files=2)) == [
        ("identical", 0),
        ("identical", 1),
    ]


def test_few_rooms_go_to_the_strongest_then_to_the_altered(tmp_path: Path) -> None:
    """With one room no more than the strongest is shown, with two the altered one before the second."""
    run = heard_run(tmp_path, ["identical"] * 4 + ["copy"])
    conclude(run)
    for rooms, rows in ((1, [0]), (2, [0, 4]), (3, [0, 1, 4])):
        ((_, found),) = select_exhibits(run, RECORDINGS, replace(MOST, shown=rooms)).works
        assert [each.finding["row"] for each in found] == rows
