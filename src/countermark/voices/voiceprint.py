"""A voiceprint: where the encoder places one voice, with the consent of the person whose voice it is.

It is biometric data in the sense of Article 4(14) of the GDPR. So it is made only with the words of consent, stands in
a file that its owner alone may read, is never part of findings, runs, dossiers or exports, and can be erased.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.errors import InputError, OutputError
from countermark.voices.points import mean_point, similarity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from countermark.voices.recordings import Heard

SUFFIX: Final = ".voiceprint"
VERSION: Final = 1
LEAST_SECONDS: Final = 20.0
"""How much sound a voiceprint needs."""
_MOST_BYTES: Final = 1 << 20
_MOST_NUMBERS: Final = 4096
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True)
class Voiceprint:
    """One voice. `own` are the lowest and the middle similarity of its own stretches, each held against the rest."""

    name: str
    consent: str
    enrolled: str
    """The day, YYYY-MM-DD."""
    weights: str
    """The SHA-256 of the encoder's weights: points of other weights cannot be compared."""
    recordings: tuple[str, ...]
    """The SHA-256 of each recording, so that none is taken for a control."""
    seconds: float
    own: tuple[float, float] | None
    point: NDArray[np.float32]


def enrol(heard: Sequence[Heard], *, name: str, consent: str, day: str, weights: str) -> Voiceprint:
    """The voiceprint of recordings of one voice.

    Raises InputError without a name, without words of consent, or with less than 20 seconds of sound.
    """
    if not name.strip():
        raise InputError("--name: say whose voice this is")
    if not consent.strip():
        raise InputError(
            "--consent: a voiceprint is made only with the consent of the person whose voice it is; "
            "give the words in which, and when, this person consented"
        )
    seconds = sum(one.sounding for one in heard)
    with_sound = [one for one in heard if one.stretches]
    if seconds < LEAST_SECONDS or not with_sound:
        raise InputError(
            f"{seconds:.1f} s of sound; a voiceprint needs {LEAST_SECONDS:.0f} s without the pauses"
        )
    centres = [mean_point(stretch.point for stretch in one.stretches) for one in with_sound]
    digests = tuple(sorted({one.digest for one in heard}))
    point = mean_point(centres)
    own = _own(with_sound)
    return Voiceprint(name.strip(), consent.strip(), day, weights, digests, round(seconds, 1), own, point)


def _own(heard: Sequence[Heard]) -> tuple[float, float] | None:
    """How close a voice comes to itself: each stretch against the mean of all others."""
    points = [stretch.point for one in heard for stretch in one.stretches]
    if len(points) < 2:
        return None
    total = np.sum(np.stack(points).astype(np.float64), axis=0)
    scores = sorted(similarity(point, mean_point([total - point])) for point in points)
    return scores[0], scores[len(scores) // 2]


def write_voiceprint(path: Path, voiceprint: Voiceprint) -> None:
    """Write a new file that nobody but its owner may read.

    Raises InputError for another suffix or a file that is there, OutputError when it cannot be written.
    """
    if path.suffix != SUFFIX:
        raise InputError(
            f"{path}: the name of a voiceprint ends in {SUFFIX}, so that nothing takes it along unseen"
        )
    facts = asdict(voiceprint) | {
        "point": base64.b64encode(voiceprint.point.astype("<f4").tobytes()).decode()
    }
    text = json.dumps({"countermark": "voiceprint", "version": VERSION} | facts, ensure_ascii=False, indent=2)
    created = False
    try:
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, parents=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        created = True
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), _OWNER_ONLY)
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise InputError(f"{path}: there is one; `countermark voice erase` erases it") from error
    except OSError as error:
        if created:
            with suppress(OSError):
                path.unlink()
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error


def is_voiceprint(path: Path) -> bool:
    """Whether a file is a voiceprint, under whatever name. Raises OSError."""
    if path.stat().st_size > _MOST_BYTES:
        return False
    try:
        facts = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return isinstance(facts, dict) and facts.get("countermark") == "voiceprint"


def read_voiceprint(path: Path) -> Voiceprint:
    """The voiceprint in a file. Raises InputError."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"{path}: too large for a voiceprint")
        facts = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: no voiceprint") from error
    if not isinstance(facts, dict) or facts.get("countermark") != "voiceprint":
        raise InputError(f"{path}: no voiceprint; `countermark voice enrol` makes one")
    if facts.get("version") != VERSION:
        raise InputError(f"{path}: a voiceprint of version {facts.get('version')!r:.20}; accepted: {VERSION}")
    try:
        return _voiceprint(facts)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise InputError(f"{path}: a damaged voiceprint: {error!s:.100}") from error


def _voiceprint(facts: dict[str, Any]) -> Voiceprint:
    words = {}
    for field in ("name", "consent", "enrolled", "weights"):
        if not isinstance(facts[field], str) or not facts[field]:
            raise ValueError(f"{field} is no text")
        words[field] = facts[field]
    own = facts["own"]
    return Voiceprint(
        **words,
        recordings=tuple(str(digest) for digest in facts["recordings"]),
        seconds=_number(facts["seconds"]),
        own=None if own is None else (_number(own[0]), _number(own[1])),
        point=_point(facts["point"]),
    )


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not np.isfinite(value):
        raise ValueError("a number is not one")
    return float(value)


def _point(text: str) -> NDArray[np.float32]:
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("point is not base64") from error
    if not data or len(data) % 4 or len(data) > 4 * _MOST_NUMBERS:
        raise ValueError(f"point has {len(data)} bytes")
    point = np.frombuffer(data, "<f4").astype(np.float32)
    if not np.isfinite(point).all() or abs(float(np.linalg.norm(point.astype(np.float64))) - 1) > 1e-3:
        raise ValueError("point is not of length one")
    return point


def erase_voiceprint(path: Path) -> None:
    """Overwrite a voiceprint with zeros, as far as the file system lets, and remove it.

    A copy, a backup, a snapshot, a journal, or the spare cells of a solid-state disk may still hold it. Raises
    InputError where the file is no voiceprint, OutputError where it cannot be removed.
    """
    if path.is_symlink():
        raise InputError(f"{path}: a link; name the file itself")
    if path.suffix != SUFFIX:
        read_voiceprint(
            path
        )  # a file of another name must at least be one; a damaged one of this name may go
    try:
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
            file.truncate(0)
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError as error:
        raise InputError(f"{path}: there is no such file") from error
    except OSError as error:
        raise OutputError(f"{path}: cannot be erased: {error.strerror or error}") from error
