"""Checking a kit before it is used: every file against SHA256SUMS, and what kit.json says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from countermark.errors import InputError, RunError
from countermark.kit import layout
from countermark.kit.sums import read_sums, short_code, wrong_files

if TYPE_CHECKING:
    from pathlib import Path

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class CheckedKit:
    """A kit of which every byte is what it was when it was built."""

    folder: Path
    facts: dict[str, Any]
    sums: str
    files: int

    @property
    def code(self) -> str:
        """The short code of the kit, which was told when it was built."""
        return short_code(self.sums)

    @property
    def index(self) -> Path:
        """The sealed index."""
        return self.folder / layout.INDEX

    def salt_path(self, given: Path | None) -> Path:
        """The salt: that inside the kit, or the file given. Raises InputError where it is neither or both."""
        inside = self.facts["salt"] == "inside"
        if inside and given is not None:
            raise InputError("this kit holds its salt: leave --salt-file out")
        if given is None and not inside:
            raise InputError(
                "this kit holds no salt: give the file that was carried separately, as --salt-file FILE"
            )
        return given or self.folder / layout.SALT


def check_kit(folder: Path) -> CheckedKit:
    """Read every byte of a kit. Raises InputError where it is none, RunError where it is not as it was built."""
    facts = _facts(folder / layout.KIT)
    sums = read_sums(folder / layout.SUMS)
    wrong = wrong_files(folder, sums, beside=(layout.SUMS,))
    if wrong:
        more = f" (and {len(wrong) - _SHOWN} more)" if len(wrong) > _SHOWN else ""
        raise RunError(
            f"{folder}: this is not the kit that was built: {'; '.join(wrong[:_SHOWN])}{more}. Nothing was run; "
            "copy the kit again from where it was built"
        )
    digest = hashlib.sha256((folder / layout.SUMS).read_bytes()).hexdigest()
    return CheckedKit(folder, facts, digest, len(sums))


def _facts(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict) or facts.get("kit") != 1:
        raise InputError(
            f"{path.parent}: not a kit of version 1: {layout.KIT} is missing, damaged or of another one"
        )
    return facts
