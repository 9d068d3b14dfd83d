"""`countermark selftest`, with the real index and the real matching."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from countermark.cli import main

WORDS = [
    first + second
    for first in ("bar", "cor", "del", "fen", "gal", "hol", "lum", "mer", "nor", "pel", "sil", "tan", "vor")
    for second in ("ada", "eben", "ifor", "omund", "una", "ysse", "arth", "ell", "ing", "orow")
]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two works of 700 invented words, and hosts of other words, so that nothing is shared but what is planted."""
    rng = Random(3)
    works, hosts = tmp_path / "works", tmp_path / "hosts"
    works.mkdir()
    hosts.mkdir()
    for number in range(2):
        (works / f"w{number}.txt").write_text(" ".join(rng.choices(WORDS, k=700)), encoding="utf-8")
    text = "\n\n".join(" ".join(rng.choices([word[::-1] for word in WORDS], k=90)) for _ in range(120))
    (hosts / "host.txt").write_text(text, encoding="utf-8")
    return works, hosts


def run(*arguments: str | Path) -> Result:
    """Give a command that must succeed."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.stderr
    return result


def test_recall_and_false_alarms_are_counted(folders: tuple[Path, Path]) -> None:
    """What is copied verbatim is all found; text without plants raises no alarm; the counts add up."""
    works, hosts = folders
    facts = json.loads(run("selftest", works, "--hosts", hosts, "--each", "1", "--json").stdout)
    verbatim = [cell for cell in facts["cells"] if cell["alteration"] == "verbatim"]
    assert verbatim
    assert all(cell["found"] == cell["planted"] == 1 for cell in verbatim if cell["words"] >= 50)
    assert sum(cell["planted"] for cell in facts["cells"]) == facts["planted"] == 42
    assert facts["records"] >= facts["planted"]
    assert facts["records_with_alarm"] == 0
    low, high = facts["alarm_interval"]
    assert (low, 0 < high < 0.2) == (0.0, True)


def test_the_same_seed_gives_the_same_words(folders: tuple[Path, Path]) -> None:
    """The output is the same twice, and says what was planted where, and what to do next."""
    works, hosts = folders
    first = run("selftest", works, "--hosts", hosts, "--each", "1").stdout
    assert first == run("selftest", works, "--hosts", hosts, "--each", "1").stdout
    assert str(hosts) in first
    assert "42" in first
    assert first.splitlines()[-1] == f"Next: countermark index build {works} --out works.index"


def test_french_carries_the_same_facts(folders: tuple[Path, Path]) -> None:
    """In French the table has the same counts, and numbers and punctuation are French."""
    works, hosts = folders
    english = run("selftest", works, "--hosts", hosts, "--each", "1").stdout
    french = run("selftest", works, "--hosts", hosts, "--each", "1", "--lang", "fr").stdout
    counts = [
        [word for word in text.split() if "/" in word and word[0].isdigit()] for text in (english, french)
    ]
    assert counts[0] == counts[1]
    assert "Trouvés\u00a0:" in french
    assert "\u202f%" in french


def test_hosts_without_text_are_refused(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """A host folder that holds no text to plant in ends with 2."""
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "short.txt").write_text("too short", encoding="utf-8")
    result = CliRunner().invoke(main, ["selftest", str(folders[0]), "--hosts", str(tmp_path / "bare")])
    assert result.exit_code == 2
    assert "bare" in result.stderr


def test_works_that_are_too_short_are_said_to_be(tmp_path: Path) -> None:
    """Works of under 20 words leave nothing to plant, and that is said."""
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "haiku.txt").write_text("an old silent pond", encoding="utf-8")
    result = CliRunner().invoke(main, ["selftest", str(tmp_path / "w")])
    assert result.exit_code == 2
    assert "20 words" in result.stderr
