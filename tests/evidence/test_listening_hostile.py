"""A run folder of recordings that somebody made up: refused, or shown without harm and in bounded time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from countermark.errors import RunError
from countermark.evidence.listening.page import render_listening
from countermark.evidence.listening.write import write_listening
from evidence.listening_run import RecordingRun, tune

if TYPE_CHECKING:
    from pathlib import Path


def made_up(folder: Path, **facts: Any) -> Path:
    """A run with one finding, of which some facts are made up."""
    made = RecordingRun(corpus="c", planned=None)
    made.played("work", tune(1, 20))
    made.heard("work", (0, 4_000, 4_000, 8_000), (20_000, 20_000), tune(1, 4, start=4), row=1, **facts)
    return made.write(folder / "run")


@pytest.mark.parametrize(
    "facts",
    [
        {"tempo": 1e308, "pitch_shift": -2000.0},
        {"tempo": -1.0},
        {"pitch_shift": 1e6},
        {"pitch_shift": -1e6},
        {"chance": 1e308},
        {"chance": -1.0},
    ],
)
def test_impossible_numbers_are_not_reckoned_with(tmp_path: Path, facts: dict[str, float]) -> None:
    """No command goes on without end, and nothing overflows: such a figure is left out."""
    run = made_up(tmp_path, **facts)
    for lang in ("en", "fr"):
        for form in ("html", "text"):
            assert len(render_listening(run, lang, form)) < 2_000_000
    if "chance" in facts:
        assert "by chance was not recorded" in render_listening(run, "en", "text") + render_listening(
            run, "en", "html"
        )
    else:
        assert "atempo" not in render_listening(run, "en", "html")


@pytest.mark.parametrize(
    "facts",
    [
        {"finding_id": 'x"; touch /tmp/owned; "'},
        {"finding_id": "`id`"},
        {"finding_id": "../../etc/passwd"},
        {"tempo": math.nan},
        {"pitch_shift": math.inf},
        {"chance": math.nan},
        {"share_of_work": math.inf},
    ],
)
def test_what_no_search_writes_is_refused(tmp_path: Path, facts: dict[str, Any]) -> None:
    """Above all a name that would stand in a command which a reader may copy into a shell."""
    run = made_up(tmp_path, **facts)
    with pytest.raises(RunError, match="which no search writes"):
        render_listening(run, "en", "html")


@pytest.mark.filterwarnings("ignore:invalid value encountered in cast")
def test_a_strange_grade_is_refused(tmp_path: Path) -> None:
    """With what it is, and no traceback."""
    run = made_up(tmp_path, grade="guilty")
    with pytest.raises(RunError, match="the grade 'guilty', which none of recordings has"):
        render_listening(run, "en", "html")


@pytest.mark.parametrize(
    ("column", "value"), [("findings_file", "../../elsewhere"), ("findings_row", 7), ("findings_row", -1)]
)
def test_a_made_table_leads_nowhere_else(tmp_path: Path, column: str, value: object) -> None:
    """The table of the finds that lies in the folder is read as it is: what it points to is checked."""
    run = made_up(tmp_path)
    render_listening(run, "en", "text")
    table = pq.read_table(run / "recordings.parquet")
    place = table.column_names.index(column)
    changed = table.set_column(
        place, table.schema.field(place), pa.array([value], table.schema.field(place).type)
    )
    pq.write_table(changed, run / "recordings.parquet")
    with pytest.raises(RunError, match=r"a table names"):
        render_listening(run, "en", "html")
    with pytest.raises(RunError, match=r"a table names"):
        write_listening(run, tmp_path / "out", "en")
