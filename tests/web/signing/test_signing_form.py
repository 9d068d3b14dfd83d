"""The signing form: what it takes, what it refuses and says, and what it never tells."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

Send = "Callable[..., Any]"


def pendings() -> list[Any]:
    """The forms that wait."""
    from countermark.web.signing.models import PendingSignature

    return list(PendingSignature.objects.order_by("pk"))


def queued() -> list[tuple[str, str]]:
    """Kind and recipient of the mails that wait."""
    from countermark.web.mail.models import Message

    return list(Message.objects.filter(state="queued").order_by("pk").values_list("kind", "recipient"))


def test_a_filled_form_waits_for_its_confirmation(send: Callable[..., Any]) -> None:
    """The row, the mail in the same transaction, and a page that sets no cookie."""
    answer = send(contact="on", organisation=" Éditions  du Lac ", comment="Parce que.\r\nVraiment.")
    assert (answer.status_code, answer["Location"]) == (303, "/fr/sign/sent/")
    assert not answer.cookies
    (row,) = pendings()
    assert (row.name, row.trades, row.country) == ("Anaïs Dubœuf", ",composer,musician,", "FR")
    assert (row.publish, row.contact, row.share, row.held_because) == (True, True, False, "")
    assert (row.organisation_name, row.comment) == ("Éditions du Lac", "Parce que.\nVraiment.")
    assert (row.language, row.text_version, row.consent_version) == ("fr", 1, 1)
    assert queued() == [("confirm", "anais@example.fr")]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_form_shows_the_statement_and_no_box_is_ticked(visitor: Client, language: str) -> None:
    """Text, digest and version above the form; consents and display levels are left to the reader."""
    from countermark.web.statement.texts import in_force

    page = visitor.get(f"/{language}/sign/").content.decode()
    text = in_force(language)
    assert text is not None
    assert text.sha256 in page
    assert text.title in page
    assert 'name="text_version" value="1"' in page
    assert " checked" not in page
    assert "csrfmiddlewaretoken" not in page
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]* src=)", page)


def test_the_form_names_every_trade_and_country_in_french(visitor: Client) -> None:
    """Sixty trades in their families, and all countries, sorted without regard to accents."""
    from countermark.web.signing.trades import TRADES

    page = visitor.get("/fr/sign/").content.decode()
    assert page.count('name="trades"') == len(TRADES) - 1
    assert page.index("Écosse" if "Écosse" in page else "Égypte") < page.index("Finlande")
    assert page.index("compositeur, compositrice") > page.index("<summary>Musique")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "y" * 200_000}, "name"),
        ({"name": "Ana\x00is"}, "name"),
        ({"name": "Anais\nBcc: all@example.org"}, "name"),
        ({"name": "\u202esiana"}, "name"),
        ({"name": "Ana\u200bis"}, "name"),
        ({"name": "Ana\u2066is"}, "name"),
        ({"name": "\ufeffAnais"}, "name"),
        ({"name": "Z" + "\u0300" * 12}, "name"),
        ({"name": "1234 !"}, "name"),
        ({"email": ""}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"email": "a@example.fr, b@example.fr"}, "email"),
        ({"email": "a@example.fr\r\nBcc: b@example.fr"}, "email"),
        ({"email": '"a b"@example.fr'}, "email"),
        ({"email": "a@[127.0.0.1]"}, "email"),
        ({"email": "x" * 300 + "@example.fr"}, "email"),
        ({"trades": []}, "trades"),
        ({"trades": ["composer", "musician", "poet", "writer", "singer", "actor"]}, "trades"),
        ({"trades": ["banker"]}, "trades"),
        ({"trades": ["composer,poet"]}, "trades"),
        ({"trades": ["other"]}, "other_trade"),
        ({"country": ""}, "country"),
        ({"country": "ZZ"}, "country"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "https://user:pw@example.org/"}, "link"),
        ({"link": "https://[bad"}, "link"),
        ({"comment": "x" * 501}, "comment"),
        ({"comment": "a\x00b"}, "comment"),
        ({"display": ""}, "display"),
        ({"display": "0"}, "display"),
        ({"publish": None}, "publish"),
        ({"display": "2", "publish": ""}, "publish"),
        ({"share": "on"}, "share"),
        ({"organisation": "A\u202eB"}, "organisation"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    send: Callable[..., Any], changes: dict[str, Any], field: str
) -> None:
    """Nothing is kept or mailed; the page names the field in a summary and beside it."""
    answer = send(**changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in page
    assert f'id="field-{field}"' in page
    assert not pendings()
    assert not queued()


def test_a_form_of_a_megabyte_is_refused_before_it_is_read(send: Callable[..., Any]) -> None:
    """The bound on a form's size answers with 400."""
    assert send(name="x" * 1_000_000).status_code == 400


def test_what_was_written_comes_back_escaped(send: Callable[..., Any]) -> None:
    """A form with a fault keeps what was typed, as text."""
    page = send(name="<script>alert(1)</script>", country="", trades=["poet"]).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'value="poet" id="trade-poet" checked' in page


def test_no_name_is_shown_without_consent_to_publish(send: Callable[..., Any]) -> None:
    """The third display level needs none of the three consents."""
    assert send(display="3", publish=None).status_code == 303
    assert pendings()[0].display == 3


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Pаul Éluard", "mixed-scripts"),  # a Cyrillic а
        ("Ανna", "mixed-scripts"),
        ("Paul www.example.com", "link-in-name"),
        ("Анна Ахматова", ""),
        ("Anna Ахматова", ""),
        ("坂本龍一", ""),
        ("Björk Guðmundsdóttir", ""),
        ("Nguyễn Thị Ánh", ""),
        ("نجيب محفوظ", ""),
        ("می\u200cخواهم", ""),
        ("O’Connor-d’Aubigné, Jr.", ""),
    ],
)
def test_names_of_the_world_pass_and_disguises_are_held(
    send: Callable[..., Any], name: str, reason: str
) -> None:
    """A word with letters of two look-alike alphabets waits for a person; nothing else does."""
    assert send(name=name).status_code == 303
    assert pendings()[0].held_because == reason


def test_names_are_composed(send: Callable[..., Any]) -> None:
    """A decomposed name is kept in NFC, with single spaces."""
    send(name="  Anai\u0308s \u00a0 Duboeuf ")
    assert pendings()[0].name == "Anaïs Duboeuf"


def test_a_known_address_gets_the_same_page(signed: Callable[..., Any], send: Callable[..., Any]) -> None:
    """Status, headers and body do not tell whether an address has signed; the mail does, at the address that signed."""
    signed()
    known = send(email="ANAIS@example.fr")
    unknown = send(email="other@example.fr")
    assert (known.status_code, known.content, dict(known.headers)) == (
        unknown.status_code,
        unknown.content,
        dict(unknown.headers),
    )
    assert queued()[-2:] == [("already", "anais@example.fr"), ("confirm", "other@example.fr")]
    assert [row.email for row in pendings()] == ["other@example.fr"]


def test_known_and_unknown_addresses_cost_alike(
    signed: Callable[..., Any], send: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    """At most six statements, and at most one apart."""
    signed()
    with django_assert_max_num_queries(6) as known:
        send()
    with django_assert_max_num_queries(6) as unknown:
        send(email="other@example.fr")
    assert abs(len(known) - len(unknown)) <= 1


def test_one_address_gets_five_mails_a_day(send: Callable[..., Any]) -> None:
    """The sixth form looks the same and sends nothing."""
    answers = [send() for _ in range(7)]
    assert {answer.status_code for answer in answers} == {303}
    assert len(queued()) == 5


def test_a_network_that_sends_too_much_is_told(send: Callable[..., Any]) -> None:
    """429 with a time to wait; nothing is kept."""
    from countermark.web.abuse import limits
    from countermark.web.abuse.models import RateRule

    limits.write_defaults()
    RateRule.objects.filter(name="sign_burst").update(limit=2)
    limits.rules.forget()
    statuses = [send(email=f"p{n}@example.fr").status_code for n in range(4)]
    assert statuses == [303, 303, 429, 429]
    assert len(pendings()) == 2


def test_lists_refuse_hold_and_allow(send: Callable[..., Any]) -> None:
    """A blocked domain is told so; a held one is taken and waits for review."""
    from countermark.web.abuse import memory
    from countermark.web.abuse.models import ListEntry

    ListEntry.objects.create(kind="domain", pattern="bad.example", verdict="block")
    ListEntry.objects.create(kind="domain", pattern="odd.example", verdict="hold")
    ListEntry.objects.create(kind="domain", pattern="good.example", verdict="allow")
    memory.forget()
    assert send(email="a@bad.example").status_code == 422
    assert send(email="a@odd.example").status_code == 303
    assert send(email="a@good.example", name="Pаul").status_code == 303
    assert [row.held_because for row in pendings()] == ["list", ""]


def test_without_a_proof_of_work_one_may_sign_and_is_held(send: Callable[..., Any]) -> None:
    """Under load a proof is asked; who has no script is taken all the same."""
    from countermark.web.abuse import memory
    from countermark.web.abuse.models import Switch

    Switch.objects.update_or_create(name="challenge", defaults={"on": True})
    memory.forget()
    assert send(proof_of_work="bm90aGluZw==").status_code == 303
    assert pendings()[0].held_because == "no-proof-of-work"


def test_comments_can_be_turned_off(send: Callable[..., Any], visitor: Client) -> None:
    """With the switch on the form has no comment, and one that is sent is not kept."""
    from countermark.web.abuse import memory
    from countermark.web.abuse.models import Switch

    Switch.objects.update_or_create(name="no_comments", defaults={"on": True})
    memory.forget()
    assert 'name="comment"' not in visitor.get("/fr/sign/").content.decode()
    send(comment="Parce que")
    assert pendings()[0].comment == ""


def test_the_trap_looks_like_success(send: Callable[..., Any]) -> None:
    """A program that fills in the hidden field gets the same page, and nothing is kept."""
    answer = send(reference="https://spam.example")
    assert (answer.status_code, answer["Location"]) == (303, "/fr/sign/sent/")
    assert not pendings()


def test_a_new_text_is_shown_before_it_is_signed(send: Callable[..., Any]) -> None:
    """Who read version 1 while version 2 was published is shown version 2 and asked again."""
    from countermark.web.statement.texts import publish

    publish({"fr": ("Nouveau", "Autre texte."), "en": ("New", "Another text.")})
    answer = send(text_version="1")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Autre texte." in page
    assert 'name="text_version" value="2"' in page
    assert send(text_version="\u0662").status_code in (303, 409)
    assert send(text_version="2").status_code == 303


def test_an_organisation_that_is_verified_is_recognised(send: Callable[..., Any]) -> None:
    """Its key is kept, in its own spelling; another name stays as written."""
    from django.utils import timezone

    from countermark.web.organisations.models import Organisation

    made = Organisation.objects.create(
        uid=b"o" * 16,
        slug="s",
        name="Société des gens",
        kind="union",
        domain="example.org",
        country="FR",
        representative="R",
        role="r",
        email="r@example.org",
        state="verified",
        language="fr",
        text_version=1,
        created_at=timezone.now(),
    )
    send(organisation="societe DES gens", share="on")
    send(organisation="Une autre", email="b@example.fr")
    first, second = pendings()
    assert (first.organisation_id, first.organisation_name) == (made.pk, "Société des gens")
    assert (second.organisation_id, second.organisation_name) == (None, "Une autre")


def test_a_closed_statement_and_a_paused_site_say_so(send: Callable[..., Any], visitor: Client) -> None:
    """Before the opening, after the close, and while the switch is on, nothing is taken."""
    from django.utils import timezone

    from countermark.web.abuse import memory
    from countermark.web.abuse.models import Switch
    from countermark.web.statement.models import Statement

    statement = Statement.objects.get()
    statement.closes_at = timezone.now() - timedelta(seconds=1)
    statement.save()
    assert send().status_code == 403
    statement.closes_at, statement.opened_at = None, timezone.now() + timedelta(days=2)
    statement.save()
    assert visitor.get("/en/sign/").status_code == 403
    statement.opened_at = timezone.now() - timedelta(days=2)
    statement.save()
    Switch.objects.update_or_create(name="read_only", defaults={"on": True})
    memory.forget()
    assert send().status_code == 503
    assert not pendings()


def test_the_language_is_that_of_the_page(send: Callable[..., Any]) -> None:
    """A form sent from the English page is English, with its mail."""
    answer = send("/en/sign/")
    assert answer["Location"] == "/en/sign/sent/"
    assert pendings()[0].language == "en"
