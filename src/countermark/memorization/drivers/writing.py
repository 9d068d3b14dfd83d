"""Text of a model's own, token by token, from chance that anybody can repeat."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.drivers.driver import Decoding
    from countermark.memorization.drivers.network import Network


class Written(NamedTuple):
    """The ids that were drawn, without the one that ended them; their log-probabilities at temperature 1; why."""

    ids: list[int]
    logprobs: list[float]
    why: str


def write(
    network: Network, prompt: Sequence[int], decoding: Decoding, ends: frozenset[int], of: str
) -> list[Written]:
    """`decoding.samples` texts after `prompt`; `of` is what the chance is taken from besides seed and sample.

    The chance of a sample depends on nothing else: not on the other prompts of the call, and not on their order.
    """
    if decoding.temperature == 0:
        return [_one(network, prompt, decoding, ends, None)] * decoding.samples
    return [
        _one(network, prompt, decoding, ends, _chance(of, decoding.seed, sample))
        for sample in range(decoding.samples)
    ]


def _one(
    network: Network,
    prompt: Sequence[int],
    decoding: Decoding,
    ends: frozenset[int],
    chance: np.random.Generator | None,
) -> Written:
    written = Written([], [], "length")
    memory: Any = None
    given = network.tensor([prompt])
    while len(written.ids) < decoding.tokens:
        logits, memory = network.following(given, memory)
        row = logits[0].cpu().numpy().astype(np.float64)
        chosen = int(row.argmax()) if chance is None else _drawn(row, decoding, chance)
        if chosen in ends:
            return written._replace(why="stop")
        written.ids.append(chosen)
        written.logprobs.append(min(0.0, float(row[chosen] - _logsumexp(row))))
        given = network.tensor([[chosen]])
    return written


def _drawn(row: np.ndarray, decoding: Decoding, chance: np.random.Generator) -> int:
    """A token by its probability at this temperature; under top-k those that tie with the last stay in."""
    scaled = row / decoding.temperature
    if decoding.top_k is not None and decoding.top_k < len(row):
        scaled[row < np.partition(row, -decoding.top_k)[-decoding.top_k]] = -np.inf
    sums = np.cumsum(np.exp(scaled - scaled.max()))
    return int(np.searchsorted(sums, chance.random() * sums[-1], side="right"))


def _logsumexp(row: np.ndarray) -> float:
    most = row.max()
    return float(most + np.log(np.exp(row - most).sum()))


def _chance(of: str, seed: int, sample: int) -> np.random.Generator:
    digest = hashlib.sha256(f"{seed}\n{sample}\n{of}".encode(errors="surrogatepass")).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
