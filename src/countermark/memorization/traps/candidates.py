"""The candidates of a trap: one is published, the others stay secret, and the model is asked about all of them alike.

Candidate j of a trap is drawn from HMAC-SHA256(key, [generator, "candidate", work, channel, trap, j]), where `trap` is
a digest of its form and of all that the sheet says of it; draws that render to a text that was drawn before are passed
over, so that the candidates are distinct. The published one is number J of N, drawn without bias from HMAC-SHA256(key,
[generator, "pick", work, channel, trap, N]). A model that has not seen the published copy knows nothing of J: every
rank of candidate J among the scores has the same probability.

As `trap` is in both, everything is drawn anew for another form, a later edition, or a sheet of which the editor
approves other places. So one key serves for all of them, and nobody can pick places until the draw pleases: an editor
who keeps those that stay as they were gets other draws for them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import PlanError
from countermark.memorization.study.plan import canonical
from countermark.memorization.traps.forms.forms import Form, form_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.memorization.traps.key import TrapKey

CANDIDATES: Final = 1000
MOST_CANDIDATES: Final = 100_000
_TRIES: Final = 64  # draws for each candidate wanted, before the form is said to be too poor


@dataclass(frozen=True)
class SiteText:
    """One place of a passage.

    `before` is neutral: at most 400 characters of the text as its editor wrote it, without any published choice. `text`
    is what the candidate puts there; `after` follows and is scored too. The three joined are what the model is given.
    """

    before: str
    text: str
    after: str


@dataclass(frozen=True)
class Passage:
    """One candidate as the model is to be asked: its score is the sum over its sites, each asked by itself."""

    sites: tuple[SiteText, ...]


@dataclass(frozen=True)
class Trap:
    """One trap of one work and channel; it holds no secret. `payload` is all that the editor's sheet says of it.

    `candidates` is how many there are: no more than the form can render distinctly.
    """

    work: str
    title: str
    channel: str
    form: str
    language: str
    candidates: int
    payload: Mapping[str, Any]


def passages(trap: Trap, key: TrapKey) -> list[Passage]:
    """All candidates of a trap, in order, distinct. Raises PlanError where the trap cannot give so many."""
    form = form_of(trap.form)
    places = form.places(trap.payload)
    return [
        Passage(
            tuple(SiteText(before, text, after) for (before, after), text in zip(places, texts, strict=True))
        )
        for texts in candidate_texts(trap, key, form)
    ]


def published(trap: Trap, key: TrapKey) -> int:
    """The number of the published candidate among `passages`: 0 <= J < candidates, each with equal probability."""
    count = _checked(trap)
    return key.draw("pick", trap.work, trap.channel, said_of(trap), count).below(count)


def published_texts(trap: Trap, key: TrapKey) -> tuple[str, ...]:
    """What the published copy says at each site."""
    return candidate_texts(trap, key, form_of(trap.form))[published(trap, key)]


def candidate_texts(trap: Trap, key: TrapKey, form: Form) -> list[tuple[str, ...]]:
    """The texts of each candidate, site by site."""
    wanted, said = _checked(trap), said_of(trap)
    found: dict[tuple[str, ...], None] = {}
    for j in range(_TRIES * wanted):
        found[form.render(trap.payload, key.draw("candidate", trap.work, trap.channel, said, j))] = None
        if len(found) == wanted:
            return list(found)
    raise PlanError(
        f"work {trap.work}, channel {trap.channel}: {len(found):,} distinct candidates can be drawn, and the trap "
        f"says {wanted:,}; the sheet was changed"
    )


def said_of(trap: Trap) -> str:
    """What tells this trap from others of the same work and channel. Raises PlanError where it is no JSON."""
    return hashlib.sha256(canonical([trap.form, dict(trap.payload)])).hexdigest()


def _checked(trap: Trap) -> int:
    if not 2 <= trap.candidates <= MOST_CANDIDATES:
        raise PlanError(
            f"work {trap.work}, channel {trap.channel}: {trap.candidates:,} candidates; "
            f"from 2 to {MOST_CANDIDATES:,} are accepted"
        )
    return trap.candidates
