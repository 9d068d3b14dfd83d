"""The example of watching in README.md: what it shows is what the commands print."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from countermark.cli import main

PAGE = Path(__file__).parents[2] / "README.md"
WORDS = (
    "lamp",
    "river",
    "stone",
    "harbour",
    "winter",
    "bread",
    "gull",
    "ladder",
    "copper",
    "orchard",
    "tide",
    "salt",
)
POEMS = ("Low Water", "The Lamplighter", "Winter Bread")
IN_VERSION = {"may": {0: "Low Water", 1: "The Lamplighter"}, "june": {0: "Low Water", 1: "Winter Bread"}}
SHARDS = 4


def verse(seed: int, words: int = 120) -> str:
    """Made-up lines that no other seed gives."""
    draw = random.Random(seed)
    return " ".join(draw.choices(WORDS, k=words))


def write_version(folder: Path, poems: dict[int, str]) -> None:
    """A version of the data set: JSON Lines, other texts in each, and a poem in some."""
    folder.mkdir()
    for shard in range(SHARDS):
        texts = [verse(1000 + 10 * shard + row) for row in range(3)]
        texts += [verse(POEMS.index(poems[shard]))] if shard in poems else []
        lines = (json.dumps({"text": text}) + "\n" for text in texts)
        (folder / f"part-{shard}.jsonl").write_text("".join(lines), encoding="utf-8")


def shown() -> tuple[str, list[str]]:
    """The command of the example, and the lines that it shows."""
    block = (
        PAGE.read_text(encoding="utf-8")
        .partition("<!-- watch:begin -->")[2]
        .partition("<!-- watch:end -->")[0]
    )
    command, *lines = block.strip().strip("`").strip().splitlines()
    return command.removeprefix("$ countermark "), lines[: lines.index("…")]


def ran(command: str) -> str:
    """What a command prints; it must succeed."""
    done = CliRunner().invoke(main, command.split())
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.slow
def test_the_example_is_what_the_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Word for word, the seconds apart."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "poems").mkdir()
    for number, title in enumerate(POEMS):
        (tmp_path / "poems" / f"{title}.txt").write_text(verse(number), encoding="utf-8")
    for version, poems in IN_VERSION.items():
        write_version(tmp_path / f"crawl-{version}", poems)
    ran("index build poems/ --out poems.index")
    ran("scan poems.index crawl-may/ --out may/ --snapshot-date 2024-05-31 --workers 1")
    command, lines = shown()
    said = ran(f"{command} --workers 1").splitlines()[: len(lines)]
    assert [re.sub(r"in \d+ s", "in … s", line) for line in said] == [
        re.sub(r"in \d+ s", "in … s", line) for line in lines
    ]
