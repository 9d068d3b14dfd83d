"""One receipt per input file: what was read, kept and removed. A file with a receipt is not filtered again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from platform import python_version
from typing import TYPE_CHECKING, Any, Final

from countermark import __version__
from countermark.atomic import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = ".countermark"
"""Where receipts and the parts of the table of removed records stand, below the folder of what is kept."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one file.

    `read` = `kept` + `removed`; `marked`, `unknown`, `doubtful`, `without_url`, `undated` and `site_unknown` are among
    those that were read, `generative_reserved` and `agents_refused` (`judging.Answers`) among those that stay; `passed`
    are records that are no documents (WARC requests), kept and not counted as read. `failed` says why a file could not
    be read at all: nothing was kept of it. Digests are SHA-256 in hexadecimal.
    """

    file: str
    format: str
    input_bytes: int
    input_sha256: str
    output_sha256: str
    removed_sha256: str
    read: int = 0
    kept: int = 0
    removed: int = 0
    marked: int = 0
    unreadable: int = 0
    passed: int = 0
    unknown: int = 0
    doubtful: int = 0
    without_url: int = 0
    undated: int = 0
    site_unknown: int = 0
    generative_reserved: int = 0
    agents_refused: int = 0
    damaged: bool = False
    failed: str = ""
    protocols: tuple[tuple[str, int], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The receipt as the proof has it."""
        facts = asdict(self)
        del facts["removed_sha256"]
        return facts | {"protocols": dict(self.protocols)}


def versions() -> dict[str, str]:
    """What may change the bytes that are written: Parquet footers name their writer, compressors differ."""
    names = ("pyarrow", "isal", "zstandard")
    told = {name: version(name) for name in names}
    return {"countermark": __version__, "python": python_version(), **told}


def receipt_name(file: str, input_sha256: str, settings_digest: str) -> str:
    """The name of a receipt: another input, other settings or another version make another one."""
    identity = json.dumps([file, input_sha256, settings_digest, versions()])
    return hashlib.sha256(identity.encode("utf-8")).hexdigest()[:32]


def save(path: Path, receipt: Receipt) -> None:
    """Write a receipt, whole or not at all. Raises OutputError."""
    facts = asdict(receipt) | {"protocols": dict(receipt.protocols)}
    write_bytes(path, (json.dumps(facts, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8"))


def load(path: Path) -> Receipt | None:
    """A receipt, or None where there is none that can be used."""
    try:
        facts = json.loads(path.read_bytes())
        return Receipt(**(facts | {"protocols": tuple(sorted(facts["protocols"].items()))}))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
