"""Verification of a dossier: bag, commitments, signature, stamps and logs; every problem with its file.

Nothing is fetched. What a stranger made is read with care: no link is followed, no file is read whole that is large
without need, and names are shown by the caller as `legible` text only.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.dossier.attempts_check import wrong_with_attempts
from countermark.evidence.dossier.bag_files import digests_of, read_small
from countermark.evidence.dossier.bag_read import BagCheck, check_bag
from countermark.evidence.dossier.bag_tags import Remark
from countermark.evidence.dossier.commitments import COMMITMENTS, WHOLE_SET, merkle_root, read_commitments
from countermark.evidence.dossier.envelope import (
    ENVELOPE,
    LARGEST,
    PAE,
    PUBLIC,
    SIGNATURE,
    STATEMENT,
    wrong_with,
)
from countermark.evidence.dossier.keys import fingerprint, load_public
from countermark.evidence.dossier.run_check import wrong_with_run
from countermark.scan.attempts import run_digest

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.evidence.dossier.stamp_check import StampCheck

REDACTION: Final = "redaction.json"
ATTEMPTS: Final = "data/attempts.jsonl"
STAMPS: Final = "seal/timestamps/"
LARGEST_LIST: Final = 1 << 28
LARGEST_LOG: Final = 1 << 30


@dataclass(slots=True)
class Verified:
    """What a dossier came out as. `notes` say what holds only under a condition; `facts` are the statement's."""

    problems: list[Remark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    redaction: dict[str, Any] | None = None
    stamps: list[StampCheck] = field(default_factory=list)
    fingerprint: str = ""
    pinned: bool = False
    files: int = 0

    @property
    def holds(self) -> bool:
        """Whether the dossier verifies."""
        return not self.problems

    def problem(self, path: str, code: str, message: str) -> None:
        """Add a problem."""
        self.problems.append(Remark(path, code, message))


def verify_dossier(
    folder: Path,
    key_fingerprint: str | None = None,
    chain: Path | None = None,
    trusted_list: Path | None = None,
) -> Verified:
    """Verify the dossier in `folder`.

    `key_fingerprint` is the signer's, known from elsewhere; `chain` holds the certificates of the time-stamp
    authority (PEM), known from elsewhere; `trusted_list` is a trusted list of the EU (XML).
    """
    done = Verified()
    bag = check_bag(folder)
    done.problems += bag.problems
    done.problems += [Remark(path, code, said) for path, code, said in bag.warnings]
    done.files = len(bag.sizes)
    if bag.declaration is None:
        return done
    for path in sorted(set(bag.sizes) - bag.tagged):
        if not path.startswith(("data/", "tagmanifest-")):
            done.problem(path, "unlisted", "is in no tag manifest")
    _seal(folder, bag, key_fingerprint, done)
    _redaction(folder, bag, done)
    _committed(folder, bag, done)
    _runs(folder, bag, done)
    _stamps(folder, bag, chain, trusted_list, done)
    return done


def _small(folder: Path, path: str, bag: BagCheck, done: Verified, most: int = LARGEST) -> bytes | None:
    if path not in bag.sizes:
        done.problem(path, "missing", "is missing: this bag is no sealed dossier, or was changed")
        return None
    try:
        return read_small(folder, path, most)
    except (OSError, ValueError) as error:
        done.problem(path, "unreadable", f"cannot be read: {error}")
        return None


def json_object(data: bytes | None) -> dict[str, Any] | None:
    """A JSON object, or None: also for JSON that nests without end."""
    try:
        value = json.loads(data or b"")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _seal(folder: Path, bag: BagCheck, pinned: str | None, done: Verified) -> None:
    paths = (STATEMENT, ENVELOPE, PAE, SIGNATURE, PUBLIC)
    files = {path: _small(folder, path, bag, done) for path in paths}
    there = {path: data for path, data in files.items() if data is not None}
    if len(there) < len(paths):
        return
    for path, said in wrong_with(there):
        done.problem(path, "seal", said)
    public = load_public(there[PUBLIC])
    done.fingerprint = fingerprint(public) if public is not None else ""
    if pinned is not None:
        done.pinned = "".join(pinned.split()).replace(":", "").lower() == done.fingerprint
        if not done.pinned:
            done.problem(
                PUBLIC, "key", f"is another key than the one given: its fingerprint is {done.fingerprint}"
            )
    else:
        done.notes.append(
            "The key is the bag's own: compare its fingerprint with the signer's, known from elsewhere "
            "(--key-fingerprint)."
        )
    statement = json_object(there[STATEMENT]) or {}
    facts = statement.get("predicate")
    if not isinstance(facts, dict) or facts.get("format") != "countermark.dossier/1":
        done.problem(STATEMENT, "statement", "is no statement of a dossier of version 1")
        return
    done.facts = facts
    if facts.get("key_fingerprint") != done.fingerprint:
        done.problem(STATEMENT, "statement", "names another key than seal/public.pem")
    _subject(folder, bag, statement, done)


def _subject(folder: Path, bag: BagCheck, said: dict[str, Any], done: Verified) -> None:
    data = _small(folder, COMMITMENTS, bag, done, LARGEST_LIST)
    if data is None:
        return
    digest = hashlib.sha256(data).hexdigest()
    if said.get("subject") != [{"name": COMMITMENTS, "digest": {"sha256": digest}}]:
        done.problem(COMMITMENTS, "changed", "is not the list that the signed statement names")
    if done.facts.get("merkle_root") != merkle_root(data.splitlines()):
        done.problem(
            COMMITMENTS, "merkle-root", "leads to another Merkle root than the signed statement says"
        )


def _redaction(folder: Path, bag: BagCheck, done: Verified) -> None:
    if REDACTION not in bag.sizes:
        return
    said = json_object(_small(folder, REDACTION, bag, done, LARGEST_LIST))
    withheld = said.get("withheld") if said is not None else None
    if (
        said is None
        or not isinstance(withheld, dict)
        or not all(type(one) is str for one in withheld.values())
    ):
        done.problem(REDACTION, "redaction", "does not say which files are withheld")
        return
    done.redaction = said
    done.notes.append(
        f"This copy is redacted: {len(withheld)} of the files committed to are withheld. redaction.json is not signed."
    )


def _committed(folder: Path, bag: BagCheck, done: Verified) -> None:
    """Every payload file is one that was committed to, and every other one is said to be withheld."""
    expected = _list(folder, COMMITMENTS, bag, done)
    if expected is None:
        return
    withheld = done.redaction["withheld"] if done.redaction else {}
    if WHOLE_SET in bag.sizes:
        expected |= _list(folder, WHOLE_SET, bag, done) or {}
    known = {path: digests.get("sha256") for path, digests in bag.digests.items()}
    for path in sorted(path for path in bag.sizes if path.startswith("data/")):
        if path not in expected:
            done.problem(path, "not-committed", "is not among the files that were sealed")
        elif (known.get(path) or digests_of(folder, path, ["sha256"])["sha256"]) != expected[path]:
            done.problem(path, "changed", "is not the file that was sealed")
    for path in sorted(set(expected) - set(bag.sizes)):
        if path not in withheld:
            done.problem(path, "missing", "was sealed and is not there, and no redaction says so")
        elif withheld[path] != expected[path]:
            done.problem(REDACTION, "redaction", f"states another digest for {path} than the seal")
    for path in sorted(set(withheld) - set(expected)):
        done.problem(REDACTION, "redaction", f"names {path}, which was never sealed")


def _list(folder: Path, path: str, bag: BagCheck, done: Verified) -> dict[str, str] | None:
    data = _small(folder, path, bag, done, LARGEST_LIST) if path in bag.sizes else None
    if data is None:
        return None
    found = read_commitments(data)
    if isinstance(found, str):
        done.problem(path, "line", found)
        return None
    return found


def _runs(folder: Path, bag: BagCheck, done: Verified) -> None:
    runs = done.facts.get("runs")
    stated: dict[str, str] = {}
    for facts in runs if isinstance(runs, list) else []:
        place = f"data/runs/{facts.get('folder')}" if isinstance(facts, dict) else ""
        if f"{place}/run.json" not in bag.sizes:
            if done.redaction is None:
                done.problem(place or STATEMENT, "missing", "the run that the statement names is not there")
            elif isinstance(facts, dict):
                stated[str(facts.get("name"))] = str(facts.get("run_digest"))
            continue
        stated[str(facts.get("name"))] = str(facts.get("run_digest"))
        _run(folder, place, facts, bag, done)
    if ATTEMPTS not in bag.sizes:
        if done.redaction is None:
            done.problem(ATTEMPTS, "missing", "is missing: a dossier without its log of attempts is none")
        else:
            done.notes.append("The log of attempts is withheld from this copy.")
    elif bag.sizes[ATTEMPTS] > LARGEST_LOG:
        done.problem(ATTEMPTS, "too-large", "is too large for a log of attempts")
    else:
        for said in wrong_with_attempts(folder / ATTEMPTS, stated):
            done.problem(ATTEMPTS, "attempts", said)


def _run(folder: Path, place: str, facts: dict[str, Any], bag: BagCheck, done: Verified) -> None:
    inside = [path for path in bag.sizes if path.startswith(f"{place}/")]
    large = [path for path in inside if "runlog" in path and bag.sizes[path] > LARGEST_LOG]
    if large:
        done.problem(large[0], "too-large", "is too large for a run log")
        return
    if done.redaction is not None and not any("/runlog" in path for path in inside):
        done.notes.append(f"The log of the run {facts.get('folder')} is withheld from this copy.")
    else:
        for path, said in wrong_with_run(folder / place):
            done.problem(f"{place}/{path}", "run", said)
    if done.redaction is None and run_digest(folder / place) != facts.get("run_digest"):
        done.problem(f"{place}/run.json", "run", "the run has another digest than the signed statement says")


def _stamps(
    folder: Path, bag: BagCheck, chain: Path | None, trusted_list: Path | None, done: Verified
) -> None:
    names = sorted(path for path in bag.sizes if path.startswith(STAMPS) and path.endswith(".tsr"))
    if not names:
        done.notes.append("There is no time stamp: the date of sealing is the signer's word.")
        return
    from countermark.evidence.dossier.stamp_check import check_stamp  # noqa: PLC0415

    data = _small(folder, ENVELOPE, bag, done)
    if data is None:
        return
    for path in names:
        own = folder / f"{path.removesuffix('.tsr')}.pem"
        stamp = check_stamp(folder / path, data, chain or own, trusted_list)
        done.stamps.append(stamp)
        if not stamp.holds:
            done.problem(path, "time-stamp", stamp.reason)
    if chain is None:
        done.notes.append(
            "The authority's certificates are the bag's own: give its published ones with --chain."
        )
