"""What an organisation sees of its members: what they share with it, counts, and no more."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from countermark.paper.cells import harmless
from countermark.web.accounts import roles
from countermark.web.accounts.models import Logged, Organiser
from countermark.web.organisations.models import Representative, State
from countermark.web.registry.models import Result, Run
from countermark.web.signing.models import Consent
from web.registry.member_works import UPLOADED, register

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from countermark.web.organisations.models import Organisation
    from countermark.web.registry.models import Member
    from countermark.web.signing.models import Signature

BOTH = ("share", "contact")


@pytest.fixture
def guild(organisation: Callable[[str], Organisation]) -> Organisation:
    """An organisation that `representative` acts for."""
    return organisation("guild")


@pytest.fixture
def representative(guild: Organisation, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser logged in with a mandate of the guild and a second factor."""
    user = Organiser.objects.create_user("r@guild.example", "r@guild.example")
    Representative.objects.create(user=user, organisation=guild, granted_at=timezone.now())
    monkeypatch.setattr(roles, "has_second_factor", lambda _: True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(browser: Client, organisation: Organisation) -> str:
    answer = browser.get(reverse("organiser_organisation", args=[organisation.slug]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def rows_of(browser: Client, organisation: Organisation) -> list[dict[str, str]]:
    answer = browser.get(reverse("organiser_signatures_csv", args=[organisation.slug]))
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_only_shared_signatures_are_seen(
    representative: Client,
    guild: Organisation,
    organisation: Callable[[str], Organisation],
    sign: Callable[..., Signature],
) -> None:
    """Those who name this organisation and agreed to share; never the mail address."""
    sign("Shares", ("share",), organisation=guild)
    contact = sign("Contacts", BOTH, organisation=guild)
    sign("Silent", organisation=guild)
    sign("Elsewhere", BOTH, organisation=organisation("label"))
    sign("Named in words", BOTH, organisation_name="Guild")
    sign("Held", BOTH, organisation=guild, state="held")
    gone = sign("Took it back", BOTH, organisation=guild)
    Consent.objects.filter(signature=gone).update(withdrawn_at=timezone.now())
    rows = {row["name"]: row for row in rows_of(representative, guild)}
    assert set(rows) == {"Shares", "Contacts"}
    assert contact.email not in str(rows)
    assert rows["Shares"]["trades"] == "writer"
    page = page_of(representative, guild)
    assert "Shares" in page
    assert not any(name in page for name in ("Silent", "Elsewhere", "Named in words", "Held", "Took it back"))
    told = representative.get(reverse("organiser_signatures_json", args=[guild.slug])).json()
    assert {row["name"] for row in told["rows"]} == {"Shares", "Contacts"}
    assert Logged.objects.filter(action="signatures downloaded").count() == 2


def test_other_organisations_do_not_exist(
    representative: Client, organisation: Callable[[str], Organisation]
) -> None:
    """A slug that is guessed leads nowhere, on every address."""
    other = organisation("label")
    for name in ("organiser_organisation", "organiser_signatures_csv", "organiser_signatures_json"):
        assert representative.get(reverse(name, args=[other.slug])).status_code == 404
    assert "Label" not in representative.get(reverse("organiser_home")).content.decode()


def test_a_refused_organisation_shows_nothing_any_more(representative: Client, guild: Organisation) -> None:
    """The mandate counts while the organisation is verified."""
    guild.state = State.REFUSED
    guild.save()
    answer = representative.get(reverse("organiser_organisation", args=[guild.slug]))
    assert answer.status_code in (403, 404)


def test_strangers_log_in_first(guild: Organisation, client: Client) -> None:
    """And without a second factor nobody sees signatures."""
    page = reverse("organiser_organisation", args=[guild.slug])
    assert "/accounts/login/" in client.get(page).headers["Location"]
    user = Organiser.objects.create_user("x@guild.example", "x@guild.example")
    Representative.objects.create(user=user, organisation=guild, granted_at=timezone.now())
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page).status_code == 302


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\uff1d1"])
def test_cells_are_no_formulas(cell: str) -> None:
    """A spreadsheet reads each as text."""
    assert harmless(cell).startswith("'")
    assert harmless("Ana-Maria") == "Ana-Maria"


def test_a_name_that_is_a_formula_is_made_harmless(
    representative: Client, guild: Organisation, sign: Callable[..., Signature]
) -> None:
    """In the table; in JSON it stays as it is."""
    sign('=HYPERLINK("https://evil.example","x")', ("share",), organisation=guild)
    assert rows_of(representative, guild)[0]["name"].startswith("'=HYPERLINK")
    told = representative.get(reverse("organiser_signatures_json", args=[guild.slug])).json()
    assert told["rows"][0]["name"].startswith("=HYPERLINK")


def members_with_works(
    organisation: Organisation, sign: Callable[..., Signature], join: Callable[..., Member], each: int
) -> Run:
    """Five sharing members with so many works each: the first of each found word for word."""
    run = Run.objects.create(
        digest="d" * 64, data_set="Tiny crawl", snapshot="2026-01-01", summary={}, imported_at=timezone.now()
    )
    for number in range(5):
        member = join(sign(f"Member {number}", ("share",), organisation=organisation))
        register(member, [f"{number}{at}" * 16 for at in range(each)])
        for at, work in enumerate(member.works.order_by("pk")):
            found: dict[str, Any] = (
                {"status": "found", "grade": "identical"} if at == 0 else {"status": "not-found"}
            )
            Result.objects.create(run=run, work=work, **found)
    return run


def test_counts_of_works_are_shown_without_titles(
    representative: Client,
    guild: Organisation,
    sign: Callable[..., Signature],
    join: Callable[..., Member],
) -> None:
    """Five of fifty word for word; the counts under five are said to be so, and one more is hidden to cover them."""
    members_with_works(guild, sign, join, each=9)
    page = page_of(representative, guild)
    assert "45 works were searched" in page
    assert "fewer than 5" in page
    assert "hidden, to cover a small count" in page
    assert "no proof that a model was trained on it" in page
    assert "Work " not in page.replace("Works", "")


def test_few_members_give_no_counts(
    representative: Client,
    guild: Organisation,
    join: Callable[..., Member],
    sign: Callable[..., Signature],
) -> None:
    """However many works they have: their counts would be theirs."""
    run = Run.objects.create(digest="d" * 64, data_set="Tiny crawl", summary={}, imported_at=timezone.now())
    member = join(sign("Only one", ("share",), organisation=guild))
    register(member, UPLOADED)
    for work in member.works.all():
        Result.objects.create(run=run, work=work, status="found", grade="identical")
    page = page_of(representative, guild)
    assert "fewer than 5 members" in page
    assert "works were searched" not in page


def test_works_of_members_who_do_not_share_are_not_counted(
    representative: Client,
    guild: Organisation,
    sign: Callable[..., Signature],
    join: Callable[..., Member],
) -> None:
    """A sixth member without the consent changes nothing."""
    run = members_with_works(guild, sign, join, each=9)
    before = page_of(representative, guild)
    silent = join(sign("Silent", organisation=guild))
    register(silent, ["ab" * 16])
    Result.objects.create(run=run, work=silent.works.get(), status="found", grade="identical")
    assert page_of(representative, guild) == before
