"""`countermark scan`: what it prints, and the exit codes of its help."""

from __future__ import annotations

import json
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from countermark.cli import main
from countermark.cli.progress import ProgressDisplay, duration, printable, size
from countermark.cli.scan import command
from countermark.scan.folder import RunFolder
from countermark.scan.runlog import read_events

PASSAGE = (
    "The ferryman counted his coins by lantern light, and every coin that he counted was a name that the "
    "river had given back; so the village slept badly whenever the water rose above the second stone."
)


def prose(seed: int, words: int) -> str:
    """Made-up prose that no other text shares a passage with."""
    draw = random.Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyz"
    made = ("".join(draw.choices(letters, k=draw.randint(3, 9))) for _ in range(words))
    return " ".join(made)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two works, an index of them, and a corpus of three files that holds a passage of one."""
    place = tmp_path_factory.mktemp("scan")
    (place / "works").mkdir()
    (place / "works" / "Ferryman.txt").write_text(f"{prose(1, 300)}. {PASSAGE} {prose(2, 300)}.")
    (place / "works" / "Silence.txt").write_text(prose(3, 600))
    (place / "corpus").mkdir()
    records = [{"text": prose(number, 200)} for number in range(10, 20)]
    records[4]["text"] += f" {PASSAGE} " + prose(30, 50)
    for name, part in (("a.jsonl", records[:5]), ("b.jsonl", records[5:])):
        (place / "corpus" / name).write_text("".join(json.dumps(record) + "\n" for record in part))
    (place / "corpus" / "c.jsonl").write_text('{"text": "short"}\n{"text": cut\n')
    built = call("index", "build", place / "works", "--out", place / "works.index")
    assert built.exit_code == 0, built.output
    return place


def call(*arguments: object) -> Result:
    """Call the command line in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def scan(place: Path, out: str, *options: object) -> Result:
    """Scan the place's corpus."""
    return call(
        "scan", place / "works.index", place / "corpus", "--out", place / out, "--workers", 1, *options
    )


def test_scan_ends_with_the_works_and_the_next_step(place: Path) -> None:
    """The counts, the works found, the caution, and what to do next."""
    result = scan(place, "plain")
    assert result.exit_code == 0, result.output
    assert "corpus: 3 shards scanned in" in result.stdout
    assert "1 of 2 works is in this data set. Being listed is not proof" in result.stdout
    assert re.search(r"\d\.\d %\s+\d+\s+Ferryman", result.stdout)
    assert "Silence" not in result.stdout
    assert "Not read: 1 row or file.\n  1 " in result.stdout
    assert result.stdout.endswith(f"Next: countermark report {place / 'plain'}\n")


def test_json_is_one_document(place: Path) -> None:
    """With --json stdout is one JSON document with the outcome and the summary."""
    result = scan(place, "json", "--json", "--snapshot-date", "2024-05-01", "--corpus-name", "Ten pages")
    assert result.exit_code == 0, result.output
    facts = json.loads(result.stdout)
    assert (facts["corpus"], facts["scanned"], facts["remaining"], facts["refused"]) == ("Ten pages", 3, 0, 1)
    assert facts["summary"]["corpus"] == {"name": "Ten pages", "snapshot_date": "2024-05-01"}


def test_parts_say_what_remains(place: Path) -> None:
    """The first part says that shards remain, the last one concludes."""
    first = scan(place, "parts", "--part", "1/2")
    assert first.exit_code == 0, first.output
    assert "Part 1/2 is done; 1 shard of other parts remains" in first.stdout
    assert "data set" not in first.stdout
    second = scan(place, "parts", "--part", "2/2")
    assert "1 of 2 works is in this data set" in second.stdout


def test_dry_run_tells_the_plan(place: Path) -> None:
    """Nothing is written, and the shards are listed."""
    result = scan(place, "dry", "--dry-run", "--part", "2/3")
    assert result.exit_code == 0, result.output
    assert "3 shards" in result.stdout
    assert "Part 2/3: 1 shard," in result.stdout
    assert "b.jsonl" in result.stdout
    assert not (place / "dry").exists()
    facts = json.loads(scan(place, "dry", "--dry-run", "--json").stdout)
    assert facts["shards"] == ["a.jsonl", "b.jsonl", "c.jsonl"]


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--part", "4/3"], 2, "a part is i/n"),
        (["--snapshot-date", "June 2023"], 2, "a date is YYYY-MM-DD"),
        (["--salt-file", "/nonexistent"], 2, "no such salt file"),
        (["--controls", "/nonexistent"], 2, "--controls /nonexistent: not a folder"),
        (["--workers", "0"], 2, "Invalid value for '--workers'"),
    ],
)
def test_bad_options_are_told(place: Path, options: list[str], code: int, message: str) -> None:
    """One line that says what is accepted, exit code 2, and no traceback."""
    result = scan(place, "bad", *options)
    assert (result.exit_code, "Traceback" in result.output) == (code, False)
    assert message in result.output


def test_missing_corpus_and_index_are_told(place: Path) -> None:
    """A corpus that is not there is exit code 2, an index that is none is 3."""
    missing = call("scan", place / "works.index", place / "nowhere", "--out", place / "bad")
    assert (missing.exit_code, "there is no such file or folder" in missing.output) == (2, True)
    no_index = call("scan", place / "works", place / "corpus", "--out", place / "bad")
    assert (no_index.exit_code, "is not an index" in no_index.output) == (3, True)


def test_folder_in_use_is_told(place: Path) -> None:
    """Two scans into one folder: the second ends with exit code 4."""
    with RunFolder(place / "busy").claimed():
        result = scan(place, "busy")
    assert (result.exit_code, "another scan is writing" in result.output) == (4, True)


def test_changed_index_is_told(place: Path, tmp_path: Path) -> None:
    """A flipped byte in the index is found before anything is scanned: exit code 3."""
    for path in (place / "works.index").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    largest = max(
        (path for path in tmp_path.iterdir() if path.suffix != ".json"), key=lambda p: p.stat().st_size
    )
    data = bytearray(largest.read_bytes())
    data[len(data) // 2] ^= 4
    largest.write_bytes(bytes(data))
    result = call("scan", tmp_path, place / "corpus", "--out", place / "flipped")
    assert (result.exit_code, "was changed after the index was built" in result.output) == (3, True)
    assert not (place / "flipped").exists()


def test_sealed_index_finds_the_same_works(place: Path, tmp_path: Path) -> None:
    """A sealed index is searched with its salt, and refused without it."""
    (tmp_path / "salt").write_bytes(bytes(range(32)))
    sealed = tmp_path / "sealed.index"
    built = call(
        "index", "build", place / "works", "--out", sealed, "--sealed", "--salt-file", tmp_path / "salt"
    )
    assert built.exit_code == 0, built.output
    without = call("scan", sealed, place / "corpus", "--out", tmp_path / "run")
    assert (without.exit_code, "--salt-file" in without.output) == (3, True)
    options: list[Any] = ["--out", tmp_path / "run", "--salt-file", tmp_path / "salt"]
    (tmp_path / "controls").mkdir()
    (tmp_path / "controls" / "later.txt").write_text(prose(99, 400))
    result = call("scan", sealed, place / "corpus", *options, "--controls", tmp_path / "controls")
    assert "1 of 2 works is in this data set" in result.output
    assert (tmp_path / "run" / "controls.index" / "manifest.json").read_text().count('"sealed"') == 1


def test_compiling_is_told_only_when_it_happens(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first use on a machine says why it takes long; later ones say nothing of it."""
    assert "Compiling" not in scan(place, "warm").stderr
    monkeypatch.setattr("countermark.kernels.cache.is_compiled", lambda _name: False)
    assert "Compiling the kernels" in scan(place, "cold").stderr


def test_controls_are_counted(place: Path) -> None:
    """Works given as controls are in the summary as controls."""
    controls = place / "controls"
    controls.mkdir()
    (controls / "later.txt").write_text(prose(99, 400))
    facts = json.loads(scan(place, "controlled", "--controls", controls, "--json").stdout)
    assert (facts["summary"]["controls"]["works"], facts["summary"]["controls"]["false_alarms"]) == (1, 0)
    assert facts["summary"]["works"]["total"] == 2


def test_nothing_read_is_told_with_its_reason(place: Path, tmp_path: Path) -> None:
    """Where no text could be read the reason stands there, and nothing is said of the works."""
    (tmp_path / "odd.csv").write_text("number,price\n1,2\n")
    result = call(
        "scan", place / "works.index", tmp_path / "odd.csv", "--out", tmp_path / "run", "--workers", 1
    )
    assert result.exit_code == 2
    assert "0 records, 0 bytes of text, 0 findings" in result.stdout
    assert re.search(
        r"Not read: 1 row or file\.\n  1 \w+; for example odd\.csv: .*--text-column", result.stdout
    )
    assert "No text was read, so nothing was searched" in result.stdout
    assert "2 works" not in result.stdout


def test_nothing_found_is_told_of_what_was_searched(place: Path) -> None:
    """No finding is no statement on the whole data set."""
    result = call(
        "scan", place / "works.index", place / "corpus" / "b.jsonl", "--out", place / "none", "--workers", 1
    )
    assert "No passage of 2 works was found in what was searched." in result.stdout


def test_false_alarms_and_free_works_are_told(place: Path, tmp_path: Path) -> None:
    """A control that is found is an alarm, told at once; a free work is told as free."""
    for path in (place / "works").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "free.csv").write_text(
        "title,licence,path\nFerryman,CC0,Ferryman.txt\nSilence,,Silence.txt\n"
    )
    (tmp_path / "controls").mkdir()
    (tmp_path / "controls" / "other.txt").write_text(f"{prose(41, 300)} {PASSAGE} {prose(42, 300)}")
    built = call("index", "build", tmp_path / "free.csv", "--out", tmp_path / "works.index")
    assert built.exit_code == 0, built.output
    options = ["--out", tmp_path / "run", "--workers", 1, "--controls", tmp_path / "controls"]
    result = call("scan", tmp_path / "works.index", place / "corpus", *options)
    assert "and not claimed: 1 of them" in result.stdout
    assert "False alarms: 1 of 1 control, which cannot be in the data set" in result.stdout


@pytest.mark.slow
def test_ctrl_c_ends_in_order_and_the_run_goes_on(place: Path, tmp_path: Path) -> None:
    """SIGINT in mid-scan: exit code 130, a message that says how to go on, no traceback; then the same result."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(8):
        lines = [json.dumps({"text": prose(100 * number + row, 20_000)}) + "\n" for row in range(20)]
        (corpus / f"{number}.jsonl").write_text("".join(lines))
    arguments: list[str | Path] = [sys.executable, "-m", "countermark", "scan"]
    arguments += [place / "works.index", corpus, "--workers", "1"]
    whole = subprocess.run([*arguments, "--out", tmp_path / "whole"], capture_output=True, check=True)
    process = subprocess.Popen(
        [*arguments, "--out", tmp_path / "run"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    receipts = tmp_path / "run" / "receipts"
    while len(list(receipts.glob("[!.]*"))) < 2:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Give the same command again to go on" in errors
    assert "Traceback" not in errors
    assert read_events(tmp_path / "run" / "runlog.jsonl")[-1]["event"] == "interrupted"
    again = subprocess.run([*arguments, "--out", tmp_path / "run"], capture_output=True, check=True)
    assert b"scanned earlier" in again.stdout
    for folder in ("findings", "receipts"):
        for path in (tmp_path / "whole" / folder).iterdir():
            assert (tmp_path / "run" / folder / path.name).read_bytes() == path.read_bytes()
    assert whole.returncode == again.returncode == 0


def test_help_lists_every_exit_code() -> None:
    """The help holds the examples and each exit code that the command can end with."""
    said = CliRunner().invoke(command, ["--help"]).output
    for code in ("0  ", "2  ", "3  ", "4  ", "5  ", "6  ", "130"):
        assert f"\n    {code}  " in said
    assert "countermark scan works.index corpus/ --out run/ --part 3/100" in said


def test_words_for_amounts() -> None:
    """Durations and sizes are short and in two units at most."""
    assert [duration(n) for n in (0, 59, 61, 3725, None)] == [
        "0 s",
        "59 s",
        "1 min 01 s",
        "1 h 02 min",
        "an unknown time",
    ]
    assert [size(n) for n in (0, 999, 1000, 1_100_000, 3_400_000_000)] == [
        "0 bytes",
        "999 bytes",
        "1.0 kB",
        "1.1 MB",
        "3.4 GB",
    ]
    assert printable("a\x1b[31mb\u202ec") == "a\ufffd[31mb\ufffdc"


def test_plain_lines_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a terminal a line appears when enough time has passed, on stderr only; quiet says nothing."""
    monkeypatch.setattr("countermark.cli.progress.SECONDS_BETWEEN_LINES", 0.0)
    for quiet in (False, True):
        with ProgressDisplay("Scanning", quiet=quiet) as display:
            display.show(50, 200, fresh=50, note="1 of 4 shards")
            display.show(100, 200, fresh=100, note="2 of 4 shards")
    said = capsys.readouterr()
    assert said.out == ""
    first, second = said.err.splitlines()
    assert first == "Scanning: 25 %; 1 of 4 shards"
    assert re.fullmatch(r"Scanning: 50 %, [\d.,]+ MB/s, .* left; 2 of 4 shards", second)
