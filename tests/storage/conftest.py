"""A bucket on the loopback, with and without a proxy that makes faults."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from served_objects import Faults, environment_of, proxy, rclone, s3_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Bucket:
    """A bucket: the folder that holds its objects, its URL, and what the proxy before it does."""

    folder: Path
    url: str
    faults: Faults


@pytest.fixture
def impatient(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """The bucket, for a process that gives a server up after eight seconds."""
    from countermark.storage.connection import PATIENCE, forget_connections

    monkeypatch.setenv(PATIENCE, "8")
    forget_connections()
    return bucket


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """An empty bucket of an S3 server; the process reads through the proxy, with patience for a busy machine."""
    if rclone() is None:
        pytest.skip("rclone is not installed: there is no S3 server to test against")
    from countermark.storage.connection import PATIENCE, forget_connections
    from countermark.storage.reading import forget_all

    folder = tmp_path / "served" / "corpus"
    folder.mkdir(parents=True)
    with s3_server(folder.parent) as port, proxy(port) as (through, faults):
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        for name, value in environment_of(through).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv(PATIENCE, "60")
        forget_connections()
        forget_all()
        yield Bucket(folder, "s3://corpus", faults)
        forget_connections()
        forget_all()
