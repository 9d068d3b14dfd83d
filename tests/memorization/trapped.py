"""Traps for tests: sentences with a random number of a reader's letter, and pairs of spellings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.memorization.traps.candidates import Passage, SiteText, Trap
from countermark.memorization.traps.key import TrapKey
from countermark.memorization.traps.ranking import Contest

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = TrapKey(bytes(range(32)))
OTHER = TrapKey(bytes(range(1, 33)))
WORDS = (
    *("amber", "basil", "cedar", "delta", "ember", "flint", "grove", "hazel"),
    *("ivory", "jade", "kelp", "larch", "maple", "north", "olive", "pearl"),
)


def variants(work: str, *, channel: str = "web", sites: int = 8, candidates: int = 40) -> Trap:
    """A trap of editorial variants: at each site one of two words."""
    told = [
        {
            "before": f"In the book {work} the {WORDS[number % 16]} of page {number} was ",
            "after": " that day.",
            "renderings": [WORDS[2 * number % 16], WORDS[(2 * number + 1) % 16]],
            "group": "",
        }
        for number in range(sites)
    ]
    return Trap(work, f"Title of {work}", channel, "variants", "en", candidates, {"sites": told})


def sentences(work: str, numbers: int = 50, published: int = 0, *, channel: str = "web") -> Contest:
    """A contest among sentences of three words, whose text says nothing of which is published."""
    texts = [f"{WORDS[n % 16]} {WORDS[n // 16 % 16]} {WORDS[n // 256 % 16]}" for n in range(numbers)]
    passages = tuple(Passage((SiteText(f"The word of {work} is ", text, ""),)) for text in texts)
    return Contest(
        work, f"Title of {work}", channel, "passphrase", tuple(range(numbers)), passages, published
    )


def learnt(contests: list[Contest], bonus: float = 3.0) -> Callable[[str], float]:
    """What a model knows that has learnt the published candidates of these contests."""
    known = {
        site.before + site.text + site.after
        for contest in contests
        for site in contest.passages[contest.published].sites
    }
    return lambda text: bonus if text in known else 0.0
