"""Verification of a dossier: bag, commitments, signature, stamps and logs; every problem with its file.

Nothing is fetched. What a stranger made is read with care: no link is followed, no file is read whole that is large
without need, and names are shown by the caller as `legible` text only.
"""

from __future__ import annotations

import hashlib
import json
import re
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
from countermark.evidence.dossier.item_groups import LISTED
from countermark.evidence.dossier.keys import fingerprint, load_public
from countermark.evidence.dossier.run_check import wrong_with_run
from countermark.evidence.report.legible import one_line
from countermark.scan.attempts import run_digest

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.evidence.dossier.stamp_check import StampCheck

REDACTION: Final = "redaction.json"
ATTEMPTS: Final = "data/attempts.jsonl"
ITEMS: Final = "data/items/"
STAMPS: Final = "seal/timestamps/"
LARGEST_LIST: Final = 1 << 28
LARGEST_REDACTION: Final = 1 << 26
MOST_NESTED: Final = 100_000
LARGEST_LOG: Final = 1 << 27
LARGEST_TABLE: Final = 1 << 30
_OURS: Final = re.compile(
    r"data/.*|bagit\.txt|bag-info\.txt|(?:tag)?manifest-sha(?:256|512)\.txt|redaction\.json"
    r"|seal/(?:commitments\.sha256|statement\.json|dossier\.dsse\.json|signed\.pae|signature\.bin|public\.pem)"
    r"|seal/timestamps/[^/]*\.(?:tsr|tsq|pem)",
    re.DOTALL,
)
_SHORTEST_LINE: Final = 64 + len("  data/x\n")


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

    @property
    def first(self) -> str:
        """The first problem on one legible line: its words are a stranger's."""
        path, _, said = self.problems[0]
        return f"{one_line(path)} {one_line(said, 400)}"

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
    for path in sorted(bag.sizes):
        if path not in bag.tagged and not path.startswith(("data/", "tagmanifest-")):
            done.problem(path, "unlisted", "is in no tag manifest")
        elif not _OURS.fullmatch(path):
            done.problem(path, "stranger", "is no file of a dossier: it was added, and nobody signed it")
    _seal(folder, bag, key_fingerprint, done)
    _redaction(folder, bag, done)
    _committed(folder, bag, done)
    if not any(remark.code == "not-a-file" for remark in bag.problems):
        # These open files by names of their own: a link there would lead out of the bag, and a pipe never ends.
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
    data = _lines(folder, COMMITMENTS, bag, done)
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
    data = _small(folder, REDACTION, bag, done, LARGEST_REDACTION) or b""
    # It is flat: one that nests is none of ours, and would take twenty times its size in memory.
    said = json_object(data if data.count(b"[") + data.count(b"{") < MOST_NESTED else None)
    withheld = said.get("withheld") if said is not None else None
    if (
        said is None
        or not isinstance(withheld, dict)
        or not all(type(one) is str for one in withheld.values())
    ):
        done.problem(REDACTION, "redaction", "does not say which files are withheld")
        return
    done.redaction = said
    if not any(path.startswith(ITEMS) for path in withheld):
        done.problem(REDACTION, "redaction", "withholds no work and no passage, and so nothing else either")
    done.notes.append(_told_withheld(withheld, done.facts))


def _told_withheld(withheld: dict[str, str], facts: dict[str, Any]) -> str:
    """What is missing, in works and in files; the whole set is one line of the list and many files."""
    works = sum(path.startswith(ITEMS) and path.endswith("/work.json") for path in withheld)
    items, files = facts.get("items"), facts.get("files")
    of = items.get("works") if isinstance(items, dict) else None
    whole = files.get("whole_set") if isinstance(files, dict) and WHOLE_SET in withheld else 0
    return (
        f"This copy is redacted: {works} of {of} works are withheld, {len(withheld)} files committed to by themselves"
        f"{f', and {whole} files about all works together' if whole else ''}. redaction.json is not signed."
    )


def _committed(folder: Path, bag: BagCheck, done: Verified) -> None:
    """Every payload file is one that was committed to, and every other one is said to be withheld."""
    expected = _expected(folder, bag, done)
    if expected is None:
        return
    withheld = done.redaction["withheld"] if done.redaction else {}
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


def _expected(folder: Path, bag: BagCheck, done: Verified) -> dict[str, str] | None:
    """Path → SHA-256 of all files that were sealed, as far as the lists that name them are in this copy."""
    expected = _list(folder, COMMITMENTS, bag, done)
    if expected is None:
        return None
    groups = [found for path in sorted(expected) if path in bag.sizes and (found := LISTED.fullmatch(path))]
    if WHOLE_SET in bag.sizes:
        expected |= _list(folder, WHOLE_SET, bag, done) or {}
    for group in groups:
        expected |= _in_item(folder, group[0], group[1], bag, done)
    return expected


def _in_item(folder: Path, path: str, stem: str, bag: BagCheck, done: Verified) -> dict[str, str]:
    """What a list of pictures or sounds of an item names: files that are called like it, and nothing else."""
    found = _list(folder, path, bag, done) or {}
    strange = next(
        (name for name in found if not name.startswith(f"{stem}.") or name.endswith(".sha256")), None
    )
    if strange is not None:
        done.problem(path, "line", f"names {strange}, which is no file of its own")
        return {}
    return found


def _lines(folder: Path, path: str, bag: BagCheck, done: Verified) -> bytes | None:
    """The bytes of a list of commitments, unless it has more lines than such a list of its size can have."""
    data = _small(folder, path, bag, done, LARGEST_LIST)
    if data is not None and data.count(b"\n") * _SHORTEST_LINE > len(data):
        done.problem(path, "line", "is no list of files with their SHA-256")
        return None
    return data


def _list(folder: Path, path: str, bag: BagCheck, done: Verified) -> dict[str, str] | None:
    data = _lines(folder, path, bag, done) if path in bag.sizes else None
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
    folders: dict[str, Path] = {}
    for facts in runs if isinstance(runs, list) else []:
        place = f"data/runs/{facts.get('folder')}" if isinstance(facts, dict) else ""
        if f"{place}/run.json" not in bag.sizes:
            if done.redaction is None:
                done.problem(place or STATEMENT, "missing", "the run that the statement names is not there")
            elif isinstance(facts, dict):
                stated[str(facts.get("name"))] = str(facts.get("run_digest"))
            continue
        stated[str(facts.get("name"))] = str(facts.get("run_digest"))
        if _run(folder, place, facts, bag, done):
            folders[str(facts.get("name"))] = folder / place
    _attempts(folder, bag, stated, folders, done)


def _attempts(
    folder: Path, bag: BagCheck, stated: dict[str, str], folders: dict[str, Path], done: Verified
) -> None:
    """The log of all attempts, against what the runs say of themselves."""
    if ATTEMPTS not in bag.sizes:
        if done.redaction is None:
            done.problem(ATTEMPTS, "missing", "is missing: a dossier without its log of attempts is none")
        else:
            done.notes.append("The log of attempts is withheld from this copy.")
    elif bag.sizes[ATTEMPTS] > LARGEST_LOG:
        done.problem(ATTEMPTS, "too-large", "is too large for a log of attempts")
    else:
        try:
            wrong = wrong_with_attempts(folder / ATTEMPTS, stated, folders)
        except (OSError, ValueError, KeyError) as error:
            wrong = [f"is broken: {error}"]
        for said in wrong:
            done.problem(ATTEMPTS, "attempts", said)


def _run(folder: Path, place: str, facts: dict[str, Any], bag: BagCheck, done: Verified) -> bool:
    """Check one run; whether its files are small enough to be read whole."""
    inside = [path for path in bag.sizes if path.startswith(f"{place}/")]
    large = [path for path in inside if bag.sizes[path] > _most(path)]
    if large:
        done.problem(large[0], "too-large", "is too large for a file of a run that is read whole")
        return False
    if done.redaction is not None and not any("/runlog" in path for path in inside):
        done.notes.append(f"The log of the run {facts.get('folder')} is withheld from this copy.")
    else:
        try:
            wrong = wrong_with_run(folder / place)
        except (OSError, ValueError, RecursionError) as error:
            wrong = [("runlog.jsonl", f"is broken: {error}")]
        for path, said in wrong:
            done.problem(f"{place}/{path}", "run", said)
    if done.redaction is None and run_digest(folder / place) != facts.get("run_digest"):
        done.problem(f"{place}/run.json", "run", "the run has another digest than the signed statement says")
    return True


def _most(path: str) -> float:
    """The bytes that a file of a run may have: findings are read in pieces, and everything else whole."""
    if "/findings/" in path:
        return float("inf")
    return LARGEST_TABLE if path.endswith(".parquet") else LARGEST_LOG


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
