"""MARC 21: what is read of a library's record, and what becomes of files that are damaged or hostile."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pymarc")
pytest.importorskip("lxml")

from pymarc import Field, Indicators, Record, Subfield

from countermark.errors import CatalogError
from countermark.works.entry import Entry, WorkMedium
from countermark.works.identifiers import Identifier
from countermark.works.importers.base import CatalogFile
from countermark.works.importers.marc import IMPORTER
from countermark.works.importers.marc_reading import died_in
from works.importers.catalog_files import held, imported

if TYPE_CHECKING:
    from countermark.media import Refusal

SLIM = "http://www.loc.gov/MARC21/slim"


def field(tag: str, marks: str = "  ", **subfields: str) -> Field:
    """A field; `_a` for the code `a`."""
    pairs = [Subfield(code.lstrip("_"), text) for code, text in subfields.items()]
    return Field(tag, Indicators(*marks), pairs)


def record(number: str = "lake-1", kind: str = "am", title: str = "Rivers at night :") -> Record:
    """A book that nobody wrote."""
    made = Record(leader=f"00000n{kind} a2200000 i 4500", force_utf8=True)
    made.fields.extend([Field("001", data=number), Field("003", data="QLL")])
    made.fields.extend([Field("008", data="240101s1999    fr            000 0 fre d")])
    made.fields.extend(
        [field("020", _a="978-2-07-036002-4 (br.) : 20 EUR"), field("024", "7 ", _a="10.1000/182", _2="doi")]
    )
    made.fields.extend(
        [field("100", "1 ", _a="Wren, Ada,", _d="1900-1950.", _4="aut", _0="(isni)000000012146438X")]
    )
    if title:
        made.fields.extend([field("245", "10", _a=title, _b="poèmes /", _c="Ada Wren.")])
    made.fields.extend([field("246", _a="The rivers"), field("700", "1 ", _a="Finch, B.", _e="translator.")])
    made.fields.extend([field("700", "1 ", _a="Other, Someone", _t="Another work")])
    made.fields.extend([field("264", " 1", _a="Lyon :", _b="Quiet Lake,", _c="[1999]")])
    return made


def read(data: bytes | str) -> tuple[list[Entry], list[Refusal]]:
    """The entries and refusals of a file."""
    return imported(IMPORTER, held("library.mrc", data))


def marcxml(*bodies: str) -> str:
    """A collection of records."""
    return f'<?xml version="1.0"?><collection xmlns="{SLIM}">{"".join(bodies)}</collection>'


ONE = """<record><leader>00000nam a2200000 i 4500</leader><controlfield tag="001">x-1</controlfield>
<controlfield tag="008">240101s1999    fr            000 0 fre d</controlfield>
<datafield tag="245" ind1="1" ind2="0"><subfield code="a">Forêts</subfield></datafield></record>"""


def test_a_record_is_read_whole() -> None:
    """Title, people, edition, identifiers."""
    (entry,), refusals = read(record().as_marc())
    assert not refusals
    assert (entry.title, entry.subtitle, entry.other_titles) == ("Rivers at night", "poèmes", ("The rivers",))
    assert (entry.issuer, entry.own_key, entry.medium) == ("QLL", "lake-1", WorkMedium.TEXT)
    writer, translator = entry.contributors
    assert (writer.name, writer.role, writer.died) == ("Ada Wren", "author", 1950)
    assert writer.identifiers == (Identifier("isni", "000000012146438X"),)
    assert (translator.name, translator.role) == ("B. Finch", "translator")
    (edition,) = entry.editions
    assert edition.identifiers == (Identifier("isbn", "9782070360024"), Identifier("doi", "10.1000/182"))
    assert (edition.publisher, edition.published, edition.language) == ("Quiet Lake", "1999", "fr")
    assert not entry.published


@pytest.mark.parametrize(
    ("kind", "medium", "form"),
    [
        ("cm", WorkMedium.MUSIC, "score"),
        ("jm", WorkMedium.RECORDING, "recording"),
        ("aa", WorkMedium.ARTICLE, "article"),
        ("om", WorkMedium.OTHER, ""),
    ],
)
def test_the_leader_says_what_it_is(kind: str, medium: WorkMedium, form: str) -> None:
    """Scores, recordings, articles, kits."""
    (entry,), _ = read(record(kind=kind).as_marc())
    assert (entry.medium, entry.editions[0].form) == (medium, form)


def test_wrong_numbers_are_refused_and_the_record_is_kept() -> None:
    """With record and field."""
    made = record()
    made["020"].subfields[0] = Subfield("a", "978-2-07-036002-5")
    (entry,), (refusal,) = read(made.as_marc())
    assert len(entry.editions[0].identifiers) == 1
    assert refusal.detail.startswith("library.mrc, record lake-1, 020 $a: '978-2-07-036002-5' is no ISBN")


def test_records_without_title_and_of_two_minds_are_refused() -> None:
    """Each for its own reason: 008 is of MARC 21, 200 of UNIMARC."""
    other = record(title="")
    other.fields.extend([field("200", "1 ", _a="Titre")])
    _, refusals = read(record(title="").as_marc() + other.as_marc())
    assert [refusal.reason for refusal in refusals] == ["missing", "format"]
    assert "--marc marc21 or --marc unimarc says which it is" in refusals[1].detail


@pytest.mark.parametrize(
    ("dates", "died"),
    [
        ("1900-1950.", 1950),
        ("approximately 1900-1950", 1950),
        ("1900-", None),
        ("active 1850-1870", None),
        ("fl. 1850-1870", None),
        ("0043-0017 av. J.-C.", None),
    ],
)
def test_only_a_year_of_death_is_one(dates: str, died: int | None) -> None:
    """Years of activity and eras are none."""
    assert died_in(dates) == died


def test_damaged_records_do_not_harm_their_neighbours() -> None:
    """A wrong length, a wrong byte, a cut end."""
    good = record().as_marc()
    wrong_length = b"00100" + good[5:]
    wrong_byte = good.replace("poèmes".encode(), b"po\xe8mes?")
    entries, refusals = read(good + wrong_length + good + wrong_byte + b"\r\n" + good + good[:200])
    assert len(entries) == 3
    assert [refusal.reason for refusal in refusals] == ["malformed", "encoding", "truncated"]
    assert "library.mrc, record 2: " in refusals[0].detail


def test_marcxml_is_read() -> None:
    """Alone, and within OAI-PMH."""
    (entry,), refusals = read(marcxml(ONE))
    assert (entry.title, entry.own_key, entry.editions[0].published) == ("Forêts", "x-1", "1999")
    assert not refusals
    metadata = f'<metadata xmlns="{SLIM}">{ONE}</metadata>'
    harvested = f"<OAI-PMH><ListRecords><record><header/>{metadata}</record></ListRecords></OAI-PMH>"
    entries, _ = read(harvested)
    assert [one.own_key for one in entries] == ["x-1"]


def test_truncated_and_hostile_xml() -> None:
    """What is whole is kept; bombs are refused at once."""
    text = marcxml(ONE, ONE)
    entries, refusals = read(text[: len(text) - 60])
    assert len(entries) == 1
    assert len(refusals) == 1
    bomb = text.replace("?>", '?><!DOCTYPE x [<!ENTITY a "aaaa">]>', 1)
    with pytest.raises(CatalogError):
        read(bomb)


@pytest.mark.parametrize(
    "data", [b"", b"00714", b"<record/>", b"\0" * 100, b"99999 not marc at all, only words"]
)
def test_other_files_are_not_recognised(data: bytes) -> None:
    """Nor do they raise."""
    assert not IMPORTER.recognises(held("x.mrc", data))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Five thousand records in less than four megabytes."""
    path = tmp_path_factory.mktemp("marc") / "big.mrc"
    path.write_bytes(record().as_marc() * 5_000)
    file = CatalogFile("big.mrc", str(path), path.read_bytes()[:1000], lambda: path.open("rb"))
    tracemalloc.start()
    kept = sum(isinstance(item, Entry) for item in IMPORTER.entries(file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept == 5_000
    assert peak < 4 << 20


def test_a_directory_that_names_the_same_bytes_again_and_again_is_refused() -> None:
    """A record of a few thousand bytes is not read as one of many million."""
    body = b"x" * 900 + b"\x1e"
    directory = b"".join(b"500" + b"0901" + b"00000" for _ in range(300)) + b"\x1e"
    base = 24 + len(directory)
    length = base + len(body) + 1
    data = b"%05dnam a22%05d a 4500" % (length, base) + directory + body + b"\x1d"
    entries, refusals = read(data)
    assert entries == []
    assert [refusal.reason for refusal in refusals] == ["malformed"]


def test_what_has_no_end_is_told_and_reading_goes_on_after_it() -> None:
    """A long run of bytes without a terminator, then a whole record."""
    whole = record("lake-2").as_marc()
    entries, refusals = read(record().as_marc() + b"99999" + b"y" * 300_000 + b"\x1d" + whole)
    assert len(entries) == 2
    assert [refusal.reason for refusal in refusals] == ["malformed"]
