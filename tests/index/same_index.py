"""Indices compared byte for byte, works of which no two files are the same, and findings as plain values."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING

from countermark.index import open_index
from countermark.matching.matcher import Matcher
from countermark.matching.rows import Context, findings_of
from written_works import batch_of, prose, work_file

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.findings.finding import Finding
    from countermark.works.work import WorkFile

PHRASE = prose(30, 999)
"""Stands in every third work: in more than 64 places of a catalog of two hundred."""


def files(count: int, first: int = 0) -> list[WorkFile]:
    """Works of 20 to 320 words, every second one with two files; some without words, or in other scripts."""
    odd = {5: "…", 9: "L’été—cœur 红楼梦 " * 20, 11: "ha " * 200, 13: ""}
    return [digested(number, odd.get(number, _text(number))) for number in range(first, first + count)]


def _text(number: int) -> str:
    return prose(20 + 37 * number % 300, number) + (f" {PHRASE}" if number % 3 == 0 else "")


def digested(number: int, text: str) -> WorkFile:
    """A file with the digest that it has."""
    file = work_file(f"file{number}", text, work_id=f"work{number - (number % 4 == 3)}")
    return dataclasses.replace(
        file, asset=dataclasses.replace(file.asset, digest=hashlib.sha256(text.encode()).hexdigest())
    )


def require_same(one: Path, other: Path) -> None:
    """Fail at the first file that differs."""
    assert {path.name for path in one.iterdir()} == {path.name for path in other.iterdir()}
    for path in one.iterdir():
        assert path.read_bytes() == (other / path.name).read_bytes(), path.name


def findings(folder: Path, texts: list[str], salt: bytes | None = None) -> list[Finding]:
    """What a scan of these records finds."""
    index = open_index(folder, salt)
    batch = batch_of(texts)
    return findings_of(Matcher(index).match(batch), batch, index, Context("corpus", None, "shard"))
