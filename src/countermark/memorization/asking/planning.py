"""The plan of questions: what is sent, how often, and how it will be judged, fixed before any answer.

Members: `model` (identity); `model_date`, `statement` (the user's words, printed as given); `may_search`, and
`may_search_stated` (whether the user said so, or it is assumed of a model behind an address); `rules`; `templates`
(those of the language, as they are); `works`, each with `role` (work or control), `id`, `title`, `author`, `published`,
`files`, `sha256`, `characters`, `words`, `prompts` ([template, start, end, SHA-256 of what is sent]) and `quoted`
([start, end, public work, letters]); `quotations` (the index, or null); `gate` (or null without works); `left_out`;
`undated_controls`; `lengths`; `exact` (see `exact_plan.py`, or null).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.errors import InputError
from countermark.memorization.asking.prompts import TEMPLATES, count_prompts, prompt_text, prompts_of
from countermark.memorization.asking.wording import words_of
from countermark.memorization.blind_gate import blind_gate
from countermark.memorization.extraction.controls import CONTROL, WORK, lengths, require_apart
from countermark.memorization.extraction.texts import digest_of, keep_text
from countermark.memorization.study.plan import Plan, model_facts

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.memorization.asking.public import PublicText
    from countermark.memorization.asking.rules import Rules
    from countermark.memorization.drivers.driver import ModelIdentity
    from countermark.memorization.extraction.controls import Gathered

TOO_SHORT = "too-short"


class Said(NamedTuple):
    """What only the user can say: when the model was released (ISO day or empty), and whether it may search."""

    model_date: str = ""
    statement: str = ""
    may_search: bool | None = None


class Planned(NamedTuple):
    """What a plan asks, in numbers; `answers` of works and controls, `exact` of the exact tests."""

    works: int
    controls: int
    prompts: int
    answers: int
    exact: int


def plan_asking(
    sides: tuple[Gathered, Gathered] | None,
    model: ModelIdentity,
    rules: Rules,
    *,
    store: Path,
    said: Said,
    public: PublicText | None = None,
    exact: dict[str, Any] | None = None,
) -> Plan:
    """Fix the prompts of works and controls (`sides`), and keep their texts in `store`. Raises InputError, OutputError.

    Without sides there must be something for the exact tests.
    """
    if sides is None and exact is None:
        raise InputError("nothing to ask about: give works and controls, or traps and their key")
    searches = bool(model.address) if said.may_search is None else said.may_search
    members: dict[str, Any] = {
        "model": model_facts(model),
        "model_date": said.model_date,
        "statement": said.statement,
        "may_search": searches,
        "may_search_stated": said.may_search is not None,
        "rules": rules.facts(),
        "templates": TEMPLATES[rules.language],
        "exact": exact,
        "quotations": None if public is None else public.facts(),
    }
    return Plan("ask", members | _compared(sides, rules, store, public))


def _compared(
    sides: tuple[Gathered, Gathered] | None, rules: Rules, store: Path, public: PublicText | None
) -> dict[str, Any]:
    if sides is None:
        return {"works": [], "gate": None, "left_out": [], "undated_controls": 0, "lengths": {}}
    require_apart(*sides)
    told = [fact for side in sides for fact in _works(side, rules, store, public)]
    texts = {
        side.role: [_joined(side, key) for key in side.works if any(work["id"] == key for work in told)]
        for side in sides
    }
    for role, kept in texts.items():
        if not kept:
            raise InputError(
                f"every {role} is too short for {rules.passages} passages of {rules.words} words"
            )
    return {
        "works": told,
        "gate": blind_gate(texts[WORK], texts[CONTROL]).facts(),
        "left_out": [fact for side in sides for fact in side.left_out],
        "undated_controls": sum(work["role"] == CONTROL and not work["published"] for work in told),
        "lengths": {role: lengths(kept) for role, kept in texts.items()},
    }


def _joined(side: Gathered, key: str) -> str:
    return "\n\n".join(text for _, text in side.texts[key])


def _works(side: Gathered, rules: Rules, store: Path, public: PublicText | None) -> list[dict[str, Any]]:
    """The works of one role as a plan holds them; one that is too short is left out."""
    told = []
    for key, work in side.works.items():
        text, files = _joined(side, key), [path for path, _ in side.texts[key]]
        prompts = prompts_of(text, rules.passages, rules.words)
        if prompts is None:
            side.leave_out(files[0], TOO_SHORT)
            continue
        named = {"title": work.title, "author": work.author}
        told.append(
            {
                "role": side.role,
                "id": work.work_id,
                **named,
                "published": "" if work.published is None else work.published.isoformat(),
                "files": files,
                "sha256": keep_text(store, text),
                "characters": len(text),
                "words": len(words_of(text)),
                "prompts": [
                    [*prompt, digest_of(prompt_text(prompt, text, named, rules.language))]
                    for prompt in prompts
                ],
                "quoted": []
                if public is None
                else [list(span) for span in public.spans(text, rules.quoted_letters)],
            }
        )
    return told


def planned(plan: Plan) -> Planned:
    """What a plan asks."""
    works, rules = plan.members["works"], plan.members["rules"]
    prompts = len(works) * count_prompts(rules["passages"])
    exact = plan.members["exact"]
    return Planned(
        works=sum(work["role"] == WORK for work in works),
        controls=sum(work["role"] == CONTROL for work in works),
        prompts=prompts,
        answers=prompts * (1 + rules["samples"]),
        exact=0 if exact is None else exact["answers"],
    )
