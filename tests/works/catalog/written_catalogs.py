"""Small invented records for tests of catalogs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from countermark.works.catalog import Catalog, write_catalog
from countermark.works.catalog.facts import as_facts
from countermark.works.entry import CatalogWork, Contributor, Edition, Entry, RightsFact, RightsKind, Source
from countermark.works.identifiers import Identifier

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from countermark.media import Refusal


def entry(
    title: str, *isbns: str, author: str = "Ana Brume", file: str = "a.xml", line: int = 1, **more: Any
) -> Entry:
    """A book of an invented author, an edition for each ISBN."""
    source = Source(file, line, f"r{line}")
    editions = tuple(Edition((Identifier("isbn", isbn),), source=source) for isbn in isbns)
    people = (Contributor(author),) if author else ()
    return Entry(**({"source": source, "title": title, "contributors": people, "editions": editions} | more))


def owner(party: str, share: str = "", **more: Any) -> RightsFact:
    """An owner with a share."""
    return RightsFact(RightsKind.OWNER, party, share=Decimal(share) if share else None, **more)


def works_of(folder: Path, items: Iterable[Entry | Refusal], **more: Any) -> list[CatalogWork]:
    """The works of a catalog of `items`."""
    path = folder / "t.catalog"
    write_catalog(path, items, **more)
    with Catalog.open(path) as catalog:
        return list(catalog.works())


def bare(work: CatalogWork) -> dict[str, Any]:
    """The facts of a work without where they come from."""
    editions = tuple(replace(edition, source=None) for edition in work.editions)
    rights = tuple(replace(right, source=None) for right in work.rights)
    return as_facts(replace(work, editions=editions, rights=rights, sources=(), merged_by=(), conflicts=()))
