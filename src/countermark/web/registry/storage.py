"""Where the files of members lie: DATA/works/<member>/, readable by the site alone, and gone with the member.

<sha256>.<format>          an uploaded text
deposits/<deposit>/        a sealed index
deposits/<deposit>.salt    its salt
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings

from countermark.web.registry.models import Member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.web.registry.models import Deposit, Work

PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600
STRAY_SECONDS: Final = 3600


def works_folder() -> Path:
    """The folder of all members' folders."""
    return Path(settings.DATA) / "works"


def member_folder(member: Member) -> Path:
    """The folder of one member; it may not exist yet."""
    return works_folder() / bytes(member.uid).hex()


def work_path(work: Work) -> Path:
    """The file of an uploaded work."""
    return member_folder(work.member) / f"{work.file_sha256}.{work.format}"


def deposit_path(deposit: Deposit) -> Path:
    """The index folder of a deposit."""
    return member_folder(deposit.member) / "deposits" / deposit.uid


def salt_path(deposit: Deposit) -> Path:
    """The salt of a deposit."""
    return member_folder(deposit.member) / "deposits" / f"{deposit.uid}.salt"


def make_private_folder(path: Path) -> None:
    """Make a folder below that of all members, and those between, for the site's own eyes."""
    folder = works_folder()
    for part in ("", *path.relative_to(folder).parts):
        folder /= part
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)


@contextmanager
def scratch(member: Member) -> Iterator[Path]:
    """A folder beside the member's files, on the same disk, that is gone at the end."""
    make_private_folder(member_folder(member))
    with tempfile.TemporaryDirectory(prefix=".part-", dir=member_folder(member)) as name:
        yield Path(name)


def keep_file(source: Path, target: Path) -> None:
    """Move a file to its place, whole or not at all, private, and on the disk when this returns."""
    make_private_folder(target.parent)
    source.chmod(PRIVATE_FILE)
    with source.open("rb") as stream:
        os.fsync(stream.fileno())
    source.replace(target)


def remove_member_files(uid: bytes) -> None:
    """Delete all files of a member."""
    shutil.rmtree(works_folder() / bytes(uid).hex(), ignore_errors=True)


def remove_deposit_files(folder: Path, salt: Path) -> None:
    """Delete an index and its salt."""
    salt.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def sweep() -> int:
    """Delete what no row speaks of, as after a crash: folders of members who are gone, and files an hour old.

    Returns how many. What is being registered at this moment is younger, and stays.
    """
    if not works_folder().is_dir():
        return 0
    known = {bytes(member.uid).hex(): member for member in Member.objects.all()}
    strays = []
    for folder in works_folder().iterdir():
        member = known.get(folder.name)
        if member is None:
            strays.append(folder)
        else:
            strays += _old_strays(folder, _names_of(member))
            strays += _old_strays(folder / "deposits", _deposit_names_of(member))
    for path in strays:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return len(strays)


def _names_of(member: Member) -> set[str]:
    files = member.works.exclude(file_sha256="").values_list("file_sha256", "format")
    return {"deposits", *(f"{sha256}.{kind}" for sha256, kind in files)}


def _deposit_names_of(member: Member) -> set[str]:
    return {name for uid in member.deposits.values_list("uid", flat=True) for name in (uid, f"{uid}.salt")}


def _old_strays(folder: Path, kept: set[str]) -> list[Path]:
    if not folder.is_dir():
        return []
    before, strays = time.time() - STRAY_SECONDS, []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # what was being written has just been moved to its place
            if path.name not in kept and path.stat().st_mtime < before:
                strays.append(path)
    return strays
