"""`countermark serve`, `worker` and `site` as one calls them: real processes on an empty folder."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from countermark.cli.serve import _address, _origin
from countermark.errors import InputError


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a command: a folder of its own, and nothing of the tests' site."""
    named = {
        name: value for name, value in os.environ.items() if not name.startswith(("COUNTERMARK", "DJANGO"))
    }
    named.pop("EMAIL_URL", None)
    named.pop("DATABASE_URL", None)
    return named | {"COUNTERMARK_DATA": str(data)} | more


def call(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [sys.executable, "-m", "countermark", *words]
    return subprocess.run(
        command, env=environment(data, **more), capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that `countermark worker --once` could work on; made by restoring nothing, with a first check."""
    folder = tmp_path_factory.mktemp("site")
    made = call(folder, "site", "manage", "migrate", "--verbosity", "0")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.mark.parametrize(
    ("listen", "expected"),
    [("127.0.0.1:8000", ("127.0.0.1", 8000)), ("[::1]:80", ("::1", 80)), ("localhost:1", ("localhost", 1))],
)
def test_addresses(listen: str, expected: tuple[str, int]) -> None:
    """Host and port, IPv6 in brackets."""
    assert _address(listen) == expected


@pytest.mark.parametrize(
    "listen", ["8000", "host:", ":8000", "host:x", "host:0", "host:70000", "host:-1", ""]
)
def test_wrong_addresses_are_one_line(listen: str) -> None:
    """What is accepted is said."""
    with pytest.raises(InputError, match="accepted is HOST:PORT"):
        _address(listen)


def test_links_lead_to_this_machine_by_default() -> None:
    """Also where the server listens on every address."""
    assert _origin("0.0.0.0", 80) == "http://127.0.0.1:80"  # noqa: S104  an address in a test
    assert _origin("::", 80) == "http://[::1]:80"
    assert _origin("localhost", 80) == "http://localhost:80"


def test_a_taken_port_is_one_line_with_one_that_is_free(tmp_path: Path) -> None:
    """Exit code 2, and nothing is written."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = call(tmp_path / "new", "serve", "--listen", f"127.0.0.1:{port}")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot listen there" in done.stderr
    assert "is free" in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COUNTERMARK_ORIGIN", "statement.example.org"),
        ("DATABASE_URL", "mysql://x/y"),
        ("EMAIL_URL", "pigeon://post"),
        ("COUNTERMARK_PROXIES", "many"),
        ("COUNTERMARK_FROM", "nobody"),
    ],
)
def test_faults_of_the_environment_are_one_line(tmp_path: Path, name: str, value: str) -> None:
    """The line names the variable and what is accepted."""
    done = call(tmp_path, "site", "check", **{name: value})
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert name in done.stderr
    assert "accepted" in done.stderr


def test_a_database_that_is_away_is_one_line(tmp_path: Path) -> None:
    """Without its password."""
    done = call(tmp_path, "worker", "--once", DATABASE_URL="postgres://u:secret@127.0.0.1:1/x")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "secret" not in done.stderr
    done = call(tmp_path, "site", "check", DATABASE_URL="postgres://u:secret@127.0.0.1:1/x")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr


def test_a_worker_needs_a_site(tmp_path: Path) -> None:
    """Before there are tables, one line says who makes them."""
    done = call(tmp_path, "worker", "--once")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "`countermark serve` makes them" in done.stderr


def test_without_the_web_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine is installed alone by most."""
    from countermark.cli.site import command
    from countermark.web.config import start

    monkeypatch.setattr(start, "find_spec", lambda _: None)
    result = CliRunner().invoke(command, ["check"])
    assert result.exit_code == 2
    assert "pip install 'countermark[web]'" in result.output


def test_a_folder_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    """A file in its place."""
    (tmp_path / "file").write_text("")
    done = call(tmp_path / "file", "site", "check")
    assert done.returncode == 2
    assert "cannot be used" in done.stderr


def test_help_does_not_load_django() -> None:
    """`countermark site --help` is quick: names and short helps are known without the modules."""
    script = (
        "import sys\nfrom click.testing import CliRunner\nfrom countermark.cli.site import command\n"
        "CliRunner().invoke(command, ['--help'])\nfrom countermark.cli.serve import command as serve\n"
        "CliRunner().invoke(serve, ['--help'])\nsys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(
    "name",
    [
        *(
            "check",
            "create-organiser",
            "publish-text",
            "open",
            "close",
            "export",
            "backup",
            "restore",
            "access",
        ),
        *("erase", "retention", "export-works", "import-run", "publish-run"),
    ],
)
def test_every_command_has_help_with_an_example(name: str) -> None:
    """Docstring, options, an example."""
    from countermark.cli.site import command

    result = CliRunner().invoke(command, [name, "--help"])
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"countermark site {name}" in result.output or name in ("backup", "restore")


@pytest.mark.slow
def test_a_text_is_published_once_it_is_whole(data: Path, tmp_path: Path) -> None:
    """A dry run publishes nothing; a wrong file is one line; organiser and text change together."""
    (tmp_path / "fr.md").write_text("# Pas sans nous\n\nNos œuvres sont à nous.\n")
    (tmp_path / "en.md").write_text("# Not without us\n\nOur works are ours.\n")
    files = ("--fr", str(tmp_path / "fr.md"), "--en", str(tmp_path / "en.md"))
    assert "no statement yet" in call(data, "site", "publish-text", *files, "--yes").stderr
    assert call(data, "worker", "--once").returncode == 0
    script = "from countermark.web.statement.demo import begin; begin()"
    assert call(data, "site", "manage", "shell", "-c", script).returncode == 0
    assert "Nothing was published" in call(data, "site", "publish-text", *files, "--dry-run").stdout
    wrong = call(data, "site", "publish-text", *files, "--yes", "--contact", "nobody")
    assert (wrong.returncode, "contact_email" in wrong.stderr) == (2, True)
    done = call(data, "site", "publish-text", *files, "--yes", "--organiser", "La Guilde")
    assert "Published as version 2." in done.stdout
    (tmp_path / "fr.md").write_bytes(b"\xff\xfe")
    assert "not UTF-8" in call(data, "site", "publish-text", *files, "--yes").stderr
    lines = json.loads(call(data, "site", "check", "--json").stdout)
    assert next(line for line in lines if line["name"] == "statement")["said"] == "of La Guilde"


def test_open_and_close(data: Path) -> None:
    """A time without an offset is refused; nothing happens without an answer."""
    assert "offset" in call(data, "site", "close", "--at", "2027-01-01T00:00").stderr
    assert "accepted is a time" in call(data, "site", "open", "--at", "soon").stderr
    assert call(data, "site", "close").returncode == 1


@pytest.mark.slow
def test_serve_from_nothing_until_sigterm(tmp_path: Path) -> None:
    """One command makes the folder, answers pages, starts a worker, and ends within seconds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "log"
    words = [sys.executable, "-m", "countermark", "serve", "--listen", f"127.0.0.1:{port}"]
    with log.open("wb") as out:
        process = subprocess.Popen(words, env=environment(tmp_path / "site"), stdout=out, stderr=out)
    try:
        until = time.monotonic() + 30
        while "Ctrl-C" not in log.read_text() and time.monotonic() < until:
            time.sleep(0.05)
        with urlopen(f"http://127.0.0.1:{port}/fr/", timeout=10) as page:
            assert page.status == 200
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert time.monotonic() - begun < 10
    finally:
        process.kill()
    told = log.read_text()
    assert f"The site     http://127.0.0.1:{port}/" in told
    assert "create-organiser" in told
    assert told.rstrip().endswith("Stopped.")
    assert (tmp_path / "site").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "site" / "site.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_mistyped_folder_is_told_and_not_made(tmp_path: Path) -> None:
    """Commands that look make no site; they say where none is."""
    missing = tmp_path / "nothere"
    done = subprocess.run(
        [sys.executable, "-m", "countermark", "site", "--data", str(missing), "check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "holds no site" in done.stderr
    assert not missing.exists()
