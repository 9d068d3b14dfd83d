"""How long what is kept, for the privacy page: read from the rooms that delete it."""

from __future__ import annotations

from typing import Final

from countermark.web.mail.delivery import KEPT_AFTERWARDS
from countermark.web.signing.actions.confirm import PENDING_DAYS
from countermark.web.signing.retention import NETWORK_KEPT

RETENTION: Final = {  # in days
    "pending_days": PENDING_DAYS,
    "network_days": NETWORK_KEPT.days,
    "mail_days": KEPT_AFTERWARDS.days,
}
