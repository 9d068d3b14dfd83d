"""A kit's tables at the command line: one can be named, what is said of them, and that a kit stays as it was built."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countermark.cli import kit_start, main
from countermark.cli.kit_build import _tell
from countermark.kit import layout
from countermark.kit import start as kit_start_of
from countermark.kit.build import Built
from kit.small_kits import make_kit
from kit.test_kit_tokens import put_tables
from token_corpora import as_megatron, texts, tokenizer

BUILD = "at home, build a kit that has the right one (countermark kit build --tokenizer NAME; this one has "


@pytest.fixture
def furnished(tmp_path: Path) -> Path:
    """A kit with two tables, and two shards of ids; `few` holds too few to tell by."""
    make_kit(tmp_path)
    put_tables(tmp_path)
    for number in range(2):
        as_megatron(tmp_path / "corpus", texts(seed=number), tokenizer(), f"{number}.bin")
    as_megatron(tmp_path / "few", ["Nothing but a few words."], tokenizer())
    return tmp_path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def kit_run(place: Path, corpus: str, *more: object) -> Result:
    given = ("--kit", place / "kit", "--out", place / "medium", "--salt-file", place / "kit.salt")
    return call("kit", "run", place / corpus, *given, "--workers", 1, *more)


def test_what_cannot_be_told_can_be_named(furnished: Path) -> None:
    """The message says what can be done in the room, and that does it; another name later is another run."""
    unclear = kit_run(furnished, "few")
    assert unclear.exit_code == 2, unclear.output
    assert "name the right one with --tokenizer, if you know it otherwise, or " + BUILD in unclear.output
    assert "only the tables of small-0, small-1)" in unclear.output
    assert "tokenizer get" not in unclear.output
    named = kit_run(furnished, "few", "--tokenizer", "small-0")
    assert named.exit_code == 0, named.output
    assert "1 shard holds token ids: small-0, as named." in named.stderr
    other = kit_run(furnished, "few", "--tokenizer", "small-1")
    assert other.exit_code == 4, other.output
    assert "small-0, now small-1. Use a new folder" in other.output


def test_only_tables_of_the_kit_are_named(furnished: Path) -> None:
    """Neither an unknown name nor a file; it is told before the self-test, and nothing is written."""
    for name in ("gpt5", str(furnished / "tables" / "small-0.tokens")):
        refused = kit_run(furnished, "few", "--tokenizer", name)
        assert refused.exit_code == 2
        assert f"--tokenizer {name}: no table in this kit has this name: {BUILD}" in refused.output
        assert "self-test" not in refused.output
    assert not (furnished / "medium").exists()


def test_a_kit_without_tables_says_so(tmp_path: Path) -> None:
    """There is nothing to get in a room."""
    make_kit(tmp_path)
    as_megatron(tmp_path / "corpus", texts(), tokenizer())
    done = kit_run(tmp_path, "corpus")
    assert done.exit_code == 2
    assert f"no tokeniser is at hand: {BUILD}no table)" in done.output


def test_a_part_is_done_when_it_is(furnished: Path) -> None:
    """The same command would change nothing; the tokeniser is told, in plans for programs too."""
    planned = kit_run(furnished, "corpus", "--dry-run", "--json")
    assert [one["tokenizer"] for one in json.loads(planned.stdout)["tokenizers"]] == ["small-0"]
    first = kit_run(furnished, "corpus", "--part", "1/2")
    assert first.exit_code == 0, first.output
    assert "2 shards hold token ids: small-0 by trial of 1 file" in first.stderr
    close = f"countermark kit close {furnished / 'medium'}\n"
    assert f"Part 1/2 is done; 1 shard of other parts remains. When all are done: {close}" in first.stdout
    assert "again" not in first.stdout
    assert f"Next: {close}" in kit_run(furnished, "corpus", "--part", "2/2").stdout


@pytest.mark.parametrize("names", [(), ("gpt2", "llama")])
def test_building_says_which_tables_it_took(
    names: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Or that it took none, which is noticed in the room otherwise."""
    facts = {"index": {"works": 3}, **({"tokenizers": [{"name": name} for name in names]} if names else {})}
    for as_json in (False, True):
        _tell(Built(Path("kit"), "CODE", 1, 1, None, facts), None, salt_inside=True, as_json=as_json)
    said, told = capsys.readouterr().out.split("{", 1)
    expected = (
        "Token ids are read by its tables: gpt2, llama."
        if names
        else "It has no tables of tokenisers: it can read texts, and no token ids (--tokenizer, --tokenizers)."
    )
    assert expected in said.splitlines()
    assert json.loads("{" + told)["tokenizers"] == list(names)


def test_a_kit_goes_by_its_own_tables(furnished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the machine has a folder of its own; and adding to them would make it another kit."""
    kit = furnished / "kit"
    monkeypatch.setattr(sys, "prefix", str(kit / layout.SYSTEM))
    monkeypatch.setattr("countermark.kit.start.spawn_through_loader", lambda _: None)
    monkeypatch.setattr(main, "main", lambda **_: None)
    monkeypatch.setenv("COUNTERMARK_TOKENIZERS", "/of/the/machine")
    monkeypatch.setattr(os, "umask", lambda mask: mask)
    for name in [name for name in os.environ if name.startswith(("PYTHON", "LD_", "NUMBA_"))]:
        monkeypatch.setenv(name, os.environ[name])  # put back when the test ends
    kit_start.main()
    assert os.environ["COUNTERMARK_TOKENIZERS"] == str(kit / layout.TOKENIZERS)
    monkeypatch.undo()
    monkeypatch.setenv("COUNTERMARK_TOKENIZERS", str(kit / layout.TOKENIZERS))
    monkeypatch.setattr(kit_start_of, "kit_folder", lambda: kit)
    shown = json.loads(call("tokenizer", "show", "small-0", "--json").stdout)
    assert Path(shown["file"]).parent == kit / layout.TOKENIZERS
    assert Path(shown["file"]).is_file()
    assert "2 tables in " in call("tokenizer", "list").stdout
    assert "small-0" in call("tokenizer", "identify", furnished / "corpus").stdout
    assert BUILD in call("tokenizer", "identify", furnished / "few").stderr
    file = furnished / "tables" / "small-0.tokens"
    for asked in (("add", file), ("get", "gpt2", "--registry", "http://127.0.0.1:9")):
        refused = call("tokenizer", *asked)
        assert (refused.exit_code, "the tables of a kit are not changed" in refused.stderr) == (2, True)
    assert call("tokenizer", "add", file, "--tokenizers", furnished / "mine").exit_code == 0
