"""A bucket on the loopback that results are written to, without a proxy in between."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from served_objects import KEY, SECRET, Faults, environment_of, rclone, serving
from storage.conftest import Bucket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def writable_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """An empty bucket of an S3 server that is not there any more afterwards."""
    if rclone() is None:
        pytest.skip("rclone is not installed: there is no S3 server to test against")
    from countermark.storage.connection import PATIENCE, forget_connections
    from countermark.storage.reading import forget_all

    folder = tmp_path / "served" / "corpus"
    folder.mkdir(parents=True)
    # with a cache of its folders, unlike `s3_server`: without one each PUT takes seconds
    with serving("s3", folder.parent, "--auth-key", f"{KEY},{SECRET}") as port:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        for name, value in environment_of(port).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv(PATIENCE, "60")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        forget_connections()
        forget_all()
        yield Bucket(folder, "s3://corpus", Faults())
        forget_connections()
        forget_all()
