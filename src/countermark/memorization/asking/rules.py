"""What a plan fixes about the asking and the judging, whatever is asked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from countermark.errors import InputError, PlanError
from countermark.memorization.asking.prompts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = {"passages": 50, "words": 1000, "tokens": 4096, "samples": 1000, "run": 1000, "block": 100, "own": 100}


@dataclass(frozen=True)
class Rules:
    """How works are asked about, and how answers count.

    `passages` of `words` words are given of each work; each prompt is answered once at temperature 0 and `samples`
    times at temperature 1, with at most `tokens` tokens. A run of `run` words or more is a long one; blocks of `block`
    words or more make the near-verbatim share; what an answer shares with its own prompt in `own` words or more is
    not scored. `quoted_letters`: so many folded letters in public text are a quotation. `alpha`: the level, after Holm.
    """

    language: str = "en"
    passages: int = 2
    words: int = 50
    tokens: int = 300
    samples: int = 4
    run: int = 50
    block: int = 8
    own: int = 8
    quoted_letters: int = 80
    alpha: float = 0.05

    def __post_init__(self) -> None:
        """Raise InputError where one is out of range."""
        if self.language not in LANGUAGES:
            raise InputError(
                f"language of the prompts is {self.language!r}; accepted: {', '.join(LANGUAGES)}"
            )
        for name, most in MOST.items():
            value, least = getattr(self, name), 0 if name == "samples" else 1
            if type(value) is not int or not least <= value <= most:
                raise InputError(f"{name} is {value}; accepted: {least} to {most:,}")
        if self.words < 10:
            raise InputError(f"words is {self.words}; accepted: 10 to {MOST['words']:,}")
        if type(self.quoted_letters) is not int or self.quoted_letters < 1:
            raise InputError(f"quoted letters are {self.quoted_letters}; accepted: 1 or more")
        if isinstance(self.alpha, bool) or not 0 < self.alpha < 1:
            raise InputError(f"alpha is {self.alpha}; accepted: more than 0, less than 1")

    @property
    def answers(self) -> int:
        """Answers to each prompt."""
        return 1 + self.samples

    def facts(self) -> dict[str, Any]:
        """As a plan holds them."""
        return asdict(self)

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Rules:
        """What a plan says. Raises PlanError."""
        try:
            return cls(**facts)
        except (TypeError, InputError) as error:
            raise PlanError(f"the plan's rules cannot be used: {error}") from error
