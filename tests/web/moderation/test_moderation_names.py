"""Notable names are held in every spelling, unless the mail address proves their bearer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError

from countermark.errors import InputError
from countermark.web.mail.letters import words_of
from countermark.web.mail.models import Message
from countermark.web.moderation import reviews
from countermark.web.moderation.models import NotableName
from countermark.web.moderation.names import skeleton
from countermark.web.signing.models import State
from countermark.web.signing.review import must_be_held

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.web.accounts.models import Organiser
    from countermark.web.signing.models import Signature


@pytest.mark.parametrize(
    "name",
    ["Anna Dúval", "ANNA DUVAL", "anna-duval", "Anna  Duva1", "A n n a Duval", "Αnna Duval", "аnnа Duvаl"],
)
@pytest.mark.usefixtures("db")
def test_every_spelling_is_the_same_name(name: str) -> None:
    """Accents, case, spaces, signs and look-alikes do not matter."""
    assert skeleton(name) == skeleton("Anna Duval")
    assert skeleton("Anne Duval") != skeleton("Anna Duval")


@pytest.mark.usefixtures("db")
def test_the_signing_room_asks() -> None:
    """The check is registered when the site starts; a name listed a moment ago counts."""
    assert must_be_held("Anna Duval", "a@gmail.com") == ""
    NotableName.objects.create(name="Anna Duval", domain="duval.example")
    assert must_be_held("ANNA DÚVAL", "a@gmail.com") == "notable-name"
    assert must_be_held("Anna Duval", "anna@notduval.example") == "notable-name"
    assert must_be_held("Anna Duval", "office@DUVAL.example") == ""
    assert must_be_held("Anna Duval", "office@mail.duval.example") == ""
    assert must_be_held("Anne Duval", "a@gmail.com") == ""


@pytest.mark.parametrize("domain", ["gmail.com", "*.example.org", "a b", "someone@example.org"])
@pytest.mark.usefixtures("db")
def test_a_domain_that_proves_nothing_is_refused(domain: str) -> None:
    """Where anybody may have a mailbox, a mail address is no proof."""
    with pytest.raises(ValidationError):
        NotableName(name="Anna Duval", domain=domain).full_clean()


@pytest.mark.usefixtures("db")
def test_a_name_is_listed_once() -> None:
    """Another spelling of a listed name is refused with words, not with a fault of the database."""
    NotableName.objects.create(name="Anna Duval")
    with pytest.raises(ValidationError, match="already"):
        NotableName(name="anna dúval").full_clean()
    with pytest.raises(ValidationError):
        NotableName(name="…").full_clean()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_mail_that_asks_for_proof(
    signature: Callable[..., Signature], moderator: Organiser, language: str
) -> None:
    """It goes to the signer in their language, with the code and the link to withdraw; at most three an hour."""
    NotableName.objects.create(name="Anna Duval", domain="duval.example")
    row = signature(name="Anna & Duval", state=State.HELD, held_because="notable-name", language=language)
    with pytest.raises(InputError, match="notable"):
        reviews.ask_for_proof(signature(state=State.HELD, name="Other").pk, moderator)
    assert skeleton("Anna & Duval") == skeleton("Anna Duval")
    for _ in range(3):
        reviews.ask_for_proof(row.pk, moderator)
    with pytest.raises(InputError, match="later"):
        reviews.ask_for_proof(row.pk, moderator)
    mails = Message.objects.filter(kind="ask_proof")
    assert mails.count() == 3
    mail = mails[0]
    assert (mail.recipient, mail.language) == (row.email, language)
    subject, body = words_of(mail.kind, mail.language, mail.context)
    assert subject
    assert reviews.code_of(row) in body
    assert "Anna & Duval" in " ".join(body.split())
    assert "duval.example" in body
    assert f"/{language}/mine/{mail.context['token']}/" in body
