"""Which paths a bag may name: what a hostile manifest says must never lead outside of the bag, on any system.

A bag that is sound on one system and escapes on another is refused on both: it is made to be handed on.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DRIVE: Final = re.compile(r"[A-Za-z]:")
_VARIABLE: Final = re.compile(r"%[A-Za-z_][A-Za-z0-9_()]*%|\$[A-Za-z_{(]")
LONGEST: Final = 4096
"""Characters of a path: more than any system accepts, and little enough to be normalised."""
_SYSTEM_FILES: Final = {".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".apdisk", ".directory"}
_ESCAPED: Final = {"%0d": "\r", "%0a": "\n", "%25": "%"}


def escape_reason(path: str) -> str | None:  # noqa: PLR0911  one return for each way out of a bag
    """Why `path` may lead outside of the bag or cannot be a file's name, or None where it is sound."""
    plain = path.replace("\\", "/")
    if not path or "\0" in path or len(path) > LONGEST:
        return "is no file name"
    if plain.startswith("//"):
        return "is a network (UNC) path"
    if plain.startswith("/"):
        return "is an absolute path"
    if _DRIVE.match(path):
        return "names a Windows drive"
    if path.startswith("~"):
        return "begins with ~, which shells take for a home folder"
    if _VARIABLE.match(path):
        return "begins with a variable, which shells replace"
    if ".." in plain.split("/"):
        return "leads out of its folder with .."
    if path.endswith("/") or any(part in ("", ".") for part in path.split("/")):
        return "is no plain path"
    return None


def without_dot(path: str) -> str:
    """The path without a leading `./`."""
    while path.startswith("./"):
        path = path[2:]
    return path


def decoded(path: str, version: tuple[int, int]) -> str:
    """What a path of a manifest stands for: CR, LF and, since 1.0, % are percent-encoded (RFC 8493, section 2.1.3)."""
    if "%" not in path:
        return path
    wanted = r"%(?:0[aAdD]|25)" if version >= (1, 0) else r"%0[aAdD]"
    return re.sub(wanted, lambda found: _ESCAPED[found[0].lower()], path)


def encoded(path: str) -> str:
    """The path as a manifest of version 1.0 writes it."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def same_name(path: str) -> str:
    """What two paths share that some file systems cannot tell apart: case and Unicode normalisation."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def is_system_file(path: str) -> bool:
    """Whether the file is one that an operating system leaves in folders and removes at will."""
    return path.rsplit("/", 1)[-1].casefold() in _SYSTEM_FILES
