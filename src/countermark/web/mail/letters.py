"""A row of the outbox as a mail: rendered in its language at delivery, from `mail/<kind>.txt`.

The first line of a template is the subject; after an empty line comes the body. Templates know `origin`, the address
of the site, besides the row's context.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import textwrap
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import get_template
from django.utils import translation

from countermark.web.config.keys import derive

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from countermark.web.mail.models import Message

POLICY: Final = SMTP.clone(max_line_length=78)
EMPTY_LINES: Final = re.compile(r"\n{3,}")
LONGEST_SUBJECT: Final = 200
LINE: Final = 72


def words_of(kind: str, language: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and body of a mail, in a language."""
    with translation.override(language):
        text = get_template(f"mail/{kind}.txt").render({"origin": settings.SITE_ORIGIN, **context})
    subject, _, body = text.strip().replace("\r\n", "\n").partition("\n")
    return " ".join(subject.split())[:LONGEST_SUBJECT], _set(EMPTY_LINES.sub("\n\n", body.strip())) + "\n"


def _set(body: str) -> str:
    """Lines of at most 72 columns; an address, which has no space, is never broken."""
    return "\n".join(
        textwrap.fill(line, LINE, break_long_words=False, break_on_hyphens=False)
        if len(line) > LINE
        else line
        for line in body.split("\n")
    )


def message_id(pk: int) -> str:
    """The Message-ID of row `pk`: the same whenever it is written, and telling nothing of how many there are."""
    key = derive(settings.ROOT_KEY, "message-id")
    digest = hmac.new(key, str(pk).encode(), hashlib.sha256).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.SITE_ORIGIN).hostname or 'localhost'}>"


def letter_of(row: Message) -> EmailMessage:
    """The mail of a row, in plain text. Headers cannot hold a line end: `email` refuses to write them."""
    subject, body = words_of(row.kind, row.language, row.context)
    mail = EmailMessage(policy=POLICY)
    mail["From"] = _sender()
    mail["To"] = Address(addr_spec=row.recipient)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(row.created_at)
    mail["Message-ID"] = message_id(row.pk)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    mail["Content-Language"] = row.language
    mail.set_content(body, charset="utf-8", cte="quoted-printable")
    return mail


def _sender() -> Address:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Address(display_name=name, addr_spec=address)
