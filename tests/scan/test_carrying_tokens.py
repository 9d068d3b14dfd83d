"""Why nothing of token ids is carried: in words, for the plan and in the log, and only where it is so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from countermark.scan import AskedTokenizers, ScanSettings, run_scan
from countermark.scan.carrying import CarryingRunner, carriable, last_run
from countermark.scan.carrying_settings import settings_of, why_all_anew
from countermark.scan.carrying_tokens import why_read_anew
from countermark.scan.plan import make_plan
from countermark.scan.runlog import read_events
from countermark.scan.search import IndexBackend
from scan.needle_search import InlineRunner
from token_corpora import as_megatron, as_text, tables, texts, tokenizer, works_index

if TYPE_CHECKING:
    from pathlib import Path

GPT, OTHER = ("gpt2", "a" * 64), ("cl100k", "b" * 64)


def said(*readings: tuple[tuple[str, str], str, bool], others: int = 0) -> dict[str, Any]:
    """What `run.json` says of readings, each of two shards, and of so many shards of something else."""
    listed = [
        {"tokenizer": name, "table": table, "ids": ids, "named": named, "shards": 2}
        for (name, table), ids, named in readings
    ]
    return {"shards": {"count": 2 * len(listed) + others}, **({"tokenizers": listed} if listed else {})}


BEFORE = said((GPT, "<u2", False), (GPT, "<i4", False))


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (
            said((OTHER, "<u2", False)),
            "the token ids were read with gpt2 in the last run, and now with cl100k",
        ),
        (
            said((OTHER, "<u2", True)),
            "the token ids were read with gpt2 in the last run, and now with cl100k",
        ),
        (
            said((GPT, "<u2", True)),
            "the tokeniser of the token ids (gpt2) was found by trial in the last run, and now is named",
        ),
        (
            said((GPT, ">u2", False)),
            "the token ids were read as numbers of the type <i4, <u2 in the last run, and now of >u2",
        ),
        (said((GPT, "<u2", False), (OTHER, "<u4", False)), None),
        (said((OTHER, "<u2", False), others=1), None),
        (said(others=3), None),
    ],
)
def test_what_changed_is_named(now: dict[str, Any], told: str | None) -> None:
    """None where something is read as it was, or is no token ids; and none where there were no token ids before."""
    assert why_read_anew(BEFORE, now) == told
    assert why_read_anew(said(others=3), now) is None


def test_back_to_trial() -> None:
    """The other way round it reads the other way round."""
    told = why_read_anew(said((GPT, "<u2", True)), said((GPT, "<u2", False)))
    assert (
        told == "the tokeniser of the token ids (gpt2) was named in the last run, and now is found by trial"
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index, tables, a corpus of token ids, and the run over it in which the tokeniser was found by trial."""
    place = tmp_path_factory.mktemp("carrying-tokens")
    works_index(place)
    tables(place)
    as_megatron(place / "ids", texts(), tokenizer(), "0.bin")
    run_scan(asked(place, "last"), runner=InlineRunner())
    return place


def asked(place: Path, out: str, named: str | None = None, corpus: str = "ids") -> ScanSettings:
    tried = AskedTokenizers(place / "tables", named)
    where = (place / corpus,)
    return ScanSettings(
        place / "works.index", where, place / out, attempts=place / "tries.jsonl", tokenizers=tried
    )


@pytest.mark.parametrize(
    ("named", "told"), [(None, None), ("small-0", "(small-0) was found"), ("small-1", "now with small-1")]
)
def test_plan_and_run_say_the_same(place: Path, named: str | None, told: str | None) -> None:
    """With a tokeniser that is named, though it be the same, nothing is carried; before and in the log that is said."""
    settings = asked(place, f"now-{named}", named)
    plan = make_plan(settings.corpus, tokenizers=settings.tokenizers)
    facts = IndexBackend().describe(settings.index, None)
    why = why_all_anew(settings_of(place / "last"), settings, facts, plan)
    runner = CarryingRunner(InlineRunner(), last_run(place / "last"))
    run_scan(settings, runner=runner)
    (event,) = (
        one for one in read_events(place / f"now-{named}" / "runlog.jsonl") if one["event"] == "carrying"
    )
    assert runner.nothing == event["nothing"] == why
    assert (why is None) == (told is None)
    assert str(told) in str(why)
    assert bool(runner.carried) == (told is None) == bool(carriable(plan.shards, last_run(place / "last")))


def test_texts_are_carried_all_the_same(place: Path) -> None:
    """Beside token ids that are read otherwise; so it is not said that nothing can be."""
    as_text(place / "mixed", texts())
    as_megatron(place / "mixed", texts(), tokenizer(), "0.bin")
    run_scan(asked(place, "mixed-last", corpus="mixed"), runner=InlineRunner())
    runner = CarryingRunner(InlineRunner(), last_run(place / "mixed-last"))
    run_scan(asked(place, "mixed-now", "small-0", corpus="mixed"), runner=runner)
    assert runner.nothing is None
    assert len(runner.carried) == 1
