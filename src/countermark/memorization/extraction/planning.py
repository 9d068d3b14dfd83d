"""The plan of a study of extraction: which windows of which works are asked of which model, fixed before any answer.

Members: `model` and `reference` (identity or null), `model_date`, `reference_date`, `statement` (the user's words on
both, printed as given), `rules`, `tries`, `probabilities`, `top_k`; `works`, each with `role` (work or control), `id`,
`title`, `author`, `published` and `texts`; each text with `path`, `sha256`, `characters`, `tokens`, `windows`
([start, border, end] in code points), `moved`, `otherwise`, `left_out`, and `quoted` ([number of the window, public
work, letters]), which are not asked; `quotations` (the index, or null); `gate` (the blind gate, which needs no model);
`left_out` (files that are not asked about, with reasons); `undated_controls`; `lengths`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.memorization.blind_gate import blind_gate
from countermark.memorization.drivers.driver import TOP_K
from countermark.memorization.extraction.controls import gather as gather  # noqa: PLC0414  the commands take both
from countermark.memorization.extraction.controls import lengths, require_apart
from countermark.memorization.extraction.rules import PROBABILITIES, TRIES
from countermark.memorization.extraction.texts import keep_text
from countermark.memorization.extraction.windows import Window, cut_windows
from countermark.memorization.study.plan import Plan, model_facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from countermark.memorization.drivers.driver import ModelIdentity, Scorer
    from countermark.memorization.extraction.controls import Gathered
    from countermark.memorization.extraction.quotations import Quotations
    from countermark.memorization.extraction.rules import Rules


class Said(NamedTuple):
    """What only the user can say of the models; dates are ISO days or empty, and all is printed as given."""

    model_date: str = ""
    reference_date: str = ""
    statement: str = ""


class Planned(NamedTuple):
    """What a plan will ask: texts, windows and queries (two a window with a reference), and what it will not."""

    works: int
    controls: int
    windows: int
    quoted: int
    queries: int
    without_window: int


def plan_extraction(  # noqa: PLR0913  what a plan fixes
    works: Gathered,
    controls: Gathered,
    scorer: Scorer,
    rules: Rules,
    *,
    store: Path,
    said: Said,
    reference: ModelIdentity | None = None,
    quotations: Quotations | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Plan:
    """Cut all works into windows by the model's own tokens, and keep their texts in `store`.

    `progress` is given characters done and in all. Raises InputError, ModelError, OutputError.
    """
    require_apart(works, controls)
    cutting = _Cutting(scorer, rules, quotations, store, progress)
    cutting.total = sum(len(text) for side in (works, controls) for text in side.joined())
    told = [fact for side in (works, controls) for fact in cutting.works(side)]
    members: dict[str, Any] = {
        "model": model_facts(scorer.identity),
        "reference": None if reference is None else model_facts(reference),
        **said._asdict(),
        "rules": rules.facts(),
        "tries": list(TRIES),
        "probabilities": list(PROBABILITIES),
        "top_k": TOP_K,
        "works": told,
        "quotations": None if quotations is None else quotations.facts(),
        "gate": blind_gate(works.joined(), controls.joined()).facts(),
        "left_out": [*works.left_out, *controls.left_out],
        "undated_controls": sum(work.published is None for work in controls.works.values()),
        "lengths": {side.role: lengths(side.joined()) for side in (works, controls)},
    }
    return Plan("extract", members)


class _Cutting:
    """Cuts the works of both roles alike."""

    def __init__(
        self,
        scorer: Scorer,
        rules: Rules,
        quotations: Quotations | None,
        store: Path,
        progress: Callable[[int, int], None],
    ) -> None:
        self._scorer, self._rules, self._quotations = scorer, rules, quotations
        self._store, self._progress = store, progress
        self._done = self.total = 0

    def works(self, gathered: Gathered) -> list[dict[str, Any]]:
        """The works of one role as a plan holds them."""
        return [
            {
                "role": gathered.role,
                "id": work.work_id,
                "title": work.title,
                "author": work.author,
                "published": "" if work.published is None else work.published.isoformat(),
                "texts": [self._text(path, text) for path, text in gathered.texts[key]],
            }
            for key, work in gathered.works.items()
        ]

    def _text(self, path: str, text: str) -> dict[str, Any]:
        found = cut_windows(text, self._scorer.tokens, self._rules)
        quoted = (
            []
            if self._quotations is None
            else self._quotations.quoted(text, found.windows, self._rules.quoted_letters)
        )
        self._done += len(text)
        self._progress(self._done, self.total)
        return {
            "path": path,
            "sha256": keep_text(self._store, text),
            "characters": len(text),
            "tokens": found.tokens,
            "windows": [list(window) for window in found.windows],
            "moved": found.moved,
            "otherwise": found.otherwise,
            "left_out": found.left_out,
            "quoted": [list(one) for one in quoted],
        }


def planned(plan: Plan) -> Planned:
    """What a plan asks, in numbers."""
    works = plan.members["works"]
    texts = [text for work in works for text in work["texts"]]
    windows = sum(len(text["windows"]) for text in texts)
    quoted = sum(len(text["quoted"]) for text in texts)
    asked = windows - quoted
    return Planned(
        works=_with_window(works, "work"),
        controls=_with_window(works, "control"),
        windows=windows,
        quoted=quoted,
        queries=asked * (2 if plan.members["reference"] else 1),
        without_window=sum(not _has_window(work) for work in works),
    )


def _with_window(works: list[dict[str, Any]], role: str) -> int:
    return sum(work["role"] == role and _has_window(work) for work in works)


def _has_window(work: dict[str, Any]) -> bool:
    return any(len(text["windows"]) > len(text["quoted"]) for text in work["texts"])


def windows_of(text: dict[str, Any]) -> list[Window]:
    """The windows of a text in a plan that are asked: those that are not quoted."""
    quoted = {number for number, _, _ in text["quoted"]}
    return [Window(*window) for n, window in enumerate(text["windows"]) if n not in quoted]
