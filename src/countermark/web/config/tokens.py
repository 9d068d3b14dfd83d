"""Links in mails: a row's uid and a proof that we made the link, for one purpose only. Nothing is stored.

A token is base64url of uid (16 bytes) || HMAC-SHA-256(key of the purpose, uid) cut to 16 bytes: 43 characters.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Final

from django.conf import settings

from countermark.web.config.keys import derive

UID_BYTES: Final = 16
PROOF_BYTES: Final = 16


def new_uid() -> bytes:
    """16 random bytes."""
    return secrets.token_bytes(UID_BYTES)


def _proof(purpose: str, uid: bytes) -> bytes:
    key = derive(settings.ROOT_KEY, f"link {purpose}")
    return hmac.new(key, uid, hashlib.sha256).digest()[:PROOF_BYTES]


def make_token(purpose: str, uid: bytes) -> str:
    """The token of a uid for a purpose such as "confirm"."""
    return base64.urlsafe_b64encode(bytes(uid) + _proof(purpose, bytes(uid))).rstrip(b"=").decode()


def read_token(purpose: str, token: str) -> bytes | None:
    """The uid of a token that we made for this purpose; None for any other text."""
    try:
        content = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    uid, proof = content[:UID_BYTES], content[UID_BYTES:]
    if len(uid) != UID_BYTES or not hmac.compare_digest(proof, _proof(purpose, uid)):
        return None
    return uid if token == make_token(purpose, uid) else None  # one spelling only
