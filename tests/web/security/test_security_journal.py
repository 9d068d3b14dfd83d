"""What is deleted is gone from the files too, not only from the tables."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CODE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.conf import settings
from django.utils import timezone
from countermark.web.statement.demo import begin
from countermark.web.signing.erasure import erase
from countermark.web.signing.models import Signature
from countermark.web.upkeep.forgetting import forget_journal
begin()
Signature.objects.create(uid=b"u" * 16, name="Zenobia Quux", email="zenobia@quux.example", email_key=None,
    trades=",composer,", country="FR", display=1, language="en", text_version=1, consent_version=1,
    created_at=timezone.now(), state="confirmed", confirmed_at=timezone.now())
def stands():
    files = settings.DATA.glob("site.sqlite3*")
    return any(b"Zenobia" in file.read_bytes() for file in files)
assert stands()
Signature.objects.all().delete()
assert forget_journal()
assert not stands()
"""


@pytest.mark.slow
def test_what_is_deleted_leaves_the_files(tmp_path: Path) -> None:
    """Neither the database nor its write-ahead log holds the name any more."""
    environment = os.environ | {
        "COUNTERMARK_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "countermark.web.config.settings",
    }
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=environment, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr[-500:]
