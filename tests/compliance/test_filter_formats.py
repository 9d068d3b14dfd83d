"""Filtering each format: what is planted goes, what is kept is as it was, and the counts add up."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from compliance.planted_corpus import (
    PASSED,
    PLANTED,
    ROWS,
    pack,
    response,
    write_jsonl,
    write_parquet,
    write_robots,
    write_warc,
)
from countermark.captures.at_capture import COLUMNS, Made, at_capture
from countermark.captures.judging import CaptureJudge
from countermark.captures.outputs import open_output
from countermark.compliance.run import FilterOutcome, run_filter
from countermark.compliance.settings import Asking, FilterSettings, Naming
from countermark.corpus.listing import list_shards
from countermark.errors import InputError, RunError
from countermark.media import Refusal
from countermark.reservations.use import Use

if TYPE_CHECKING:
    from countermark.compliance.receipts import Receipt

UNPACK: dict[str, Any] = {
    ".gz": gzip.decompress,
    ".zst": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}


def run(place: Path, *corpus: Path, out: str = "kept", **more: Any) -> FilterOutcome:
    """Filter some files with the planted robots.txt; `asking` as given, or for training."""
    asking = more.pop("asking", None) or Asking(robots=(write_robots(place / "robots.warc.gz"),))
    (place / f"{out}-proof").mkdir(exist_ok=True)
    return run_filter(FilterSettings(corpus, place / out, removed_of(place, out), asking, **more))


def removed_of(place: Path, out: str) -> Path:
    """Each run has its table and its proof in a folder of their own."""
    return place / f"{out}-proof" / f"{out}.parquet"


def only(outcome: FilterOutcome) -> Receipt:
    """The one receipt, whose counts add up."""
    (receipt,) = outcome.receipts
    assert receipt.read == receipt.kept + receipt.removed
    return receipt


def table(place: Path, out: str = "kept") -> list[dict[str, Any]]:
    """The rows of the table of removed records."""
    rows: list[dict[str, Any]] = pq.read_table(removed_of(place, out)).to_pylist()
    return rows


def content(path: Path) -> bytes:
    """The bytes of a file, decompressed as its name says."""
    data: bytes = UNPACK.get(path.suffix, bytes)(path.read_bytes())
    return data


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_warc_records_go_by_what_they_and_their_sites_say(tmp_path: Path, name: str) -> None:
    """Kept records have the bytes that they had; requests stay; metadata goes with its page."""
    path = write_warc(tmp_path / name, [record for record, _ in PLANTED])
    receipt = only(run(tmp_path, path))
    gone = [number for number, (_, goes) in enumerate(PLANTED) if goes]
    assert (receipt.read, receipt.removed, receipt.passed) == (len(PLANTED) - PASSED, len(gone), PASSED)
    assert content(tmp_path / "kept" / name) == b"".join(record for record, goes in PLANTED if not goes)
    rows = table(tmp_path)
    assert [row["row"] for row in rows] == gone
    assert [row["protocol"] or row["reason"] for row in rows] == [
        "noai", "tdmrep", "tdmrep", "robots", "follows", "content-signals", "robots",
    ]  # fmt: skip
    assert rows[1]["raw"] == '<meta name="tdm-reservation" content="1">'
    assert rows[3]["where"] == "https://closed.example.org/robots.txt:2 of 2024-05-17T09:00:00Z"
    begins = [path.read_bytes()[row["offset"] :][:4] for row in rows]
    assert set(begins) == {b"WARC" if name.endswith("c") else b"\x1f\x8b\x08\x08"[:3] + begins[0][3:]}


def test_each_agent_has_its_own_robots(tmp_path: Path) -> None:
    """What is closed to CCBot goes for CCBot only."""
    path = write_warc(tmp_path / "a.warc", [record for record, _ in PLANTED])
    asking = Asking(agent="CCBot", robots=(write_robots(tmp_path / "robots.warc.gz"),))
    run(tmp_path, path, asking=asking)
    assert "https://part.example.org/private/x" in {row["url"] for row in table(tmp_path)}


@pytest.mark.parametrize("name", ["r.jsonl", "r.jsonl.gz", "r.jsonl.zst"])
def test_lines_are_kept_byte_for_byte(tmp_path: Path, name: str) -> None:
    """Blank lines, odd spacing and a missing last newline stay."""
    lines = [json.dumps(row, ensure_ascii=False).encode() for row, _ in ROWS]
    lines[0] = b' {"url" :  "https://open.example.org/" }  '
    path = pack(tmp_path / name, b"\n".join([lines[0], b"", *lines[1:]]))
    receipt = only(run(tmp_path, path))
    assert (receipt.read, receipt.removed) == (len(ROWS), 2)
    kept = [line for line, (_, goes) in zip(lines, ROWS, strict=True) if not goes]
    assert content(tmp_path / "kept" / name) == b"\n".join([kept[0], b"", *kept[1:]])
    assert [(row["row"], row["record_id"]) for row in table(tmp_path)] == [(2, "b"), (3, "c")]


@pytest.mark.parametrize("codec", ["zstd", "snappy", "gzip", "none"])
def test_parquet_keeps_schema_and_codec(tmp_path: Path, codec: str) -> None:
    """Rows go, everything else of the file stays, row groups included."""
    path = write_parquet(
        tmp_path / "p.parquet", [row for row, _ in ROWS], compression=codec, row_group_size=3
    )
    receipt = only(run(tmp_path, path))
    assert (receipt.read, receipt.kept, receipt.without_url, receipt.undated) == (7, 5, 1, 2)
    before, after = pq.ParquetFile(path), pq.ParquetFile(tmp_path / "kept" / "p.parquet")
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    assert (
        after.metadata.row_group(0).column(0).compression
        == before.metadata.row_group(0).column(0).compression
    )
    assert after.read().to_pylist() == [row for row, goes in ROWS if not goes]
    assert after.metadata.num_row_groups == 3


def test_unknown_can_be_dropped(tmp_path: Path) -> None:
    """For the careful, silence is not enough to stay."""
    path = write_jsonl(tmp_path / "r.jsonl", [row for row, _ in ROWS])
    receipt = only(run(tmp_path, path, keep_unknown=False))
    assert (receipt.kept, receipt.removed, receipt.unknown) == (0, 7, 5)
    assert {row["reason"] for row in table(tmp_path)} == {"reserved", "unknown"}


def test_conditional_is_dropped_unless_kept(tmp_path: Path) -> None:
    """Reserved with a way to a licence is reserved, unless the user has that licence."""
    head = b"TDM-Reservation: 1\r\nTDM-Policy: https://open.example.org/policy.json\r\n"
    path = write_warc(tmp_path / "a.warc", [response("https://open.example.org/", number=1, head=head)])
    assert only(run(tmp_path, path)).removed == 1
    (row,) = table(tmp_path)
    assert (row["answer"], row["terms"]) == ("conditional", "https://open.example.org/policy.json")
    assert only(run(tmp_path, path, out="more", keep_conditional=True)).removed == 0


def test_any_of_several_uses_makes_a_record_go(tmp_path: Path) -> None:
    """A page that reserves training is not kept for search and training."""
    path = write_warc(
        tmp_path / "a.warc", [response("https://x.example.org/", number=1, head=b"X-Robots-Tag: noai\r\n")]
    )
    assert only(run(tmp_path, path, asking=Asking(uses=(Use.SEARCH,)))).removed == 0
    assert only(run(tmp_path, path, out="b", asking=Asking(uses=(Use.TRAIN, Use.SEARCH)))).removed == 1


def test_marking_removes_nothing_that_can_be_read(tmp_path: Path) -> None:
    """Every record carries its answer; what would have gone is listed."""
    corpus = tmp_path / "c"
    corpus.mkdir()
    write_jsonl(corpus / "r.jsonl", [row for row, _ in ROWS])
    write_parquet(corpus / "p.parquet", [row for row, _ in ROWS])
    write_warc(corpus / "a.warc.gz", [record for record, _ in PLANTED])
    outcome = run(tmp_path, corpus, mark=True)
    assert (outcome.total("removed"), outcome.total("marked")) == (0, 2 + 2 + 7)
    lines = [json.loads(line) for line in (tmp_path / "kept" / "r.jsonl").read_bytes().splitlines()]
    rows = pq.read_table(tmp_path / "kept" / "p.parquet").to_pylist()
    expected = ["unknown", "reserved", "reserved", *["unknown"] * 4]
    assert [line.pop("reservation") for line in lines] == [row.pop("reservation") for row in rows] == expected
    assert lines == rows == [row for row, _ in ROWS]
    archive = gzip.decompress((tmp_path / "kept" / "a.warc.gz").read_bytes())
    assert archive.count(b"\r\nWARC-Reservation: reserved\r\n") == 7
    assert archive.replace(b"WARC-Reservation: reserved\r\n", b"").replace(
        b"WARC-Reservation: unknown\r\n", b""
    ).replace(b"WARC-Reservation: allowed\r\n", b"") == b"".join(record for record, _ in PLANTED)
    assert {row["action"] for row in table(tmp_path)} == {"marked"}


def test_a_mark_is_never_written_over_another(tmp_path: Path) -> None:
    """A field or column of that name is an error with its place."""
    path = write_jsonl(tmp_path / "r.jsonl", [{"url": None}, {"reservation": "mine"}])
    with pytest.raises(InputError, match=r"r\.jsonl: line 2: has a field “reservation” already"):
        run(tmp_path, path, mark=True)
    pq.write_table(pa.table({"url": ["x"], "reservation": ["mine"]}), tmp_path / "p.parquet")
    with pytest.raises(InputError, match="has a column “reservation” already"):
        run(tmp_path, tmp_path / "p.parquet", out="more", mark=True)
    assert not list((tmp_path / "kept").glob("*.jsonl"))


def test_headers_of_a_column_are_read(tmp_path: Path) -> None:
    """As a JSON text, as a map, and as lines; what is none of these is a doubt, and never `allowed`."""
    rows: list[dict[str, Any]] = [
        {"url": "https://x.example.org/1", "headers": '{"X-Robots-Tag": "noai"}'},
        {"url": "https://x.example.org/2", "headers": {"TDM-Reservation": ["1"]}},
        {"url": "https://x.example.org/3", "headers": "HTTP/1.1 200 OK\r\nX-Robots-Tag: noai\r\n"},
        {"url": "https://x.example.org/4", "headers": "{broken"},
        {"url": "https://x.example.org/5", "headers": None},
    ]
    path = write_jsonl(tmp_path / "r.jsonl", rows)
    receipt = only(run(tmp_path, path, asking=Asking(naming=Naming(headers="headers"))))
    assert (receipt.removed, receipt.doubtful) == (3, 1)
    columns = pa.table(
        {
            "url": ["https://x.example.org/1", "https://x.example.org/2"],
            "headers": pa.array([[("X-Robots-Tag", "noai")], None], pa.map_(pa.string(), pa.string())),
        }
    )
    pq.write_table(columns, tmp_path / "p.parquet")
    asking = Asking(naming=Naming(headers="headers"))
    assert only(run(tmp_path, tmp_path / "p.parquet", out="more", asking=asking)).removed == 1


def test_a_table_of_verdicts_is_joined_by_address_and_date(tmp_path: Path) -> None:
    """The verdict of that second, or of that day; another day's does not count."""
    warc = write_warc(tmp_path / "a.warc", [record for record, _ in PLANTED])
    (shard,) = list_shards([warc])
    assert not isinstance(shard, Refusal)
    with open_output(tmp_path / "verdicts.parquet", Made("*", 30)) as sink:
        for batch in at_capture(shard, CaptureJudge()):
            sink.add(batch)
    assert set(pq.read_schema(tmp_path / "verdicts.parquet").names) == set(COLUMNS)
    rows = [
        {"url": "https://open.example.org/h", "date": "2024-05-18T10:00:00Z"},
        {"url": "https://open.example.org/t", "date": "2024-05-18"},
        {"url": "https://open.example.org/m", "date": "20240519100000"},
        {"url": "https://open.example.org/", "date": "2024-05-18"},
    ]
    path = write_jsonl(tmp_path / "r.jsonl", rows)
    asking = Asking(verdicts=(tmp_path / "verdicts.parquet",))
    assert only(run(tmp_path, path, asking=asking)).removed == 2
    assert [(row["url"][-1], row["protocol"], row["technique"]) for row in table(tmp_path)] == [
        ("h", "noai", "verdicts"),
        ("t", "tdmrep", "verdicts"),
    ]
    with pytest.raises(
        InputError, match=r"verdicts are for an agent that no rule names \(\*\), and asked is CCBot"
    ):
        run(tmp_path, path, out="more", asking=replace(asking, agent="CCBot"))
    nameless = pq.read_table(tmp_path / "verdicts.parquet").replace_schema_metadata({})
    pq.write_table(nameless, tmp_path / "nameless.parquet")
    with pytest.raises(InputError, match="does not say for which agent"):
        run(tmp_path, path, out="more", asking=Asking(verdicts=(tmp_path / "nameless.parquet",)))
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(InputError, match="no table of verdicts"):
        run(tmp_path, path, out="more", asking=Asking(verdicts=(tmp_path / "other.parquet",)))


@pytest.mark.parametrize("name", ["r.jsonl", "r.parquet"])
def test_of_a_day_the_robots_of_that_day_counts(tmp_path: Path, name: str) -> None:
    """A reservation stands; that it was captured that very day is no reason to leave it out."""
    rows = [{"url": "https://closed.example.org/", "date": "2024-05-17"}]
    path = write_jsonl(tmp_path / name, rows) if name == "r.jsonl" else write_parquet(tmp_path / name, rows)
    robots = (write_robots(tmp_path / "robots.warc.gz"),)  # of 2024-05-17T09:00:00Z
    receipt = only(run(tmp_path, path, asking=Asking(robots=robots)))
    assert (receipt.removed, receipt.site_unknown, receipt.doubtful) == (1, 0, 0)


def test_a_day_can_be_given_for_records_without_one(tmp_path: Path) -> None:
    """The robots.txt of that day then counts."""
    path = write_jsonl(tmp_path / "r.jsonl", [{"url": "https://closed.example.org/"}])
    robots = (write_robots(tmp_path / "robots.warc.gz"),)
    assert only(run(tmp_path, path, asking=Asking(robots=robots))).removed == 0
    assert only(run(tmp_path, path, out="b", asking=Asking(robots=robots, date="2024-05-20"))).removed == 1
    assert (
        only(run(tmp_path, path, out="c", asking=Asking(robots=robots, date="2024-09-20"))).site_unknown == 1
    )


def test_results_stay_apart_from_the_corpus(tmp_path: Path) -> None:
    """Neither what is kept nor the table may stand in the corpus; the corpus is never changed."""
    corpus = tmp_path / "c"
    corpus.mkdir()
    path = write_jsonl(corpus / "r.jsonl", [{"url": "https://x.example.org/"}])
    before = path.read_bytes()
    for out, removed in (
        (corpus / "kept", tmp_path / "r.parquet"),
        (tmp_path / "kept", corpus / "r.parquet"),
    ):
        with pytest.raises(InputError, match="stands within the corpus"):
            run_filter(FilterSettings((corpus,), out, removed))
    with pytest.raises(InputError, match="written over itself"):
        run_filter(FilterSettings((path,), corpus, tmp_path / "r.parquet"))
    assert path.read_bytes() == before
    other = tmp_path / "kept" / "r.jsonl"
    other.parent.mkdir(exist_ok=True)
    other.write_text("mine")
    with pytest.raises(RunError, match="was not written from this input"):
        run_filter(FilterSettings((corpus,), tmp_path / "kept", tmp_path / "r.parquet"))
    assert other.read_text() == "mine"


def test_files_of_other_formats_are_told(tmp_path: Path) -> None:
    """In a folder they are left out by name; one that is named itself is an error."""
    corpus = tmp_path / "c"
    corpus.mkdir()
    write_jsonl(corpus / "r.jsonl", [{"url": "https://x.example.org/"}])
    (corpus / "README.md").write_text("words")
    outcome = run(tmp_path, corpus)
    assert [refusal.where for refusal in outcome.listing.left_out] == ["README.md"]
    with pytest.raises(InputError, match="cannot be filtered; accepted are Parquet"):
        run(tmp_path, corpus / "README.md", out="more")
    with pytest.raises(InputError, match="no such file"):
        run(tmp_path, corpus / "nothing", out="more")


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the columns that are."""
    path = write_parquet(tmp_path / "p.parquet", [row for row, _ in ROWS])
    with pytest.raises(
        InputError, match="--url-column adresse: there is no such column; the columns are: id, url"
    ):
        run(tmp_path, path, asking=Asking(naming=Naming(url="adresse")))


def test_a_member_of_its_own_is_copied(tmp_path: Path) -> None:
    """A kept record is not compressed anew where its gzip member holds nothing else; two in one member are parted."""
    one, gone, two, three = (
        response(f"https://{host}.example.org/{number}", number=number)
        for number, host in enumerate(("open", "closed", "open", "open"))
    )
    members = [gzip.compress(one, 9, mtime=7), gzip.compress(gone, 9, mtime=7), gzip.compress(two + three, 1)]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(members))
    receipt = only(run(tmp_path, path))
    kept = (tmp_path / "kept" / "a.warc.gz").read_bytes()
    assert (receipt.read, receipt.removed) == (4, 1)
    assert kept.startswith(members[0])
    assert content(tmp_path / "kept" / "a.warc.gz") == one + two + three


@pytest.mark.parametrize("damage", [b"\0" * 20, b"not gzip at all", b"\x1f\x8b\x08\0"])
def test_a_copied_member_is_whole_whatever_follows(tmp_path: Path, damage: bytes) -> None:
    """Padding and damage after a member are no part of it."""
    member = gzip.compress(response("https://open.example.org/", number=1), 6, mtime=0)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(member + damage)
    only(run(tmp_path, path))
    assert (tmp_path / "kept" / "a.warc.gz").read_bytes() == member
