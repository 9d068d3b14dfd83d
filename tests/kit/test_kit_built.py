"""A whole kit, in a room: no network, no rights, no home, nothing of the machine but its kernel; killed and resumed."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from countermark.index.build import build_index
from countermark.kit import build, layout
from countermark.kit.launcher import command
from countermark.kit.verifying import verify_medium
from kit.small_kits import OTHERS, SALT, TEXTS, make_corpus, proven, works

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.kit.build import Built

KILLS, LATEST = 3, 6.0
SECONDS = 600
NOBODY = 65534


def _can_isolate() -> bool:
    tools = all(shutil.which(tool) for tool in ("unshare", "mount", "chroot", "sh"))
    if not tools or os.geteuid():
        return False
    return subprocess.run(["unshare", "-n", "-m", "true"], check=False, capture_output=True).returncode == 0


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a kit is for Linux"),
    pytest.mark.skipif(shutil.which("ldd") is None, reason="no ldd on this machine"),
]
isolated = pytest.mark.skipif(not _can_isolate(), reason="needs root, unshare, mount and chroot")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a kit, its salt, and a corpus with a WET file."""
    folder = tmp_path_factory.mktemp("kit")
    folder.chmod(0o755)
    build_index(works(), folder / "works.index")
    _build(folder, folder / "kit")
    (folder / "kit.salt").write_bytes(SALT)
    make_corpus(folder / "corpus", shards=12)
    _write_wet(folder / "corpus" / "crawl.warc.wet.gz")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _build(place: Path, out: Path) -> Built:
    """A kit whose self-test was proven by this process: the first run in the room must come to the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "_proven", lambda _: proven())
        return build.build_kit(place / "works.index", out, salt=SALT)


def _write_wet(path: Path) -> None:
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        for number, work in enumerate(TEXTS.values()):
            text = f"{OTHERS[number][:800]}\n\n{work[2000:3200]}\n\n{OTHERS[number][800:1500]}".encode()
            head = (
                f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://example.org/{number}\r\n"
                f"WARC-Date: 2024-05-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number:036}>"
                f"\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n\r\n"
            )
            file.write(head.encode() + text + b"\r\n\r\n")


def in_the_room(place: Path, medium: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the kit in a root folder that holds kit, corpus and medium only, read-only but for the medium; as nobody.

    The kit stands in it where it stands outside, so that kernels compiled in there serve outside as well.
    """
    root = medium.with_name(f"{medium.name}-root")
    kit = place / "kit"
    for folder in (root / "corpus", root / "medium", Path(f"{root}{kit}")):
        folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(place / "kit.salt", root / "salt")
    medium.mkdir(exist_ok=True)
    os.chown(medium, NOBODY, NOBODY)
    inner = " ".join(command(kit, "-m", "countermark.cli.kit_start"))
    script = f"""set -e; mount --make-rprivate /
        mount --bind {kit} {root}{kit}; mount -o remount,bind,ro {root}{kit}
        mount --bind {place}/corpus {root}/corpus; mount -o remount,bind,ro {root}/corpus
        mount --bind {medium} {root}/medium; umask 0077; cd /
        exec env -i $(command -v chroot) --userspec={NOBODY}:{NOBODY} {root} {inner} "$@" """
    return subprocess.run(
        ["unshare", "-n", "-m", "sh", "-c", script, "sh", *arguments],
        check=False,
        capture_output=True,
        timeout=SECONDS,
    )


def results(medium: Path) -> dict[str, bytes]:
    """What must be the same bytes, however the run went."""
    run = medium / layout.RUN
    files = [
        run / "run.json",
        run / "catalog.parquet",
        *(run / "findings").iterdir(),
        *(run / "receipts").iterdir(),
    ]
    return {path.name: path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def first(place: Path) -> Path:
    """A medium after an undisturbed run in the room."""
    medium = place / "first"
    if _can_isolate():
        scan = ("kit", "run", "/corpus", "--out", "/medium", "--salt-file", "/salt", "--workers", "2")
        done = in_the_room(place, medium, *scan)
    else:
        done = _launch(place, medium)
    assert done.returncode == 0, done.stderr.decode()
    assert b"No text of the corpus" in done.stdout
    shutil.copytree(medium / layout.WORKING, place / "kernels")
    return medium


def _arguments(place: Path, medium: Path) -> list[str]:
    corpus, salt = str(place / "corpus"), str(place / "kit.salt")
    launcher = ["sh", str(place / "kit" / layout.LAUNCHER)]
    return [*launcher, "kit", "run", corpus, "--out", str(medium), "--salt-file", salt, "--workers", "2"]


def _launch(place: Path, medium: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the kit by its launcher, with an environment that misleads any Python but the kit's."""
    environment = {"PATH": "/nowhere", "LC_ALL": "C", "PYTHONHOME": "/nowhere", "PYTHONPATH": "/nowhere"}
    sh = shutil.which("sh") or "sh"
    arguments = [sh, *_arguments(place, medium)[1:]]
    return subprocess.run(arguments, check=False, capture_output=True, timeout=SECONDS, env=environment)


@isolated
def test_planned_in_a_room_with_nothing(place: Path) -> None:
    """No place for anything temporary is there but the medium, and that is left alone."""
    medium = place / "planned"
    asked = ("/corpus", "--out", "/medium", "--salt-file", "/salt")
    done = in_the_room(place, medium, "kit", "run", *asked, "--dry-run")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr.decode().startswith("Checking the kit …\n")
    assert done.stdout.decode().splitlines()[-1].endswith("Nothing was written.")
    assert list(medium.iterdir()) == []


@isolated
def test_in_a_room_with_nothing(place: Path, first: Path) -> None:
    closed = in_the_room(place, first, "kit", "close", "/medium")
    assert closed.returncode == 0, closed.stderr.decode()
    code = closed.stdout.decode().partition("Root code:")[2].split()[0]
    done = verify_medium(first, root=code, kit=place / "kit")
    assert done.wrong == []
    assert done.rows
    assert any(path.name.startswith("report.fr") for path in (first / layout.RUN).iterdir())
    again = in_the_room(place, first, "kit", "run", "/corpus", "--out", "/medium", "--salt-file", "/salt")
    assert again.returncode == 4
    assert b"sealed" in again.stderr


def test_another_environment_gives_the_same_bytes_also_when_killed(
    place: Path, first: Path, tmp_path: Path
) -> None:
    medium, random = tmp_path / "second", Random(9)
    shutil.copytree(place / "kernels", medium / layout.WORKING)
    for _ in range(KILLS):
        process = subprocess.Popen(
            _arguments(place, medium),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(random.uniform(0.2, LATEST))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    done = _launch(place, medium)
    assert done.returncode == 0, done.stderr.decode()
    assert results(medium) == results(first)


def test_nothing_of_the_building_machine_is_in_it(place: Path) -> None:
    private = [str(Path(sys.prefix)), str(Path(sys.base_prefix)), str(Path(__file__).parents[2]), str(place)]
    needles = [path.encode() for path in private if path.count("/") > 1 and not path.startswith("/usr")]
    for path in (place / "kit").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [needle for needle in needles if needle in data], path


def test_built_again_it_is_the_same(place: Path, tmp_path: Path) -> None:
    built = _build(place, tmp_path / "kit")
    sums = (tmp_path / "kit" / layout.SUMS).read_text().splitlines()
    assert sorted(set(sums) ^ set((place / "kit" / layout.SUMS).read_text().splitlines())) == []
    assert built.salt_file is None
