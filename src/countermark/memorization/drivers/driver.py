"""What is asked of a model: the probability of a given text, and text of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

TOP_K: Final = 40
"""The rule of decoding under which extraction is stated (Hayes et al. 2024, arXiv 2410.19482)."""


class Query(NamedTuple):
    """A text to be weighed, and what stands before it. The two joined are what the model is given."""

    prefix: str
    continuation: str


class Token(NamedTuple):
    """A token of a text: its first character, and the one after its last."""

    start: int
    end: int


@dataclass(frozen=True)
class Scored:
    """The log-probabilities (natural) of the tokens of one continuation, each given all before it.

    `tokens` are places in the continuation; a token that begins in the prefix begins at 0. `top` holds the
    log-probabilities where only the `TOP_K` most probable tokens may be drawn, renormalised, with -inf for a token
    outside; None where the server does not tell enough. `left_out` counts tokens of the prefix that did not fit the
    model's context. `best` says of each token whether it was the most probable one; None where that is not told.
    """

    tokens: tuple[Token, ...]
    logprobs: tuple[float, ...]
    top: tuple[float, ...] | None
    left_out: int = 0
    best: tuple[bool, ...] | None = None


@dataclass(frozen=True)
class Decoding:
    """How a model is to write: at most `tokens` tokens; `temperature` 0 takes the most probable each time."""

    tokens: int
    temperature: float = 0.0
    top_k: int | None = None
    samples: int = 1
    seed: int = 0


@dataclass(frozen=True)
class Completion:
    """What a model wrote after a prompt; `why` it ended (`length`, `stop`, or a refusal as the server words it).

    `logprobs` are those of its own tokens, where the driver tells them: what the self-test holds echoes against.
    """

    text: str
    why: str
    tokens: tuple[Token, ...] = ()
    logprobs: tuple[float, ...] = ()


@dataclass(frozen=True)
class ModelIdentity:
    """Which model was asked: what a plan names and a report prints.

    `digest` is "sha256:…" over the weights and the tokenizer; empty where only an address is known. `address` is empty
    for weights on this machine.
    """

    name: str
    digest: str
    driver: str
    address: str = ""


class Scorer(Protocol):
    """Weighs given texts."""

    @property
    def identity(self) -> ModelIdentity:
        """Which model."""

    @property
    def hosted(self) -> bool:
        """Whether what is asked leaves for somebody else's machine, who may keep it: candidates are then burnt."""

    def tokens(self, text: str) -> list[Token]:
        """How the model cuts a text. Raises ModelError where the server cannot tell."""

    def logprobs(self, queries: Sequence[Query]) -> list[Scored]:
        """The log-probabilities of each continuation, in order. Raises ModelError; nothing is half answered."""


class Generator(Protocol):
    """Writes on."""

    @property
    def identity(self) -> ModelIdentity:
        """Which model."""

    @property
    def hosted(self) -> bool:
        """As of a Scorer."""

    def complete(self, prompts: Sequence[str], decoding: Decoding) -> list[list[Completion]]:
        """For each prompt, `decoding.samples` completions without the prompt. Raises ModelError."""


class ScorerAround:
    """A scorer that does something about what is weighed by the one within; all else is that one's."""

    def __init__(self, within: Scorer) -> None:
        self.within = within

    @property
    def identity(self) -> ModelIdentity:
        """Of the scorer within."""
        return self.within.identity

    @property
    def hosted(self) -> bool:
        """Of the scorer within."""
        return self.within.hosted

    def tokens(self, text: str) -> list[Token]:
        """As the scorer within."""
        return self.within.tokens(text)
