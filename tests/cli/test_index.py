"""`countermark index build` and `countermark index info`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countermark.cli import main

VERSE = "The ferry leaves at six and no one waits upon the quay but me and two grey herons and the tide. "


@pytest.fixture
def works(tmp_path: Path) -> Path:
    """A folder with two works and one file that is none."""
    folder = tmp_path / "works"
    folder.mkdir()
    for number in range(2):
        text = "".join(f"{line} {VERSE}" for line in range(100 * number, 100 * number + 60))
        (folder / f"poem-{number}.txt").write_text(text, encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 and then nothing")
    return folder


def run(*arguments: str | Path) -> Result:
    """Give a command."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_build_and_info(works: Path, tmp_path: Path) -> None:
    """An index is built, says what it holds and what to do next; info tells the same."""
    out = tmp_path / "works.index"
    built = run("index", "build", works, "--out", out)
    assert built.exit_code == 0, built.stderr
    assert "2 works in 2 files" in built.stdout
    assert built.stdout.splitlines()[-1] == f"Next: countermark scan {out} CORPUS --out run/"
    assert "Not read: 1" in built.stderr
    assert "broken.pdf" in built.stderr
    told = run("index", "info", out)
    assert told.exit_code == 0
    assert "is found" in told.stdout.splitlines()[-1]
    facts = json.loads(run("index", "info", out, "--json").stdout)
    assert (facts["works"], facts["assets"], facts["form"]) == (2, 2, "full")
    assert facts["guarantee_letters"] > 0


def test_build_as_json(works: Path, tmp_path: Path) -> None:
    """--json prints the manifest and the refusals by reason, and nothing else."""
    built = run("index", "build", works, "--out", tmp_path / "works.index", "--json")
    facts = json.loads(built.stdout)
    assert facts["works"] == 2
    assert sum(facts["refused"].values()) == 1


def test_sealed_needs_a_salt(works: Path, tmp_path: Path) -> None:
    """Without a salt file there is no sealed index, and a short or absent one is explained."""
    out, salt = tmp_path / "sealed.index", tmp_path / "salt.bin"
    assert "--salt-file" in run("index", "build", works, "--out", out, "--sealed").stderr
    absent = run("index", "build", works, "--out", out, "--sealed", "--salt-file", salt)
    assert absent.exit_code == 2
    assert "head -c 32 /dev/urandom" in absent.stderr
    salt.write_bytes(b"short")
    short = run("index", "build", works, "--out", out, "--sealed", "--salt-file", salt)
    assert short.exit_code == 2
    assert "5 bytes" in short.stderr
    assert not out.exists()


def test_a_sealed_index(works: Path, tmp_path: Path) -> None:
    """A sealed index is built with its salt, and does not open with another."""
    out, salt, other = tmp_path / "sealed.index", tmp_path / "salt.bin", tmp_path / "other.bin"
    salt.write_bytes(bytes(range(32)))
    other.write_bytes(bytes(range(1, 33)))
    built = run("index", "build", works, "--out", out, "--sealed", "--salt-file", salt)
    assert built.exit_code == 0, built.stderr
    assert f"--salt-file {salt}" in built.stdout.splitlines()[-1]
    assert json.loads(run("index", "info", out, "--json").stdout)["form"] == "sealed"
    assert run("index", "info", out, "--salt-file", salt).exit_code == 0
    assert run("index", "info", out, "--salt-file", other).exit_code == 3


def test_a_salt_for_a_full_index_is_refused(works: Path, tmp_path: Path) -> None:
    """A salt without --sealed is a misunderstanding, and is said to be one."""
    result = run("index", "build", works, "--out", tmp_path / "i", "--salt-file", works / "poem-0.txt")
    assert result.exit_code == 2
    assert "--sealed" in result.stderr


def test_nothing_to_read(tmp_path: Path) -> None:
    """An empty folder, and a folder of files that cannot be read, end with 2 and say why."""
    (tmp_path / "empty").mkdir()
    result = run("index", "build", tmp_path / "empty", "--out", tmp_path / "i")
    assert result.exit_code == 2
    assert result.stderr.startswith("countermark: ")
    assert not (tmp_path / "i").exists()


def test_info_on_something_else(works: Path) -> None:
    """A folder that is no index ends with 3."""
    result = run("index", "info", works)
    assert result.exit_code == 3
    assert "not an index" in result.stderr
