"""The manifest of an index: what it holds, and how to know that it is whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from countermark import __version__
from countermark.errors import UnusableIndexError
from countermark.media import Medium

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "countermark-index-1"
SEGMENTED_FORMAT = "countermark-index-segments-1"
MANIFEST = "manifest.json"
MOST_BYTES = 1 << 24
"""Longer manifests are not read: it takes some thousand bytes a segment."""
KEY_CHECK_TEXT = b"countermark key check, version 1"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `manifest.json` says.

    `form` is "full" or "sealed"; `identity` is the digest over scheme, form, counts and the digests of all files;
    `files` maps each file's name to its size in bytes and its SHA-256. `key_check` lets a wrong salt be told without
    telling anything of the right one. `guarantee_letters`: any shared run of at least so many folded letters is found.
    An index of pictures has no words, letters and code points, and no guarantee; its `fingerprints` are local features.
    `facts` is what only the medium's own room reads. An index in segments has in `segments` what each of them is, and
    in `state` the folder of the files that say which works count; its counts are those of the works that do.
    """

    scheme: str
    form: str
    identity: str
    works: int
    assets: int
    words: int
    letters: int
    code_points: int
    fingerprints: int
    dropped_fingerprints: int
    guarantee_letters: int
    engine_version: str
    key_check: str = ""
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    medium: str = Medium.TEXT
    facts: dict[str, Any] = field(default_factory=dict)
    segments: list[dict[str, Any]] = field(default_factory=list)
    state: str = ""

    def is_sound(self) -> bool:
        """Whether every field holds what its type says; somebody else may have written it."""
        counts = [self.works, self.assets, self.words, self.letters, self.code_points, self.fingerprints]
        counts += [self.dropped_fingerprints, self.guarantee_letters]
        words = (
            self.scheme,
            self.form,
            self.identity,
            self.engine_version,
            self.key_check,
            self.medium,
            self.state,
        )
        groups = (
            isinstance(self.files, dict) and isinstance(self.facts, dict) and isinstance(self.segments, list)
        )
        return (
            groups
            and all(type(count) is int and 0 <= count < 1 << 56 for count in counts)
            and all(isinstance(word, str) for word in words)
            and all(_is_file(facts) for facts in self.files.values())
        )

    def identified(self) -> Manifest:
        """The same with the digest over what it says now, written by this version."""
        return replace(self, identity=identity_of(self.said()), engine_version=__version__)

    def said(self) -> dict[str, Any]:
        """All that the file says but its format."""
        said = asdict(self)
        if self.medium == Medium.TEXT:  # as it stood before there were others
            del said["medium"], said["facts"]
        if not self.segments:
            del said["segments"], said["state"]
        return said

    def to_json(self) -> str:
        """The manifest as it stands on disk."""
        kind = SEGMENTED_FORMAT if self.segments else FORMAT
        return json.dumps({"format": kind, **self.said()}, indent=1, sort_keys=True) + "\n"


def _is_file(facts: Any) -> bool:
    """Whether this is what a manifest says of a file."""
    if not isinstance(facts, dict):
        return False
    size = facts.get("size")
    return type(size) is int and size >= 0 and isinstance(facts.get("sha256"), str)


def identity_of(facts: dict[str, Any]) -> str:
    """The digest over all facts of a manifest but the version that wrote it, and the digest itself."""
    kept = {name: fact for name, fact in facts.items() if name not in ("identity", "engine_version")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def key_check(salt: bytes | None) -> str:
    """Return a short keyed digest of a fixed text: the same salt gives the same one; "" without a salt."""
    if salt is None:
        return ""
    key = hashlib.blake2b(salt, digest_size=32).digest()
    return hashlib.blake2b(KEY_CHECK_TEXT, key=key, digest_size=8).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of an index folder; raises UnusableIndexError with what is wrong."""
    path = folder / MANIFEST
    try:
        content = json.loads(_bytes_of(path))
    except FileNotFoundError:
        raise UnusableIndexError(f"{folder} is not an index: it has no {MANIFEST}") from None
    except NotADirectoryError:
        raise UnusableIndexError(f"{folder} is not an index: an index is a folder") from None
    except (OSError, ValueError, RecursionError) as error:
        raise UnusableIndexError(f"{path} cannot be read: {error}") from None
    kind = content.pop("format", None) if isinstance(content, dict) else None
    if kind not in (FORMAT, SEGMENTED_FORMAT):
        raise UnusableIndexError(f"{path} is not of the format {FORMAT}")
    if (kind == SEGMENTED_FORMAT) != bool(content.get("segments")):
        raise UnusableIndexError(f"{path} is damaged: it is of the format {kind}, which its segments are not")
    if content.get("identity") != identity_of(content):
        raise UnusableIndexError(f"{path} was changed after the index was built: copy the index again")
    try:
        manifest = Manifest(**content)
    except TypeError as error:
        raise UnusableIndexError(f"{path} is damaged: {error}") from None
    if not manifest.is_sound():
        raise UnusableIndexError(f"{path} is damaged: a field holds what no index has there")
    if not manifest.files:
        raise UnusableIndexError(f"{path} is damaged: it names no files")
    return manifest


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES:,} bytes, which no manifest has")
    return content
