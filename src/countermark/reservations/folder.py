"""A folder as the site that it is published as: its own files at their known places, its pages with their headers.

The header fields of a static host are read from the file `_headers` (a path in the first column, then indented
`Name: value` lines; `*` matches anything), as Netlify and Cloudflare Pages do. Links that lead out of the folder are
not followed.
"""

from __future__ import annotations

import mimetypes
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from countermark.errors import InputError
from countermark.reservations.response import MAX_BODY, Headers, Response, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_ORIGIN: Final = "https://site.invalid"
"""Stands for the address of a folder whose address is not given."""
MAX_FILES: Final = 1_000_000
_KNOWN: Final = {"robots": "robots.txt", "tdmrep": ".well-known/tdmrep.json", "ai_txt": "ai.txt"}
_TERMS: Final = (".xml", ".json", ".rsl")
_MAX_TERMS: Final = 1 << 20
_MAX_ALL_TERMS: Final = 64 << 20
_TYPES: Final = {
    ".xhtml": "application/xhtml+xml",
    ".epub": "application/epub+zip",
    ".rsl": "application/rsl+xml",
}


class SiteFolder:
    """The files under a folder, by the address that they are served at."""

    def __init__(self, root: Path, origin: str = "") -> None:
        """Take a folder and the origin that it is served from. Raises InputError where it is no folder."""
        if not root.is_dir():
            raise InputError(f"{root}: is no folder; a folder as a web server publishes it is accepted")
        self.root = root
        self.origin = origin.rstrip("/") or NO_ORIGIN
        self.names = sorted(_names(root))
        self._present = frozenset(self.names)
        self._rules = _header_rules(self._text("_headers"))

    def site(self) -> Site:
        """The files at the site's known places, and the documents that statements may point at."""
        known = {field: self.response(name) for field, name in _KNOWN.items() if name in self._present}
        return Site(self.origin, documents=dict(self._documents()), **known)

    def _documents(self) -> Iterator[tuple[str, bytes]]:
        """What may be terms or policies, by address; what is left out is unread to those who point at it."""
        room = _MAX_ALL_TERMS
        for name in self.names:
            size = (self.root / name).stat().st_size if name.endswith(_TERMS) else _MAX_TERMS + 1
            if size <= min(_MAX_TERMS, room):
                room -= size
                yield self.address(name), self._bytes(name)

    def pages(self) -> Iterator[str]:
        """The names of the files that are works: all but those at known places."""
        known = {*_KNOWN.values(), "_headers", "_redirects"}
        yield from (name for name in self.names if name not in known and not name.startswith(".well-known/"))

    def address(self, name: str) -> str:
        """The address of a file; an index page has its folder's."""
        path = quote(os.fsencode(name), safe="/~!$&'()*+,;=:@")
        head, _, last = path.rpartition("/")
        if last in {"index.html", "index.htm"}:
            path = f"{head}/" if head else ""
        return f"{self.origin}/{path}"

    def response(self, name: str) -> Response:
        """A file as it would be served. Raises InputError where it cannot be read."""
        data = self._bytes(name)
        fields = [
            ("Content-Type", _media_type(name)),
            *self._fields(self.address(name).removeprefix(self.origin)),
        ]
        return Response(self.address(name), 200, Headers(fields), data[:MAX_BODY], cut=len(data) > MAX_BODY)

    def _bytes(self, name: str) -> bytes:
        try:
            with (self.root / name).open("rb") as file:
                return file.read(MAX_BODY + 1)
        except OSError as error:
            raise InputError(f"{self.root / name}: {error.strerror or error}") from error

    def _text(self, name: str) -> str:
        return self._bytes(name).decode("utf-8", "replace") if name in self._present else ""

    def _fields(self, path: str) -> list[tuple[str, str]]:
        """The header fields of every rule whose path matches, in the file's order."""
        return [field for pattern, fields in self._rules if _matches(pattern, path) for field in fields]


def _names(root: Path) -> Iterator[str]:
    """The files under a folder, `/` between parts; no hidden ones but `.well-known`, no links that lead out."""
    base, count = root.resolve(), 0
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith(".") or f == ".well-known")
        for file in files:
            path = Path(folder, file)
            if file.startswith(".") or not path.is_file():
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(base):
                continue
            count += 1
            if count > MAX_FILES:
                raise InputError(f"{root}: more than {MAX_FILES:,} files; check its folders one by one")
            yield path.relative_to(root).as_posix()


def _media_type(name: str) -> str:
    suffix = Path(name).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")


def _header_rules(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    rules: list[tuple[str, list[tuple[str, str]]]] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            rules.append((line.strip(), []))
        elif rules and ":" in line:
            name, _, value = line.strip().partition(":")
            rules[-1][1].append((name.strip(), value.strip()))
    return rules


def _matches(pattern: str, path: str) -> bool:
    """Whether a path matches a rule of `_headers`: the whole of it, `*` standing for anything."""
    parts = pattern.split("*")
    if len(parts) == 1:
        return path == pattern
    if (
        not path.startswith(parts[0])
        or not path.endswith(parts[-1])
        or len(path) < len(parts[0]) + len(parts[-1])
    ):
        return False
    at, end = len(parts[0]), len(path) - len(parts[-1])
    for part in parts[1:-1]:
        found = path.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
