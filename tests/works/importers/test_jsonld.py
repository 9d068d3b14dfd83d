"""Plain schema.org, streamed, and hostile JSON."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from countermark.errors import CatalogError
from countermark.media import Refusal
from countermark.works.entry import Entry, WorkMedium
from countermark.works.identifiers import Identifier
from countermark.works.importers.base import HEAD_BYTES, CatalogFile
from countermark.works.importers.jsonld import IMPORTER

CONTEXT = {"@context": "https://schema.org"}


def read(data: bytes | str | dict[str, Any]) -> list[Entry | Refusal]:
    raw = (
        json.dumps(data).encode()
        if isinstance(data, dict)
        else data.encode()
        if isinstance(data, str)
        else data
    )
    return list(IMPORTER.entries(CatalogFile("a.jsonld", "", raw[:HEAD_BYTES], lambda: io.BytesIO(raw))))


def test_a_book_of_schema_org() -> None:
    book = CONTEXT | {
        "@type": ["schema:Book"],
        "name": "The Salt Garden",
        "author": {
            "@type": "Person",
            "name": "Ana Brume",
            "sameAs": "https://isni.org/isni/0000000121032683",
        },
        "isbn": "978-2-07-036002-4",
        "bookFormat": "https://schema.org/EBook",
        "datePublished": "1998-03-01T00:00:00Z",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "copyrightHolder": [{"name": "House"}],
        "inLanguage": "en",
    }
    (entry,) = read(book)
    assert isinstance(entry, Entry)
    assert entry.title == "The Salt Garden"
    assert entry.contributors[0].identifiers == (Identifier("isni", "0000000121032683"),)
    assert entry.editions[0].identifiers == (Identifier("isbn", "9782070360024"),)
    assert (entry.editions[0].form, entry.published) == ("ebook", "1998-03-01")
    assert entry.rights[0].party == "House"


def test_music_and_graphs_and_lines() -> None:
    song = {
        "@type": "MusicComposition",
        "name": "La mer",
        "iswcCode": "T-034.524.680-1",
        "composer": "Ana Brume",
    }
    graph = CONTEXT | {"@graph": [song] * 3}
    entries = read(graph)
    assert len(entries) == 3
    assert isinstance(entries[0], Entry)
    assert entries[0].medium is WorkMedium.MUSIC
    assert entries[0].identifiers == (Identifier("iswc", "T0345246801"),)
    lines = "\n".join(json.dumps(CONTEXT | song) for _ in range(3))
    told = read(lines)
    assert [entry.source.line for entry in told if isinstance(entry, Entry)] == [1, 2, 3]


def test_many_items_larger_than_a_piece() -> None:
    items = [{"@type": "Book", "name": f"n{n}", "description": "x" * 90_000} for n in range(12)]
    assert len(read(CONTEXT | {"@graph": items})) == 12


def test_a_wrong_number_is_noted_and_the_rest_used() -> None:
    noted, entry = read(CONTEXT | {"@type": "Book", "name": "Salt", "isbn": "9782070360025"})
    assert isinstance(noted, Refusal)
    assert "check digit" in noted.detail
    assert isinstance(entry, Entry)


@pytest.mark.parametrize(
    "node", [{"@type": "Person", "name": "A"}, {"name": "A"}, {"@type": "Book"}, 3, ["x"]]
)
def test_what_is_no_work_is_refused(node: object) -> None:
    (refusal,) = read(CONTEXT | {"@graph": [node]})
    assert isinstance(refusal, Refusal)


def test_a_cut_file_yields_what_is_whole() -> None:
    whole = json.dumps(CONTEXT | {"@graph": [{"@type": "Book", "name": f"n{n}"} for n in range(9)]})
    items = read(whole[:-60])
    assert isinstance(items[0], Entry)
    assert isinstance(items[-1], Refusal)
    assert items[-1].reason == "damaged"


@pytest.mark.parametrize(
    "data", [b"[" * 200_000, b'{"@context": ' + b'{"a":' * 100_000, b"\xff\xfe", b"nope", b'{"a"']
)
def test_hostile_files_are_one_message(data: bytes) -> None:
    with pytest.raises(CatalogError, match=r"a\.jsonld, line 1: no JSON"):
        read(data)
