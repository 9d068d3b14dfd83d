"""Which records speak of one work: union by evidence, with guards.

For each identifier that several records carry, the records fall into groups whose titles (and contributors) agree, as
`evidence` says for its kind. Where one group remains, it is joined; where several remain, each is joined in itself, and
the identifier is a dispute, shown with every work that it touches. The outcome does not depend on the order of inputs.
"""

from __future__ import annotations

from array import array
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.works.catalog.evidence import (
    BYTES,
    CHOSEN,
    EDITION,
    MOST_TITLES,
    PAGE,
    WORK,
    fold,
    kind_of,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from countermark.works.entry import Entry

_ARTICLES: Final = (
    "a an the of and in on to for le la les l un une des du de d et en au aux der die das ein eine und von el los las "
    "y il lo gli e o os as"
)
_BLIND: Final = frozenset(_ARTICLES.split())
"""Words that two titles share for being titles."""
_ORDER: Final = (CHOSEN, EDITION, PAGE, WORK, BYTES)
_MOST_SHARERS: Final = 5_000
"""Records of one identifier whose titles are read; one that more records carry ties nothing together."""
_MOST_COMPARED: Final = 100
_MOST_READ: Final = 10_000


class Said(NamedTuple):
    """What the guards look at: folded title, folded names, chosen work_id, ISBN, and the medium."""

    title: str
    people: frozenset[str]
    work_id: str
    isbns: frozenset[str]
    medium: str


class Dispute(NamedTuple):
    """An identifier that joins nothing, or not all of its records: why, and the records in order."""

    identifier: str
    reason: str
    records: tuple[int, ...]


class Groups:
    """Records joined into works: a union by the smallest record number."""

    def __init__(self, size: int) -> None:
        self._parent = array("q", range(size))
        self.merged_by: dict[int, list[str]] = {}

    def root(self, record: int) -> int:
        """The first record of the work that `record` belongs to."""
        parent = self._parent
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    def join(self, records: Sequence[int], evidence: str) -> None:
        """Make `records` one work."""
        roots = sorted({self.root(record) for record in records})
        for other in roots[1:]:
            self._parent[other] = roots[0]
        for record in records[:1]:
            self.merged_by.setdefault(record, []).append(evidence)


def group_records(
    db: sqlite3.Connection,
    guards: Sequence[int],
    read: Callable[[int], Entry],
    same: Iterable[tuple[str, str, str, str]] = (),
) -> tuple[Groups, list[Dispute]]:
    """The records of `db` joined, and what is in dispute. `same` are pairs of (scheme, value) that the user equates.

    `guards` are the `guard_of` of every record: `read` is asked only for records where they differ.
    """
    groups = Groups(len(guards))
    said = lru_cache(maxsize=_MOST_READ)(lambda number: said_of(read(number)))
    disputes: list[Dispute] = []
    for scheme, value, records in _shared(db):
        kind = _kind_at(scheme, frozenset([place for _, place in records]))
        if not kind:
            continue
        numbers = sorted({n for n, place in records if place != "other"})
        if len(numbers) < 2:
            continue
        name = value if scheme == "work_id" else f"{scheme}:{value}"
        if kind == CHOSEN:
            groups.join(numbers, f"work_id:{value}")
        elif len(numbers) > _MOST_SHARERS:
            disputes.append(
                Dispute(name, f"more than {_MOST_SHARERS:,} records carry it", tuple(numbers[:10]))
            )
        else:
            stated = {n for n, place in records if place == "same"}
            own = {n for n, place in records if place in ("work", "edition")}
            guard = guards[numbers[0]]
            if guard and kind in (WORK, EDITION) and all(guards[n] == guard for n in numbers):
                _join(groups, name, [[n for n in numbers if n in own]], stated - own)
            else:
                _settle(groups, disputes, name, kind, {n: said(n) for n in numbers}, stated - own)
    for one in same:
        numbers = sorted({n for pair in (one[:2], one[2:]) for n in _carriers(db, *pair)})
        groups.join(
            numbers, "same:" + " = ".join(f"{scheme}:{value}" for scheme, value in (one[:2], one[2:]))
        )
    return groups, disputes


@lru_cache(maxsize=1_024)
def _kind_at(scheme: str, places: frozenset[str]) -> str:
    """The kind of an identifier that stands in those places: the first by _ORDER, or none."""
    return min((kind for p in places if (kind := kind_of(scheme, p))), key=_ORDER.index, default="")


def said_of(entry: Entry) -> Said:
    """What the guards look at in a record."""
    isbns = [i.value for e in entry.editions for i in e.identifiers if i.scheme == "isbn"]
    isbns += [i.value for i in entry.identifiers if i.scheme == "isbn"]
    people = frozenset(_family_names(entry))
    return Said(fold(entry.title), people, entry.work_id, frozenset(isbns), entry.medium.value)


def guard_of(entry: Entry, title: str) -> int:
    """64 bits over what guards compare of works and editions: records that have the same agree.

    `title` is the folded one; without it they are 0.
    """
    if not title:
        return 0
    said = "\0".join((entry.medium, entry.work_id, title, *sorted(_family_names(entry))))
    return int.from_bytes(blake2b(said.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _family_names(entry: Entry) -> set[str]:
    # The last word of a name is the family name in nearly all of them; initials differ between files.
    names = {fold(one.name).rpartition(" ")[2] for one in entry.contributors if one.role != "publisher"}
    names.discard("")
    return names


def _shared(db: sqlite3.Connection) -> Iterator[tuple[str, str, list[tuple[int, str]]]]:
    """Identifiers that several records carry, each with its records and their places."""
    rows = db.execute(
        "SELECT i.scheme, i.value, i.record, i.place FROM (SELECT scheme, value FROM identifiers "
        "GROUP BY scheme, value HAVING min(record) < max(record)) AS s "
        "JOIN identifiers AS i ON i.scheme = s.scheme AND i.value = s.value "
        "ORDER BY i.scheme, i.value, i.record, i.place"
    )
    for (scheme, value), group in groupby(rows, key=itemgetter(0, 1)):
        if kind_of(scheme, "work"):
            yield scheme, value, [(row[2], row[3]) for row in group]


def _carriers(db: sqlite3.Connection, scheme: str, value: str) -> list[int]:
    query = "SELECT DISTINCT record FROM identifiers WHERE scheme = ? AND value = ? AND place IN ('work', 'edition')"
    return [n for (n,) in db.execute(query, (scheme, value))]


def _settle(
    groups: Groups, disputes: list[Dispute], name: str, kind: str, said: dict[int, Said], stated: set[int]
) -> None:
    """Join the records of one identifier as far as the guards allow."""
    numbers = tuple(sorted(said))
    titles = {one.title for one in said.values() if one.title}
    if len(titles) > MOST_TITLES[kind]:
        most = f"it stands in records of {len(titles)} different titles; {MOST_TITLES[kind]} are the most"
        disputes.append(Dispute(name, most, numbers))
        return
    chosen = {one.work_id for one in said.values() if one.work_id}
    if len(chosen) > 1:
        disputes.append(Dispute(name, "its records have different work_id, which you chose", numbers))
        return
    carriers = {n: one for n, one in said.items() if n not in stated}
    parts = _agreeing(carriers, kind)
    _join(groups, name, parts, stated)
    if len(parts) <= 1:
        return
    kinds = {one.medium for one in said.values()}
    if {"music", "recording"} <= kinds:
        reason = "it names a recording in one record and a composition in another: two works"
    else:
        reason = "its records have titles that do not agree"
    disputes.append(Dispute(name, reason, numbers))


def _join(groups: Groups, name: str, parts: list[list[int]], stated: set[int]) -> None:
    """Join each part in itself; where there is one, those that only state the identifier join it."""
    for part in parts:
        if len(part) > 1:
            groups.join(part, name)
    if len(parts) <= 1 and stated:
        groups.join([*(parts[0][:1] if parts else []), *sorted(stated)], f"same-work:{name}")


def _agreeing(said: dict[int, Said], kind: str) -> list[list[int]]:
    """The records in groups that agree, each in order; those that say nothing join a group that is the only one."""
    if kind in (BYTES, PAGE) and _contradict(set(said.values()), kind):
        return [[number] for number in said]
    parts: list[list[int]] = []
    tied: dict[str, int] = {}  # what a record says → its part
    silent: list[int] = []
    for number, one in said.items():
        marks = _marks(one, kind)
        if not marks:
            silent.append(number)
            continue
        met = sorted({tied[mark] for mark in marks if mark in tied})
        home = met[0] if met else len(parts)
        if not met:
            parts.append([])
        parts[home].append(number)
        for other in met[1:]:
            parts[home] += parts[other]
            parts[other] = []
            tied.update({mark: home for mark, at in tied.items() if at == other})
        tied.update(dict.fromkeys(marks, home))
    found = [sorted(part) for part in parts if part]
    if len(found) > 1:
        return [*found, *([number] for number in silent)]
    return [sorted([*(found[0] if found else []), *silent])] if found or silent else []


def _marks(one: Said, kind: str) -> set[str]:
    """What a record must share with another: any of these; none where it says nothing to compare."""
    side = "composition " if one.medium == "music" else ""
    if kind in (WORK, BYTES):
        return {f"{side}any"}
    if kind == PAGE:
        # Tracks of an album share its number and the artist, pictures of a gallery its page: only titles tell.
        return {f"{side}{one.title}"} if one.title else set()
    words = {word for word in one.title.split() if word not in _BLIND} or {one.title}
    return {f"{side}title {word}" for word in words if word} | {f"{side}name {name}" for name in one.people}


def _contradict(said: set[Said], kind: str) -> bool:
    """Whether some two records cannot speak of the same file or page."""
    for one, other in combinations(sorted(said, key=repr)[:_MOST_COMPARED], 2):
        if kind == PAGE:
            if one.isbns and other.isbns and not one.isbns & other.isbns:
                return True
        elif one.people and other.people and not one.people & other.people:
            return True
    return False
