"""What Django and allauth send goes through the outbox, like every other mail."""

from __future__ import annotations

import hashlib
import hmac
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import get_language

from countermark.web.config.keys import derive
from countermark.web.mail.outbox import queue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage


class OutboxBackend(BaseEmailBackend):
    """Queues each recipient's copy as a mail of kind "plain": subject and text as they come, no attachments."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the mails in the caller's transaction; return how many."""
        for mail in email_messages:
            context = {"subject": " ".join(mail.subject.split()), "body": str(mail.body)}
            for recipient in mail.recipients():
                address = parseaddr(recipient)[1]
                queue("plain", address, _key(address), get_language() or "en", context, priority=2)
        return len(email_messages)


def _key(address: str) -> bytes:
    """A keyed digest of an account's address, so that its mails can be found without it."""
    key = derive(settings.ROOT_KEY, "account mail")
    return hmac.new(key, address.casefold().encode(), hashlib.sha256).digest()
