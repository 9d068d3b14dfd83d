"""The tutorials of traps: every command on them runs, in the order of the page, and the copy that got out is named."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="a model is made: needs the extra [models]")
pytest.importorskip("transformers", reason="a model is made: needs the extra [models]")

ROOT = Path(__file__).parents[1]
PAGES = ("first-traps.md", "premiers-pieges.md")
KEY = {"format": "countermark-trap-key-1", "generator": "traps-v1", "key": "5a" * 32}
CHANCE = 0.001  # how often the copies that nobody leaked would fail this test, were the key another each time


def commands_of(page: str) -> list[str]:
    """The lines of a page that begin with a prompt."""
    text = (ROOT / "docs" / "tutorial" / page).read_text(encoding="utf-8")
    return re.findall(r"^\$ (.+)$", text, flags=re.MULTILINE)


def test_both_pages_give_the_same_commands() -> None:
    """French and English take the same way; but for the language of the answers."""
    english, french = ([re.sub(r" --lang \w+", "", line) for line in commands_of(page)] for page in PAGES)
    assert english == french
    assert len(english) > 8


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_runs(page: str, tmp_path: Path) -> None:
    """From the works to the report, with a fixed key: what nobody leaked is else rejected by chance, now and then."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "traps.key").write_text(json.dumps(KEY))
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
        "HF_HUB_OFFLINE": "1",
    }
    for command in commands_of(page):
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
    result = json.loads((tmp_path / "run" / "result.json").read_text(encoding="utf-8"))
    together = {one["channel"]: one for one in result["claims"] if one["work"] is None}
    assert result["grade"] == "A"
    assert together["web"]["rejected"]
    assert together["licensee"]["p"] > CHANCE
    language = "fr" if page == PAGES[1] else "en"
    assert (tmp_path / "run" / f"report.{language}.html").stat().st_size > 10_000
