"""Wake Django up for a command, and tell what is missing or unreachable in one line."""

from __future__ import annotations

import os
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEEDED: Final = ("django", "allauth", "granian", "nh3", "whitenoise", "ninja", "altcha")
SETTINGS: Final = "countermark.web.config.settings"
MISSING: Final = "The site needs more: pip install 'countermark[web]'"


def name_data(data: Path | None) -> None:
    """Let `data`, where given, be the data folder of this process and of those it starts."""
    if data is not None:
        os.environ["COUNTERMARK_DATA"] = str(data.absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS


def start(data: Path | None = None, *, make: bool = False) -> None:
    """Load the settings and every room; raises InputError for what is missing or wrong in the environment.

    Only with `make` may the folder be one that holds no site yet.
    """
    if any(find_spec(name) is None for name in NEEDED):
        raise InputError(MISSING)
    name_data(data)
    from countermark.web.config.environment import read_environment  # noqa: PLC0415
    from countermark.web.config.keys import ROOT_FILE  # noqa: PLC0415

    folder = read_environment().data
    if make or folder.exists():
        _usable(folder)
    if not make and not (folder / ROOT_FILE).exists():
        raise InputError(
            f"{folder} holds no site; `countermark serve` makes one, and --data or COUNTERMARK_DATA names another"
        )
    import django  # noqa: PLC0415  only commands of the site wait for it

    django.setup()


def _usable(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(13, "not allowed to this user")
    except OSError as error:
        raise InputError(
            f"COUNTERMARK_DATA: {folder} cannot be used: {error.strerror or error}; "
            "accepted is a folder that this user may write to"
        ) from error


@contextmanager
def database_told() -> Iterator[None]:
    """Turn what a database refuses into InputError, without the address and password of the database."""
    from django.db import DatabaseError, InterfaceError, connection  # noqa: PLC0415

    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        said = " ".join(str(error).split())[:200]
        name = "DATABASE_URL" if connection.vendor == "postgresql" else str(connection.settings_dict["NAME"])
        raise InputError(f"{name}: the database cannot do this: {said}") from error
