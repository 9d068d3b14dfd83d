"""`countermark trap new`, `apply` and `commit`, as a new user calls them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from countermark.cli.trap import COMMANDS, command
from memorization.planted_works import WORKS, approve, written

if TYPE_CHECKING:
    from pathlib import Path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments])


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A folder with works, a key and copies."""
    written(tmp_path / "works", "mill.txt", "book.epub", "mill.docx")
    assert call("new", tmp_path / "works", "--key", tmp_path / "k", "-o", tmp_path / "out").exit_code == 0
    approve(tmp_path / "out")
    assert call("apply", tmp_path / "out", "--key", tmp_path / "k").exit_code == 0
    return tmp_path


def test_from_works_to_a_commitment(tmp_path: Path) -> None:
    """The key is written once, and its secret never shown; each command names the next one."""
    works, key, out = written(tmp_path / "works"), tmp_path / "my.key", tmp_path / "out"
    new = call("new", works, "--key", key, "--channel", "web", "--channel", "licensee-a", "-o", out)
    assert new.exit_code == 0, new.output
    assert "Keep it secret" in new.output
    assert f"countermark trap apply {out} --key {key}" in new.output
    approve(out)
    dry = call("apply", out, "--key", key, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert " → " in dry.output
    assert dry.output.endswith("Nothing is written.\n")
    assert not (out / "copies").exists()
    real = call("apply", out, "--key", key)
    assert f"in {2 * len(WORKS)} of {2 * len(WORKS)}" in real.output
    assert " → " not in real.output
    committed = call("commit", out, "--key", key)
    assert committed.exit_code == 0, committed.output
    checked = call("commit", out, "--key", key, "--check")
    assert "The key and the traps are those that were committed to." in checked.output
    assert "No time stamp" in checked.output
    secret = json.loads(key.read_text())["key"]
    shown = "".join(one.output for one in (new, dry, real, committed, checked))
    assert secret not in shown
    assert all(secret.encode() not in path.read_bytes() for path in out.rglob("*") if path.is_file())


def test_a_key_that_is_there_is_used(planted: Path) -> None:
    """And not drawn again."""
    before = (planted / "k").read_bytes()
    again = call("new", planted / "works", "--key", planted / "k", "-o", planted / "other")
    assert "Key:" not in again.output
    assert (planted / "k").read_bytes() == before


def test_the_folder_of_a_new_key_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    """The first command of the documentation works as it stands there; a line that is added is told as one."""
    works, key, out = (
        written(tmp_path / "works", "mill.txt"),
        tmp_path / "private" / "traps.key",
        tmp_path / "t",
    )
    made = call("new", works, "--key", key, "--form", "archive-reference", "-o", out)
    assert made.exit_code == 0, made.output
    assert (key.parent.stat().st_mode & 0o777, key.stat().st_mode & 0o777) == (0o700, 0o600)
    approve(out)
    assert ": 1 line added; one of 1,000 candidates" in call("apply", out, "--key", key).output


def test_planting_speaks_french(tmp_path: Path) -> None:
    """With the spaces of French typography, and the same facts."""
    works, key, out = written(tmp_path / "works", "mill.txt"), tmp_path / "k", tmp_path / "t"
    new = call("new", works, "--key", key, "-o", out, "--lang", "fr")
    assert f"Clé\u00a0: {key} — nouvelle." in new.output
    assert "dans 1\u00a0œuvre" in new.output
    approve(out)
    dry = call("apply", out, "--key", key, "--dry-run", "--lang", "fr")
    assert dry.output.endswith("Rien n’est écrit.\n")
    assert "dans 1 sur 1." in call("apply", out, "--key", key, "--lang", "fr").output
    power = call("power", out, "--lang", "fr")
    assert "Canal web\u00a0: 1\u00a0œuvre." in power.output
    assert (
        "Aucune ne peut passer" in call("power", "--works", "1", "--alpha", "0.0001", "--lang", "fr").output
    )


def test_a_sheet_is_never_overwritten(planted: Path) -> None:
    """What an editor approved is work."""
    again = call("new", planted / "works", "--key", planted / "k", "-o", planted / "out")
    assert again.exit_code == 5
    assert "holds a sheet already" in again.output


def test_the_outcome_as_json_shows_what_is_published_only_where_asked(planted: Path) -> None:
    """A dry run asks."""
    told = json.loads(call("apply", planted / "out", "--key", planted / "k", "--json").stdout)
    assert [copy["changes"] for copy in told["copies"]] == [[], [], []]
    assert all(copy["read_again"] for copy in told["copies"])
    dry = json.loads(call("apply", planted / "out", "--key", planted / "k", "--json", "--dry-run").stdout)
    assert dry["written"] is False
    assert all(copy["changes"] for copy in dry["copies"])


def test_works_that_were_moved_are_found_where_the_user_says(planted: Path) -> None:
    """They are known by their digests."""
    (planted / "works").rename(planted / "moved")
    lost = call("apply", planted / "out", "--key", planted / "k")
    assert lost.exit_code == 2
    assert "does not exist" in lost.output
    found = call("apply", planted / "out", "--key", planted / "k", "--works", planted / "moved")
    assert found.exit_code == 0, found.output


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["apply", "out", "--key", "lost"], 2, "no such key; without its key"),
        (["commit", "out", "--key", "lost"], 2, "no such key; without its key"),
        (["commit", "out", "--key", "lost", "--check"], 2, "no such key; without its key"),
        (["apply", "nowhere", "--key", "k"], 2, "`countermark trap new` writes it"),
        (["new", "nowhere", "--key", "k", "-o", "x"], 2, "nowhere: does not exist"),
        (["new", "works", "--key", "k", "-o", "x", "--channel", "../up"], 2, "small letters, digits and '-'"),
        (["new", "works", "--key", "k", "-o", "x", "--pairs", "none.txt"], 2, "does not exist"),
        (["new", "works", "--key", "out/sheet.csv", "-o", "x"], 2, "no key of traps"),
        (["new", "works", "--key", "k", "-o", "works/out"], 2, "lies among the works"),
        (["new", "works", "--key", "works/k", "-o", "x"], 2, "lies among the works"),
        (["new", "works", "--key", "k/k2", "-o", "x"], 5, "cannot be written"),
        (["commit", "out", "--key", "k", "--authority", "https://a.example"], 2, "--chain FILE"),
        (["commit", "out", "--key", "k", "--check", "--query", "q"], 2, "give it alone"),
        (["commit", "out", "--key", "k", "--query", "q", "--response", "r"], 2, "give one of"),
    ],
)
def test_errors_are_one_line_with_an_exit_code(
    planted: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, message: str
) -> None:
    """No traceback reaches a user."""
    monkeypatch.chdir(planted)
    result = call(*arguments)
    assert result.exit_code == code, result.output
    assert message in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_a_stamp_is_asked_for_kept_and_checked(planted: Path) -> None:
    """By an authority of our own, over the network of this machine; a response to another commitment does not hold."""
    pytest.importorskip("rfc3161_client", reason="needs the extra [claims]")
    from evidence.dossier.authority import Authority

    authority, out, key = Authority(planted / "tsa"), planted / "out", planted / "k"
    with authority.served() as url:
        made = call("commit", out, "--key", key, "--authority", url, "--chain", authority.chain)
        assert made.exit_code == 0, made.output
        assert "Time stamp: " in made.output
        again = call("commit", out, "--key", key, "--authority", url, "--chain", authority.chain)
    assert again.exit_code == 2
    assert "an older one proves more" in again.output
    checked = call("commit", out, "--key", key, "--check")
    assert checked.exit_code == 0, checked.output
    assert "Time stamp: " in checked.output
    (out / "commitment.tsr").write_bytes(b"\x30\x00")
    spoilt = call("commit", out, "--key", key, "--check")
    assert spoilt.exit_code == 1
    assert "commitment.tsr" in spoilt.output


def test_a_stamp_can_be_fetched_elsewhere(planted: Path) -> None:
    """In a room without network: a request goes out, a response comes in."""
    pytest.importorskip("rfc3161_client", reason="needs the extra [claims]")
    from evidence.dossier.authority import Authority

    authority, out, key, query = Authority(planted / "tsa"), planted / "out", planted / "k", planted / "q.tsq"
    assert "have it answered" in call("commit", out, "--key", key, "--query", query).output
    response = planted / "r.tsr"
    response.write_bytes(authority.answer(query.read_bytes()))
    kept = call("commit", out, "--key", key, "--response", response, "--chain", authority.chain)
    assert kept.exit_code == 0, kept.output
    other = planted / "other"
    call("new", planted / "works", "--key", key, "--form", "passphrase", "-o", other)
    approve(other)
    call("apply", other, "--key", key)
    wrong = call("commit", other, "--key", key, "--response", response, "--chain", authority.chain)
    assert wrong.exit_code == 1
    assert not (other / "commitment.tsr").exists()


@pytest.mark.parametrize("name", ["new", "apply", "commit"])
def test_each_command_has_help_with_examples_and_exit_codes(name: str) -> None:
    """As every command does."""
    text = call(name, "--help").output
    assert f"countermark trap {name}" in text
    assert "Exit codes:" in text


def test_the_group_lists_all_and_loads_nothing_heavy() -> None:
    """Neither models nor tables are loaded to say what there is."""
    assert list(COMMANDS) == ["new", "apply", "commit", "power", "plan", "test", "identifiers", "burnt"]
    code = (
        "import sys\nfrom countermark.cli.trap import command\ntry:\n command(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'numpy', 'torch', 'transformers', 'pyarrow', 'numba', 'gguf'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
