"""The key that signs the roll's heads: an Ed25519 key in the data folder, made on first use."""

from __future__ import annotations

import hashlib
import os
import secrets
from functools import cache
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from countermark.errors import InputError
from countermark.web.roll.models import Head

if TYPE_CHECKING:
    from pathlib import Path

KEY_FILE: Final = "roll-key.pem"


def signing_key() -> Ed25519PrivateKey:
    """The private key of the roll. Raises InputError where it is damaged, or gone from a roll that it has signed."""
    return _read(settings.DATA / KEY_FILE)


def public_key() -> bytes:
    """The public key: 32 bytes."""
    return signing_key().public_key().public_bytes_raw()


def log_id() -> str:
    """The name of the log: the fingerprint of its public key, SHA-256, hexadecimal."""
    return hashlib.sha256(public_key()).hexdigest()


@cache
def _read(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        if Head.objects.exists():
            raise InputError(f"{path} is missing, and the roll was signed with it; restore it from a backup")
        _make_file(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(f"{path} is damaged: it should hold an Ed25519 key in PEM; restore it from a backup")
    return key


def _make_file(path: Path) -> None:
    """Put a new key there, whole or not at all, unless another process was faster."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(pem)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
