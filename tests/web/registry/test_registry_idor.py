"""Nobody reaches what belongs to another: across members, and across organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from countermark.web.registry.deposits import register_deposit
from countermark.web.registry.models import Deposit, Work
from countermark.web.registry.texts import Facts, register_text
from web.registry.member_works import SALT, register, zipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from countermark.web.registry.models import Member
    from web.registry.member_works import Scanned


@pytest.mark.parametrize("name", ["work", "work_file", "work_remove"])
def test_works_of_another_member_do_not_exist(inside: Client, join: Callable[..., Member], name: str) -> None:
    """Whatever is asked of them; the same page as for a work that there never was."""
    other = join()
    work = register_text(other, SimpleUploadedFile("r.txt", b"Somebody else wrote this."), Facts())
    for method in (inside.get, inside.post):
        theirs = method(reverse(name, args=[work.uid]))
        none = method(reverse(name, args=["0" * 32]))
        assert theirs.status_code == none.status_code
        assert theirs.status_code in (404, 405)
    assert Work.objects.filter(pk=work.pk).exists()


def test_deposits_of_another_member_do_not_exist(
    inside: Client, join: Callable[..., Member], deposited: Scanned
) -> None:
    """Neither to be seen nor to be removed."""
    deposit = register_deposit(
        join(), SimpleUploadedFile("i", zipped(deposited.index)), SimpleUploadedFile("s", SALT)
    )
    for method in (inside.get, inside.post):
        assert method(reverse("deposit_remove", args=[deposit.uid])).status_code == 404
    assert Deposit.objects.exists()
    assert inside.get(reverse("work", args=[deposit.works.all()[0].uid])).status_code == 404


def test_lists_and_data_are_one_members_own(
    inside: Client, member: Member, join: Callable[..., Member]
) -> None:
    """A title of another appears nowhere."""
    register(member, ["a" * 32])
    register(join(), ["b" * 32])
    for name in ("member_space", "member_data"):
        page = inside.get(reverse(name)).content.decode()
        assert "Work a" in page
        assert "Work b" not in page


def test_a_deposited_work_is_not_removed_by_itself(
    inside: Client, member: Member, deposited: Scanned
) -> None:
    """The deposit goes as a whole; there is no file to download either."""
    deposit = register_deposit(
        member, SimpleUploadedFile("i", zipped(deposited.index)), SimpleUploadedFile("s", SALT)
    )
    uid = deposit.works.all()[0].uid
    assert inside.get(reverse("work", args=[uid])).status_code == 200
    assert inside.post(reverse("work_remove", args=[uid])).status_code == 404
    assert inside.get(reverse("work_file", args=[uid])).status_code == 404


def test_a_session_of_the_dashboards_is_none_of_the_member_space(site: None, admin_client: Client) -> None:
    """Not even an administrator's."""
    assert admin_client.get(reverse("member_space")).status_code == 403


def test_a_forged_session_value_opens_nothing(inside: Client, member: Member) -> None:
    """A uid of another kind, and a time that is no time, are no session."""
    session = inside.session
    for key, value in (
        ("member", "00" * 16),
        ("member", 7),
        ("member_until", "soon"),
        ("member_until", True),
    ):
        kept = session[key]
        session[key] = value
        session.save()
        assert inside.get(reverse("member_space")).status_code == 403
        session[key] = kept
        session.save()
    assert inside.get(reverse("member_space")).status_code == 200
    assert timezone.now().timestamp() < session["member_until"]
