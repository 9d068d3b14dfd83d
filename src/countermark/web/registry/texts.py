"""Uploaded works: registering one, and removing one."""

from __future__ import annotations

import secrets
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from countermark.web.registry import caps, storage
from countermark.web.registry.models import Member, Work
from countermark.web.registry.plain import plain_line
from countermark.web.registry.readers import RefusedError, read_upload
from countermark.web.registry.uploading import store

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from django.core.files.uploadedfile import UploadedFile


class Facts(NamedTuple):
    """What a member says of a work; what is empty is taken from the file, where the file says it."""

    title: str = ""
    author: str = ""
    published: str = ""
    identifier: str = ""
    licence: str = ""


def register_text(member: Member, upload: UploadedFile[bytes], facts: Facts) -> Work:
    """Read an uploaded file, keep it, and register it as a work; raises RefusedError, and then nothing is kept."""
    with storage.scratch(member) as folder:
        part = folder / "upload"
        digest = store(upload, part, caps.FILE_BYTES)
        if member.works.filter(file_sha256=digest).exists():
            raise RefusedError("same-file")
        read = read_upload(part, upload.name or "")
        work = _row(member, facts, read, upload, digest)
        return _keep(work, part)


def _row(
    member: Member, facts: Facts, read: dict[str, Any], upload: UploadedFile[bytes], digest: str
) -> Work:
    name = plain_line(PurePath(upload.name or "").name)[-200:]
    title = facts.title or plain_line(read["title"]) or PurePath(name).stem or digest[:12]
    return Work(
        member=member,
        uid=secrets.token_hex(16),
        title=title[:300],
        author=facts.author or plain_line(read["author"])[:200],
        published=facts.published,
        identifier=facts.identifier,
        licence=facts.licence,
        file_name=name,
        format=read["format"],
        file_sha256=digest,
        file_bytes=upload.size or 0,
        characters=read["characters"],
        registered_at=timezone.now(),
    )


def _keep(work: Work, part: Path) -> Work:
    """Row and file, both or neither."""
    target = storage.work_path(work)
    try:
        with transaction.atomic():
            require_room(work.member, work.file_bytes)
            if work.member.works.exclude(file_sha256="").count() >= caps.WORKS:
                raise RefusedError("works-full")
            work.save(force_insert=True)
            storage.keep_file(part, target)
    except IntegrityError:
        raise RefusedError("same-file") from None
    return work


def require_room(member: Member, size: int) -> None:
    """Raise RefusedError when `size` more bytes are too many; the member's row stays locked until the commit."""
    Member.objects.select_for_update().get(pk=member.pk)
    texts = member.works.aggregate(total=Sum("file_bytes"))["total"] or 0
    indices = member.deposits.aggregate(total=Sum("bytes"))["total"] or 0
    if texts + indices + size > caps.MEMBER_BYTES:
        raise RefusedError("space-full")


def remove_work(work: Work) -> None:
    """Delete an uploaded work, its findings and its file."""
    work.delete()
