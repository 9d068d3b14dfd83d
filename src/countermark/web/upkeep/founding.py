"""Make a site where there is none, and bring an older one up to this version: tables, keys, a first statement."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from countermark.web.abuse.limits import write_defaults
from countermark.web.abuse.switches import write_missing
from countermark.web.accounts.models import Organiser
from countermark.web.config.start import database_told
from countermark.web.statement.demo import begin
from countermark.web.statement.models import Statement

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class Founded:
    """What `found` did, for telling: whether the statement was just written, and whether it is the demonstration."""

    data: Path
    database: str
    began: bool
    demonstration: bool
    organisers: int


def found() -> Founded:
    """Migrate, and write the demonstration statement where there is none; safe to repeat. Raises InputError."""
    data: Path = settings.DATA
    close_to_others(data)
    with database_told():
        call_command("migrate", verbosity=0, interactive=False)
        write_defaults()
        write_missing()
        began = begin()
        statement = Statement.objects.get(pk=1)
        organisers = Organiser.objects.filter(is_superuser=True).count()
    connection.close()
    _close_files(data)
    return Founded(data, connection.vendor, began, statement.demonstration, organisers)


def changes_waiting() -> int:
    """How many changes of tables this version needs that the database does not have yet."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def close_to_others(folder: Path) -> None:
    """Let only its owner into the data folder: names, mail addresses and keys are in it."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid == os.getuid():
        folder.chmod(PRIVATE_FOLDER)


def _close_files(data: Path) -> None:
    for path in data.glob("site.sqlite3*"):
        if path.stat().st_uid == os.getuid():
            path.chmod(0o600)
