"""The word lists that passphrases and slots are drawn from: 1,024 words a language, one a line."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

COUNT: Final = 1024


@cache
def words_of(language: str) -> tuple[str, ...]:
    """The words of `en` or `fr`."""
    return tuple(_data(language).decode("utf-8").split())


@cache
def list_name(language: str) -> str:
    """What a trap says of the list that it is drawn from: its language and the beginning of its SHA-256."""
    return f"{language}-{hashlib.sha256(_data(language)).hexdigest()[:16]}"


def _data(language: str) -> bytes:
    return (files("countermark.memorization.traps.forms") / f"words_{language}.txt").read_bytes()
