"""A sequencer that is killed with SIGKILL, again and again: the roll verifies, and lacks nothing that it had."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from countermark.roll.verify import examine

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = """
import sys
import django
django.setup()
from countermark.web.roll.export import export_document
from countermark.web.roll.models import Entry
from countermark.web.roll.sequencer import tick
from countermark.web.roll.source import Face
"""
EXPORT = (
    BEGIN
    + """
from django.core.management import call_command
call_command("migrate", "roll", verbosity=0)
tick([])
sys.stdout.buffer.write(b"".join(export_document()))
"""
)
FILL = (
    BEGIN
    + """
class Endless:
    kind = "person"
    def waiting(self, limit):
        last = Entry.objects.count()
        return [Face(last + i, "person", {"name": f"Person {last + i}"}, 2) for i in range(1, 201)]
    def entered(self, numbers):
        pass
while tick([Endless()]):
    print("tick", flush=True)
"""
)


@pytest.mark.slow
def test_kill_9_at_any_moment(tmp_path: Path) -> None:
    """Six times a sequencer is killed in the middle of its work, and the next one goes on."""
    environment = {**os.environ, "COUNTERMARK_DATA": str(tmp_path), "DATABASE_URL": ""}

    def exported() -> Any:
        done = subprocess.run(
            [sys.executable, "-c", EXPORT], env=environment, capture_output=True, check=True
        )
        return json.loads(done.stdout)

    before = exported()
    for attempt in range(6):
        whole = [sys.executable, "-c", FILL]
        with subprocess.Popen(whole, env=environment, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"tick\n"
            time.sleep(attempt * 0.011)
            process.send_signal(signal.SIGKILL)
            acknowledged = 1 + process.stdout.read().count(b"tick\n")
        after = exported()
        found = examine(after, None, before)
        assert found["numbers"] % 200 == 0
        assert found["numbers"] >= len(before["leaves"]) + 200 * acknowledged
        before = after
