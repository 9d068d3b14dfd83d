"""A link that is killed with SIGKILL goes on, and gives the bytes of an undisturbed run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from linkage.linked import contents, link, recording, write_listing

SCRIPT = """
import sys
from pathlib import Path
from countermark.linkage import LinkSettings, run_link
from linkage.linked import recording
if __name__ == "__main__":
    works = [recording("r1", "Quiet Rivers", "Clara Lindqvist")]
    run_link(LinkSettings((Path(sys.argv[1]),), Path(sys.argv[2]), workers=1), works)
"""


@pytest.mark.slow
def test_a_killed_run_goes_on(tmp_path: Path) -> None:
    """Wherever it was killed."""
    rows = [(f"aaaaaaa{at:04d}", "Quiet Rivers", ["Clara Lindqvist"]) for at in range(4000)]
    for number in range(6):
        write_listing(tmp_path / f"listing/part-{number}.parquet", rows, group=1000)
    script = tmp_path / "killed.py"
    script.write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, str(script), str(tmp_path / "listing"), str(tmp_path / "run")]
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    receipts = tmp_path / "run/receipts"
    until = time.monotonic() + 120
    while process.poll() is None and not list(receipts.glob("*.json")) and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    works = [recording("r1", "Quiet Rivers", "Clara Lindqvist")]
    outcome, _ = link(tmp_path / "run", works, tmp_path / "listing")
    assert outcome.complete
    link(tmp_path / "whole", works, tmp_path / "listing")
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")
