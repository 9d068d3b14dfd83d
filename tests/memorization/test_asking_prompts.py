"""Prompts: the same for works and controls, neutral, and fully determined by the plan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from countermark.errors import InputError, PlanError
from countermark.index.build import build_index
from countermark.media import Asset, Medium
from countermark.memorization.asking.planning import Said, plan_asking, planned
from countermark.memorization.asking.prompts import (
    CHOICE,
    TEMPLATES,
    Prompt,
    choice_text,
    count_prompts,
    prompt_text,
    prompts_of,
)
from countermark.memorization.asking.public import PublicText
from countermark.memorization.asking.rules import Rules
from countermark.memorization.asking.wording import words_of
from countermark.memorization.drivers.driver import ModelIdentity
from countermark.memorization.extraction.controls import gather
from countermark.memorization.study.plan import plan_bytes
from countermark.works.work import Work, WorkFile
from memorization.answering_models import WRITER
from memorization.ngram_model import work

if TYPE_CHECKING:
    from pathlib import Path

TEXT = work(3, 400)
NAMED = {"title": "The {Mill}", "author": "A. Miller"}


def file(name: str, text: str, author: str = "") -> WorkFile:
    return WorkFile(Work(name, name, author), Asset(name, f"{name}.txt", Medium.TEXT, name, text))


def test_passages_begin_with_sentences_and_leave_something_to_say() -> None:
    prompts = prompts_of(TEXT, 2, 50)
    assert prompts is not None
    assert len(prompts) == count_prompts(2) == 5
    assert [one.template for one in prompts] == ["named", "plain", "continue", "plain", "continue"]
    for one in prompts[1:]:
        assert len(words_of(TEXT[one.start : one.end])) == 50
        assert one.start == 0 or TEXT[: one.start].rstrip().endswith(".")
        assert len(words_of(TEXT[one.end :])) >= 50
    assert prompts_of(work(3, 299), 2, 50) is None
    assert prompts_of(work(3, 300), 2, 50) is not None
    assert prompts_of("", 1, 10) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "The Mill\n\nThe old miller lived alone by the river. He sold",
            "The Mill\n\nThe old miller lived alone by",
        ),
        ("“Why did the old miller of the river go?” said", "“Why did the old miller of the river go?”"),
        ("Le meunier avait-il donc douze poules au bord de l’eau\u202f? Oui", None),
    ],
)
def test_the_first_sentence(text: str, sentence: str | None) -> None:
    prompts = prompts_of(text + " water and corn" * 200, 2, 50)
    assert prompts is not None
    found = text[prompts[0].start : prompts[0].end]
    assert found.startswith(sentence or text[:-4])


def test_no_template_hints_or_coaxes() -> None:
    """Each says the passage and no more; none speaks of training, memory or a part to play."""
    for templates in TEMPLATES.values():
        for text in templates.values():
            assert not re.search(
                r"(?i)train|memor|mémo|entraîn|pretend|ignore|exact|word for word|verbatim", text
            )
    assert set(TEMPLATES["en"]) == set(TEMPLATES["fr"])
    assert "Laquelle\u202f?" in TEMPLATES["fr"][CHOICE]


def test_what_is_sent() -> None:
    passage = Prompt("named", 0, 20)
    assert prompt_text(passage, TEXT, NAMED, "en") == f"The {{Mill}}\nby A. Miller\n\n{TEXT[:20]}"
    assert prompt_text(passage, TEXT, {**NAMED, "author": ""}, "fr") == f"The {{Mill}}\n\n{TEXT[:20]}"
    assert (
        prompt_text(Prompt("plain", 4, 19), "{0}{passage} and so it went", NAMED, "en") == "passage} and so"
    )
    told = choice_text("Mill", ["one", "two"], "fr")
    assert "«\u00a0Mill\u00a0»" in told
    assert "A) one\n\nB) two" in told


def test_a_plan_is_the_same_for_the_same_works(tmp_path: Path) -> None:
    plans = [
        plan_asking(
            (
                gather([file("mill", TEXT, "Miller"), file("short", work(8, 100))], "work"),
                gather([file(f"new{n}", work(50 + n, 350)) for n in range(3)], "control"),
            ),
            WRITER,
            Rules(),
            store=tmp_path / "texts",
            said=Said(),
        )
        for _ in range(2)
    ]
    assert plan_bytes(plans[0]) == plan_bytes(plans[1])
    asked = planned(plans[0])
    assert (asked.works, asked.controls, asked.prompts, asked.answers) == (1, 3, 20, 100)
    assert plans[0].members["left_out"] == [{"role": "work", "where": "short.txt", "reason": "too-short"}]
    assert len(list((tmp_path / "texts").iterdir())) == 4
    assert not plans[0].members["may_search"]


def test_who_may_search_is_said_or_assumed(tmp_path: Path) -> None:
    served = ModelIdentity("big", "", "openai", "https://models.example/v1")

    def members(said: bool | None) -> tuple[bool, bool]:
        sides = (gather([file("mill", TEXT)], "work"), gather([file("new", work(9, 400))], "control"))
        plan = plan_asking(sides, served, Rules(), store=tmp_path, said=Said(may_search=said))
        return plan.members["may_search"], plan.members["may_search_stated"]

    assert members(None) == (True, False)
    assert members(False) == (False, True)
    assert members(True) == (True, True)


def test_public_quotations_are_marked_in_the_plan(tmp_path: Path) -> None:
    public = work(70, 120)
    build_index([file("Old Song", public)], tmp_path / "index")
    text = f"{work(71, 250)} {public} {work(72, 250)}"
    plan = plan_asking(
        (gather([file("mill", text)], "work"), gather([file("new", work(9, 400))], "control")),
        WRITER,
        Rules(),
        store=tmp_path / "texts",
        said=Said(),
        public=PublicText(tmp_path / "index"),
    )
    mine, new = plan.members["works"]
    ((start, end, title, letters),) = mine["quoted"]
    begin = text.index(public)
    assert (title, letters > 300, new["quoted"]) == ("Old Song", True, [])
    assert abs(start - begin) < 20
    assert abs(end - begin - len(public)) < 20


def test_what_cannot_be_asked(tmp_path: Path) -> None:
    short = gather([file("short", work(8, 100))], "work"), gather([file("new", work(9, 400))], "control")
    with pytest.raises(InputError, match="every work is too short for 2 passages"):
        plan_asking(short, WRITER, Rules(), store=tmp_path, said=Said())
    with pytest.raises(InputError, match="nothing to ask about"):
        plan_asking(None, WRITER, Rules(), store=tmp_path, said=Said())
    for wrong in ({"samples": -1}, {"passages": 0}, {"alpha": 1.0}, {"language": "de"}, {"words": 9}):
        with pytest.raises(InputError, match="accepted"):
            Rules(**wrong)
    with pytest.raises(PlanError, match="rules cannot be used"):
        Rules.of({"passage": 1})
