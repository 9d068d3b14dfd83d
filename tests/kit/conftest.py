"""Media of tests: one that a room left, and one kit with its programme; both are made once for all tests."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from countermark.kit import room
from countermark.kit.closing import close_medium
from countermark.kit.room import run_in_room
from kit.small_kits import make_corpus, make_kit, make_room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.kit.seal import Seal


@pytest.fixture(scope="session", autouse=True)
def _kernels_stay() -> Iterator[None]:
    """Kernels that are compiled already are used, not compiled once more onto each medium."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "_work_in", lambda folder: folder.mkdir(exist_ok=True))
        yield


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Seal]:
    """A folder with kit, corpus and a sealed medium; tests copy it before they change it."""
    folder = tmp_path_factory.mktemp("sealed")
    make_kit(folder)
    make_corpus(folder / "corpus")
    outcome = run_in_room(make_room(folder))
    assert outcome.findings
    assert outcome.complete
    return folder, close_medium(folder / "medium")


@pytest.fixture
def medium(sealed: tuple[Path, Seal], tmp_path: Path) -> Path:
    shutil.copytree(sealed[0] / "medium", tmp_path / "medium")
    return tmp_path / "medium"
