"""A link run: its folder, resuming, workers, controls, what is refused, and what is counted."""

from __future__ import annotations

import json
import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from countermark.errors import InputError, RunError
from countermark.findings import SCHEMA, read_findings
from countermark.linkage import LinkSettings, conclude, plan_link, run_link
from countermark.linkage.shapes import propose
from countermark.probability.binomial import clopper_pearson
from countermark.scan.runlog import read_events, verify
from countermark.scan.runners.base import Stop
from countermark.works.identifiers import Identifier
from linkage.linked import book, contents, link, recording, write_csv, write_listing

if TYPE_CHECKING:
    from countermark.linkage.settings import LinkProgress

WORKS = [
    recording("r1", "Quiet Rivers", "Clara Lindqvist"),
    recording("r2", "Hollow Bells", "Maren Solberg", identifiers=(Identifier("youtube", "dQw4w9WgXcQ"),)),
    recording("r3", "Nowhere To Be Found", "Tomas Berg"),
]
ROWS = [
    ("aaaaaaaaaa1", "Quiet Rivers", ["Clara Lindqvist"]),
    ("aaaaaaaaaa2", "Quiet Rivers (Remastered 2011)", ["Clara Lindqvist", "Tomas Berg"]),
    ("aaaaaaaaaa3", "Quiet Rivers", ["Somebody Else"]),
    ("dQw4w9WgXcQ", "Hollow Bells", ["Maren Solberg"]),
    ("aaaaaaaaaa5", "Another Thing", ["Nobody Known"]),
]


def test_a_run_folder_holds_what_the_contract_says(tmp_path: Path) -> None:
    """Findings, receipts, log, tables and summary agree with each other."""
    listing = write_listing(tmp_path / "listing.parquet", ROWS)
    outcome, summary = link(tmp_path / "run", WORKS, listing, name="Songs", snapshot_date=date(2024, 11, 15))
    assert (outcome.rows, outcome.findings, outcome.shape) == (5, 3, "LAION-DISCO-12M")
    run = json.loads((tmp_path / "run/run.json").read_text())
    assert (run["kind"], run["corpus"], run["snapshot_date"]) == ("link", "Songs", "2024-11-15")
    findings = [
        row
        for path in (tmp_path / "run/findings").glob("*.parquet")
        for row in read_findings(path).to_pylist()
    ]
    assert {(row["work_id"], row["grade"], row["unit"], row["method"]) for row in findings} == {
        ("r1", "name", "row", "title+name"),
        ("r2", "identifier", "row", "youtube:dQw4w9WgXcQ"),
    }
    assert len(SCHEMA.names) == len(findings[0])
    assert verify(tmp_path / "run/runlog.jsonl").finished
    assert summary["format"] == "countermark.links/1"
    assert summary["works"] == {"total": 3, "by_status": {"identifier": 1, "name": 1, "not-found": 1}}
    attempts = (tmp_path / "attempts.jsonl").read_text().splitlines()
    assert [json.loads(line)["event"] for line in attempts] == ["begin", "finish"]


def test_each_name_tells_how_many_others_share_it(tmp_path: Path) -> None:
    """Other rows of the same name, rows of the same title, works of the same name."""
    listing = write_listing(tmp_path / "listing.parquet", ROWS)
    works = [*WORKS, recording("r4", "Quiet Rivers", "Clara Lindqvist")]
    link(tmp_path / "run", works, listing)
    rows = pq.read_table(tmp_path / "run/links.parquet").to_pylist()
    named = [row for row in rows if row["grade"] == "name" and row["work_id"] == "r1"]
    assert [row["same_name_rows"] for row in named] == [1, 1]
    assert [row["same_title_rows"] for row in named] == [2, 2]
    assert all(row["same_name_works"] == 2 and row["ambiguous"] for row in named)
    statuses = pq.read_table(tmp_path / "run/works.parquet").to_pylist()
    assert {row["work_id"]: row["status"] for row in statuses} == {
        "r1": "name", "r2": "identifier", "r3": "not-found", "r4": "name",
    }  # fmt: skip


def test_a_row_found_by_identifier_is_no_other_row_of_itself(tmp_path: Path) -> None:
    """Neither for its title nor for its name; of other rows it is one."""
    work = book("w", "Le Sel", "Ada Nil", identifiers=(Identifier("isbn", "9782000000006"),))
    listing = write_csv(
        tmp_path / "l.csv",
        [
            ["title", "author", "isbn"],
            ["Le Sel", "Ada Nil", "9782000000006"],
            ["Le sel", "Nil, Ada", ""],
            ["Le Sel", "Somebody Else", ""],
            ["Something", "Nobody", "2-00-000000-2"],
        ],
    )
    link(tmp_path / "run", [work], listing)
    rows = pq.read_table(tmp_path / "run/links.parquet").sort_by("row").to_pylist()
    told = [(row["row"], row["grade"], row["same_name_rows"], row["same_title_rows"]) for row in rows]
    assert told == [(0, "identifier", 1, 2), (1, "name", 1, 2), (3, "identifier", 2, 3)]


def test_one_worker_and_two_give_the_same_bytes(tmp_path: Path) -> None:
    """Nor does it matter in which order shards end."""
    for number in range(4):
        write_listing(tmp_path / f"listing/part-{number}.parquet", ROWS)
    link(tmp_path / "one", WORKS, tmp_path / "listing", workers=1)
    link(tmp_path / "two", WORKS, tmp_path / "listing", workers=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_stopped_run_goes_on_and_gives_the_same_bytes(tmp_path: Path) -> None:
    """What a killed run left half written is made anew, what was done stays."""
    for number in range(3):
        write_listing(tmp_path / f"listing/part-{number}.parquet", ROWS)
    settings = LinkSettings((tmp_path / "listing",), tmp_path / "run", workers=1)
    stop = Stop()

    def stop_after_one(progress: LinkProgress) -> None:
        stop.requested = stop.requested or progress.shards >= 1

    first = run_link(settings, WORKS, progress=stop_after_one, stop=stop)
    assert first.interrupted
    assert not first.complete
    (tmp_path / "run/links/.abc.parquet.4242.tmp").write_bytes(b"half")
    done = sorted((tmp_path / "run/links").glob("*.parquet"))
    done[0].write_bytes(b"damaged")
    outcome, _ = link(tmp_path / "run", WORKS, tmp_path / "listing")
    assert outcome.complete
    link(tmp_path / "whole", WORKS, tmp_path / "listing")
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


def test_other_settings_need_another_folder(tmp_path: Path) -> None:
    """A run folder belongs to one catalog and one mapping."""
    listing = write_listing(tmp_path / "listing.parquet", ROWS)
    link(tmp_path / "run", WORKS, listing)
    before = contents(tmp_path / "run")
    with pytest.raises(RunError, match="made with other settings"):
        link(tmp_path / "run", WORKS[:1], listing)
    assert contents(tmp_path / "run") == before


def test_controls_are_counted_as_false_alarms(tmp_path: Path) -> None:
    """A control that is found is an error, and so is a work published after the snapshot."""
    listing = write_listing(tmp_path / "listing.parquet", ROWS)
    later = book("late", "Another Thing", "Nobody Known", published="2025-01-01")
    controls = [
        recording("c1", "Quiet Rivers", "Clara Lindqvist"),
        recording("c2", "Never There", "Maren Solberg"),
    ]
    _, summary = link(
        tmp_path / "run", [*WORKS, later], listing, controls=controls, snapshot_date=date(2024, 11, 15)
    )
    assert (summary["controls"]["works"], summary["controls"]["false_alarms"]) == (3, 2)
    assert summary["controls"]["upper"] == clopper_pearson(2, 3)[1]
    assert summary["works"]["total"] == 3


def test_csv_and_json_lines_are_read_alike(tmp_path: Path) -> None:
    """A list of authors, a semicolon, and a compressed file."""
    works = [
        book("b1", "The Lantern Keepers", "Joanne Rowan", identifiers=(Identifier("isbn", "9782070360024"),))
    ]
    header = ["Title", "Author", "Publisher", "Year", "Identifier", "MD5", "Language", "Extension"]
    rows = [header, ["Lantern Keepers", "Rowan, Joanne", "X", "1999", "", "m1", "en", "epub"],
            ["Else", "Else", "X", "", "2-07-036002-4,9782070360024", "m2", "en", "pdf"]]  # fmt: skip
    write_csv(tmp_path / "books.csv", rows)
    lines = [json.dumps(dict(zip(header, row, strict=True))) for row in rows[1:]]
    (tmp_path / "books.jsonl").write_text("\n".join(lines) + "\n")
    for number, name in enumerate(("books.csv", "books.jsonl")):
        outcome, summary = link(tmp_path / f"run{number}", works, tmp_path / name)
        assert outcome.shape == "LibGen"
        assert summary["findings"]["by_grade"] == {"identifier": 1, "name": 1}


def test_addresses_are_found_and_hosts_counted(tmp_path: Path) -> None:
    """A listing of addresses: pages by identifier, hosts as a count."""
    work = book(
        "w1", "An Essay", "Joanne Rowan", identifiers=(Identifier("url", "https://www.example.org/essay"),)
    )
    rows = [
        ["URL", "TEXT"],
        ["http://example.org/essay/", "a"],
        ["https://example.org/other", "b"],
        ["https://x.org", "c"],
    ]
    outcome, summary = link(tmp_path / "run", [work], write_csv(tmp_path / "laion.csv", rows))
    assert (outcome.shape, outcome.findings, summary["hosts"]) == ("LAION", 1, {"example.org": 2})


def test_bad_rows_are_refused_with_their_place(tmp_path: Path) -> None:
    """Nothing is lost in silence."""
    path = tmp_path / "bad.jsonl"
    good = json.dumps({"title": "Quiet Rivers", "artist": "Clara Lindqvist"}).encode()
    path.write_bytes(good + b"\n{broken\n[1]\n" + b'{"title": "\xff\xfe", "artist": 7}\n' + good)
    outcome, summary = link(tmp_path / "run", WORKS, path)
    assert (outcome.rows, outcome.findings, outcome.refused) == (3, 2, 2)
    refused = summary["searched"]["refused"]
    assert {reason: entry["examples"][0]["row"] for reason, entry in refused.items()} == {
        "bad-json": 1,
        "not-an-object": 2,
    }


def test_truncated_files_are_refused(tmp_path: Path) -> None:
    """A cut Parquet file is named; the other files are read."""
    write_listing(tmp_path / "listing/a.parquet", ROWS)
    data = (tmp_path / "listing/a.parquet").read_bytes()
    (tmp_path / "listing/b.parquet").write_bytes(data[: len(data) // 2])
    (tmp_path / "listing/notes.txt").write_text("no listing")
    outcome, summary = link(tmp_path / "run", WORKS, tmp_path / "listing")
    assert outcome.rows == 5
    assert set(summary["searched"]["refused"]) == {"unreadable", "no-listing"}


@pytest.mark.parametrize(
    ("rows", "maps", "said"),
    [
        ([["a", "b"], ["1", "2"]], (), "no column is known as title and name"),
        (
            [["title", "b"], ["1", "2"]],
            ("title=b", "name=nope"),
            "there is no column 'nope'; the columns are: title, b",
        ),
        ([["title", "b"], ["1", "2"]], ("colour=b",), "the roles are title, name"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_told(
    tmp_path: Path, rows: list[list[str]], maps: tuple[str, ...], said: str
) -> None:
    """What is wrong, and what is accepted."""
    listing = write_csv(tmp_path / "listing.csv", rows)
    with pytest.raises(InputError, match=said):
        plan_link(LinkSettings((listing,), tmp_path / "run", maps=maps))


def test_a_plan_shows_mapping_and_rows_and_writes_nothing(tmp_path: Path) -> None:
    """The first rows as they are read."""
    listing = write_csv(tmp_path / "l.csv", [["Titel", "Autor", "x"], ["Der Fluss", "Anna Berg", "1"]])
    plan = plan_link(LinkSettings((listing,), tmp_path / "run", maps=("title=titel", "name=Autor")))
    assert plan.sample == ({"title": "Der Fluss", "name": "Anna Berg"},)
    assert plan.shape.mapping == (("title", "Titel"), ("name", "Autor"))
    assert not (tmp_path / "run").exists()


def test_concluding_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """The tables follow from the files of the shards alone."""
    listing = write_listing(tmp_path / "listing.parquet", ROWS)
    link(tmp_path / "run", WORKS, listing)
    before = contents(tmp_path / "run")
    for name in ("links.parquet", "works.parquet", "summary.json"):
        (tmp_path / "run" / name).unlink()
    conclude(tmp_path / "run", clopper_pearson)
    assert contents(tmp_path / "run") == before
    shutil.rmtree(tmp_path / "run/counts")
    with pytest.raises(RunError, match="give the command again"):
        conclude(tmp_path / "run", clopper_pearson)


def test_identifiers_are_mapped_beside_a_known_shape() -> None:
    """Whatever the shape names, columns that are called like an identifier are read too, each of them."""
    disco = [
        "song_id",
        "title",
        "artist_names",
        "album_name",
        "isrc",
        "external_ids.ISWC",
        "ISBN-13",
        "isbn10",
    ]
    shape = propose(disco)
    assert shape.name == "LAION-DISCO-12M"
    assert shape.mapping == (
        ("title", "title"), ("name", "artist_names"), ("youtube", "song_id"), ("isrc", "isrc"),
        ("iswc", "external_ids.ISWC"), ("isbn", "ISBN-13"), ("isbn", "isbn10"),
    )  # fmt: skip
    assert propose(["Parent ASIN", "Title", "Author", "isbn_13", "DOI"]).mapping == (
        ("asin", "Parent ASIN"), ("isbn", "isbn_13"), ("doi", "DOI"), ("title", "Title"), ("name", "Author"),
    )  # fmt: skip
    assert "isbn" not in dict(propose(["title", "author", "isbn_count"]).mapping)


def test_the_log_of_attempts_may_stand_elsewhere(tmp_path: Path) -> None:
    """As for a scan; the run's own log names the line that began it."""
    listing = write_csv(tmp_path / "l.csv", [["title", "author"], ["Estran", "Anna Berg"]])
    log = tmp_path / "logs" / "all.jsonl"
    for _ in range(2):
        link(tmp_path / "run", [book("w", "Estran", "Anna Berg")], listing, attempts=log)
    assert not (tmp_path / "attempts.jsonl").exists()
    told = [(event["event"], event["run"]) for event in read_events(log)]
    assert told == [("begin", "run"), ("finish", "run")] * 2
    begun = [sha256(line).hexdigest() for line in log.read_bytes().splitlines(keepends=True)][::2]
    starts = [event for event in read_events(tmp_path / "run/runlog.jsonl") if event["event"] == "start"]
    assert [(event["attempt"], event["attempts_head"]) for event in starts] == list(enumerate(begun, 1))
