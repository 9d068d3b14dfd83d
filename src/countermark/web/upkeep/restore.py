"""Bring a site back from a backup. Nothing is changed before the whole backup has been read and its digests are right.

What was in the data folder is kept beside, in `before-restore-<time>`. Needs no Django, only the environment.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tarfile
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from countermark.errors import InputError, OutputError
from countermark.web.upkeep import postgres, served
from countermark.web.upkeep.archive import (
    BLOCK,
    DATA,
    DATABASES,
    LARGEST_MANIFEST,
    MANIFEST,
    Manifest,
    decompressing,
    is_key,
    read_manifest,
    safe_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.web.config.environment import Environment

STAGING: Final = ".restoring"
KEPT: Final = "before-restore-"
LOCKS: Final = ("worker.lock", served.FILE)


def restore(site: Environment, source: Path, *, replace: bool = False, dry_run: bool = False) -> Manifest:
    """Restore the backup `source`; with `dry_run` only read and check it. Raises InputError, OutputError."""
    kind = "postgresql" if "postgresql" in site.database["ENGINE"] else "sqlite"
    if not source.is_file():
        raise InputError(
            f"{source}: there is no such file; accepted is a backup of `countermark site backup`"
        )
    if not dry_run:
        _refuse_to_overwrite(site, kind, replace=replace)
    site.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    staging = site.data / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    try:
        manifest = _extracted(source, staging)
        _fits(manifest, kind, site.data)
        if not dry_run:
            with _standing_still(site, kind):
                _put_in_place(site, kind, staging, manifest)
    except OSError as error:
        raise OutputError(
            f"{error.filename or site.data}: {error.strerror or error}; nothing was changed"
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return manifest


def _refuse_to_overwrite(site: Environment, kind: str, *, replace: bool) -> None:
    sqlite = kind == "sqlite"
    empty = not Path(site.database["NAME"]).exists() if sqlite else postgres.is_empty(site.database)
    if not empty and not replace:
        raise InputError(f"{site.data}: there is a site here already; --replace puts the backup in its place")


def _fits(manifest: Manifest, kind: str, data: Path) -> None:
    if manifest.database != kind:
        raise InputError(
            f"the backup is of a site on {manifest.database}, this one is on {kind}; set or unset DATABASE_URL"
        )
    if not manifest.keys and not (data / "site.key").exists():
        raise InputError(f"the backup holds no keys; put site.key and the other keys into {data} first")


def _extracted(source: Path, staging: Path) -> Manifest:
    """Extract everything into `staging` and hold it against the manifest."""
    where = str(source)
    found: dict[str, tuple[int, str]] = {}
    document: object = None
    staging.mkdir(mode=0o700)
    room = shutil.disk_usage(staging).free
    try:
        with (
            source.open("rb") as file,
            decompressing(file, where) as stream,
            tarfile.open(fileobj=stream, mode="r|") as tar,
        ):
            for member in tar:
                name = safe_name(member.name, where)
                if not member.isreg() or name in found:
                    raise InputError(
                        f"{where}: {name!r} is not a plain file, or is there twice; nothing was changed"
                    )
                room -= member.size
                if room < 0:
                    raise OutputError(
                        f"{staging.parent}: not enough room for what {where} holds; nothing was changed"
                    )
                content = tar.extractfile(member)
                if name == MANIFEST:
                    document = _read_json(content, member.size, where)
                elif content is not None:
                    found[name] = _extract(content, staging / name)
            while stream.read(BLOCK):  # to its end, where the compression has its checksum
                pass
    except (tarfile.TarError, FileNotFoundError, IsADirectoryError, PermissionError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{where}: cannot be read as a backup: {said}; nothing was changed") from error
    if document is None:
        raise InputError(
            f"{where}: it has no {MANIFEST}: it is cut short, or not a backup; nothing was changed"
        )
    manifest = read_manifest(document, where)
    _compare(manifest, found, where)
    return manifest


def _read_json(content: IO[bytes] | None, size: int, where: str) -> object:
    if content is None or size > LARGEST_MANIFEST:
        raise InputError(f"{where}: its {MANIFEST} is too large")
    try:
        return json.loads(content.read())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: its {MANIFEST} cannot be read: {error}") from error


def _extract(content: IO[bytes], target: Path) -> tuple[int, str]:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while block := content.read(BLOCK):
            file.write(block)
            digest.update(block)
            size += len(block)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def _compare(manifest: Manifest, found: dict[str, tuple[int, str]], where: str) -> None:
    for name in sorted(manifest.files.keys() | found.keys()):
        if name not in found:
            raise InputError(f"{where}: {name} is missing; nothing was changed")
        if found[name] != manifest.files.get(name):
            raise InputError(f"{where}: {name} is not what the manifest says; nothing was changed")
    if DATABASES[manifest.database] not in found:
        raise InputError(f"{where}: it holds no database; nothing was changed")


@contextmanager
def _standing_still(site: Environment, kind: str) -> Iterator[None]:
    """Hold the locks of server and worker; raises InputError where one of them runs."""
    running = f"{site.data}: the site runs; stop `countermark serve` first. Nothing was changed"
    with ExitStack() as stack:
        for name in LOCKS:
            lock = stack.enter_context((site.data / name).open("a+b"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise InputError(running) from error
        if kind == "postgresql" and not stack.enter_context(postgres.no_worker(site.database)):
            raise InputError(running)
        yield


def _put_in_place(site: Environment, kind: str, staging: Path, manifest: Manifest) -> None:
    kept = site.data / f"{KEPT}{datetime.now(UTC):%Y%m%dT%H%M%S}"
    if kind == "postgresql":
        postgres.restore(site.database, staging / DATABASES[kind])
    try:
        _swap(site, kind, staging, manifest, kept)
    except OSError as error:
        raise OutputError(
            f"{error.filename or site.data}: {error.strerror or error}; the backup is in place only in part, and what "
            f"was there is in {kept}. Mend the cause, then restore again with --replace"
        ) from error


def _swap(site: Environment, kind: str, staging: Path, manifest: Manifest, kept: Path) -> None:
    kept.mkdir(mode=0o700)
    database = Path(site.database["NAME"])
    for path in [*site.data.iterdir(), *_outside(database, kind, site.data)]:
        stays = path.name in (STAGING, *LOCKS) or path.name.startswith(KEPT)
        if not stays and not (not manifest.keys and is_key(path.name)):
            shutil.move(path, kept / path.name)
    if kind == "sqlite":
        shutil.move(staging / DATABASES[kind], database)
    for path in (staging / DATA).iterdir() if (staging / DATA).is_dir() else ():
        path.rename(site.data / path.name)
    if not any(kept.iterdir()):
        kept.rmdir()


def _outside(database: Path, kind: str, data: Path) -> list[Path]:
    """The files of a SQLite database that DATABASE_URL puts elsewhere."""
    if kind != "sqlite" or database.parent == data:
        return []
    return list(database.parent.glob(f"{database.name}*"))
