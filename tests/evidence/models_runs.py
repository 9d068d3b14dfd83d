"""Studies of models of ours, run in a second, and the same made false, for the tests of their page."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from countermark.memorization.traps.testing import contests_of, earlier_of
from memorization import test_asking_exact_run as exact
from memorization import test_asking_run as asking
from memorization import test_extraction as extraction
from memorization import test_trap_test as traps
from memorization.answering_models import Writer, reciting
from memorization.ngram_model import NgramModel, work
from memorization.study_fakes import FakeScorer
from memorization.trapped import KEY, learnt, variants

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COPIES = [
    variants(f"w{n}", channel=channel, sites=12, candidates=60)
    for channel in ("paid", "web")
    for n in range(4)
]
GIVEN, PART, UNKNOWN = work(3, 300), work(8, 280), work(4, 250)  # hardly longer than the controls
KINDS = ("trap", "nothing", "extract", "void", "ask", "exact")


def make(kind: str, folder: Path) -> Path:
    """A study of one kind, in `folder/run`."""
    folder.mkdir(parents=True, exist_ok=True)
    {"trap": _trap, "nothing": _nothing, "extract": _extract, "void": _void, "ask": _ask, "exact": _exact}[
        kind
    ](folder)
    return folder / "run"


def _trap(folder: Path) -> None:
    plan = traps.planned(folder, COPIES, alpha=0.05)
    scorer = FakeScorer(learnt([one for one in contests_of(COPIES, KEY) if one.channel == "paid"]))
    traps.outcome_of(folder, plan, scorer, run="earlier")
    traps.outcome_of(folder, plan, scorer, earlier=[earlier_of(folder / "earlier")])


def _nothing(folder: Path) -> None:
    traps.outcome_of(folder, traps.planned(folder, COPIES[:3], claims="channels"), FakeScorer())


def _model() -> NgramModel:
    return NgramModel([*extraction.BACKGROUND, GIVEN, " ".join(PART.split(" ")[:150])])


def _extract(folder: Path) -> None:
    model = _model()
    plan = extraction.plan_of(folder, model, works=(GIVEN, PART, UNKNOWN))
    extraction.run(folder, plan, model)


def _void(folder: Path) -> None:
    model, others = _model(), [work(n, 200, lexicon_seed=7) for n in range(500, 520)]
    works = [GIVEN, PART, *(work(n, 120) for n in range(600, 610))]
    extraction.run(folder, extraction.plan_of(folder, model, works=works, controls=others), model)


def _ask(folder: Path) -> None:
    asking.run(asking.plan_of(folder, controls=20), folder, Writer(reciting(asking.KNOWN)))


def _exact(folder: Path) -> None:
    writer = exact.Learner([*exact.TRAPS[:2], *exact.TRAPS[3:5]])
    exact.run(exact.plan_of(folder / "ledger"), folder, writer)


def result_of(run: Path) -> dict[str, Any]:
    """What `result.json` says."""
    found: dict[str, Any] = json.loads((run / "result.json").read_bytes())
    return found


def forge(run: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the result of a study, and the digest that `run.json` states of it, as somebody may."""
    result = result_of(run)
    change(result)
    data = json.dumps(result, sort_keys=True).encode()
    (run / "result.json").write_bytes(data)
    told = json.loads((run / "run.json").read_bytes())
    told["result"] = "sha256:" + hashlib.sha256(data).hexdigest()
    (run / "run.json").write_text(json.dumps(told))
