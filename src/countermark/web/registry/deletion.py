"""Files go when their rows go, whoever deletes the rows: the member here, or a withdrawal of the signature."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from countermark.web.registry import storage
from countermark.web.registry.models import Deposit, Member, Work


def connect() -> None:
    """Listen."""
    post_delete.connect(_member_gone, sender=Member, dispatch_uid="registry.member")
    post_delete.connect(_deposit_gone, sender=Deposit, dispatch_uid="registry.deposit")
    post_delete.connect(_work_gone, sender=Work, dispatch_uid="registry.work")


def _member_gone(instance: Member, **_: Any) -> None:
    transaction.on_commit(partial(storage.remove_member_files, bytes(instance.uid)))


def _deposit_gone(instance: Deposit, **_: Any) -> None:
    folder, salt = storage.deposit_path(instance), storage.salt_path(instance)
    transaction.on_commit(partial(storage.remove_deposit_files, folder, salt))


def _work_gone(instance: Work, **_: Any) -> None:
    if instance.file_sha256:
        transaction.on_commit(partial(storage.work_path(instance).unlink, missing_ok=True))
