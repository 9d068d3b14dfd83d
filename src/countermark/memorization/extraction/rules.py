"""The rules of a study of extraction, which the plan fixes: the windows, the threshold, the statistic, the level."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import InputError, PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping

T1: Final = "t1"
TOP: Final = "top-k"
RULES: Final = (T1, TOP)
"""How the model is supposed to draw: from all tokens at temperature 1, or from the 40 most probable."""

TRIES: Final = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
PROBABILITIES: Final = (0.1, 0.5, 0.9)
"""The (n, p) of the curve of Hayes et al. (arXiv 2410.19482)."""

MOST_TOKENS: Final = 4096


@dataclass(frozen=True)
class Rules:
    """Windows of `prefix` + `continuation` tokens, one every `stride`; extractable from p_z = `threshold` on.

    `rule` is the decoding that decides (the other is reported beside it); `alpha` the level, after Holm over the
    works. A window is quoted where its continuation agrees with public text in `quoted_letters` folded letters.
    """

    prefix: int = 50
    continuation: int = 50
    stride: int = 25
    threshold: float = 1e-3
    rule: str = T1
    alpha: float = 0.05
    quoted_letters: int = 80

    def __post_init__(self) -> None:
        """Raise InputError where one is out of range."""
        lengths = (self.prefix, self.continuation, self.stride)
        if any(type(tokens) is not int or not 1 <= tokens <= MOST_TOKENS for tokens in lengths):
            raise InputError(
                f"prefix, continuation and stride are {lengths} tokens; accepted: 1 to {MOST_TOKENS}"
            )
        if not 0 < self.threshold < 1 or not 0 < self.alpha < 1:
            raise InputError(
                f"threshold is {self.threshold} and alpha {self.alpha}; accepted: more than 0, less than 1"
            )
        if self.rule not in RULES:
            raise InputError(f"rule is {self.rule!r}; accepted: {', '.join(RULES)}")
        if type(self.quoted_letters) is not int or self.quoted_letters < 1:
            raise InputError(f"quoted letters are {self.quoted_letters}; accepted: 1 or more")

    @property
    def least(self) -> float:
        """The threshold as log10 p_z."""
        return math.log10(self.threshold)

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
