"""The quotation filter: what stands in public text is not asked, of works and of controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from countermark.errors import UnusableIndexError
from countermark.index.build import build_index
from countermark.media import Asset, Medium
from countermark.memorization.extraction.controls import gather
from countermark.memorization.extraction.planning import Said, plan_extraction, planned, windows_of
from countermark.memorization.extraction.quotations import Quotations
from countermark.memorization.extraction.rules import Rules
from countermark.memorization.extraction.windows import cut_windows
from countermark.works.work import Work, WorkFile
from memorization.ngram_model import NgramModel, work

if TYPE_CHECKING:
    from pathlib import Path

PUBLIC = work(70, 120)
OWN = work(71, 250), work(72, 250)


def file(name: str, text: str) -> WorkFile:
    return WorkFile(Work(name, name), Asset(name, f"{name}.txt", Medium.TEXT, name, text))


@pytest.fixture(scope="module")
def quotations(tmp_path_factory: pytest.TempPathFactory) -> Quotations:
    folder = tmp_path_factory.mktemp("public") / "public.index"
    build_index([file("Old Song", PUBLIC)], folder)
    return Quotations(folder)


def test_quoted_windows_are_found_and_no_others(quotations: Quotations) -> None:
    text = f"{OWN[0]} {PUBLIC} {OWN[1]}"
    windows = cut_windows(text, NgramModel([]).tokens, Rules()).windows
    quoted = quotations.quoted(text, windows, 80)
    begin, end = len(OWN[0]) + 1, len(OWN[0]) + 1 + len(PUBLIC)
    inside = [n for n, w in enumerate(windows) if begin <= w.border and w.end <= end]
    outside = [n for n, w in enumerate(windows) if w.end <= begin or end <= w.border]
    found = [one.window for one in quoted]
    assert inside
    assert set(inside) <= set(found)
    assert not set(outside) & set(found)
    assert {one.title for one in quoted} == {"Old Song"}
    assert all(one.letters >= 80 for one in quoted)
    assert quotations.quoted(text, windows, 10_000) == []
    assert quotations.quoted(text, [], 80) == []


def test_quoted_windows_are_not_asked_of_either_side(quotations: Quotations, tmp_path: Path) -> None:
    sides = [
        gather([file(role, f"{own} {PUBLIC}")], role)
        for role, own in zip(("work", "control"), OWN, strict=True)
    ]
    model = NgramModel([])
    store = tmp_path / "plan.texts"
    plan = plan_extraction(
        sides[0], sides[1], model, Rules(), store=store, said=Said(), quotations=quotations
    )
    asked = planned(plan)
    texts = [one["texts"][0] for one in plan.members["works"]]
    assert all(text["quoted"] for text in texts)
    assert asked.queries == asked.windows - asked.quoted == sum(len(windows_of(text)) for text in texts)
    assert plan.members["quotations"]["works"] == 1
    assert plan.members["quotations"]["guarantee_letters"] == 80


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableIndexError):
        Quotations(tmp_path)
