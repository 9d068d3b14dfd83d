"""Addresses of servers, and the keys to them: named, never shown."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from countermark.errors import ModelError

_LONGEST_KEY: Final = 4096
_FORMS: Final = ("/chat/completions", "/completions")


class Address(NamedTuple):
    """Where a server listens. `base` is the path before `/completions`; `chat` is None where that is left open."""

    secure: bool
    host: str
    port: int
    base: str
    chat: bool | None

    def __str__(self) -> str:
        """Without the form: as it stands in plans and reports."""
        return f"{'https' if self.secure else 'http'}://{self.netloc}{self.base}"

    @property
    def netloc(self) -> str:
        """Host and port as an address writes them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def address_of(text: str) -> Address:
    """Read `http(s)://host[:port][/v1][/completions | /chat/completions]`; without a path, /v1. Raises ModelError."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ModelError(f"{text!r} is not an address: {error}") from error
    if parts.username is not None or parts.password is not None:
        raise ModelError(
            "an address with a name or a password in it is not accepted; give the key as --api-key"
        )
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ModelError(
            f"{text!r} is not the address of a server; accepted is http(s)://host[:port]/v1, without a query"
        )
    base, chat = parts.path.rstrip("/"), None
    for form in _FORMS:
        if base.endswith(form):
            base, chat = base.removesuffix(form), form == _FORMS[0]
            break
    secure = parts.scheme == "https"
    return Address(secure, parts.hostname, port or (443 if secure else 80), base or "/v1", chat)


def is_loopback(host: str) -> bool:
    """Whether nothing that is sent there leaves this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def key_of(named: str) -> str:
    """The key in the environment variable or the file `named`; empty for an empty name.

    Raises ModelError, which does not repeat `named`: it may be the key itself, given by mistake.
    """
    if not named:
        return ""
    key = os.environ.get(named, "")
    if not key:
        key = _in_file(Path(named))
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or len(key) > _LONGEST_KEY:
        raise ModelError("the API key that was named is empty or is not one line of printable ASCII")
    return key


def _in_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST_KEY + 2).decode("ascii", errors="replace")
    except (OSError, ValueError) as error:
        raise ModelError(
            "the API key is given by the name of an environment variable or of a file that holds it;"
            " what was given names neither"
        ) from error
