"""What rows say: identifiers, dates, shares, people, rights."""

from __future__ import annotations

import io
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from countermark.media import Refusal  # noqa: TC001 - the tests name it
from countermark.works.entry import Edition, Entry, RightsKind, WorkMedium
from countermark.works.importers.base import HEAD_BYTES, CatalogFile
from countermark.works.importers.table import (
    IMPORTER,
    propose_mapping,
)
from countermark.works.importers.table.codes import read_country, read_language, read_territory
from countermark.works.importers.table.days import read_date
from countermark.works.importers.table.values import read_flag, read_names, read_role, read_share


def table(data: str, name: str = "works.csv", **options: str) -> CatalogFile:
    raw = data.encode()
    return CatalogFile(name, "", raw[:HEAD_BYTES], lambda: io.BytesIO(raw), options)


def read(data: str, **options: str) -> tuple[list[Entry], list[Refusal]]:
    entries: list[Entry] = []
    refusals: list[Refusal] = []
    for one in IMPORTER.entries(table(data, **options)):
        if isinstance(one, Entry):
            entries.append(one)
        else:
            refusals.append(one)
    return entries, refusals


def only(data: str) -> Entry:
    (entry,), refusals = read(data)
    assert refusals == []
    return entry


# ---- identifiers


@pytest.mark.parametrize(
    "written",
    [
        "9782070360024",
        "978-2-07-036002-4",
        "9782070360024.0",
        "2070360024",
        "ISBN 2-07-036002-4",
        "'9782070360024",
    ],
)
def test_one_isbn_in_all_its_writings(written: str) -> None:
    entry = only(f"Title;ISBN\nA;{written}\n")
    assert [str(one) for one in entry.editions[0].identifiers] == ["isbn:9782070360024"]


def test_a_lost_zero_is_put_back_where_the_check_digit_fits_and_told() -> None:
    (good, bad), refusals = read("Title;ISBN\nA;306406152\nB;306406153\n")
    assert [str(one) for one in good.editions[0].identifiers] == ["isbn:9780306406157"]
    assert bad.editions == ()
    assert [(one.row, one.reason) for one in refusals] == [(2, "repaired"), (3, "isbn")]
    assert "column B (ISBN)" in refusals[0].detail


@pytest.mark.parametrize("written", ["9.78E+12", "9,78207E+12"])
def test_a_rounded_isbn_is_refused_with_what_to_do(written: str) -> None:
    (entry,), (refusal,) = read(f"Title;ISBN\nA;{written}\n")
    assert entry.editions == ()
    assert "set the column's format to text" in refusal.detail


def test_isbn_of_several_forms_are_several_editions() -> None:
    entry = only("Titre;ISBN papier;ISBN numérique;Éditeur\nA;9782070360024;9780306406157;Saule\n")
    assert [(str(one.identifiers[0]), one.form, one.publisher) for one in entry.editions] == [
        ("isbn:9782070360024", "", "Saule"),
        ("isbn:9780306406157", "ebook", "Saule"),
    ]


def test_a_row_with_an_isrc_is_a_recording_of_its_iswc() -> None:
    entry = only("Song;Artist;ISRC;ISWC;Label\nOrme;Zed feat. Luc;FRZ039800212;T-034.524.680-1;Saule\n")
    assert entry.medium is WorkMedium.RECORDING
    assert entry.identifiers == ()
    (edition,) = entry.editions
    assert (edition.form, edition.publisher, str(edition.identifiers[0])) == (
        "recording",
        "Saule",
        "isrc:FRZ039800212",
    )
    assert [(kind, str(other)) for kind, other in edition.relations] == [("recording-of", "iswc:T0345246801")]
    assert [one.name for one in entry.contributors] == ["Zed", "Luc"]


def test_a_row_with_an_iswc_alone_is_a_composition() -> None:
    (song, composition), _ = read(
        "Song;Composer;ISRC;ISWC\nOrme;Zed;FRZ039800212;T-034.524.680-1\nOrme;Zed;;T-034.524.680-1\n"
    )
    assert (song.medium, composition.medium) == (WorkMedium.RECORDING, WorkMedium.MUSIC)
    assert [str(one) for one in composition.identifiers] == ["iswc:T0345246801"]
    assert not any(one.relations for one in composition.editions)


def test_the_kind_that_a_row_says_is_believed() -> None:
    entry = only("Song;Medium;ISRC;ISWC\nOrme;music;FRZ039800212;T-034.524.680-1\n")
    assert entry.medium is WorkMedium.MUSIC
    assert [str(one) for one in entry.identifiers] == ["iswc:T0345246801"]


@pytest.mark.parametrize(
    "header", ["ISBN partition", "ISBN papier", "ISBN epub", "code ISBN", "ISBN13 relié", "N° ISBN-13 broché"]
)
def test_headers_that_speak_of_isbn_are_isbn_where_check_digits_fit(header: str) -> None:
    def field(*values: str) -> str:
        rows = "".join(f"A;{value}\n" for value in values)
        return propose_mapping(table(f"Titre;{header}\n{rows}")).rows()[1][3]

    assert field("9782070360024", "9780306406157") == "isbn"
    assert field("9782070360024", "9780306406158") == "isbn"  # one of two is damaged
    assert field("306406152") == "isbn"  # a lost zero
    known = header in {"ISBN papier", "code ISBN"}
    assert (field("x-12", "x-13") == "isbn") is known


def test_an_issn_is_the_serial_not_the_work() -> None:
    entry = only("Headline,ISSN,URL\nA storm,0317-8471,https://news.example/storm\n")
    (edition,) = entry.editions
    assert [str(one.other) for one in edition.relations] == ["issn:0317-8471"]
    assert [one.scheme for one in edition.identifiers] == ["url"]


def test_the_values_decide_what_a_column_of_numbers_holds() -> None:
    mapping = propose_mapping(table("Title,Code\nA,FRZ039800212\nB,FRZ039800213\n"))
    assert mapping.rows()[1][3:] == ("isrc", "2 of the first 2 values are ISRC")


def test_a_row_without_title_and_number_is_refused() -> None:
    entries, (refusal,) = read("Title,ISBN,Note\n,,x\nB,,\n")
    assert [one.title for one in entries] == ["B"]
    assert (refusal.row, refusal.reason) == (2, "no-title")


# ---- dates and shares


@pytest.mark.parametrize(
    ("written", "order", "meant"),
    [
        ("1998", "", "1998"),
        ("©1998", "", "1998"),
        ("1998.0", "", "1998"),
        ("1998-03", "", "1998-03"),
        ("19980301", "", "1998-03-01"),
        ("25/12/2001", "", "2001-12-25"),
        ("12/25/2001", "", "2001-12-25"),
        ("05/05/2001", "", "2001-05-05"),
        ("03/04/2001", "dmy", "2001-04-03"),
        ("03/04/2001", "mdy", "2001-03-04"),
        ("3.4.2001", "dmy", "2001-04-03"),
        ("1er mars 2004", "", "2004-03-01"),
        ("12 de marzo de 2004", "", "2004-03-12"),
        ("März 2004", "", "2004-03"),
        ("March 12, 2004", "", "2004-03-12"),
        ("12 Dez. 2004", "", "2004-12-12"),
        ("36161", "", "1999-01-01"),
        ("2001-02-03 00:00:00", "", "2001-02-03"),
    ],
)
def test_dates(written: str, order: str, meant: str) -> None:
    assert read_date(written, order)[0] == meant


@pytest.mark.parametrize(
    "written",
    ["03/04/2001", "13/13/2001", "3/4/01", "30/02/2001", "jui 2004", "soon", "99999", "12 mars 3 2004"],
)
def test_dates_that_cannot_be_told_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"is no date|day/month or month/day"):
        read_date(written, "")


def test_the_whole_column_shows_the_order_of_days_and_months() -> None:
    rows = "".join(f"T{n},03/04/2001\n" for n in range(900))
    entries, refusals = read(f"Title,Date\n{rows}Late,25/12/2001\n")
    assert (entries[0].published, refusals) == ("2001-04-03", [])
    _, refusals = read(f"Title,Date\n{rows}")
    assert {one.reason for one in refusals} == {"date"}
    assert 'dates = "dmy"' in refusals[0].detail


def test_a_column_in_both_orders_keeps_what_is_certain() -> None:
    entries, refusals = read("Title,Date\nA,25/12/2001\nB,12/25/2001\nC,03/04/2001\n")
    assert [one.published for one in entries] == ["2001-12-25", "2001-12-25", ""]
    assert [one.row for one in refusals] == [4]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("33,33 %", "33.33"),
        ("33.33%", "33.33"),
        ("50", "50"),
        ("1/4", "25"),
        ("100", "100"),
        ("0,5 %", "0.5"),
    ],
)
def test_shares(written: str, meant: str) -> None:
    assert read_share(written) == Decimal(meant)


@pytest.mark.parametrize("written", ["0.5", "1", "101", "-3", "2/1", "1/0", "half", "1e3", "33,33,3"])
def test_shares_that_cannot_be_told_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"share|fraction|whole"):
        read_share(written)


# ---- people and rights


@pytest.mark.parametrize(
    ("written", "role", "meant"),
    [
        ("Dupont, Jean", "author", ["Jean Dupont"]),
        ("Dupont, Jean; Martin, Zoé", "author", ["Jean Dupont", "Zoé Martin"]),
        ("Jean Dupont & Zoé Martin", "author", ["Jean Dupont", "Zoé Martin"]),
        ("Jean Dupont et Zoé Martin", "author", ["Jean Dupont", "Zoé Martin"]),
        ("Ada Orme, Luc Pré, Zoé Lin", "author", ["Ada Orme", "Luc Pré", "Zoé Lin"]),
        ("Orme & Pré", "performer", ["Orme & Pré"]),
        ("Orme (feat. Zed)", "performer", ["Orme", "Zed"]),
        ("Orme ft. Zed; Luc", "performer", ["Orme", "Zed", "Luc"]),
        ("Orme, the Elder", "performer", ["Orme, the Elder"]),
    ],
)
def test_names(written: str, role: str, meant: list[str]) -> None:
    assert read_names(written, role) == meant


def test_numbers_and_pen_names_go_to_whom_they_belong() -> None:
    entry = only("Title;Author;ISNI;Pseudonyme\nA;Ada Orme;0000000121032683;A. O.\n")
    (one,) = entry.contributors
    assert ([str(number) for number in one.identifiers], one.known_as) == (
        ["isni:0000000121032683"],
        ("A. O.",),
    )


def test_a_number_that_may_belong_to_several_is_refused() -> None:
    (entry,), (refusal,) = read("Title;Author;ISNI\nA;Ada Orme & Luc Pré;0000000121032683\n")
    assert [one.identifiers for one in entry.contributors] == [(), ()]
    assert "1 numbers for 2 names" in refusal.detail


def test_the_rights_of_a_row() -> None:
    entry = only(
        "Title;Owner;Share;Territory;Rights from;Exclusive;Owner basis;Society;Registration number;Effective date;"
        "Licensed to;Licensed uses;Licence end;Opt out from\n"
        "A;Ada; 50;Monde;2001;oui;cession;Société X;TX1;2002-03-04;Modèle SA;training, search;2026;2024-01-01\n"
    )
    owner, mandate, registration, licence, reservation = entry.rights
    assert (owner.party, owner.share, owner.territory, owner.begins) == ("Ada", Decimal(50), "WORLD", "2001")
    assert (owner.exclusive, owner.basis) == (True, "assignment")
    assert (mandate.kind, mandate.party, mandate.grantor) == (RightsKind.MANDATE, "Société X", "Ada")
    assert (registration.number, registration.begins) == ("TX1", "2002-03-04")
    assert (licence.party, licence.uses, licence.ends) == ("Modèle SA", "training search", "2026")
    assert (reservation.begins, reservation.uses) == ("2024-01-01", "tdm")


def test_several_owners_with_their_shares() -> None:
    entry = only("Title|Owner|Share|Owner from\nA|Ada; Luc|33,33 %; 66,67 %|2001\n")
    assert [(one.party, str(one.share), one.begins) for one in entry.rights] == [
        ("Ada", "33.33", "2001"),
        ("Luc", "66.67", "2001"),
    ]


def test_what_is_not_said_stays_unsaid() -> None:
    entry = only("Title;Owner;Exclusive;Author\nA;Ada;;N/A\n")
    assert entry.rights[0].exclusive is None
    assert entry.contributors == ()


def test_the_columns_of_a_works_list_for_the_scan() -> None:
    entry = only("path,title,author,published,licence,work_id\nbooks/a.epub,A,Ada,1998,CC-BY-4.0,w1\n")
    assert (entry.work_id, entry.licence, entry.published) == ("w1", "CC-BY-4.0", "1998")
    assert entry.editions[0].assets[0].path == "books/a.epub"


@pytest.mark.parametrize("path", ["../secret", "a/../../b", "/etc/passwd", "C:\\x.txt", "..\\x"])
def test_a_path_that_leads_out_is_refused(path: str) -> None:
    (entry,), (refusal,) = read(f"path,title\n{path},A\n")
    assert entry.editions == ()
    assert refusal.reason == "outside"


def test_codes_in_four_languages() -> None:
    assert [read_language(text) for text in ("Français", "fre", "pt_BR", "Deutsch", "inglés")] == [
        "fr",
        "fr",
        "pt-BR",
        "de",
        "en",
    ]
    assert [read_country(text) for text in ("France", "UK", "États-Unis", "de")] == ["FR", "GB", "US", "DE"]
    assert read_territory("FR; BE / CH") == "FR BE CH"
    assert read_role("Übersetzer") == "translator"
    assert (read_flag("Oui"), read_flag("nein")) == (True, False)


# ---- size


class _Made(io.RawIOBase):
    """A file of many rows that is made while it is read."""

    def __init__(self, rows: int) -> None:
        self._pieces = self._make(rows)
        self._rest = b""

    def _make(self, rows: int) -> Iterator[bytes]:
        yield b"Title;Author;ISBN;Date\n"
        for start in range(0, rows, 1000):
            yield b"".join(
                b"Title %d;Orme, Ada;9782070360024;%02d/03/2001\n" % (n, n % 28 + 1)
                for n in range(start, min(rows, start + 1000))
            )

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        self._rest = self._rest or next(self._pieces, b"")
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def entries_of(rows: int) -> int:
    """How many entries a table of so many rows gives."""
    head = _Made(rows).read(HEAD_BYTES)
    file = CatalogFile("made.csv", "", head or b"", lambda: io.BufferedReader(_Made(rows)), {})
    return sum(isinstance(one, Entry) for one in IMPORTER.entries(file))


def _peak(rows: int) -> tuple[int, int]:
    """Entries read, and the most bytes held while they were."""
    tracemalloc.start()
    try:
        count = entries_of(rows)
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_rows() -> None:
    _peak(10)  # what is loaded once is loaded
    count, peak = _peak(4_000)
    assert count == 4_000
    assert (
        peak < 12 << 20
    )  # the text of the rows alone has 0.2 MB, the entries of all of them would have 9 MB more
    assert _peak(12_000)[1] < 12 << 20  # 27 MB, if they were all held


@pytest.mark.slow
def test_a_million_rows_in_bounded_memory() -> None:
    """Held against the memory of a short table, each in its own process: what Python itself takes does not count."""
    small, large = (_resident(rows) for rows in (1_000, 1_000_000))
    assert large < small + 32 * 1024


def _resident(rows: int) -> int:
    """The most memory, in KiB, of a process that reads so many rows."""
    code = (
        f"import sys, resource; sys.path[:0] = {sys.path!r}; import test_table_rows as made; "
        f"assert made.entries_of({rows}) == {rows}; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parent, capture_output=True, check=True
    )
    return int(told.stdout)


def test_an_edition_is_made_only_where_something_is_said() -> None:
    assert only("Title,Author\nA,Ada\n").editions == ()
    assert isinstance(only("Title,Publisher\nA,Saule\n").editions[0], Edition)
