"""The run of a study of questions: self-test, prompts, exact tests, the result.

Works and controls are asked in one order that the plan's digest shuffles, so that a service that changes meanwhile
changes for both. Questions of multiple choice come last: they show secret versions, and no text before a trap may be
answered by who has seen them.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.atomic import write_bytes
from countermark.errors import PlanError
from countermark.memorization.asking import deciding
from countermark.memorization.asking.choice import TOKENS
from countermark.memorization.asking.exact_judging import Answered, judge_exact
from countermark.memorization.asking.judging import Answer, decided, judge_work, same_author
from countermark.memorization.asking.planning import planned
from countermark.memorization.asking.prompts import Prompt, choice_text, prompt_text
from countermark.memorization.asking.putting import KINDS, Put, Putter
from countermark.memorization.asking.result import AskResult, ExactResult, WorkResult
from countermark.memorization.asking.rules import Rules
from countermark.memorization.blind_gate import UNCHECKED, VOID
from countermark.memorization.drivers.driver import Decoding
from countermark.memorization.extraction.controls import CONTROL, WORK, smallest_p
from countermark.memorization.extraction.texts import FOLDER, digest_of, keep_text, kept_text
from countermark.memorization.study.outcome import write_outcome
from countermark.memorization.study.plan import readable, require_model
from countermark.memorization.traps.burnt import address_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from countermark.memorization.asking.exact_plan import Exact, History
    from countermark.memorization.drivers.driver import Generator
    from countermark.memorization.study.folder import Study
    from countermark.memorization.study.run import Progress
    from countermark.memorization.traps.key import TrapKey

_SELF_TEST: Final = "self_test_model.json"


class Asking(NamedTuple):
    """How a run asks: the self-test of a driver (raises ModelError where it fails), and progress."""

    test: Callable[[Generator], dict[str, Any]]
    progress: Callable[[Progress], None] = lambda _: None


class Keyed(NamedTuple):
    """What the exact tests need: the key, what they ask, and what was shown before."""

    key: TrapKey
    exact: Exact
    history: History


def run_asking(
    study: Study, texts: Path, generator: Generator, asking: Asking, keyed: Keyed | None = None
) -> Path:
    """Ask what the log does not hold yet, and write the result; returns its path.

    `texts` is the folder of the plan's texts; `keyed` is needed where the plan has exact tests. Raises PlanError,
    ModelError, OutputError; what was answered stays.
    """
    if study.plan.members.get("exact") and keyed is None:
        raise PlanError("the plan has exact tests: the key of its traps is needed")
    rules = _checked(study, texts)
    require_model(study.plan, generator.identity)
    _test(study, generator, asking)
    asked = planned(study.plan)
    putter = Putter(study, generator, asked.answers + asked.exact, asking.progress)
    for question in _shuffled(study, rules):
        putter.put(question)
    exact = None if keyed is None else _exact(study, rules, generator, putter, keyed)
    return write_outcome(study, _result(study, rules, putter, exact).to_json())


def _checked(study: Study, texts: Path) -> Rules:
    """The rules of the plan, once its texts are in the run's folder and what is sent is what it names."""
    members = study.plan.members
    try:
        rules = Rules.of(members["rules"])
        for work in members["works"]:
            kept = kept_text(texts, work["sha256"])
            keep_text(study.folder / FOLDER, kept)
            for row in work["prompts"]:
                if digest_of(_sent(row, kept, work, rules)) != row[3]:
                    raise PlanError(
                        f"work {work['id']}: what would be sent is not what the plan names; make a new plan"
                    )
        planned(study.plan)
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(f"not a plan of questions, or one that was changed ({error!r})") from error
    return rules


def _sent(row: list[Any], text: str, work: dict[str, Any], rules: Rules) -> str:
    return prompt_text(Prompt(*row[:3]), text, work, rules.language)


def _test(study: Study, generator: Generator, asking: Asking) -> None:
    """Test the driver each time a study is begun or resumed; the result cites the first time, so as not to change."""
    facts = asking.test(generator)
    study.note("self_test", {"result": facts})
    if not (study.folder / _SELF_TEST).exists():
        write_bytes(study.folder / _SELF_TEST, readable(facts))


def _decoding(study: Study, rules: Rules, sample: int) -> Decoding:
    """Sample 0 takes the most probable token each time; each further one has a seed of its own."""
    if sample == 0:
        return Decoding(rules.tokens)
    return Decoding(rules.tokens, 1.0, seed=study.plan.seed("ask") % 2**31 + sample)


def _questions(study: Study, rules: Rules, number: int) -> list[tuple[int, int, Put]]:
    """All questions about one work: the number of the prompt, the sample, and what is put."""
    work = study.plan.members["works"][number]
    text = kept_text(study.folder / FOLDER, work["sha256"])
    return [
        (place, sample, Put(f"{number}.{place}.{sample}", sent, _decoding(study, rules, sample)))
        for place, sent in enumerate(_sent(row, text, work, rules) for row in work["prompts"])
        for sample in range(rules.answers)
    ]


def _shuffled(study: Study, rules: Rules) -> list[Put]:
    questions = [
        put
        for number in range(len(study.plan.members["works"]))
        for _, _, put in _questions(study, rules, number)
    ]
    seed = study.plan.digest
    return sorted(questions, key=lambda put: hashlib.sha256(f"{seed} {put.name}".encode()).digest())


def _exact(study: Study, rules: Rules, generator: Generator, putter: Putter, keyed: Keyed) -> ExactResult:
    outputs = [
        [
            putter.put(Put(f"suffix.{number}.{sample}", one.before, _decoding(study, rules, sample)))
            for sample in range(rules.answers)
        ]
        for number, one in enumerate(keyed.exact.emissions)
    ]
    letters = []
    for number, question in enumerate(keyed.exact.questions):
        sent = choice_text(question.title, question.versions, rules.language)
        put = Put(f"choice.{number}", sent, Decoding(TOKENS), secret=True)
        if generator.hosted and not putter.knows(put):
            # Noted before it is shown: what was noted and not asked costs a candidate, what was not noted the proof.
            shown = [(query, question.work, question.channel) for query in question.shown]
            keyed.history.ledger.note(address_of(generator.identity), study.plan.digest, shown)
        letters.append(putter.put(put))
    hosted = address_of(generator.identity) if generator.hosted and letters else ""
    answered = Answered(outputs, letters)
    facts = study.plan.members["exact"]
    return judge_exact(facts, keyed.exact, keyed.key, answered, alpha=rules.alpha, shown_to=hosted)


def _result(study: Study, rules: Rules, putter: Putter, exact: ExactResult | None) -> AskResult:
    members = study.plan.members
    judged = []
    for number, work in enumerate(members["works"]):
        answers = [
            Answer(place, sample, put.prompt, putter.answer(put))
            for place, sample, put in _questions(study, rules, number)
        ]
        others = same_author(work, members["works"])
        judged.append(
            judge_work(work, answers, rules, lambda digest: kept_text(study.folder / FOLDER, digest), others)
        )
    gate = members["gate"]
    void = gate is not None and gate["verdict"] == VOID
    works = decided(judged, alpha=rules.alpha, void=void)
    ranked = [one.standing for one in judged if one.result.role == CONTROL]
    least, held = smallest_p(len(ranked), len(works) - len(ranked)) if works else (None, None)
    same = ("model", "model_date", "statement", "may_search", "may_search_stated", "rules", "templates",
            "quotations", "gate", "left_out", "undated_controls", "lengths")  # fmt: skip
    return AskResult(
        **{key: members[key] for key in same},
        claim="the model or its serving system" if members["may_search"] else "the model",
        self_test=json.loads((study.folder / _SELF_TEST).read_bytes()),
        comparison=_comparison(gate),
        counts={role: _counts(works, role) for role in (WORK, CONTROL)},
        controls_ranked=len(ranked),
        controls_incomplete=sum(not one.complete for one in ranked),
        smallest_p=least,
        smallest_holm_p=held,
        recommended_controls=deciding.RECOMMENDED,
        distributions={
            role: sorted(one.outside for one in works if one.role == role) for role in (WORK, CONTROL)
        },
        null=deciding.NULL,
        assumption=deciding.ASSUMPTION,
        not_shown=[*deciding.NOT_SHOWN, *([deciding.SEARCHES] if members["may_search"] else [])],
        works=works,
        exact=exact,
    )


def _comparison(gate: dict[str, Any] | None) -> str:
    if gate is None:
        return "none"
    return {VOID: "void", UNCHECKED: "not checked"}.get(gate["verdict"], "checked")


def _counts(works: list[WorkResult], role: str) -> dict[str, int]:
    return {key: sum(work.counts[key] for work in works if work.role == role) for key in ("asked", *KINDS)}
