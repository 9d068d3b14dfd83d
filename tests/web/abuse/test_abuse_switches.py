"""Switches and alarms."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from countermark.web.abuse import alarms, switches
from countermark.web.abuse.models import Alarm, ListEntry, RateRule, Switch

NOON = datetime(2026, 11, 22, 12, 20, 0, tzinfo=UTC)


@pytest.mark.usefixtures("db")
def test_a_switch_is_off_until_somebody_turns_it_on() -> None:
    """Unknown names are a fault; missing rows are off; a saved one counts at once."""
    assert not any(switches.is_on(name) for name in switches.NAMES)
    with pytest.raises(KeyError):
        switches.is_on("no_such_thing")
    switches.write_missing()
    switches.write_missing()
    assert set(Switch.objects.values_list("name", flat=True)) == set(switches.NAMES)
    switch = Switch.objects.get(name="read_only")
    switch.on = True
    switch.save()
    assert switches.is_on("read_only")
    assert not switches.is_on("no_roll")


@pytest.mark.usefixtures("db")
def test_the_message_speaks_the_language_it_has() -> None:
    """The reader's language, else the other, and nothing while the switch is off."""
    switch = Switch.objects.create(name="message", on=True, message_fr="Bonjour", message_en="")
    assert switches.banner("fr") == switches.banner("en") == "Bonjour"
    switch.on = False
    switch.save()
    assert switches.banner("fr") == ""


@pytest.mark.usefixtures("db")
def test_an_alarm_is_raised_once_an_hour_for_what_is_unusual() -> None:
    """More than the rule allows, counted on within the hour; large mailbox providers and allowed domains never."""
    for kind in alarms.KINDS:
        RateRule.objects.create(name=f"alarm_{kind}", limit=3, seconds=3600)
    ListEntry.objects.create(kind="domain", pattern="union.example", verdict="allow")
    seen = [
        ("domain", "spam.example"),
        ("domain", "gmail.com"),
        ("domain", "union.example"),
        ("network", "ab" * 16),
        ("name", "annaduval"),
        ("colour", "red"),
    ]
    with time_machine.travel(NOON, tick=False) as clock:
        assert alarms.look(seen * 3) == 0
        assert alarms.look(seen * 4) == 3
        assert alarms.look(iter(seen * 9)) == 0
        assert sorted(Alarm.objects.values_list("kind", "label", "count")) == [
            ("domain", "spam.example", 9),
            ("name", "annaduval", 9),
            ("network", "ab" * 16, 9),
        ]
        clock.shift(3600)
        assert alarms.look(seen * 4) == 3
