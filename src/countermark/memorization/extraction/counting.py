"""From the answers to the figures of each work; works and controls are counted by the same lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.memorization.extraction import probability
from countermark.memorization.extraction.deciding import NOTHING, REPRODUCED, UNASKED, Standing
from countermark.memorization.extraction.heatmap import asked_characters, heat_of
from countermark.memorization.extraction.planning import windows_of
from countermark.memorization.extraction.result import TextResult, WorkResult
from countermark.memorization.extraction.rules import T1, TOP
from countermark.memorization.extraction.windows import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.extraction.probability import Weighed
    from countermark.memorization.extraction.rules import Rules


class Answered(NamedTuple):
    """The answers about one text, window for window; `reference` is None without an older model."""

    model: Sequence[Weighed]
    reference: Sequence[Weighed] | None


class Row(NamedTuple):
    """One window that was asked, and whether the reference gives it too."""

    window: Window
    weighed: Weighed
    reference: float | None
    generic: bool


class Counted(NamedTuple):
    """A work's figures, what it is ranked by, and its windows that count with whether each is hit."""

    result: WorkResult
    standing: Standing | None
    windows: list[Window]
    hits: list[bool]


def count_work(
    work: dict[str, Any], answers: Sequence[Answered], rules: Rules, plan: dict[str, Any]
) -> Counted:
    """The figures of one work; `plan` holds its members `tries` and `probabilities`. Raises ModelError."""
    rows = [_rows(text, answered, rules) for text, answered in zip(work["texts"], answers, strict=True)]
    texts = [_text(text, own, rules) for text, own in zip(work["texts"], rows, strict=True)]
    counted = [row for own in rows for row in own if not row.generic]
    values = [row.weighed.under(rules.rule) for row in counted]
    others = _others(counted, rules)
    hits = [value >= rules.least for value in values]
    asked = sum(text.asked_characters for text in texts)
    covered = sum(text.covered for text in texts)
    covers = [text.covered_other for text in texts if text.covered_other is not None]
    highest = max(values, default=None)
    standing = None if highest is None else Standing(covered / asked, highest)
    result = WorkResult(
        **{key: work[key] for key in ("role", "id", "title", "author", "published")},
        windows=_numbers(work, rows),
        hits=sum(hits),
        hits_other=None if others is None else sum(value >= rules.least for value in others),
        characters=sum(text.characters for text in texts),
        asked_characters=asked,
        covered=covered,
        coverage=covered / asked if asked else 0.0,
        coverage_other=None if others is None or not asked else sum(covers) / asked,
        highest=probability.number(highest),
        highest_other=probability.number(max(others, default=None)) if others is not None else None,
        expected_tries=None if highest is None else probability.expected_tries(highest),
        curve=probability.curve(values, plan["tries"], plan["probabilities"]),
        conformal_p=None,
        holm_p=None,
        decision=UNASKED if standing is None else REPRODUCED if covered else NOTHING,
        texts=texts,
    )
    return Counted(result, standing, [row.window for row in counted], hits)


def _rows(text: dict[str, Any], answered: Answered, rules: Rules) -> list[Row]:
    windows = windows_of(text)
    olds = (
        [None] * len(windows)
        if answered.reference is None
        else [one.under(rules.rule) for one in answered.reference]
    )
    return [
        Row(window, weighed, old, old is not None and old >= rules.least)
        for window, weighed, old in zip(windows, answered.model, olds, strict=True)
    ]


def _others(rows: Sequence[Row], rules: Rules) -> list[float] | None:
    """log10 p_z under the rule that does not decide; None where it is not told."""
    if rules.rule == TOP:
        return [row.weighed.t1 for row in rows]
    tops = [row.weighed.top for row in rows]
    known = [top for top in tops if top is not None]
    return known if len(known) == len(tops) else None


def _text(text: dict[str, Any], rows: Sequence[Row], rules: Rules) -> TextResult:
    every = [Window(*window) for window in text["windows"]]
    counted = [row for row in rows if not row.generic]
    windows = [row.window for row in counted]
    values = [row.weighed.under(rules.rule) for row in counted]
    others = _others(counted, rules)
    heat = heat_of(windows, values, text["characters"], rules.least)
    other = None if others is None else heat_of(windows, others, text["characters"], rules.least)
    return TextResult(
        **{key: text[key] for key in ("path", "sha256", "characters", "tokens")},
        asked_characters=asked_characters(every, text["characters"]),
        covered=heat.covered,
        covered_other=None if other is None else other.covered,
        heat=heat.runs,
        heat_other=None if other is None else other.runs,
        hits=[_hit(row, rules) for row in counted if row.weighed.under(rules.rule) >= rules.least],
        generic=[_hit(row, rules) for row in rows if row.generic],
        quoted=[[*text["windows"][number], title, letters] for number, title, letters in text["quoted"]],
    )


def _hit(row: Row, rules: Rules) -> dict[str, Any]:
    value = row.weighed.under(rules.rule)
    both = probability.number(row.reference) is not None and probability.number(value) is not None
    return {
        **row.window._asdict(),
        **probability.facts(row.weighed),
        "expected_tries": probability.expected_tries(value),
        "reference": probability.number(row.reference),
        "margin": round(value - row.reference, 6) if both and row.reference is not None else None,
    }


def _numbers(work: dict[str, Any], rows: Sequence[Sequence[Row]]) -> dict[str, int]:
    asked = [row for own in rows for row in own]
    generic = sum(row.generic for row in asked)
    texts = work["texts"]
    return {
        "cut": sum(len(text["windows"]) for text in texts),
        "quoted": sum(len(text["quoted"]) for text in texts),
        "asked": len(asked),
        "generic": generic,
        "counted": len(asked) - generic,
        "moved": sum(text["moved"] for text in texts),
        "otherwise": sum(text["otherwise"] for text in texts),
        "no_cut": sum(text["left_out"] for text in texts),
        "shortened": sum(row.weighed.left_out > 0 for row in asked),
        "greedy": sum(row.weighed.greedy is True and not row.generic for row in asked),
    }


def other_rule(rules: Rules) -> str:
    """The rule that is reported beside the one that decides."""
    return T1 if rules.rule == TOP else TOP
