"""A study under way: what is logged, what is asked again, and what is refused."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from countermark.errors import ModelError, PlanError, RunError
from countermark.memorization.drivers.driver import Completion, Decoding, ModelIdentity, Query, Scored, Token
from countermark.memorization.study.answers import refused
from countermark.memorization.study.outcome import read_outcome, write_outcome
from countermark.memorization.study.run import Progress, ask_completions, ask_scores, begin
from countermark.scan.runlog import read_events
from memorization.study_fakes import FakeGenerator, FakeScorer, plan_of

if TYPE_CHECKING:
    from collections.abc import Sequence

QUERIES = [Query(f"before {number} ", f"some words {number}") for number in range(10)]
HERE = Path(__file__).parent


def events(folder: Path) -> list[str]:
    """What the log tells, in order."""
    return [entry["event"] for entry in read_events(folder / "runlog.jsonl")]


def test_each_question_and_answer_is_logged_and_none_asked_twice(tmp_path: Path) -> None:
    """A second run takes all from the log, and gives the same."""
    scorer, told = FakeScorer(), list[Progress]()
    with begin(tmp_path, plan_of()) as study:
        first = ask_scores(study, scorer, [*QUERIES, QUERIES[0]], batch=4, progress=told.append)
    assert told[0] == (0, 10, 0)
    assert told[-1] == (10, 10, 10)
    assert events(tmp_path) == ["begin", *["asked", "answered"] * 3]
    with begin(tmp_path, plan_of()) as study:
        again = ask_scores(study, scorer, [*QUERIES, QUERIES[0]], batch=4, progress=told.append)
        assert study.answers.counted() == (10, 10, 0, 0, 0)
    assert first == again == scorer.logprobs([*QUERIES, QUERIES[0]])
    assert len(scorer.asked) == 21
    assert told[-1] == (10, 10, 0)
    asked = read_events(tmp_path / "runlog.jsonl")[1]
    assert asked["questions"][0]["texts"] == ["before 0 ", "some words 0"]


def test_texts_of_traps_stay_out_of_the_log(tmp_path: Path) -> None:
    """The number stands there, and a keyed name that another key does not give."""
    plan, labels = plan_of("trap"), [{"work": "w", "candidate": number} for number in range(10)]
    for folder, secret in (("a", b"1" * 32), ("b", b"2" * 32)):
        with begin(tmp_path / folder, plan, secret=secret) as study:
            ask_scores(study, FakeScorer(), QUERIES, labels=labels)
    data = (tmp_path / "a" / "runlog.jsonl").read_text()
    assert "words" not in data
    assert '"candidate": 9' in data
    keys = [read_events(tmp_path / name / "runlog.jsonl")[1]["questions"][0]["key"] for name in "ab"]
    assert keys[0] != keys[1]


class Faulty(FakeScorer):
    """Fails at the second batch."""

    def logprobs(self, queries: Sequence[Query]) -> list[Scored]:
        """Raise with the texts in the message, as servers do."""
        if self.asked:
            self.asked += queries
            raise ModelError(f"the server said 400: bad prompt {queries[0].continuation!r}")
        return super().logprobs(queries)


def test_a_failure_is_logged_without_the_texts_and_asked_again(tmp_path: Path) -> None:
    """What was answered stays; the question that failed counts as asked twice."""
    with pytest.raises(ModelError, match="some words 4"), begin(tmp_path, plan_of("trap")) as study:
        ask_scores(study, Faulty(), QUERIES, batch=4)
    failed = read_events(tmp_path / "runlog.jsonl")[-1]
    assert failed["why"] == "the server said 400: bad prompt '[text]'"
    scorer = FakeScorer()
    with begin(tmp_path, plan_of("trap")) as study:
        ask_scores(study, scorer, QUERIES, batch=4)
        assert study.answers.counted() == (14, 10, 4, 0, 1)
    assert scorer.asked == QUERIES[4:]


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [Scored((), (), None)],
        [Scored((Token(0, 4),), (math.nan,), None)],
        [Scored((Token(0, 4),), (0.5,), None)],
        [Scored((Token(0, 4),), (-1.0, -2.0), None)],
        [Scored((Token(0, 4),), (-1.0,), (1.0,))],
        [Scored((Token(0, 400),), (-1.0,), None)],
        [Scored((Token(5, 8), Token(0, 4)), (-1.0, -1.0), None)],
    ],
)
def test_answers_that_are_none_are_refused(tmp_path: Path, wrong: list[Scored]) -> None:
    """Nothing of them is taken as an answer."""
    scorer = FakeScorer()
    scorer.logprobs = lambda queries: wrong  # type: ignore[method-assign]  # noqa: ARG005
    with pytest.raises(ModelError, match="the model gave"), begin(tmp_path, plan_of()) as study:
        ask_scores(study, scorer, QUERIES[:1])
    assert events(tmp_path) == ["begin", "asked", "failed"]


def test_a_probability_of_zero_survives_the_log(tmp_path: Path) -> None:
    """JSON has no word for its logarithm."""
    scorer, zero = FakeScorer(), Scored((Token(0, 4),), (-math.inf,), (-math.inf,), 3, (False,))
    scorer.logprobs = lambda queries: [zero]  # type: ignore[method-assign]  # noqa: ARG005
    for _ in range(2):
        with begin(tmp_path, plan_of()) as study:
            assert ask_scores(study, scorer, QUERIES[:1]) == [zero]
    assert "Infinity" not in (tmp_path / "runlog.jsonl").read_text()


class Refusing(FakeGenerator):
    """Says nothing, and why."""

    def complete(self, prompts: Sequence[str], decoding: Decoding) -> list[list[Completion]]:
        """Refuse each sample."""
        return [[Completion("", "content_filter")] * decoding.samples for _ in prompts]


class Short(FakeGenerator):
    """Gives one sample too few."""

    def complete(self, prompts: Sequence[str], decoding: Decoding) -> list[list[Completion]]:
        """Leave the last sample out."""
        return [samples[1:] for samples in super().complete(prompts, decoding)]


def test_only_a_refusal_is_counted_as_one() -> None:
    """By the server's word; an end that is not told, or another one, is none."""
    assert all(refused(why) for why in ("content_filter", "refusal", "refusal: I cannot do that."))
    assert not any(refused(why) for why in ("stop", "length", "not told", "tool_calls", "no refusal", ""))


def test_completions_and_refusals(tmp_path: Path) -> None:
    """Each sample is kept; one that is refused is counted."""
    generator, decoding = FakeGenerator(), Decoding(5, samples=2)
    with begin(tmp_path, plan_of("ask")) as study:
        first = ask_completions(study, generator, ["say a", "say b"], decoding)
        other = ask_completions(study, generator, ["say a"], Decoding(6, samples=2))
        assert first == [[Completion("a", "stop")] * 2, [Completion("b", "stop")] * 2]
        assert other == first[:1]
        ask_completions(study, Refusing(), ["say c"], decoding)
        assert study.answers.counted().refused == 1
        with pytest.raises(ModelError, match="1 completions where 2"):
            ask_completions(study, Short(), ["say d"], decoding)
    assert generator.asked == ["say a", "say b", "say a"]


def test_only_the_plan_s_model_is_asked(tmp_path: Path) -> None:
    """Another model is refused before it is asked anything."""
    scorer = FakeScorer(identity=ModelIdentity("fake", "sha256:1", "fake"))
    with begin(tmp_path, plan_of()) as study, pytest.raises(PlanError, match="another model"):
        ask_scores(study, scorer, QUERIES)
    assert scorer.asked == []


def test_a_folder_is_one_plan_s_and_one_run_s(tmp_path: Path) -> None:
    """Another plan, another run at the same time, a folder of something else."""
    run = tmp_path / "run"
    with begin(run, plan_of()), pytest.raises(RunError, match="another run"), begin(run, plan_of()):
        pass
    with pytest.raises(PlanError, match="another plan"), begin(run, plan_of(alpha=1)):
        pass
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "novel.txt").touch()
    with pytest.raises(RunError, match=r"novel\.txt"), begin(tmp_path / "full", plan_of()):
        pass
    with pytest.raises(RunError, match="not a folder"), begin(tmp_path / "full" / "novel.txt", plan_of()):
        pass
    (run / "plan.json").unlink()
    with pytest.raises(RunError, match="not a study"), begin(run, plan_of()):
        pass


def test_a_changed_log_is_refused(tmp_path: Path) -> None:
    """A figure that was changed breaks the chain."""
    with begin(tmp_path, plan_of()) as study:
        ask_scores(study, FakeScorer(), QUERIES)
    log = tmp_path / "runlog.jsonl"
    log.write_text(log.read_text().replace('"left_out": 0', '"left_out": 1', 1) + "\n")
    with pytest.raises(RunError, match="line"), begin(tmp_path, plan_of()):
        pass


KILLED = """
import os, signal, sys
from pathlib import Path
from countermark.memorization.study.run import ask_scores, begin
from memorization.study_fakes import FakeScorer, plan_of
from memorization.test_study_run import QUERIES

signal.signal(signal.SIGINT, signal.default_int_handler)  # a test that runs in the background inherits none

class Killed(FakeScorer):
    def logprobs(self, queries):
        with open(sys.argv[2], "a") as file:
            file.writelines(query.continuation + "\\n" for query in queries)
        if len(self.asked) == 6:
            os.kill(os.getpid(), int(sys.argv[3]))
        return super().logprobs(queries)

with begin(Path(sys.argv[1]), plan_of()) as study:
    ask_scores(study, Killed(), QUERIES, batch=3)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path, number: int) -> None:
    """Nothing that was answered is asked again, and the result has the bytes of an unbroken run's."""
    run, asked = tmp_path / "run", tmp_path / "asked"
    command = [sys.executable, "-c", KILLED, str(run), str(asked), str(int(number))]
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": str(HERE.parent)}, capture_output=True, check=False
    )
    assert done.returncode != 0
    assert asked.read_text().splitlines() == [query.continuation for query in QUERIES[:9]]
    assert ("interrupted" in events(run)) == (number == signal.SIGINT)
    scorer, whole = FakeScorer(), tmp_path / "whole"
    for folder in (run, whole):
        with begin(folder, plan_of()) as study:
            scores = ask_scores(study, scorer, QUERIES, batch=3)
            write_outcome(study, {"sums": [sum(one.logprobs) for one in scores]})
    assert scorer.asked == QUERIES[6:] + QUERIES
    assert (run / "result.json").read_bytes() == (whole / "result.json").read_bytes()
    assert read_outcome(run)[1]["counted"] == {
        "asked": 13,
        "answered": 10,
        "again": 3,
        "refused": 0,
        "failures": 0,
    }


def test_an_outcome_is_read_with_its_digests(tmp_path: Path) -> None:
    """A result, a log or a plan that was changed afterwards is refused."""
    with pytest.raises(RunError, match="is missing"):
        read_outcome(tmp_path)
    with begin(tmp_path, plan_of()) as study:
        path = write_outcome(study, {"found": 1})
    result, run = read_outcome(tmp_path)
    assert (result["found"], run["medium"], run["kind"]) == (1, "model", "extract")
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"found": 1', b'"found": 2'))
    with pytest.raises(RunError, match="was changed"):
        read_outcome(tmp_path)
    path.write_bytes(data)
    log = tmp_path / "runlog.jsonl"
    log.write_text(log.read_text().splitlines()[0] + "\n")
    with pytest.raises(RunError, match="do not belong together"):
        read_outcome(tmp_path)
    (tmp_path / "run.json").write_text(json.dumps([]))
    with pytest.raises(RunError, match="not the folder of a study"):
        read_outcome(tmp_path)
