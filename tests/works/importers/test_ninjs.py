"""ninjs in its three generations, and JSON cut out of a stream."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import Any

import pytest

from countermark.errors import CatalogError
from countermark.media import Refusal
from countermark.works.importers import json_objects
from countermark.works.importers.base import CatalogFile
from countermark.works.importers.ninjs import IMPORTER
from works.importers.catalog_files import held, imported

ONE = {
    "uri": "https://brume.example/n/1",
    "type": "text",
    "pubstatus": "usable",
    "versioncreated": "2021-03-31T23:59:00-05:00",
    "language": "fr",
    "headline": "La crue",
    "byline": "Par Jeanne Aubry et Paul Noir",
    "copyrightholder": "Agence Brume",
    "copyrightnotice": "© 2021 Agence Brume",
    "usageterms": "Pas d’apprentissage automatique.",
    "infosources": [{"name": "Agence Brume", "rel": "provider"}],
    "altids": {"doi": "10.5555/crue.1"},
}
THREE = {
    "uri": "tag:brume.example,2024:2",
    "standard": {"name": "ninjs", "schema": "https://iptc.org/std/ninjs/ninjs-schema_3.0.json"},
    "type": "picture",
    "versionCreated": "2024-05-01T10:00:00Z",
    "firstCreated": "2024-04-30T10:00:00Z",
    "headlines": [{"role": "subtitle", "value": "Vu du pont"}, {"role": "main", "value": "L’eau monte"}],
    "by": "ignored",
    "bylines": [{"byline": "Mara Quill"}],
    "rightsInfo": {
        "copyrightHolder": "M. Quill",
        "linkedRights": "https://creativecommons.org/licenses/by/4.0/",
    },
    "altIds": [{"role": "web", "value": "https://brume.example/n/2"}],
}


def dumped(*objects: dict[str, Any], lines: bool = False) -> str:
    if lines:
        return "\n".join(json.dumps(one) for one in objects)
    return json.dumps(list(objects), indent=1, ensure_ascii=False)


@pytest.mark.parametrize("data", [dumped(ONE, THREE), dumped(ONE, THREE, lines=True)], ids=["array", "lines"])
def test_one_and_three(data: str) -> None:
    """Small letters and camel case say the same."""
    entries, refusals = imported(IMPORTER, held("n.json", data))
    one, three = entries
    assert refusals == []
    assert (one.title, one.published, one.medium) == ("La crue", "2021-03-31", "article")
    assert [person.name for person in one.contributors] == ["Jeanne Aubry", "Paul Noir"]
    assert [str(i) for i in one.editions[0].identifiers] == [
        "url:https://brume.example/n/1",
        "doi:10.5555/crue.1",
    ]
    assert (one.rights[0].party, one.rights[0].basis) == ("Agence Brume", "rightsinfo")
    assert "Pas d’apprentissage" in one.rights[0].note
    assert (one.editions[0].publisher, one.editions[0].language) == ("Agence Brume", "fr")
    assert (three.title, three.subtitle, three.published) == ("L’eau monte", "Vu du pont", "2024-04-30")
    assert (three.medium, three.contributors[0].role, three.licence) == ("image", "photographer", "CC-BY-4.0")
    assert str(three.editions[0].identifiers[0]) == "url:https://brume.example/n/2"


def test_a_single_object() -> None:
    """As agencies deliver it."""
    assert imported(IMPORTER, held("n.json", json.dumps(ONE)))[0][0].title == "La crue"


def test_one_bad_object_does_not_lose_the_others() -> None:
    """Its line is told."""
    data = dumped(ONE, lines=True) + '\n{"uri": oops}\n' + dumped(THREE, lines=True)
    entries, refusals = imported(IMPORTER, held("n.jsonl", data))
    assert len(entries) == 2
    assert (refusals[0].reason, refusals[0].row) == ("damaged", 2)


def test_withheld_and_plans_are_refused() -> None:
    """With the item's uri."""
    entries, refusals = imported(
        IMPORTER, held("n.json", dumped({**ONE, "pubstatus": "canceled"}, {**ONE, "type": "event"}))
    )
    assert entries == []
    assert [r.reason for r in refusals] == ["not-published", "not-a-work"]
    assert "record https://brume.example/n/1" in refusals[0].detail


@pytest.mark.parametrize("hostile", ["types", "deep"])
def test_values_of_the_wrong_kind_are_left_out(hostile: str) -> None:
    """Numbers, lists and depth where a text is due."""
    odd: dict[str, Any] = {
        **ONE,
        "byline": 7,
        "infosources": {"a": 1},
        "altids": 3,
        "headlines": [1, None],
        "language": [],
    }
    if hostile == "deep":
        odd["headlines"] = json.loads("[" * 500 + "]" * 500)
    assert imported(IMPORTER, held("n.json", json.dumps(odd)))[0][0].title == "La crue"


def test_a_cut_array_gives_what_is_whole() -> None:
    """And says where it ends."""
    entries, refusals = imported(IMPORTER, held("n.json", dumped(ONE, THREE)[:-30]))
    assert (len(entries), "cut off" in refusals[0].detail) == (1, True)


def test_nothing_whole_is_an_error() -> None:
    """Before anything is yielded."""
    with pytest.raises(CatalogError, match=r"n\.json, line 1, record 1: the file ends within this object"):
        list(IMPORTER.entries(held("n.json", json.dumps(ONE)[:-1])))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_any_cut_of_the_stream_gives_the_same_objects(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Braces and quotes within strings, escapes at the borders of pieces."""
    monkeypatch.setattr(json_objects, "_CHUNK", size)
    values = [{"a": 'x{"}\\'}, {"b": {"c": '\\\\"'}}, {"d": "\u00e9[}{"}, {}]
    data = json.dumps(values, ensure_ascii=False, indent=2).encode()
    file = CatalogFile("x.json", "", data, lambda: io.BytesIO(data))
    assert [found for _, found in json_objects.whole_objects(file)] == values


def test_an_object_without_end_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told, and the file is left."""
    monkeypatch.setattr(json_objects, "MAX_OBJECT", 1 << 20)
    data = b'{"a": "' + b"x" * (3 << 20)
    file = CatalogFile("x.json", "", data, lambda: io.BytesIO(data))
    assert ["larger than" in str(found) for _, found in json_objects.whole_objects(file)] == [True]


def test_other_json_is_not_recognised() -> None:
    """JSON-LD, GeoJSON, a list of numbers."""
    for other in (
        '{"@context": "https://schema.org", "uri": "x", "headline": "y"}',
        "[1, 2]",
        '{"type": "Feature"}',
        "",
    ):
        assert not IMPORTER.recognises(held("x.json", other))


@pytest.mark.slow
def test_many_objects_take_bounded_memory() -> None:
    """What was given out is forgotten."""
    line = json.dumps(ONE).encode() + b"\n"

    class Many(io.RawIOBase):
        left = 8_000

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            count = min(self.left, max(size, 1) // len(line) + 1)
            self.left -= count
            return line * count

    file = CatalogFile("n.jsonl", "", line, Many)  # type: ignore[arg-type]
    tracemalloc.start()
    count = sum(not isinstance(item, Refusal) for item in IMPORTER.entries(file))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, peak < 4 << 20) == (8_000, True)


def test_the_date_of_a_later_version_is_not_that_of_publication() -> None:
    """It would make the story younger than it is."""
    later = {**ONE, "version": "4"}
    assert imported(IMPORTER, held("n.json", json.dumps(later)))[0][0].published == ""
