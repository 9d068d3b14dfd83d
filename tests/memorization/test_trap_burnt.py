"""The ledger of what was shown: only candidates with one history are ranked against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from countermark.errors import PlanError, RunError
from countermark.memorization.drivers.driver import ModelIdentity
from countermark.memorization.traps.burnt import Burning, Ledger, shown_in
from countermark.memorization.traps.ranking import queries_of
from memorization.study_fakes import FakeScorer
from memorization.trapped import sentences

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.traps.ranking import Contest

SECRET = b"s" * 32
HOSTED = ModelIdentity("big", "", "served", "https://host.example/v1")


def show(path: Path, contest: Contest, numbers: range, *, plan: str = "p") -> FakeScorer:
    """Ask a hosted model about some candidates."""
    scorer = FakeScorer(identity=HOSTED, hosted=True)
    queries = list(queries_of(contest))
    Burning(scorer, Ledger(path, SECRET), plan, [contest]).logprobs([queries[n] for n in numbers])
    return scorer


def test_what_is_shown_is_written_down_first(tmp_path: Path) -> None:
    """Who, when, of which work; nothing of the text."""
    path, contest = tmp_path / "burnt.jsonl", sentences("w", 10)
    assert shown_in(path) == []
    assert len(show(path, contest, range(4)).asked) == 4
    (shown,) = shown_in(path)
    assert shown[:4] == ("w", "web", "https://host.example/v1 big", 4)
    assert shown.first <= shown.last
    assert "amber" not in path.read_text()


def test_a_wrapped_scorer_is_the_scorer(tmp_path: Path) -> None:
    """It says what the one within says."""
    scorer = FakeScorer(hosted=True)
    burning = Burning(scorer, Ledger(tmp_path / "b", SECRET), "p", [])
    assert (burning.identity, burning.hosted) == (scorer.identity, True)
    assert burning.tokens("a b") == scorer.tokens("a b")


@pytest.mark.parametrize("published", [2, 7])
def test_the_published_one_is_ranked_among_its_like(tmp_path: Path, published: int) -> None:
    """Shown or not shown: those with the same history as the published one."""
    path, contest = tmp_path / "burnt.jsonl", sentences("w", 10, published)
    assert Ledger(path, SECRET).alike(contest) == tuple(range(10))
    show(path, contest, range(4))
    expected = tuple(range(4)) if published < 4 else tuple(range(4, 10))
    ledger = Ledger(path, SECRET)
    assert ledger.alike(contest) == expected
    narrowed = ledger.narrowed(contest)
    assert narrowed.numbers == expected
    assert narrowed.passages[narrowed.published] == contest.passages[published]
    assert Ledger(path, SECRET, but="p").alike(contest) == tuple(
        range(10)
    )  # the plan that showed them goes on


def test_all_shown_is_as_good_as_none_shown(tmp_path: Path) -> None:
    """Only a difference between candidates costs anything; a second showing of some is one."""
    path, contest = tmp_path / "burnt.jsonl", sentences("w", 6, 1)
    show(path, contest, range(6))
    assert Ledger(path, SECRET).alike(contest) == tuple(range(6))
    show(path, contest, range(3), plan="q")
    assert Ledger(path, SECRET).alike(contest) == (0, 1, 2)


def test_a_work_whose_published_one_was_shown_alone_is_refused(tmp_path: Path) -> None:
    """By its name; other works and keys are not touched."""
    path, contest = tmp_path / "burnt.jsonl", sentences("w", 6, 1)
    show(path, contest, range(1, 2))
    with pytest.raises(PlanError, match="work w, channel web: burnt"):
        Ledger(path, SECRET).alike(contest)
    assert Ledger(path, SECRET).alike(sentences("v", 6, 1)) == tuple(range(6))


@pytest.mark.parametrize(
    ("old", "new", "error"), [('"to"', '"ot"', RunError), ('"work": "w"', '"work": "v"', RunError)]
)
def test_a_changed_ledger_is_refused(tmp_path: Path, old: str, new: str, error: type[Exception]) -> None:
    """The chain breaks at the line after; a line that is none of a ledger is named."""
    path, contest = tmp_path / "burnt.jsonl", sentences("w", 6, 1)
    show(path, contest, range(2))
    show(path, contest, range(2))
    data = path.read_text()
    path.write_text(data.replace(old, new, 1))
    with pytest.raises(error, match="line"):
        Ledger(path, SECRET)
    path.write_text(data.splitlines()[0].replace('"query"', '"text"') + "\n")
    with pytest.raises(PlanError, match="line 1: not a line of a ledger"):
        shown_in(path)
