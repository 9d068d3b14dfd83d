"""UNIMARC: told from MARC 21, read by its own table, and refused where its letters cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pymarc")
pytest.importorskip("lxml")

from pymarc import Field, Indicators, Record, Subfield

from countermark.errors import CatalogError
from countermark.works.entry import Entry, WorkMedium
from countermark.works.identifiers import Identifier
from countermark.works.importers.marc import IMPORTER
from works.importers.catalog_files import held, imported

if TYPE_CHECKING:
    from countermark.media import Refusal

CODED = "20190404{}k  y0frey{}    ba"


def field(tag: str, marks: str = "  ", *pairs: tuple[str, str]) -> Field:
    """A field of subfields."""
    return Field(tag, Indicators(*marks), [Subfield(code, text) for code, text in pairs])


def record(*more: Field, dates: str = "d2018    ", letters: str = "50  ", kind: str = "am") -> Record:
    """A book that nobody wrote, as a French library has it."""
    made = Record(leader=f"00000n{kind}  2200000   450 ", force_utf8=True)
    made.fields.append(Field("001", data="lac-1"))
    made.fields.append(Field("003", data="http://catalogue.example/ark:/99999/cb000001"))
    made.fields.append(field("010", "  ", ("a", "978-2-07-036002-4"), ("b", "br."), ("d", "20 EUR")))
    made.fields.append(field("035", "  ", ("a", "(OCoLC)1234")))
    made.fields.append(field("073", " 0", ("a", "9782070360024")))
    made.fields.append(field("100", "  ", ("a", CODED.format(dates, letters))))
    made.fields.append(field("101", "1 ", ("a", "fre"), ("c", "eng")))
    made.fields.append(field("102", "  ", ("a", "FR")))
    made.fields.append(
        field("200", "1 ", ("a", "\x98Les \x9crivières la nuit"), ("e", "poèmes"), ("f", "Ada Wren"))
    )
    made.fields.append(field("214", " 4", ("d", "C 2017")))
    made.fields.append(field("214", " 0", ("a", "Lyon"), ("c", "Lac tranquille"), ("d", "DL 2018")))
    made.fields.append(field("410", " |", ("t", "Une collection")))
    made.fields.append(field("454", " |", ("t", "Rivers at night")))
    made.fields.append(field("517", "  ", ("a", "Les rivières")))
    made.fields.append(
        field(
            "700",
            " 1",
            ("a", "Wren"),
            ("b", "Ada"),
            ("f", "1900-1950"),
            ("o", "ISNI000000012146438X"),
            ("4", "070"),
        )
    )
    made.fields.append(
        field("702", " 1", ("3", "123456"), ("a", "Finch"), ("b", "B."), ("4", "730"), ("4", "440"))
    )
    made.fields.append(field("801", " 0", ("a", "FR"), ("b", "Autre")))
    made.fields.append(field("801", " 3", ("a", "FR"), ("b", "Bibliothèque du Lac")))
    made.fields.extend(more)
    return made


def read(data: bytes | str, options: dict[str, str] | None = None) -> tuple[list[Entry], list[Refusal]]:
    """The entries and refusals of a file."""
    return imported(IMPORTER, held("notices.mrc", data, options))


def test_a_record_is_read_whole() -> None:
    """Titles, people, edition, identifiers, agency; one remark says what was assumed."""
    (entry,), (assumed,) = read(record().as_marc())
    assert assumed.reason == "assumed"
    assert "read as UNIMARC, because it has a field 200 and a field 100 with coded data" in assumed.detail
    assert (entry.title, entry.subtitle) == ("Les rivières la nuit", "poèmes")
    assert entry.other_titles == ("Les rivières", "Rivers at night")
    assert (entry.issuer, entry.own_key, entry.medium) == ("Bibliothèque du Lac", "lac-1", WorkMedium.TEXT)
    assert [(one.name, one.role, one.died) for one in entry.contributors] == [
        ("Ada Wren", "author", 1950),
        ("B. Finch", "translator", None),
        ("B. Finch", "illustrator", None),
    ]
    assert entry.contributors[0].identifiers == (Identifier("isni", "000000012146438X"),)
    assert not entry.part_of
    (edition,) = entry.editions
    assert edition.identifiers == (
        Identifier("isbn", "9782070360024"),
        Identifier("own:ark", "ark:/99999/cb000001"),
        Identifier("own:OCoLC", "1234"),
    )
    assert (edition.publisher, edition.published) == ("Lac tranquille", "2018")
    assert (edition.country, edition.language) == ("FR", "fr")


def marcxchange(format_said: str, kind: str = "Bibliographic", bodies: str = "") -> str:
    """The same kind of record as a national library's server gives it."""
    body = bodies or (
        '<m:leader>00000cam  2200000   450 </m:leader><m:controlfield tag="001">x-1</m:controlfield>'
        '<m:datafield tag="100" ind1=" " ind2=" "><m:subfield code="a">20190404d2018    k  y0frey50      ba'
        '</m:subfield></m:datafield><m:datafield tag="200" ind1="1" ind2=" "><m:subfield code="a">Forêts'
        "</m:subfield></m:datafield>"
    )
    one = f'<m:record format="{format_said}" type="{kind}">{body}</m:record>'
    return f'<?xml version="1.0"?><r><m:c xmlns:m="info:lc/xmlns/marcxchange-v2">{one}</m:c></r>'


def test_marcxchange_says_what_it_is() -> None:
    """No remark where the file says it; formats that are neither, and authorities, are refused."""
    (entry,), refusals = read(marcxchange("Unimarc"))
    assert (entry.title, entry.editions[0].published, refusals) == ("Forêts", "2018", [])
    _, (other,) = read(marcxchange("INTERMARC"))
    assert (other.reason, other.row) == ("format", 1)
    assert "'INTERMARC'; accepted are MARC 21 and UNIMARC" in other.detail
    _, (authority,) = read(marcxchange("Unimarc", "Authority"))
    assert authority.reason == "not-bibliographic"


def test_marcxml_without_a_namespace_is_recognised() -> None:
    """As union catalogues give a single record."""
    text = marcxchange("").replace("m:", "").replace(' format="" type="Bibliographic"', "")
    (entry,), (assumed,) = read(text)
    assert (entry.title, assumed.reason) == ("Forêts", "assumed")


def test_the_option_settles_it() -> None:
    """One format by force, the other, or nonsense."""
    data = record().as_marc()
    entries, refusals = read(data, {"marc": "unimarc"})
    assert len(entries) == 1
    assert not refusals
    entries, (missing,) = read(data, {"marc": "marc21"})
    assert not entries
    assert missing.detail.endswith("245: no title")
    with pytest.raises(
        CatalogError, match="marc = 'intermarc' is no format; accepted are marc21 and unimarc"
    ):
        read(data, {"marc": "intermarc"})


def test_both_formats_in_one_file_are_told_apart() -> None:
    """Record by record."""
    other = Record(leader="00000nam a2200000 i 4500", force_utf8=True)
    other.fields.append(Field("008", data="240101s1999    fr            000 0 fre d"))
    other.fields.append(field("245", "10", ("a", "Another one")))
    entries, refusals = read(other.as_marc() + record().as_marc() + record().as_marc())
    assert [entry.title for entry in entries] == [
        "Another one",
        "Les rivières la nuit",
        "Les rivières la nuit",
    ]
    assert [refusal.reason for refusal in refusals] == ["assumed"]


def test_letters_that_are_not_read_are_refused_by_name() -> None:
    """ISO 5426 puts the accent (C2) before its letter; plain ASCII reads the same in it."""
    old = record(letters="03  ").as_marc().replace("rivières".encode(), b"rivi\xc1eres")
    assert len(old) == len(record(letters="03  ").as_marc())
    wrong = record().as_marc().replace("rivières".encode(), b"rivi\xc1eres")
    good = record(letters="03  ").as_marc()
    entries, refusals = read(old + wrong + good)
    assert len(entries) == 1
    assert [refusal.reason for refusal in refusals] == ["encoding", "encoding", "assumed"]
    assert refusals[0].detail.endswith(
        "record 1: ISO 5426 is not read; export the file in UTF-8 (100 $a, positions 26-27: 50)"
    )
    assert "says that it is UTF-8, and is not" in refusals[1].detail


@pytest.mark.parametrize(
    ("dates", "published", "said"),
    [
        ("j20180314", "2018-03-14", ""),
        ("f19001910", "", "the year is uncertain, between '1900' and '1910'"),
        ("e20181850", "2018", "a reproduction of 2018; what it reproduces is of '1850'"),
        ("u        ", "2018", ""),
        ("d2018    ", "2018", ""),
    ],
)
def test_dates_are_as_sure_as_the_record(dates: str, published: str, said: str) -> None:
    """To the day, uncertain, of a reproduction, or from the imprint."""
    (entry,), refusals = read(record(dates=dates).as_marc(), {"marc": "unimarc"})
    assert entry.editions[0].published == published
    assert [said in refusal.detail for refusal in refusals] == ([True] if said else [])


def test_an_article_stands_in_its_volume() -> None:
    """463 with $t, or with an embedded field 200."""
    host = field("463", " |", ("1", "001x"), ("1", "2001 "), ("a", "Annales du lac"))
    (entry,), _ = read(record(host, kind="aa").as_marc())
    assert (entry.medium, entry.part_of) == (WorkMedium.ARTICLE, "Annales du lac")
    (entry,), _ = read(record(field("461", " |", ("t", "Œuvres"))).as_marc())
    assert entry.part_of == "Œuvres"


@pytest.mark.parametrize(
    ("said", "names"), [("Ada Wren", ["Ada Wren"]), ("texte d'Ada Wren ; ill. de B. Finch", [])]
)
def test_names_in_a_sentence_are_not_taken_apart(said: str, names: list[str]) -> None:
    """One plain name is taken where no field 7XX names anybody; a sentence is told."""
    made = record()
    made.fields = [one for one in made.fields if not one.tag.startswith("7")]
    made["200"].subfields[2] = Subfield("f", said)
    (entry,), refusals = read(made.as_marc(), {"marc": "unimarc"})
    assert [one.name for one in entry.contributors] == names
    assert [refusal.reason for refusal in refusals] == ([] if names else ["people"])


def test_wrong_numbers_are_refused_and_the_record_is_kept() -> None:
    """With record and field."""
    made = record()
    made["010"].subfields[0] = Subfield("a", "978-2-07-036002-5")
    (entry,), (refusal,) = read(made.as_marc(), {"marc": "unimarc"})
    assert entry.title
    assert refusal.detail.startswith("notices.mrc, record lac-1, 010 $a: '978-2-07-036002-5' is no ISBN")
