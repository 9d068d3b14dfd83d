"""Whether a folder is a study of a model: asked before anything else of the page is loaded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from countermark.errors import RunError
from countermark.memorization.study.folder import LOG, PLAN
from countermark.memorization.study.outcome import RUN

if TYPE_CHECKING:
    from pathlib import Path


def is_study(folder: Path) -> bool:
    """Whether `run.json` in a folder says that it is a study of a model. Raises RunError for one that has not ended."""
    if not (folder / RUN).exists() and all((folder / name).is_file() for name in (PLAN, LOG)):
        raise RunError(
            f"{folder}: a study of a model that has not ended: give the command again that began it, and it goes on; "
            "nothing that was answered is asked again"
        )
    try:
        told = json.loads((folder / RUN).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.get("medium") == "model"
