"""The tag files of a bag: the declaration, manifests, `fetch.txt` and `bag-info.txt` (RFC 8493, section 2)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.evidence.dossier.bag_files import ALGORITHMS, MOST_FILES
from countermark.evidence.dossier.bag_paths import decoded, escape_reason, without_dot

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSIONS: Final = {(0, minor) for minor in range(93, 98)} | {(1, 0)}
_LINE: Final = re.compile(r"([^\r\n]*+)(?:\r\n|\n|\r|\Z)")
_ENCODING: Final = re.compile(r"(utf-(8|16|32)(-?[lb]e)?|us-ascii|iso-?8859-\d+|windows-\d+|cp\d+|koi8-[ru]"
                              r"|shift[-_]jis|euc-(jp|kr)|gb(2312|18030|k)|big5|macroman|latin-?1)")  # fmt: skip
_ENTRY: Final = re.compile(r"([0-9A-Fa-f]+)[ \t]+(\S.*|\S)")
_FETCH: Final = re.compile(r"(\S+)[ \t]+(\d+|-)[ \t]+(\S.*)")
MOST_REMARKS: Final = 1_000
"""Remarks on one file: more say no more, and a file of nothing but faults would fill the memory with them."""


class Remark(NamedTuple):
    """Something said of a file of the bag: its path, a stable word, and one sentence's end."""

    path: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """What `bagit.txt` says."""

    version: tuple[int, int]
    encoding: str


class Entry(NamedTuple):
    """One line of a manifest: the path as written (without `./` and `*`), and the digest in lower case."""

    path: str
    digest: str


class Read(NamedTuple):
    """Lines that were read, and what is wrong or odd with the others."""

    entries: list[Entry]
    problems: list[Remark]
    warnings: list[Remark]

    def full(self, name: str, where: str) -> bool:
        """Whether there is so much wrong, or so many files, that nothing more is read; says so then."""
        if len(self.problems) + len(self.warnings) < MOST_REMARKS and len(self.entries) < MOST_FILES:
            return False
        said = (
            f"{where}: is not read from here on: more than {MOST_REMARKS:,} remarks, or {MOST_FILES:,} files"
        )
        self.problems.append(Remark(name, "line", said))
        return True


def lines_of(text: str) -> Iterator[str]:
    """Lines that end in LF, CR or both, one at a time; nothing after the last end is no line."""
    for found in _LINE.finditer(text):
        if found.end() > found.start():  # else it is the end of the text
            yield found[1]


def read_declaration(data: bytes) -> Declaration | str:  # noqa: PLR0911  one return for each fault
    """`bagit.txt`, or what is wrong with it (RFC 8493, section 2.1.1)."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "begins with a byte order mark"
    try:
        lines = list(islice(lines_of(data.decode("utf-8")), 3))
    except UnicodeDecodeError:
        return "is not UTF-8"
    if len(lines) != 2:
        return "has not two lines: BagIt-Version and Tag-File-Character-Encoding"
    version = re.fullmatch(r"BagIt-Version: (\d{1,4})\.(\d{1,4})", lines[0])
    if version is None:
        return "the first line is not 'BagIt-Version: M.N'"
    number = int(version[1]), int(version[2])
    if number not in VERSIONS:
        return f"version {version[1]}.{version[2]} is unknown: 0.93 to 0.97 and 1.0 are read"
    encoding = re.fullmatch(r"Tag-File-Character-Encoding: (\S+)", lines[1])
    if encoding is None:
        return "the second line is not 'Tag-File-Character-Encoding: NAME'"
    if not _ENCODING.fullmatch(encoding[1].lower()):
        return "names an encoding that is not known"
    return Declaration(number, encoding[1])


def decode_tag(data: bytes, encoding: str) -> str | None:
    """The text of a tag file, without a byte order mark; None where it is not in the encoding declared."""
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError):
        return None


def read_manifest(name: str, text: str, algorithm: str, version: tuple[int, int], *, payload: bool) -> Read:
    """A manifest or tag manifest, line by line (RFC 8493, sections 2.1.3 and 2.2.1)."""
    read = Read([], [], [])
    seen: dict[str, str] = {}
    for number, line in enumerate(lines_of(text), 1):
        where = f"line {number}"
        if read.full(name, where):
            break
        found = _ENTRY.fullmatch(line)
        if found is None:
            kind = read.warnings if not line.strip() else read.problems
            kind.append(Remark(name, "line", f"{where} is not '<digest> <path>'"))
            continue
        entry = _entry(name, where, found, algorithm, version, read)
        if entry is None:
            continue
        if payload and not entry.path.startswith("data/"):
            read.problems.append(Remark(entry.path, "not-payload", f"{name}, {where}: is not in data/"))
        elif entry.path not in seen:
            seen[entry.path] = entry.digest
            read.entries.append(entry)
        elif seen[entry.path] != entry.digest:
            said = f"{name}, {where}: is listed before with another digest"
            read.problems.append(Remark(entry.path, "listed-twice", said))
        else:
            kind = read.problems if version >= (1, 0) else read.warnings
            kind.append(Remark(entry.path, "listed-twice", f"{name}, {where}: is listed before"))
    return read


def _entry(
    name: str, where: str, found: re.Match[str], algorithm: str, version: tuple[int, int], read: Read
) -> Entry | None:
    digest, path = found[1].lower(), found[2]
    if path.startswith("*"):
        read.warnings.append(Remark(path[1:], "md5sum", f"{name}, {where}: has the * of md5sum before it"))
        path = path[1:]
    if path.startswith("./"):
        path = without_dot(path)
        read.warnings.append(Remark(path, "dot-slash", f"{name}, {where}: begins with ./"))
    reason = escape_reason(path) or escape_reason(decoded(path, (1, 0)))
    if reason is not None:
        read.problems.append(Remark(path, "escapes", f"{name}, {where}: {reason}"))
        return None
    if len(digest) != ALGORITHMS[algorithm]:
        said = f"{name}, {where}: the digest has not the {ALGORITHMS[algorithm]} digits of {algorithm}"
        read.problems.append(Remark(path, "digest", said))
        return None
    return Entry(decoded(path, version), digest)


def read_fetch(text: str, version: tuple[int, int]) -> Read:
    """`fetch.txt`: the paths that are to be fetched. Addresses are never visited."""
    read = Read([], [], [])
    for number, line in enumerate(lines_of(text), 1):
        if read.full("fetch.txt", f"line {number}"):
            break
        found = _FETCH.fullmatch(line)
        if found is None:
            if line.strip():
                read.problems.append(
                    Remark("fetch.txt", "line", f"line {number} is not '<url> <length> <path>'")
                )
            continue
        path = without_dot(found[3])
        reason = escape_reason(path)
        if reason is None and not path.startswith("data/"):
            reason = "is not in data/"
        if reason is not None:
            read.problems.append(Remark(path, "escapes", f"fetch.txt, line {number}: {reason}"))
        else:
            read.entries.append(Entry(decoded(path, version), ""))
    return read


def read_info(text: str) -> list[tuple[str, str]] | str:
    """`bag-info.txt` as labels and values, in its order; or what is wrong with it (RFC 8493, section 2.2.2)."""
    values: list[tuple[str, list[str]]] = []
    for number, line in enumerate(lines_of(text), 1):
        if line[:1] in (" ", "\t") and values:
            values[-1][1].append(line.strip())
            continue
        label, colon, value = line.partition(":")
        if colon and label and not label[0].isspace():
            values.append((label.rstrip(" \t"), [value.strip()]))
        elif line.strip():
            return f"line {number} is not 'Label: value'"
    return [(label, " ".join(parts).strip()) for label, parts in values]
