"""Dublin Core: what is read of a repository's records, and what becomes of damaged and hostile files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("lxml")

from countermark.errors import CatalogError
from countermark.works.entry import WorkMedium
from countermark.works.identifiers import Identifier
from countermark.works.importers.dublincore import IMPORTER
from works.importers.catalog_files import held, imported

if TYPE_CHECKING:
    from countermark.media import Refusal
    from countermark.works.entry import Entry

SPACES = (
    'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
BODY = """<dc:title>Rivières</dc:title><dc:title>Rivers</dc:title><dc:creator>Wren, Ada</dc:creator>
<dc:contributor>B. Finch</dc:contributor><dc:publisher>Quiet Lake</dc:publisher><dc:date>circa 1999</dc:date>
<dc:date>1999-04</dc:date><dc:type>info:eu-repo/semantics/article</dc:type><dc:language>fr</dc:language>
<dc:identifier>https://doi.org/10.1000/182</dc:identifier><dc:identifier>shelf 12</dc:identifier>
<dc:rights>Some rights</dc:rights><dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>"""
ONE = f"""<record><header><identifier>oai:lake:1</identifier></header><metadata>
<oai_dc:dc>{BODY}</oai_dc:dc></metadata></record>"""


def read(text: str | bytes) -> tuple[list[Entry], list[Refusal]]:
    """The entries and refusals of a file."""
    return imported(IMPORTER, held("records.xml", text))


def harvested(*records: str) -> str:
    """An answer of OAI-PMH."""
    return f'<?xml version="1.0"?><OAI-PMH {SPACES}><ListRecords>{"".join(records)}</ListRecords></OAI-PMH>'


def test_a_record_is_read_whole() -> None:
    """As a repository gives it."""
    (entry,), refusals = read(harvested(ONE))
    assert not refusals
    assert (entry.title, entry.other_titles, entry.medium) == ("Rivières", ("Rivers",), WorkMedium.ARTICLE)
    assert [(one.name, one.role) for one in entry.contributors] == [
        ("Ada Wren", "author"),
        ("B. Finch", "contributor"),
    ]
    assert (entry.own_key, entry.licence) == ("oai:lake:1", "https://creativecommons.org/licenses/by/4.0/")
    (edition,) = entry.editions
    assert edition.identifiers == (Identifier("doi", "10.1000/182"),)
    assert (edition.published, edition.publisher, edition.language) == ("1999-04", "Quiet Lake", "fr")
    assert not entry.published


def test_plain_records_are_read() -> None:
    """Without OAI-PMH around them."""
    (entry,), refusals = read(f"<oai_dc:dc {SPACES}>{BODY}</oai_dc:dc>")
    assert (entry.title, entry.source.record, entry.own_key) == ("Rivières", "1", "")
    assert not refusals


def test_deleted_and_nameless_records_are_refused() -> None:
    """Each for its reason; a date that is none is told where no other is there."""
    deleted = '<record><header status="deleted"><identifier>oai:lake:2</identifier></header></record>'
    nameless = "<record><metadata><oai_dc:dc><dc:date>1999</dc:date></oai_dc:dc></metadata></record>"
    undated = "<record><oai_dc:dc><dc:title>X</dc:title><dc:date>once</dc:date></oai_dc:dc></record>"
    entries, refusals = read(harvested(deleted, nameless, undated))
    assert [entry.title for entry in entries] == ["X"]
    assert [refusal.reason for refusal in refusals] == ["deleted", "missing", "date"]


def test_truncated_wrong_and_hostile_files() -> None:
    """What is whole is kept; bombs are refused at once."""
    text = harvested(ONE, ONE)
    entries, refusals = read(text[: len(text) - 100])
    assert (len(entries), len(refusals)) == (1, 1)
    entries, refusals = read(harvested(ONE.replace("Rivières", "Lac"), ONE).encode("latin-1"))
    assert [refusal.reason for refusal in refusals] == ["encoding"]
    assert len(entries) == 1
    with pytest.raises(CatalogError):
        read(text.replace("?>", '?><!DOCTYPE x [<!ENTITY a "aaaa">]>', 1))


@pytest.mark.parametrize(
    "data", [b"", b'<rss xmlns:dc="http://purl.org/dc/elements/1.1/"/>', b"<record/>", b"\0" * 50, b"dc"]
)
def test_other_files_are_not_recognised(data: bytes) -> None:
    """Feeds that use Dublin Core are feeds."""
    assert not IMPORTER.recognises(held("x.xml", data))


def test_people_without_end_are_cut() -> None:
    """A hostile record with a million creators stays small."""
    many = "".join(f"<dc:creator>N{at}</dc:creator>" for at in range(50_000))
    (entry,), _ = read(harvested(ONE.replace("<dc:creator>Wren, Ada</dc:creator>", many)))
    assert len(entry.contributors) == 201
