"""The page of benchmarks says what the committed results say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_page_agrees_with_the_results() -> None:
    """Writing the page from benchmarks/results/ gives the page that is committed."""
    command: list[str | Path] = [sys.executable, ROOT / "benchmarks/report.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
