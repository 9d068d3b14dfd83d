"""Rate limits count exactly, in windows, whatever the clock does and whoever counts at the same time."""

from __future__ import annotations

import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from countermark.web.abuse import limits
from countermark.web.abuse.models import RateCount, RateRule

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def _three_a_minute(db: None) -> None:
    RateRule.objects.create(name="sign_burst", limit=3, seconds=60)


@pytest.mark.usefixtures("_three_a_minute")
def test_the_fourth_in_a_minute_is_too_many_and_the_next_minute_begins_anew() -> None:
    """Three pass, the fourth names its rule, another key passes, and so does the next window."""
    with time_machine.travel(NOON, tick=False) as clock:
        assert [limits.allowed(("sign_burst", b"a")) for _ in range(4)] == [None, None, None, "sign_burst"]
        assert limits.allowed(("sign_burst", b"b")) is None
        clock.shift(60)
        assert limits.allowed(("sign_burst", b"a")) is None


@pytest.mark.usefixtures("_three_a_minute")
def test_a_clock_that_steps_back_gives_nothing_away() -> None:
    """After a step back the old window counts on; after a step forward a new one begins."""
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(3):
            limits.allowed(("sign_burst", b"a"))
        clock.shift(-30)
        assert limits.allowed(("sign_burst", b"a")) is None  # 11:59:30 is a window of its own
        clock.shift(45)
        assert limits.allowed(("sign_burst", b"a")) == "sign_burst"
        clock.shift(3600)
        assert limits.allowed(("sign_burst", b"a")) is None


@pytest.mark.usefixtures("_three_a_minute")
def test_several_checks_are_one_statement_and_the_first_that_is_exceeded_is_named() -> None:
    """One upsert for all pairs, once each; the order of the answer is the caller's."""
    limits.rules()
    with CaptureQueriesContext(connection) as queries:
        assert limits.allowed(("sign_burst", b"a"), ("email_daily", b"x" * 32), ("sign_burst", b"a")) is None
    assert len(queries) == 1
    assert sorted(RateCount.objects.values_list("rule", "count")) == [("email_daily", 1), ("sign_burst", 1)]
    RateRule.objects.filter(name="email_daily").update(limit=1)
    RateRule.objects.filter(name="sign_burst").update(limit=1)
    limits.rules.forget()
    assert limits.allowed(("email_daily", b"x" * 32), ("sign_burst", b"a")) == "email_daily"


@pytest.mark.usefixtures("db")
def test_the_defaults_are_written_on_first_use_and_can_be_turned_off() -> None:
    """Every rule is a row to edit; one that is turned off neither counts nor refuses."""
    assert limits.allowed(("api", b"k")) is None
    assert set(RateRule.objects.values_list("name", flat=True)) == set(limits.DEFAULTS)
    rule = RateRule.objects.get(name="api")
    rule.limit, rule.enabled = 0, False
    rule.save()
    assert limits.allowed(("api", b"k")) is None
    assert RateCount.objects.get(rule="api").count == 1


@pytest.mark.usefixtures("db")
def test_a_rule_that_does_not_exist_is_a_fault() -> None:
    """A misspelt name is never silently without a limit."""
    with pytest.raises(KeyError):
        limits.allowed(("sing_burst", b"k"))


@pytest.mark.usefixtures("_three_a_minute")
def test_the_busiest_window_counts_over_all_keys() -> None:
    """The present minute and the one before are both looked at."""
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(7):
            limits.allowed(("sign_burst", bytes([number])))
        clock.shift(60)
        limits.allowed(("sign_burst", b"a"))
        assert limits.busiest("sign_burst") == 7
        clock.shift(120)
        assert limits.busiest("sign_burst") == 0


@pytest.mark.usefixtures("_three_a_minute")
def test_what_is_over_is_forgotten_and_so_is_what_a_wrong_clock_wrote(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Windows long over and windows in the far future go; the present window stays."""
    monkeypatch.setattr(limits, "BATCH", 1)
    with time_machine.travel(NOON, tick=False) as clock:
        limits.allowed(("sign_burst", b"old"))
        clock.shift(timedelta(days=400))
        limits.allowed(("sign_burst", b"future"))
        clock.shift(timedelta(days=-399))
        limits.allowed(("sign_burst", b"now"))
        assert limits.forget_old() == 2
        assert [bytes(key) for key in RateCount.objects.values_list("key", flat=True)] == [b"now"]


@pytest.mark.usefixtures("db")
def test_two_writers_of_one_file_lose_no_count(tmp_path: Path) -> None:
    """The statement is atomic: two threads on a file database count every request once."""
    if connection.vendor != "sqlite":
        pytest.skip("the file is SQLite's")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'abuse_ratecount' AND sql IS NOT NULL")
        tables = [row[0] for row in cursor.fetchall()]
    path = tmp_path / "counts.sqlite3"
    with sqlite3.connect(path) as first:
        first.execute("PRAGMA journal_mode=WAL")
        for table in tables:
            first.execute(table)
    first.close()
    rows = [("sign_burst", b"k", 0), ("sign_sustained", b"k", 0)]

    def count_up() -> None:
        own = sqlite3.connect(path, timeout=20, isolation_level=None)
        for _ in range(200):
            own.execute("BEGIN IMMEDIATE")
            own.execute(
                limits.upsert(len(rows)).replace("%s", "?"), [v for row in rows for v in row]
            ).fetchall()
            own.execute("COMMIT")
        own.close()

    threads = [threading.Thread(target=count_up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = sqlite3.connect(path)
    assert last.execute('SELECT "count" FROM abuse_ratecount').fetchall() == [(400,), (400,)]
    last.close()


@pytest.mark.usefixtures("db")
def test_the_hot_path_is_cheap() -> None:
    """Limits, lists, switches and keys together cost well under a millisecond of processor, SQL included."""
    from django.test import RequestFactory

    from countermark.web.abuse import address, emails, lists, switches

    request = RequestFactory().post("/fr/", REMOTE_ADDR="192.0.2.7")

    def once(number: int) -> None:
        mail = f"somebody{number}@example.org"
        lists.verdict(mail, address.client_address(request))
        switches.is_on("read_only")
        limits.allowed(("sign_burst", address.address_key(request)), ("email_daily", emails.email_key(mail)))

    once(0)
    begun = time.process_time()
    for number in range(200):
        once(number)
    assert (time.process_time() - begun) / 200 < 0.001
