"""The example goes from a row to both passages with public libraries only."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from countermark.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "check_a_finding.py"
POEM = """
The bakery on the corner lights its oven long before the street has thought of waking up, and what the
baker hums while kneading is a tune his father brought across two borders in a coat with nothing else.
By five the first loaves crackle on the shelf; a taxi idles, someone buys a roll and eats it standing,
looking at the rain as though it had been ordered for a film. The florist comes, the postwoman, a boy
who counts his coins aloud and gets a bun for less; and none of them has ever asked the song its name.
When shutters rise along the avenue the tune is over, flour settles, and the day may begin its trade.
"""


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    """A folder with works, corpus and run: the poem stands in the third line of a JSON Lines file, altered in case."""
    (tmp_path / "works").mkdir()
    (tmp_path / "works" / "poem.txt").write_text(POEM, encoding="utf-8")
    (tmp_path / "corpus").mkdir()
    texts = [
        "Nothing to see in this line.",
        "Nor here.",
        f"Some words in front. {POEM[100:500].upper()} And after.",
    ]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    (tmp_path / "corpus" / "a.jsonl").write_text(lines, encoding="utf-8")
    index, run = str(tmp_path / "works.index"), str(tmp_path / "run")
    for arguments in (
        ["index", "build", str(tmp_path / "works"), "--out", index],
        ["scan", index, str(tmp_path / "corpus"), "--out", run, "--workers", "1"],
    ):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
    return tmp_path


def check(folder: Path, finding_id: str) -> subprocess.CompletedProcess[str]:
    """Run the example on one finding."""
    command = [sys.executable, str(EXAMPLE), "run", "works", "corpus", finding_id]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_finding_holds(scanned: Path) -> None:
    """Both digests agree, and both passages are shown; the record's is the altered one, in its third line."""
    rows = ds.dataset(scanned / "run" / "findings", format="parquet").to_table().to_pylist()
    assert [row["row"] for row in rows] == [2]
    done = check(scanned, rows[0]["finding_id"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("\nyes  ") == 2
    assert "THE FIRST LOAVES CRACKLE" in done.stdout
    assert "the first loaves crackle" in done.stdout


def test_a_changed_work_is_noticed(scanned: Path) -> None:
    """When the work's file is no longer what was indexed, the example says so and fails."""
    findings = next((scanned / "run" / "findings").glob("*.parquet"))
    finding_id = pq.read_table(findings)["finding_id"][0].as_py()
    with (scanned / "works" / "poem.txt").open("a", encoding="utf-8") as file:
        file.write("One more line.")
    done = check(scanned, finding_id)
    assert done.returncode == 1
    assert "NO " in done.stdout


def test_an_unknown_finding_is_said_to_be_unknown(scanned: Path) -> None:
    """An identifier that no row has is named."""
    done = check(scanned, "nothing")
    assert done.returncode == 1
    assert "nothing" in done.stderr
