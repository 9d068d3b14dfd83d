"""Heads, the key that signs them, and the lock of the sequencer."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
import threading
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import connection

from countermark.errors import InputError
from countermark.roll.verify import examine
from countermark.web.roll import heads, key
from countermark.web.roll.export import export_document
from countermark.web.roll.lock import sequencer_lock
from countermark.web.roll.models import Head
from countermark.web.roll.sequencer import tick

if TYPE_CHECKING:
    from pathlib import Path

    from web.roll.roll_signers import Signers

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def tick_at(moment: datetime, signers: Signers) -> None:
    """One more signs and is entered at that moment."""
    with time_machine.travel(moment, tick=False):
        signers.sign("Somebody")
        tick([signers])


def test_one_head_is_published_in_each_interval(signers: Signers) -> None:
    """Ten minutes of the clock have one published head; the others go when a newer one is signed."""
    published = []
    for minute in (1, 2, 9, 10, 11, 25, 26):
        tick_at(NOON + timedelta(minutes=minute), signers)
        if heads.publish_due(NOON + timedelta(minutes=minute)):
            published.append(minute)
        assert not heads.publish_due(NOON + timedelta(minutes=minute))
    assert published == [1, 10, 25]
    assert list(Head.objects.order_by("size").values_list("size", "published")) == [
        (1, True),
        (4, True),
        (6, True),
        (7, False),
    ]
    assert examine(json.loads(b"".join(export_document())))["earlier_heads"] == 3


def test_nothing_new_nothing_published(signers: Signers) -> None:
    """A head is published once; an empty roll without a head publishes none."""
    assert not heads.publish_due(NOON)
    tick_at(NOON, signers)
    assert heads.publish_due(NOON)
    assert not heads.publish_due(NOON + timedelta(days=1))


def test_a_clock_that_goes_back_does_not_take_heads_along(signers: Signers) -> None:
    """Times of heads never decrease, and publishing does not wait for the old time to come again."""
    tick_at(NOON + timedelta(days=300), signers)
    assert heads.publish_due(NOON + timedelta(days=300))
    tick_at(NOON, signers)
    assert heads.publish_due(NOON)
    tick_at(NOON + timedelta(minutes=20), signers)
    assert heads.publish_due(NOON + timedelta(minutes=20))
    times = [json.loads(document)["time"] for document in Head.objects.values_list("document", flat=True)]
    assert times == ["2027-09-18T12:00:00Z"] * 3
    assert examine(json.loads(b"".join(export_document())))["earlier_heads"] == 2


def test_the_key_is_made_once_and_private(data: Path) -> None:
    """First use makes roll-key.pem with mode 0600; the log is named after it."""
    assert key.log_id() == key.log_id()
    path = data / "roll-key.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = key.public_key()
    key._read.cache_clear()
    assert key.public_key() == first
    assert [file.name for file in data.iterdir()] == ["roll-key.pem"], "no draft is left"


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_damaged_key_is_told(data: Path, content: bytes) -> None:
    """The message names the file and what to do."""
    (data / "roll-key.pem").write_bytes(content)
    with pytest.raises(InputError, match=r"roll-key\.pem is damaged.*restore it"):
        key.signing_key()


def test_a_lost_key_is_not_replaced(data: Path, signers: Signers) -> None:
    """A roll that was signed never gets another key silently: neither a new one nor a foreign one."""
    tick_at(NOON, signers)
    (data / "roll-key.pem").unlink()
    key._read.cache_clear()
    with pytest.raises(InputError, match="is missing, and the roll was signed with it"):
        key.signing_key()
    kept = Head.objects.get()
    Head.objects.all().delete()
    key.signing_key()
    kept.save(force_insert=True)
    signers.sign("More")
    with pytest.raises(InputError, match="signed with another key"):
        tick([signers])


def test_several_first_uses_make_one_key(data: Path) -> None:
    """Processes that start together agree on the key, whichever was first."""
    barrier = threading.Barrier(8)

    def make() -> None:
        barrier.wait()
        path = data / "shared.pem"
        key._make_file(path)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [file.name for file in data.iterdir()] == ["shared.pem"]


def test_the_lock_lets_one_in() -> None:
    """While it is held nobody else has it; afterwards they do."""
    seen = []

    def attempt() -> None:
        with sequencer_lock() as held:
            seen.append(held)
        connection.close()

    def attempt_apart() -> None:
        thread = threading.Thread(target=attempt)
        thread.start()
        thread.join()

    with sequencer_lock() as held:
        assert held
        attempt_apart()
    attempt_apart()
    assert seen == [False, True]


def test_a_tick_without_the_lock_appends_nothing(signers: Signers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not get the lock leaves all as it is."""
    signers.sign("Waits")
    with monkeypatch.context() as patched:
        patched.setattr("countermark.web.roll.sequencer.sequencer_lock", lambda: nullcontext(False))
        assert tick([signers]) == 0
    assert tick([signers]) == 1


def test_the_lock_of_the_killed_is_free(data: Path, signers: Signers) -> None:
    """A process that is killed while it holds the lock holds up nobody."""
    holder = (
        "import fcntl, sys, time\n"
        "file = open(sys.argv[1], 'a')\n"
        "fcntl.flock(file, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "time.sleep(60)\n"
    )
    signers.sign("Waits")
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(data / "sequencer.lock")], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with sequencer_lock() as held:
            on_files = not held
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert on_files == (connection.vendor == "sqlite")
    assert tick([signers]) == 1
