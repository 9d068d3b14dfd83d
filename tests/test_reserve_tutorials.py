"""The tutorials of reservations: every command on them runs, in the order of the page, against a server on loopback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PAGES = ("first-reservation.md", "premiere-reserve.md")
ADDRESS = "http://127.0.0.1:8000"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve the folder `public`, which the page makes, as its second terminal does."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "public")))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_runs(page: str, tmp_path: Path, address: str) -> None:
    """From the policy to the proof: what was changed shows in the history, what is reserved is left out."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "LC_ALL": "C.UTF-8"}
    text = (ROOT / "docs" / "tutorial" / page).read_text(encoding="utf-8")
    commands = re.findall(r"^\$ (.+)$", text, flags=re.MULTILINE)
    assert len(commands) > 12
    for command in commands:
        line = command.replace(ADDRESS, address)
        if "FIRST" in line:
            first = (tmp_path / "history" / "chain.jsonl").read_text(encoding="utf-8").splitlines()[0]
            line = line.replace("FIRST", json.loads(first)["time"])
        if "history capture" in line:
            time.sleep(1.1)  # captures are told apart by the second
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line.replace("| head", "| cat | head")],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode in {0, 141}, f"{line}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        if "--on" in line:
            assert ("● reserved" if page == PAGES[0] else "● réservé") in done.stdout
    told = subprocess.run(
        ["countermark", "reserve", "history", "show", "history", "--use", "input", "--json"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    answers = re.findall(r'"answer": "(\w+)"', told.stdout)
    assert answers[:2] == ["reserved", "allowed"]
    removed = pq.read_table(tmp_path / "removed.parquet").to_pylist()
    assert {row["url"].startswith(address) for row in removed} == {True}
    assert len(removed) == 6
