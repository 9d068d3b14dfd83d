"""The contributors that a row names: one column for each role, or names beside their roles, with their numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from countermark.works.entry import Contributor
from countermark.works.importers.names import one_line
from countermark.works.importers.table.fields import PARTY_NUMBERS, PEOPLE
from countermark.works.importers.table.values import read_names, read_role

if TYPE_CHECKING:
    from countermark.works.importers.table.cells import Cells

_MAX_PEOPLE = 200


def contributors(cells: Cells) -> tuple[Contributor, ...]:
    """Those who made the work, in the order of PEOPLE; their numbers and pen names go to the one they can belong to."""
    people = _in_two_columns(cells)
    for role in cells.mapped(PEOPLE):
        if role != "contributor":
            for _, cell in cells.all(role):
                people += [Contributor(name, role) for name in read_names(cell, role)]
    people += _with_roles(cells)
    if len(people) > 1:
        people = list(dict.fromkeys(people))
    if len(people) > _MAX_PEOPLE:
        cells.note(None, "contributors", f"{len(people)} names; the first {_MAX_PEOPLE} are used")
        people = people[:_MAX_PEOPLE]
    for field in cells.mapped(PARTY_NUMBERS):
        _give_numbers(cells, field, people)
    _give_pen_names(cells, people)
    return tuple(people)


def _in_two_columns(cells: Cells) -> list[Contributor]:
    given, family = cells.text("author_given"), cells.text("author_family")
    return [Contributor(f"{given} {family}".strip(), "author")] if given or family else []


def _with_roles(cells: Cells) -> list[Contributor]:
    """The columns `contributor`, each with the role at the same place among the columns `contributor_role`."""
    people = []
    roles = cells.all("contributor_role")
    for at, (column, cell) in enumerate(cells.all("contributor")):
        names = read_names(cell, "contributor")
        said = roles[at][1] if at < len(roles) else ""
        written = [word.strip() for word in said.replace("|", ";").split(";") if word.strip()]
        if len(written) > 1 and len(written) != len(names):
            cells.note(
                column, "role", f"{len(names)} names and {len(written)} roles; as many are accepted, or one"
            )
            written = []
        for place, name in enumerate(names):
            word = written[place] if len(written) > 1 else written[0] if written else ""
            people.append(Contributor(name, _role(cells, word)))
    return people


def _role(cells: Cells, word: str) -> str:
    if not word:
        return "contributor"
    try:
        return read_role(word)
    except ValueError as error:
        cells.note(None, "role", f"{error}; taken as contributor")
        return "contributor"


def _owners_of(people: list[Contributor], count: int) -> list[int] | None:
    """The places of those to whom `count` numbers belong: the authors, or all; None where it cannot be told."""
    authors = [at for at, one in enumerate(people) if one.role in {"author", "composer", "photographer"}]
    for places in (authors, list(range(len(people)))):
        if len(places) == count:
            return places
    return None


def _give_numbers(cells: Cells, field: str, people: list[Contributor]) -> None:
    numbers = [number for _, number in cells.identifiers(field)]
    if not numbers:
        return
    places = _owners_of(people, len(numbers))
    if places is None:
        told = f"{len(numbers)} numbers for {len(people)} names; one for each author, in their order, is accepted"
        cells.note(cells.all(field)[0][0], field, told)
        return
    for at, number in zip(places, numbers, strict=True):
        people[at] = replace(people[at], identifiers=(*people[at].identifiers, number))


def _give_pen_names(cells: Cells, people: list[Contributor]) -> None:
    given = cells.all("pen_name")
    if not given:
        return
    names = [one_line(name, 500) for _, cell in given for name in cell.split(";") if name.strip()]
    places = _owners_of(people, 1) or _owners_of(people, len(names))
    if not people:
        people += [Contributor(name, "author") for name in names]
    elif places is None:
        cells.note(
            given[0][0], "pen-name", "whose pen name it is cannot be told: the row names several people"
        )
    elif len(places) == 1:
        people[places[0]] = replace(people[places[0]], known_as=tuple(names))
    else:
        for at, name in zip(places, names, strict=True):
            people[at] = replace(people[at], known_as=(name,))
