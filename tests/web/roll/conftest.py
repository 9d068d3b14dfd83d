"""Sources that are not in the database, and a data folder for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from countermark.web.roll import key
from web.roll.roll_signers import Signers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A data folder of its own, so that each test has its own key and lock."""
    settings.DATA = tmp_path / "site"
    settings.DATA.mkdir()
    yield settings.DATA
    key._read.cache_clear()


@pytest.fixture
def signers() -> Signers:
    """Persons who wait."""
    return Signers()


@pytest.fixture
def houses() -> Signers:
    """Organisations that wait."""
    return Signers(kind="organisation")
