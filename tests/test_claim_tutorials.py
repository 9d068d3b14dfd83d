"""The tutorials from works to a dossier: every command on them runs, in the order of the page."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

ROOT = Path(__file__).parents[1]
PAGES = ("first-claim.md", "premier-dossier.md")


def commands_of(page: str) -> list[str]:
    """The lines of a page that begin with a prompt."""
    text = (ROOT / "docs" / "tutorial" / page).read_text(encoding="utf-8")
    return re.findall(r"^\$ (.+)$", text, flags=re.MULTILINE)


def first_finding(place: Path) -> str:
    """The name of a finding in the crawl."""
    for file in sorted(place.glob("dossier/data/items/*/findings.csv")):
        with file.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                if row["run"] == "pages":
                    return row["finding_id"]
    raise AssertionError("the dossier holds no finding of the scan")


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_runs(page: str, tmp_path: Path) -> None:
    """From the catalogue files to the dossier, which verifies and whose report is in both languages."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
    }
    commands = commands_of(page)
    assert len(commands) > 8
    place = tmp_path
    for command in commands:
        if command.startswith("cd "):
            place = (place / command.removeprefix("cd ")).resolve()
            continue
        line = command.replace("FINDING", first_finding(tmp_path)) if "FINDING" in command else command
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    for language in ("en", "fr"):
        pages = PdfReader(tmp_path / "dossier" / "data" / f"report.{language}.pdf").pages
        assert "Exemple Modèles SA" in "".join(one.extract_text() for one in pages)
