"""Signatories as the sequencer sees them: what each display level shows, and the number that comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("display", "record", "name", "country"),
    [
        (
            "1",
            {
                "name": "Anaïs Dubœuf",
                "trades": ["composer", "musician"],
                "country": "FR",
                "organisation": "Le Chœur",
            },
            "Anaïs Dubœuf",
            "FR",
        ),
        ("2", {"name": "Anaïs Dubœuf"}, "Anaïs Dubœuf", ""),
        ("3", {}, "", ""),
    ],
)
def test_a_face_shows_what_was_chosen(
    signed: Callable[..., Any], display: str, record: dict[str, object], name: str, country: str
) -> None:
    """Record and columns hold what the display level says, and nothing else."""
    from countermark.web.signing.source import SignatureSource

    signature = signed(display=display, organisation="Le Chœur")
    (face,) = SignatureSource().waiting(10)
    assert (face.source_id, face.kind, face.display) == (signature.pk, "person", int(display))
    assert face.record == record
    assert (face.name, face.country) == (name, country)
    assert face.folded == ("anais duboeuf" if name else "")
    assert SignatureSource().face(signature.pk) == face


def test_only_confirmed_signatures_without_a_number_wait(signed: Callable[..., Any]) -> None:
    """Held and invalidated ones stay away; what is entered leaves the line, oldest first."""
    from countermark.web.signing.models import Signature
    from countermark.web.signing.source import SignatureSource

    first = signed()
    signed(name="Pаul", email="held@example.fr")
    last = signed(email="last@example.fr")
    source = SignatureSource()
    assert [face.source_id for face in source.waiting(10)] == [first.pk, last.pk]
    assert [face.source_id for face in source.waiting(1)] == [first.pk]
    source.entered({first.pk: 41})
    assert [face.source_id for face in source.waiting(10)] == [last.pk]
    assert Signature.objects.get(pk=first.pk).roll_number == 41
    assert source.face(10**9) is None


def test_entering_queues_one_mail_each_in_its_language(
    signed: Callable[..., Any], enter: Callable[[], int]
) -> None:
    """The mail knows number, title and digest; one without an address gets none."""
    from countermark.web.mail.models import Message
    from countermark.web.signing.models import Signature
    from countermark.web.statement.texts import in_force

    signed()
    erased = signed(email="erased@example.fr")
    Signature.objects.filter(pk=erased.pk).update(email="", email_key=None)
    enter()
    message = Message.objects.get(kind="signed")
    text = in_force("fr")
    assert text is not None
    assert (message.language, message.context["number"]) == ("fr", 1)
    assert (message.context["sha256"], message.context["title"]) == (text.sha256, text.title)
