"""Signatories as the roll's sequencer sees them: who waits to be entered, and what the public may see of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection

from countermark.web.config.tokens import make_token
from countermark.web.fields.names import folded
from countermark.web.mail.outbox import Letter, queue_all
from countermark.web.roll.source import Face
from countermark.web.signing.models import Display, Signature, State
from countermark.web.signing.trades import unpacked
from countermark.web.statement.texts import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

KIND: Final = "person"
SOME: Final = 500  # ids in one query
SHOWN: Final = (
    *("pk", "name", "display", "trades", "country"),
    *("organisation_id", "organisation_name", "confirmed_at"),
)


def face_of(signature: Signature) -> Face:
    """What a signatory chose to show: name, trades, country and organisation; the name alone; or nothing."""
    day: date = signature.confirmed_at.date()
    record: dict[str, object] = {}
    if signature.display == Display.UNNAMED:
        return Face(signature.pk, KIND, record, signature.display, entered_on=day)
    record["name"] = signature.name
    if signature.display == Display.NAME:
        return Face(
            signature.pk,
            KIND,
            record,
            signature.display,
            signature.name,
            folded(signature.name),
            entered_on=day,
        )
    record |= {
        "trades": unpacked(signature.trades),
        "country": signature.country,
        "organisation": signature.organisation_name,
    }
    return Face(
        source_id=signature.pk,
        kind=KIND,
        record=record,
        display=signature.display,
        name=signature.name,
        folded=folded(signature.name),
        trades=signature.trades,
        country=signature.country,
        organisation_id=signature.organisation_id,
        organisation_name=signature.organisation_name,
        entered_on=day,
    )


class SignatureSource:
    """Persons, for the sequencer (`roll.source.Source`)."""

    kind: str = KIND

    def waiting(self, limit: int) -> Sequence[Face]:
        """Those who are confirmed and have no number, oldest first; locked against withdrawal on PostgreSQL."""
        rows = Signature.objects.filter(state=State.CONFIRMED, roll_number=None).order_by("pk").only(*SHOWN)
        return [face_of(row) for row in rows.select_for_update(of=("self",), skip_locked=True)[:limit]]

    def entered(self, numbers: Mapping[int, int]) -> None:
        """Write the numbers back and queue the mail that tells each signatory theirs."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE signing_signature SET roll_number = %s WHERE id = %s",
                [(number, key) for key, number in numbers.items()],
            )
        keys = sorted(numbers)
        for begin in range(0, len(keys), SOME):
            queue_all(_letters(keys[begin : begin + SOME]))

    def face(self, source_id: int) -> Face | None:
        """The face as it now stands; None where the signature is gone."""
        found = Signature.objects.filter(pk=source_id).only(*SHOWN).first()
        return face_of(found) if found else None


def _letters(keys: list[int]) -> Iterable[Letter]:
    fields = ("uid", "email", "email_key", "name", "language", "text_version", "roll_number")
    texts: dict[tuple[str, int], dict[str, object]] = {}
    for row in Signature.objects.filter(pk__in=keys).exclude(email="").order_by("pk").values_list(*fields):
        uid, email, key, name, language, version, number = row
        if (language, version) not in texts:
            text = in_force(language, version)
            texts[language, version] = {
                "title": text.title if text else "",
                "version": version,
                "sha256": text.sha256 if text else "",
            }
        mine = make_token("mine", bytes(uid))
        context = {"mine": mine, "name": name, "number": number, **texts[language, version]}
        yield Letter("signed", email, bytes(key), language, context)
