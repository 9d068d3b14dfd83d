"""What a study of questions found: the members of its `result.json`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class AnswerResult:
    """One answer about a work. All numbers of words are after normalisation (`wording.py`).

    template (`plain`, `named`, `continue`), start, end: the passage of the work that the prompt gave, in code points.
    sample: 0 is temperature 0; from 1 on temperature 1. kind: `answered`, `empty`, `refused` (by the server's own
    word), `ended-otherwise` (neither at its length nor at its end; `why` says it), `failed` (no answer). why: as the
    server words it, empty where it failed. words, own, longest, outside, long, long_outside, near: see
    `scoring.Score`; all 0 where it failed.
    """

    template: str
    start: int
    end: int
    sample: int
    kind: str
    why: str
    words: int
    own: int
    longest: int
    outside: int
    long: int
    long_outside: int
    near: int


@dataclass(frozen=True)
class BestRun:
    """The answer with the longest run outside public quotations, the first of several; for the page.

    answer: its number in `answers`. text: the part of the answer around the run, of at most 4,000 characters; run:
    [start, end) of the run in `text`, in code points. work: [start, end) of the same words in the work's text
    (`texts/SHA256.txt`). words: its length.
    """

    answer: int
    text: str
    run: list[int]
    work: list[int]
    words: int


@dataclass(frozen=True)
class WorkResult:
    """One work or control work; role, id, title, author, published, files, sha256, characters, words as in the plan.

    counts: the denominators: {asked, answered, empty, refused, ended-otherwise, failed}. longest: the longest run of
    all answers with the rest of the work, `outside` the same outside public quotations: this decides. long_runs,
    long_runs_outside: runs of `rules.run` words or more, over all answers; answers_with_long_run: answers that hold
    one outside quotations. near_words, near_share: of the answer with the most near-verbatim words (a second number:
    it decides nothing). quoted_characters: of the work, in public text. best: null without a run.

    swap (works only; null for controls, and where the author has no other work in the plan): {works: ids of the other
    works of the same author, longest: the longest run of the same answers with one of them}: the floor that the
    author's manner gives. conformal_p, holm_p: of works; null where the comparison is void or nothing was answered.
    decision: `not-asked`, `nothing-found`, `recited` (a long run outside quotations: a fact of these answers, and no
    more), `beyond-controls` (Holm's p <= alpha, a run of at least 8 words and longer than the floor),
    `recited-beyond-controls` (both); for controls only the first three.
    """

    role: str
    id: str
    title: str
    author: str
    published: str
    files: list[str]
    sha256: str
    characters: int
    words: int
    counts: dict[str, int]
    longest: int
    outside: int
    long_runs: int
    long_runs_outside: int
    answers_with_long_run: int
    near_words: int
    near_share: float
    quoted_characters: int
    best: BestRun | None
    swap: dict[str, Any] | None
    conformal_p: float | None
    holm_p: float | None
    decision: str
    answers: list[AnswerResult]


@dataclass(frozen=True)
class ExactResult:
    """The exact tests (grade A): what is random is the draw of the key, and no control work is needed.

    key: the digest of the key. suffix: for each trap {work, title, channel, form, space, outputs, positions, bound (the
    union bound for all its outputs), hits (outputs that hold the published text), counts (as of a work)}. choice: for
    each question {work, title, channel, number, versions, answer (`right`, `wrong`, `no-letter`, `refused`, `empty`,
    `failed`; all but `right` count as wrong)}; what was published is in no file. claims, decided together: {test
    (`suffix` or `choice`), channel, work (null: all of the channel), versions (of choice), n (traps or questions), k
    (traps emitted, or right answers), others (choice: {no-letter, refused, empty, failed}), p, holm_p, decision
    (`shown` where holm_p <= alpha, `not-shown`)}. shown_to: of a hosted model, to whom the versions were shown (they
    are burnt); else empty. left_out: [test, work, channel, reason].

    null, bound, not_shown: sentences (English), keys `ask.exact.null`, `ask.exact.bound`, `ask.exact.not_shown.1` on.
    """

    key: str
    suffix: list[dict[str, Any]]
    choice: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    shown_to: str
    left_out: list[list[str]]
    null: str
    bound: str
    not_shown: list[str]
    grade: str = "A"


@dataclass(frozen=True)
class AskResult:
    """All that a report needs. `study.outcome` adds `countermark_result`, `kind` and `plan` (its digest).

    grade: "B", of all but `exact`. model, model_date, statement, rules, templates, quotations, gate, left_out,
    undated_controls, lengths: as the plan fixed them. self_test: `SelfTest.to_json`, of the first time the study was
    begun. may_search, may_search_stated: see the plan; claim: `the model`, or `the model or its serving system` where
    it may search: what every sentence must speak of.

    comparison: `none` (exact tests only), `void` (the gate: every p is null), `not checked` (too few works for the
    gate), `checked`. counts: {work, control}: the denominators over all of that role, as of a work. controls_ranked;
    controls_incomplete: of these, with an answer missing, which count as larger than every work. smallest_p,
    smallest_holm_p: what so many controls allow (null without works). recommended_controls: 99. distributions: {work,
    control}: the longest runs outside quotations, ascending.

    null, assumption, not_shown: sentences (English) that stand beside every p; keys `ask.null`, `ask.assumption`,
    `ask.not_shown.1` and so on, in this order. works: `WorkResult`, works first, then controls, in the order of the
    plan; empty without works. exact: `ExactResult`, or null.
    """

    model: dict[str, str]
    model_date: str
    statement: str
    may_search: bool
    may_search_stated: bool
    claim: str
    self_test: dict[str, Any]
    rules: dict[str, Any]
    templates: dict[str, str]
    quotations: dict[str, Any] | None
    gate: dict[str, Any] | None
    comparison: str
    left_out: list[dict[str, Any]]
    undated_controls: int
    lengths: dict[str, Any]
    counts: dict[str, dict[str, int]]
    controls_ranked: int
    controls_incomplete: int
    smallest_p: float | None
    smallest_holm_p: float | None
    recommended_controls: int
    distributions: dict[str, list[int]]
    null: str
    assumption: str
    not_shown: list[str]
    works: list[WorkResult]
    exact: ExactResult | None
    grade: str = "B"

    def to_json(self) -> dict[str, Any]:
        """As `result.json` holds it."""
        return asdict(self)
