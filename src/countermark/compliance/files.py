"""The files of a corpus that can be filtered, and those that cannot, told one by one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark.corpus.detection import BESIDE, ORPHAN, detect
from countermark.corpus.folder import list_folder, printable
from countermark.corpus.tokens.formats import FORMATS as FORMATS_OF_IDS
from countermark.errors import InputError
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FORMATS: Final = ("parquet", "jsonl", "warc")
ACCEPTED: Final = "accepted are Parquet, JSON Lines and WARC, the latter two also as .gz, .zst, .bz2 or .xz"

OF_IDS: Final = (
    "it holds token ids, which say nothing of where a document comes from: filter the texts, and tokenise "
    "them anew"
)
_OF_IDS: Final = frozenset({BESIDE, ORPHAN, *FORMATS_OF_IDS}) - {"mds"}  # which may hold texts


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One file: `name` is its path below the folder that was given, `packed` its compression ("" for none)."""

    name: str
    path: Path
    format: str
    packed: str
    size: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The files that are read, in the order of their names, and what was left out and why."""

    files: tuple[CorpusFile, ...]
    left_out: tuple[Refusal, ...]


def list_corpus(paths: Iterable[Path]) -> Listing:
    """List files and folders. Raises InputError for what is not there, is of no use, or has the name of another."""
    files: dict[str, CorpusFile] = {}
    left_out: list[Refusal] = []
    for path in paths:
        for name, found in _below(path, left_out):
            file = _known(name, found, left_out, given=found == path)
            if file is None:
                continue
            if file.name in files:
                raise InputError(
                    f"{found}: another file of the corpus is called {file.name} as well; filter them in two runs"
                )
            files[file.name] = file
    if not files:
        raise InputError(f"no file of the corpus can be filtered; {ACCEPTED}")
    return Listing(tuple(files[name] for name in sorted(files)), tuple(sorted(left_out)))


def _below(path: Path, left_out: list[Refusal]) -> list[tuple[str, Path]]:
    if path.is_dir():
        list_folder.cache_clear()  # a folder may have changed since another run of this process
        folder = list_folder(str(path))
        left_out += folder.refused
        return [(name, path / name) for name in folder.files]
    if not path.is_file():
        raise InputError(f"{path}: there is no such file or folder")
    return [(path.name, path)]


def _known(name: str, path: Path, left_out: list[Refusal], *, given: bool) -> CorpusFile | None:
    shown = printable(name)
    try:
        size = os.path.getsize(path)  # noqa: PTH202
        kind = detect(str(path), path.name, size)
    except OSError as error:
        if given:
            raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
        left_out.append(Refusal(shown, -1, "unreadable", error.strerror or str(error)))
        return None
    if kind.format in FORMATS and not (kind.format == "parquet" and kind.packed):
        return CorpusFile(shown, path, kind.format, kind.packed, size)
    why = OF_IDS if kind.format in _OF_IDS else ACCEPTED
    if given:
        raise InputError(f"{path}: cannot be filtered; {why}")
    left_out.append(Refusal(shown, -1, "format", f"is not filtered; {why}"))
    return None
