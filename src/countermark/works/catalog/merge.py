"""What several records say of one work, together.

The rule of what is kept: the first record that says something, in the order of the inputs, is believed; a later one
adds what is missing, and where it says otherwise that is a Conflict. Two exceptions: a date that only adds month or day
to what was said is taken for more precise, and other titles are kept as other titles. Editions are one where they share
an identifier, contributors where they share one or have the same folded name and role, rights facts where equal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from countermark.works.catalog.conflicts import Said, chain_conflicts, conflict, contributor_conflicts
from countermark.works.catalog.evidence import EDITION, PAGE, fold, kind_of
from countermark.works.entry import CatalogWork, Contributor, Edition, Entry, WorkMedium
from countermark.works.identifiers import Identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from countermark.works.entry import Conflict, RightsFact, Source


def merge(
    entries: Sequence[Entry],
    work_id: str,
    merged_by: Iterable[str] = (),
    conflicts: Iterable[Conflict] = (),
) -> CatalogWork:
    """The work that `entries` (one or more, in the order of the inputs) speak of; `conflicts` are known already."""
    first = entries[0]
    found: list[Conflict] = list(conflicts)
    people = _contributors(entries, found)
    editions = _editions(entries, found)
    rights = _rights(entries)
    title = next((entry.title for entry in entries if entry.title), "")
    if len(entries) > 1:
        found += contributor_conflicts(entries)
    found += chain_conflicts(rights, first.source)
    return CatalogWork(
        work_id=work_id,
        title=title,
        subtitle=_first(entries, "subtitle"),
        other_titles=_other_titles(entries, title),
        medium=_medium(entries),
        contributors=people,
        identifiers=_identifiers(entries),
        published=_date("published", [(e.published, e.source) for e in entries], found),
        country=_said("country", entries, found),
        licence=_said("licence", entries, found),
        part_of=_said("part_of", entries, found),
        editions=editions,
        rights=rights,
        conflicts=tuple(dict.fromkeys(found)),
        merged_by=tuple(dict.fromkeys(merged_by)),
        sources=tuple(dict.fromkeys(entry.source for entry in entries)),
    )


def _first(entries: Sequence[Entry], field: str) -> str:
    return next((value for entry in entries if (value := str(getattr(entry, field)))), "")


def _said(field: str, entries: Sequence[Entry], found: list[Conflict]) -> str:
    """The first that is said of a field; a conflict where another folds to something else."""
    said = [(str(getattr(entry, field)), entry.source) for entry in entries if getattr(entry, field)]
    return _kept(field, said, found)


def _kept(field: str, said: list[Said], found: list[Conflict]) -> str:
    kept = said[0][0] if said else ""
    if any(value != kept and fold(value) != fold(kept) for value, _ in said):
        found.append(conflict(field, said, kept))
    return kept


def _date(field: str, said: list[Said], found: list[Conflict]) -> str:
    """The first date, as precise as a later one that does not contradict it makes it."""
    said = [(value, source) for value, source in said if value]
    kept = said[0][0] if said else ""
    for value, _ in said:
        if value.startswith(kept):
            kept = value
    if any(not kept.startswith(value) for value, _ in said):
        found.append(conflict(field, said, kept))
    return kept


def _other_titles(entries: Sequence[Entry], title: str) -> tuple[str, ...]:
    seen = {fold(title)}
    others: list[str] = []
    for entry in entries:
        for other in (entry.title, *entry.other_titles):
            if other and fold(other) not in seen:
                seen.add(fold(other))
                others.append(other)
    return tuple(others)


def _medium(entries: Sequence[Entry]) -> WorkMedium:
    # A file that knows no better says OTHER.
    return next((e.medium for e in entries if e.medium is not WorkMedium.OTHER), WorkMedium.OTHER)


def _identifiers(entries: Sequence[Entry]) -> tuple[Identifier, ...]:
    found: dict[Identifier, None] = {}
    for entry in entries:
        found.update(dict.fromkeys(entry.identifiers))
        if entry.own_key and entry.issuer:
            found[Identifier(f"own:{entry.issuer}", entry.own_key)] = None
    return tuple(found)


def _contributors(entries: Sequence[Entry], found: list[Conflict]) -> tuple[Contributor, ...]:
    """Everyone once for each role, with what the records know of them."""
    kept: list[Contributor] = []
    at: dict[object, int] = {}
    deaths: dict[int, list[Said]] = {}
    for entry in entries:
        for one in entry.contributors:
            keys: list[object] = [(one.role, identifier) for identifier in one.identifiers]
            keys.append((one.role, fold(one.name)))
            place = next((at[key] for key in keys if key in at), len(kept))
            if place == len(kept):
                kept.append(one)
            else:
                kept[place] = _joined(kept[place], one)
            at.update(dict.fromkeys(keys, place))
            if one.died is not None:
                deaths.setdefault(place, []).append((str(one.died), entry.source))
    for place, said in sorted(deaths.items()):
        _kept(f"{kept[place].name}, year of death", said, found)
    return tuple(kept)


def _joined(one: Contributor, other: Contributor) -> Contributor:
    if one == other:
        return one
    names = [*one.known_as, *([other.name] if other.name != one.name else []), *other.known_as]
    return replace(
        one,
        identifiers=tuple(dict.fromkeys((*one.identifiers, *other.identifiers))),
        known_as=tuple(name for name in dict.fromkeys(names) if name != one.name),
        nationality=one.nationality or other.nationality,
        died=one.died if one.died is not None else other.died,
    )


def _editions(entries: Sequence[Entry], found: list[Conflict]) -> tuple[Edition, ...]:
    """Editions that share an identifier of theirs are one."""
    kept: list[list[Edition]] = []
    at: dict[object, int] = {}
    for entry in entries:
        for edition in entry.editions:
            known = edition if edition.source is not None else replace(edition, source=entry.source)
            keys = _edition_keys(edition)
            met = sorted({at[key] for key in keys if key in at})
            place = met[0] if met else len(kept)
            if not met:
                kept.append([])
            kept[place].append(known)
            for other in met[1:]:
                kept[place] += kept[other]
                kept[other] = []
                at.update({key: place for key, was in at.items() if was == other})
            at.update(dict.fromkeys(keys, place))
    return tuple(_one_edition(group, found) for group in kept if group)


def _edition_keys(edition: Edition) -> list[object]:
    keys: list[object] = [i for i in edition.identifiers if kind_of(i.scheme, "edition") in (EDITION, PAGE)]
    keys += [asset.digest for asset in edition.assets if asset.digest]
    return keys or [(edition.form, edition.title, edition.publisher, edition.published, edition.language)]


def _one_edition(group: list[Edition], found: list[Conflict]) -> Edition:
    first = group[0]
    if len(group) == 1:
        return first
    name = next((f"edition {i}" for one in group for i in one.identifiers), "edition")

    def kept(field: str) -> str:
        said = [(str(value), source) for e in group if (value := getattr(e, field)) and (source := e.source)]
        return _kept(f"{name}, {field}", said, found)

    dates = [(e.published, e.source) for e in group if e.source]
    return Edition(
        identifiers=tuple(dict.fromkeys(i for one in group for i in one.identifiers)),
        title=kept("title"),
        subtitle=kept("subtitle"),
        form=kept("form"),
        publisher=kept("publisher"),
        published=_date(f"{name}, published", dates, found),
        country=kept("country"),
        language=kept("language"),
        relations=tuple(dict.fromkeys(r for one in group for r in one.relations)),
        assets=tuple(dict.fromkeys(a for one in group for a in one.assets)),
        source=first.source,
    )


def _rights(entries: Sequence[Entry]) -> tuple[RightsFact, ...]:
    """The rights facts, each once: what two files say alike is one fact, from the first that says it."""
    seen: dict[RightsFact, RightsFact] = {}
    for entry in entries:
        for right in entry.rights:
            source: Source = right.source or entry.source
            seen.setdefault(replace(right, source=None), replace(right, source=source))
    return tuple(seen.values())
