"""How allauth behaves here: accounts are by invitation, subjects are one line, secrets of second factors are sealed."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings

from countermark.web.config.keys import derive

if TYPE_CHECKING:
    from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts of organisers."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody makes an account for themselves: a moderator or a mandate invites."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """The subject alone, on one line."""
        return " ".join(str(subject).split())


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: what the database holds of them is of no use without the site's root key."""

    def encrypt(self, text: str) -> str:
        """Seal a secret of an authenticator app or the seed of recovery codes."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed; raises cryptography.fernet.InvalidToken for anything else."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return "Countermark"


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derive(settings.ROOT_KEY, "second factors")))
