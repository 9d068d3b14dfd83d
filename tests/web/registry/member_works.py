"""What tests of the registry send: packed indices, and rows of works that a run speaks of."""

from __future__ import annotations

import io
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from written_works import prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from countermark.web.registry.models import Member

SALT = b"thirty-two bytes of test salt..."
UPLOADED = {letter * 32: prose(700, seed) for seed, letter in enumerate("abcdef", start=1)}
"""Texts by the uid that their works have in the tests' catalogue."""


@dataclass(frozen=True)
class Scanned:
    """A run folder, and the index that it was made with."""

    run: Path
    index: Path


def register(member: Member, uids: Iterable[str]) -> None:
    """Write rows of works that a run speaks of."""
    from django.utils import timezone

    from countermark.web.registry.models import Work

    for uid in uids:
        Work.objects.create(
            member=member, uid=uid, title=f"Work {uid[:1]}", format="txt", file_sha256=uid * 2, file_name="w.txt",
            file_bytes=10, characters=10, registered_at=timezone.now(),
        )  # fmt: skip


def zipped(folder: Path, **changes: bytes | None) -> bytes:
    """The files of an index folder as a ZIP; `changes` replace the content of files, or with None leave them out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents(folder, changes).items():
            archive.writestr(f"sealed.index/{name}", content)
    return packed.getvalue()


def tarred(folder: Path, *more: tarfile.TarInfo) -> bytes:
    """The files of an index folder as a TAR.GZ, and more entries without content."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in contents(folder, {}).items():
            info = tarfile.TarInfo(f"sealed.index/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in more:
            archive.addfile(info)
    return packed.getvalue()


def contents(folder: Path, changes: dict[str, bytes | None]) -> dict[str, bytes]:
    """Name and content of each file of a folder, with changes; underscores in the names of changes are dots."""
    files: dict[str, bytes | None] = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    files |= changes
    return {name: content for name, content in files.items() if content is not None}
