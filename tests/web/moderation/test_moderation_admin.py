"""The admin: behind the site's own login, history to read only, every change in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from countermark.web.abuse import limits, switches
from countermark.web.abuse.models import ListEntry, RateRule, Switch
from countermark.web.accounts.models import Logged
from countermark.web.moderation.models import NotableName
from countermark.web.registry.models import Run
from countermark.web.roll.models import Change
from countermark.web.signing.models import Signature
from countermark.web.statement.models import Text
from countermark.web.statement.texts import digest_of, in_force

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.web.accounts.models import Organiser

    Make = Callable[..., Signature]

BACKEND = "django.contrib.auth.backends.ModelBackend"
HISTORY = (
    *("accounts_logged", "accounts_invitation", "roll_entry", "roll_head", "roll_leaf", "roll_change"),
    *("moderation_invalidation", "abuse_alarm", "organisations_organisation", "registry_run"),
    *("signing_signature", "signing_pendingsignature"),
)
LISTS = (
    *("abuse_raterule", "abuse_listentry", "abuse_switch", "moderation_notablename"),
    *("statement_statement", "statement_text", "accounts_organiser", "organisations_representative"),
)


@pytest.fixture
def chief(account: Callable[..., Organiser]) -> Client:
    """The browser of an administrator."""
    client = Client()
    client.force_login(account("chief", staff=True, chief=True), backend=BACKEND)
    return client


def test_the_door_is_the_login_of_the_site(account: Callable[..., Organiser]) -> None:
    """Strangers go to the login, accounts without rights get nothing, those without a second factor neither."""
    answer = Client().get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")
    for user in (account("plain"), account("bare", staff=True, chief=True, factor=False)):
        client = Client()
        client.force_login(user, backend=BACKEND)
        assert client.get(reverse("admin:accounts_logged_changelist")).status_code in (302, 403)


@pytest.mark.parametrize("name", [*HISTORY, *LISTS])
def test_every_list_opens(chief: Client, signature: Make, name: str) -> None:
    """No list fails, and none needs a script or style in the page."""
    signature(email="very.secret@hidden.example")
    answer = chief.get(reverse(f"admin:{name}_changelist"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "very.secret" not in text
    assert " style=" not in text
    assert "onclick=" not in text


@pytest.mark.parametrize("name", HISTORY)
def test_history_cannot_be_added_to(chief: Client, name: str) -> None:
    """Not even by an administrator."""
    assert chief.get(reverse(f"admin:{name}_add")).status_code == 403


def test_a_log_line_cannot_be_changed_or_deleted(chief: Client, signature: Make) -> None:
    """Reading it is all there is."""
    line = Logged.objects.create(at=signature().created_at, actor="a", action="b", subject="c")
    change = reverse("admin:accounts_logged_change", args=[line.pk])
    assert chief.get(change).status_code == 200
    assert chief.post(change, {"action": "x"}).status_code == 403
    assert (
        chief.post(reverse("admin:accounts_logged_delete", args=[line.pk]), {"post": "yes"}).status_code
        == 403
    )
    chief.post(
        reverse("admin:accounts_logged_changelist"),
        {"action": "delete_selected", "_selected_action": [line.pk], "post": "yes"},
    )
    assert Logged.objects.get(pk=line.pk).action == "b"


def test_a_moderator_edits_limits_lists_names_and_switches(desk: Client) -> None:
    """What counts against abuse is theirs; statement, accounts and signatures are not; all of it is logged."""
    for name in ("abuse_raterule", "abuse_switch", "abuse_listentry", "moderation_notablename"):
        assert desk.get(reverse(f"admin:{name}_changelist")).status_code == 200
    for name in ("statement_text", "accounts_organiser", "signing_signature", "roll_entry"):
        assert desk.get(reverse(f"admin:{name}_changelist")).status_code == 403
    rule = RateRule.objects.get(name="search")
    desk.post(
        reverse("admin:abuse_raterule_change", args=[rule.pk]), {"limit": 1, "seconds": 60, "enabled": "on"}
    )
    assert limits.rules()["search"].limit == 1
    switch = Switch.objects.get(name="no_roll")
    desk.post(reverse("admin:abuse_switch_change", args=[switch.pk]), {"on": "on"})
    assert switches.is_on("no_roll")
    add = reverse("admin:abuse_listentry_add")
    assert desk.post(add, {"kind": "domain", "pattern": "a b", "verdict": "block"}).status_code == 200
    desk.post(add, {"kind": "email", "pattern": "Person@Hidden.example", "verdict": "block"})
    assert ListEntry.objects.get().pattern == "Person@hidden.example"
    desk.post(reverse("admin:moderation_notablename_add"), {"name": "Anna Duval", "domain": "Duval.example"})
    assert NotableName.objects.get().domain == "duval.example"
    lines = list(Logged.objects.order_by("pk").values_list("actor", "action", "details"))
    assert [action for _actor, action, _details in lines] == [
        *("admin changed", "admin changed", "admin added", "admin added")
    ]
    assert {actor for actor, _action, _details in lines} == {"moda"}
    assert lines[1][2] == {"fields": ["On"]}
    assert "hidden" not in "".join(LogEntry.objects.values_list("object_repr", flat=True))


def test_deleting_a_signature_is_withdrawing_it(chief: Client, desk: Client, signature: Make) -> None:
    """After a question, by administrators only; the roll learns of it, and no journal keeps the name."""
    row = signature(name="Anna Duval", roll_number=7)
    address = reverse("admin:signing_signature_delete", args=[row.pk])
    assert desk.post(address, {"post": "yes"}).status_code == 403
    page = chief.get(address).content.decode()
    assert "Anna Duval" in page
    assert Signature.objects.filter(pk=row.pk).exists()
    assert chief.post(address, {"post": "yes"}).status_code == 302
    assert not Signature.objects.filter(pk=row.pk).exists()
    assert list(Change.objects.values_list("kind", "number")) == [("withdrawal", 7)]
    assert Logged.objects.get(action="signature withdrawn").details == {"roll_number": 7}
    assert not LogEntry.objects.filter(object_repr__contains="Anna").exists()
    other = signature(email="very.secret@hidden.example")
    shown = chief.get(reverse("admin:signing_signature_change", args=[other.pk])).content.decode()
    assert "v***@hidden.example" in shown
    assert "very.secret" not in shown


def test_a_lost_second_factor_is_taken_away_but_its_secret_is_never_shown(chief: Client) -> None:
    """Administrators delete an authenticator so that a new one can be set up; nobody reads or changes one."""
    row = Authenticator.objects.get()
    row.data = {"secret": "JBSWY3DPEHPK3PXP"}
    row.save()
    assert b"JBSWY3DP" not in chief.get(reverse("admin:mfa_authenticator_change", args=[row.pk])).content
    assert chief.get(reverse("admin:mfa_authenticator_add")).status_code == 403
    assert chief.get(reverse("admin:mfa_authenticator_delete", args=[row.pk])).status_code == 200


def test_a_text_is_published_in_both_languages_and_never_changes(chief: Client) -> None:
    """A draft alone is refused; both together are shown, then published, then fixed."""
    add, listed = reverse("admin:statement_text_add"), reverse("admin:statement_text_changelist")
    assert b'value="2"' in chief.get(add).content

    def draft(language: str) -> Text:
        values = {
            "version": 2,
            "language": language,
            "title": f"New {language}",
            "body": "We *sign* <b>this</b>.",
        }
        assert chief.post(add, values).status_code == 302
        return Text.objects.get(version=2, language=language)

    french = draft("fr")
    publish = {"action": "publish", "_selected_action": [french.pk]}
    assert b"no draft in" in chief.post(listed, publish, follow=True).content
    english = draft("en")
    page = chief.post(listed, publish)
    assert b"<em>sign</em>" in page.content
    assert b"<b>this</b>" not in page.content
    assert in_force("fr").version == 1  # type: ignore[union-attr]
    chief.post(listed, {**publish, "confirmed": "1"})
    text = in_force("en")
    assert text is not None
    assert (text.version, text.sha256) == (2, digest_of("New en", "We *sign* <b>this</b>."))
    change = reverse("admin:statement_text_change", args=[english.pk])
    assert chief.post(change, {"title": "Other"}).status_code == 403
    assert (
        chief.post(reverse("admin:statement_text_delete", args=[english.pk]), {"post": "yes"}).status_code
        == 403
    )
    english.refresh_from_db()
    assert english.title == "New en"
    old = Text.objects.filter(version=1).first()
    assert old is not None
    again = chief.post(listed, {"action": "publish", "_selected_action": [old.pk]}, follow=True)
    assert b"no draft in" in again.content
    assert Logged.objects.filter(action="admin changed", subject=f"text {english.pk}").exists()


def test_a_run_is_published_by_an_administrator(chief: Client, signature: Make) -> None:
    """What may not be published says why, and stays hidden."""
    run = Run.objects.create(
        digest="d" * 64, data_set="Corpus", summary={"complete": False}, imported_at=signature().created_at
    )
    listed = reverse("admin:registry_run_changelist")
    page = chief.post(listed, {"action": "publish", "_selected_action": [run.pk]}, follow=True)
    assert b"not complete" in page.content
    run.refresh_from_db()
    assert run.published_at is None
