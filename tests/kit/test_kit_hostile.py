"""Media that somebody had in hand: forged, swapped, full of traps; and media of a room where the power went."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from countermark.errors import InputError, RunError
from countermark.kit import layout
from countermark.kit.closing import close_medium
from countermark.kit.room import plan_in_room, run_in_room
from countermark.kit.seal import describe_files, read_seal, sums_of
from countermark.kit.verifying import verify_medium
from countermark.scan.plan import Part
from countermark.scan.receipt import json_bytes, read_receipt
from countermark.scan.runlog import RunLog, read_events
from countermark.scan.runlog import verify as log_state
from kit.small_kits import make_corpus, make_room

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from countermark.kit.seal import Seal

pytestmark = pytest.mark.slow


def reseal(medium: Path, **changed: Any) -> None:
    """What a forger does: seal anew what was changed, as if it had come so out of the room."""
    facts = read_seal(medium).facts | {"files": describe_files(medium)} | changed
    (medium / layout.SEAL).write_bytes(json_bytes(facts))
    (medium / layout.SUMS).write_bytes(sums_of(read_seal(medium)))


@pytest.fixture(scope="module")
def other(sealed: tuple[Path, Seal], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A medium with a run of the same kit over another corpus."""
    folder = tmp_path_factory.mktemp("other")
    make_corpus(folder / "corpus", shards=3, records=4)
    run_in_room(make_room(sealed[0], corpus=(folder / "corpus",), medium=folder / "medium"))
    close_medium(folder / "medium")
    return folder / "medium"


def test_a_whole_other_run_is_told_by_the_code_alone(sealed: tuple[Path, Seal], other: Path) -> None:
    assert verify_medium(other).wrong == []
    assert any("root code" in said for said in verify_medium(other, root=sealed[1].code).wrong)


def test_a_replayed_seal(sealed: tuple[Path, Seal], medium: Path, other: Path) -> None:
    for name in (layout.SEAL, layout.SUMS):
        shutil.copyfile(other / name, medium / name)
    assert verify_medium(medium, root=read_seal(other).code).wrong


def test_another_run_under_this_log(medium: Path, other: Path) -> None:
    """The run of another medium with its attempts, sealed anew with the log of this one's kit."""
    shutil.rmtree(medium / layout.RUN)
    shutil.copytree(other / layout.RUN, medium / layout.RUN)
    shutil.copyfile(other / "attempts.jsonl", medium / "attempts.jsonl")
    theirs = read_seal(other).facts
    logs = {**theirs["logs"], "kit.jsonl": read_seal(medium).facts["logs"]["kit.jsonl"]}
    reseal(medium, logs=logs, run_digest=theirs["run_digest"], findings=theirs["findings"])
    assert any("another run was closed" in said for said in verify_medium(medium).wrong)


def _receipt_nobody_logged(medium: Path) -> dict[str, Any]:
    run = medium / layout.RUN
    path = next((run / "receipts").glob("*.json"))
    name = "0" * len(path.stem)
    shutil.copyfile(run / "findings" / f"{path.stem}.parquet", run / "findings" / f"{name}.parquet")
    (run / "receipts" / f"{name}.json").write_bytes(replace(read_receipt(path), name=name).to_bytes())
    return {}


def _log_left_out(medium: Path) -> dict[str, Any]:
    logs = dict(read_seal(medium).facts["logs"])
    del logs["kit.jsonl"]
    return {"logs": logs}


def _log_elsewhere(medium: Path) -> dict[str, Any]:
    return {"logs": {**read_seal(medium).facts["logs"], "/dev/zero": {"lines": 0, "head": ""}}}


def _log_above(medium: Path) -> dict[str, Any]:
    return {"logs": {**read_seal(medium).facts["logs"], "../../etc/passwd": {"lines": 0, "head": ""}}}


def _huge(medium: Path) -> dict[str, Any]:
    with (medium / layout.RUN / "summary.json").open("r+b") as file:
        file.truncate(300 << 20)
    return {}


def _no_parquet(medium: Path) -> dict[str, Any]:
    next((medium / layout.RUN / "findings").iterdir()).write_bytes(b"PAR1" + bytes(range(256)) + b"PAR1")
    return {}


def _deep(medium: Path) -> dict[str, Any]:
    next((medium / layout.RUN / "receipts").iterdir()).write_bytes(b"[" * 100_000)
    return {}


def _failed_self_test(medium: Path) -> dict[str, Any]:
    log = medium / "kit.jsonl"
    RunLog(log).append("self_test", {"expected": 1, "seen": 2})
    state = log_state(log)
    ends = {"lines": state.lines, "head": state.head}
    return {"logs": {**read_seal(medium).facts["logs"], "kit.jsonl": ends}}


FORGERIES = [
    _receipt_nobody_logged, _log_left_out, _log_elsewhere, _log_above, _huge, _no_parquet, _deep, _failed_self_test,
]  # fmt: skip


@pytest.mark.parametrize("forge", FORGERIES)
def test_what_is_sealed_again_is_told_by_its_contents(
    medium: Path, forge: Callable[[Path], dict[str, Any]]
) -> None:
    reseal(medium, **forge(medium))
    assert verify_medium(medium).wrong


def test_traps_are_told_and_not_opened(medium: Path) -> None:
    run = medium / layout.RUN
    os.mkfifo(run / "pipe")
    (run / "linked").symlink_to("/")
    os.link(run / "run.json", run / "again.json")
    wrong = verify_medium(medium).wrong
    assert {f"run/{name} was added" for name in ("pipe", "linked", "again.json")} == set(wrong)
    for name in ("pipe", "linked", "again.json"):
        (run / name).unlink()
    for name in ("run/run.json", layout.SUMS):
        (medium / name).unlink()
        os.mkfifo(medium / name)
    assert len(verify_medium(medium).wrong) == 2
    (medium / layout.SEAL).unlink()
    os.mkfifo(medium / layout.SEAL)
    with pytest.raises(InputError, match="not a seal"):
        verify_medium(medium)


def test_what_no_seal_can_stand_for_is_not_sealed(sealed: tuple[Path, Seal], tmp_path: Path) -> None:
    asked = make_room(sealed[0], medium=tmp_path / "medium")
    run_in_room(asked)
    (asked.medium / "link").symlink_to("/etc/hostname")
    with pytest.raises(RunError, match="not a plain file"):
        close_medium(asked.medium)
    (asked.medium / "link").unlink()
    (asked.medium / "two\nlines").write_text("")
    with pytest.raises(RunError, match="name"):
        close_medium(asked.medium)
    (asked.medium / "two\nlines").unlink()
    close_medium(asked.medium)
    assert verify_medium(asked.medium).wrong == []


def test_what_must_lie_apart(sealed: tuple[Path, Seal], tmp_path: Path) -> None:
    corpus = make_corpus(tmp_path / "corpus")
    inside = make_room(sealed[0], medium=tmp_path / "medium", salt_file=tmp_path / "medium" / "kit.salt")
    within = make_room(sealed[0], corpus=(corpus,), medium=corpus / "medium")
    around = make_room(sealed[0], corpus=(corpus,), medium=tmp_path)
    on_kit = make_room(sealed[0], medium=sealed[0] / "kit" / "medium")
    for asked in (inside, within, around, on_kit):
        for act in (run_in_room, plan_in_room):
            with pytest.raises(InputError, match=r"salt lies|within each other"):
                act(asked)


def test_a_run_that_died_is_closed_as_it_stands(sealed: tuple[Path, Seal], tmp_path: Path) -> None:
    """A kill leaves a receipt that no log states and a search without an end: closing writes both down."""
    asked = make_room(sealed[0], medium=tmp_path / "medium")
    run_in_room(replace(asked, part=Part(1, 1)))
    log, tries = asked.run / "runlog.jsonl", asked.medium / "attempts.jsonl"
    for path, least in ((log, 1), (tries, 1)):
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:least]))
    seal = close_medium(asked.medium)
    assert seal.facts["complete"]
    assert verify_medium(asked.medium, root=seal.code).wrong == []
    assert [event["event"] for event in read_events(log)].count("receipt_found") == 2
    assert read_events(tries)[-1]["event"] == "interrupted"


def test_the_room_finds_what_an_ordinary_scan_finds(sealed: tuple[Path, Seal], tmp_path: Path) -> None:
    """Byte for byte, with the sealed index and without excerpts."""
    from countermark.scan import ScanSettings, run_scan

    folder = sealed[0]
    settings = ScanSettings(
        index=folder / "kit" / layout.INDEX, corpus=(folder / "corpus",), out=tmp_path / "run", excerpts=False,
        salt=(folder / "kit.salt").read_bytes(), workers=1,
    )  # fmt: skip
    run_scan(settings)
    for name in ("run.json", "catalog.parquet", "findings", "receipts"):
        for path in (tmp_path / "run" / name, *(tmp_path / "run" / name).glob("*")):
            if path.is_file():
                there = folder / "medium" / layout.RUN / path.relative_to(tmp_path / "run")
                assert path.read_bytes() == there.read_bytes()
    assert json.loads((tmp_path / "run" / "run.json").read_bytes())["excerpts"] == "withheld"
