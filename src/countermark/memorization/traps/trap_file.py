"""`traps.json`: what a test needs beside the key. It does not tell which candidate is published.

{"format": "countermark-traps-1", "generator": "traps-v1", "key": "sha256:…", "traps": [
  {"work", "title", "channel", "form", "language", "candidates", "payload",
   "file": the name of the work's file, "source": its digest, "copy": the digest of the planted copy}, …]}
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import PlanError
from countermark.memorization.traps.candidates import MOST_CANDIDATES, Trap
from countermark.memorization.traps.forms.forms import LANGUAGES, form_of
from countermark.memorization.traps.key import GENERATOR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.memorization.traps.key import TrapKey

NAME: Final = "traps.json"
FORMAT: Final = "countermark-traps-1"
CHANNEL: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LARGEST: Final = 256 << 20
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_TEXTS: Final = ("work", "title", "channel", "form", "language", "file", "source", "copy")


@dataclass(frozen=True)
class Planted:
    """A trap that was planted: the file of the work that was read, and the digests of it and of its copy."""

    trap: Trap
    file: str
    source: str
    copy: str


@dataclass(frozen=True)
class TrapFile:
    """The traps of a folder; `key` is the digest of the key that they are drawn with, `digest` that of the file."""

    key: str
    planted: tuple[Planted, ...]
    digest: str

    @property
    def traps(self) -> tuple[Trap, ...]:
        """The traps alone."""
        return tuple(one.trap for one in self.planted)

    def check_key(self, key: TrapKey) -> None:
        """Raise PlanError where the traps were drawn with another key."""
        if key.digest != self.key:
            raise PlanError(
                f"the key is another than that of the traps: its digest is {key.digest}, and they were drawn with "
                f"{self.key}; only the key that they were drawn with tells which candidate was published"
            )


def digest_of(data: bytes) -> str:
    """`sha256:` and the digest in hexadecimal."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def traps_json(planted: Sequence[Planted], key: TrapKey) -> bytes:
    """The bytes of `traps.json`: the same for the same traps."""
    rows = [asdict(one.trap) | {"file": one.file, "source": one.source, "copy": one.copy} for one in planted]
    said = {"format": FORMAT, "generator": GENERATOR, "key": key.digest, "traps": rows}
    return (json.dumps(said, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def read_traps(path: Path) -> TrapFile:
    """The traps of a file. Raises PlanError: not there, not one, changed by hand so that it no longer fits."""
    data = read_json_bytes(path, "trap apply")
    said = parsed(data, path)
    if said.get("format") != FORMAT:
        raise PlanError(
            f"{path}: is no file of traps; accepted is the {NAME} that `countermark trap apply` wrote"
        )
    if said.get("generator") != GENERATOR:
        raise PlanError(f"{path}: drawn by another generator of traps; this one is {GENERATOR}")
    key, rows = said.get("key"), said.get("traps")
    if not isinstance(key, str) or not _DIGEST.fullmatch(key) or not isinstance(rows, list) or not rows:
        raise PlanError(f"{path}: needs the digest of a key and at least one trap")
    planted = []
    for number, row in enumerate(rows):
        try:
            planted.append(_planted(row))
        except PlanError as error:
            raise PlanError(f"{path}, trap {number}: {error}") from None
    names = [(one.trap.work, one.trap.channel) for one in planted]
    if len(set(names)) != len(names):
        raise PlanError(f"{path}: one work has two traps in the same channel")
    return TrapFile(key, tuple(planted), digest_of(data))


def read_json_bytes(path: Path, made_by: str) -> bytes:
    """The bytes of a file of ours, of a size that can be one. Raises PlanError."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise PlanError(f"{path}: does not exist; `countermark {made_by}` writes it") from None
    except OSError as error:
        raise PlanError(f"{path}: cannot be read: {error.strerror or error}") from None
    if len(data) > LARGEST:
        raise PlanError(f"{path}: larger than {LARGEST:,} bytes")
    return data


def parsed(data: bytes, path: Path) -> dict[str, Any]:
    """The JSON object in `data`. Raises PlanError."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        raise PlanError(f"{path}: is no JSON") from None
    if not isinstance(said, dict):
        raise PlanError(f"{path}: an object is accepted")
    return said


def is_inside(name: str) -> bool:
    """Whether the name of a file, `/` between its parts, stays within the folder that it is taken to."""
    path = PurePosixPath(name)
    odd = not name or "\\" in name or "\0" in name or ":" in name
    return not odd and not path.is_absolute() and not any(part in {"..", "."} for part in name.split("/"))


def _planted(row: Any) -> Planted:
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in _TEXTS):
        raise PlanError(f"needs the texts {', '.join(_TEXTS)}")
    if not CHANNEL.fullmatch(row["channel"]):
        raise PlanError(f"{row['channel']!r} is no channel; small letters, digits and '-' are accepted")
    if row["language"] not in LANGUAGES:
        raise PlanError(f"{row['language']!r} is no language of a trap; {' and '.join(LANGUAGES)} are")
    if not is_inside(row["file"]) or not all(_DIGEST.fullmatch(row[name]) for name in ("source", "copy")):
        raise PlanError("the name of a file or a digest is not one")
    payload, count, form = row.get("payload"), row.get("candidates"), form_of(row["form"])
    if not isinstance(payload, dict):
        raise PlanError("needs a payload, an object")
    form.check(payload)
    most = min(MOST_CANDIDATES, form.space(payload))
    if type(count) is not int or not 2 <= count <= most:
        raise PlanError(f"{count!r} candidates; from 2 to {most:,} are accepted for its form")
    names = ("work", "title", "channel", "form", "language")
    trap = Trap(**{name: row[name] for name in names}, candidates=count, payload=payload)
    return Planted(trap, row["file"], row["source"], row["copy"])
