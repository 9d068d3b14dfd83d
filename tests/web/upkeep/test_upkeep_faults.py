"""Faults in mid-load, on real processes over loopback: nothing acknowledged is lost, nothing is there twice.

The scenarios are those of benchmarks/bench_faults.py; with DATABASE_URL set, they run on PostgreSQL.
"""

from __future__ import annotations

import importlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from countermark.web.config.tokens import new_uid
from countermark.web.roll import heads
from countermark.web.roll.models import Head
from countermark.web.signing.models import Display, Signature, State
from countermark.web.upkeep.checks import roll_line
from countermark.web.upkeep.jobs import sequence

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Any:
    """benchmarks/bench_faults.py, with an environment without this test's own site."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    return importlib.import_module("bench_faults")


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_twice(faults: Any) -> None:
    """Server, worker and all killed, disk full, mail server away and slow, database killed: each scenario is sound."""
    chosen = [name for name in faults.SCENARIOS if faults.possible(name)]
    found = faults.measure(chosen)
    assert set(found) >= set(chosen) - {"disk full"}
    wrong = {name: outcome for name, outcome in found.items() if not faults.is_sound(outcome)}
    assert wrong == {}
    for name, outcome in found.items():
        assert outcome["acknowledged_forms"] > 10, name
        assert outcome["acknowledged_confirmations"] > 10, name
    assert found["mail slow"]["answers"]["without a number 2 s later"] == 0
    if "disk full" in found:
        refused = [answer for answer in found["disk full"]["answers"] if answer.startswith("sign 5")]
        assert refused, "the full disk was not noticed"


def signed(number: int) -> None:
    """A confirmed signature that waits for its number."""
    now = datetime.now(UTC)
    Signature.objects.create(
        uid=new_uid(),
        name=f"Ada {number}",
        email=f"{number}@example.org",
        email_key=number.to_bytes(32, "big"),
        trades=",poet,",
        country="FR",
        display=Display.NAME_AND_TRADE,
        language="fr",
        text_version=1,
        consent_version=1,
        state=State.CONFIRMED,
        created_at=now,
        confirmed_at=now,
    )


def test_steps_of_the_clock_leave_a_roll_that_verifies(site: None) -> None:
    """An hour forward, a day back, years forward, back again: heads never go back in time, numbers are contiguous."""
    start = datetime(2026, 11, 22, 12, tzinfo=UTC)
    steps = [0, 3600, -86400, 10**8, -(10**7), 5]
    for number, step in enumerate(steps):
        with time_machine.travel(start + timedelta(seconds=step), tick=False):
            signed(number)
            assert sequence() > 0
            heads.publish_due(datetime.now(UTC))
    times = list(Head.objects.order_by("size").values_list("at", flat=True))
    assert times == sorted(times)
    assert set(Signature.objects.values_list("roll_number", flat=True)) == set(range(1, len(steps) + 1))
    said = "The roll verifies: numbers 1 to 6, without a gap; on the roll 6, withdrawn 0."
    assert (roll_line().wrong, roll_line().said) == (False, said)
