"""`countermark dossier` as one calls it: key, seal, verify, timestamp, redact."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from countermark.cli.dossier import COMMANDS, command
from countermark.cli.lazy import Entry, LazyGroup
from evidence.dossier.authority import Authority
from evidence.dossier.dossier_samples import DATE, files_in, made_claim, made_run

MAIN = LazyGroup(
    "countermark", entries={"dossier": Entry("countermark.cli.dossier:command", "Seal evidence.")}
)


def dossier(*arguments: str | Path, given: str | None = None, **environment: str) -> Result:
    """Call a command of the group, with errors as the user sees them."""
    return CliRunner(env=environment).invoke(MAIN, ["dossier", *map(str, arguments)], input=given)


def sealed_bag(folder: Path) -> Path:
    """Make a key, a run and a claim, and seal them by the commands."""
    run, claim = made_run(folder), made_claim(folder)
    assert dossier("key", "new", "--out", folder / "key.pem").exit_code == 0
    result = dossier(
        "seal", run, "--claim", claim, "--key", folder / "key.pem", "--date", DATE, "--out", folder / "bag"
    )
    assert result.exit_code == 0, result.output
    assert "2 works, 5 findings, 5 passages shown." in result.output
    return folder / "bag"


def test_from_key_to_redacted_copy(tmp_path: Path) -> None:
    """The whole way, with the words at each step."""
    bag = sealed_bag(tmp_path)
    told = json.loads(dossier("verify", bag, "--json").output)
    assert (told["holds"], told["problems"], told["redacted"]) == (True, [], 0)
    result = dossier("verify", bag, "--key-fingerprint", told["key_fingerprint"])
    assert result.exit_code == 0
    assert "(the one that you gave)" in result.output
    assert "no time stamp" in result.output
    copy = tmp_path / "copy"
    result = dossier("redact", bag, "--withhold-work", "ferry-1998", "--reason", "unpublished", "--out", copy)
    assert result.exit_code == 0, result.output
    assert "Withheld: 1 work" in result.output
    assert "This copy is redacted" in dossier("verify", copy).output


def test_a_claim_is_not_sealed_without_its_runs(tmp_path: Path) -> None:
    """Its figures would speak of searches that the dossier does not hold."""
    made_run(tmp_path)
    claim = made_claim(tmp_path)
    said = json.loads((claim / "claim.json").read_bytes())
    said["runs"].append({"run": "second", "digest": "0" * 64})
    (claim / "claim.json").write_text(json.dumps(said))
    options = ("--claim", claim, "--key", tmp_path / "key.pem", "--date", DATE, "--out", tmp_path / "bag")
    assert dossier("key", "new", "--out", tmp_path / "key.pem").exit_code == 0
    result = dossier("seal", tmp_path / "run", *options)
    assert result.exit_code == 1
    assert "was made from second as well, which is not given" in result.output
    assert not (tmp_path / "bag").exists()


def test_what_cannot_be_verified_is_named(tmp_path: Path) -> None:
    """A folder that is not there, and a fingerprint that was cut short."""
    assert "nope: is no folder" in dossier("verify", tmp_path / "nope").output
    bag = sealed_bag(tmp_path)
    assert "give all of them" in dossier("verify", bag, "--key-fingerprint", "805fe46d").output


def test_a_changed_file_is_named(tmp_path: Path) -> None:
    """With exit code 1, in words and as JSON; names that steer terminals are made harmless."""
    bag = sealed_bag(tmp_path)
    (bag / "data/software.txt").write_text("nothing")
    (bag / "data/\x1b[31mred").write_text("x")
    result = dossier("verify", bag)
    assert result.exit_code == 1
    assert "data/software.txt: was changed" in result.output
    assert "does NOT verify" in result.output
    assert "\x1b" not in result.output
    assert not json.loads(dossier("verify", bag, "--json").output)["holds"]
    assert dossier("verify", tmp_path / "absent").exit_code == 1


def test_sealing_says_why_not(tmp_path: Path) -> None:
    """No log of attempts, a key that others can read, a date that is none, options that are missing."""
    run = made_run(tmp_path)
    key = tmp_path / "key.pem"
    dossier("key", "new", "--out", key)
    arguments: list[str | Path] = ["seal", run, "--key", key, "--out", tmp_path / "bag"]
    assert dossier("seal", run).exit_code == 2
    assert "a date is YYYY-MM-DD" in dossier(*arguments, "--date", "20.11.2026").output
    assert "a date is YYYY-MM-DD" in dossier(*arguments, "--date", "2026-13-40").output
    key.chmod(0o644)
    result = dossier(*arguments)
    assert (result.exit_code, "chmod 600" in result.output) == (2, True)
    key.chmod(0o600)
    (tmp_path / "attempts.jsonl").unlink()
    result = dossier(*arguments)
    assert result.exit_code == 1
    assert "the log of attempts is missing" in result.output
    assert len(result.output.splitlines()) == 1
    assert not (tmp_path / "bag").exists()


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """And needs no key."""
    run = made_run(tmp_path)
    before = files_in(tmp_path)
    result = dossier("seal", run, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "It can be sealed. Nothing was written." in result.output
    told = json.loads(dossier("seal", run, "--dry-run", "--json").output)
    assert told["runs"][0]["name"] == "run"
    assert files_in(tmp_path) == before


def test_keys_with_passphrases(tmp_path: Path) -> None:
    """From a prompt, from the environment; never in the output."""
    run = made_run(tmp_path)
    locked = tmp_path / "locked.pem"
    assert dossier("key", "new", "--out", locked, "--passphrase", given="a b\na b\n").exit_code == 0
    again = dossier("key", "new", "--out", locked)
    assert (again.exit_code, "never overwritten" in again.output) == (2, True)
    arguments: list[str | Path] = ["seal", run, "--key", locked, "--out", tmp_path / "bag"]
    assert "is locked" in dossier(*arguments).output
    assert "no such environment variable" in dossier(*arguments, "--passphrase-env", "NO_SUCH").output
    result = dossier(*arguments, "--passphrase-env", "DOSSIER_WORDS", DOSSIER_WORDS="a b")
    assert result.exit_code == 0, result.output
    assert "a b" not in result.output


def test_a_stamp_by_network_and_by_file(tmp_path: Path) -> None:
    """Asked now, or fetched elsewhere; a response of another authority is refused."""
    bag = sealed_bag(tmp_path)
    authority = Authority(tmp_path / "tsa")
    with authority.served() as url:
        result = dossier("timestamp", bag, "--authority", url, "--chain", authority.chain)
    assert result.exit_code == 0, result.output
    assert "by CN=Test Authority; not qualified" in result.output
    request, response = tmp_path / "seal.tsq", tmp_path / "seal.tsr"
    assert dossier("timestamp", bag, "--request-out", request).exit_code == 0
    response.write_bytes(authority.answer(request.read_bytes()))
    taken: list[str | Path] = [
        "timestamp",
        bag,
        "--response",
        response,
        "--request",
        request,
        "--name",
        "second",
    ]
    assert "--chain FILE" in dossier(*taken).output
    stranger = Authority(tmp_path / "other")
    assert dossier(*taken, "--chain", stranger.chain).exit_code == 1
    told = json.loads(dossier(*taken, "--chain", authority.chain, "--json").output)
    assert (told["holds"], told["kind"]) == (True, "not qualified")
    assert dossier("verify", bag, "--chain", authority.chain).exit_code == 0
    assert dossier("timestamp", bag).exit_code == 2


def test_redacting_by_list_and_by_passage(tmp_path: Path) -> None:
    """Each way of naming what is withheld, and what is no way."""
    bag = sealed_bag(tmp_path)
    listed = tmp_path / "withhold.txt"
    listed.write_text("ferry-1998\n\n", encoding="utf-8")
    result = dossier("redact", bag, "--list", listed, "--reason", "x", "--out", tmp_path / "a", "--json")
    assert json.loads(result.output)["works"] == 1
    arguments: list[str | Path] = ["redact", bag, "--reason", "x", "--out", tmp_path / "b", "--date", DATE]
    assert dossier(*arguments, "--withhold-passage", "00001/1").exit_code == 0
    assert "a passage is ITEM/N" in dossier(*arguments, "--withhold-passage", "one").output
    assert dossier(*arguments, "--list", tmp_path / "absent").exit_code == 2
    assert dossier("redact", bag, "--out", tmp_path / "c").exit_code == 2


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("replay", "key")])
def test_help_has_examples(name: str) -> None:
    """Every command shows how it is called."""
    assert isinstance(command, click.Group)
    result = dossier(name, "--help")
    assert result.exit_code == 0
    assert f"countermark dossier {name}" in result.output
