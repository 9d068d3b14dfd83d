"""SHA256SUMS, as `sha256sum -c` reads it, and the short code that stands for it all."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError
from countermark.kit import layout

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_CODE_LENGTH: Final = 24  # 120 bits: to find two media with one code takes 2^60 trials
_LINE: Final = re.compile(r"([0-9a-f]{64}) [ *]([^\n]+)")
_MOST_BYTES: Final = 64 << 20


def is_plain(path: Path) -> bool:
    """Whether this is a file itself: no link, pipe or device, which could be anything when it is opened."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def short_code(digest: str) -> str:
    """A SHA-256 as 24 letters and digits in groups of four, to be written down and read out."""
    number = int(digest, 16) >> (256 - 5 * _CODE_LENGTH)
    letters = [_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(_CODE_LENGTH))]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, _CODE_LENGTH, 4))


def same_code(written: str, code: str) -> bool:
    """Whether a code written down by hand is this one: case, spaces and hyphens apart, I and L are 1, O is 0."""
    read = re.sub(r"[\s-]", "", written).upper().translate(str.maketrans("ILO", "110"))
    return read == code.replace("-", "")


def files_below(folder: Path) -> Iterator[str]:
    """The names of all that is no folder below a folder, relative, with `/`, in the order of their bytes.

    Links are names too, also those to folders, which are not followed.
    """
    names: list[str] = []
    for root, folders, files in os.walk(folder, onerror=_raise):
        files += [name for name in folders if Path(root, name).is_symlink()]
        names += [Path(root, name).relative_to(folder).as_posix() for name in files]
    yield from sorted(names, key=os.fsencode)


def _raise(error: OSError) -> None:
    raise error


def write_sums(folder: Path) -> str:
    """Write SHA256SUMS over all other files of a folder; return the digest of it."""
    lines = [f"{digest_of(folder / name)}  {name}\n" for name in files_below(folder) if name != layout.SUMS]
    data = "".join(lines).encode()
    (folder / layout.SUMS).write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def read_sums(path: Path) -> dict[str, str]:
    """Name → SHA-256. Raises InputError where the file is missing, damaged, or names what lies elsewhere."""
    try:
        if path.stat().st_size > _MOST_BYTES or not is_plain(path):
            raise InputError(f"{path}: no list of checksums")
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    sums: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        found = _LINE.fullmatch(line)
        if found is None or not _stays_inside(found[2]) or found[2] in sums:
            raise InputError(f"{path}, line {number}: not a checksum of a file of this folder")
        sums[found[2]] = found[1]
    return sums


def _stays_inside(name: str) -> bool:
    return not name.startswith("/") and ".." not in name.split("/")


def wrong_files(folder: Path, sums: dict[str, str], *, beside: tuple[str, ...] = ()) -> list[str]:
    """What is missing, changed or added below a folder, one phrase a file; `beside` is allowed and not in the list."""
    there = set(files_below(folder))
    wrong = [f"{name} is missing" for name in sums if name not in there]
    for name in sorted(there, key=os.fsencode):
        if name in beside:
            continue
        if name not in sums:
            wrong.append(f"{name} was added")
        elif not is_plain(folder / name):
            wrong.append(f"{name} is no plain file any more")
        elif digest_of(folder / name) != sums[name]:
            wrong.append(f"{name} was changed")
    return wrong
