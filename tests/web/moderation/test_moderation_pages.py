"""The moderators' pages: only for moderators, never with a mail address, nothing by GET or from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.test import Client
from django.urls import reverse

from countermark.web.abuse import switches
from countermark.web.abuse.models import Alarm, ListEntry
from countermark.web.accounts.models import Logged
from countermark.web.moderation import urls
from countermark.web.moderation.models import Invalidation
from countermark.web.organisations.models import Organisation
from countermark.web.organisations.models import State as OrganisationState
from countermark.web.signing.models import Signature, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.web.accounts.models import Organiser

    Make = Callable[..., Signature]

BACKEND = "django.contrib.auth.backends.ModelBackend"


def _addresses() -> list[str]:
    given = {"name": "read_only", "pk": 1}
    found = []
    for pattern in urls.urlpatterns:
        wanted = {key: given[key] for key in pattern.pattern.converters}
        found.append(reverse(str(pattern.name), kwargs=wanted))  # type: ignore[union-attr]
    return found


def test_nobody_else_gets_in(account: Callable[..., Organiser]) -> None:
    """Strangers are led to the login, representatives get 403, moderators without a second factor are led to it."""
    assert len(_addresses()) >= 12
    for address in _addresses():
        for method in ("get", "post"):
            answer = getattr(Client(), method)(address)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/accounts/login/")
    member, bare = account("member"), account("bare", staff=True, factor=False)
    for address in _addresses():
        for method in ("get", "post"):
            for user, status in ((member, 403), (bare, 302)):
                client = Client()
                client.force_login(user, backend=BACKEND)
                answer = getattr(client, method)(address)
                assert answer.status_code == status, address
                assert "moderation" not in answer.get("Location", "")
    assert not Logged.objects.exists()


def test_no_form_from_elsewhere_does_anything(moderator: Organiser, signature: Make) -> None:
    """Every POST without the token of our own form is refused."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(moderator, backend=BACKEND)
    row = signature(state=State.HELD, held_because="list")
    Invalidation.objects.create(
        pk=1, criteria={"numbers": [row.pk]}, reason="other", prepared_at=row.created_at, counts={}
    )
    for address in _addresses():
        answer = client.post(address, {"do": "invalidate", "on": "1", "reason": "other", "country": "FR"})
        assert answer.status_code in (403, 405), address
    row.refresh_from_db()
    assert row.state == State.HELD
    assert not switches.is_on("read_only")


def test_every_page_opens_and_no_mail_address_is_seen(desk: Client, signature: Make) -> None:
    """Full pages, in both languages, with masked addresses only, never kept by a cache."""
    signature(email="very.secret@hidden.example", comment="Words")
    held = signature(email="also.secret@hidden.example", state=State.HELD, held_because="notable-name")
    act = Invalidation.objects.create(
        criteria={"country": "FR", "trade": "musician", "up_to": 10**9},
        reason="other",
        prepared_at=held.created_at,
        counts={"matched": 2},
    )
    organisation = Organisation.objects.create(
        uid=b"o" * 16,
        slug="o",
        name="The Guild",
        kind="guild",
        domain="guild.example",
        country="FR",
        representative="R",
        role="r",
        email="third.secret@guild.example",
        language="fr",
        text_version=1,
        created_at=held.created_at,
    )
    Alarm.objects.create(kind="domain", label="spam.example", hour=held.created_at, count=900)
    pages = [
        reverse("moderation"),
        reverse("moderation_review"),
        reverse("moderation_review") + "?because=notable-name&page=7",
        reverse("moderation_release_all") + "?because=notable-name",
        reverse("moderation_comments"),
        reverse("moderation_comments") + "?shown=1",
        reverse("moderation_organisations"),
        reverse("moderation_organisation", kwargs={"pk": organisation.pk}) + "?do=verify",
        reverse("moderation_invalidations"),
        reverse("moderation_invalidation_new") + "?domain=spam.example",
        reverse("moderation_invalidation", kwargs={"pk": act.pk}),
        reverse("moderation_switch", kwargs={"name": "message"}),
    ]
    for page in pages:
        for language in ("en", "fr"):
            answer = desk.get(page, headers={"accept-language": language})
            assert answer.status_code == 200, page
            text = answer.content.decode()
            assert "secret@" not in text, page
            assert f'<html lang="{language}"' in text
            assert "style=" not in text
            assert "no-store" in answer["Cache-Control"]
    assert "a***@hidden.example" in desk.get(pages[1]).content.decode()


def test_review_by_the_buttons(desk: Client, signature: Make) -> None:
    """Release and refuse; a wrong verb or a missing reason does nothing."""
    good = signature(state=State.HELD, held_because="list")
    bad = signature(state=State.HELD, held_because="list")

    def decide(row: Signature, **fields: str) -> int:
        return desk.post(reverse("moderation_decide", kwargs={"pk": row.pk}), fields).status_code

    assert decide(good, do="explode") == 404
    assert decide(bad, do="refuse") == 302
    assert decide(bad, do="refuse", reason="because") == 302
    assert Signature.objects.filter(state=State.HELD).count() == 2
    assert decide(good, do="release") == 302
    assert decide(bad, do="refuse", reason="not_the_person") == 302
    assert Signature.objects.get(pk=good.pk).state == State.CONFIRMED
    assert Signature.objects.get(pk=bad.pk).state == State.INVALIDATED
    assert decide(bad, do="release") == 302
    assert Signature.objects.get(pk=bad.pk).state == State.INVALIDATED


def test_release_all_by_the_page(desk: Client, signature: Make) -> None:
    """GET shows how many; POST releases those that were shown."""
    rows = [signature(state=State.HELD, held_because="no-proof-of-work") for _ in range(3)]
    address = reverse("moderation_release_all")
    page = desk.get(address, {"because": "no-proof-of-work"})
    assert "Release 3 signatures" in page.content.decode()
    assert Signature.objects.filter(state=State.HELD).count() == 3
    assert desk.get(address, {"because": "nothing"}).status_code == 404
    assert desk.post(address, {"because": "no-proof-of-work", "up_to": "x"}).status_code == 404
    desk.post(address, {"because": "no-proof-of-work", "up_to": str(rows[-1].pk)})
    assert Signature.objects.filter(state=State.CONFIRMED).count() == 3


def test_comments_are_shown_and_hidden(desk: Client, signature: Make) -> None:
    """Several at once; one without words never; the log tells which."""
    rows = [signature(comment="Words"), signature(comment="More words"), signature()]
    address = reverse("moderation_comments")
    desk.post(address, {"do": "show", "pick": [str(row.pk) for row in rows] + ["x", "9" * 40]})
    assert list(Signature.objects.order_by("pk").values_list("comment_shown", flat=True)) == [
        True,
        True,
        False,
    ]
    desk.post(address, {"do": "hide", "pick": [str(rows[0].pk)]})
    assert Signature.objects.filter(comment_shown=True).count() == 1
    assert Logged.objects.filter(action="comments hidden").get().details == {
        "count": 1,
        "signatures": [rows[0].pk],
    }
    assert desk.post(address, {"do": "erase"}).status_code == 404


def test_an_invalidation_by_the_pages(desk: Client, signature: Make) -> None:
    """Form, preview with the count, done, undone; nothing happens before the last button."""
    for number in range(3):
        signature(email=f"{number}@spam.example", roll_number=number + 1)
    signature()
    new = reverse("moderation_invalidation_new")
    assert desk.post(new, {"reason": "automated"}).status_code == 422
    assert desk.post(new, {"reason": "automated", "network": "zz"}).status_code == 422
    assert desk.post(new, {"reason": "automated", "numbers": "1; drop"}).status_code == 422
    assert desk.post(new, {"reason": "automated", "name": "*"}).status_code == 422
    answer = desk.post(new, {"reason": "automated", "domain": "SPAM.example"})
    act = Invalidation.objects.get()
    address = reverse("moderation_invalidation", kwargs={"pk": act.pk})
    assert answer["Location"] == address
    page = desk.get(address).content.decode()
    assert "Invalidate 3 signatures" in page
    assert "secret" not in page
    assert Signature.objects.filter(state=State.INVALIDATED).count() == 0
    desk.post(address, {"do": "invalidate"})
    assert Signature.objects.filter(state=State.INVALIDATED).count() == 3
    desk.post(address, {"do": "invalidate"})
    assert desk.get(reverse("moderation_invalidations")).status_code == 200
    desk.post(address, {"do": "undo"})
    assert Signature.objects.filter(state=State.CONFIRMED).count() == 4
    assert desk.get(address).status_code == 200


def test_a_switch_is_turned_after_a_question_and_logged(desk: Client) -> None:
    """GET asks; POST turns; unknown switches do not exist."""
    address = reverse("moderation_switch", kwargs={"name": "read_only"})
    assert desk.get(address).status_code == 200
    assert not switches.is_on("read_only")
    desk.post(address, {"on": "1"})
    assert switches.is_on("read_only")
    desk.post(address, {"on": "0"})
    assert not switches.is_on("read_only")
    desk.post(
        reverse("moderation_switch", kwargs={"name": "message"}), {"on": "1", "message_fr": "Bonjour <b>"}
    )
    assert switches.banner("en") == "Bonjour <b>"
    assert desk.get("/moderation/switches/no_such_thing/").status_code == 404
    assert list(Logged.objects.order_by("pk").values_list("action", "subject")) == [
        ("switch on", "read_only"),
        ("switch off", "read_only"),
        ("switch on", "message"),
    ]


def test_alarms_are_seen_once(desk: Client, signature: Make) -> None:
    """The first moderator is named; a second click changes nothing."""
    alarm = Alarm.objects.create(kind="name", label="anna", hour=signature().created_at, count=9)
    for _ in range(2):
        desk.post(reverse("moderation_alarm_seen", kwargs={"pk": alarm.pk}))
    alarm.refresh_from_db()
    assert alarm.seen_by == "moda"
    assert Logged.objects.filter(action="alarm seen").count() == 1


def test_an_organisation_is_verified_by_hand_after_a_question(desk: Client, signature: Make) -> None:
    """GET asks, POST does; the log says who."""
    row = Organisation.objects.create(
        uid=b"o" * 16,
        slug="o",
        name="The Guild",
        kind="guild",
        domain="guild.example",
        country="FR",
        representative="R",
        role="r",
        email="r@guild.example",
        language="fr",
        text_version=1,
        created_at=signature().created_at,
    )
    address = reverse("moderation_organisation", kwargs={"pk": row.pk})
    assert desk.get(address).status_code == 404
    assert desk.get(address, {"do": "verify"}).status_code == 200
    row.refresh_from_db()
    assert row.state == OrganisationState.PENDING
    desk.post(address, {"do": "verify"})
    row.refresh_from_db()
    assert row.state == OrganisationState.VERIFIED
    assert desk.post(address, {"do": "refuse"}).status_code == 404
    assert Logged.objects.filter(action="organisation verified by hand", actor="moda").exists()


def test_markup_in_what_people_wrote_stays_text(desk: Client, signature: Make) -> None:
    """Names, comments and links of hostile signers are shown, not run."""
    evil = "<script>alert(1)</script>"
    signature(name=evil, comment=evil, link="javascript:alert(1)", state=State.HELD, held_because=evil[:40])
    ListEntry.objects.create(kind="domain", pattern="x.example", verdict="hold")
    page = desk.get(reverse("moderation_review")).content.decode()
    assert evil not in page
    assert "&lt;script&gt;" in page
    assert 'href="javascript:' not in page
