"""The mandate: each way to prove it, and everything that is no proof."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from countermark.web.accounts.models import Invitation, Logged
from countermark.web.config.tokens import make_token
from countermark.web.mail.models import Message
from countermark.web.organisations import actions, proofs, reach
from countermark.web.organisations.models import Organisation, Proof, Representative, State
from countermark.web.organisations.source import OrganisationSource

if TYPE_CHECKING:
    from django.test import Client

Records = dict[tuple[str, str], list[str]]


def test_get_shows_and_post_verifies_by_mail(visitor: Client, make: Any, link: Any) -> None:
    """A scanner that follows the link changes nothing; the button does, once."""
    row = make()
    page = visitor.get(link(row))
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    row.refresh_from_db()
    assert row.state == State.PENDING
    for _ in range(2):
        assert visitor.post(link(row), {"action": "mail"}).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.proof, row.slug) == ("verified", "mail", "union-of-fictional-musicians")
    assert [mail.kind for mail in Message.objects.all()] == ["organisation_verified"]


@pytest.mark.parametrize("email", ["ada@gmail.com", "ada@other.example.net", "ada@example.org"])
def test_mail_elsewhere_is_no_proof(visitor: Client, make: Any, link: Any, email: str) -> None:
    """An address that everybody can have, another domain, or the domain above: nothing happens, whatever is posted."""
    row = make(email=email)
    page = visitor.post(link(row), {"action": "mail"})
    row.refresh_from_db()
    assert row.state == State.PENDING
    assert 'action" value="mail' not in page.content.decode()


@pytest.mark.parametrize("text", ["{token}", "countermark={token}", "  countermark={token} "])
def test_a_record_in_dns(visitor: Client, make: Any, link: Any, nothing_outside: Records, text: str) -> None:
    """The token under _countermark, beside other records."""
    row = make(email="ada@gmail.com")
    records = ["v=spf1 -all", text.format(token=row.proof_token)]
    nothing_outside["_countermark.musicians.example.org", "TXT"] = records
    visitor.post(link(row), {"action": "check"})
    row.refresh_from_db()
    assert (row.state, row.proof) == ("verified", "dns")


def test_a_file_on_the_site(
    visitor: Client, make: Any, link: Any, nothing_outside: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token in the file, when DNS holds none."""
    row = make(email="ada@gmail.com")
    asked: list[tuple[str, str]] = []

    def download(domain: str, path: str) -> bytes:
        asked.append((domain, path))
        return f"\ufeff# ours\r\ncountermark={row.proof_token}\r\n".encode()

    monkeypatch.setattr(reach, "download", download)
    visitor.post(link(row), {"action": "check"})
    row.refresh_from_db()
    assert (row.state, row.proof) == ("verified", "well-known")
    assert asked == [("musicians.example.org", "/.well-known/countermark.txt")]


def test_what_was_found_is_told(visitor: Client, make: Any, link: Any, nothing_outside: Records) -> None:
    """The page gives the reason for each way, and nothing is looked at again within seconds."""
    row = make(email="ada@gmail.com")
    other = make(domain="other.example.org")
    nothing_outside["_countermark.musicians.example.org", "TXT"] = [other.proof_token]
    html = visitor.post(link(row), {"action": "check"}).content.decode()
    assert str(proofs.REASONS["other"]) in html
    assert str(proofs.REASONS["no-address"]) in html
    nothing_outside["_countermark.musicians.example.org", "TXT"] = [row.proof_token]
    visitor.post(link(row), {"action": "check"})
    row.refresh_from_db()
    assert row.state == State.PENDING


def test_the_worker_looks_again_only_where_asked(
    make: Any, nothing_outside: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour after somebody pressed the button; never where nobody did."""
    looked: list[str] = []
    look = proofs.look

    def counted(domain: str, token: str) -> proofs.Finding:
        looked.append(domain)
        return look(domain, token)

    monkeypatch.setattr(proofs, "look", counted)
    hour = timedelta(hours=1, seconds=1)
    row = make(checked_at=timezone.now() - hour, domain="asked.example.org")
    make(domain="silent.example.org")
    make(checked_at=timezone.now(), domain="fresh.example.org")
    assert actions.recheck() == 0
    assert looked == ["asked.example.org"]
    assert actions.recheck() == 0
    Organisation.objects.filter(pk=row.pk).update(checked_at=timezone.now() - hour)
    nothing_outside["_countermark.asked.example.org", "TXT"] = [row.proof_token]
    assert actions.recheck() == 1


def test_tokens_of_others_open_nothing(visitor: Client, make: Any, link: Any) -> None:
    """The public token of the domain, tokens of other purposes, and altered ones lead nowhere."""
    row, own = make(), make(domain="other.example.org")
    good = make_token("organisation", own.uid)
    forged = make_token("organisation", row.uid)[:22] + good[22:]
    for token in (row.proof_token, make_token("mine", row.uid), forged, good[:-1], good + "A", "x", "%00"):
        for address in (
            f"/en/organisations/mandate/{token}/",
            f"/en/organisations/mandate/{token}/withdraw/",
        ):
            assert visitor.get(address).status_code == 404
            assert visitor.post(address, {"action": "mail"}).status_code == 404
    assert set(Organisation.objects.values_list("state", flat=True)) == {"pending"}


@pytest.mark.parametrize("way", ["", "withdraw/"])
def test_other_sites_cannot_press_the_buttons(visitor: Client, make: Any, link: Any, way: str) -> None:
    """As for signing."""
    row = make()
    page = visitor.post(link(row) + way, {"action": "mail"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    row.refresh_from_db()
    assert row.state == State.PENDING


def test_one_domain_signs_once(visitor: Client, make: Any, link: Any) -> None:
    """The second one with the same domain is told, and stays as it is."""
    first, second = make(), make(email="bob@musicians.example.org", name="Another Union")
    assert actions.verify_by_mail(first)
    assert not actions.verify_by_mail(second)
    assert "has signed already" in visitor.get(link(second)).content.decode()
    assert Organisation.objects.get(pk=second.pk).state == State.PENDING


def test_own_other_applications_go_away(make: Any) -> None:
    """Those with the same mail address and domain, not those of others."""
    make(name="Typo")
    stays = make(email="bob@musicians.example.org")
    row = make()
    assert actions.verify_by_mail(row)
    assert set(Organisation.objects.values_list("pk", flat=True)) == {row.pk, stays.pk}


def test_slugs_are_unique_and_never_an_address_of_ours(make: Any) -> None:
    """Two organisations of one name, one without Latin letters, one called as the form."""
    rows = [make(domain=f"d{n}.example.org", email=f"a@d{n}.example.org") for n in range(2)]
    rows.append(make(domain="d3.example.org", email="a@d3.example.org", name="音楽"))
    rows.append(make(domain="d4.example.org", email="a@d4.example.org", name="Sign"))
    slugs = []
    for row in rows:
        assert actions.verify_by_mail(row)
        row.refresh_from_db()
        slugs.append(row.slug)
    assert slugs[:3] == ["union-of-fictional-musicians", "union-of-fictional-musicians-2", "d3-example-org"]
    assert slugs[3] == "sign-d4-example-org"


def test_a_moderator_decides_and_it_is_logged(visitor: Client, make: Any, link: Any) -> None:
    """Refused ones cannot verify themselves any more; a moderator still can."""
    row = make()
    assert actions.refuse(row, "moderator", "no such union")
    assert not actions.refuse(row, "moderator")
    visitor.post(link(row), {"action": "mail"})
    row.refresh_from_db()
    assert row.state == State.REFUSED
    assert "did not accept" in visitor.get(link(row)).content.decode()
    assert actions.verify_by_hand(row, "moderator")
    row.refresh_from_db()
    assert (row.state, row.proof) == (State.VERIFIED, Proof.BY_HAND)
    actions_logged = list(Logged.objects.order_by("id").values_list("action", "actor"))
    assert actions_logged == [
        ("organisation refused", "moderator"),
        ("organisation verified by hand", "moderator"),
    ]


def test_withdrawal_erases_the_representative(visitor: Client, make: Any, link: Any) -> None:
    """GET asks, POST withdraws; the roll is told; the link then leads nowhere and the page is gone."""
    from countermark.web.roll.models import Change

    row = make(state=State.VERIFIED, verified_at=timezone.now(), slug="musicians", roll_number=7)
    assert visitor.get(link(row) + "withdraw/").status_code == 200
    row.refresh_from_db()
    assert row.state == State.VERIFIED
    assert visitor.post(link(row) + "withdraw/").status_code == 200
    row.refresh_from_db()
    assert (row.state, row.email, row.representative, row.role) == (State.WITHDRAWN, "", "", "")
    assert [(change.kind, change.number) for change in Change.objects.all()] == [("withdrawal", 7)]
    assert visitor.post(link(row) + "withdraw/").status_code == 404
    assert visitor.get(link(row)).status_code == 404
    assert visitor.get("/en/organisations/musicians/").status_code == 404
    assert Change.objects.count() == 1


def test_an_application_is_deleted_whole(visitor: Client, make: Any, link: Any) -> None:
    """Before it is on the roll there is nothing to keep; queued mails do not leave."""
    row = make()
    actions.verify_by_mail(row)
    assert visitor.post(link(row) + "withdraw/").status_code == 200
    assert not Organisation.objects.exists()
    assert set(Message.objects.values_list("state", flat=True)) == {"dropped"}


def test_old_applications_are_forgotten(make: Any) -> None:
    """Thirty days, pending or refused; verified ones stay."""
    old = timezone.now() - timedelta(days=31)
    make(created_at=old)
    make(created_at=old, state=State.REFUSED)
    kept = [make(), make(created_at=old, state=State.VERIFIED, domain="kept.example.org")]
    assert actions.forget_old(timezone.now()) == 2
    assert set(Organisation.objects.all()) == set(kept)


def test_an_account_for_the_representative(visitor: Client, make: Any, link: Any) -> None:
    """Only once verified, only by mail to the representative, and not without end."""
    row = make()
    visitor.post(link(row), {"action": "invite"})
    assert not Invitation.objects.exists()
    actions.verify_by_mail(row)
    for _ in range(7):
        visitor.post(link(row), {"action": "invite"})
    mails = Message.objects.filter(kind="organisation_invitation")
    assert {mail.recipient for mail in mails} == {row.email}
    assert mails.count() == 5
    assert Invitation.objects.count() == 1
    assert not Representative.objects.exists()


def test_the_switch_stops_all_but_withdrawal(visitor: Client, make: Any, link: Any) -> None:
    """read_only: nothing is verified; but taking back is always possible."""
    from countermark.web.abuse.memory import forget
    from countermark.web.abuse.models import Switch

    row = make()
    Switch.objects.update_or_create(name="read_only", defaults={"on": True})
    forget()
    visitor.post(link(row), {"action": "mail"})
    assert Organisation.objects.get().state == State.PENDING
    visitor.post(link(row) + "withdraw/")
    assert not Organisation.objects.exists()


def test_the_sequencer_enters_verified_ones(make: Any) -> None:
    """Oldest first, each once; what is committed to is public."""
    source = OrganisationSource()
    make()
    now = timezone.now()
    late = make(state=State.VERIFIED, verified_at=now, domain="b.example.org", name="Éditions B")
    soon = make(state=State.VERIFIED, verified_at=now - timedelta(hours=1), domain="a.example.org")
    assert [face.source_id for face in source.waiting(10)] == [soon.pk, late.pk]
    assert len(source.waiting(1)) == 1
    face = source.face(late.pk)
    assert face is not None
    assert face.record == {"name": "Éditions B", "kind": "union", "domain": "b.example.org", "country": "FR"}
    assert face.folded == "editions b"
    source.entered({soon.pk: 1})
    assert [face.source_id for face in source.waiting(10)] == [late.pk]
    actions.withdraw(soon)
    assert source.face(soon.pk) is None
