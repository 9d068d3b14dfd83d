"""The example that starts a Ray cluster: a token is asked for before Ray is, and the workers are not put last."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "examples" / "cluster" / "ray-start.sh"


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """A home without a token, and a `ray` that only says what it was given."""
    (tmp_path / "bin").mkdir()
    ray = tmp_path / "bin" / "ray"
    ray.write_text('#!/bin/sh\necho "$1 $RAY_AUTH_MODE $RAY_worker_niceness"\n')
    ray.chmod(0o755)
    kept = {name: word for name, word in os.environ.items() if not name.startswith("RAY_")}
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    return {**kept, "HOME": str(tmp_path / "a home"), "PATH": path}


def _start(
    surroundings: dict[str, str], *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(SCRIPT), *arguments],
        env=surroundings | variables,
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("what", ["head", "node", "scan"])
def test_without_a_token_it_says_how_to_make_one(what: str, surroundings: dict[str, str]) -> None:
    """And Ray, which would end with a traceback, is not started; an empty file is none."""
    token = Path(surroundings["HOME"]) / ".ray" / "auth_token"
    for _ in range(2):
        done = _start(surroundings, what)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"there is no token in {token}." in done.stderr
        token.parent.mkdir(parents=True, exist_ok=True)
        token.touch()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the command that is told needs openssl")
def test_the_command_that_is_told_makes_one(surroundings: dict[str, str]) -> None:
    """Also below a folder with a space in its name; nobody else can read it."""
    command = _start(surroundings, "head").stderr.splitlines()[1]
    subprocess.run(["sh", "-c", command], env=surroundings, check=True)
    token = Path(surroundings["HOME"]) / ".ray" / "auth_token"
    assert len(bytes.fromhex(token.read_text())) == 32
    assert token.stat().st_mode & 0o077 == 0
    assert _start(surroundings, "head").stdout == "start token 0\n"


def test_a_token_in_the_environment_will_do_and_niceness_is_the_users(surroundings: dict[str, str]) -> None:
    """Ray takes it before the file; a cluster is stopped without any."""
    done = _start(surroundings, "node", RAY_AUTH_TOKEN="0" * 64, RAY_worker_niceness="15")
    assert (done.returncode, done.stdout) == (0, "start token 15\n")
    assert _start(surroundings, "stop").returncode == 0
