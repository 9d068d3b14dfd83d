"""The seal of a medium: every file with its digest, the heads of all logs, and one short code that stands for all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import InputError
from countermark.kit import layout
from countermark.kit.sums import digest_of, files_below, is_plain, short_code

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES: Final = 256 << 20


@dataclass(frozen=True, slots=True)
class Seal:
    """What `seal.json` says, and its digest."""

    facts: dict[str, Any]
    sha256: str

    @property
    def code(self) -> str:
        """The root code that both sides write down."""
        return short_code(self.sha256)

    @property
    def files(self) -> dict[str, str]:
        """Name → SHA-256 of every sealed file."""
        return dict(self.facts["files"])


def describe_files(medium: Path) -> dict[str, str]:
    """Name → SHA-256 of every file on a medium but the seal and the list of checksums."""
    names = (name for name in files_below(medium) if name not in {layout.SEAL, layout.SUMS})
    return {name: digest_of(medium / name) for name in names}


def sums_of(seal: Seal) -> bytes:
    """SHA256SUMS of a sealed medium, with the seal in it."""
    lines = {**seal.files, layout.SEAL: seal.sha256}
    return "".join(f"{digest}  {name}\n" for name, digest in lines.items()).encode(
        "utf-8", "backslashreplace"
    )


def read_seal(medium: Path) -> Seal:
    """Read the seal. Raises InputError where there is none, or it is damaged."""
    path = medium / layout.SEAL
    try:
        if path.lstat().st_size > _MOST_BYTES or not is_plain(path):
            raise InputError(f"{path}: not a seal")
        data = path.read_bytes()
        facts = json.loads(data)
    except FileNotFoundError:
        raise InputError(f"{medium}: not sealed: {layout.SEAL} is missing (`kit close` writes it)") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: damaged: {error}") from None
    if not _is_seal(facts):
        raise InputError(f"{path}: not a seal of version 1")
    return Seal(facts, hashlib.sha256(data).hexdigest())


def _is_seal(facts: Any) -> bool:
    if not isinstance(facts, dict) or facts.get("seal") != 1:
        return False
    named = (facts.get("files"), facts.get("logs"), facts.get("kit"))
    if not all(isinstance(value, dict) for value in named):
        return False
    sound = all(isinstance(digest, str) for digest in facts["files"].values())
    return sound and all(isinstance(log, dict) for log in facts["logs"].values())
