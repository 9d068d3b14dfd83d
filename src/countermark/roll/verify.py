"""Verify the roll of a Countermark site, offline: one file, Python's standard library, nothing else.

    python3 verify_roll.py FILE [--key HEX] [--since OLDER] [--json]

FILE is what a site serves as export.json (the whole roll), as the proof of one signatory, or as consistency.json.
--key is the key of the log, or its fingerprint, as you know it from somewhere else than this file.
--since is an earlier export, proof or head: the roll it tells of must be a beginning of this one.
Exit codes: 0 it verifies; 1 it does not; 2 a file cannot be used.

The tree is that of RFC 6962, section 2.1. Heads are signed with Ed25519 (RFC 8032). What is hashed or signed is JSON in
the form of RFC 8785, narrowed to texts, whole numbers, booleans, lists, and objects. A commitment is SHA-256 of a
prefix, a salt of 16 bytes, and a record. docs/reference/roll.md describes all of it, byte for byte.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Sequence  # noqa: TC003  one line that the joined file can keep
from typing import Any

from countermark.roll.ed25519 import ed25519_holds
from countermark.roll.hashing import (
    HEAD_PREFIX,
    LARGEST_INTEGER,
    FailedCheckError,
    UnusableFileError,
    canonical,
    check,
    commitment,
    hash_leaf,
    is_beginning,
    root_of_path,
    roots,
    shape,
)

EXPORT, PROOF, CONSISTENCY = (
    "countermark-roll-1",
    "countermark-roll-proof-1",
    "countermark-roll-consistency-1",
)
LARGEST_FILE = 1 << 30  # bytes
LEAVES = {  # the fields of a line; what the number must be for it; and what it is afterwards
    "entry": ({"type", "number", "kind", "commitment"}, ("not entered",), "listed"),
    "withdrawal": ({"type", "of"}, ("listed", "invalidated"), "withdrawn"),
    "amendment": ({"type", "of", "commitment"}, ("listed",), "listed"),
    "invalidation": ({"type", "of", "reason"}, ("listed",), "invalidated"),
    "reinstatement": ({"type", "of", "commitment"}, ("invalidated",), "listed"),
}


# ---- files: reading, and what their fields must be


def read_json(path: str) -> Any:
    """The JSON in a file; raises UnusableFileError in one line for anything else."""
    try:
        with open(path, "rb") as stream:  # noqa: PTH123
            raw = stream.read(LARGEST_FILE + 1)
        shape(len(raw) <= LARGEST_FILE, f"it is larger than {LARGEST_FILE >> 20} MiB")
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_object, parse_float=_no, parse_constant=_no)
    except OSError as error:
        raise UnusableFileError(error.strerror or "it cannot be read") from None
    except (ValueError, RecursionError, MemoryError) as error:
        said = ascii(str(error))[:120] if isinstance(error, ValueError) else "nested too deep, or too large"
        raise UnusableFileError(f"it is not JSON that can be read: {said}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    shape(len(dict(pairs)) == len(pairs), "an object has a key twice")
    return dict(pairs)


def _no(text: str) -> None:
    shape(False, f"{text[:20]!a} is not a whole number")


def get(where: str, value: Any, name: str, kind: type) -> Any:
    """The field `name`, which must be of that type, and no negative number."""
    found = value.get(name) if type(value) is dict else None
    told = {int: "a whole number, 0 or more", str: "a text", list: "a list", dict: "an object"}
    in_range = type(found) is not int or 0 <= found <= LARGEST_INTEGER
    shape(type(found) is kind and in_range, f"{where}: {name} should be {told[kind]}")
    return found


def unhex(where: str, text: Any, size: int) -> bytes:
    """`size` bytes from their hexadecimal digits."""
    fits = type(text) is str and len(text) == 2 * size and not set(text) - set("0123456789abcdef")
    shape(fits, f"{where} should be {2 * size} hexadecimal digits (0-9, a-f)")
    return bytes.fromhex(text)


def get_hex(where: str, value: Any, name: str, size: int) -> bytes:
    """The field `name`: `size` bytes."""
    return unhex(f"{where}: {name}", get(where, value, name, str), size)


def get_path(where: str, value: Any) -> list[bytes]:
    """The field `path`: digests."""
    return [unhex(f"{where}: a digest of the path", digest, 32) for digest in get(where, value, "path", list)]


# ---- what a log says


class Standings:
    """What the numbers of a log stand for, after the lines that were applied."""

    def __init__(self) -> None:
        self.now: dict[int, str] = {}
        self.kinds: dict[int, str] = {}
        self.newest: dict[int, str] = {}
        self.seen: set[str] = set()

    def apply(self, where: str, leaf: Any) -> int:
        """Take one leaf in; returns the number it is about."""
        told = get(where, leaf, "type", str)
        fields, allowed, after = LEAVES.get(told, (set(), (), ""))
        shape(fields == set(leaf), f"{where}: not a line of a roll (docs/reference/roll.md lists them)")
        number: int = get(where, leaf, "number" if told == "entry" else "of", int)
        before = self.now.get(number, "not entered")
        check(number and before in allowed, f"{where}: {told} of number {number}, which is {before}")
        if told == "entry":
            shape(
                leaf["kind"] in ("person", "organisation"), f"{where}: kind should be person or organisation"
            )
            self.kinds[number] = leaf["kind"]
        if told == "invalidation":
            fits = re.fullmatch(r"[a-z0-9-]{1,40}", get(where, leaf, "reason", str))
            shape(fits, f"{where}: reason should be a code of a-z, 0-9 and -")
        self.now[number] = after
        if "commitment" in leaf:  # salts are random: the same commitment twice is one signatory counted twice
            digest = get_hex(where, leaf, "commitment", 32).hex()
            check(digest not in self.seen, f"{where}: this commitment stands in the log already")
            self.seen.add(digest)
            self.newest[number] = digest
        return number

    def open(self, where: str, number: int, opening: Any) -> None:
        """Check that salt and record are those of the newest commitment to a number that is on the roll."""
        salt, record = get_hex(where, opening, "salt", 16), get(where, opening, "record", dict)
        listed = self.now.get(number) == "listed"
        check(listed, f"{where}: an opening of number {number}, which is not on the roll")
        matches = commitment(salt, canonical(record)) == self.newest[number]
        check(matches, f"{where}: the opening of number {number} does not match its commitment")

    def count(self) -> dict[str, int]:
        """How many numbers there are, and what they stand for."""
        now = list(self.now.values())
        found = {
            "numbers": len(now),
            **{name: now.count(name) for name in ("listed", "withdrawn", "invalidated")},
        }
        listed = [self.kinds[number] for number in self.now if self.now[number] == "listed"]
        return {**found, "persons": listed.count("person"), "organisations": listed.count("organisation")}


def check_head(where: str, key: bytes, head: Any) -> tuple[int, bytes, str]:
    """The size, root and time of a head whose signature holds."""
    size, root, time = (
        get(where, head, "size", int),
        get_hex(where, head, "root", 32),
        get(where, head, "time", str),
    )
    log, signature = get_hex(where, head, "log", 32), get_hex(where, head, "signature", 64)
    shape(len(head) == 5, f"{where}: a head has log, size, root, time, signature, and nothing else")
    fits = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time, re.ASCII)
    shape(fits, f"{where}: time should be as 2026-11-22T10:00:00Z")
    signed = HEAD_PREFIX + canonical({name: head[name] for name in head if name != "signature"})
    check(log == hashlib.sha256(key).digest(), f"{where}: it is of another log ({log.hex()})")
    check(ed25519_holds(key, signed, signature), f"{where}: the signature does not hold")
    return size, root, time


def heads_of(document: Any) -> list[Any]:
    """The heads in an earlier file, the newest first: of an export, of a proof, or a head alone."""
    if type(document) is dict and "root" in document:
        return [document]
    newest = get("--since", document, "head", dict)
    return [newest, *reversed(get("--since", document, "heads", list) if "heads" in document else [])]


def check_export(document: Any, key: bytes, older: Any) -> dict[str, int]:
    """Check a whole roll; returns what it counts."""
    newest = size, _, time = check_head("head", key, document.get("head"))
    earlier = [
        check_head(f"heads[{i}]", key, head) for i, head in enumerate(get("file", document, "heads", list))
    ]
    for one, two in zip(earlier, [*earlier[1:], newest]):  # noqa: B905
        check(one[0] <= two[0] and one[2] <= two[2], "heads: sizes or times go backwards")
    known = [] if older is None else [check_head("--since", key, head) for head in heads_of(older)]
    leaves, standings, hashes = get("file", document, "leaves", list), Standings(), []
    for position, leaf in enumerate(leaves):
        where = f"leaves[{position}]"
        number, last = standings.apply(where, leaf), len(standings.now)
        check(
            leaf["type"] != "entry" or number == last, f"{where}: number {number} follows number {last - 1}"
        )
        hashes.append(hash_leaf(canonical(leaf)))
    check(len(leaves) == size, f"head: it is of {size} lines, and there are {len(leaves)}")
    found = roots(hashes, [head[0] for head in (newest, *earlier, *known)])
    for name, heads in (("head", [newest]), ("an earlier head of this file", earlier), ("--since", known)):
        for its_size, its_root, its_time in heads:
            check(
                its_size <= size,
                f"{name}: it is of {its_size} lines, and this roll has only {size}: it was cut",
            )
            same = found[its_size] == its_root and (its_time <= time or its_size == size)
            check(same, f"{name}: its {its_size} lines are not the first {its_size} of this roll")
    openings = get("file", document, "openings", list)
    numbers = {get("openings", opening, "number", int) for opening in openings}
    check(len(numbers) == len(openings), "openings: a number is opened twice")
    for opening in openings:
        standings.open("openings", opening["number"], opening)
    since = {"since": max(known)[0]} if known else {}
    return {**standings.count(), "openings": len(openings), "earlier_heads": len(earlier), **since}


def check_proof(document: Any, key: bytes, older: Any) -> dict[str, Any]:
    """Check the proof of one number: each of its lines is in the tree, and the opening is theirs."""
    shape(older is None, "--since goes with an export or a proof of consistency, not with one number's proof")
    size, root, _ = check_head("head", key, document.get("head"))
    number, standings, last = get("file", document, "number", int), Standings(), -1
    for i, line in enumerate(get("file", document, "leaves", list)):
        where, leaf = f"leaves[{i}]", get(f"leaves[{i}]", line, "leaf", dict)
        position, path = get(where, line, "position", int), get_path(where, line)
        leads = root_of_path(hash_leaf(canonical(leaf)), position, size, path) == root
        check(leads, f"{where}: its path does not lead to the root of the head")
        fits = standings.apply(where, leaf) == number and position > last
        check(fits, f"{where}: it is of another number, or out of order")
        last = position
    check(standings.now, "leaves: no line of this number")
    if "opening" in document:
        standings.open("opening", number, document["opening"])
    return {"number": number, "standing": standings.now[number], "opened": "opening" in document}


def check_consistency(document: Any, key: bytes, older: Any) -> dict[str, int]:
    """Check that the tree of an earlier head is a beginning of this one, without the lines."""
    size, root, _ = check_head("head", key, document.get("head"))
    shape(older is not None, "a proof of consistency is read with --since and the earlier head")
    first, path = get("file", document, "first", int), get_path("file", document)
    its_size, its_root, _ = check_head("--since", key, heads_of(older)[0])
    shape(its_size == first, f"--since: that head is of {its_size} lines, and this proof begins at {first}")
    holds = is_beginning(first, its_root, size, root, path)
    check(holds, f"--since: its {first} lines are not the first {first} of this roll")
    return {"since": first}


def examine(document: Any, pinned: str | None = None, older: Any = None) -> dict[str, Any]:
    """Verify a file; returns what it shows. Raises FailedCheckError or UnusableFileError with one line."""
    kinds: dict[str, Any] = {EXPORT: check_export, PROOF: check_proof, CONSISTENCY: check_consistency}
    told = get("file", document, "format", str)
    shape(told in kinds, f"format should be one of {', '.join(kinds)}")
    key = get_hex("file", document, "key", 32)
    log = hashlib.sha256(key).hexdigest()
    if pinned is not None:
        same = unhex("--key", pinned.lower(), 32).hex() in (key.hex(), log)
        check(same, f"the file is of the log {log}, not of the one given with --key")
    found = kinds[told](document, key, older)
    head = {name: document["head"][name] for name in ("size", "root", "time")}
    return {"verifies": True, "format": told, "log": log, "pinned": pinned is not None, **head, **found}


def describe(found: dict[str, Any]) -> str:
    """What was verified, in a few lines."""
    lines = {
        EXPORT: "The roll verifies.\n"
        "Numbers   1 to {numbers}, without a gap: on the roll {listed} "
        "(persons {persons}, organisations {organisations}), withdrawn {withdrawn}, invalidated {invalidated}\n"
        "Openings  {openings}: each matches its commitment\n"
        "Earlier   heads published before: {earlier_heads}, each the beginning of this roll",
        PROOF: "The proof verifies: number {number} is in the log, and after the lines shown it is {standing}.\n"
        "Whether a later line changed that, only the export of the whole roll shows.",
        CONSISTENCY: "The proof verifies.",
    }[found["format"]]
    if found.get("numbers") == 0:
        lines = "The roll verifies. Nobody is on it yet."
    lines += "\nSince     the lines known from --since ({since}) stand unchanged" if "since" in found else ""
    lines += "\nHead      lines {size}, {time}, root {root}\nLog       {log}"
    ask = "The key is the file's own word: compare the log with what you know from elsewhere, or give --key."
    return lines.format(**found) + ("" if found["pinned"] else "\n" + ask)


def run(path: str, pinned: str | None, since: str | None, as_json: bool) -> int:
    """Verify a file and tell the outcome; returns the exit code."""
    try:
        found = examine(read_json(path), pinned, None if since is None else read_json(since))
    except (FailedCheckError, UnusableFileError) as error:
        failed = isinstance(error, FailedCheckError)
        if as_json:
            sys.stdout.write(json.dumps({"verifies": False, "failed": failed, "error": str(error)}) + "\n")
        sys.stderr.write(
            f"{ascii(path)[1:-1]} {'does not verify' if failed else 'cannot be used'}: {error}\n"
        )
        return 1 if failed else 2
    sys.stdout.write((json.dumps(found) if as_json else describe(found)) + "\n")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--key", help="the key of the log or its fingerprint: 64 hexadecimal digits")
    parser.add_argument("--since", metavar="OLDER", help="an earlier export, proof or head")
    parser.add_argument("--json", action="store_true", help="tell the outcome as JSON")
    options = parser.parse_args(arguments)
    return run(options.file, options.key, options.since, options.json)


if __name__ == "__main__":
    sys.exit(main())
