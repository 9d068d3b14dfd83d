"""Laying what a folder's sidecar says of a file over the entry that was read from the file itself."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from countermark.works.entry import Edition
from countermark.works.identifiers import Identifier
from countermark.works.identity import fold_name, unlisted_work_id
from countermark.works.importers.base import refused
from countermark.works.importers.dates_written import parse_written
from countermark.works.importers.folders import LISTED, NUMBERS, PATH, ROW, SAID
from countermark.works.importers.names import people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal
    from countermark.works.entry import Entry
    from countermark.works.importers.base import CatalogFile

_SINGLE: Final = frozenset({"isrc", "iswc", "doi"})
_OF_WORKS: Final = frozenset({"iswc"})


def path_in_folder(file: CatalogFile) -> str:
    """The file's path within the folder that was given, or its bare name where it was given by itself."""
    return file.options.get(PATH) or posixpath.basename(file.name)


def stem(file: CatalogFile) -> str:
    """The file's name without folder and suffix: the title of what has none."""
    return posixpath.splitext(posixpath.basename(file.name))[0] or file.name


def with_sidecar(file: CatalogFile, entry: Entry) -> Iterator[Entry | Refusal]:
    """The entry as the sidecar corrects it, after remarks on a date that cannot be read and on what differs."""
    said = {column: file.options.get(option, "") for column, option in SAID.items()}
    row = file.options.get(ROW, "")
    authors = [person.name for person in entry.contributors if person.role == "author"]
    own_title = "" if entry.title == stem(file) else entry.title  # a file's name says nothing against a row
    known = {"title": own_title, "author": "; ".join(authors), "licence": entry.licence}
    for column, value in known.items():
        if value and said[column] and fold_name(value) != fold_name(said[column]):
            told = f"{row} says {said[column]!r}, the file says {value!r}; the row is kept"
            yield refused(entry.source, column, "conflict", told)
    published = entry.published
    try:
        published = parse_written(said["published"]) or published
    except ValueError as error:
        yield refused(entry.source, "published", "date", f"{row}: {error}; the file's own date is kept")
    contributors = entry.contributors
    if said["author"]:
        others = tuple(person for person in contributors if person.role != "author")
        contributors = (*people(said["author"], "author"), *others)
    entry, conflicts = _numbered(entry, _numbers(file), row)
    yield from conflicts
    yield replace(
        entry,
        title=said["title"] or entry.title,
        contributors=contributors,
        published=published,
        licence=said["licence"] or entry.licence,
        work_id=file.options.get(LISTED, entry.work_id),
    )


def _numbers(file: CatalogFile) -> list[Identifier]:
    lines = file.options.get(NUMBERS, "").splitlines()
    return [Identifier(scheme, value) for scheme, _, value in (line.partition(":") for line in lines)]


def _numbered(entry: Entry, numbers: list[Identifier], row: str) -> tuple[Entry, list[Refusal]]:
    """The entry with the row's identifiers: those of works (ISWC) with the work, others with the file's edition.

    A work has one ISWC, a recording one ISRC, an article one DOI: where the file says another one, the row's is kept.
    Of ISBN and addresses a work can have several, and all are kept.
    """
    edition = entry.editions[0] if entry.editions else Edition(source=entry.source)
    conflicts: list[Refusal] = []
    kept: dict[str, list[Identifier]] = {"work": [], "edition": []}
    for place, own in (("work", entry.identifiers), ("edition", edition.identifiers)):
        for one in own:
            others = [number for number in numbers if number.scheme == one.scheme]
            if one.scheme in _SINGLE and others and one not in others:
                told = f"{row} says {others[0].value}, the file says {one.value}; the row is kept"
                conflicts.append(refused(entry.source, one.scheme, "conflict", told))
            else:
                kept[place].append(one)
    of_work = [number for number in numbers if number.scheme in _OF_WORKS]
    of_edition = [number for number in numbers if number.scheme not in _OF_WORKS]
    if not numbers:
        return entry, []
    edition = replace(edition, identifiers=tuple(dict.fromkeys([*of_edition, *kept["edition"]])))
    work = tuple(dict.fromkeys([*of_work, *kept["work"]]))
    return replace(entry, identifiers=work, editions=(edition, *entry.editions[1:])), conflicts


def scanned_work_id(file: CatalogFile, title: str, author: str) -> str:
    """The identifier that a scan's index gives the work in this file, so that findings meet their work.

    `title` and `author` are what `documents.extract` says; a sidecar's row that names the work wins.
    """
    if LISTED in file.options:
        return file.options[LISTED]
    return unlisted_work_id(title, file.options.get(SAID["author"]) or author, path_in_folder(file))
