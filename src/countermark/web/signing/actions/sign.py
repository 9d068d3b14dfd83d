"""Take a filled form: a pending signature and the mail that asks to confirm it, or neither.

On the hot path: one transaction, raw SQL.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from countermark.web.abuse import challenge, lists
from countermark.web.abuse.emails import email_key
from countermark.web.abuse.limits import allowed
from countermark.web.config.tokens import make_token, new_uid
from countermark.web.mail.outbox import queue
from countermark.web.signing.consents import CONSENT_VERSION
from countermark.web.signing.review import must_be_held

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

    from countermark.web.signing.entry import Entry
    from countermark.web.statement.texts import InForce

KNOWN: Final = "SELECT uid, email, name, roll_number, state FROM signing_signature WHERE email_key = %s"
INSERT: Final = (
    "INSERT INTO signing_pendingsignature (uid, name, email, trades, other_trade, country, organisation_id,"
    " organisation_name, link, comment, display, publish, contact, share, language, text_version, consent_version,"
    " address_key, created_at, email_key, held_because)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


class Outcome(Enum):
    """What became of the form; `TAKEN` also where the address was known: the pages do not tell."""

    TAKEN = "taken"
    TOO_MANY = "too many"
    REFUSED = "refused"


class Sender(NamedTuple):
    """Where a form came from: address, keyed digest of its network, language, and the proof of work with it."""

    ip: IPv4Address | IPv6Address
    address_key: bytes
    language: str
    proof: str = ""


def sign(entry: Entry, sender: Sender, text: InForce) -> Outcome:
    """Queue the confirmation of an entry without faults; one who signed already is told by mail only."""
    verdict = lists.verdict(entry.email, sender.ip)
    if verdict == "block":
        return Outcome.REFUSED
    key = email_key(entry.email)
    checks = [("email_daily", key)]
    if verdict != "allow":
        checks = [("sign_burst", sender.address_key), ("sign_sustained", sender.address_key), *checks]
    with transaction.atomic():
        exceeded = allowed(*checks)
        if exceeded is not None:
            # of an address nothing is told, not even that it had its mails of today
            return Outcome.TAKEN if exceeded == "email_daily" else Outcome.TOO_MANY
        # before the look-up: a proof of work is spent for known addresses too, and so tells nothing of them
        held = _held(entry, sender, verdict)
        with connection.cursor() as cursor:
            cursor.execute(KNOWN, [key])
            known = cursor.fetchone()
            if known is None:
                _keep(cursor.execute, entry, sender, text, (key, held))
        if known is not None:
            queue_already(known, key, sender.language)
    return Outcome.TAKEN


def _held(entry: Entry, sender: Sender, verdict: str | None) -> str:
    if verdict == "allow":
        return ""
    if verdict == "hold":
        return "list"
    if challenge.needed() and not challenge.check(sender.proof):
        return "no-proof-of-work"
    return must_be_held(entry.name, entry.email)


def _keep(execute: object, entry: Entry, sender: Sender, text: InForce, marks: tuple[bytes, str]) -> None:
    uid, (key, held) = new_uid(), marks
    execute(  # type: ignore[operator]
        INSERT,
        [
            *(uid, entry.name, entry.email, entry.trades, entry.other_trade, entry.country),
            *(entry.organisation_id, entry.organisation_name, entry.link, entry.comment, entry.display),
            *(entry.publish, entry.contact, entry.share, sender.language, text.version, CONSENT_VERSION),
            sender.address_key,
            connection.ops.adapt_datetimefield_value(timezone.now()),
            key,
            held,
        ],
    )
    queue_confirm((uid, entry.email, entry.name), key, sender.language, text)


def queue_confirm(pending: tuple[bytes, str, str], key: bytes, language: str, text: InForce) -> None:
    """Queue the mail that asks to confirm: `pending` is (uid, mail address, name)."""
    uid, email, name = pending
    context = {
        "token": make_token("confirm", uid),
        "mine": make_token("mine", uid),
        "name": name,
        "title": text.title,
        "version": text.version,
        "sha256": text.sha256,
    }
    queue("confirm", email, key, language, context, priority=1)


def queue_already(
    known: tuple[bytes | memoryview, str, str, int | None, str], key: bytes, language: str
) -> None:
    """Tell one who signed that they did, at the address that they signed with: (uid, email, name, number, state)."""
    uid, email, name, number, state = known
    context = {"mine": make_token("mine", bytes(uid)), "name": name, "number": number, "state": state}
    queue("already", email, key, language, context, priority=2)
