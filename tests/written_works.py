"""Works and records for tests, made of words drawn at random: nobody's text."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from countermark.corpus.base import RecordBatch
from countermark.media import Asset, Medium
from countermark.works.work import Work, WorkFile

if TYPE_CHECKING:
    from collections.abc import Sequence

SYLLABLES = [consonant + vowel for consonant in "bdfglmnrst" for vowel in "aeiou"]


def prose(words: int, seed: int) -> str:
    """A text of so many invented words, in sentences."""
    rng = np.random.default_rng(seed)
    drawn = ["".join(rng.choice(SYLLABLES, rng.integers(1, 5))) for _ in range(words)]
    for at in range(0, words, 12):
        drawn[at] = drawn[at].capitalize()
        drawn[min(words, at + 12) - 1] += "."
    return " ".join(drawn)


def work_file(name: str, text: str, published: date | None = None, work_id: str | None = None) -> WorkFile:
    """A work with one file."""
    work = Work(work_id or name, name.title(), published=published)
    return WorkFile(work, Asset(work.work_id, f"{name}.txt", Medium.TEXT, "0" * 64, text))


def batch_of(texts: Sequence[str], own_end: Sequence[int] | None = None) -> RecordBatch:
    """A batch of records with nothing but texts and row numbers."""
    nothing = pa.array([None] * len(texts), pa.string())
    return RecordBatch(
        text=pa.array(texts, pa.large_string()),
        row=np.arange(len(texts)),
        record_id=nothing,
        record_url=nothing,
        record_date=nothing,
        char_start=np.zeros(len(texts), dtype=np.int64),
        own_end=None if own_end is None else np.array(own_end),
    )
