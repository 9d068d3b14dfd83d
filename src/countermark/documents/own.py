"""What Countermark itself made: an index holds the works, a run quotes them, and neither is anybody's document."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MARKS = {"manifest.json": b'"countermark-index-', "run.json": b'"guarantee_letters"'}
_HEAD = 1 << 16


def made_here(folder: str | os.PathLike[str]) -> str | None:
    """Return "manifest.json" or "run.json", whichever says that Countermark made this folder, or None."""
    for name, mark in _MARKS.items():
        try:
            with open(os.path.join(folder, name), "rb") as file:  # noqa: PTH118, PTH123 (called for every folder)
                if mark in file.read(_HEAD):
                    return name
        except OSError:
            continue
    return None


def made_by(name: str, beginning: Callable[[], bytes]) -> bool:
    """Whether a file of this name, which begins so, says that Countermark made its folder."""
    return name in _MARKS and _MARKS[name] in beginning()


OWN_FOLDER = "an index or a run of Countermark: it quotes the works, and is not read"
