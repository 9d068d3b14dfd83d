"""Works of runs are recognised in the catalog by id, digest and identifier; by name only where asked."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from claims.catalogued import found, work
from countermark.claims.run_findings import read_findings
from countermark.errors import InputError, RunError
from countermark.evidence.summary import conclude
from countermark.findings.table import write_table
from countermark.scan.receipt import json_bytes
from countermark.works.entry import AssetFile, CatalogWork, Contributor, Edition
from countermark.works.identifiers import Identifier
from evidence.synthetic import SyntheticRun, digest


def scanned(folder: Path) -> Path:
    """Write a scan of five works and a control that bears the id of one of them."""
    run = SyntheticRun()
    for name in ("same", "by-file", "isbn:9780000000002", "by-name", "strange"):
        run.work(name, title="Tides" if name == "by-name" else name, author="Ilse Marten")
    run.work("ctl", control=True)
    run.find("same", 0, 900, record_date="2024-05-01")
    run.find("same", 1000, 9000, row=1, record_date="2024-07-15T08:00:00Z")
    run.find("by-file", 0, 5000, row=2)
    run.find("ctl", 0, 400, row=3)
    run.write(folder)
    conclude(folder)
    return folder


def catalog() -> list[CatalogWork]:
    """Make the works of which the run knows four."""
    asset = AssetFile("x.txt", digest("by-file"))
    return [
        work("ctl"),
        work("filed", editions=(Edition(assets=(asset,)),)),
        work("named", title="Tides", contributors=(Contributor("I. M.", known_as=("Ilse Marten",)),)),
        work("numbered", identifiers=(Identifier("isbn", "9780000000002"),)),
        work("same"),
    ]


def test_works_are_recognised_by_the_surest_way(tmp_path: Path) -> None:
    """And what is not recognised is counted and shown; a control joins nothing."""
    joined = read_findings([scanned(tmp_path / "run")], catalog)
    (run,) = joined.runs
    assert run["joined_by"] == {"work-id": 1, "digest": 1, "identifier": 1}
    assert (run["works"], run["controls"], run["unjoined"]) == (5, 1, 2)
    assert [entry["work_id"] for entry in run["unjoined_examples"]] == ["by-name", "strange"]
    assert joined.of("ctl") == ()
    (same,) = joined.of("same")
    assert (same.status, same.grades, same.captures) == (
        "found",
        {"identical": 2},
        ("2024-05-01", "2024-07-15"),
    )
    assert len(same.examples) == 2
    assert joined.of("filed")[0].joined_by == "digest"


def test_names_join_only_where_asked(tmp_path: Path) -> None:
    """By title and author, pen names included."""
    joined = read_findings([scanned(tmp_path / "run")], catalog, by_name=True)
    assert joined.of("named")[0].joined_by == "title-and-author"
    assert joined.runs[0]["unjoined"] == 1


def test_what_could_be_two_works_joins_neither(tmp_path: Path) -> None:
    """One file in two works of the catalog."""
    asset = AssetFile("x.txt", digest("by-file"))
    twice = [work(name, editions=(Edition(assets=(asset,)),)) for name in ("one", "two")]
    joined = read_findings([scanned(tmp_path / "run")], lambda: twice)
    reasons = {entry["work_id"]: entry["reason"] for entry in joined.runs[0]["unjoined_examples"]}
    assert reasons["by-file"] == "ambiguous"
    assert joined.of("one") == joined.of("two") == ()


def test_a_link_is_read_like_a_scan(tmp_path: Path) -> None:
    """Its identifiers recognise works too."""
    run = tmp_path / "links"
    run.mkdir()
    (run / "run.json").write_bytes(
        json_bytes({"kind": "link", "corpus": "a list of songs", "snapshot_date": "2025-03"})
    )
    (run / "summary.json").write_bytes(json_bytes({"format": "countermark.links/1"}))
    rows = [
        {"work_id": "old-id", "status": "identifier", "identifier_rows": 2, "name_rows": 0},
        {"work_id": "same", "status": "name", "identifier_rows": 0, "name_rows": 7},
    ]
    write_table(pa.Table.from_pylist(rows), run / "works.parquet")
    links = [
        {"finding_id": "f1", "work_id": "old-id", "grade": "identifier", "evidence": "isbn:9780000000002"}
    ]
    write_table(pa.Table.from_pylist(links), run / "links.parquet")
    joined = read_findings([run], catalog)
    assert joined.of("numbered")[0].grades == {"identifier": 2}
    assert (joined.of("same")[0].status, joined.of("same")[0].snapshot) == ("name", "2025-03")


def test_damaged_and_foreign_folders(tmp_path: Path) -> None:
    """Each is named, with what is missing."""
    with pytest.raises(RunError, match="not a run folder"):
        read_findings([tmp_path], catalog)
    run = scanned(tmp_path / "run")
    with pytest.raises(InputError, match="also called 'run'"):
        read_findings([run, run], catalog)
    (run / "works.parquet").write_bytes(b"PAR1")
    with pytest.raises(RunError, match=r"works.parquet: damaged"):
        read_findings([run], catalog)
    assert found().joined_by == "work-id"
