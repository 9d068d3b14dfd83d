"""CWR: what is read of a work, and what becomes of files that are damaged or hostile."""

from __future__ import annotations

import io
import tracemalloc
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from countermark.errors import CatalogError
from countermark.works.entry import Entry, RightsKind, WorkMedium
from countermark.works.identifiers import Identifier
from countermark.works.importers.base import CatalogFile
from countermark.works.importers.cwr import IMPORTER
from countermark.works.importers.cwr.territories import COUNTRIES, territory_of
from countermark.works.importers.cwr.transactions import MOST_LINES
from works.importers import cwr_files as cwr
from works.importers.catalog_files import held, imported

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.media import Refusal


def read(text: str | bytes) -> tuple[list[Entry], list[Refusal]]:
    """The entries and refusals of a file."""
    return imported(IMPORTER, held("CW240001QLM_000.V21", text))


def test_a_work_is_read_whole() -> None:
    """Titles, numbers, people, and who holds what where."""
    extra = (
        cwr.record("ALT", 0, 7, (19, "THE RIVERS"), (79, "AT")),
        cwr.record("PER", 0, 8, (19, "HERON"), (64, "IDA")),
        cwr.record(
            "REC",
            0,
            9,
            (19, "20240301"),
            (158, "HERON SOUNDS"),
            (236, "4006381333931"),
            (249, "AA6Q72000047"),
        ),
        cwr.record("ORN", 0, 10, (19, "FIL"), (22, "A SUMMER OF RAIN")),
    )
    entries, refusals = read(cwr.file(cwr.work(0, extra=extra, printed="19990401")))
    assert not refusals
    (entry,) = entries
    assert (entry.title, entry.other_titles, entry.medium) == (
        "RIVERS AT NIGHT",
        ("THE RIVERS",),
        WorkMedium.MUSIC,
    )
    assert (entry.issuer, entry.own_key, entry.part_of) == (
        "QUIET LAKE MUSIC",
        "QL000000",
        "A SUMMER OF RAIN",
    )
    assert entry.identifiers == (Identifier("iswc", "T0345246801"),)
    assert [(one.name, one.role) for one in entry.contributors] == [
        ("ADA WREN", "composer"),
        ("ADA WREN", "lyricist"),
        ("IDA HERON", "performer"),
    ]
    printed, recording = entry.editions
    assert (printed.form, printed.published) == ("score", "1999-04-01")
    assert (recording.form, recording.published, recording.publisher) == (
        "recording",
        "2024-03-01",
        "HERON SOUNDS",
    )
    assert recording.identifiers == (Identifier("isrc", "AA6Q72000047"),)
    assert recording.relations[0].other == Identifier("gtin", "04006381333931")
    assert entry.source.line == 3
    assert entry.source.record == "QL000000"


def test_shares_are_facts_with_territories() -> None:
    """10000 is 100 per cent; equal shares are one fact; exclusions stand in the note."""
    (entry,), _ = read(
        cwr.file(cwr.work(0, version="MOD", copyright_number="PA0001", copyright_date="19980301"))
    )
    registration, performance, others, writer = entry.rights
    assert (registration.kind, registration.number, registration.begins) == (
        RightsKind.REGISTRATION,
        "PA0001",
        "1998-03-01",
    )
    assert (performance.party, performance.uses) == ("QUIET LAKE MUSIC", "performance")
    assert performance.share == 50
    assert (others.share, others.uses, others.basis) == (
        Decimal(100),
        "reproduction synchronisation",
        "assignment",
    )
    assert (others.territory, others.grantor) == ("WORLD", "ADA WREN")
    assert others.note == "a modified version of another work; except US"
    assert others.party_identifiers == (Identifier("ipi", "00014107338"),)
    assert (writer.party, writer.territory, writer.basis) == ("ADA WREN", "FR", "authorship")
    assert writer.share == 50


def test_uncontrolled_parties_and_administrators_are_told_apart() -> None:
    """OPU and OWR are kept with a note; an administrator without a share holds a mandate."""
    extra = (
        cwr.record("OPU", 0, 7, (19, "02"), (30, "ELSEWHERE EDITIONS"), (76, "E "), (115, "02500")),
        cwr.record("OWR", 0, 8, (28, "FINCH"), (104, "A "), (129, "02500")),
        cwr.record("OWR", 0, 9, (103, "Y"), (104, "A ")),
        cwr.record("SPU", 0, 10, (19, "01"), (21, "P2"), (30, "LAKE RIGHTS"), (76, "AM"), (115, "00000")),
    )
    (entry,), refusals = read(cwr.file(cwr.work(0, extra=extra)))
    assert not refusals
    by_name = {fact.party: fact for fact in entry.rights}
    assert by_name["ELSEWHERE EDITIONS"].note == "not controlled by the sender"
    assert by_name["FINCH"].share == 25
    assert by_name["LAKE RIGHTS"].kind is RightsKind.MANDATE
    assert by_name["LAKE RIGHTS"].share is None


def test_fields_that_cannot_be_right_are_refused_and_the_work_is_kept() -> None:
    """Each with its line, its record and its field."""
    extra = (
        cwr.record("REC", 0, 7, (19, "20241301"), (249, "AA6Q7200004X")),
        cwr.record("OWR", 0, 8, (28, "FINCH"), (104, "ZZ"), (115, "00014107339"), (129, "10001")),
    )
    (entry,), refusals = read(cwr.file(cwr.work(0, iswc="T0345246802", extra=extra)))
    assert [refusal.reason for refusal in refusals] == [
        "identifier", "identifier", "share", "role", "identifier", "date",
    ]  # fmt: skip
    assert not entry.identifiers
    assert refusals[0].row == 3
    assert (
        "line 3, record QL000000, NWR ISWC: 'T0345246802' is no ISWC: its check digit is 2"
        in refusals[0].detail
    )
    assert "OWR performance share: '10001' is no share; accepted are 00000 to 10000" in refusals[2].detail


def test_records_that_are_not_read_are_counted_once_for_the_file() -> None:
    """By type, the most frequent first; one that CWR does not have is quoted."""
    extra = (
        cwr.record("VER", 0, 7, (19, "AN OLDER SONG")),
        cwr.record("NPN", 0, 8, (19, "W1")),
        cwr.record("NPN", 0, 9, (19, "W1")),
        cwr.record("Z\x07Z", 0, 10),
    )
    entries, refusals = read(cwr.file(cwr.work(0, extra=extra), cwr.work(1, extra=extra[:2])))
    assert len(entries) == 2
    assert [(refusal.reason, refusal.row) for refusal in refusals] == [("not-read", 0)]
    assert refusals[0].detail.endswith(
        "6 records hold nothing that a catalog needs, or are not read: NPN 3, VER 2, 'Z\\x07Z' 1"
    )


def test_a_work_without_title_is_refused() -> None:
    """And the next one is read."""
    entries, refusals = read(cwr.file(cwr.work(0, title=""), cwr.work(1)))
    assert [entry.own_key for entry in entries] == ["QL000001"]
    assert [refusal.reason for refusal in refusals] == ["missing"]


def test_counts_of_the_trailers_are_checked() -> None:
    """A file that promises more than it holds."""
    entries, refusals = read(cwr.file(cwr.work(0), counts=(2, 10)))
    assert len(entries) == 1
    assert [refusal.reason for refusal in refusals] == ["count"] * 4
    assert "the trailer says 00000002, and the group holds 1 transactions" in refusals[0].detail


def test_acknowledgements_are_read_and_agreements_refused() -> None:
    """The echo of a registration is the registration; an agreement is no work."""
    acknowledged = [cwr.record("ACK", 0, 0, (19, "20240102120000")), *cwr.work(0)]
    entries, refusals = read(cwr.file(acknowledged, group="ACK"))
    assert [entry.own_key for entry in entries] == ["QL000000"]
    assert not refusals
    entries, refusals = read(cwr.file([cwr.record("AGR", 0, 0)], group="AGR"))
    assert not entries
    assert [refusal.reason for refusal in refusals] == ["agreement"]


@pytest.mark.parametrize("kept", [0.55, 0.8, 0.95])
def test_of_a_truncated_file_what_is_whole_is_kept(kept: float) -> None:
    """Works that are followed by another one; the last is refused."""
    whole = cwr.file(cwr.work(0), cwr.work(1), cwr.work(2))
    entries, refusals = read(whole[: int(len(whole) * kept)])
    assert len(entries) in {1, 2}
    assert refusals[-1].reason == "truncated"
    assert refusals[-1].detail.endswith("the file ends without its trailer (TRL)")
    assert refusals[-2].reason == "truncated"


def test_encodings() -> None:
    """Latin letters in what calls itself ASCII; UTF-8 where the header says so; a wrong byte refuses its work."""
    latin = cwr.file(cwr.work(0, title="FORÊT")).encode("latin-1")
    (entry,), _ = read(latin)
    assert entry.title == "FORÊT"
    utf8 = cwr.file(cwr.work(0, title="ŒUVRE"), head=cwr.header("UTF-8", "2.2"))
    (entry,), refusals = read(utf8)
    assert entry.title == "ŒUVRE"
    assert entry.own_key == "QL000000"
    assert not refusals
    wrong = cwr.file(cwr.work(0, title="FORÊT"), cwr.work(1), head=cwr.header("UTF-8")).encode("latin-1")
    entries, refusals = read(wrong)
    assert "encoding" in {refusal.reason for refusal in refusals}
    assert [entry.own_key for entry in entries] == ["QL000001"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (cwr.file(head=cwr.header("KLINGON")), "'KLINGON' is not known; accepted are ASCII, UTF-8"),
        (cwr.file(head=cwr.header(version="3.0")), "this is CWR 3.0; accepted are CWR 2.1 and 2.2"),
        ("HDRPB000000199SOMEBODY\r\nGRHNWR", "no header of CWR 2"),
    ],
)
def test_foreign_headers_are_refused_at_once(text: str, said: str) -> None:
    """Before anything is read."""
    file = held("x.V21", text)
    assert IMPORTER.recognises(file)
    with pytest.raises(CatalogError, match=said):
        list(IMPORTER.entries(file))


@pytest.mark.parametrize("data", [b"", b"HDR", b"<?xml version='1.0'?>", b"\0" * 500, b"HDRPB"])
def test_other_files_are_not_recognised(data: bytes) -> None:
    """Nor do they raise."""
    assert not IMPORTER.recognises(held("x.V21", data))


def test_a_huge_line_harms_its_own_work_only() -> None:
    """It is not held in memory."""
    long = cwr.work(0)
    long[1] += "X" * 5_000_000
    entries, refusals = read(cwr.file(long, cwr.work(1)))
    assert [entry.own_key for entry in entries] == ["QL000001"]
    assert [refusal.reason for refusal in refusals] == ["too-long"]
    assert (
        "line 4, record QL000000: the line has more than 4,096 bytes; the work is left out"
        in refusals[0].detail
    )


def test_a_work_of_too_many_lines_is_refused() -> None:
    """Twenty thousand lines are no work."""
    many = cwr.work(0) + [cwr.record("ALT", 0, 9, (19, "X"))] * MOST_LINES
    entries, refusals = read(cwr.file(many, cwr.work(1)))
    assert len(entries) == 1
    assert [refusal.reason for refusal in refusals] == ["too-large"]


def test_stray_records_are_refused() -> None:
    """Before the first work, and after the end."""
    text = cwr.file([cwr.record("ALT", 0, 0, (19, "LOST"))], counts=(0, 3)) + "ALT0000000000000000X\r\n"
    entries, refusals = read(text)
    assert not entries
    assert [refusal.reason for refusal in refusals] == ["no-work", "after-end"]


def test_territories() -> None:
    """World, countries, groups and exclusions."""
    assert len(COUNTRIES) == 249
    assert territory_of([("I", "0250"), ("I", "0056")]) == ("FR BE", "")
    assert territory_of([("I", "2136"), ("E", "0840"), ("E", "2120")]) == ("WORLD", "except US, TIS 2120")
    assert territory_of([("I", "2120"), ("E", "0250")]) == ("", "in TIS 2120; except FR")
    assert territory_of([("I", "0250"), ("I", "2120")]) == ("FR", "also in TIS 2120")
    assert territory_of([]) == ("", "")


class _Generated(io.RawIOBase):
    """A stream of lines that never stands in memory as a whole."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self._rest = iter(lines), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = (next(self._lines, "") + "").encode()
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def _many(works: int) -> Iterator[str]:
    yield f"{cwr.header()}\r\nGRHNWR0000102.100000000000\r\n"
    for at in range(works):
        yield "".join(f"{line}\r\n" for line in cwr.work(at))
    yield f"GRT00001{works:08d}{works * 7 + 2:08d}\r\nTRL00001{works:08d}{works * 7 + 4:08d}\r\n"


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file() -> None:
    """A hundred thousand lines in less than four megabytes."""
    works = 15_000
    stream = io.BufferedReader(_Generated(_many(works)))
    file = CatalogFile("big.V21", "", b"", lambda: stream)
    tracemalloc.start()
    kept = sum(isinstance(item, Entry) for item in IMPORTER.entries(file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept == works
    assert peak < 4 << 20
