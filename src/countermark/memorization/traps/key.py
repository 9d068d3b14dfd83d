"""The key of traps, and the draws that are made with it.

Nothing but the key has to be kept: every candidate, and which of them is published, is computed from it. Whoever has it
can tell the published candidates from the others; whoever lacks it cannot.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from countermark.errors import OutputError, PlanError
from countermark.roll.hashing import UnusableFileError, canonical

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GENERATOR: Final = "traps-v1"
"""The version of everything that turns a key into candidates: draws, templates, slots and word lists."""

FORMAT: Final = "countermark-trap-key-1"
KEY_BYTES: Final = 32
_LARGEST: Final = 4096  # bytes of a key file; ours has about 160
_WORD: Final = 8  # bytes of a stream that make one number

Item = TypeVar("Item")


class Draw:
    """A stream of fair draws, the same for the same seed on every machine."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._block = 0
        self._left = b""

    def below(self, n: int) -> int:
        """A whole number in [0, n), each with the same probability. 1 <= n <= 2^64."""
        if not 1 <= n <= 1 << 64:
            raise ValueError(f"cannot draw below {n}")
        fair = (1 << 64) - (1 << 64) % n  # numbers from here on would favour the small remainders
        while True:
            number = self._next()
            if number < fair:
                return number % n

    def choice(self, items: Sequence[Item]) -> Item:
        """One of `items`, each place with the same probability."""
        return items[self.below(len(items))]

    def coin(self) -> int:
        """0 or 1."""
        return self.below(2)

    def _next(self) -> int:
        if not self._left:
            # Block n of the stream is HMAC-SHA256(seed, n as 8 bytes, the highest first).
            self._left = hmac.digest(self._seed, self._block.to_bytes(8, "big"), "sha256")
            self._block += 1
        word, self._left = self._left[:_WORD], self._left[_WORD:]
        return int.from_bytes(word, "big")


@dataclass(frozen=True)
class TrapKey:
    """32 secret bytes. They are in no message, no log and no representation of the object."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse anything but 32 bytes."""
        if len(self.secret) != KEY_BYTES:
            raise PlanError(f"a key of traps has {KEY_BYTES} bytes")

    @property
    def digest(self) -> str:
        """`sha256:` and the digest of the secret in hexadecimal: what is committed to, and tells nothing of it."""
        return f"sha256:{hashlib.sha256(self.secret).hexdigest()}"

    def draw(self, *label: str | int) -> Draw:
        """The stream whose seed is HMAC-SHA256(secret, canonical JSON of [generator, *label])."""
        try:
            message = canonical([GENERATOR, *label])
        except UnusableFileError as error:
            raise PlanError(f"the name of a work or a channel cannot be used in a draw: {error}") from None
        return Draw(hmac.digest(self.secret, message, "sha256"))


def new_key(path: Path) -> TrapKey:
    """Draw a key and write it to `path`, which only its owner can read; never over a file. Raises OutputError."""
    key = TrapKey(secrets.token_bytes(KEY_BYTES))
    said = {"format": FORMAT, "generator": GENERATOR, "key": key.secret.hex()}
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise OutputError(f"{path}: exists already; a key is never overwritten") from None
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
    try:
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  a descriptor that is open
            file.write(json.dumps(said, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
    return key


def read_key(path: Path) -> TrapKey:
    """The key in the file `path`. Raises PlanError, whose message holds nothing of the file."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        raise PlanError(
            f"{path}: there is no such key; without its key a trap can neither be planted nor tested"
        ) from None
    except OSError as error:
        raise PlanError(f"{path}: the key cannot be read: {error.strerror or error}") from None
    said = _parsed(data)
    if said is None or said.get("format") != FORMAT:
        raise PlanError(f"{path}: is no key of traps; accepted is a file that `countermark trap new` wrote")
    if said.get("generator") != GENERATOR:
        raise PlanError(f"{path}: belongs to another generator of traps; this one is {GENERATOR}")
    secret = said.get("key")
    if not isinstance(secret, str) or len(secret) != 2 * KEY_BYTES or set(secret) - set("0123456789abcdef"):
        raise PlanError(f"{path}: the key is damaged; 64 hexadecimal digits are accepted")
    return TrapKey(bytes.fromhex(secret))


def _parsed(data: bytes) -> dict[str, object] | None:
    if len(data) > _LARGEST:
        return None
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
