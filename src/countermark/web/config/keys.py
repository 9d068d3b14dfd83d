"""The site's secrets: one root key in the data folder, from which every other key is derived by its purpose.

Derivation is HKDF-Expand with SHA-256 for one block (RFC 5869, section 2.3): HMAC(root, purpose || 0x01).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import cache
from typing import TYPE_CHECKING

from countermark.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

ROOT_BYTES = 32
ROOT_FILE = "site.key"


def make_private(path: Path, content: bytes) -> bool:
    """Write a file that only its owner reads, unless it exists; tell whether it was written."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return True


@cache
def root_key(data: Path) -> bytes:
    """The root key of the site in folder `data`; made on first use. Raises InputError where it is damaged."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data / ROOT_FILE
    make_private(path, secrets.token_hex(ROOT_BYTES).encode() + b"\n")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != ROOT_BYTES:
        raise InputError(f"{path} is damaged: it should hold 64 hexadecimal digits; restore it from a backup")
    return key


def derive(root: bytes, purpose: str) -> bytes:
    """The key for one purpose: 32 bytes."""
    return hmac.new(root, purpose.encode() + b"\x01", hashlib.sha256).digest()
