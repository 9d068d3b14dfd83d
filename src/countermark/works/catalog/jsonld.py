"""A catalog as JSON-LD: schema.org for everyone, and our own terms for what schema.org has no word for.

One document with `@context` and `@graph`, a work on each line. Each work carries `cm:facts`, a JSON literal with the
work as `facts.as_facts` gives it, without sources: where it is there, it is what an import reads back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.works.catalog.export_csv import _table
from countermark.works.catalog.facts import as_facts
from countermark.works.catalog.write import as_json
from countermark.works.entry import RightsKind, WorkMedium

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from countermark.works.entry import CatalogWork, Contributor, Edition
    from countermark.works.identifiers import Identifier

Node = dict[str, Any]

NAMESPACE: Final = "urn:countermark:terms:1#"
FACTS: Final = "cm:facts"
CONTEXT: Final = {
    "@vocab": "https://schema.org/",
    "cm": NAMESPACE,
    FACTS: {"@id": f"{NAMESPACE}facts", "@type": "@json"},
}
TYPES: Final = {
    WorkMedium.TEXT: "CreativeWork",
    WorkMedium.ARTICLE: "NewsArticle",
    WorkMedium.MUSIC: "MusicComposition",
    WorkMedium.RECORDING: "MusicRecording",
    WorkMedium.IMAGE: "ImageObject",
    WorkMedium.AUDIOVISUAL: "VideoObject",
    WorkMedium.OTHER: "CreativeWork",
}
FORMS: Final = {
    "hardback": "https://schema.org/Hardcover",
    "paperback": "https://schema.org/Paperback",
    "ebook": "https://schema.org/EBook",
    "audiobook": "https://schema.org/AudiobookFormat",
}
ROLES: Final = {
    "author": "author",
    "composer": "composer",
    "lyricist": "lyricist",
    "translator": "translator",
    "illustrator": "illustrator",
    "photographer": "creator",
    "editor": "editor",
    "performer": "byArtist",
    "narrator": "readBy",
    "director": "director",
}
_OWN: Final = ("work_id", "sources", "merged_by", "conflicts")


def export_jsonld(works: Iterable[CatalogWork], path: Path) -> int:
    """Write `path`; the number of works. Raises OutputError."""
    count = 0
    with _table(path) as file:
        file.write(f'{{"@context": {as_json(CONTEXT)},\n"@graph": [')
        for work in works:
            file.write((",\n" if count else "\n") + as_json(node_of(work)))
            count += 1
        file.write("\n]}\n")
    return count


def node_of(work: CatalogWork) -> Node:
    """One work as a node of schema.org, with its exact facts."""
    book = any(i.scheme == "isbn" for edition in work.editions for i in edition.identifiers)
    node: Node = {
        "@id": f"urn:countermark:work:{work.work_id}",
        "@type": "Book" if book else TYPES[work.medium],
        "name": work.title,
        "alternativeHeadline": work.subtitle,
        "alternateName": list(work.other_titles),
        "datePublished": work.published,
        "countryOfOrigin": work.country,
        "license": work.licence,
        "isPartOf": {"@type": "CreativeWork", "name": work.part_of} if work.part_of else None,
        "copyrightHolder": [
            {"@type": "Organization", "name": right.party}
            for right in work.rights
            if right.kind is RightsKind.OWNER
        ],
        "workExample": [_edition(edition) for edition in work.editions],
    }
    for one in work.contributors:
        node.setdefault(ROLES.get(one.role, "contributor"), []).append(_person(one))
    _identify(node, work.identifiers)
    node[FACTS] = _facts(work)
    return _filled(node)


def _facts(work: CatalogWork) -> Node:
    """The exact facts, without what belongs to the catalog that they come from."""
    facts = as_facts(work)
    told = {"work_id": facts["work_id"]} | {name: value for name, value in facts.items() if name not in _OWN}
    for part in (*told.get("editions", ()), *told.get("rights", ())):
        part.pop("source", None)
    return told


def _edition(edition: Edition) -> Node:
    node: Node = {
        "@type": "Book" if any(i.scheme == "isbn" for i in edition.identifiers) else "CreativeWork",
        "name": edition.title,
        "bookFormat": FORMS.get(edition.form, ""),
        "publisher": {"@type": "Organization", "name": edition.publisher} if edition.publisher else None,
        "datePublished": edition.published,
        "inLanguage": edition.language,
    }
    _identify(node, edition.identifiers)
    return _filled(node)


def _person(one: Contributor) -> Node:
    node: Node = {"@type": "Person", "name": one.name, "alternateName": list(one.known_as)}
    node["nationality"] = one.nationality
    node["deathDate"] = str(one.died) if one.died is not None else ""
    _identify(node, one.identifiers)
    return _filled(node)


def _identify(node: Node, identifiers: Iterable[Identifier]) -> None:
    """Put identifiers where schema.org has them: `isbn`, `isrcCode`, `iswcCode`, `url`, `sameAs`, else `identifier`."""
    names = {"isbn": "isbn", "isrc": "isrcCode", "iswc": "iswcCode", "url": "url"}
    addresses = {"doi": "https://doi.org/", "isni": "https://isni.org/isni/", "orcid": "https://orcid.org/"}
    for scheme, value in identifiers:
        if scheme in names and names[scheme] not in node:
            node[names[scheme]] = value
        elif scheme in addresses:
            node.setdefault("sameAs", []).append(f"{addresses[scheme]}{value}")
        else:
            told = {"@type": "PropertyValue", "propertyID": scheme, "value": value}
            node.setdefault("identifier", []).append(told)


def _filled(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in ("", None, [])}
