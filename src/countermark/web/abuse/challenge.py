"""A proof of work, asked only when the site is under a load that people alone do not make.

The protocol is version 2 of ALTCHA with PBKDF2: the browser tries counters until the derived key begins with the prefix
that was asked for. The counter is drawn beforehand, so that nobody works longer than `MOST_TRIES`. A proof is taken
once, and for `SECONDS`. It is never a puzzle: without a script the signature is held for review instead.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from datetime import timedelta
from functools import cache
from typing import Any, Final

import altcha
from django.conf import settings
from django.db import connection
from django.utils import timezone

from countermark.web.abuse.limits import busiest, rules
from countermark.web.abuse.memory import Remembered
from countermark.web.abuse.switches import is_on
from countermark.web.config.keys import derive

ALGORITHM: Final = "PBKDF2/SHA-256"
ROUNDS: Final = 2000  # about a millisecond for each try on a desk, four on a small phone
FEWEST_TRIES: Final = 200
MOST_TRIES: Final = 1200
SECONDS: Final = 1800  # as long as somebody may take to fill in the form
LONGEST: Final = 4000  # characters of a payload; a real one has about 900
logger = logging.getLogger(__name__)

_busiest: Final = Remembered(lambda: busiest("sign_burst"))


def needed() -> bool:
    """Whether a proof is asked: the switch is on, or the whole site counts more signatures a minute than the threshold.

    The threshold is the rate rule `challenge`; what is counted is the rule `sign_burst`, over all networks.
    """
    if is_on("challenge"):
        return True
    rule, counted = rules()["challenge"], rules()["sign_burst"]
    return rule.enabled and _busiest() * rule.seconds >= rule.limit * counted.seconds


@cache
def _secrets(root: bytes) -> tuple[bytes, bytes]:
    return derive(root, "challenge"), derive(root, "challenge answer")


def issue() -> dict[str, Any]:
    """A new challenge, as JSON for the browser; costs one derivation, about a millisecond."""
    secret, answer_secret = _secrets(settings.ROOT_KEY)
    challenge = altcha.create_challenge(
        ALGORITHM,
        ROUNDS,
        counter=FEWEST_TRIES + secrets.randbelow(MOST_TRIES - FEWEST_TRIES + 1),
        expires_at=int(time.time()) + SECONDS,
        hmac_secret=secret,
        hmac_key_secret=answer_secret,
    )
    document: dict[str, Any] = challenge.to_dict()
    return document


def check(payload: str) -> bool:
    """Whether a payload solves a challenge of ours that is in time and was not handed in before.

    Marks it as spent in the caller's transaction. Costs two HMACs, no derivation: a false one is cheap to refuse.
    """
    if not payload or len(payload) > LONGEST or not payload.isascii():
        return False
    secret, answer_secret = _secrets(settings.ROOT_KEY)
    try:
        signed = altcha.Payload.from_base64(payload)
        result = altcha.verify_solution(signed, secret, hmac_key_secret=answer_secret)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    return bool(result.verified) and _spend(signed.challenge.signature or "")


def _spend(proof: str) -> bool:
    """Write that a challenge was used; False where it was before."""
    digest = hashlib.sha256(proof.lower().encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO abuse_usedchallenge (digest, expires_at) VALUES (%s, %s) ON CONFLICT (digest) DO NOTHING",
            [
                digest,
                connection.ops.adapt_datetimefield_value(timezone.now() + timedelta(seconds=2 * SECONDS)),
            ],
        )
        return bool(cursor.rowcount == 1)
