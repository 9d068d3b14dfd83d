"""Real text to plant passages in: the user's own folder, or what this machine carries anyway.

Every machine that runs Countermark has Python's documentation, the docstrings of its library and the licences and
descriptions of installed packages, all in English. Many have manual pages and program messages in French.
"""

from __future__ import annotations

import ast
import gzip
import re
import struct
import sysconfig
from pathlib import Path
from pydoc_data import topics
from typing import TYPE_CHECKING, NamedTuple

from countermark.errors import InputError
from countermark.media import Refusal
from countermark.works.reading import read_works

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PIECE = 2_500  # characters, about 400 words: the size of a web page
SHORTEST = 400
LARGEST_SOURCE = 1 << 20  # characters of one file
LIMIT = 3_000_000  # characters of each language
FRENCH_MANUALS = (Path("/usr/share/man/fr"),)
FRENCH_MESSAGES = (Path("/usr/share/locale/fr/LC_MESSAGES"),)


class Host(NamedTuple):
    """A piece of real text, with the place that it is from."""

    name: str
    text: str


def folder_hosts(folder: Path) -> list[Host]:
    """Read the texts of the user's folder, cut into pieces of about 400 words.

    Raises InputError where the folder holds no readable text.
    """
    hosts: list[Host] = []
    for item in read_works([folder]):
        if not isinstance(item, Refusal):
            hosts += pieces(item.asset.path, item.asset.text)
    if not hosts:
        raise InputError(f"{folder}: no text of {SHORTEST} characters or more to plant passages in")
    return hosts


def machine_hosts() -> list[Host]:
    """Collect the real text of this machine: English always, French where there is any."""
    english = _up_to(LIMIT, _documentation(), _packages(), _docstrings())
    french = _up_to(LIMIT, _french_manuals(FRENCH_MANUALS), _french_messages(FRENCH_MESSAGES))
    return [*english, *french]


def pieces(name: str, text: str) -> Iterator[Host]:
    """Cut a text at paragraph ends into pieces of about 2,500 characters; what is under 400 is left out."""
    paragraphs: list[str] = []
    size = number = 0
    for paragraph in [*re.split(r"\n\s*\n", text[:LARGEST_SOURCE]), ""]:
        paragraphs.append(paragraph)
        size += len(paragraph)
        if size >= PIECE or not paragraph:
            piece = "\n\n".join(paragraphs).strip()
            if len(piece) >= SHORTEST:
                yield Host(f"{name}#{number}", piece)
                number += 1
            paragraphs, size = [], 0


def _up_to(limit: int, *sources: Iterable[tuple[str, str]]) -> list[Host]:
    """Take pieces from the sources in order, each text once, until there are `limit` characters."""
    hosts: list[Host] = []
    seen: set[str] = set()
    left = limit
    for source in sources:
        for name, text in source:
            for host in pieces(name, text):
                if host.text in seen:
                    continue
                seen.add(host.text)
                hosts.append(host)
                left -= len(host.text)
                if left <= 0:
                    return hosts
    return hosts


def _documentation() -> Iterator[tuple[str, str]]:
    yield from sorted((f"python:{name}", text) for name, text in topics.topics.items())


def _packages() -> Iterator[tuple[str, str]]:
    site = Path(sysconfig.get_path("purelib"))
    for info in sorted(site.glob("*.dist-info")):
        for path in sorted([*info.glob("METADATA"), *info.rglob("LICENSE*"), *info.rglob("COPYING*")]):
            if path.is_file():
                yield f"package:{path.relative_to(site).as_posix()}", _read(path)


def _docstrings() -> Iterator[tuple[str, str]]:
    library = Path(sysconfig.get_path("stdlib"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for path in sorted(library.glob("*.py")):
        try:
            tree = ast.parse(_read(path))
        except (SyntaxError, ValueError, RecursionError):
            continue
        found = [ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, documented)]
        yield f"library:{path.name}", "\n\n".join(text for text in found if text)


def _french_manuals(folders: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for path in sorted(folder.rglob("*.gz")):
            try:
                with gzip.open(path) as manual:
                    text = manual.read(LARGEST_SOURCE).decode("utf-8", "replace")
            except (OSError, EOFError):
                continue
            plain = re.sub(r"\\f[BIRP]|\\&|\\\||^\.[A-Z]+ ?", "", text, flags=re.MULTILINE)
            yield f"manual:{path.name}", re.sub(r"^[.'].*\n", "\n", plain, flags=re.MULTILINE)


def _french_messages(folders: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for path in sorted(folder.glob("*.mo")):
            yield f"messages:{path.name}", "\n\n".join(text for text in _translations(path) if len(text) > 40)


def _translations(path: Path) -> Iterator[str]:
    """Read the translated messages of a compiled gettext catalogue, in its order."""
    data = path.read_bytes()
    if len(data) < 20 or data[:4] not in (b"\xde\x12\x04\x95", b"\x95\x04\x12\xde"):
        return
    order = "<" if data[0] == 0xDE else ">"
    _, count, _, table = struct.unpack(f"{order}4I", data[4:20])
    for number in range(1, min(count, 100_000)):  # message 0 is the catalogue's own header
        entry = data[table + 8 * number : table + 8 * number + 8]
        if len(entry) < 8:
            return
        length, start = struct.unpack(f"{order}2I", entry)
        yield data[start : start + length].decode("utf-8", "replace").replace("\0", "\n")


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as source:
        return source.read(LARGEST_SOURCE)
