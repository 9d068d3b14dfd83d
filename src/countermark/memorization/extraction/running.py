"""The run of a study of extraction: self-test, windows, the older model, the result."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.atomic import write_bytes
from countermark.errors import PlanError
from countermark.memorization.blind_gate import PASSED, UNCHECKED, VOID
from countermark.memorization.drivers.driver import Query
from countermark.memorization.extraction.controls import CONTROL, WORK, smallest_p
from countermark.memorization.extraction.counting import Answered, Counted, count_work, other_rule
from countermark.memorization.extraction.deciding import ASSUMPTION, NOT_SHOWN, NULL, bounds, decide
from countermark.memorization.extraction.planning import planned, windows_of
from countermark.memorization.extraction.probability import weigh
from countermark.memorization.extraction.result import ExtractionResult
from countermark.memorization.extraction.rules import Rules
from countermark.memorization.extraction.texts import FOLDER, keep_text, kept_text
from countermark.memorization.study.outcome import write_outcome
from countermark.memorization.study.plan import readable, require_model
from countermark.memorization.study.run import Progress, ask_scores

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from countermark.memorization.drivers.driver import Scorer
    from countermark.memorization.extraction.probability import Weighed
    from countermark.memorization.study.folder import Study

MODEL = "model"
REFERENCE = "reference"

# what the result repeats of the plan
_CARRIED: Final = (
    *("model", "model_date", "reference", "reference_date", "statement", "rules", "top_k", "quotations"),
    *("gate", "left_out", "undated_controls", "lengths"),
)


class Asking(NamedTuple):
    """How a run asks: the self-test of a driver (raises ModelError where it fails), windows a batch, progress."""

    test: Callable[[Scorer], dict[str, Any]]
    batch: int = 16
    progress: Callable[[Progress], None] = lambda _: None


def run_extraction(study: Study, texts: Path, open_model: Callable[[str], Scorer], asking: Asking) -> Path:
    """Ask what the log does not hold yet, and write the result; returns its path.

    `open_model` opens the model of a role, `model` or `reference`; the second only when the first has been asked all.
    `texts` is the folder of the plan's texts. Raises PlanError, ModelError, OutputError; what was answered stays.
    """
    rules = _checked(study, texts)
    answered = _ask_all(study, open_model(MODEL), MODEL, asking)
    olds = None
    if study.plan.members[REFERENCE]:
        olds = _ask_all(study, open_model(REFERENCE), REFERENCE, asking)
    result = _result(study, rules, answered, olds)
    return write_outcome(study, result.to_json())


def _checked(study: Study, texts: Path) -> Rules:
    """The rules of the plan, once all its texts are in the run's folder and its windows lie in them."""
    members = study.plan.members
    try:
        for work in members["works"]:
            for text in work["texts"]:
                kept = kept_text(texts, text["sha256"])
                keep_text(study.folder / FOLDER, kept)
                _require_inside(text, len(kept))
        planned(study.plan)
        _require_known(members)
        return Rules.of(members["rules"])
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(f"not a plan of extraction, or one that was changed ({error!r})") from error


def _require_known(members: Mapping[str, Any]) -> None:
    if missing := [key for key in (*_CARRIED, "tries", "probabilities") if key not in members]:
        raise ValueError(f"without {missing[0]}")
    if members["gate"]["verdict"] not in {VOID, UNCHECKED, PASSED}:
        raise ValueError(f"gate {members['gate']['verdict']}")


def _require_inside(text: dict[str, Any], length: int) -> None:
    if text["characters"] != length:
        raise ValueError(f"{text['sha256']} has {length} characters")
    for start, border, end in text["windows"]:
        if not 0 <= start < border < end <= length:
            raise ValueError(f"window {start}, {border}, {end} of a text of {length} characters")


def _ask_all(study: Study, scorer: Scorer, role: str, asking: Asking) -> list[list[list[Weighed]]]:
    """For each work, text and window its probability; a text at a time, so that memory holds no more answers."""
    require_model(study.plan, scorer.identity, role)
    _test(study, scorer, role, asking)
    total = planned(study.plan)
    queries = total.windows - total.quoted
    done = fresh = 0

    def show(step: Progress) -> None:
        asking.progress(Progress(done + step.done, queries, fresh + step.fresh))

    answered = []
    for number, work in enumerate(study.plan.members["works"]):
        own = []
        for text in work["texts"]:
            steps: list[Progress] = []
            own.append(_ask_text(study, scorer, role, (number, text), _Shown(asking.batch, show, steps)))
            done += len(own[-1])
            fresh += steps[-1].fresh if steps else 0
        answered.append(own)
    return answered


class _Shown(NamedTuple):
    batch: int
    show: Callable[[Progress], None]
    steps: list[Progress]

    def step(self, progress: Progress) -> None:
        """Keep and show a step."""
        self.steps.append(progress)
        self.show(progress)


def _ask_text(
    study: Study, scorer: Scorer, role: str, asked: tuple[int, dict[str, Any]], shown: _Shown
) -> list[Weighed]:
    number, text = asked
    content = kept_text(study.folder / FOLDER, text["sha256"])
    windows = windows_of(text)
    queries = [Query(content[w.start : w.border], content[w.border : w.end]) for w in windows]
    labels = [{"role": role, "work": number, "text": text["sha256"], "window": list(w)} for w in windows]
    scored = ask_scores(
        study, scorer, queries, labels=labels, role=role, batch=shown.batch, progress=shown.step
    )
    return [weigh(one, query.continuation) for one, query in zip(scored, queries, strict=True)]


def _test(study: Study, scorer: Scorer, role: str, asking: Asking) -> None:
    """Test the driver each time a study is begun or resumed; the result cites the first time, so as not to change."""
    facts = asking.test(scorer)
    study.note("self_test", {"role": role, "result": facts})
    path = _test_path(study, role)
    if not path.exists():
        write_bytes(path, readable(facts))


def _test_path(study: Study, role: str) -> Path:
    return study.folder / f"self_test_{role}.json"


def _result(
    study: Study,
    rules: Rules,
    answered: Sequence[Sequence[Sequence[Weighed]]],
    olds: Sequence[Sequence[Sequence[Weighed]]] | None,
) -> ExtractionResult:
    members = study.plan.members
    counted = [
        count_work(
            work,
            [Answered(own, None if olds is None else olds[n][t]) for t, own in enumerate(answered[n])],
            rules,
            dict(members),
        )
        for n, work in enumerate(members["works"])
    ]
    works = [one for one in counted if one.result.role == WORK]
    controls = [one for one in counted if one.result.role == CONTROL]
    ranked = [one for one in controls if one.standing is not None]
    least, held = smallest_p(len(ranked), len(works))
    return ExtractionResult(
        **{key: members[key] for key in _CARRIED},
        self_test=json.loads(_test_path(study, MODEL).read_bytes()),
        reference_self_test=None if olds is None else json.loads(_test_path(study, REFERENCE).read_bytes()),
        other_rule=other_rule(rules),
        curve={"tries": members["tries"], "probabilities": members["probabilities"]},
        comparison={VOID: "void", UNCHECKED: "not checked"}.get(members["gate"]["verdict"], "checked"),
        counts=_counts(counted, members),
        smallest_p=least,
        smallest_holm_p=held,
        false_positives=bounds([(one.windows, one.hits) for one in controls]),
        null=NULL,
        assumption=ASSUMPTION,
        not_shown=list(NOT_SHOWN),
        works=_decided(works, ranked, rules, void=members["gate"]["verdict"] == VOID)
        + [one.result for one in controls],
    )


def _decided(works: Sequence[Counted], controls: Sequence[Counted], rules: Rules, *, void: bool) -> list[Any]:
    decisions = decide(
        [one.standing for one in works],
        [one.standing for one in controls if one.standing is not None],
        alpha=rules.alpha,
        void=void,
    )
    return [replace(one.result, **decision._asdict()) for one, decision in zip(works, decisions, strict=True)]


def _counts(counted: Sequence[Counted], members: Any) -> dict[str, int]:
    def total(key: str) -> int:
        return sum(one.result.windows[key] for one in counted)

    return {
        "works": sum(one.result.role == WORK for one in counted),
        "controls": sum(one.result.role == CONTROL and one.standing is not None for one in counted),
        "windows_cut": total("cut"),
        "quoted": total("quoted"),
        "asked": total("asked"),
        "generic": total("generic"),
        "counted": total("counted"),
        "files_left_out": len(members["left_out"]),
        "works_without_window": sum(one.standing is None for one in counted),
    }
