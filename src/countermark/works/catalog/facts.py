"""Works and records as plain JSON, and back: `as_facts`, `from_facts`.

What is empty or not known is left out. Identifiers are pairs `[scheme, value]`, shares are decimal numbers in strings,
sources are `{"file", "line", "record"}`. In the body of a stored record, a source that is the record's own is `true`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from countermark.errors import CatalogError
from countermark.works.entry import (
    AssetFile,
    CatalogWork,
    Conflict,
    Contributor,
    Edition,
    Entry,
    Relation,
    RightsFact,
    RightsKind,
    Source,
    WorkMedium,
)
from countermark.works.identifiers import Identifier

if TYPE_CHECKING:
    from collections.abc import Callable

Facts = dict[str, Any]

WORK_FIELDS: Final = ("title", "subtitle", "other_titles", "published", "country", "licence", "part_of")
_ENTRY: Final = (*WORK_FIELDS, "work_id", "issuer", "own_key")
_EDITION: Final = ("title", "subtitle", "form", "publisher", "published", "country", "language")
_RIGHT: Final = (
    *(
        "party",
        "grantor",
        "basis",
        "exclusive",
        "territory",
        "begins",
        "ends",
        "number",
        "registered_as",
        "uses",
    ),
    *("signed", "note"),
)
_OF_WORK: Final = attrgetter(*WORK_FIELDS)
_OF_ENTRY: Final = attrgetter(*_ENTRY)
_OF_EDITION: Final = attrgetter(*_EDITION)
_OF_RIGHT: Final = attrgetter(*_RIGHT)
_SHARE: Final = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)
_FLAGS: Final = frozenset({"exclusive", "signed"})
_WORK_TEXTS: Final = frozenset({*WORK_FIELDS, "work_id"} - {"other_titles"})
_ENTRY_TEXTS: Final = frozenset({*_ENTRY} - {"other_titles"})
_EDITION_TEXTS: Final = frozenset(_EDITION)
_RIGHT_TEXTS: Final = frozenset(_RIGHT) - _FLAGS
_PERSON_TEXTS: Final = frozenset({"name", "role", "nationality"})

Made = TypeVar("Made")
Kind = TypeVar("Kind", WorkMedium, RightsKind)


def as_facts(work: CatalogWork) -> Facts:
    """A work as plain JSON, its fields in the order of `CatalogWork`."""
    facts: Facts = {"work_id": work.work_id} | _filled(WORK_FIELDS, _OF_WORK(work))
    _put_parts(facts, work, None)
    if work.conflicts:
        facts["conflicts"] = [_conflict(conflict) for conflict in work.conflicts]
    if work.merged_by:
        facts["merged_by"] = list(work.merged_by)
    if work.sources:
        facts["sources"] = [source_facts(source) for source in work.sources]
    return facts


def from_facts(facts: Facts) -> CatalogWork:
    """The work that `as_facts` wrote; raises CatalogError, which names the field."""
    if not isinstance(facts, dict):
        raise CatalogError("a work's facts are a JSON object")
    return CatalogWork(
        **_told(facts, _WORK_TEXTS, "work_id", "title"),
        **_parts(facts, None),
        conflicts=_each(facts, "conflicts", _read_conflict),
        merged_by=_words(facts, "merged_by"),
        sources=_each(facts, "sources", _read_source),
    )


def entry_body(entry: Entry) -> Facts:
    """One record as plain JSON, without its source."""
    facts = _filled(_ENTRY, _OF_ENTRY(entry))
    _put_parts(facts, entry, entry.source)
    if entry.relations:
        facts["relations"] = [_relation(relation) for relation in entry.relations]
    return facts


def read_entry(facts: Facts, source: Source) -> Entry:
    """The record that `entry_body` wrote; raises CatalogError."""
    if not isinstance(facts, dict):
        raise CatalogError("a record's body is a JSON object")
    return Entry(
        source=source,
        **_told(facts, _ENTRY_TEXTS, "title"),
        **_parts(facts, source),
        relations=_each(facts, "relations", _read_relation),
    )


def _put_parts(facts: Facts, said: CatalogWork | Entry, own: Source | None) -> None:
    if said.medium is not WorkMedium.TEXT:
        facts["medium"] = said.medium.value
    if said.identifiers:
        facts["identifiers"] = [*map(list, said.identifiers)]
    if said.contributors:
        facts["contributors"] = [_contributor(one) for one in said.contributors]
    if said.editions:
        facts["editions"] = [_edition(one, own) for one in said.editions]
    if said.rights:
        facts["rights"] = [right_facts(one, own) for one in said.rights]


def _parts(facts: Facts, own: Source | None) -> dict[str, Any]:
    return {
        "medium": _kind(facts, "medium", WorkMedium) if "medium" in facts else WorkMedium.TEXT,
        "other_titles": _words(facts, "other_titles"),
        "identifiers": _each(facts, "identifiers", _read_identifier),
        "contributors": _each(facts, "contributors", _read_contributor),
        "editions": _each(facts, "editions", _read_edition, own),
        "rights": _each(facts, "rights", read_right, own),
    }


def _filled(names: tuple[str, ...], values: tuple[Any, ...]) -> Facts:
    return {name: value for name, value in zip(names, values, strict=True) if value}


def _contributor(one: Contributor) -> Facts:
    facts: Facts = {"name": one.name}
    if one.role not in ("", "author"):
        facts["role"] = one.role
    if one.identifiers:
        facts["identifiers"] = [*map(list, one.identifiers)]
    if one.known_as:
        facts["known_as"] = list(one.known_as)
    if one.nationality:
        facts["nationality"] = one.nationality
    if one.died is not None:
        facts["died"] = one.died
    return facts


def _read_contributor(facts: Facts) -> Contributor:
    return Contributor(
        **_told(facts, _PERSON_TEXTS, "name"),
        identifiers=_each(facts, "identifiers", _read_identifier),
        known_as=_words(facts, "known_as"),
        died=_number(facts, "died"),
    )


def _edition(one: Edition, own: Source | None) -> Facts:
    facts = _filled(_EDITION, _OF_EDITION(one))
    if one.identifiers:
        facts["identifiers"] = [*map(list, one.identifiers)]
    if one.relations:
        facts["relations"] = [_relation(relation) for relation in one.relations]
    if one.assets:
        facts["assets"] = [_filled(AssetFile._fields, asset) for asset in one.assets]
    _put_source(facts, one.source, own)
    return facts


def _read_edition(facts: Facts, own: Source | None) -> Edition:
    return Edition(
        **_told(facts, _EDITION_TEXTS),
        identifiers=_each(facts, "identifiers", _read_identifier),
        relations=_each(facts, "relations", _read_relation),
        assets=_each(facts, "assets", _read_asset),
        source=_own_source(facts, own),
    )


def right_facts(one: RightsFact, own: Source | None = None) -> Facts:
    """One rights fact as plain JSON."""
    facts: Facts = {"kind": one.kind.value}
    facts |= {n: v for n, v in zip(_RIGHT, _OF_RIGHT(one), strict=True) if v or v is False}
    if one.share is not None:
        facts["share"] = f"{one.share:f}"
    if one.party_identifiers:
        facts["party_identifiers"] = [*map(list, one.party_identifiers)]
    _put_source(facts, one.source, own)
    return facts


def read_right(facts: Facts, own: Source | None = None) -> RightsFact:
    """The rights fact that `right_facts` wrote; raises CatalogError."""
    share = _text(facts, "share") if "share" in facts else ""
    if share and not _SHARE.fullmatch(share):
        raise CatalogError(f"share: {share[:40]!r} is no decimal number")
    return RightsFact(
        kind=_kind(facts, "kind", RightsKind),
        **_told(facts, _RIGHT_TEXTS, "party"),
        exclusive=_flag(facts, "exclusive") if "exclusive" in facts else None,
        signed=_flag(facts, "signed") if "signed" in facts else None,
        share=Decimal(share) if share else None,
        party_identifiers=_each(facts, "party_identifiers", _read_identifier),
        source=_own_source(facts, own),
    )


def _put_source(facts: Facts, source: Source | None, own: Source | None) -> None:
    if source is not None:
        facts["source"] = True if source == own else source_facts(source)


def _own_source(facts: Facts, own: Source | None) -> Source | None:
    source = facts.get("source")
    if source is True:
        return own
    return None if source is None else _read_source(source)


def source_facts(source: Source) -> Facts:
    """A source as plain JSON."""
    return _filled(Source._fields, source)


def _read_source(facts: Facts) -> Source:
    file, line, record = facts.get("file", ""), facts.get("line", 0), facts.get("record", "")
    if type(file) is type(record) is str and type(line) is int:
        return Source(file, line, record)
    return Source(_text(facts, "file"), _number(facts, "line") or 0, _text(facts, "record"))


def _read_asset(facts: Facts) -> AssetFile:
    told = {name: _text(facts, name) for name in ("path", "digest", "mime", "iscc")}
    return AssetFile(**told, size=_number(facts, "size") or 0)


def _relation(relation: Relation) -> Facts:
    return {"kind": relation.kind, "other": list(relation.other)}


def _read_relation(facts: Facts) -> Relation:
    return Relation(_text(facts, "kind"), _read_identifier(facts.get("other")))


def _read_identifier(pair: object) -> Identifier:
    if type(pair) is list and len(pair) == 2:
        scheme, value = pair
        if type(scheme) is type(value) is str:
            return Identifier(scheme, value)
    raise CatalogError(f"identifiers: {str(pair)[:60]!r} is no pair of scheme and value")


def _conflict(conflict: Conflict) -> Facts:
    said = [{"value": value, "source": source_facts(source)} for value, source in conflict.said]
    return {"field": conflict.field, "said": said, "kept": conflict.kept}


def _read_conflict(facts: Facts) -> Conflict:
    said = _each(facts, "said", lambda one: (_text(one, "value"), _read_source(one.get("source", {}))))
    return Conflict(_text(facts, "field"), said, _text(facts, "kept"))


def _told(facts: Facts, names: frozenset[str], *always: str) -> dict[str, Any]:
    """The texts of those names that are there, and of those that must be given."""
    told = dict.fromkeys(always, "")
    for name, value in facts.items():
        if name in names:
            told[name] = value if type(value) is str else _text(facts, name)
    return told


def _text(facts: Facts, name: str) -> str:
    value = facts.get(name, "")
    if not isinstance(value, str):
        raise CatalogError(f"{name}: {str(value)[:60]!r} is no text")
    return value


def _number(facts: Facts, name: str) -> int | None:
    if name not in facts:
        return None
    value = facts[name]
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise CatalogError(f"{name}: {str(value)[:60]!r} is no whole number")
    return value


def _flag(facts: Facts, name: str) -> bool | None:
    value = facts.get(name)
    if value is not None and not isinstance(value, bool):
        raise CatalogError(f"{name}: {str(value)[:60]!r} is neither true nor false")
    return value


def _words(facts: Facts, name: str) -> tuple[str, ...]:
    if name not in facts:
        return ()
    value = facts[name]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise CatalogError(f"{name}: {str(value)[:60]!r} is no list of texts")
    return tuple(value)


def _each(facts: Facts, name: str, read: Callable[..., Made], *told: Source | None) -> tuple[Made, ...]:
    if name not in facts:
        return ()
    value = facts[name]
    if not isinstance(value, list):
        raise CatalogError(f"{name}: {str(value)[:60]!r} is no list")
    try:
        return tuple([read(one, *told) for one in value])
    except AttributeError:  # an item is no object
        raise CatalogError(f"{name}: an item is no JSON object") from None


def _kind(facts: Facts, name: str, kinds: type[Kind]) -> Kind:
    said = facts.get(name)
    found = kinds._value2member_map_.get(said) if isinstance(said, str) else None
    if found is None:
        raise CatalogError(f"{name}: {str(said)[:40]!r} is none of {', '.join(kinds)}")
    return cast("Kind", found)
