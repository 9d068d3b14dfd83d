"""Receipts: the proof that one shard was scanned, with what, and what was not read.

A receipt is a JSON file with sorted keys. It holds no time and no path of the machine, so that two scans of
the same shard with the same index give the same bytes. Its name is made of what was scanned and with what; a
shard has been scanned when its receipt is there and the findings file has the digest that the receipt states.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from countermark.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from countermark.corpus.base import Shard
    from countermark.media import Refusal

EXAMPLES_PER_REASON = 20
NAME_LENGTH = 20  # hexadecimal digits, 80 bits: no two of 10^9 shards share a name by chance

WITHHELD = "withheld"
"""Said of excerpts where what a record holds was searched, and nothing of it kept."""

WITH_SIDES = "bytes, sides"
"""The unit of a source that is a part of a file, and the files beside it."""

RefusalCounts = dict[str, dict[str, Any]]
"""reason → `{"count": n, "examples": [{"where", "row", "detail"}, …]}`, at most 20 examples per reason."""


@dataclass(frozen=True, slots=True)
class ScanIdentity:
    """What decides the result of scanning a shard: the two indices, the scheme and the engine's version.

    `reservations` names the captures of robots.txt, the agent and the age by which records were judged; None where
    they were judged by themselves, for any agent. `embedding` is the digest of the user's model that proposed
    candidates among pictures, `listening` what a search among recordings was asked for beyond the plain one, and
    `excerpts` is `WITHHELD` where nothing of what a record holds was kept. They are left out of receipts and their
    names where they are None.
    """

    index: str
    controls: str | None
    scheme: str
    engine: str
    reservations: str | None = None
    embedding: str | None = None
    listening: str | None = None
    excerpts: str | None = None

    def facts(self) -> dict[str, Any]:
        """As a receipt has it."""
        facts = asdict(self)
        for name in ("reservations", "embedding", "listening", "excerpts"):
            if facts[name] is None:
                del facts[name]
        return facts


@dataclass(frozen=True, slots=True)
class Source:
    """The SHA-256 (hexadecimal) of what the shard was read from.

    With the unit `bytes` it is that of the bytes `[begin, end)` of the file; with `bytes, sides` that of the lines
    `<SHA-256>`, one of the same bytes and one of each file beside that says how they are read (`x.idx` of `x.bin`), as
    `sha256sum x.bin x.idx | cut -c -64 | sha256sum` gives it for whole files; with the unit `files`, for shards of
    many documents, that of the lines `<SHA-256>  <name>` of the files `[begin, end)` of the folder's listing, as
    `sha256sum` prints them.
    """

    sha256: str
    begin: int
    end: int
    unit: str = "bytes"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One scanned shard. Amounts: `characters` are code points, `text_bytes` are bytes of UTF-8.

    `pictures` is what only a search among pictures says: bytes and frames looked at, the digest of the sketches kept;
    `recordings` what only one among recordings does: bytes, seconds and tracks listened to, and pairs compared.
    `tokens` is what only a shard of token ids says: the table that it was decoded with, how its first ids were held
    against it, and the ids read, those that are no text or stand for nothing, bytes that were no UTF-8, documents that
    were cut.
    """

    name: str
    corpus: str
    snapshot_date: str | None
    shard: dict[str, Any]
    source: Source
    identity: ScanIdentity
    records: int
    characters: int
    text_bytes: int
    refused: RefusalCounts
    findings: int
    findings_sha256: str
    pictures: dict[str, Any] | None = None
    recordings: dict[str, Any] | None = None
    tokens: dict[str, Any] | None = None

    @property
    def refused_rows(self) -> int:
        """How many rows (or whole files) were not read."""
        return sum(entry["count"] for entry in self.refused.values())

    def to_bytes(self) -> bytes:
        """The file's bytes: JSON with sorted keys, ending in a newline."""
        said = {"receipt": 1, **asdict(self), "identity": self.identity.facts()}
        for name in ("pictures", "recordings", "tokens"):
            if said[name] is None:
                del said[name]
        return json_bytes(said)


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """Canonical JSON: sorted keys, one space of indent, UTF-8, a newline at the end."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1)
    return (text + "\n").encode("utf-8", "backslashreplace")  # a lone surrogate becomes its JSON escape


def shard_facts(shard: Shard) -> dict[str, Any]:
    """What identifies a shard on any machine: all of it but the path, and the state of an object on storage."""
    facts = asdict(shard)
    del facts["path"], facts["state"]
    return facts | {"options": dict(shard.options)}


def receipt_name(shard: Shard, identity: ScanIdentity) -> str:
    """The name that the receipt and the findings file of `shard` have, without suffix."""
    facts = json_bytes({"shard": shard_facts(shard), "identity": identity.facts()})
    return hashlib.sha256(facts).hexdigest()[:NAME_LENGTH]


def read_receipt(path: Path) -> Receipt:
    """Read one receipt. Raises RunError when it is missing, damaged or not a receipt."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise RunError(f"{path}: no such receipt") from error
    except OSError as error:
        raise RunError(f"{path}: damaged receipt: {error}") from error
    return receipt_of(data, path)


def receipt_of(data: bytes, path: Path | str) -> Receipt:
    """The receipt that a file holds; `path` is its name in errors. Raises RunError."""
    try:
        facts = json.loads(data)
    except ValueError as error:
        raise RunError(f"{path}: damaged receipt: {error}") from error
    if not isinstance(facts, dict) or facts.pop("receipt", None) != 1:
        raise RunError(f"{path}: not a receipt of version 1")
    try:
        source, identity = Source(**facts.pop("source")), _shared(ScanIdentity(**facts.pop("identity")))
        source = replace(source, unit=sys.intern(source.unit))
        facts["shard"] = {sys.intern(name): fact for name, fact in facts["shard"].items()}
        facts["shard"]["format"] = sys.intern(facts["shard"]["format"])
        for name in ("corpus", "findings_sha256"):  # of most shards that of no findings
            facts[name] = sys.intern(facts[name])
        return Receipt(source=source, identity=identity, **facts)
    except (KeyError, TypeError, AttributeError) as error:
        raise RunError(f"{path}: damaged receipt: {error}") from error


@lru_cache(maxsize=64)
def _shared(identity: ScanIdentity) -> ScanIdentity:
    """One and the same object for equal identities: a run may hold very many receipts at once."""
    return identity


@dataclass(slots=True)
class RefusalTally:
    """Counts what was not read, by reason, with a few examples of each; `terse` ones say only where."""

    counts: RefusalCounts = field(default_factory=dict)
    terse: bool = False

    def add(self, refused: Iterable[Refusal]) -> None:
        """Count each refusal; keep the first twenty of each reason."""
        for refusal in refused:
            entry = self.counts.setdefault(refusal.reason, {"count": 0, "examples": []})
            entry["count"] += 1
            if len(entry["examples"]) < EXAMPLES_PER_REASON:
                detail = WITHHELD if self.terse else refusal.detail
                example = {"where": refusal.where, "row": int(refusal.row), "detail": detail}
                entry["examples"].append(example)

    @property
    def total(self) -> int:
        """How many refusals were counted."""
        return sum(entry["count"] for entry in self.counts.values())
