"""Make a pending signature a signature: once, however often it is asked and by however many at a time.

On the hot path: one transaction, raw SQL; the unique keys of the database decide, not a look beforehand.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.utils import timezone

from countermark.web.config.tokens import make_token
from countermark.web.mail.outbox import queue
from countermark.web.signing.models import PendingSignature

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

PENDING_DAYS: Final = 7
KEPT: Final = (
    "uid, name, email, trades, other_trade, country, organisation_id, organisation_name, link, comment, display,"
    " language, text_version, consent_version, address_key, created_at, email_key, held_because"
)
CONFIRM: Final = (
    f"INSERT INTO signing_signature ({KEPT}, state, comment_shown, confirmed_at)"  # noqa: S608
    f" SELECT {KEPT}, CASE WHEN held_because = '' THEN 'confirmed' ELSE 'held' END, FALSE, %s"
    " FROM signing_pendingsignature WHERE uid = %s AND created_at > %s"
    " ON CONFLICT DO NOTHING RETURNING id, email_key, state, email, name, language"
)
CONSENT: Final = (
    "INSERT INTO signing_consent (signature_id, purpose, wording, language, given_at)"
    " SELECT %s, asked.purpose, pending.consent_version, pending.language, %s"
    " FROM signing_pendingsignature AS pending JOIN"
    " (SELECT 'publish' AS purpose UNION ALL SELECT 'contact' UNION ALL SELECT 'share') AS asked"
    " ON (asked.purpose = 'publish' AND pending.publish) OR (asked.purpose = 'contact' AND pending.contact)"
    " OR (asked.purpose = 'share' AND pending.share)"
    " WHERE pending.uid = %s"
)
CLEAR: Final = "DELETE FROM signing_pendingsignature WHERE email_key = %s"
EXISTING: Final = (
    "SELECT uid FROM signing_signature WHERE uid = %s"
    " OR email_key = (SELECT email_key FROM signing_pendingsignature WHERE uid = %s)"
)


def find_pending(uid: bytes) -> PendingSignature | None:
    """The form that waits for its confirmation; None where it is older than seven days or gone."""
    young = timezone.now() - timedelta(days=PENDING_DAYS)
    return PendingSignature.objects.filter(uid=uid, created_at__gt=young).first()


def confirm(uid: bytes) -> bytes | None:
    """Confirm the pending signature `uid`; return the uid of the signature that now stands for its address.

    That is another one where the address had signed before; None where nothing is left to confirm.
    """
    now = timezone.now()
    adapt = connection.ops.adapt_datetimefield_value
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CONFIRM, [adapt(now), uid, adapt(now - timedelta(days=PENDING_DAYS))])
        made = cursor.fetchone()
        if made is None:
            return _existing(cursor, uid)
        key, state, email, name, language = made[1:]
        cursor.execute(CONSENT, [made[0], adapt(now), uid])
        cursor.execute(CLEAR, [key])
        if not cursor.rowcount:  # PostgreSQL: its holder took the form back while we read it
            transaction.set_rollback(True)
            return None
        if state == "held":
            context = {"mine": make_token("mine", uid), "name": name}
            queue("held", email, bytes(key), language, context, priority=2)
    return uid


def _existing(cursor: CursorWrapper, uid: bytes) -> bytes | None:
    cursor.execute(EXISTING, [uid, uid])
    found = cursor.fetchone()
    return bytes(found[0]) if found else None
