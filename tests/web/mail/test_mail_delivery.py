"""Delivery: none lost, none twice, whatever the server or the worker does."""

from __future__ import annotations

import email
import email.policy
import re
import socket
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


def state_of(row: Any) -> tuple[str, int]:
    """State and attempts, as they stand."""
    row.refresh_from_db()
    return row.state, row.attempts


def test_a_mail_goes_once_and_forgets_its_recipient(put: Callable[..., Any], server: Any) -> None:
    """One content at the server; afterwards neither address nor words are kept, and nothing is due."""
    from countermark.web.mail.delivery import deliver_some

    row = put(body="Ligne une\n.point au début\nœuvre")
    assert (deliver_some(), deliver_some()) == (1, 0)
    assert state_of(row) == ("sent", 1)
    assert (row.recipient, row.context) == ("", {})
    (content,) = server.received
    mail = email.message_from_bytes(content.replace(b"\r\n..", b"\r\n."), policy=email.policy.default)
    assert mail["To"] == "a@example.org"
    assert mail["Subject"] == "Bonjour"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f]{32}@127\.0\.0\.1>", mail["Message-ID"])
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == "Ligne une\n.point au début\nœuvre\n"


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "END"])
def test_a_temporary_refusal_is_tried_again_later(
    put: Callable[..., Any], server: Any, time_machine: Any, command: str
) -> None:
    """451 puts it back with a growing delay; then it goes, with the same Message-ID."""
    from django.utils import timezone

    from countermark.web.mail.delivery import deliver_some

    begun = timezone.now()
    time_machine.move_to(begun, tick=False)
    row = put()
    server.answers[command] = "451 a@example.org not now"
    assert deliver_some() == 0
    assert state_of(row) == ("queued", 1)
    assert row.not_before - begun == timedelta(minutes=1)
    assert "a@example.org" not in row.error
    assert deliver_some() == 0
    time_machine.move_to(begun + timedelta(minutes=2), tick=False)
    assert deliver_some() == 0
    assert state_of(row) == ("queued", 2)
    assert row.not_before - timezone.now() == timedelta(minutes=5)
    server.answers.clear()
    time_machine.move_to(begun + timedelta(minutes=8), tick=False)
    assert deliver_some() == 1
    found = {re.findall(rb"(?i)message-id: (\S+)", content)[0] for content in server.received}
    assert len(found) == 1


def test_who_leaves_while_a_mail_is_refused_for_now_gets_none(put: Callable[..., Any]) -> None:
    """It is not tried again, and nothing of the recipient is left in the outbox."""
    from countermark.web.mail.delivery import deliver_some
    from countermark.web.mail.outbox import drop
    from countermark.web.mail.transport import LaterError, Memory

    class Leaving(Memory):
        def send(self, mail: Any, sender: str, recipient: str) -> None:
            drop(b"k" * 32)
            raise LaterError("450 not now")

    row = put()
    assert deliver_some(transport=Leaving()) == 0
    row.refresh_from_db()
    assert (row.state, row.recipient, row.context) == ("dropped", "", {})


def test_who_never_takes_it_is_given_up(put: Callable[..., Any], server: Any, time_machine: Any) -> None:
    """After nine refusals in a day and a half the mail failed, and keeps no address."""
    from django.utils import timezone

    from countermark.web.mail.delivery import DELAYS, deliver_some

    row = put()
    server.answers["RCPT"] = "450 busy"
    now = timezone.now()
    for _ in range(len(DELAYS) + 1):
        deliver_some()
        now += timedelta(hours=13)
        time_machine.move_to(now)
    assert state_of(row) == ("failed", len(DELAYS) + 1)
    assert row.recipient == ""
    assert sum(DELAYS, timedelta()) < timedelta(days=3)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "END"])
def test_a_final_refusal_is_final(put: Callable[..., Any], server: Any, command: str) -> None:
    """550 is not tried again; the next mail of the batch goes all the same."""
    from countermark.web.mail.delivery import deliver_some

    row = put()
    server.answers[command] = "550 a@example.org unknown"
    assert deliver_some() == 0
    assert state_of(row) == ("failed", 1)
    assert row.error == "550 – unknown"
    server.answers.clear()
    put("b@example.org")
    assert deliver_some() == 1


@pytest.mark.parametrize(("command", "state"), [("MAIL", "queued"), ("DATA", "queued"), ("END", "uncertain")])
def test_a_broken_connection_is_told_by_how_far_it_got(
    put: Callable[..., Any], server: Any, command: str, state: str
) -> None:
    """Before the content nothing went; after it nobody knows, and it is never sent again by itself."""
    from countermark.web.mail.delivery import deliver_some, recover

    row, after = put(), put("b@example.org")
    server.answers[command] = "hang up"
    assert deliver_some(1) == 0
    server.answers.clear()
    assert state_of(row) == (state, 1)
    assert deliver_some() == 1
    assert state_of(after)[0] == "sent"
    assert recover() == 0
    assert state_of(row)[0] == state


def test_without_a_server_nothing_is_claimed(put: Callable[..., Any], settings: Any) -> None:
    """A server that is down costs no attempt."""
    from countermark.web.mail.delivery import deliver_some

    settings.MAIL_TRANSPORT = {"kind": "smtp", "host": "127.0.0.1", "port": 9, "ssl": False}
    row = put()
    assert deliver_some() == 0
    assert state_of(row) == ("queued", 0)


def test_a_slow_server_does_not_hold_the_worker(put: Callable[..., Any], server: Any) -> None:
    """A server that accepts and says nothing is left after the time-out; the mail waits."""
    from countermark.web.mail.delivery import deliver_some
    from countermark.web.mail.transport import Smtp

    row = put()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        options = {**server.options, "port": silent.getsockname()[1]}
        assert deliver_some(transport=Smtp(options, timeout=0.1)) == 0
    assert state_of(row) == ("queued", 0)


def test_a_worker_that_dies_leaves_mails_uncertain(put: Callable[..., Any], server: Any) -> None:
    """What was being sent is never sent again by itself, however often a worker begins anew."""
    from countermark.web.mail.delivery import deliver_some, recover

    row = put()

    class Killed:
        def open(self) -> None: ...
        def close(self) -> None: ...
        def send(self, mail: Any, sender: str, recipient: str) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_some(transport=Killed())
    assert state_of(row) == ("sending", 1)
    assert deliver_some() == 0
    assert (recover(), recover()) == (1, 0)
    assert deliver_some() == 0
    assert state_of(row) == ("uncertain", 1)
    assert not server.received


def test_two_workers_never_send_the_same(put: Callable[..., Any], server: Any) -> None:
    """A mail that another worker claimed between the look and the claim is left alone."""
    from countermark.web.mail import delivery

    row = put()
    claimed = delivery.claim(row.pk)
    assert claimed is not None
    assert (claimed.context, claimed.attempts) == ({"subject": "Bonjour", "body": "Mot"}, 1)
    assert delivery.claim(row.pk) is None
    assert delivery.deliver_some() == 0


def test_order_is_by_priority_then_age_and_kinds_can_be_chosen(put: Callable[..., Any], server: Any) -> None:
    """Confirmations go first; with `kinds` the others wait."""
    from countermark.web.mail.delivery import deliver_some

    late, soon = put(subject="late", priority=5), put(subject="soon", priority=1)
    assert deliver_some(kinds=["confirm"]) == 0
    assert deliver_some(1) == 1
    assert (state_of(soon)[0], state_of(late)[0]) == ("sent", "queued")


def test_a_subject_cannot_make_headers(put: Callable[..., Any], server: Any) -> None:
    """Line ends in a subject and tricks in a body stay text."""
    from countermark.web.mail.delivery import deliver_some

    put(subject="Hi\r\nBcc: spy@example.org", body="x\r\n.\r\nMAIL FROM:<a@b>\r\n")
    assert deliver_some() == 1
    (content,) = server.received
    headers, _, _ = content.partition(b"\r\n\r\n")
    assert not re.search(rb"(?im)^bcc:", headers)
    assert server.commands["MAIL"] == 1


def test_a_mail_that_cannot_be_written_fails_alone(put: Callable[..., Any], server: Any) -> None:
    """A kind without a template fails; the next one goes."""
    from countermark.web.mail.delivery import deliver_some

    bad, good = put(kind="no-such-mail"), put()
    assert deliver_some() == 1
    assert (state_of(bad)[0], state_of(good)[0]) == ("failed", "sent")


def test_the_console_prints_links_whole(put: Callable[..., Any], capsys: Any, settings: Any) -> None:
    """A long link is not broken by an encoding."""
    from countermark.web.mail.delivery import deliver_some

    settings.MAIL_TRANSPORT = {"kind": "console"}
    link = "http://127.0.0.1:8000/fr/confirm/" + "A" * 90 + "/"
    put(body=f"Suivez\n{link}\n")
    assert deliver_some() == 1
    shown = capsys.readouterr().out
    assert link in shown
    assert "Subject: Bonjour" in shown


def test_the_rate_can_be_bounded(put: Callable[..., Any], settings: Any, monkeypatch: Any) -> None:
    """Three mails at a hundred a second take two or three pauses."""
    from countermark.web.mail import delivery

    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    settings.MAILS_PER_SECOND = 5
    for _ in range(3):
        put()
    assert delivery.deliver_some() == 3
    assert len(pauses) == 3
    assert all(0 < pause <= 0.2 for pause in pauses)


def test_finished_mails_are_forgotten(put: Callable[..., Any], time_machine: Any) -> None:
    """An uncertain one keeps its recipient for a day; all rows go after thirty."""
    from django.utils import timezone

    from countermark.web.mail.delivery import forget_finished
    from countermark.web.mail.models import Message

    begun = timezone.now()
    row, waiting = put(), put()
    Message.objects.filter(pk=row.pk).update(state="uncertain", finished_at=begun)
    assert forget_finished() == 0
    time_machine.move_to(begun + timedelta(days=2))
    assert forget_finished() == 1
    assert state_of(row)[0] == "uncertain"
    assert row.recipient == ""
    time_machine.move_to(begun + timedelta(days=31))
    assert forget_finished() == 1
    assert list(Message.objects.values_list("pk", flat=True)) == [waiting.pk]
