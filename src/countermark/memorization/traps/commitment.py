"""The commitment: that a key, a generator and traps existed, without the key; what a time stamp is put on.

    {"format": "countermark-trap-commitment-1", "generator": "traps-v1", "key": "sha256:…", "traps": "sha256:…",
     "works": [identifiers], "channels": [names]}

Whoever is later given the key can hold it against the digest, and draw every candidate and the published one again.
The key has 256 random bits: its digest tells nothing of it. The file has no date of its own: a time stamp has.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.atomic import write_bytes
from countermark.errors import PlanError
from countermark.memorization.traps import trap_file
from countermark.memorization.traps.key import GENERATOR

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.traps.key import TrapKey
    from countermark.memorization.traps.trap_file import TrapFile

NAME: Final = "commitment.json"
FORMAT: Final = "countermark-trap-commitment-1"


class Commitment(NamedTuple):
    """What is committed to; `data` are the bytes that a stamp is over."""

    key: str
    traps: str
    works: tuple[str, ...]
    channels: tuple[str, ...]
    data: bytes


def commit(folder: Path, key: TrapKey) -> Commitment:
    """Write the commitment to the traps of `folder`; the same one again is no change.

    Raises PlanError: another key than that of the traps, or a commitment to others that stands there already.
    """
    traps = trap_file.read_traps(folder / trap_file.NAME)
    traps.check_key(key)
    made = _made(traps)
    path = folder / NAME
    if path.exists() and trap_file.read_json_bytes(path, "trap commit") != made.data:
        raise PlanError(
            f"{path}: commits to other traps; a commitment is never replaced. Plant in another folder"
        )
    write_bytes(path, made.data)
    return made


def check(folder: Path, key: TrapKey) -> Commitment:
    """The commitment of `folder`, once `key` and the traps are those that it says. Raises PlanError."""
    path = folder / NAME
    data = trap_file.read_json_bytes(path, "trap commit")
    said = trap_file.parsed(data, path)
    if said.get("format") != FORMAT:
        raise PlanError(f"{path}: is no commitment to traps")
    if said.get("generator") != GENERATOR:
        raise PlanError(f"{path}: commits to another generator of traps; this one is {GENERATOR}")
    if said.get("key") != key.digest:
        raise PlanError(
            f"{path}: commits to another key: its digest is {said.get('key')}, that of the key given {key.digest}"
        )
    traps = trap_file.read_traps(folder / trap_file.NAME)
    if said.get("traps") != traps.digest:
        raise PlanError(
            f"{folder / trap_file.NAME}: was changed after the commitment, which names other traps"
        )
    traps.check_key(key)
    made = _made(traps)
    if made.data != data:
        raise PlanError(f"{path}: was changed by hand: its works or channels are not those of the traps")
    return made


def _made(traps: TrapFile) -> Commitment:
    works = tuple(sorted({trap.work for trap in traps.traps}))
    channels = tuple(sorted({trap.channel for trap in traps.traps}))
    said = {
        "format": FORMAT,
        "generator": GENERATOR,
        "key": traps.key,
        "traps": traps.digest,
        "works": works,
        "channels": channels,
    }
    data = (json.dumps(said, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    return Commitment(traps.key, traps.digest, works, channels, data)
