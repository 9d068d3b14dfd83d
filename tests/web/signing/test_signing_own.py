"""What a signatory does with their link: see, change, take out, withdraw, ask for it again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client


def link(signature: Any, page: str, language: str = "en") -> str:
    """The path of a page behind a signatory's link."""
    from countermark.web.config.tokens import make_token

    return f"/{language}/{page}/{make_token('mine', signature.uid)}/"


def waiting_mails() -> list[tuple[str, str]]:
    """Kind and recipient of the mails that wait."""
    from countermark.web.mail.models import Message

    return list(Message.objects.filter(state="queued").order_by("pk").values_list("kind", "recipient"))


def test_the_page_shows_all_that_is_held(signed: Callable[..., Any], visitor: Client) -> None:
    """Name, address, words and link, and no cookie; kept by no cache."""
    signature = signed(comment="Pour <b>mes</b> pairs", link="https://anais.example/", other_trade="luthière")
    answer = visitor.get(link(signature, "mine"))
    page = answer.content.decode()
    for held in ("Anaïs Dubœuf", "anais@example.fr", "https://anais.example/", "luthière", "other, in words"):
        assert held in page
    assert "Pour &lt;b&gt;mes" in page
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_showing_less_and_more_is_written_on_the_roll(
    signed: Callable[..., Any], post: Callable[..., Any], enter: Callable[[], int]
) -> None:
    """Consents are taken back and given anew with their times; the roll gets an amendment for each change."""
    from countermark.web.roll.models import Change, Entry

    signature = signed(contact="on")
    enter()
    assert post(link(signature, "change"), {"display": "3"}).status_code == 303
    enter()
    signature.refresh_from_db()
    assert signature.display == 3
    assert all(consent.withdrawn_at for consent in signature.consents.all())
    assert "Dubœuf" not in Entry.objects.get(number=1).record
    assert post(link(signature, "change"), {"display": "2", "publish": "on"}).status_code == 303
    enter()
    assert json.loads(Entry.objects.get(number=1).record) == {"name": "Anaïs Dubœuf"}
    publish = signature.consents.get(purpose="publish")
    assert publish.withdrawn_at is None
    assert publish.language == "en"
    assert list(Change.objects.values_list("kind", flat=True)) == ["amendment", "amendment"]


def test_a_name_is_not_shown_without_consent(signed: Callable[..., Any], post: Callable[..., Any]) -> None:
    """The page says what is missing and nothing changes; a made-up level neither."""
    signature = signed()
    assert post(link(signature, "change"), {"display": "1"}).status_code == 422
    assert post(link(signature, "change"), {"display": "9", "publish": "on"}).status_code == 422
    signature.refresh_from_db()
    assert signature.display == 1
    assert signature.consents.filter(withdrawn_at=None).count() == 1


def test_changing_by_get_changes_nothing(signed: Callable[..., Any], visitor: Client) -> None:
    """GET leads to the page with the form."""
    signature = signed()
    answer = visitor.get(link(signature, "change"))
    assert (answer.status_code, answer["Location"]) == (302, link(signature, "mine"))


def test_withdrawing_deletes_and_the_roll_says_so(
    signed: Callable[..., Any],
    post: Callable[..., Any],
    enter: Callable[[], int],
    post_box: Callable[[], list[Any]],
    visitor: Client,
) -> None:
    """GET deletes nothing; POST deletes signature, consents and waiting mails, empties the entry, sends one mail."""
    from countermark.web.mail.models import Message
    from countermark.web.roll.models import Change, Entry
    from countermark.web.signing.models import Consent, Signature

    signature = signed(contact="on")
    enter()
    path = link(signature, "withdraw")
    assert visitor.get(path).status_code == 200
    assert Signature.objects.count() == 1
    assert post(path).status_code == 200
    assert (Signature.objects.count(), Consent.objects.count()) == (0, 0)
    entry = Entry.objects.get(number=1)
    assert (entry.standing, entry.salt, entry.record, entry.name) == ("withdrawn", None, "", "")
    assert Change.objects.get().kind == "withdrawal"
    assert waiting_mails() == [("withdrawn", "anais@example.fr")]
    assert "Dubœuf" in post_box()[-1].body
    assert not Message.objects.exclude(recipient="").exists()
    assert post(path).status_code == visitor.get(path).status_code == 200
    assert visitor.get(link(signature, "mine")).status_code == 404
    assert Change.objects.count() == 1


def test_who_withdrew_may_sign_again(
    signed: Callable[..., Any], post: Callable[..., Any], enter: Callable[[], int]
) -> None:
    """The second signature has a new number; the links of the first lead nowhere."""
    first = signed()
    enter()
    post(link(first, "withdraw"))
    second = signed()
    enter()
    second.refresh_from_db()
    assert second.roll_number == 2
    assert bytes(second.uid) != bytes(first.uid)


def test_the_old_confirmation_does_not_sign_again(
    signed: Callable[..., Any], post: Callable[..., Any]
) -> None:
    """Following the link of a confirmation after a withdrawal revives nothing."""
    from countermark.web.config.tokens import make_token
    from countermark.web.signing.models import Signature

    signature = signed()
    post(link(signature, "withdraw"))
    assert post(f"/fr/confirm/{make_token('confirm', signature.uid)}/").status_code == 404
    assert Signature.objects.count() == 0


def test_a_form_nobody_confirmed_can_be_deleted_from_its_mail(
    send: Callable[..., Any], post: Callable[..., Any]
) -> None:
    """All forms of the address go, with the mails that wait; there is no roll to tell."""
    from countermark.web.signing.models import PendingSignature

    send()
    send()
    pending = PendingSignature.objects.earliest("pk")
    assert post(link(pending, "withdraw")).status_code == 200
    assert PendingSignature.objects.count() == 0
    assert waiting_mails() == []


@pytest.mark.parametrize("email", ["anais@example.fr", "waits@example.fr", "nobody@example.fr"])
def test_asking_again_tells_nothing_on_the_page(
    signed: Callable[..., Any], send: Callable[..., Any], post: Callable[..., Any], email: str
) -> None:
    """One answer for a signatory, a form that waits, and a stranger; each writes one row."""
    from countermark.web.mail.models import Message

    signed()
    send(email="waits@example.fr")
    Message.objects.all().delete()
    answer = post("/en/mine/", {"email": email})
    assert (answer.status_code, answer["Location"]) == (303, "/en/sign/sent/?again")
    assert Message.objects.count() == 1
    expected = {
        "anais@example.fr": [("already", "anais@example.fr")],
        "waits@example.fr": [("confirm", "waits@example.fr")],
        "nobody@example.fr": [],
    }
    assert waiting_mails() == expected[email]
    assert post("/en/mine/", {"email": "not an address"}).status_code == 422


def test_asking_again_is_bounded_in_silence(signed: Callable[..., Any], post: Callable[..., Any]) -> None:
    """After three mails an hour nothing more goes, and the page is the same."""
    from countermark.web.mail.models import Message

    signed()
    Message.objects.all().delete()
    assert {post("/en/mine/", {"email": "anais@example.fr"}).status_code for _ in range(6)} == {303}
    assert len(waiting_mails()) == 3


def test_mails_go_to_the_address_that_signed(signed: Callable[..., Any], post: Callable[..., Any]) -> None:
    """Another spelling of the mailbox gets no mail of its own, should the provider tell the two apart."""
    from countermark.web.mail.models import Message

    signed(email="ana.is@gmail.com")
    Message.objects.all().delete()
    post("/en/mine/", {"email": "anais+petition@googlemail.com"})
    assert waiting_mails() == [("already", "ana.is@gmail.com")]


def test_all_data_can_be_taken_out(signed: Callable[..., Any], visitor: Client) -> None:
    """JSON with every field, the consents in their words, and the mails."""
    signature = signed(contact="on", comment="Oui")
    answer = visitor.get(link(signature, "mine", "fr") + "data.json")
    document = json.loads(answer.content)
    assert "attachment" in answer["Content-Disposition"]
    assert document["name"] == "Anaïs Dubœuf"
    assert document["trades"] == ["composer", "musician"]
    assert {consent["purpose"] for consent in document["consents"]} == {"publish", "contact"}
    assert document["consents"][0]["wording"].startswith("Publier mon nom")
    assert [mail["kind"] for mail in document["mails"]] == ["confirm"]


def test_the_proof_is_there_once_entered(
    signed: Callable[..., Any], enter: Callable[[], int], visitor: Client
) -> None:
    """404 before there is a number; then the opening of one's own entry."""
    signature = signed()
    path = link(signature, "mine") + "proof.json"
    assert visitor.get(path).status_code == 404
    enter()
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert "Anaïs Dubœuf" in answer.content.decode()


def test_every_page_stands_in_both_languages(
    signed: Callable[..., Any], enter: Callable[[], int], visitor: Client
) -> None:
    """No page fails or mixes its links; none has inline script or style."""
    signature = signed()
    enter()
    for language in ("fr", "en"):
        paths = [link(signature, page, language) for page in ("mine", "signed", "withdraw")]
        for path in [
            *paths,
            f"/{language}/mine/",
            f"/{language}/sign/sent/",
            f"/{language}/sign/sent/?again",
        ]:
            answer = visitor.get(path)
            page = answer.content.decode()
            assert answer.status_code == 200, path
            assert f'<html lang="{language}"' in page
            assert " style=" not in page
            assert "<script>" not in page
