"""The salt of a sealed index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from countermark.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

SHORTEST_SALT: Final = 16
"""Bytes; a shorter salt can be tried out."""


def read_salt(path: Path) -> bytes:
    """Read a salt of at least 16 bytes. Raises InputError, which says how one is made."""
    try:
        salt = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            f"{path}: no such salt file; make one with `head -c 32 /dev/urandom > {path}` or "
            f"`python -c \"import os; open('{path}','wb').write(os.urandom(32))\"`, and keep it"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: the salt file cannot be read: {error.strerror}") from error
    if len(salt) < SHORTEST_SALT:
        raise InputError(
            f"{path}: the salt has {len(salt)} bytes; {SHORTEST_SALT} or more are needed, 32 are good"
        )
    return salt


def salt_of(sealed: bool, salt_file: Path | None) -> bytes | None:
    """The salt of a sealed index, None for a full one. Raises UsageError, InputError."""
    if sealed and salt_file is None:
        raise click.UsageError("--sealed needs --salt-file FILE, a file of 16 or more secret random bytes")
    if salt_file is not None and not sealed:
        raise click.UsageError("--salt-file is for a sealed index; add --sealed, or leave it out")
    return None if salt_file is None else read_salt(salt_file)
