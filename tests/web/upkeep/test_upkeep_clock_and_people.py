"""Retention by time travel, access and erasure, health, and what `site check` says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from countermark.web.abuse.emails import email_key
from countermark.web.abuse.models import Alarm, ListEntry, RateCount, UsedChallenge
from countermark.web.accounts.models import Organiser
from countermark.web.config.tokens import new_uid
from countermark.web.mail.models import Message, MessageState
from countermark.web.moderation.criteria import matching
from countermark.web.moderation.models import Invalidation
from countermark.web.organisations.actions import withdraw as withdraw_organisation
from countermark.web.organisations.models import Organisation
from countermark.web.organisations.models import State as OrganisationState
from countermark.web.roll.models import Entry
from countermark.web.signing.models import Consent, Display, PendingSignature, Signature, State
from countermark.web.statement.models import Statement
from countermark.web.upkeep import forgetting, health, people
from countermark.web.upkeep.checks import examine, roll_line
from countermark.web.upkeep.forgetting import forget_due
from countermark.web.upkeep.jobs import Mails, last_hour, sequence
from countermark.web.upkeep.lanes import Lane
from countermark.web.upkeep.models import Beat

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
EMAIL = "ada@example.org"


def written(email: str = EMAIL) -> dict[str, Any]:
    """What somebody wrote in the form."""
    return {
        "uid": new_uid(),
        "name": "Ada",
        "email": email,
        "email_key": email_key(email),
        "trades": ",poet,",
        "country": "FR",
        "display": Display.NAME_AND_TRADE,
        "language": "fr",
        "text_version": 1,
        "consent_version": 1,
        "address_key": b"n" * 16,
        "created_at": timezone.now(),
    }


def pending(email: str = EMAIL) -> PendingSignature:
    """A form that was sent."""
    return PendingSignature.objects.create(**written(email), publish=True, contact=False, share=False)


def signature(email: str = EMAIL) -> Signature:
    """A confirmed signature."""
    return Signature.objects.create(**written(email), state=State.CONFIRMED, confirmed_at=timezone.now())


def mail(state: str = MessageState.QUEUED, recipient: str = EMAIL) -> Message:
    """A mail in the outbox."""
    now = timezone.now()
    finished = None if state == MessageState.QUEUED else now
    return Message.objects.create(
        kind="plain",
        recipient=recipient,
        recipient_key=email_key(recipient),
        language="fr",
        context={"subject": "s", "body": "b"},
        state=state,
        not_before=now,
        created_at=now,
        finished_at=finished,
    )


def after(days: float) -> dict[str, int]:
    """What is forgotten so many days after the start."""
    with time_machine.travel(START + timedelta(days=days), tick=False):
        return forget_due(timezone.now())


def test_the_retention_clock(site: None) -> None:
    """Forms go after 7 days, network digests after 30, mails after 30: not a day before."""
    with time_machine.travel(START, tick=False):
        pending("one@example.org")
        signature()
        mail(MessageState.SENT)
        UsedChallenge.objects.create(digest=b"d" * 32, expires_at=timezone.now() + timedelta(hours=1))
    assert after(6.99)["forms not confirmed in 7 days"] == 0
    assert PendingSignature.objects.count() == 1
    assert after(7)["forms not confirmed in 7 days"] == 1
    assert not PendingSignature.objects.exists()
    assert not UsedChallenge.objects.exists()
    assert after(29.9)["network digests after 30 days"] == 0
    assert after(30.1)["network digests after 30 days"] == 1
    assert Signature.objects.get().address_key is None
    assert not Message.objects.exists()


def test_alarms_and_acts_forget_as_signatures_do(site: None) -> None:
    """A name in an alarm, and the digest of a network in an alarm or an act of moderators, go after 30 days."""
    network = b"n" * 16
    with time_machine.travel(START, tick=False):
        Alarm.objects.create(kind="name", label="ada", hour=timezone.now(), count=9)
        Alarm.objects.create(kind="network", label=network.hex(), hour=timezone.now(), count=99)
        criteria = {"network": network.hex(), "country": "FR", "up_to": 9}
        Invalidation.objects.create(criteria=criteria, reason="automated", prepared_at=timezone.now())
    assert after(29.9)["alarms after 30 days"] == 0
    assert Invalidation.objects.get().criteria == criteria
    done = after(30.1)
    assert (done["alarms after 30 days"], done["networks in invalidations after 30 days"]) == (2, 1)
    assert not Alarm.objects.exists()
    with time_machine.travel(START + timedelta(days=31), tick=False):
        Signature.objects.create(
            **written("new@example.org"), state=State.CONFIRMED, confirmed_at=timezone.now()
        )
    act = Invalidation.objects.get()
    assert network.hex() not in json.dumps(act.criteria)
    assert not matching(act.criteria).exists()  # what was prepared means nobody now, and never everybody
    assert after(31)["networks in invalidations after 30 days"] == 0


def test_counts_of_limits_are_forgotten_in_small_transactions(
    site: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock holds no transaction around a rule, so that signing waits for one small batch at the most."""
    depths = []

    def rule(now: datetime) -> int:
        depths.append(len(connection.savepoint_ids))
        return 0

    monkeypatch.setattr(forgetting, "RULES", {"counts": rule})
    before = len(connection.savepoint_ids)
    forget_due(timezone.now())
    forget_due(timezone.now(), dry_run=True)
    assert depths == [before, before + 1]


def test_addresses_go_some_months_after_the_close(site: None) -> None:
    """Only of those who did not ask to be written to; the signature itself stays."""
    with time_machine.travel(START, tick=False):
        kept = signature("kept@example.org")
        signature()
        Consent.objects.create(
            signature=kept, purpose="contact", wording=1, language="fr", given_at=timezone.now()
        )
        Statement.objects.update(closes_at=START, retention_months=6)
    assert after(150)["mail addresses after the close"] == 0
    assert after(200)["mail addresses after the close"] == 1
    assert sorted(Signature.objects.values_list("email", flat=True)) == ["", "kept@example.org"]
    assert after(201)["mail addresses after the close"] == 0


def test_a_dry_run_forgets_nothing(site: None) -> None:
    """It counts what is due."""
    with time_machine.travel(START, tick=False):
        pending()
    with time_machine.travel(START + timedelta(days=8), tick=False):
        assert forget_due(timezone.now(), dry_run=True)["forms not confirmed in 7 days"] == 1
    assert PendingSignature.objects.count() == 1


def organisation(email: str, state: str, slug: str) -> Organisation:
    """An organisation with a representative."""
    return Organisation.objects.create(
        uid=new_uid(),
        slug=slug,
        name="Guilde",
        kind="guild",
        domain=f"{slug}.example",
        country="FR",
        representative="Ada",
        role="présidente",
        email=email,
        state=state,
        language="fr",
        text_version=1,
        created_at=timezone.now(),
    )


def everything() -> None:
    """An address that is everywhere."""
    signature()
    pending()
    mail()
    organisation(EMAIL, OrganisationState.VERIFIED, "guilde")
    organisation("Ada@Example.org", OrganisationState.PENDING, "autre")
    Organiser.objects.create(username="ada", email=EMAIL)
    ListEntry.objects.create(kind="email", pattern=EMAIL, verdict="block")


def test_access_tells_all_and_erasure_leaves_nothing_but_what_it_says(site: None) -> None:
    """Signature, forms, mails, member space, organisations; an account and a refusal are told, and stay."""
    everything()
    assert sequence() > 0
    found = json.loads(json.dumps(people.held(EMAIL), default=str))
    assert found["signature"]["name"] == "Ada"
    assert len(found["organisations"]) == 2
    assert (len(found["accounts"]), len(found["list_entries"])) == (1, 1)
    done = people.erase(EMAIL)
    assert (done["signatures"], done["forms"], done["organisations"]) == (1, 1, 2)
    left = people.held(EMAIL)
    assert not any(left[name] for name in ("signature", "forms", "member_space", "organisations", "mails"))
    assert Organisation.objects.get().representative == ""
    entry = Entry.objects.get(kind="person")
    assert (entry.name, entry.record) == ("", "")
    sequence()
    assert not roll_line().wrong


def test_erasure_reaches_alarms_limits_and_other_spellings(site: None) -> None:
    """The name in an alarm, the count of mails of today, and a mandate under another name of the same mailbox."""
    signature("ada.lovelace@gmail.com")
    Alarm.objects.create(kind="name", label="ada", hour=timezone.now(), count=9)
    Alarm.objects.create(kind="domain", label="ada", hour=timezone.now(), count=9)
    RateCount.objects.create(rule="email_daily", key=email_key("adalovelace@gmail.com"), window=0)
    organisation("ada.lovelace@googlemail.com", OrganisationState.VERIFIED, "guilde")
    done = people.erase("adalovelace@gmail.com")
    counted = ("signatures", "alarms", "limits", "organisations")
    assert [done[name] for name in counted] == [1, 1, 1, 1]
    assert list(Alarm.objects.values_list("kind", flat=True)) == ["domain"]
    assert not RateCount.objects.exists()
    assert Organisation.objects.get().email == ""


def test_an_organisation_without_its_representative_can_still_withdraw(site: None) -> None:
    """Also after the representative's data were erased."""
    row = organisation(EMAIL, OrganisationState.VERIFIED, "guilde")
    sequence()
    people.erase(EMAIL)
    row.refresh_from_db()
    assert withdraw_organisation(row)
    sequence()
    assert Entry.objects.get().standing == "withdrawn"
    assert not roll_line().wrong


def test_erasure_of_an_unknown_address_is_no_error(site: None) -> None:
    """Nothing is held, nothing is erased; a dry run changes nothing."""
    assert people.is_empty(people.held("nobody@example.org"))
    assert set(people.erase("nobody@example.org").values()) == {0}
    everything()
    people.erase(EMAIL, dry_run=True)
    assert Signature.objects.filter(email=EMAIL).exists()


def beats(ago: float = 0.0) -> None:
    """Every lane gave a sign of life."""
    at = timezone.now() - timedelta(seconds=ago)
    Beat.objects.bulk_create([Beat(lane=lane, at=at) for lane in health.LANES])


def asked(**headers: str) -> tuple[int, dict[str, Any]]:
    """Status and content of the health page."""
    response = health.health(RequestFactory().get("/health/", headers=headers))
    return response.status_code, json.loads(response.content)


def test_health_is_sound_with_a_worker(site: None) -> None:
    """200, and no name or address in it."""
    beats()
    signature()
    mail()
    status, content = asked()
    assert (status, content["wrong"]) == (200, [])
    assert content["signatures_waiting_for_the_roll"] == 1
    assert EMAIL not in json.dumps(content)
    assert "Ada" not in json.dumps(content)


@pytest.mark.parametrize(
    ("seconds", "wrong"),
    [
        (100, "worker_roll_seconds_ago"),
        (100, "oldest_signature_waiting_seconds"),
        (1000, "oldest_mail_due_seconds"),
    ],
)
def test_health_says_what_stopped(site: None, seconds: int, wrong: str) -> None:
    """503, with the name of what waits too long."""
    with time_machine.travel(timezone.now() - timedelta(seconds=seconds)):
        beats()
        signature()
        mail()
    status, content = asked()
    assert status == 503
    assert wrong in content["wrong"]


def test_health_without_a_worker_or_a_disk(site: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that nobody works for is not sound, nor is one without room."""
    status, content = asked()
    assert status == 503
    assert set(content["wrong"]) == {f"worker_{lane}_seconds_ago" for lane in health.LANES}
    health.memory.forget()
    monkeypatch.setattr(health, "ROOM", 10**18)
    assert "disk_free_mib" in asked()[1]["wrong"]


def test_health_costs_little_however_often_it_is_asked(
    site: None, django_assert_max_num_queries: Any
) -> None:
    """One look a second."""
    with django_assert_max_num_queries(6):
        for _ in range(50):
            asked()


def test_a_clock_set_back_is_no_alarm(site: None) -> None:
    """Signs of life from the future are fresh."""
    beats(-3600)
    assert asked()[1]["worker_roll_seconds_ago"] == 0.0


def test_check_tells_what_to_do(site: None) -> None:
    """Each line has a mark; a demonstration on loopback is advice and not a fault."""
    beats()
    lines = {line.name: line for line in examine(with_roll=True)}
    assert lines["statement"].mark == "·"
    assert "COUNTERMARK_ORIGIN" in lines["address"].said
    assert lines["roll"].said == "The roll is empty."
    assert not lines["roll"].wrong


def test_a_roll_that_was_tampered_with_is_seen(site: None) -> None:
    """Somebody with the database changes a name on the roll."""
    signature()
    sequence()
    assert not roll_line().wrong
    entry = Entry.objects.get()
    entry.record = entry.record.replace("Ada", "Eve")
    entry.save()
    assert roll_line().wrong


def test_mails_come_in_batches_that_end_soon(site: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow server shrinks the batch, a quick one lets it grow, one that is away is no success."""
    from countermark.web.upkeep import jobs

    sizes: list[int] = []
    now = [0.0]

    def slow(limit: int, **_: object) -> int:
        sizes.append(limit)
        now[0] += 2.0 * limit
        return limit

    monkeypatch.setattr("countermark.web.upkeep.jobs.time.monotonic", lambda: now[0])
    monkeypatch.setattr(jobs, "deliver_some", slow)

    def quick(limit: int, **_: object) -> int:
        sizes.append(limit)
        return limit

    mails = Mails()
    mails.send()
    mails.send()
    assert sizes == [5, 1]
    monkeypatch.setattr(jobs, "deliver_some", quick)
    for _ in range(8):
        mails.send()
    assert sizes[-1] == 100
    monkeypatch.setattr(jobs, "deliver_some", lambda *_, **__: 0)
    assert mails.send() == 0
    mail()
    assert mails.send() == -1


def test_the_alarm_looks_at_the_last_hour(site: None) -> None:
    """Domains, networks and names of forms and signatures."""
    pending()
    signature("bo@example.com")
    with time_machine.travel(timezone.now() - timedelta(hours=2)):
        pending("old@example.net")
    seen = list(last_hour())
    assert ("domain", "example.org") in seen
    assert ("domain", "example.com") in seen
    assert ("domain", "example.net") not in seen
    assert ("name", "ada") in seen


def test_all_jobs_work_on_a_new_site(site: None, settings: Any, tmp_path: Path) -> None:
    """Each lane goes round without a failure."""
    import threading

    from countermark.web.upkeep.jobs import lanes

    for name, jobs in lanes().items():
        assert Lane(name, jobs, threading.Event()).round() == 0, name
