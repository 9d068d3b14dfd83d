"""The plain installation: indexing, scanning, reporting and reservations need no library of an extra."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from drawn_works import shared_index, shared_works

ROOT = Path(__file__).parents[2]
# how the libraries of the extras are imported, where that is not their name
IMPORTED = {
    "c2pa-python": "c2pa",
    "django-allauth": "allauth",
    "django-ninja": "ninja",
    "iscc-lib": "iscc_lib",
    "markdown-it-py": "markdown_it",
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "psycopg": "psycopg",
    "rfc3161-client": "rfc3161_client",
}
RUN = """
import importlib.util
import sys
from importlib.abc import MetaPathFinder

class Absent(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
        return None

found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in {names!r} else found(name, *rest)
sys.meta_path.insert(0, Absent())
from countermark.cli import main
main({words!r}, standalone_mode=True)
"""


def extras() -> list[str]:
    """The names under which the libraries of the extras, and of no other need, are imported."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {_name(line) for line in project["dependencies"]}
    listed = {_name(line) for lines in project["optional-dependencies"].values() for line in lines}
    return sorted(IMPORTED.get(name, name.replace("-", "_")) for name in listed - needed - {"countermark"})


def _name(requirement: str) -> str:
    return requirement.split(">=", maxsplit=1)[0].split("[", maxsplit=1)[0].strip()


def run(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process in which the extras are not there."""
    code = RUN.format(names=set(extras()), words=list(words))
    return subprocess.run(
        [sys.executable, "-c", code], cwd=place, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.slow
def test_from_works_to_a_report(tmp_path: Path) -> None:
    """The commands of the README's first lines, on a work with a sidecar of identifiers."""
    text = (
        "The lamp burned low in the keeper's room, and nobody on the island would have said whose turn it was. "
        * 3
    )
    (tmp_path / "works").mkdir()
    (tmp_path / "works" / "lamp.txt").write_text(text)
    (tmp_path / "corpus.jsonl").write_text('{"text": "' + text + '", "url": "https://example.org/a"}\n')
    for words in (
        ("index", "build", "works", "--out", "works.index"),
        ("scan", "works.index", "corpus.jsonl", "--out", "run"),
        ("report", "run"),
        ("selftest", "--help"),
    ):
        done = run(tmp_path, *words)
        assert done.returncode == 0, done.stderr
        assert "this is a fault of Countermark" not in done.stderr


@pytest.mark.slow
def test_reservations(tmp_path: Path) -> None:
    """Writing a policy, checking a folder, and the list of agents."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<html><head><title>Tides</title></head></html>")
    for words in (
        ("reserve", "write", "policy.toml", "--new"),
        ("reserve", "write", "policy.toml", "--site", "site", "--apply"),
        ("reserve", "check", "site", "--require", "train=reserved"),
        ("reserve", "agents"),
        ("reserve", "validate", "site/robots.txt"),
    ):
        done = run(tmp_path, *words)
        assert done.returncode == 0, done.stdout + done.stderr


PICTURES = ("cv2", "onnxruntime", "PIL", "simplejpeg")


def test_what_pictures_need_is_of_their_extras_alone() -> None:
    """The libraries that are absent in these tests are those that decode, draw and compare pictures, among others."""
    assert set(PICTURES) <= set(extras())


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ("index", "build", "pictures", "--out", "new.index"),
        ("scan", "pictures.index", "pictures", "--out", "run"),
        ("scan", "pictures.index", "pictures", "--out", "run", "--dry-run"),
        ("report", "pictures-run", "--pictures"),
        ("report", "pictures-run"),
    ],
)
def test_pictures_need_an_extra_and_say_so(tmp_path: Path, words: tuple[str, ...]) -> None:
    """One line that names the extra, exit code 2, nothing written; looking at the manifest needs no extra."""
    shutil.copytree(shared_index(), tmp_path / "pictures.index")
    shutil.copytree(shared_works(), tmp_path / "pictures")
    (tmp_path / "pictures-run").mkdir()
    (tmp_path / "pictures-run" / "run.json").write_text('{"run": 1, "medium": "image"}')
    done = run(tmp_path, *words)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "pip install 'countermark[image]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "run").exists()
    assert not (tmp_path / "new.index").exists()
    told = run(tmp_path, "index", "info", "pictures.index")
    assert (told.returncode, "features" in told.stdout) == (0, True), told.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("claim", "a.catalog", "run"),
        ("catalog", "import", "a.csv", "--out", "a.catalog"),
        ("link", "a.catalog", "listing.csv", "--out", "run"),
        ("link", "--pictures", "works", "--site", "example.org", "listing.parquet", "--out", "run"),
        ("link", "--site", "example.org", "listing.parquet", "--out", "run", "--dry-run"),
    ],
)
def test_what_needs_an_extra_names_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(tmp_path, *words)
    assert done.returncode == 2
    assert "countermark[claims]" in done.stderr
