"""Verification of any bag, ours or foreign (BagIt 1.0, RFC 8493, and 0.93 to 0.97): every problem with its file.

`problems` make a bag invalid; `warnings` are what RFC 8493 (section 5) and practice advise against, and what another
system may trip over. A bag that waits for files of `fetch.txt` is not complete, and nothing is ever fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from countermark.evidence.dossier.bag_files import ALGORITHMS, Listing, digests_of, list_files, read_small
from countermark.evidence.dossier.bag_paths import is_system_file, same_name
from countermark.evidence.dossier.bag_tags import (
    Declaration,
    Remark,
    decode_tag,
    read_declaration,
    read_fetch,
    read_info,
    read_manifest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGEST_TAG_FILE: Final = 1 << 28
"""Bytes of a tag file, and of all manifests together."""
MOST_INFO: Final = 1 << 20
"""Bytes of bag-info.txt."""
_MANIFEST: Final = re.compile(r"(tag)?manifest-([A-Za-z0-9]+)\.txt")


@dataclass(slots=True)
class BagCheck:
    """What a bag came out as. `digests` maps each path that a manifest lists to its digests by algorithm, as found."""

    problems: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    declaration: Declaration | None = None
    info: list[tuple[str, str]] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    digests: dict[str, dict[str, str]] = field(default_factory=dict)
    tagged: set[str] = field(default_factory=set)

    @property
    def valid(self) -> bool:
        """Whether nothing makes the bag invalid."""
        return not self.problems

    def problem(self, path: str, code: str, message: str) -> None:
        """Add a problem."""
        self.problems.append(Remark(path, code, message))

    def warn(self, path: str, code: str, message: str) -> None:
        """Add a warning."""
        self.warnings.append(Remark(path, code, message))


Listed = dict[str, dict[str, str]]
"""algorithm → path → digest, as the manifests say."""


def check_bag(folder: Path) -> BagCheck:
    """Verify the bag in `folder`: structure, names, and every digest. Nothing outside of the folder is touched."""
    check = BagCheck()
    if not folder.is_dir():
        check.problem(".", "no-bag", "is not a folder")
        return check
    listing = list_files(folder)
    check.sizes = listing.sizes
    for path, reason in sorted(listing.refused.items()):
        check.problem(path, "not-a-file", reason)
    check.declaration = _declaration(folder, check)
    if check.declaration is None:
        return check
    payload, tags = _manifests(folder, check.declaration, check)
    fetched = _fetch(folder, check.declaration, payload, check)
    if not payload:
        check.problem(".", "no-manifest", "has no payload manifest that can be read")
    if not (folder / "data").is_dir():
        check.problem("data", "no-payload", "is missing")
    _compare_names(payload, check)
    excused = _check_listed(folder, payload, fetched, check)
    _check_listed(folder, tags, set(), check)
    check.tagged = {path for entries in tags.values() for path in entries}
    _check_unlisted(listing, payload, check.declaration, check)
    _info(folder, check.declaration, check, exact=not excused)
    return check


def _read(folder: Path, path: str, check: BagCheck, most: int = LARGEST_TAG_FILE) -> bytes | None:
    if path not in check.sizes:
        return None
    try:
        return read_small(folder, path, most)
    except (OSError, ValueError) as error:
        check.problem(path, "unreadable", f"cannot be read: {error}")
        return None


def _text(
    folder: Path, path: str, declared: Declaration, check: BagCheck, most: int = LARGEST_TAG_FILE
) -> str | None:
    data = _read(folder, path, check, most)
    if data is None:
        return None
    text = decode_tag(data, declared.encoding)
    if text is None:
        check.problem(path, "encoding", f"is not {declared.encoding}, the encoding that bagit.txt declares")
    elif declared.encoding.lower() == "utf-8" and data.startswith(b"\xef\xbb\xbf"):
        check.warn(path, "byte-order-mark", "begins with a byte order mark")
    return text


def _declaration(folder: Path, check: BagCheck) -> Declaration | None:
    data = _read(folder, "bagit.txt", check, 1 << 10)
    if data is None:
        if "bagit.txt" not in check.sizes:
            check.problem("bagit.txt", "missing", "is missing: this is no bag")
        return None
    found = read_declaration(data)
    if isinstance(found, str):
        check.problem("bagit.txt", "declaration", found)
        return None
    return found


def _manifests(folder: Path, declared: Declaration, check: BagCheck) -> tuple[Listed, Listed]:
    payload: Listed = {}
    tags: Listed = {}
    left = LARGEST_TAG_FILE
    for name in sorted(path for path in check.sizes if "/" not in path):
        found = _MANIFEST.fullmatch(name)
        if found is None:
            continue
        algorithm = found[2].lower().replace("-", "")
        if algorithm not in ALGORITHMS:
            check.problem(
                name, "algorithm", f"the digest {algorithm} is not known: {', '.join(ALGORITHMS)} are"
            )
            continue
        text = _text(folder, name, declared, check, left)
        if text is None:
            continue
        left -= min(left, check.sizes[name])
        read = read_manifest(name, text, algorithm, declared.version, payload=not found[1])
        check.problems += read.problems
        check.warnings += read.warnings
        (tags if found[1] else payload)[algorithm] = {entry.path: entry.digest for entry in read.entries}
    return payload, tags


def _fetch(folder: Path, declared: Declaration, payload: Listed, check: BagCheck) -> set[str]:
    text = _text(folder, "fetch.txt", declared, check)
    if text is None:
        return set()
    read = read_fetch(text, declared.version)
    check.problems += read.problems
    paths = {entry.path for entry in read.entries}
    listed = {path for entries in payload.values() for path in entries}
    for path in sorted(paths - listed):
        check.problem(path, "not-listed", "stands in fetch.txt and in no manifest")
    return paths


def _compare_names(payload: Listed, check: BagCheck) -> None:
    names: dict[str, str] = {}
    for path in sorted({path for entries in payload.values() for path in entries}):
        other = names.setdefault(same_name(path), path)
        if other != path:
            said = (
                f"differs from {other} in case or Unicode normalisation only: some systems keep one of them"
            )
            check.warn(path, "same-name", said)
        if is_system_file(path):
            check.warn(path, "system-file", "is a file of the operating system, which may remove it")
        if "\\" in path:
            check.warn(path, "backslash", "has a backslash, which some systems take for a folder's end")


def _check_listed(folder: Path, listed: Listed, fetched: set[str], check: BagCheck) -> bool:
    """Compare each file listed; returns whether one is absent for a reason that the warnings name."""
    excused = False
    by_name: dict[str, str] = {}
    for path in check.sizes:
        by_name.setdefault(same_name(path), path)
    for path in sorted({path for entries in listed.values() for path in entries}):
        wanted = {name: entries[path] for name, entries in listed.items() if path in entries}
        if path in check.sizes:
            _compare(folder, path, path, wanted, check)
            continue
        twin = by_name.get(same_name(path))
        if twin is not None:
            check.warn(path, "same-name", f"is there under the name {twin}")
            _compare(folder, path, twin, wanted, check)
        elif is_system_file(path):
            excused = True
            check.warn(path, "system-file", "is listed and not there: systems remove such files")
        elif path in fetched:
            check.problem(
                path, "not-fetched", "is to be fetched (fetch.txt) and not there: the bag is not complete"
            )
        else:
            check.problem(path, "missing", "is listed in a manifest and not there")
    return excused


def _compare(folder: Path, path: str, at: str, wanted: dict[str, str], check: BagCheck) -> None:
    try:
        found = digests_of(folder, at, wanted)
    except OSError as error:
        check.problem(path, "unreadable", f"cannot be read: {error.strerror or error}")
        return
    check.digests.setdefault(path, {}).update(found)
    wrong = [name for name, digest in wanted.items() if found[name] != digest]
    if wrong:
        check.problem(path, "changed", f"was changed: its {', '.join(wrong)} is not the one in the manifest")


def _check_unlisted(listing: Listing, payload: Listed, declared: Declaration, check: BagCheck) -> None:
    present = {path for path in listing.sizes if path.startswith("data/")}
    everywhere = [set(entries) for entries in payload.values()]
    listed = set().union(*everywhere)
    aliases = {same_name(path) for path in listed}
    for path in sorted(present - listed):
        if same_name(path) not in aliases:
            check.problem(path, "unlisted", "is in no manifest")
    for path in sorted(listed):
        if not all(path in entries for entries in everywhere):
            kind = check.problem if declared.version >= (1, 0) else check.warn
            kind(path, "not-in-every-manifest", "is not listed in every manifest")


def _info(folder: Path, declared: Declaration, check: BagCheck, *, exact: bool) -> None:
    text = _text(folder, "bag-info.txt", declared, check, MOST_INFO)
    if text is None:
        return
    found = read_info(text)
    if isinstance(found, str):
        check.problem("bag-info.txt", "line", found)
        return
    check.info = found
    for value in values_of(found, "Payload-Oxum"):
        payload = [size for path, size in check.sizes.items() if path.startswith("data/")]
        said = re.fullmatch(r"(\d{1,20})\.(\d{1,20})", value)
        if said is None:
            check.problem("bag-info.txt", "oxum", "Payload-Oxum is not '<bytes>.<files>'")
        elif exact and (int(said[1]), int(said[2])) != (sum(payload), len(payload)):
            there = f"{sum(payload)}.{len(payload)}"
            check.problem("bag-info.txt", "oxum", f"Payload-Oxum says {value}, and there are {there}")


def values_of(info: Iterable[tuple[str, str]], label: str) -> list[str]:
    """The values of a label of `bag-info.txt`, whatever its case."""
    return [value for name, value in info if name.casefold() == label.casefold()]
