"""What a study of extraction found: the members of its `result.json`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class TextResult:
    """One text of a work. Places are code points of the text, which the run keeps as `texts/SHA256.txt`.

    path, sha256, characters, tokens: as in the plan. `asked_characters` lie in the continuation of a window that was
    cut, `covered` of them in one that counts and has p_z >= the threshold under the plan's rule, `covered_other` under
    the other rule (null where the driver does not tell top-k).

    `heat` and `heat_other`: runs [first character, one after the last, log10 p_z or null for p_z = 0] of the largest
    p_z over each character, under the plan's rule and the other (null where not told). Characters in no run: nothing
    was asked of them, or only in windows that were dropped.

    `hits`: the windows that count with p_z >= the threshold under the plan's rule: start, border, end (the prefix is
    [start, border), the continuation [border, end)), t1 and top (log10 p_z at temperature 1 and under top-k; null is
    p_z = 0, or for top with `top_known` false: not told), tokens, greedy (true, false, or null: not told),
    expected_tries (1/p_z under the rule), reference (log10 p_z of the older model under the rule; null where there is
    none or where it is 0), margin (log10 p_z minus reference; null without both).

    `generic`: the same, of windows that the reference model gives too (its p_z >= the threshold): dropped from all
    counts whatever the model says of them. `quoted`: [start, border, end, public work, letters], never asked.
    """

    path: str
    sha256: str
    characters: int
    tokens: int
    asked_characters: int
    covered: int
    covered_other: int | None
    heat: list[list[Any]]
    heat_other: list[list[Any]] | None
    hits: list[dict[str, Any]]
    generic: list[dict[str, Any]]
    quoted: list[list[Any]]


@dataclass(frozen=True)
class WorkResult:
    """One work or control work; role, id, title, author and published (ISO day or empty) as in the plan.

    `windows`: `cut`, of these `quoted` (not asked), `asked`, of these `generic` (dropped), and `counted`, what is
    left; `moved` and `otherwise` (see `windows.py`), `no_cut` (places where no cut was found), `shortened` (asked with
    a prefix cut to the model's context), `greedy` (counted windows whose continuation is the most probable token each
    time).

    `hits` and `hits_other`: counted windows with p_z >= the threshold, under the plan's rule and the other one (null
    where not told). `coverage` = covered / asked_characters under the rule, `coverage_other` likewise. `highest`: the
    largest log10 p_z of the counted windows under the rule (null: 0 or none), `highest_other`; `expected_tries` 1/p_z
    of that window. `curve`: for each probability of `curve.probabilities`, for each number of tries of `curve.tries`,
    how many counted windows are (n, p)-extractable under the rule; its denominator is `windows.counted`.

    `conformal_p`, `holm_p`: of works; null for controls, where the comparison is void, and without counted windows.
    `decision`: `not-asked` (no counted window), `no-hit`, `reproduced` (a hit: a fact of the model, and no more),
    `reproduced-beyond-controls` (a hit, and Holm's p <= alpha); for controls without the last.
    """

    role: str
    id: str
    title: str
    author: str
    published: str
    windows: dict[str, int]
    hits: int
    hits_other: int | None
    characters: int
    asked_characters: int
    covered: int
    coverage: float
    coverage_other: float | None
    highest: float | None
    highest_other: float | None
    expected_tries: float | None
    curve: list[list[int]]
    conformal_p: float | None
    holm_p: float | None
    decision: str
    texts: list[TextResult]


@dataclass(frozen=True)
class ExtractionResult:
    """All that a report needs. `study.outcome` adds `countermark_result`, `kind` and `plan` (its digest).

    grade: always "B". model, reference (null without one): identity (name, digest, driver, address). model_date,
    reference_date, statement: the user's, as given. self_test, reference_self_test: `SelfTest.to_json`, of the first
    time the study was begun. rules, curve ({tries, probabilities}), top_k, quotations (the index of public text, or
    null), gate (`blind_gate.Gate`), left_out (files not asked about: role, where, reason), undated_controls, lengths:
    as the plan fixed them.

    `other_rule`: the rule beside the one that decides. `comparison`: `void` (the gate: every p is null), `not checked`
    (too few works for the gate: the assumption rests on the user's word), or `checked`. `counts`: works, controls (with
    a counted window), windows_cut, quoted, asked, generic, counted, files_left_out, works_without_window. `smallest_p`
    and `smallest_holm_p`: what so many controls allow at best. `false_positives`: {confidence, works, windows_apart},
    each {hits, of, upper} over the controls, `upper` the one-sided limit of Clopper-Pearson; works need
    exchangeability only, windows_apart (continuations that do not overlap) moreover independence.

    null, assumption, not_shown: sentences (English) that stand beside every p; their keys for translation are
    `extract.null`, `extract.assumption`, `extract.not_shown.1` and so on, in this order. works: `WorkResult`, works
    first, then controls, in the order of the plan.
    """

    model: dict[str, str]
    reference: dict[str, str] | None
    model_date: str
    reference_date: str
    statement: str
    self_test: dict[str, Any]
    reference_self_test: dict[str, Any] | None
    rules: dict[str, Any]
    other_rule: str
    curve: dict[str, Any]
    top_k: int
    quotations: dict[str, Any] | None
    gate: dict[str, Any]
    comparison: str
    left_out: list[dict[str, Any]]
    undated_controls: int
    lengths: dict[str, Any]
    counts: dict[str, int]
    smallest_p: float
    smallest_holm_p: float
    false_positives: dict[str, Any]
    null: str
    assumption: str
    not_shown: list[str]
    works: list[WorkResult]
    grade: str = "B"

    def to_json(self) -> dict[str, Any]:
        """As `result.json` holds it."""
        return asdict(self)
