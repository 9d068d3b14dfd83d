"""Invitations: made for one address, good once, for seven days, and for nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from countermark.errors import InputError
from countermark.web.accounts import invitations
from countermark.web.accounts.models import Invitation, Logged, Organiser, Role
from countermark.web.accounts.organisers import create_organiser
from countermark.web.config.tokens import make_token, new_uid

if TYPE_CHECKING:
    from django.test import Client

PASSWORD = "a sentence that only tests know"  # noqa: S105


def path(token: str) -> str:
    """The address of an invitation."""
    return f"/accounts/invitation/{token}/"


def test_an_account_is_made_once(visitor: Client) -> None:
    """GET shows, POST makes; the link is void afterwards, and the account has no rights that were not given."""
    token = invitations.invite("Ada@Example.org", Role.REPRESENTATIVE, 5)
    assert visitor.get(path(token)).status_code == 200
    assert not Organiser.objects.exists()
    page = visitor.post(path(token), {"password": PASSWORD})
    assert page.status_code == 302
    assert page["Location"].startswith("/accounts/login/")
    user = Organiser.objects.get()
    assert (user.email, user.is_staff, user.is_superuser) == ("ada@example.org", False, False)
    assert visitor.get(path(token)).status_code == 404
    assert visitor.post(path(token), {"password": PASSWORD}).status_code == 404
    assert Organiser.objects.count() == 1
    assert Logged.objects.get().action == "invitation accepted"


def test_old_forged_and_foreign_links_are_void(visitor: Client) -> None:
    """Seven days; other purposes, other uids and altered proofs open nothing."""
    token = invitations.invite("ada@example.org", Role.MODERATOR)
    uid = bytes(Invitation.objects.get().uid)
    forged = make_token("invitation", new_uid())[:22] + token[22:]
    for bad in (make_token("mine", uid), make_token("invitation", new_uid()), forged, token[:-1], "x"):
        assert visitor.get(path(bad)).status_code == 404
        assert visitor.post(path(bad), {"password": PASSWORD}).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1), tick=False):
        assert visitor.post(path(token), {"password": PASSWORD}).status_code == 404
    assert not Organiser.objects.exists()


def test_a_newer_invitation_voids_the_older(visitor: Client) -> None:
    """For the same address and the same role."""
    first = invitations.invite("ada@example.org", Role.REPRESENTATIVE, 5)
    other = invitations.invite("ada@example.org", Role.REPRESENTATIVE, 6)
    second = invitations.invite("ada@example.org", Role.REPRESENTATIVE, 5)
    assert [visitor.get(path(token)).status_code for token in (first, other, second)] == [404, 200, 200]


@pytest.mark.parametrize("password", ["", "short", "password1234", "ada@example.org", "x" * 257])
def test_weak_passwords_are_refused(visitor: Client, password: str) -> None:
    """The page says why; the link stays good."""
    token = invitations.invite("ada@example.org", Role.MODERATOR)
    page = visitor.post(path(token), {"password": password})
    assert page.status_code == 422
    assert 'id="errors"' in page.content.decode()
    assert not Organiser.objects.exists()
    assert visitor.get(path(token)).status_code == 200


def test_who_has_an_account_accepts_with_it(account: Any, log_in: Any, visitor: Client) -> None:
    """Not without login, not with another account; nobody sets a new password by an invitation."""
    holder, _ = account("ada@example.org"), account("eve@example.org")
    before = holder.password
    token = invitations.invite("ada@example.org", Role.MODERATOR)
    for client in (visitor, log_in("eve@example.org")):
        assert client.post(path(token), {"password": "another long password"}).status_code == 200
    assert not Organiser.objects.filter(is_staff=True).exists()
    assert Organiser.objects.get(pk=holder.pk).password == before
    assert log_in("ada@example.org").post(path(token)).status_code == 302
    assert list(Organiser.objects.filter(is_staff=True)) == [holder]


def test_the_mandate_follows_the_invitation(visitor: Client) -> None:
    """Whoever accepts for an organisation represents that one and no other."""
    from countermark.web.organisations.models import Organisation, State
    from countermark.web.organisations.roles import organisations_of

    def organisation(name: str, state: str) -> Organisation:
        return Organisation.objects.create(
            uid=new_uid(),
            slug=name,
            name=name,
            kind="union",
            domain=f"{name}.example.org",
            country="FR",
            email=f"a@{name}.example.org",
            state=state,
            language="en",
            text_version=1,
            created_at=timezone.now(),
        )

    ours, _, withdrawn = (
        organisation("ours", State.VERIFIED),
        organisation("theirs", State.VERIFIED),
        organisation("gone", State.WITHDRAWN),
    )
    for subject in (ours.pk, withdrawn.pk, 10**9):
        token = invitations.invite("ada@example.org", Role.REPRESENTATIVE, subject)
        if subject == ours.pk:
            assert invitations.accept_new(token, PASSWORD) is not None
        else:
            assert invitations.accept_as(token, Organiser.objects.get())
    assert list(organisations_of(Organiser.objects.get())) == [ours]
    Organisation.objects.filter(pk=ours.pk).update(state=State.WITHDRAWN)
    assert not organisations_of(Organiser.objects.get()).exists()


def test_the_terminal_makes_organisers(visitor: Client, settings: Any) -> None:
    """It prints an address and no password; the account has the rights that were asked for."""
    address = create_organiser("head@example.org", superuser=True)
    assert address.startswith(f"{settings.SITE_ORIGIN}/accounts/invitation/")
    assert not Organiser.objects.exists()
    visitor.post(address.removeprefix(settings.SITE_ORIGIN), {"password": PASSWORD})
    user = Organiser.objects.get()
    assert user.is_superuser
    assert user.is_staff
    with pytest.raises(InputError, match="no@way@"):
        create_organiser("no@way@", superuser=False)


def test_old_invitations_are_forgotten(site: None) -> None:
    """Thirty days after they were made."""
    invitations.invite("ada@example.org", Role.MODERATOR)
    assert invitations.forget_old(timezone.now()) == 0
    assert invitations.forget_old(timezone.now() + timedelta(days=31)) == 1
