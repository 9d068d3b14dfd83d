"""The user's folder of tables: one file `NAME.tokens` a tokeniser, among which the right one is found by trial."""

from __future__ import annotations

import os
import re
from dataclasses import replace as changed
from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.atomic import make_folder, write_bytes
from countermark.corpus.tokens.sources import ACCEPTED, MOST_FILE, table_of_file
from countermark.corpus.tokens.sources.vocab_merges import merges_beside
from countermark.corpus.tokens.table import read_table, table_bytes
from countermark.errors import InputError
from countermark.storage.place import place_of, shown
from countermark.storage.reading import is_file, open_binary, size_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.corpus.tokens.table import TokenTable
    from countermark.storage.place import Place

SUFFIX: Final = ".tokens"
VARIABLE: Final = "COUNTERMARK_TOKENIZERS"

_MOST_TABLE: Final = 192 << 20
_LONGEST_NAME: Final = 100
_PLAIN: Final = re.compile(r"[^A-Za-z0-9._+-]+")
_NO_NAMES: Final = frozenset(("tokenizer", "vocab", "tekken", "spiece", "sentencepiece.bpe", "spm"))
"""File names that say nothing: the table takes the name of the folder, unless that says nothing either."""
_NO_FOLDERS: Final = frozenset(
    ("..", "data", "model", "models", "tokenizer", "tokenizers", "downloads", "files", "tmp", "home", "src")
)
_VERSION: Final = re.compile(r"\.v[0-9]\w*")


def default_folder() -> Path:
    """Where tables are kept: `COUNTERMARK_TOKENIZERS`, else `countermark/tokenizers` in the user's data."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given)
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "countermark" / "tokenizers"


def tables_in(folder: Path) -> list[TokenTable]:
    """Every table of a folder, by name; none where there is no folder. Raises InputError, naming a damaged one."""
    try:
        found = sorted(
            path for path in folder.iterdir() if path.suffix == SUFFIX and not path.name.startswith(".")
        )
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"{folder}: cannot be read as a folder of tables: {error.strerror}") from error
    return sorted(
        (read_table(data_of(path, _MOST_TABLE), str(path)) for path in found), key=lambda one: one.name
    )


def table_from(path: Place, name: str | None = None, specials: Mapping[str, int] | None = None) -> TokenTable:
    """A table, from its own file or from a tokeniser's of any kind that `sources` knows; `path` may be a URL.

    A table read from its own file keeps its name where `name` is None; one from a tokeniser's file is called as the
    file is, or as its folder where that says more. Raises InputError.
    """
    data = data_of(path, _MOST_TABLE)
    said = shown(str(path))
    called = name or _name_of(said)
    table = table_of_file(data, said, called, specials, lambda: _merges_beside(path))
    if name is None or table.name == name:
        return table
    return renamed(table, name)


def _merges_beside(path: Place) -> bytes | None:
    """The merges that belong to a vocabulary, from the file beside it; None where there is none."""
    folder, slash, name = str(path).rpartition("/")
    for other in merges_beside(name):
        found = place_of(folder + slash + other)
        if is_file(found):
            return data_of(found, MOST_FILE)
    return None


def renamed(table: TokenTable, name: str) -> TokenTable:
    """The same table under another name, and so with another digest."""
    return read_table(table_bytes(changed(table, name=name)), name)


def add_table(table: TokenTable, folder: Path, *, replace: bool = False) -> Path:
    """Put a table into a folder, whole or not at all. Raises InputError where another one has its name."""
    make_folder(folder)
    path = path_of(table.name, folder)
    data = table_bytes(table)
    if path.exists() and not replace and data_of(path, _MOST_TABLE) != data:
        raise InputError(
            f"{path}: another table has this name; give one with --name, or --replace to replace it"
        )
    write_bytes(path, data)
    return path


def path_of(name: str, folder: Path) -> Path:
    """The file of the table of that name. Raises InputError where a file cannot be called so."""
    plain = _PLAIN.sub("-", name).strip("-.")
    if not plain or len(plain) > _LONGEST_NAME:
        raise InputError(
            f"{name[:40]!r}: no name for a table; letters, digits, points and hyphens, {_LONGEST_NAME} at most"
        )
    return folder / f"{plain}{SUFFIX}"


def _name_of(path: str) -> str:
    """A name for the table of a file: `gpt2` of `gpt2.cjs`, `my-model` of `my-model/tokenizer.json`."""
    folder, stem = _folder_and_stem(path)
    if stem.lower() in _NO_NAMES and folder and folder.lower() not in _NO_FOLDERS:
        stem = folder
    return _PLAIN.sub("-", stem).strip("-.")[:_LONGEST_NAME] or "tokeniser"


def is_nameless(path: Place) -> bool:
    """Whether a file is called as those of many tokenisers are, so that its table's name was found elsewhere."""
    return _folder_and_stem(shown(str(path)))[1].lower() in _NO_NAMES


def _folder_and_stem(path: str) -> tuple[str, str]:
    """The names of a file's folder, "" where there is none, and of the file, without what says its kind."""
    parts = [part for part in re.split(r"[/\\]", path.partition("?")[0]) if part not in {"", "."}]
    file = parts[-1] if parts else ""
    stem, dot, suffix = file.rpartition(".")
    if not stem or _VERSION.fullmatch(dot + suffix):
        stem = file
    return parts[-2] if len(parts) > 1 else "", stem


def data_of(path: Place, most: int) -> bytes:
    """A file whole. Raises InputError where it is none, or larger than any that is accepted."""
    said = shown(str(path))
    try:
        size = size_of(path)
        if size > most:
            raise InputError(f"{said}: {size:,} bytes; a table or a tokeniser's file has {most:,} at most")
        with open_binary(path) as file:
            return file.read(most)
    except IsADirectoryError as error:
        raise InputError(f"{said}: a folder; name the file: {ACCEPTED}") from error
    except OSError as error:
        raise InputError(f"{said}: cannot be read: {error.strerror or error}") from error
