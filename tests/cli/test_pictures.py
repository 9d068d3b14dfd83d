"""The commands on pictures: what they print, their JSON, and their exit codes."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from PIL import Image

from countermark.cli import main
from countermark.scan.runlog import read_events
from drawn_works import (
    STANDING,
    WORKS,
    drawing,
    encoded,
    samples,
    shared_corpus,
    shared_index,
    shared_works,
    write_tar,
    write_works,
)

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def call(*arguments: object) -> Result:
    """Call the command line in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A scan of the whole corpus, with what it said."""
    out = tmp_path_factory.mktemp("pictures") / "run"
    return out, call("scan", shared_index(), shared_corpus(), "--out", out, "--workers", 1, "--json")


def test_build_takes_a_folder_of_pictures_for_what_it_is(tmp_path: Path) -> None:
    """No option is needed; the next step is named; what cannot be read is listed with its reason."""
    works = write_works(tmp_path / "works", [1, 2])
    (works / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    built = call("index", "build", works, "--out", tmp_path / "w.index")
    assert built.exit_code == 0, built.output
    assert "2 works in 2 files" in built.stdout
    assert built.stdout.endswith(f"Next: countermark scan {tmp_path / 'w.index'} CORPUS --out run/\n")
    assert re.search(r"Not read: 1\n  cut\.png: ", built.stderr)
    (works / "note.txt").write_text(
        "A text among them, and so texts are indexed unless pictures are asked for."
    )
    mixed = call("index", "build", works, "--medium", "image", "--out", tmp_path / "m.index", "--json")
    facts = json.loads(mixed.stdout)
    assert (facts["medium"], facts["works"], facts["refused"]["medium"]) == ("image", 2, 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--medium", "image", "--sealed"], "--sealed is for texts"),
        (["--medium", "text", "--no-prints"], "--no-prints is for pictures"),
        (["--medium", "text", "--embedding", "x.onnx"], "--embedding is for pictures"),
        (["--embedding", "none.onnx"], "--embedding none.onnx: cannot be read: No such file or directory"),
    ],
)
def test_options_of_the_other_medium_are_refused(tmp_path: Path, options: list[str], message: str) -> None:
    """Exit code 2, one message, nothing written."""
    told = call("index", "build", shared_works(), "--out", tmp_path / "i", *options)
    assert (told.exit_code, message in told.output) == (2, True), told.output
    assert not list(tmp_path.iterdir())


def test_nothing_readable_is_told_with_its_reason(tmp_path: Path) -> None:
    """One broken picture, and an empty folder."""
    (tmp_path / "cut.jpg").write_bytes(encoded(drawing(1))[:300])
    told = call("index", "build", tmp_path / "cut.jpg", "--out", tmp_path / "i")
    assert (told.exit_code, "cut.jpg: " in told.output) == (2, True)
    (tmp_path / "empty").mkdir()
    told = call("index", "build", tmp_path / "empty", "--out", tmp_path / "i", "--medium", "image")
    assert (told.exit_code, "no work found" in told.output) == (2, True)
    assert not (tmp_path / "i").exists()


def test_info_speaks_of_pictures(tmp_path: Path) -> None:
    """Counts that only texts have are left out, here and in the JSON."""
    told = call("index", "info", shared_index())
    assert told.exit_code == 0
    assert re.search(r"^works +8$", told.stdout, re.MULTILINE)
    assert re.search(r"^prints +kept$", told.stdout, re.MULTILINE)
    assert "letters" not in told.stdout
    facts = json.loads(call("index", "info", shared_index(), "--json").stdout)
    assert (facts["medium"], facts["prints"], facts["works"]) == ("image", True, 8)
    assert not {"words", "letters", "code_points", "guarantee_letters"} & set(facts)
    salted = call("index", "info", shared_index(), "--salt-file", tmp_path / "salt")
    assert (salted.exit_code, "this one is of pictures" in salted.output) == (2, True)


def test_compiling_is_told_only_when_it_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not of works without texture, of which the last kernel is never run; not before the index was accepted."""
    flat = tmp_path / "flat"
    flat.mkdir()
    (flat / "a.png").write_bytes(encoded(Image.linear_gradient("L"), "PNG"))
    told = [call("index", "build", flat, "--out", tmp_path / f"{number}.index") for number in (1, 2)]
    assert "Compiling" not in told[1].stderr, told[1].output
    scans = [call("scan", tmp_path / "1.index", flat, "--out", tmp_path / f"run-{run}") for run in (1, 2)]
    assert scans[1].exit_code == 0, scans[1].output
    assert "Compiling" not in scans[1].stderr
    monkeypatch.setattr("countermark.kernels.cache.is_compiled", lambda _name: False)
    assert "Compiling" in call("index", "build", flat, "--out", tmp_path / "3.index").stderr
    refused = call("index", "build", flat, "--out", flat)
    assert (refused.exit_code > 0, "Compiling" in refused.stderr) == (True, False)
    (tmp_path / "1.index" / "views.bin").write_bytes(b"")
    refused = call("scan", tmp_path / "1.index", flat, "--out", tmp_path / "run-3")
    assert (refused.exit_code, "Compiling" in refused.stderr) == (3, False)


@pytest.mark.parametrize("name", ["DSC.CR2", "IMG.HEIC"])
def test_pictures_that_are_not_read_are_called_so(tmp_path: Path, name: str) -> None:
    """By name, in a folder of nothing else, with the medium asked for or not: what to do is said."""
    head = b"II*\0\x10\0\0\0CR" if name == "DSC.CR2" else b"\0\0\0\x18ftypheic"
    (tmp_path / name).write_bytes(head + bytes(300))
    for options in ([], ["--medium", "image"], ["--medium", "text"]):
        told = call("index", "build", tmp_path, "--out", tmp_path / "i", *options)
        assert told.exit_code == 2
        assert f"a picture of a format that is not read ({name[-4:].strip('.')}): export it as" in told.output


def test_scan_counts_pictures_and_frames(run: tuple[Path, Result]) -> None:
    """The JSON has the outcome and the summary."""
    out, told = run
    assert told.exit_code == 0, told.output
    facts = json.loads(told.stdout)
    assert (facts["medium"], facts["shards"], facts["refused"]) == ("image", 3, 5)
    assert facts["findings"] == sum(sample.work is not None for sample in samples())
    assert facts["frames"] > facts["findings"]
    assert facts["picture_bytes"] > 1_000_000
    assert facts["summary"]["works"]["in_data_set"] == STANDING
    again = call("scan", shared_index(), shared_corpus(), "--out", out)
    assert again.exit_code == 0, again.output
    assert f"3 scanned earlier; {facts['records']} pictures, " in again.stdout
    assert "Not read: 5 rows or files." in again.stdout
    assert f"{STANDING} of your {WORKS} works stand in this data set" in again.stdout
    assert len(re.findall(r"^ +\d+ +\d+ % +work-\d$", again.stdout, re.MULTILINE)) == STANDING
    assert again.stdout.endswith(f"Next: countermark report {out}\n")


def test_report_draws_the_evidence(run: tuple[Path, Result]) -> None:
    """One picture a finding, the same when it is drawn again."""
    out, _ = run
    told = call("report", out, "--pictures", "--lang", "en")
    assert told.exit_code == 0, told.output
    drawn = {path.name: path.read_bytes() for path in (out / "evidence").iterdir()}
    assert f"Evidence: {len(drawn)} pictures in {out / 'evidence'}" in told.stderr
    assert len(drawn) == sum(sample.work is not None for sample in samples())
    assert call("report", out, "--pictures", "--lang", "en").exit_code == 0
    assert drawn == {path.name: path.read_bytes() for path in (out / "evidence").iterdir()}


def test_dry_run_lists_what_holds_pictures(tmp_path: Path) -> None:
    """Nothing is written."""
    told = call("scan", shared_index(), shared_corpus(), "--out", tmp_path / "run", "--dry-run")
    assert told.exit_code == 0, told.output
    assert "3 shards" in told.stdout
    assert "b.parquet  parquet" in told.stdout
    assert not (tmp_path / "run").exists()


def test_exit_codes(tmp_path: Path) -> None:
    """A corpus without pictures, one of which none can be decoded, an index that is damaged, and a used folder."""
    (tmp_path / "note.txt").write_text("no picture")
    out = ("--out", tmp_path / "run")
    told = call("scan", shared_index(), tmp_path / "note.txt", *out)
    assert (told.exit_code, "pictures are looked for" in told.output) == (2, True)
    (tmp_path / "cut.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    told = call("scan", shared_index(), tmp_path / "cut.jpg", *out)
    assert (told.exit_code, "1 picture, " in told.output) == (2, True), told.output
    other = tmp_path / "other.jpg"
    other.write_bytes(encoded(drawing(1)))
    assert call("scan", shared_index(), other, *out).exit_code == 4
    told = call("scan", shared_index(), other, "--out", tmp_path / "r", "--salt-file", __file__)
    assert (told.exit_code, "has no salt" in told.output) == (3, True)
    damaged = tmp_path / "damaged.index"
    damaged.mkdir()
    for path in shared_index().iterdir():
        (damaged / path.name).write_bytes(path.read_bytes())
    (damaged / "views.bin").write_bytes(b"")
    told = call("scan", damaged, other, "--out", tmp_path / "r")
    assert (told.exit_code, "views.bin has 0 bytes" in told.output) == (3, True)


@pytest.mark.slow
def test_ctrl_c_ends_in_order_and_the_run_goes_on(tmp_path: Path) -> None:
    """SIGINT in mid-scan: exit code 130, a message that says how to go on; then the bytes of an undisturbed run."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(6):
        write_tar(corpus / f"{number}.tar", samples()[number::2])
    arguments = [
        sys.executable,
        "-m",
        "countermark",
        "scan",
        str(shared_index()),
        str(corpus),
        "--workers",
        "1",
    ]
    whole = subprocess.run([*arguments, "--out", tmp_path / "whole"], capture_output=True, check=True)
    process = subprocess.Popen(
        [*arguments, "--out", tmp_path / "run"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not list((tmp_path / "run" / "receipts").glob("[!.]*")):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Give the same command again to go on" in errors
    assert "Traceback" not in errors
    assert read_events(tmp_path / "run" / "runlog.jsonl")[-1]["event"] == "interrupted"
    again = subprocess.run([*arguments, "--out", tmp_path / "run"], capture_output=True, check=True)
    assert b"scanned earlier" in again.stdout
    for folder in ("findings", "receipts", "pictures", "works"):
        for path in (tmp_path / "whole" / folder).rglob("*"):
            if path.is_file():
                assert (
                    tmp_path / "run" / path.relative_to(tmp_path / "whole")
                ).read_bytes() == path.read_bytes()
    assert whole.returncode == again.returncode == 0
