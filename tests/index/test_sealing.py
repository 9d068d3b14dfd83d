"""A full index, sealed, is byte for byte what the works give when they are indexed sealed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from countermark.errors import InputError, OutputError, UnusableIndexError
from countermark.index.build import build_index
from countermark.index.sealing import seal_index
from countermark.media import Asset, Medium
from countermark.works.work import Work, WorkFile

if TYPE_CHECKING:
    from pathlib import Path

SALT = b"0123456789abcdef-salt"
TEXTS = (
    "The quick brown fox jumps over the lazy dog, and the dog does not mind at all. " * 40,
    "Une œuvre de l’esprit, dès qu’elle existe, appartient à qui l’a faite ; voilà l’idée. " * 30,
    "short",
    "".join(f"word{number} follows {number * number} and so on; " for number in range(3000)),
    "La même phrase revient, encore et encore, dans ce texte-ci. " * 200,
)


def works(count: int = len(TEXTS)) -> list[WorkFile]:
    """The first `count` works, of which two have two files."""
    files = []
    for number, text in enumerate(TEXTS[:count]):
        digest = hashlib.sha256(text.encode()).hexdigest()
        work = f"work-{number % 3}"
        files.append(
            WorkFile(Work(work, f"Title {number}"), Asset(work, f"{number}.txt", Medium.TEXT, digest, text))
        )
    return files


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("scheme", [None, "text-l16g16-v1", "text-l20g20-v1"])
@pytest.mark.parametrize("count", [1, len(TEXTS)])
def test_sealed_is_what_the_works_give(tmp_path: Path, scheme: str | None, count: int) -> None:
    build_index(works(count), tmp_path / "full", scheme=scheme)
    build_index(works(count), tmp_path / "wanted", scheme=scheme, sealed=True, salt=SALT)
    manifest = seal_index(tmp_path / "full", tmp_path / "sealed", SALT)
    assert manifest.form == "sealed"
    assert bytes_of(tmp_path / "sealed") == bytes_of(tmp_path / "wanted")


def test_other_salt_other_fingerprints(tmp_path: Path) -> None:
    build_index(works(), tmp_path / "full")
    one = seal_index(tmp_path / "full", tmp_path / "one", SALT)
    two = seal_index(tmp_path / "full", tmp_path / "two", SALT + b"2")
    assert one.identity != two.identity
    assert one.key_check != two.key_check


def test_nothing_of_the_text_is_in_it(tmp_path: Path) -> None:
    build_index(works(), tmp_path / "full")
    seal_index(tmp_path / "full", tmp_path / "sealed", SALT)
    whole = b"".join(bytes_of(tmp_path / "sealed").values())
    assert b"quick" not in whole
    assert SALT not in whole


def test_refusals(tmp_path: Path) -> None:
    build_index(works(), tmp_path / "full")
    seal_index(tmp_path / "full", tmp_path / "sealed", SALT)
    with pytest.raises(UnusableIndexError, match="sealed"):
        seal_index(tmp_path / "sealed", tmp_path / "again", SALT)
    with pytest.raises(InputError, match="salt"):
        seal_index(tmp_path / "full", tmp_path / "again", b"")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match="left alone"):
        seal_index(tmp_path / "full", tmp_path / "taken", SALT)
    (tmp_path / "full" / "letters.u1").write_bytes((tmp_path / "full" / "letters.u1").read_bytes()[::-1])
    with pytest.raises(UnusableIndexError, match="changed"):
        seal_index(tmp_path / "full", tmp_path / "again", SALT)
    assert not (tmp_path / "again").exists()
