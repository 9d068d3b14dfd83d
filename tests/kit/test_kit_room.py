"""A run in the room, its seal, and what tampering does; the kit is one without its programme."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import InputError, OutputError, RunError, UnusableIndexError
from countermark.findings.table import findings_files, read_findings
from countermark.kit import layout
from countermark.kit.closing import close_medium
from countermark.kit.opening import open_medium
from countermark.kit.room import plan_in_room, run_in_room
from countermark.kit.sums import write_sums
from countermark.kit.verifying import verify_medium
from countermark.scan.runlog import read_events
from kit.small_kits import make_corpus, make_kit, make_room

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.kit.seal import Seal

pytestmark = pytest.mark.slow


def test_it_verifies(sealed: tuple[Path, Seal]) -> None:
    folder, seal = sealed
    done = verify_medium(folder / "medium", root=seal.code.lower(), kit=folder / "kit")
    assert done.wrong == []
    assert done.compared
    assert done.receipts == 2
    assert done.rows > 0


def test_no_text_of_the_corpus_is_on_the_medium(sealed: tuple[Path, Seal]) -> None:
    run = sealed[0] / "medium" / layout.RUN
    for path in findings_files(run):
        table = read_findings(path)
        assert set(table["record_excerpt"].to_pylist()) <= {""}
        assert set(table["asset_excerpt"].to_pylist()) <= {None}
    pages = b"".join(path.read_bytes() for path in run.glob("report.*"))
    words = json.loads((sealed[0] / "corpus" / "part-00.jsonl").read_text().splitlines()[1])["text"].split()
    for at in range(0, len(words) - 8, 8):
        assert " ".join(words[at : at + 8]).encode() not in pages


def test_nothing_of_the_work_is_left_on_it(sealed: tuple[Path, Seal]) -> None:
    hidden = list((sealed[0] / "medium").rglob(".*"))
    assert hidden == []


def test_sealed_is_sealed(sealed: tuple[Path, Seal]) -> None:
    for act in (run_in_room, plan_in_room):
        with pytest.raises(RunError, match="sealed"):
            act(make_room(sealed[0]))
    with pytest.raises(RunError, match="sealed"):
        close_medium(sealed[0] / "medium")


def _each_file(medium: Path) -> list[str]:
    return [path.relative_to(medium).as_posix() for path in sorted(medium.rglob("*")) if path.is_file()]


def test_every_changed_file_is_told(sealed: tuple[Path, Seal], medium: Path) -> None:
    for name in _each_file(medium):
        data = (medium / name).read_bytes()
        (medium / name).write_bytes(data + b" ")
        try:
            assert verify_medium(medium, root=sealed[1].code).wrong, name
        finally:
            (medium / name).write_bytes(data)
    assert verify_medium(medium, root=sealed[1].code).wrong == []


def test_every_missing_file_is_told(sealed: tuple[Path, Seal], medium: Path) -> None:
    for name in _each_file(medium):
        data = (medium / name).read_bytes()
        (medium / name).unlink()
        if name == layout.SEAL:
            with pytest.raises(InputError, match="not sealed"):
                verify_medium(medium)
        else:
            assert verify_medium(medium).wrong, name
        (medium / name).write_bytes(data)


def _reseal(medium: Path) -> None:
    """What a forger does: seal anew what was changed, as if it had come so out of the room."""
    from countermark.kit.seal import describe_files, read_seal, sums_of
    from countermark.scan.receipt import json_bytes

    facts = read_seal(medium).facts | {"files": describe_files(medium)}
    (medium / layout.SEAL).write_bytes(json_bytes(facts))
    (medium / layout.SUMS).write_bytes(sums_of(read_seal(medium)))


def _drop_line(medium: Path) -> None:
    path = medium / layout.RUN / "runlog.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:1] + lines[2:]))


def _cut_log(medium: Path) -> None:
    path = medium / "kit.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def _edit_receipt(medium: Path) -> None:
    path = next((medium / layout.RUN / "receipts").glob("*.json"))
    path.write_bytes(path.read_bytes().replace(b'"records": 6', b'"records": 5'))


def _drop_shard(medium: Path) -> None:
    path = next((medium / layout.RUN / "receipts").glob("*.json"))
    (medium / layout.RUN / "findings" / f"{path.stem}.parquet").unlink()
    path.unlink()


def _plant_findings(medium: Path) -> None:
    from countermark.findings.table import write_findings

    path = findings_files(medium / layout.RUN)[0]
    write_findings(read_findings(path).slice(1), path)


@pytest.mark.parametrize("change", [_drop_line, _cut_log, _edit_receipt, _drop_shard, _plant_findings])
def test_a_forger_who_seals_again_is_told_by_the_code_and_by_the_contents(
    sealed: tuple[Path, Seal], medium: Path, change: Callable[[Path], None]
) -> None:
    change(medium)
    _reseal(medium)
    by_code = verify_medium(medium, root=sealed[1].code).wrong
    assert any("root code" in said for said in by_code)
    assert verify_medium(medium).wrong  # also without the code


def test_hostile_seals(medium: Path) -> None:
    path = medium / layout.SEAL
    for data in (
        b"",
        b"[]",
        b"{}",
        b'{"seal": 1}',
        b"[" * 100_000,
        b'{"seal": 1, "files": {"a": 1}, "logs": {}, "kit": {}}',
    ):
        path.write_bytes(data)
        with pytest.raises(InputError):
            verify_medium(medium)
    escape: dict[str, Any] = {"seal": 1, "files": {"../x": "0" * 64}, "logs": {"../../x": {}}, "kit": {}}
    path.write_text(json.dumps(escape))
    assert verify_medium(medium).wrong


def test_opened_at_home(sealed: tuple[Path, Seal], medium: Path, tmp_path: Path) -> None:
    from countermark.evidence.dossier.attempts_check import wrong_with_attempts
    from countermark.evidence.dossier.run_check import wrong_with_run
    from countermark.evidence.report.write import render
    from countermark.scan.attempts import run_digest

    opened = open_medium(medium, sealed[0] / "works.index", tmp_path / "opened", root=sealed[1].code)
    excerpts = [
        text
        for path in findings_files(opened.run)
        for text in read_findings(path)["asset_excerpt"].to_pylist()
    ]
    assert all(excerpts)
    assert wrong_with_run(opened.run) == []
    digest = run_digest(opened.run)
    log = tmp_path / "opened" / "attempts.jsonl"
    assert wrong_with_attempts(log, {layout.RUN: digest}, {layout.RUN: opened.run}) == []
    assert str(excerpts[0])[:40].split()[0].encode() in render(opened.run, "en", "html")
    kinds = [event["event"] for event in read_events(opened.run / "runlog.jsonl")]
    assert kinds.count("receipt_opened") == 2
    assert verify_medium(medium, root=sealed[1].code).wrong == []
    with pytest.raises(OutputError, match="exists"):
        open_medium(medium, sealed[0] / "works.index", tmp_path / "opened")
    with pytest.raises(InputError, match="sealed index"):
        open_medium(medium, sealed[0] / "kit" / layout.INDEX, tmp_path / "other")


def test_a_changed_kit_does_not_run(tmp_path: Path) -> None:
    kit = make_kit(tmp_path)
    make_corpus(tmp_path / "corpus")
    (kit / "system.txt").write_text("added")
    with pytest.raises(RunError, match=r"system\.txt was added"):
        run_in_room(make_room(tmp_path))
    (kit / "system.txt").unlink()
    (tmp_path / "other.salt").write_bytes(b"another salt, of 32 bytes or so.")
    with pytest.raises(UnusableIndexError, match="not the salt"):
        run_in_room(make_room(tmp_path, salt_file=tmp_path / "other.salt"))
    with pytest.raises(InputError, match="--salt-file"):
        run_in_room(make_room(tmp_path, salt_file=None))
    assert not (tmp_path / "medium").exists()


def test_a_machine_that_computes_otherwise_does_not_scan(tmp_path: Path) -> None:
    kit = make_kit(tmp_path)
    make_corpus(tmp_path / "corpus")
    facts = json.loads((kit / layout.KIT).read_text())
    facts["self_test"]["covered_characters"] += 1
    (kit / layout.KIT).write_text(json.dumps(facts))
    write_sums(kit)
    with pytest.raises(RunError, match="self-test"):
        run_in_room(make_room(tmp_path))
    assert not (tmp_path / "medium" / layout.RUN).exists()
    kinds = [event["event"] for event in read_events(tmp_path / "medium" / "kit.jsonl")]
    assert kinds == ["begin", "self_test", "failed"]
    with pytest.raises(RunError, match="no run of a kit"):
        close_medium(tmp_path / "medium")


_NO_ROOM = """
import sys, tempfile

def nowhere(*_):
    raise FileNotFoundError(2, "No usable temporary directory found")

tempfile.gettempdir = tempfile._get_default_tempdir = nowhere
sys.addaudithook(lambda event, given: sys.exit(f"written: {given}") if event in ("os.mkdir", "os.rename") else None)
from countermark.cli import main

main()
"""


def test_a_plan_needs_no_place_for_anything_temporary(tmp_path: Path) -> None:
    """There may be no home and no /tmp, and the medium is not touched: no kernel is loaded, and each step is told."""
    make_kit(tmp_path)
    make_corpus(tmp_path / "corpus")
    before = _each_file(tmp_path)
    nowhere = str(tmp_path / "kit.salt")  # a file, below which nobody can write
    asked = "kit run corpus --kit kit --out medium --salt-file kit.salt --dry-run"
    told = subprocess.run(
        [sys.executable, "-B", "-c", _NO_ROOM, *asked.split()],
        env={**os.environ, "HOME": nowhere, "NUMBA_CACHE_DIR": nowhere, "TMPDIR": nowhere},
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert told.stderr.splitlines() == ["Checking the kit …", "Listing the corpus …"]
    assert told.stdout.splitlines()[0] == "The kit is what was built, and the salt fits."
    assert told.stdout.splitlines()[-1] == "With 2 workers. Nothing was written."
    assert _each_file(tmp_path) == before


def test_plan_part_and_unfinished(tmp_path: Path) -> None:
    from countermark.scan.plan import Part

    make_kit(tmp_path)
    make_corpus(tmp_path / "corpus")
    plan = plan_in_room(make_room(tmp_path))
    assert len(plan.shards) == 2
    assert not (tmp_path / "medium").exists()
    outcome = run_in_room(make_room(tmp_path, part=Part(1, 2), excerpts=True))
    assert outcome.remaining == 1
    with pytest.raises(RunError, match="--unfinished"):
        close_medium(tmp_path / "medium")
    seal = close_medium(tmp_path / "medium", unfinished=True)
    assert seal.facts["complete"] is False
    assert seal.facts["excerpts"] is True
    assert verify_medium(tmp_path / "medium").wrong == []


def test_another_kit_does_not_go_on(tmp_path: Path) -> None:
    kit = make_kit(tmp_path)
    make_corpus(tmp_path / "corpus")
    run_in_room(make_room(tmp_path))
    (kit / "more.txt").write_text("another kit")
    write_sums(kit)
    with pytest.raises(RunError, match="another kit"):
        run_in_room(make_room(tmp_path))
