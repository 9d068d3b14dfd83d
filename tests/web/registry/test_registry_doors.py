"""Into the member space and out: consent, link, button, session."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from countermark.web.config.tokens import make_token
from countermark.web.mail.models import Message
from countermark.web.registry.models import Member
from countermark.web.signing.actions.withdraw import withdraw
from countermark.web.signing.models import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.web.signing.models import Signature


def mine(signature: Signature) -> str:
    return make_token("mine", bytes(signature.uid))


def test_a_signatory_opens_a_space_with_a_consent_of_its_own(
    sign: Callable[..., Signature], client: Client
) -> None:
    """Without the tick nothing is made; with it, a member and one mail; and no cookie is set on the way."""
    signature = sign()
    page = reverse("member_open", args=[mine(signature)])
    assert client.get(page).status_code == 200
    assert client.post(page).status_code == 422
    assert not Member.objects.exists()
    assert client.post(page, {"consent": "on"}).status_code == 200
    member = Member.objects.get(signature=signature)
    assert (member.wording, member.consent_language) == (1, "en")
    assert Message.objects.get().kind == "member_link"
    assert not client.cookies


def test_the_link_of_the_mail_leads_in(sign: Callable[..., Signature], client: Client) -> None:
    """GET shows a button and opens nothing; POST opens, once."""
    signature = sign()
    client.post(reverse("member_open", args=[mine(signature)]), {"consent": "on"})
    link = reverse("member_enter", args=[Message.objects.get().context["token"]])
    assert client.get(link).status_code == 200
    assert client.get(reverse("member_space")).status_code == 403
    before = client.session.session_key
    assert client.post(link, follow=True).status_code == 200
    assert client.session.session_key != before
    assert client.get(reverse("member_space")).status_code == 200
    assert Client().post(link).status_code == 404


def test_the_mail_is_whole_in_both_languages(sign: Callable[..., Signature], client: Client) -> None:
    """Subject, link in, and the link to the signature."""
    from countermark.web.mail.letters import words_of

    signature = sign(name="Ana & <b>")
    client.post(reverse("member_open", args=[mine(signature)]), {"consent": "on"})
    row = Message.objects.get()
    for language in ("fr", "en"):
        subject, body = words_of(row.kind, language, row.context)
        assert subject
        assert f"/{language}/members/enter/{row.context['token']}/" in body
        assert "Ana & <b>" in body
        assert mine(signature) in body


@pytest.mark.parametrize("token", ["x", "A" * 43])
def test_other_tokens_open_nothing(site: None, client: Client, token: str) -> None:
    """A made-up token gives the same page as a signature that is not there."""
    assert client.get(reverse("member_open", args=[token])).status_code == 404
    assert client.post(reverse("member_open", args=[token]), {"consent": "on"}).status_code == 404
    assert client.post(reverse("member_enter", args=[token])).status_code == 404


def test_a_token_for_one_purpose_does_not_serve_another(member: Member, client: Client) -> None:
    """The uid of a member with another purpose's proof opens nothing, and neither does the member's own uid."""
    for token in (make_token("mine", bytes(member.uid)), make_token("member", bytes(member.uid))):
        assert client.post(reverse("member_enter", args=[token])).status_code == 404


def test_a_held_signature_opens_no_space(sign: Callable[..., Signature], client: Client) -> None:
    """Only confirmed signatures do."""
    signature = sign(state=State.HELD)
    assert client.post(reverse("member_open", args=[mine(signature)]), {"consent": "on"}).status_code == 404


def test_links_are_not_sent_without_end(sign: Callable[..., Signature], client: Client) -> None:
    """After five in an hour no more mail goes out."""
    page = reverse("member_open", args=[mine(sign())])
    answers = [client.post(page, {"consent": "on"}).status_code for _ in range(7)]
    assert answers == [200] * 5 + [429] * 2
    assert Message.objects.count() == 5


def test_a_link_is_too_old_after_a_day(sign: Callable[..., Signature], client: Client) -> None:
    """And a newer link replaces an older one."""
    page = reverse("member_open", args=[mine(sign())])
    client.post(page, {"consent": "on"})
    client.post(page)
    old, new = (
        reverse("member_enter", args=[row.context["token"]]) for row in Message.objects.order_by("pk")
    )
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert client.get(new).status_code == 404


def test_the_session_lasts_two_hours(inside: Client) -> None:
    """Then a page says how to come back."""
    now: datetime = timezone.now()
    with time_machine.travel(now + timedelta(minutes=119), tick=False):
        assert inside.get(reverse("member_space")).status_code == 200
    with time_machine.travel(now + timedelta(minutes=121), tick=False):
        assert inside.get(reverse("member_space")).status_code == 403


def test_logging_out_ends_the_session(inside: Client) -> None:
    """Also for whoever kept the old cookie."""
    kept = inside.cookies["sessionid"].value
    assert inside.post(reverse("member_leave")).status_code == 200
    assert inside.get(reverse("member_space")).status_code == 403
    other = Client()
    other.cookies["sessionid"] = kept
    assert other.get(reverse("member_space")).status_code == 403


def test_forged_forms_are_refused(member: Member, enter: Callable[[Client, Member], None]) -> None:
    """Every form of the member space needs the token of this browser, the door and the uploads included."""
    browser = Client(enforce_csrf_checks=True)
    browser.handler.enforce_csrf_checks = False
    enter(browser, member)
    browser.handler.enforce_csrf_checks = True
    names = ["work_add", "deposit_add", "letters", "member_close", "member_leave"]
    for name in names:
        assert browser.post(reverse(name), {"wants_letters": "on"}).status_code == 403, name
    assert browser.post(reverse("member_enter", args=["x"])).status_code == 403
    member.refresh_from_db()
    assert not member.wants_letters


def test_a_form_with_the_token_is_taken(member: Member, enter: Callable[[Client, Member], None]) -> None:
    """The same browser with the token of its page is heard."""
    browser = Client(enforce_csrf_checks=True)
    browser.handler.enforce_csrf_checks = False
    enter(browser, member)
    browser.handler.enforce_csrf_checks = True
    page = browser.get(reverse("member_space"))
    token = page.context["csrf_token"]
    answer = browser.post(reverse("letters"), {"wants_letters": "on", "csrfmiddlewaretoken": str(token)})
    assert answer.status_code == 302
    member.refresh_from_db()
    assert member.wants_letters


def test_nothing_of_the_space_is_cached_or_open_to_strangers(inside: Client) -> None:
    """Every page says no-store, and a browser without a session gets none of them."""
    names = ["member_space", "work_add", "deposit_add", "member_data", "member_close"]
    for name in names:
        assert "no-store" in inside.get(reverse(name)).headers["Cache-Control"]
        assert Client().get(reverse(name)).status_code == 403


def test_withdrawing_the_signature_ends_the_space(inside: Client, member: Member) -> None:
    """Works and session are gone with it."""
    withdraw(member.signature_id)
    assert not Member.objects.exists()
    assert inside.get(reverse("member_space")).status_code == 403
