"""Sealing and verifying: what is in a dossier, what stops it, and that one changed byte anywhere is found."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import bagit
import pytest

from countermark.errors import CountermarkError, DossierError
from countermark.evidence.dossier.bag import finish_bag, finish_tags
from countermark.evidence.dossier.keys import new_key
from countermark.evidence.dossier.verify import verify_dossier
from countermark.evidence.dossier.verify_text import COMMANDS, commands_in
from countermark.scan.attempts import begin
from countermark.scan.runlog import RunLog
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
    assert commands == list(COMMANDS.values())
    for command in commands:
        result = shell(command, done.path)
        assert result.returncode == 0, (command, result.stderr)
    assert done.facts["key_fingerprint"] in shell(COMMANDS["key"], done.path).stdout


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    """Twice with one key; another key gives other salts and another identity."""
    one, two = sealed(tmp_path, "one"), sealed(tmp_path, "two")
    assert files_in(one.path) == files_in(two.path)
    (tmp_path / "key.pem").unlink()
    three = sealed(tmp_path, "three")
    assert three.identity != one.identity
    work = "data/items/00001/findings.csv"
    assert files_in(three.path).get(work) != files_in(one.path)[work]


@pytest.mark.slow
def test_place_user_and_settings_of_the_machine_make_no_difference(tmp_path: Path) -> None:
    """Relative and absolute paths, time zone, language, order of hashing, mask: the same bytes, and no path in them."""
    made_run(tmp_path)
    new_key(tmp_path / "key.pem")
    (tmp_path / "home").mkdir()

    def seal_by_command(place: Path, prefix: str, out: str, mask: int, **settings: str) -> dict[str, bytes]:
        given = [
            f"{prefix}run",
            "--key",
            f"{prefix}key.pem",
            "--out",
            f"{prefix}{out}",
            "--date",
            "2026-11-20",
        ]
        command = [sys.executable, "-m", "countermark", "dossier", "seal", *given]
        environment = {**os.environ, "HOME": str(tmp_path / "home"), **settings}
        subprocess.run(command, cwd=place, check=True, capture_output=True, env=environment, umask=mask)
        return files_in(tmp_path / out)

    one = seal_by_command(tmp_path, "", "one", 0o022, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    other = {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C", "USER": "someone"}
    two = seal_by_command(tmp_path / "home", f"{tmp_path}/", "two", 0o077, **other)
    assert one == two
    assert [path for path, data in one.items() if str(tmp_path).encode() in data] == []


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


def test_a_fresh_log_of_attempts_does_not_hide_the_searches_before(tmp_path: Path) -> None:
    """A search that was taken up again into another log: the run's own log counts them, or names the line."""
    run = made_run(tmp_path)
    old = tmp_path / "attempts.jsonl"
    fresh = tmp_path / "fresh.jsonl"
    log = RunLog(run / "runlog.jsonl")
    log.append("start", {})
    begin(run, {"kind": "scan"}, fresh).end("finish", {})
    sealed(tmp_path, "not-begun-again", attempts=fresh)  # the start had no effect: it could not be logged
    log.append("finish", {})
    with pytest.raises(DossierError, match="holds 1 of the 2 times that the run run was begun"):
        sealed(tmp_path, "counted", attempts=fresh)

    attempt = begin(run, {"kind": "scan"}, old)
    log.append("start", attempt.facts)
    log.append("finish", {})
    attempt.end("finish", {})
    begin(run, {"kind": "scan"}, old).end("finish", {})
    for _ in range(3):
        begin(run, {"kind": "scan"}, fresh).end("finish", {})
    with pytest.raises(DossierError, match="lacks the line that began it"):
        sealed(tmp_path, "named", attempts=fresh)
    assert verify_dossier(sealed(tmp_path, attempts=old).path).holds


def test_public_tools_show_what_was_added_and_what_is_withheld(tmp_path: Path) -> None:
    """Also under fresh manifests, of which the first steps say that all is well."""
    bag = sealed(tmp_path).path
    assert shell(COMMANDS["absent"], bag).stdout == ""
    (bag / "data/claim/added.txt").write_text("added")
    (bag / "data/software.txt").unlink()
    finish_bag(bag, "2026-11-20")
    finish_tags(bag)
    assert shell(COMMANDS["files"], bag).returncode == 0
    assert shell(COMMANDS["committed"], bag).returncode == 0
    added = shell(COMMANDS["added"], bag)
    assert (added.returncode, added.stdout) == (1, "data/claim/added.txt\n")
    assert shell(COMMANDS["absent"], bag).stdout == "data/software.txt\n"


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
