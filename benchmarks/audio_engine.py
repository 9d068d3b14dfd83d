"""Countermark's answers to the queries of audio_queries.py, with the CPU seconds of each step."""

from __future__ import annotations

import csv
import time
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from countermark.audio.decode import open_sound
from countermark.audio.source import SoundSource
from countermark.fingerprint.audio.extract import extract
from countermark.index.audio.build import build_audio_index
from countermark.index.audio.collect import Wanted
from countermark.index.audio.lookup import open_audio_index
from countermark.matching.audio.matcher import AudioMatcher
from countermark.matching.audio.votes import candidates
from countermark.media import Asset, Medium
from countermark.works.work import Work, WorkFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from countermark.matching.audio.match import AudioMatch


class Heard(NamedTuple):
    """What was found in one file: matches with the numbers of their works, seconds of sound, CPU seconds by step."""

    matches: list[tuple[int, AudioMatch]]
    seconds: float
    spent: dict[str, float]

    def best(self) -> tuple[int, AudioMatch] | None:
        """The match with the highest score that accuses somebody."""
        said = [pair for pair in self.matches if pair[1].grade != "shared"]
        return max(said, key=lambda pair: pair[1].score, default=None)


def build(data: Path, out: Path) -> float:
    """Index works/ without copies for listening; CPU seconds that it took."""
    begin = time.process_time()
    build_audio_index(_files(data), out, Wanted(copies=False))
    return time.process_time() - begin


def _files(data: Path) -> Iterator[WorkFile]:
    with (data / "works" / "works.csv").open(encoding="utf-8", newline="") as listing:
        for row in csv.DictReader(listing):
            path = data / "works" / row["path"]
            digest = SoundSource.of_file(path).digest()
            asset = Asset(row["path"], row["path"], Medium.AUDIO, digest, file=str(path))
            yield WorkFile(Work(row["path"], row["title"], row["author"]), asset)


def number_of(path: str) -> int:
    """w0012.ogg: 12; -1 of a file that has no number."""
    return int(path[1:5]) if path[1:5].isdigit() else -1


class Engine:
    """Countermark, with an index of the works."""

    def __init__(self, index: Path) -> None:
        self.index = open_audio_index(index)
        self.matcher = AudioMatcher(self.index)
        self.matcher.warm_up()
        self.numbers = [number_of(asset["asset_path"]) for asset in self.index.assets()]

    def hear(self, path: Path) -> Heard:
        """Everything that is found in a file. The lookup is run twice, to be timed alone."""
        marks = [time.process_time()]
        with open_sound(SoundSource.of_file(path), path.name) as sound:
            blocks = list(sound.blocks())
        marks.append(time.process_time())
        features = extract(blocks)
        marks.append(time.process_time())
        candidates(self.index.postings, features)
        marks.append(time.process_time())
        found = self.matcher.match(features)
        marks.append(time.process_time())
        decode, fingerprint, lookup, match = (after - before for before, after in pairwise(marks))
        spent = {
            "decode": decode,
            "fingerprint": fingerprint,
            "lookup": lookup,
            "verify": max(0.0, match - lookup),
        }
        return Heard([(self.numbers[match.asset], match) for match in found], features.seconds, spent)

    def size(self) -> int:
        """Bytes of the arrays that matching reads (neither copies for listening nor the table of works)."""
        return sum(
            file.stat().st_size
            for file in self.index.folder.rglob("*")
            if file.is_file() and file.name not in _ASIDE
        )


_ASIDE = {"copies.bin", "assets.parquet", "manifest.json"}
