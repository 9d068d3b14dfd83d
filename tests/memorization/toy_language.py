"""A language model in a few lines: what it says is computed from digests, the same everywhere."""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache
from typing import Final

WORDS: Final = (
    " the", " river", " clock", " station", " bread", " and", " winter", " letter", " a", " bridge", " old", " of",
    " door", " was", " went", " to", " it", " rain", " le", " conseil", " de", " ville", " soir", " nuit", "The", "Le",
)  # fmt: skip
BEGIN: Final = 256 + len(WORDS)
END: Final = BEGIN + 1
SIZE: Final = END + 1


def piece(token: int) -> bytes:
    """The bytes of a token; none for the marks of begin and end."""
    if token < 256:
        return bytes([token])
    return WORDS[token - 256].encode() if token < BEGIN else b""


def cut(text: str) -> list[int]:
    """The longest word that stands here, else one byte."""
    whole, at, tokens = text.encode(), 0, []
    while at < len(whole):
        found = max(
            (n for n, word in enumerate(WORDS) if whole.startswith(word.encode(), at)),
            key=lambda n: len(WORDS[n]),
            default=-1,
        )
        tokens.append(256 + found if found >= 0 else whole[at])
        at += len(piece(tokens[-1]))
    return tokens


@lru_cache(maxsize=4096)
def logprobs(before: tuple[int, ...]) -> tuple[float, ...]:
    """Log-probabilities of all tokens after the last two: words are likelier than bytes, the end is unlikely."""
    seed = hashlib.sha256(repr(before[-2:]).encode()).digest()
    raw = [hashlib.sha256(seed + token.to_bytes(2, "big")).digest()[0] / 40 for token in range(SIZE)]
    raw = [value + (4.0 if 256 <= token < BEGIN - 2 else 0.0) for token, value in enumerate(raw)]
    raw[BEGIN] = raw[END] = -9.0
    whole = math.log(sum(map(math.exp, raw)))
    return tuple(value - whole for value in raw)


def greedy(prompt: list[int], count: int) -> list[int]:
    """The most probable tokens after a prompt."""
    ids = list(prompt)
    for _ in range(count):
        row = logprobs(tuple(ids[-2:]))
        ids.append(max(range(SIZE), key=row.__getitem__))
    return ids[len(prompt) :]
