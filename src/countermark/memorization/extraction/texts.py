"""The texts of a plan, as the document readers gave them: beside the plan, and in the folder of the run.

A plan names texts by their SHA-256 and holds none of them, so it can be shown and stamped. `plan.json` has its texts
in `plan.texts/`, one file each, named by the digest; the run copies them to `texts/` for the page of the report.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from countermark.atomic import make_folder, write_bytes
from countermark.errors import PlanError

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = "texts"
"""Of a run."""


def folder_beside(plan: Path) -> Path:
    """Where the texts of a plan stand."""
    return plan.with_suffix(".texts")


def digest_of(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def keep_text(folder: Path, text: str) -> str:
    """Write a text into a folder of texts, and return its digest. Raises OutputError."""
    digest = digest_of(text)
    make_folder(folder)
    path = folder / f"{digest}.txt"
    if not path.exists():
        write_bytes(path, text.encode())
    return digest


def kept_text(folder: Path, digest: str) -> str:
    """A text of a plan. Raises PlanError where it is missing or was changed."""
    path = folder / f"{digest}.txt"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PlanError(
            f"{path}: a text of the plan cannot be read ({error.strerror or error}); "
            f"keep {folder.name}/ beside the plan"
        ) from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise PlanError(f"{path}: was changed after the plan was made; make a new plan")
    return data.decode()
