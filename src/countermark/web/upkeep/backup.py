"""Copy a running site into one file: database, keys and uploads, with digests.

Needs no Django, only the environment: a site that does not start can still be backed up.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tarfile
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from countermark import __version__
from countermark.atomic import replacing
from countermark.errors import InputError
from countermark.web.upkeep import postgres
from countermark.web.upkeep.archive import (
    BLOCK,
    DATA,
    DATABASES,
    MANIFEST,
    Manifest,
    compressing,
    is_key,
    is_left_out,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.web.config.environment import Environment

SUFFIXES: Final = (".tar.zst", ".tar.gz", ".tgz")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What was written."""

    path: Path
    bytes: int
    files: int
    keys: bool


def back_up(site: Environment, target: Path, *, keys: bool = True) -> BackedUp:
    """Write a backup to `target`, whole or not at all, readable by its owner only. Raises InputError, OutputError.

    The database is copied first, in one snapshot. A file that is added meanwhile is one too many; one is missing only
    where its member removed it meanwhile.
    """
    if not target.name.endswith(SUFFIXES):
        raise InputError(f"{target}: the name of a backup ends with {', '.join(SUFFIXES)}")
    kind = "postgresql" if "postgresql" in site.database["ENGINE"] else "sqlite"
    if kind == "sqlite" and not Path(site.database["NAME"]).exists():
        raise InputError(f"{site.data}: there is no site in this folder (COUNTERMARK_DATA, or --data)")
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=_beside(target)) as staging:
        database = Path(staging) / DATABASES[kind]
        _copy_database(kind, site.database, database)
        with replacing(target) as file:
            os.fchmod(file.fileno(), 0o600)
            written = _write(target, file, (kind, database), site, keys=keys)
    return BackedUp(target, target.stat().st_size, len(written.files), keys)


def _beside(target: Path) -> Path:
    if not target.parent.is_dir():
        raise InputError(f"{target}: the folder {target.parent} does not exist")
    return target.parent


def _copy_database(kind: str, database: dict[str, Any], copy: Path) -> None:
    copy.touch(mode=0o600)
    if kind == "postgresql":
        with copy.open("wb") as into:
            postgres.dump(database, into)
        return
    try:
        with (
            closing(
                sqlite3.connect(f"{Path(database['NAME']).as_uri()}?mode=ro", uri=True, timeout=20)
            ) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)  # one snapshot; in WAL mode those who write need not wait
            target.execute("PRAGMA journal_mode=DELETE")
            said = target.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise InputError(f"{database['NAME']}: the database cannot be copied: {error}") from error
    if said != "ok":
        raise InputError(f"{database['NAME']}: the database is damaged: {said}")


def _write(
    target: Path, file: IO[bytes], copied: tuple[str, Path], site: Environment, *, keys: bool
) -> Manifest:
    kind, database = copied
    files: dict[str, tuple[int, str]] = {}
    with (
        compressing(target, file) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        files[database.name] = _add(tar, database.name, database)
        live = Path(site.database["NAME"]) if kind == "sqlite" else None
        for name, path in _files(site.data, live, keys=keys):
            with suppress(FileNotFoundError):  # a member removed it meanwhile
                files[f"{DATA}/{name}"] = _add(tar, f"{DATA}/{name}", path)
        manifest = Manifest(datetime.now(UTC).isoformat(timespec="seconds"), __version__, kind, keys, files)
        content = json.dumps(manifest.document(), indent=1, ensure_ascii=False).encode()
        tar.addfile(_member(MANIFEST, len(content)), BytesIO(content))
    return manifest


def _files(data: Path, live: Path | None, *, keys: bool) -> Iterator[tuple[str, Path]]:
    """The files of the data folder in the order of their names, without the `live` database; no link is followed."""
    found = (Path(folder) / name for folder, _, names in os.walk(data) for name in names)
    for path in sorted(found):
        name = path.relative_to(data).as_posix()
        if path.is_symlink() or not path.is_file() or is_left_out(name) or (is_key(name) and not keys):
            continue
        if live is not None and path.parent == live.parent and path.name.startswith(live.name):
            continue
        yield name, path


def _add(tar: tarfile.TarFile, name: str, path: Path) -> tuple[int, str]:
    """Add a file as it is now; it may grow meanwhile, but not into the backup."""
    with path.open("rb") as content:
        size = os.fstat(content.fileno()).st_size
        reader = _Hashing(content, size)
        tar.addfile(_member(name, size), reader)
    return size, reader.digest.hexdigest()


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size
    member.mode = 0o600
    return member


class _Hashing:
    """A file's first bytes, hashed as they are read."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file = file
        self.left = size
        self.digest = hashlib.sha256()

    def read(self, size: int = BLOCK) -> bytes:
        """Give the next bytes."""
        block = self.file.read(min(size, self.left))
        self.left -= len(block)
        self.digest.update(block)
        return block
