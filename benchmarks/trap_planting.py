"""Works planted by the product's own functions, in three forms one after the other: coins, a reference, a passphrase.

Each form has a key of its own, as the product asks for. The copies that come out hold all three; those of a work with
n exposures are given to the model n times, those of a work with none never.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from countermark.memorization.traps.key import TrapKey
from countermark.memorization.traps.planting.applying import COPIES, copies_of, write_copies
from countermark.memorization.traps.planting.proposing import Wish, propose
from countermark.memorization.traps.trap_file import read_traps
from trap_texts import PAIRS

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.traps.candidates import Trap
    from countermark.memorization.traps.sheet import Sheet
    from trap_texts import World

FORMS = ("variants", "archive-reference", "passphrase")
CANDIDATES = 100
CHANNEL = "web"


@dataclass(frozen=True)
class Planting:
    """The traps of each form by work, and the copies as they go out."""

    traps: dict[str, dict[str, Trap]]
    copies: dict[str, str]


def key_of(seed: int, form: str, draw: int = 0) -> TrapKey:
    """A key that is the same in each run: draw 0 plants, the others are fresh keys for works that nobody planted."""
    return TrapKey(hashlib.sha256(f"countermark bench traps {seed} {form} {draw}".encode()).digest())


def plant(world: World, seed: int, folder: Path) -> Planting:
    """Plant all works of a world in `folder`; what is there already is the same and stays."""
    works = folder / "works"
    works.mkdir(parents=True, exist_ok=True)
    for name, text in world.works.items():
        (works / f"{name}.txt").write_text(text, encoding="utf-8")
    traps = {}
    for form in FORMS:
        out = folder / form
        out.mkdir(exist_ok=True)
        wish = Wish(form, (CHANNEL,), "en", CANDIDATES, PAIRS)
        key = key_of(seed, form)
        proposal = propose(works, out, key, wish)
        if proposal.refused:
            raise SystemExit(f"{proposal.refused[0].detail}")
        sheet = approved(proposal.sheet)
        path = write_copies(out, partial(copies_of, out, sheet, key), key)
        planted = read_traps(path).planted
        traps[form] = {one.file.removesuffix(".txt"): one.trap for one in planted}
        works = out / COPIES / CHANNEL
    return Planting(
        traps, {name: (works / f"{name}.txt").read_text(encoding="utf-8") for name in world.works}
    )


def approved(sheet: Sheet) -> Sheet:
    """The sheet of an editor who approves of every place, lines at the end of the work."""
    works = []
    for work in sheet.works:
        sites = tuple(replace(one, approved=True, place="end" if one.places else "") for one in work.sites)
        works.append(replace(work, sites=sites))
    return replace(sheet, works=tuple(works))
