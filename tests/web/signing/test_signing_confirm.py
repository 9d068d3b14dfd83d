"""Confirming: GET shows, POST signs, once; and the number follows."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import time_machine as time_machine_module
    from django.test import Client


def everything() -> tuple[int, int]:
    """How many forms wait, and how many signatures there are."""
    from countermark.web.signing.models import PendingSignature, Signature

    return PendingSignature.objects.count(), Signature.objects.count()


def test_from_the_form_to_the_number(
    send: Callable[..., Any],
    post: Callable[..., Any],
    post_box: Callable[[], list[Any]],
    link_in: Callable[[str, str], str],
    enter: Callable[[], int],
    visitor: Client,
) -> None:
    """Mail, page, button, number, mail with the number: the whole path, in French."""
    send(contact="on")
    (mail,) = post_box()
    assert mail.to == ["anais@example.fr"]
    confirm = link_in(mail.body, "confirm")
    page = visitor.get(confirm).content.decode()
    assert "Anaïs Dubœuf" in page
    assert "compositeur, compositrice" in page
    assert everything() == (1, 0)
    answer = post(confirm)
    assert answer.status_code == 303
    assert everything() == (0, 1)
    waiting = visitor.get(answer["Location"])
    assert "data-waiting" in waiting.content.decode()
    assert enter() == 1
    done = visitor.get(answer["Location"]).content.decode()
    assert "data-waiting" not in done
    assert '<p class="count"><strong>1</strong>' in done
    last = post_box()[-1]
    assert "1" in last.subject
    assert link_in(last.body, "withdraw")
    assert link_in(last.body, "mine")


def test_programs_that_follow_links_sign_nothing(
    signed: Callable[..., Any], send: Callable[..., Any], visitor: Client
) -> None:
    """GET and HEAD change nothing, keep no cache, set no cookie."""
    from countermark.web.config.tokens import make_token
    from countermark.web.signing.models import PendingSignature

    send()
    path = f"/fr/confirm/{make_token('confirm', bytes(PendingSignature.objects.get().uid))}/"
    for answer in (visitor.get(path), visitor.head(path)):
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        assert "noindex" in answer["X-Robots-Tag"]
        assert not answer.cookies
    assert everything() == (1, 0)


def test_confirming_twice_shows_the_same(
    signed: Callable[..., Any], post: Callable[..., Any], visitor: Client
) -> None:
    """The second POST and a later GET lead to the same page; there is one signature and one set of consents."""
    from countermark.web.config.tokens import make_token

    signature = signed(contact="on")
    path = f"/fr/confirm/{make_token('confirm', bytes(signature.uid))}/"
    first, second = post(path), post(path)
    assert first.status_code == second.status_code == visitor.get(path).status_code == 303
    assert first["Location"] == second["Location"] == visitor.get(path)["Location"]
    assert everything() == (0, 1)
    assert sorted(signature.consents.values_list("purpose", flat=True)) == ["contact", "publish"]


def test_two_forms_of_one_address_make_one_signature(
    send: Callable[..., Any], post: Callable[..., Any]
) -> None:
    """The form that is confirmed stands, the other is deleted, and its link leads to nothing new."""
    from countermark.web.config.tokens import make_token
    from countermark.web.signing.models import PendingSignature, Signature

    send(name="First")
    send(name="Second", email="Anais@EXAMPLE.fr")
    first, second = (
        f"/fr/confirm/{make_token('confirm', bytes(row.uid))}/"
        for row in PendingSignature.objects.order_by("pk")
    )
    assert post(second).status_code == 303
    assert post(first).status_code == 404
    assert [row.name for row in Signature.objects.all()] == ["Second"]


def test_a_form_beside_a_signature_leads_to_the_signature(signed: Callable[..., Any]) -> None:
    """Where a pending form and a signature of one address meet, the signature stays as it is."""
    from countermark.web.signing.actions.confirm import confirm
    from countermark.web.signing.models import PendingSignature

    signature = signed()
    fields = {
        field.name: getattr(signature, field.name)
        for field in PendingSignature._meta.fields
        if hasattr(signature, field.name) and field.name != "id"
    }
    fields |= {"uid": b"x" * 16, "name": "Later", "publish": True, "contact": False, "share": False}
    PendingSignature.objects.create(**fields)
    assert confirm(b"x" * 16) == bytes(signature.uid)
    signature.refresh_from_db()
    assert signature.name == "Anaïs Dubœuf"


def in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the tests' database is in memory, copy it into a file: new threads then open that, as in service."""
    from django.db import connection, connections

    if connection.vendor == "sqlite":
        copy = tmp_path / "copy.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        with closing(sqlite3.connect(copy)) as opened:
            opened.execute("PRAGMA journal_mode=WAL")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(copy))


@pytest.mark.django_db(transaction=True)
def test_forms_of_one_address_confirmed_at_once_make_one_signature(
    send: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four forms, four threads, one moment: the database lets one in, and no thread fails."""
    from django.db import connection

    from countermark.web.signing.actions.confirm import confirm
    from countermark.web.signing.models import PendingSignature

    for name in ("First", "Second", "Third", "Fourth"):
        send(name=name)
    uids = [bytes(row.uid) for row in PendingSignature.objects.all()]
    in_a_file(tmp_path, monkeypatch)
    start = threading.Barrier(len(uids))
    outcomes: list[bytes | None] = []
    left: list[tuple[int, int]] = []

    def run(uid: bytes) -> None:
        connection.ensure_connection()
        start.wait()
        outcomes.append(confirm(uid))
        left.append(everything())
        connection.close()

    threads = [threading.Thread(target=run, args=(uid,)) for uid in uids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == len(uids)
    assert len({outcome for outcome in outcomes if outcome}) == 1
    assert left[-1] == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_who_withdraws_while_the_number_is_given_leaves_nothing(
    signed: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The withdrawal waits for the sequencer, or goes before it; it never misses a number that was just given."""
    from django.db import connection

    from countermark.web.roll.models import Change, Entry
    from countermark.web.roll.sequencer import tick
    from countermark.web.signing.actions.withdraw import withdraw
    from countermark.web.signing.models import Signature
    from countermark.web.signing.source import SignatureSource

    key = signed().pk
    in_a_file(tmp_path, monkeypatch)
    begun = threading.Event()
    seen: list[object] = []

    class Slow(SignatureSource):
        def entered(self, numbers: Any) -> None:
            begun.set()
            time.sleep(0.3)  # the withdrawal comes now, and waits
            super().entered(numbers)

    def withdrawing() -> None:
        begun.wait(5)
        withdraw(key)
        seen.append((Signature.objects.count(), Entry.objects.get().standing, Entry.objects.get().salt))
        seen.append(list(Change.objects.values_list("kind", "number")))
        connection.close()

    def ticking() -> None:
        tick([Slow()])
        connection.close()

    threads = [threading.Thread(target=work) for work in (ticking, withdrawing)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [(0, "withdrawn", None), [("withdrawal", 1)]]


def test_a_form_that_is_taken_back_while_it_is_confirmed_becomes_no_signature(
    send: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL both may run at once: without its form, nothing is signed, and no consent is made up."""
    from countermark.web.signing.actions import confirm as module
    from countermark.web.signing.models import PendingSignature

    send()
    gone = "DELETE FROM signing_pendingsignature WHERE %s > 0 AND %s IS NOT NULL AND uid = %s"
    monkeypatch.setattr(module, "CONSENT", gone)
    assert module.confirm(bytes(PendingSignature.objects.get().uid)) is None
    assert everything() == (1, 0)


def test_a_form_that_is_confirmed_while_it_is_taken_back_is_withdrawn(signed: Callable[..., Any]) -> None:
    """The page that asked showed a form; what is taken back is the signature that it just became."""
    from countermark.web.signing.actions.withdraw import withdraw_pending

    uid = bytes(signed().uid)
    assert withdraw_pending(uid)
    assert everything() == (0, 0)
    assert not withdraw_pending(uid)


@pytest.mark.parametrize("token", ["x", "é", "A" * 43, "A" * 5000])
def test_links_that_are_not_ours_lead_nowhere(visitor: Client, post: Callable[..., Any], token: str) -> None:
    """A made-up token is 404 on every page, for GET and POST."""
    for page in ("confirm", "signed", "mine", "change", "withdraw"):
        assert visitor.get(f"/fr/{page}/{token}/").status_code == 404
        if page not in {"signed", "mine"}:
            assert post(f"/fr/{page}/{token}/").status_code == 404


def test_a_link_is_good_for_its_purpose_only(signed: Callable[..., Any], visitor: Client) -> None:
    """The token of a confirmation opens no signature, nor the other way round."""
    from countermark.web.config.tokens import make_token

    uid = signed().uid
    assert visitor.get(f"/fr/mine/{make_token('confirm', uid)}/").status_code == 404
    assert visitor.get(f"/fr/confirm/{make_token('mine', uid)}/").status_code == 404


def test_after_seven_days_a_link_is_too_old(
    send: Callable[..., Any], post: Callable[..., Any], time_machine: time_machine_module.TimeMachineFixture
) -> None:
    """Six days later it signs; eight days later it does not, even if nothing was purged."""
    from django.utils import timezone

    from countermark.web.config.tokens import make_token
    from countermark.web.signing.models import PendingSignature

    now = timezone.now()
    send()
    send(email="late@example.fr")
    early, late = (make_token("confirm", bytes(row.uid)) for row in PendingSignature.objects.order_by("pk"))
    time_machine.move_to(now + timedelta(days=6))
    assert post(f"/fr/confirm/{early}/").status_code == 303
    time_machine.move_to(now + timedelta(days=8))
    assert post(f"/fr/confirm/{late}/").status_code == 404
    assert everything() == (1, 1)


def test_what_is_held_is_not_entered_and_told_so(
    signed: Callable[..., Any], enter: Callable[[], int], post_box: Callable[[], list[Any]], visitor: Client
) -> None:
    """A held signature waits: no number, a mail, and words on the page."""
    from countermark.web.config.tokens import make_token

    signature = signed(name="Pаul")
    assert (signature.state, signature.held_because) == ("held", "mixed-scripts")
    assert enter() == 0
    assert len(post_box()) == 2
    page = visitor.get(f"/en/signed/{make_token('mine', signature.uid)}/").content.decode()
    assert "A person will look at it" in page


def test_confirming_takes_few_statements(
    send: Callable[..., Any], post: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    """At most six, in one transaction."""
    from countermark.web.config.tokens import make_token
    from countermark.web.signing.models import PendingSignature

    send()
    token = make_token("confirm", bytes(PendingSignature.objects.get().uid))
    with django_assert_max_num_queries(6):
        assert post(f"/fr/confirm/{token}/").status_code == 303


def test_nothing_is_confirmed_while_the_site_is_only_read(
    send: Callable[..., Any], post: Callable[..., Any]
) -> None:
    """The link stays good for afterwards."""
    from countermark.web.abuse import memory
    from countermark.web.abuse.models import Switch
    from countermark.web.config.tokens import make_token
    from countermark.web.signing.models import PendingSignature, Signature

    send()
    path = f"/fr/confirm/{make_token('confirm', bytes(PendingSignature.objects.get().uid))}/"
    Switch.objects.update_or_create(name="read_only", defaults={"on": True})
    memory.forget()
    assert post(path).status_code == 503
    Switch.objects.filter(name="read_only").update(on=False)
    memory.forget()
    signed = post(path)
    assert signed.status_code == 303
    Switch.objects.filter(name="read_only").update(on=True)
    memory.forget()
    mine = make_token("mine", bytes(Signature.objects.get().uid))
    assert post(f"/fr/withdraw/{mine}/").status_code < 400
    assert not Signature.objects.exists()
