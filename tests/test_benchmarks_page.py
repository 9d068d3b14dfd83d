"""The page of benchmarks says what the committed results say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from countermark.scan.quick import MEASURED

ROOT = Path(__file__).parents[1]


def test_page_agrees_with_the_results() -> None:
    """Writing the page from benchmarks/results/ gives the page that is committed."""
    command: list[str | Path] = [sys.executable, ROOT / "benchmarks/report.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_countermark_answers_every_vector_that_the_page_counts() -> None:
    """The committed run over the vectors of all protocols has no wrong answer of ours and leaves none out."""
    found = json.loads((ROOT / "benchmarks/results/protocols.json").read_text(encoding="utf-8"))
    ours = found["tools"]["Countermark"]
    assert ours["wrong"] == []
    assert ours["right_of_asked"] == {name: [count, count] for name, count in found["vectors"].items()}


def test_the_loss_of_a_quick_search_is_the_measured_one() -> None:
    found = json.loads((ROOT / "benchmarks/results/audio_quick.json").read_text(encoding="utf-8"))
    told = [found[kind][way]["found"] for kind in ("whole", "hidden") for way in ("whole", "quick")]
    assert tuple(told) == MEASURED
