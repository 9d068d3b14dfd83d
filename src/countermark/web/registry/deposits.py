"""Fingerprints only: a sealed index that a member built at home, with its salt."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from countermark.web.registry import caps, storage
from countermark.web.registry.models import Deposit, Work
from countermark.web.registry.plain import plain_line
from countermark.web.registry.readers import RefusedError, read_deposit
from countermark.web.registry.texts import require_room
from countermark.web.registry.uploading import store

if TYPE_CHECKING:
    from pathlib import Path

    from django.core.files.uploadedfile import UploadedFile

    from countermark.web.registry.models import Member


def register_deposit(member: Member, archive: UploadedFile[bytes], salt: UploadedFile[bytes]) -> Deposit:
    """Unpack, check and keep an index; register its works. Raises RefusedError, and then nothing is kept."""
    shortest, longest = caps.SALT_BYTES
    if not shortest <= (salt.size or 0) <= longest:
        raise RefusedError("salt-size")
    with storage.scratch(member) as folder:
        packed, salt_file, index = folder / "archive", folder / "salt", folder / "index"
        store(archive, packed, caps.ARCHIVE_BYTES)
        store(salt, salt_file, longest)
        index.mkdir()
        facts = read_deposit(packed, salt_file, index)
        deposit = Deposit(
            member=member,
            uid=secrets.token_hex(16),
            identity=facts["identity"],
            scheme=facts["scheme"],
            works_count=len(facts["works"]),
            bytes=facts["bytes"],
            deposited_at=timezone.now(),
        )
        return _keep(deposit, facts["works"], index, salt_file)


def _keep(deposit: Deposit, works: list[dict[str, Any]], index: Path, salt: Path) -> Deposit:
    """Rows and files, all or none."""
    target = storage.deposit_path(deposit)
    try:
        with transaction.atomic():
            require_room(deposit.member, deposit.bytes)
            if deposit.member.deposits.count() >= caps.DEPOSITS:
                raise RefusedError("deposits-full")
            deposit.save(force_insert=True)
            Work.objects.bulk_create(_row(deposit, work) for work in works)
            for file in sorted(index.iterdir()):
                storage.keep_file(file, target / file.name)
            storage.keep_file(salt, storage.salt_path(deposit))
    except IntegrityError:
        raise RefusedError("same-index") from None
    except OSError:
        storage.remove_deposit_files(target, storage.salt_path(deposit))
        raise
    return deposit


def _row(deposit: Deposit, work: dict[str, Any]) -> Work:
    return Work(
        member=deposit.member,
        uid=deposited_uid(deposit.uid, work["work_id"]),
        deposit=deposit,
        title=plain_line(work["title"]) or plain_line(work["work_id"])[:300] or "–",
        author=plain_line(work["author"]),
        published=plain_line(work["published"]),
        licence=plain_line(work["licence"]),
        characters=work["code_points"],
        registered_at=deposit.deposited_at,
    )


def deposited_uid(deposit_uid: str, work_id: str) -> str:
    """The `Work.uid` of a work that a deposited index calls `work_id`: 32 hexadecimal digits, the same each time."""
    named = f"{deposit_uid}\0{work_id}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(named, digest_size=16).hexdigest()


def remove_deposit(deposit: Deposit) -> None:
    """Delete an index, its salt, its works and their findings."""
    deposit.delete()
