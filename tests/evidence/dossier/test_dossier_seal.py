"""Sealing and verifying: what is in a dossier, what stops it, and that one changed byte anywhere is found."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import bagit
import pytest

from countermark.errors import CountermarkError, DossierError
from countermark.evidence.dossier.bag import finish_bag, finish_tags
from countermark.evidence.dossier.keys import new_key
from countermark.evidence.dossier.verify import verify_dossier
from countermark.evidence.dossier.verify_text import commands_in
from countermark.scan.attempts import begin
from evidence.dossier.dossier_samples import FERRY, files_in, made_run, sealed, shell


def commands_of(bag: Path) -> list[str]:
    """The commands as VERIFY.txt prints them, those of both languages once."""
    return list(dict.fromkeys(commands_in((bag / "data/VERIFY.txt").read_text(encoding="utf-8"))))


def test_a_dossier_verifies_with_us_with_others_and_by_hand(tmp_path: Path) -> None:
    """By our verifier, by bagit, and by the commands that the dossier prints."""
    done = sealed(tmp_path)
    verified = verify_dossier(done.path, done.facts["key_fingerprint"].upper())
    assert verified.problems == []
    assert verified.pinned
    assert bagit.Bag(str(done.path)).validate()
    commands = commands_of(done.path)
    assert len(commands) == 9
    for command in commands:
        result = shell(command, done.path)
        assert result.returncode == 0, (command, result.stderr)
    assert done.facts["key_fingerprint"] in shell(commands[7], done.path).stdout


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    """Twice with one key; another key gives other salts and another identity."""
    one, two = sealed(tmp_path, "one"), sealed(tmp_path, "two")
    assert files_in(one.path) == files_in(two.path)
    (tmp_path / "key.pem").unlink()
    three = sealed(tmp_path, "three")
    assert three.identity != one.identity
    work = "data/items/00001/findings.csv"
    assert files_in(three.path).get(work) != files_in(one.path)[work]


def test_items_hold_facts_findings_and_passages(tmp_path: Path) -> None:
    """One item for each work found; texts in passages only; what is left out is counted."""
    done = sealed(tmp_path, passages=1)
    files = files_in(done.path)
    assert done.facts["items"] == {"works": 2, "findings": 5, "passages": 2, "left_out": 3}
    works = [json.loads(files[path]) for path in files if path.endswith("work.json")]
    ferry = next(work for work in works if work["work_id"] == "ferry-1998")
    assert (ferry["findings"], ferry["passages"], ferry["status"]) == (
        3,
        {"shown": 1, "left_out": 2},
        {"run": "found"},
    )
    assert ferry["facts"]["contributors"][0]["known_as"] == ["Eloi Sauzet"]
    place = f"data/items/{ferry['item']}"
    rows = list(csv.DictReader(io.StringIO(files[f"{place}/findings.csv"].decode())))
    assert [row["passage"] for row in rows].count("passage-001.json") == 1
    assert FERRY not in files[f"{place}/findings.csv"].decode()
    passage = json.loads(files[f"{place}/passage-001.json"])
    assert (passage["work"]["text"], passage["record"]["text"]) == (FERRY, FERRY.upper())
    assert len({passage["salt"], ferry["salt"], rows[0]["salt"]}) == 3


def test_one_changed_byte_anywhere_is_found_by_us_and_by_hand(tmp_path: Path) -> None:
    """In each file: our verifier names it, and at least one of the printed commands fails."""
    bag = sealed(tmp_path).path
    commands = commands_of(bag)
    for path, data in files_in(bag).items():
        at = len(data) // 2
        (bag / path).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        named = {problem.path for problem in verify_dossier(bag).problems}
        assert path in named or (named and path.startswith("tagmanifest-")), path
        assert any(shell(command, bag).returncode for command in commands), path
        (bag / path).write_bytes(data)
    assert verify_dossier(bag).holds


def test_a_forger_who_writes_the_manifests_anew_is_found(tmp_path: Path) -> None:
    """A changed file under fresh manifests is a sound bag, and no dossier."""
    bag = sealed(tmp_path).path
    target = next(path for path in files_in(bag) if path.endswith("work.json"))
    (bag / target).write_bytes((bag / target).read_bytes().replace(b'"findings": 3', b'"findings": 4') + b" ")
    (bag / "data/items/extra.json").write_bytes(b"{}")
    finish_bag(bag, "2026-11-20")
    assert bagit.Bag(str(bag)).validate()
    said = {(problem.path, problem.code) for problem in verify_dossier(bag).problems}
    assert {(target, "changed"), ("data/items/extra.json", "not-committed")} <= said
    assert shell("sha256sum --check --quiet --ignore-missing seal/commitments.sha256", bag).returncode


def test_another_key_is_not_the_one_given(tmp_path: Path) -> None:
    """Whoever seals anew signs with his own key: the pinned fingerprint tells."""
    done = sealed(tmp_path)
    other = new_key(tmp_path / "other.pem")
    problems = verify_dossier(done.path, other.fingerprint).problems
    assert [problem.code for problem in problems] == ["key"]


@pytest.mark.parametrize("name", ["seal/extra.txt", "note.txt"])
def test_a_tag_file_that_nobody_listed_is_named(tmp_path: Path, name: str) -> None:
    """It was put there after sealing."""
    bag = sealed(tmp_path).path
    (bag / name).write_text("x")
    assert (name, "unlisted") in {problem[:2] for problem in verify_dossier(bag).problems}


def test_hostile_bags_are_refused_and_end(tmp_path: Path) -> None:
    """JSON without end, links, names that steer terminals, nothing at all."""
    bag = sealed(tmp_path).path
    (bag / "redaction.json").write_bytes(b"[" * 200_000)
    (bag / "seal/statement.json").write_bytes(b'{"a":' * 200_000)
    (bag / "data/\x1b[2Jred").write_bytes(b"x")
    (bag / "data/VERIFY.txt").unlink()
    (bag / "data/VERIFY.txt").symlink_to("/dev/zero")
    finish = verify_dossier(bag)
    assert {"redaction.json", "seal/statement.json", "data/VERIFY.txt"} <= {
        problem.path for problem in finish.problems
    }
    assert not verify_dossier(tmp_path).holds
    assert not verify_dossier(tmp_path / "absent").holds


def test_nothing_is_sealed_without_the_log_of_attempts(tmp_path: Path) -> None:
    """Missing, broken, of another run, or of a run changed since: the message says what to do."""
    run = made_run(tmp_path)
    log = tmp_path / "attempts.jsonl"
    whole = log.read_bytes()
    cases = {
        "is missing": None,
        "is broken": whole.replace(b'"begin"', b'"began"'),
        "does not say that the run run was begun": b"",
        "does not say that the run run ended": whole.splitlines(keepends=True)[0],
    }
    for number, (words, data) in enumerate(cases.items()):
        log.unlink(missing_ok=True)
        if data is not None:
            log.write_bytes(data)
        with pytest.raises(DossierError, match=words) as caught:
            sealed(tmp_path, f"bag{number}")
        assert "cannot be sealed" in str(caught.value)
        assert "--attempts" in str(caught.value)
        assert not (tmp_path / f"bag{number}").exists()
    log.write_bytes(whole)
    settings = json.loads((run / "run.json").read_bytes())
    (run / "run.json").write_text(json.dumps(settings | {"corpus": "another"}))
    with pytest.raises(DossierError, match="states another digest"):
        sealed(tmp_path, "changed")
    assert not list(tmp_path.glob(".*.tmp"))


def test_attempts_that_found_nothing_and_that_were_killed_do_not_stand_in_the_way(tmp_path: Path) -> None:
    """They are the denominator: they go into the dossier with all others."""
    made_run(tmp_path)
    begin(tmp_path / "run-killed", {"kind": "scan"}, tmp_path / "attempts.jsonl")
    done = sealed(tmp_path)
    assert b"run-killed" in (done.path / "data/attempts.jsonl").read_bytes()
    assert verify_dossier(done.path).holds


@pytest.mark.parametrize("target", ["runlog.jsonl", "receipts", "findings"])
def test_a_run_that_was_changed_is_not_sealed(tmp_path: Path, target: str) -> None:
    """A log line, a receipt or a findings file after the search ended."""
    run = made_run(tmp_path)
    path = run / target if target.endswith("jsonl") else next((run / target).iterdir())
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"start"', b'"begun"') if target == "runlog.jsonl" else data + b"\n")
    with pytest.raises(DossierError, match=r"cannot be sealed|another digest"):
        sealed(tmp_path)


def test_a_log_cut_off_in_the_sealed_bag_is_named(tmp_path: Path) -> None:
    """The seal holds the digest: an attempt dropped from the end is found even under fresh manifests."""
    bag = sealed(tmp_path).path
    log = bag / "data/attempts.jsonl"
    log.write_bytes(log.read_bytes().splitlines(keepends=True)[0])
    finish_bag(bag, "2026-11-20")
    finish_tags(bag)
    said = {problem[:2] for problem in verify_dossier(bag).problems}
    assert {("data/attempts.jsonl", "changed"), ("data/attempts.jsonl", "attempts")} <= said


def test_what_cannot_be_sealed_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    """A place that is taken, a run that is none, a claim that is damaged, a date that is none."""
    done = sealed(tmp_path)
    with pytest.raises(DossierError, match="never overwritten"):
        sealed(tmp_path)
    wrong: tuple[dict[str, Any], ...] = ({"runs": (tmp_path,)}, {"date": "yesterday"}, {"runs": ()})
    for number, changes in enumerate(wrong):
        with pytest.raises(CountermarkError):
            sealed(tmp_path, f"other{number}", **changes)
    shutil.rmtree(done.path)
    (tmp_path / "claim/works.jsonl").write_text("{}\n")
    with pytest.raises(DossierError, match=r"works.jsonl, line 1"):
        sealed(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == [
        ".attempts.jsonl.lock"
    ]


def test_findings_go_along_when_asked(tmp_path: Path) -> None:
    """Then their digests are compared with the receipts too."""
    bag = sealed(tmp_path, with_findings=True).path
    assert list(bag.glob("data/runs/run/findings/*.parquet"))
    assert verify_dossier(bag).holds
