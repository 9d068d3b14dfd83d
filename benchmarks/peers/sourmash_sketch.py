"""sourmash's FracMinHash over 8-word shingles: one hash in common names the work; no span."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import harness
import xxhash
from sourmash import MinHash

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = 8


class SourmashSketch:
    """Sketches of works and of documents at one scale; `scaled` = 1 keeps every hash."""

    packages = ("sourmash", "xxhash")
    gives_span = False

    def __init__(self, scaled: int) -> None:
        self.tool = f"sourmash {WORDS} words, scaled {scaled}"
        self._scaled = scaled
        self._works: dict[int, list[str]] = defaultdict(list)

    def _sketch(self, text: str) -> MinHash:
        words = re.findall(r"\w+", text.lower())
        hashes = [
            xxhash.xxh3_64_intdigest(" ".join(words[at : at + WORDS]))
            for at in range(max(0, len(words) - WORDS + 1))
        ]
        sketch = MinHash(n=0, ksize=WORDS, scaled=self._scaled)
        sketch.add_many(hashes)
        return sketch

    def index(self, works: list[tuple[str, str]]) -> None:
        """Take in the works."""
        for name, text in works:
            for value in self._sketch(text).hashes:
                self._works[value].append(name)

    def match(self, documents: list[tuple[str, str]]) -> Iterator[harness.Prediction]:
        """Yield what is found."""
        works = self._works
        for name, text in documents:
            common: dict[str, int] = defaultdict(int)
            for value in self._sketch(text).hashes:
                for work in works.get(value, ()):
                    common[work] += 1
            for work, count in common.items():
                yield name, work, None, None, float(count)


if __name__ == "__main__":
    parser = harness.arguments()
    parser.add_argument("--scaled", type=int, default=1)
    scaled = parser.parse_known_args()[0].scaled
    harness.main(SourmashSketch(scaled), f"sourmash-{scaled}", parser)
