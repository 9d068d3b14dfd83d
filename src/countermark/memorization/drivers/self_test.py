"""The hard gate before any scoring: a driver must tell the log-probabilities of the text that was sent.

Servers are known that drop the log-probabilities of a prompt, that give those of the next token, or that give none at
all for numbers (llama.cpp issue 27174, llama-cpp-python issues 349 and 1983). Each of these looks like a result.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import ModelError
from countermark.memorization.drivers import faults
from countermark.memorization.drivers.driver import Decoding, Query
from countermark.memorization.drivers.faults import Check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.drivers.driver import Completion, Generator, ModelIdentity, Scorer

PROMPTS: Final = (
    "The committee met on the first Monday of the month, and",
    "When the rain stopped, the children went out to the",
    "Le conseil municipal s’est réuni lundi soir afin de",
    "To make bread you need flour, water, salt and",
)
"""What is written on from, and weighed: sentences of ours, which tell a host nothing."""

PLAIN: Final = (
    "The clock on the wall of the station has stopped, and nobody knows what time it is in the town."
)
SPACED: Final = (" Les Halles d’Évreux", " ont rouvert – it’s 5 o’clock, “already”. ")

EXACT: Final = 1e-3
"""How far echo and generation may differ, in log-probability a token, for weights on this machine (float32)."""
SERVED: Final = 0.25
"""The same for a server, which computes both in 16 bits and in different batches (vLLM issues 7779, 11778)."""

_WRITTEN: Final = 24  # tokens after each prompt
_ENOUGH: Final = 8  # tokens that must be compared in all
_NEAR_TIES: Final = 0.05  # share of greedy tokens that another of the same probability may pass, in 16 bits


@dataclass(frozen=True)
class SelfTest:
    """A driver that passed. `noise`: the most that two scorings of one text differed, in log-probability a token.

    `tolerance` is what echo and generation were allowed to differ, `compared` how many tokens that was seen on;
    `untested` says what could not be tried, and why.
    """

    scorer: ModelIdentity | None
    generator: ModelIdentity | None
    checks: tuple[Check, ...]
    untested: tuple[str, ...]
    noise: float | None
    tolerance: float
    compared: int

    def to_json(self) -> dict[str, Any]:
        """For the log and the report: plain values."""
        return {
            "scorer": None if self.scorer is None else asdict(self.scorer),
            "generator": None if self.generator is None else asdict(self.generator),
            "checks": [asdict(check) for check in self.checks],
            "untested": list(self.untested),
            "noise": self.noise,
            "tolerance": self.tolerance,
            "compared": self.compared,
        }


def self_test(scorer: Scorer | None, generator: Generator | None) -> SelfTest:
    """Try what can be tried. Raises ModelError, which names the fault and what was seen; a SelfTest has passed."""
    found = _Found()
    pairs = [] if generator is None else _written(generator, found)
    noise: float | None = None
    compared = 0
    tolerance = _tolerance(scorer, generator)
    if scorer is None:
        found.untested.append("log-probabilities: nothing that weighs given texts")
    else:
        if generator is not None and not _comparable(scorer, generator, found):
            pairs = []
        noise = _whole_and_twice(scorer, found)
        compared = _agrees(scorer, pairs, tolerance, found)
        _shuffled(scorer, pairs, found)
    return SelfTest(
        None if scorer is None else scorer.identity,
        None if generator is None else generator.identity,
        tuple(found.checks),
        tuple(found.untested),
        noise,
        tolerance,
        compared,
    )


class _Found:
    """What was tried so far."""

    def __init__(self) -> None:
        self.checks: list[Check] = []
        self.untested: list[str] = []


def _tolerance(scorer: Scorer | None, generator: Generator | None) -> float:
    given = [one.identity.address for one in (scorer, generator) if one is not None]
    if not given:
        raise ModelError("a self-test needs something that weighs or something that writes")
    return SERVED if any(given) else EXACT


def _written(generator: Generator, found: _Found) -> list[tuple[str, Completion]]:
    """The prompts that were written on from, and what was written greedily."""
    written = [some[0] for some in generator.complete(PROMPTS, Decoding(_WRITTEN))]
    pairs = [(prompt, one) for prompt, one in zip(PROMPTS, written, strict=True) if one.text]
    if not pairs:
        why = ", ".join(sorted({one.why for one in written}))
        raise ModelError(
            f"{generator.identity.name}: writes nothing after {len(PROMPTS)} plain prompts ({why})"
        )
    found.checks.append(Check("writes", f"{len(pairs)} of {len(PROMPTS)} plain prompts were written on from"))
    return pairs


def _comparable(scorer: Scorer, generator: Generator, found: _Found) -> bool:
    """Whether what one writes is to the other a continuation of the same prompt, by the same model."""
    if (scorer.identity.name, scorer.identity.digest) != (generator.identity.name, generator.identity.digest):
        found.untested.append("echo against generation: one model weighs and another writes")
    elif getattr(generator, "chat", False):
        found.untested.append(
            "echo against generation: what is written in chat stands after a template, not a prompt"
        )
    else:
        return True
    return False


def _whole_and_twice(scorer: Scorer, found: _Found) -> float:
    """Whole answers with real numbers, and how far two of them differ: alone, and among others."""
    name = scorer.identity.name
    queries = [Query(PLAIN[:20], PLAIN[20:]), Query(*SPACED), Query(PLAIN[:3], PLAIN[3:])]
    first = scorer.logprobs(queries)
    for query, scored in zip(queries, first, strict=True):
        faults.whole(name, query, scored)
        faults.numbers(name, scored)
    second = [scorer.logprobs([query])[0] for query in queries]
    noise = max(faults.difference(name, *pair) for pair in zip(first, second, strict=True))
    found.checks += [
        Check("whole", f"every token of {len(queries)} texts has a number, with accents and spaces in place"),
        Check("noise", f"scored twice, among others and alone, a token differs by at most {noise:.2g}"),
    ]
    return noise


def _shuffled(scorer: Scorer, pairs: Sequence[tuple[str, Completion]], found: _Found) -> None:
    """The words of a text in another order must be less probable: of a text of its own where there is one.

    A text that no order changes, such as white space alone, says nothing.
    """
    told = [
        Query(prompt, one.text) for prompt, one in pairs if shuffled(one.text).strip() != one.text.strip()
    ]
    texts = told or [Query(PLAIN[:3], PLAIN[3:])]
    others = [Query(prompt, shuffled(text)) for prompt, text in texts]
    scored = scorer.logprobs([*texts, *others])
    plain = sum(sum(one.logprobs) for one in scored[: len(texts)])
    moved = sum(sum(one.logprobs) for one in scored[len(texts) :])
    if not plain > moved:
        raise ModelError(
            f"{scorer.identity.name}: shuffled text is not less probable ({moved:.2f} in all, in order {plain:.2f}):"
            " these are not the log-probabilities of the text that was sent"
        )
    whose = "of its own" if told else "of ours"
    found.checks.append(
        Check(
            "shuffled",
            f"{len(texts)} texts {whose}: {plain:.2f} in order, {moved:.2f} with the words shuffled",
        )
    )


def shuffled(text: str) -> str:
    """The words in the order of their digests, between the same white space; if they are then the same, backwards.

    Without the line breaks that a weak model writes again and again, a text is shorter, and so more probable in all.
    """
    words = re.findall(r"\S+", text)
    words.sort(key=lambda word: hashlib.sha256(word.encode(errors="surrogatepass")).digest())
    remaining = iter(words)
    moved = re.sub(r"\S+", lambda _: next(remaining), text)
    return moved if moved != text else text[::-1]


def _agrees(scorer: Scorer, pairs: Sequence[tuple[str, Completion]], tolerance: float, found: _Found) -> int:
    """What it wrote, read back: the same numbers, each token the most probable. How many tokens were compared."""
    if not pairs:
        found.untested.append("echo against generation and off-by-one: no text that the same model wrote on")
        return 0
    name = scorer.identity.name
    scored = scorer.logprobs([Query(prompt, one.text) for prompt, one in pairs])
    if not any(one.logprobs for _, one in pairs):
        found.untested.append(
            "echo against generation and off-by-one: it does not tell the numbers of what it writes"
        )
        return 0
    runs = [faults.same_tokens(one, echo) for (_, one), echo in zip(pairs, scored, strict=True)]
    if sum(runs) < _ENOUGH:
        raise ModelError(
            f"{name}: only {sum(runs)} tokens of what it wrote are cut in the same way when they are read back; at"
            f" least {_ENOUGH} are needed to compare echo and generation"
        )
    own = [one.logprobs[:run] for (_, one), run in zip(pairs, runs, strict=True)]
    found.checks.append(faults.agreement(name, own, [echo.logprobs for echo in scored], tolerance))
    best = [flag for echo, run in zip(scored, runs, strict=True) for flag in (echo.best or ())[:run]]
    if best:
        found.checks.append(faults.most_probable(name, best, _NEAR_TIES if scorer.identity.address else 0.0))
    else:
        found.untested.append("the most probable token at each place: not told")
    return sum(runs)
