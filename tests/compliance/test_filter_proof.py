"""The proof: same inputs, same bytes; resumed runs; and one changed byte is found."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from compliance.planted_corpus import PLANTED, ROWS, write_jsonl, write_parquet, write_robots, write_warc
from countermark.compliance.proof import tree_of
from countermark.compliance.receipts import FOLDER, file_digest
from countermark.compliance.removed import digest_of
from countermark.compliance.run import FilterProgress, run_filter
from countermark.compliance.settings import Asking, FilterSettings
from countermark.compliance.verify import verify
from countermark.compliance.verify_again import verify_again
from countermark.errors import InputError
from countermark.roll.tree import Tree


def planted(place: Path) -> FilterSettings:
    """A corpus of four files in a folder, and what to do with it."""
    corpus = place / "corpus"
    (corpus / "below").mkdir(parents=True)
    write_warc(corpus / "a.warc.gz", [record for record, _ in PLANTED])
    write_jsonl(corpus / "b.jsonl.gz", [row for row, _ in ROWS])
    write_parquet(corpus / "c.parquet", [row for row, _ in ROWS])
    write_jsonl(corpus / "below" / "d.jsonl", [*(row for row, _ in ROWS), {"url": 3}])
    with (corpus / "below" / "d.jsonl").open("ab") as file:
        file.write(b"no json\n")
    robots = write_robots(place / "robots.warc.gz")
    return FilterSettings((corpus,), place / "kept", place / "removed.parquet", Asking(robots=(robots,)))


def results(place: Path) -> dict[str, bytes]:
    """Everything that a run wrote for its user."""
    kept = {str(p.relative_to(place)): p.read_bytes() for p in (place / "kept").rglob("*") if p.is_file()}
    own = {name: data for name, data in kept.items() if FOLDER not in name}
    return own | {name: (place / name).read_bytes() for name in ("removed.parquet", "proof.json")}


def test_same_inputs_same_bytes(tmp_path: Path) -> None:
    """Wherever the corpus lies; and again over what is done."""
    for name in ("one", "two"):
        outcome = run_filter(planted(tmp_path / name))
        assert outcome.skipped == 0
    assert results(tmp_path / "one") == results(tmp_path / "two")
    before = results(tmp_path / "one")
    place = tmp_path / "one"
    asking = Asking(robots=(place / "robots.warc.gz",))
    again = run_filter(FilterSettings((place / "corpus",), place / "kept", place / "removed.parquet", asking))
    assert again.skipped == 4
    assert results(place) == before
    assert str(tmp_path) not in (place / "proof.json").read_text()


@pytest.mark.parametrize("stops_at", [1, 3, 4])
def test_a_stopped_run_goes_on(tmp_path: Path, stops_at: int) -> None:
    """Files that were done are not done again, and the result is that of an undisturbed run."""
    run_filter(planted(tmp_path / "whole"))
    settings = planted(tmp_path / "stopped")

    def stop(progress: FilterProgress) -> None:
        if progress.files >= stops_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_filter(settings, stop)
    assert not list((tmp_path / "stopped" / "kept").rglob("*.tmp"))
    assert not (tmp_path / "stopped" / "proof.json").exists()
    assert run_filter(settings).skipped == stops_at - 1
    assert results(tmp_path / "stopped") == results(tmp_path / "whole")


def test_a_run_killed_between_two_files_goes_on(tmp_path: Path) -> None:
    """A kept file whose receipt was never written is this run's own; one that was changed is written again."""
    settings = planted(tmp_path)
    run_filter(settings)
    before = results(tmp_path)
    state = tmp_path / "kept" / FOLDER
    receipt = sorted(state.glob("*.json"))[0]
    receipt.rename(receipt.with_suffix(".begun"))
    (tmp_path / "kept" / "c.parquet").write_bytes(b"changed")
    (tmp_path / "kept" / ".b.jsonl.gz.99999999.tmp").write_bytes(b"left behind")
    assert run_filter(settings).skipped < 4
    assert results(tmp_path) == before


def test_the_proof_holds_and_moves(tmp_path: Path) -> None:
    """Also where everything was moved together, or the corpus is not at hand."""
    run_filter(planted(tmp_path / "here"))
    shutil.move(tmp_path / "here", tmp_path / "there")
    proof = tmp_path / "there" / "proof.json"
    checked = verify(proof)
    assert (checked.differences, checked.files, checked.inputs) == ([], 4, True)
    shutil.rmtree(tmp_path / "there" / "corpus")
    checked = verify(proof)
    assert (checked.differences, checked.inputs) == ([], False)


@pytest.mark.parametrize(
    "changed",
    [
        "kept/a.warc.gz",
        "kept/b.jsonl.gz",
        "kept/c.parquet",
        "kept/below/d.jsonl",
        "removed.parquet",
        "corpus/c.parquet",
    ],
)
def test_one_changed_byte_is_found(tmp_path: Path, changed: str) -> None:
    """In what was kept, in the table, in the corpus; the file is named."""
    run_filter(planted(tmp_path))
    data = bytearray((tmp_path / changed).read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / changed).write_bytes(data)
    differences = verify(tmp_path / "proof.json").differences
    assert differences
    assert Path(changed).name in differences[0]


def forged(place: Path, table: list[dict[str, Any]], **files: bytes) -> None:
    """Rewrite table, kept files (by name, `_` for `.`) and proof, so that all digests fit one another."""
    proof = json.loads((place / "proof.json").read_text())
    schema = pq.read_schema(place / "removed.parquet")
    pq.write_table(pa.Table.from_pylist(table, schema), place / "removed.parquet")
    rows, leaves, root = tree_of(place / "removed.parquet")
    proof["removed"] |= {"rows": rows, "leaves": leaves, "root": root.hex()}
    proof["removed"]["sha256"] = file_digest(place / "removed.parquet")
    for name, data in files.items():
        kept = place / "kept" / name.replace("_", ".")
        kept.write_bytes(data)
        next(f for f in proof["files"] if f["file"] == kept.name)["output_sha256"] = file_digest(kept)
    (place / "proof.json").write_text(json.dumps(proof))


def simple(place: Path) -> tuple[list[bytes], list[dict[str, Any]]]:
    """A corpus of one file of lines, filtered: its lines, and the rows of the table."""
    (place / "corpus").mkdir()
    write_jsonl(place / "corpus" / "r.jsonl", [row for row, _ in ROWS])
    robots = write_robots(place / "robots.warc.gz")
    run_filter(
        FilterSettings(
            (place / "corpus",), place / "kept", place / "removed.parquet", Asking(robots=(robots,))
        )
    )
    lines = (place / "corpus" / "r.jsonl").read_bytes().splitlines(keepends=True)
    return lines, pq.read_table(place / "removed.parquet").to_pylist()


def test_a_reserved_record_put_back_is_found(tmp_path: Path) -> None:
    """All digests and counts fit one another: the corpus itself tells, or judging again."""
    lines, rows = simple(tmp_path)
    kept = [line for number, line in enumerate(lines) if number not in {row["row"] for row in rows}]
    swapped = [lines[rows[0]["row"]], *kept[1:]]
    rows[0] |= {"row": 0, "offset": 0, "digest": digest_of(lines[0].rstrip(b"\n"))}
    forged(tmp_path, rows, r_jsonl=b"".join(swapped))
    said = verify(tmp_path / "proof.json")
    assert any(
        "record_id" in difference for difference in said.differences
    )  # of the row that was named instead
    told = {"record_id": "a", "url": ROWS[0][0]["url"], "date": ROWS[0][0]["date"]}
    forged(tmp_path, [rows[0] | told, *rows[1:]])
    assert verify(tmp_path / "proof.json").differences == []  # it fits: only judging again can tell
    robots = (tmp_path / "robots.warc.gz",)
    assert verify_again(tmp_path / "proof.json", (), robots, ()).differences
    shuffled = [kept[1], kept[0], *kept[2:]]
    forged(tmp_path, [rows[0] | told, *rows[1:]], r_jsonl=b"".join(shuffled))
    assert any("is not the one that stays" in one for one in verify(tmp_path / "proof.json").differences)
    shutil.rmtree(tmp_path / "corpus")
    unseen = verify(tmp_path / "proof.json")
    assert unseen.differences == []
    assert "whether the corpus without the removed records is what was kept" in unseen.unchecked


@pytest.mark.parametrize(("setting", "value"), [("uses", ["search"]), ("mark", True)])
def test_settings_that_the_rows_contradict_are_found(tmp_path: Path, setting: str, value: object) -> None:
    """What rows can tell of the settings is checked; the rest is named as not checked."""
    simple(tmp_path)
    proof = json.loads((tmp_path / "proof.json").read_text())
    proof["settings"][setting] = value
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    checked = verify(tmp_path / "proof.json")
    assert any("which the settings do not" in one for one in checked.differences)
    assert any("agent" in one for one in checked.unchecked)


def test_judging_again_gives_the_same(tmp_path: Path) -> None:
    """Proof and files; settings and sources that were not those of the run are found."""
    settings = planted(tmp_path)
    run_filter(settings)
    proof = tmp_path / "proof.json"
    again = verify_again(proof, (), settings.asking.robots, ())
    assert (again.differences, again.files, again.rows) == ([], 4, 14)
    with pytest.raises(InputError, match="needs the files that the run consulted: robots"):
        verify_again(proof, (), (), ())
    said = json.loads(proof.read_text())
    said["settings"]["agent"] = "CCBot"
    said["files"][0]["doubtful"] += 1
    proof.write_text(json.dumps(said))
    differences = verify_again(proof, (), settings.asking.robots, ()).differences
    assert any("doubtful" in one for one in differences)
    shutil.rmtree(tmp_path / "corpus")
    with pytest.raises(InputError, match="--again needs the corpus"):
        verify_again(proof, (), settings.asking.robots, ())


def test_a_marked_run_can_be_judged_again(tmp_path: Path) -> None:
    """Records of it carry more than those of the corpus: they are counted, and rows are looked up."""
    settings = replace(planted(tmp_path), mark=True)
    run_filter(settings)
    checked = verify(tmp_path / "proof.json")
    assert checked.differences == []
    assert any("--mark" in one for one in checked.unchecked)
    assert verify_again(tmp_path / "proof.json", (), settings.asking.robots, ()).differences == []


@pytest.mark.parametrize("count", ["read", "kept", "removed", "unreadable"])
def test_one_changed_count_is_found(tmp_path: Path, count: str) -> None:
    """The sums no longer fit."""
    run_filter(planted(tmp_path))
    proof = json.loads((tmp_path / "proof.json").read_text())
    proof["files"][0][count] += 1
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    assert verify(tmp_path / "proof.json").differences


def test_files_too_many_or_too_few_are_found(tmp_path: Path) -> None:
    """A proof covers all of the corpus."""
    run_filter(planted(tmp_path))
    write_jsonl(tmp_path / "corpus" / "e.jsonl", [{"url": None}])
    (tmp_path / "corpus" / "c.parquet").unlink()
    (tmp_path / "kept" / "b.jsonl.gz").unlink()
    (tmp_path / "kept" / "f.jsonl").write_text("{}")
    said = " ".join(verify(tmp_path / "proof.json").differences)
    assert "e.jsonl: stands in the corpus but not in the proof" in said
    assert "c.parquet: stands in the proof but not in the corpus" in said
    assert "f.jsonl: stands among what was kept, but not in the proof" in said
    assert "b.jsonl.gz: what was kept cannot be read" in said


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": "countermark.filter/1"}', "[" * 100_000])
def test_what_is_no_proof_is_told(tmp_path: Path, text: str) -> None:
    """One line, no traceback."""
    (tmp_path / "proof.json").write_text(text)
    with pytest.raises(InputError, match=r"proof\.json"):
        verify(tmp_path / "proof.json")


def test_one_removal_can_be_shown(tmp_path: Path) -> None:
    """The root is that of RFC 6962 over the digests, in the order of the table."""
    run_filter(planted(tmp_path))
    digests = [
        bytes.fromhex(d) for d in pq.read_table(tmp_path / "removed.parquet")["digest"].to_pylist() if d
    ]
    tree = Tree()
    tree.extend(digests)
    said: dict[str, Any] = json.loads((tmp_path / "proof.json").read_text())["removed"]
    assert said["root"] == tree.root().hex()
    assert tree_of(tmp_path / "removed.parquet") == (said["rows"], len(digests), tree.root())
    assert said["leaves"] == len(digests) == 7 + 2 + 2 + 3


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """It counts the same."""
    settings = planted(tmp_path)
    outcome = run_filter(replace(settings, dry_run=True))
    assert outcome.total("removed") == 7 + 2 + 2 + 3
    assert not (tmp_path / "kept").exists()
    assert not (tmp_path / "removed.parquet").exists()
