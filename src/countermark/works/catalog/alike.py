"""Works whose records say the same of all but their editions and rights, joined as they are stored.

A publisher sends a record for each form of a book. Such records need not be read as objects to be merged: what they
say alike is taken once, their editions and rights are put in a row. `joined` gives what `as_facts(merge(…))` would
give, or None where there is anything to compare, to fold or to weigh: then the records go through `merge`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.works.catalog.evidence import EDITION, PAGE, fold, kind_of
from countermark.works.catalog.facts import WORK_FIELDS, Facts, source_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from countermark.works.entry import Source

_ALIKE: Final = (*WORK_FIELDS, "medium", "contributors")
_MOST: Final = 8
"""Parts of one kind that are compared with one another here."""


def joined(bodies: Sequence[Facts], sources: Sequence[Source], merged_by: Iterable[str]) -> Facts | None:
    """The facts of a work without its work_id, out of the bodies of its records and where they stand."""
    first = bodies[0]
    if any(other.get(name) != first.get(name) for other in bodies[1:] for name in _ALIKE):
        return None
    if "other_titles" in first or any("work_id" in body for body in bodies):
        return None
    owns = [source_facts(source) for source in sources]
    editions = _editions(bodies, owns)
    rights = _rights(bodies, owns)
    if editions is None or rights is None or not _are_distinct(first.get("contributors", ())):
        return None
    facts = {name: first[name] for name in WORK_FIELDS if name in first}
    parts = {
        "medium": first.get("medium"),
        "identifiers": _identifiers(bodies),
        "contributors": first.get("contributors"),
        "editions": editions,
        "rights": rights,
        "merged_by": list(dict.fromkeys(merged_by)),
        "sources": [source_facts(source) for source in dict.fromkeys(sources)],
    }
    return facts | {name: value for name, value in parts.items() if value}


def _identifiers(bodies: Sequence[Facts]) -> list[list[str]]:
    found: dict[tuple[str, str], None] = {}
    for body in bodies:
        found.update(dict.fromkeys(map(tuple, body.get("identifiers", ()))))
        if "own_key" in body and "issuer" in body:
            found[f"own:{body['issuer']}", body["own_key"]] = None
    return [list(pair) for pair in found]


def _are_distinct(people: Sequence[Facts]) -> bool:
    """Whether each stands for another person or role."""
    if len(people) < 2:
        return True
    keys: set[tuple[str, ...]] = set()
    count = 0
    for one in people[: _MOST + 1]:
        role = one.get("role", "author")
        mine = {(role, fold(one["name"])), *((role, *pair) for pair in one.get("identifiers", ()))}
        keys |= mine
        count += len(mine)
    return len(people) <= _MOST and len(keys) == count


def _editions(bodies: Sequence[Facts], owns: Sequence[Facts]) -> list[Facts] | None:
    """All editions, where each has identifiers and none of them is another's."""
    found: list[Facts] = []
    seen: set[str] = set()
    for body, own in zip(bodies, owns, strict=True):
        for edition in body.get("editions", ()):
            keys = {
                f"{scheme}:{value}"
                for scheme, value in edition.get("identifiers", ())
                if kind_of(scheme, "edition") in _KEYS
            }
            if "assets" in edition or not keys or not seen.isdisjoint(keys):
                return None
            seen |= keys
            found.append(_with_source(edition, own))
    return found


_KEYS: Final = (EDITION, PAGE)


def _rights(bodies: Sequence[Facts], owns: Sequence[Facts]) -> list[Facts] | None:
    """The rights, each once, where none of them can be in conflict with another."""
    found: list[Facts] = []
    said: list[Facts] = []
    for body, own in zip(bodies, owns, strict=True):
        for right in body.get("rights", ()):
            fact = right | {"source": None}
            if fact not in said:
                said.append(fact)
                found.append(_with_source(right, own))
                if len(said) > _MOST or "share" in right:
                    return None
    exclusive = {right.get("party", "") for right in said if right.get("exclusive")}
    return found if len(exclusive) < 2 else None


def _with_source(part: Facts, own: Facts) -> Facts:
    """The part with its source written out; that of the record where it says none of its own."""
    source: Any = part.get("source", True)
    return part | {"source": own if source is True else source}
