"""`countermark reserve write`: dry run, writing, reading back, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from countermark.cli.reserve import command
from countermark.cli.reserve_write import PROTOCOLS
from countermark.reservations.writing import everything

PAGE = "<!doctype html>\n<html><head><title>x</title></head><body></body></html>\n"


def run(*words: str) -> Result:
    """Call the command."""
    return CliRunner().invoke(command, ["write", *words])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A policy and a small site."""
    assert run("--new", str(tmp_path / "policy.toml"), "--lang", "en").exit_code == 0
    (tmp_path / "public" / "a").mkdir(parents=True)
    (tmp_path / "public" / "index.html").write_text(PAGE)
    (tmp_path / "public" / "a" / "b.html").write_text(PAGE)
    (tmp_path / "public" / "robots.txt").write_text("User-agent: *\nDisallow: /private/\n")
    return tmp_path


def write(place: Path, *more: str) -> Result:
    """Call the command on the site."""
    return run(str(place / "policy.toml"), "--site", str(place / "public"), "--lang", "en", *more)


def everything_in(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_names_of_protocols_are_one_list() -> None:
    """The command knows them without loading a reader."""
    assert tuple(PROTOCOLS) == everything.PROTOCOLS


def test_a_dry_run_shows_and_changes_nothing(place: Path) -> None:
    """A unified diff, the table of what cannot be said, the read-back."""
    before = everything_in(place)
    result = write(place)
    assert result.exit_code == 0, result.output
    assert "+Content-Usage: train-ai=n, ai-use=n, search=y" in result.output
    assert "+++ " in result.output
    assert "What the protocols cannot say of this policy" in result.output
    assert "each answered as wanted" in result.output
    assert "Nothing was written" in result.output
    assert everything_in(place) == before


def test_apply_writes_once(place: Path) -> None:
    """The second run has nothing to do; the page keeps its bytes, and permissions stay."""
    (place / "public" / "robots.txt").chmod(0o640)
    result = write(place, "--apply")
    assert result.exit_code == 0, result.output
    public = everything_in(place / "public")
    assert {"robots.txt", "ai.txt", "rsl.xml", "_headers", ".well-known/tdmrep.json"} < set(public)
    assert (place / "public" / "robots.txt").stat().st_mode & 0o777 == 0o640
    assert b'<meta name="tdm-reservation" content="1" />' in public["a/b.html"]
    assert {path.name for path in (place / "reserve-servers").iterdir()} == {
        "nginx.conf",
        "apache.conf",
        "Caddyfile",
        "written.json",
    }
    before = everything_in(place)
    assert "Nothing to write" in write(place).output
    assert write(place, "--apply").exit_code == 0
    assert everything_in(place) == before


def test_json_says_it_all(place: Path) -> None:
    """Files, what cannot be said, what was asked."""
    said = json.loads(write(place, "--json").stdout)
    assert said["applied"] is False
    robots = next(one for one in said["files"] if one["path"].endswith("public/robots.txt"))
    assert robots["change"] == "changed"
    assert robots["added"] > 10
    assert robots["removed"] == 0
    assert {"protocol": "aipref", "use": "tdm", "path": "/", "agent": "*", "reason": "no-word"} in said[
        "inexpressible"
    ]
    assert said["read_back"]["asked"] > 1000
    assert said["read_back"]["mismatches"] == []


def test_a_site_that_says_the_contrary_ends_with_one_and_nothing_is_written(place: Path) -> None:
    """Use, path, agent, protocol, wanted and got are named."""
    (place / "policy.toml").write_text(
        '[policy]\nsite = "https://www.example.org"\n[uses]\ntrain = "allowed"\ngenerative = "allowed"\n'
    )
    (place / "public" / "a" / "b.html").write_text('<head><meta name="robots" content="noai"></head>')
    before = everything_in(place)
    result = write(place, "--apply")
    assert result.exit_code == 1
    assert (
        "training on /a/b.html for an agent that no rule names, by noai, noimageai: wanted allowed, got reserved"
        in result.output
    )
    assert "nothing was written" in result.output
    assert everything_in(place) == before


def test_a_protocol_can_be_left_out(place: Path) -> None:
    """Nothing of it is written."""
    assert write(place, "--apply", "--without", "ai-txt", "--without", "rsl").exit_code == 0
    public = everything_in(place / "public")
    assert "ai.txt" not in public
    assert b"License:" not in public["robots.txt"]


def test_a_link_out_of_the_site_is_refused(place: Path) -> None:
    """A file of the site is never written elsewhere."""
    (place / "elsewhere.txt").write_text("")
    (place / "public" / "robots.txt").unlink()
    (place / "public" / "robots.txt").symlink_to(place / "elsewhere.txt")
    (place / "public" / "link.html").symlink_to(place / "public" / "index.html")
    assert "leads out of the site's folder" in write(place).output
    (place / "public" / "robots.txt").unlink()
    assert "link.html: is a link" in write(place).output


def test_what_is_missing_is_said(place: Path) -> None:
    """Two folders go together, and so do certificate and key; an example replaces nothing."""
    policy = str(place / "policy.toml")
    assert "expected is --site" in run(policy).output
    assert "--media needs --out-media" in run(policy, "--media", str(place / "public")).output
    both = ["--media", str(place / "public"), "--out-media", str(place / "copies")]
    assert "go together" in run(policy, *both, "--key", "key.pem").output
    again = run("--new", policy)
    assert again.exit_code != 0
    assert "is there already" in (again.output + str(again.exception))


def test_the_example_and_the_words_in_french(place: Path) -> None:
    """The same facts."""
    path = place / "politique.toml"
    assert run("--new", str(path), "--lang", "fr").exit_code == 0
    assert "la fouille de textes et de données" in path.read_text(encoding="utf-8")
    result = run(str(path), "--site", str(place / "public"), "--lang", "fr")
    assert "Ce que les protocoles ne peuvent pas dire" in result.output
    assert "Rien n’a été écrit." in result.output


def test_media_are_copied_with_the_reservation(place: Path) -> None:
    """The original stays; without --apply the copies are thrown away."""
    pillow = pytest.importorskip("PIL.Image")
    originals = place / "originals"
    originals.mkdir()
    pillow.new("RGB", (8, 8), "white").save(originals / "white.png")
    before = (originals / "white.png").read_bytes()
    words = [
        str(place / "policy.toml"),
        "--media",
        str(originals),
        "--out-media",
        str(place / "copies"),
        "--lang",
        "en",
    ]
    shown = run(*words)
    assert shown.exit_code == 0, shown.output
    assert "white.png: " in shown.output
    assert not (place / "copies").exists()
    assert run(*words, "--apply").exit_code == 0
    assert (place / "copies" / "white.png").read_bytes() != before
    assert (originals / "white.png").read_bytes() == before


def test_the_example_of_the_repository(tmp_path: Path) -> None:
    """The invented publisher's site is written, read back, and then as its policy wants it."""
    import shutil

    example = Path(__file__).parents[2] / "examples" / "reserve"
    shutil.copytree(example, tmp_path / "try")
    words = [str(tmp_path / "try" / "policy.toml"), "--site", str(tmp_path / "try" / "site"), "--lang", "en"]
    assert run(*words, "--apply").exit_code == 0
    robots = (tmp_path / "try" / "site" / "robots.txt").read_bytes()
    assert robots.startswith((example / "site" / "robots.txt").read_bytes())
    assert "Nothing to write" in run(*words).output


def test_a_full_disk_leaves_the_old_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is there whole or not at all."""
    import os

    from countermark.errors import OutputError
    from countermark.reservations.writing import publish

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    path = place / "public" / "robots.txt"
    before = everything_in(place)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"robots\.txt: cannot be written: no room left"):
        publish.replace_file(path, b"new")
    assert everything_in(place) == before
    result = write(place, "--apply")
    assert result.exit_code == OutputError.exit_code
    assert "cannot be written: no room left" in result.output
    assert everything_in(place) == before, "neither a half-written file nor a temporary one"


def test_what_will_be_read_otherwise_is_listed_with_the_way_out(place: Path) -> None:
    """Content Signals cannot take back what it says of a wider path; left out, the policy is read as it is meant."""
    policy = place / "policy.toml"
    policy.write_text(policy.read_text() + '\n[[paths]]\nmatch = "/blog/"\nuses = { input = "allowed" }\n')
    text = " ".join(write(place).output.split())
    assert (
        "Will be read otherwise than wanted input to a model on /blog/: wanted allowed, will be read as reserved, "
        "because of Content Signals; --without content-signals avoids it"
    ) in text
    assert "robots.txt will refuse" in text
    assert "refuse_reserved_agents = false" in text
    assert "search=y also permits" in text
    assert "ai-index" in text
    said = json.loads(write(place, "--json").stdout)
    assert said["read_back"]["otherwise"] == [
        {
            "use": "input",
            "path": "/blog/",
            "wanted": "allowed",
            "got": "reserved",
            "protocols": ["content-signals"],
            "without": ["content-signals"],
        }
    ]
    assert len(said["refused_agents"]) > 50
    assert "otherwise than wanted" not in write(place, "--without", "content-signals").output
    assert write(place, "--apply").exit_code == 0
    terms = (place / "public" / "rsl.xml").read_text()
    assert "free" not in terms
    assert "ai-index" not in terms


def test_a_pattern_that_was_encoded_is_told(place: Path) -> None:
    """And every protocol has it so."""
    policy = place / "policy.toml"
    policy.write_text(policy.read_text() + '\n[[paths]]\nmatch = "/œuvres/"\nuses = { input = "allowed" }\n')
    result = write(place, "--apply")
    assert result.exit_code == 0, result.output
    assert "/œuvres/ in the policy is written percent-encoded" in result.output
    assert b"/%C5%93uvres/" in (place / "public" / "robots.txt").read_bytes()
