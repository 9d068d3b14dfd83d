"""The key that signs dossiers: Ed25519 (RFC 8032) in a PKCS#8 PEM file that nobody but its owner can read.

The fingerprint is the SHA-256 of the public key as SubjectPublicKeyInfo (DER): what
`openssl pkey -pubin -in public.pem -outform DER | sha256sum` prints.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from countermark.errors import InputError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST: Final = 16_384
_PEM: Final = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key in memory. Its seed is never shown: not by `repr`, not in an error."""

    _private: Ed25519PrivateKey = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the public key (hexadecimal)."""
        return fingerprint(self._private.public_key())

    @property
    def public_pem(self) -> bytes:
        """The public key as PEM."""
        return self._private.public_key().public_bytes(_PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes: only for deriving other secrets from them."""
        return self._private.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of a signature; the same message always has the same one."""
        return self._private.sign(message)


def fingerprint(public: Ed25519PublicKey) -> str:
    """The SHA-256 of the key as SubjectPublicKeyInfo, hexadecimal."""
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def new_key(path: Path, passphrase: str | None = None) -> SigningKey:
    """Draw a key and write it to `path`, for its owner's eyes only (mode 0600).

    Raises InputError where something is there already, OutputError where it cannot be written.
    """
    private = Ed25519PrivateKey.generate()
    locked: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        locked = serialization.BestAvailableEncryption(passphrase.encode())
    pem = private.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, locked)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError:
        raise InputError(
            f"{path}: is there already, and a key is never overwritten; give another --out"
        ) from None
    except OSError as error:
        raise OutputError(f"{path}: the key cannot be written: {error.strerror or error}") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return SigningKey(private)


def load_key(path: Path, passphrase: str | None = None) -> SigningKey:
    """Read the key in `path`. Raises InputError: not there, readable by others, not a key, another kind of key."""
    data = _private_bytes(path)
    try:
        key = serialization.load_pem_private_key(data, passphrase.encode() if passphrase else None)
    except TypeError:
        said = (
            "needs no passphrase" if passphrase else "is locked: give its passphrase (--passphrase-env NAME)"
        )
        raise InputError(f"{path}: {said}") from None
    except (ValueError, UnsupportedAlgorithm):
        wrong = " or the passphrase is wrong" if passphrase else ""
        raise InputError(f"{path}: is no private key in PEM (PKCS#8){wrong}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(
            f"{path}: is a key of another kind: Ed25519 is accepted ('countermark dossier key new')"
        )
    return SigningKey(key)


def _private_bytes(path: Path) -> bytes:
    """The file's bytes, if it is a plain file of this user that nobody else can read; the open file is judged."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise InputError(
            f"{path}: no such key; make one with 'countermark dossier key new --out {path}'"
        ) from None
    except OSError as error:
        said = "is a link: give the file itself" if path.is_symlink() else error.strerror or error
        raise InputError(f"{path}: the key cannot be read: {said}") from None
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        os.close(descriptor)
        raise InputError(f"{path}: is no plain file")
    with os.fdopen(descriptor, "rb") as file:
        if os.name == "posix" and facts.st_uid != os.geteuid():
            raise InputError(f"{path}: the key belongs to another user: give a key of your own")
        if os.name == "posix" and facts.st_mode & 0o077:
            mode = stat.S_IMODE(facts.st_mode)
            raise InputError(
                f"{path}: others can read this key (mode {mode:04o}): chmod 600 it, or make a new one"
            )
        return file.read(_LARGEST)


def load_public(pem: bytes) -> Ed25519PublicKey | None:
    """The public key of a PEM file; None where it is none, or of another kind."""
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def holds(public: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is one by the key on `message`."""
    try:
        public.verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
