"""What all studies say that hold works against control works: in their plans, and of each work.

The sentences that differ are with each kind of study; `sentences` puts both together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.language import languages, typeset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.language import Language
    from countermark.memorization.study.plan import Plan

_ENGLISH: Final = {
    "plan": "Plan: {path} (its texts are in {texts})",
    "digest": "Digest: {digest}",
    "model": "Model: {name} ({which})",
    "gate.void": "Blind gate: VOID. Words alone, without a model, tell works and controls apart (AUC {auc}, over "
    "{limit}): every p will be withheld. Take controls like the works.",
    "gate.passed": "Blind gate: passed (AUC {auc}, standard error {error}; exchangeable works would be refused in "
    "{chance} of cases).",
    "gate.not checked": "Blind gate: not checked. Fewer than {least} works or controls are too few to tell: that they "
    "are exchangeable rests on your word.",
    "undated.one": "{n} control has no date: that it is later than the model rests on your word.",
    "undated.other": "{n} controls have no date: that they are later than the model rests on your word.",
    "left_out.one": "{n} file is left out: the plan says why.",
    "left_out.other": "{n} files are left out: the plan says why.",
    "p": "  p = {p}, after Holm {held}, against {controls} control works.",
    "beyond": "  More than the control works, at the level {alpha}.",
    "withheld": "  p withheld: the comparison is void (blind gate, AUC {auc}).",
    "unchecked": "That works and controls are exchangeable was not checked: too few works.",
    "result": "Result: {path}",
}
_FRENCH: Final = {
    "plan": "Plan : {path} (ses textes sont dans {texts})",
    "digest": "Empreinte : {digest}",
    "model": "Modèle : {name} ({which})",
    "gate.void": "Contrôle aveugle : COMPARAISON NULLE. Les mots seuls, sans modèle, distinguent œuvres et témoins "
    "(AUC {auc}, plus de {limit}) : aucun p ne sera donné. Prenez des témoins semblables aux œuvres.",
    "gate.passed": "Contrôle aveugle : passé (AUC {auc}, erreur type {error} ; des œuvres échangeables seraient "
    "refusées dans {chance} des cas).",
    "gate.not checked": "Contrôle aveugle : non effectué. Moins de {least} œuvres ou témoins, c’est trop peu pour "
    "juger : leur échangeabilité repose sur votre parole.",
    "undated.one": "{n} témoin est sans date : qu’il soit postérieur au modèle repose sur votre parole.",
    "undated.other": "{n} témoins sont sans date : qu’ils soient postérieurs au modèle repose sur votre parole.",
    "left_out.one": "{n} fichier est écarté : le plan dit pourquoi.",
    "left_out.other": "{n} fichiers sont écartés : le plan dit pourquoi.",
    "p": "  p = {p}, après Holm {held}, contre {controls} œuvres témoins.",
    "beyond": "  Plus que les œuvres témoins, au seuil {alpha}.",
    "withheld": "  p non donné : la comparaison est nulle (contrôle aveugle, AUC {auc}).",
    "unchecked": "L’échangeabilité des œuvres et des témoins n’a pas été contrôlée : trop peu d’œuvres.",
    "result": "Résultat : {path}",
}
LEFT_OUT_TOLD: Final = 5
"""Files that are named with why they were left out; the plan names all."""


def sentences(english: Mapping[str, str], french: Mapping[str, str]) -> dict[str, Language]:
    """The sentences of one kind of study, with those of all."""
    plain = _FRENCH | dict(french)
    return languages(_ENGLISH | dict(english), {key: typeset(text) for key, text in plain.items()})


def figure(value: float | None, language: Language) -> str:
    """A p or a figure of the gate, to three digits."""
    return "–" if value is None else f"{value:.3g}".replace(".", language.decimal)


def plan_lines(plan: Plan, language: Language) -> list[str]:
    """Which plan it is, and of which model."""
    model = plan.members["model"]
    return [
        language.say("digest", digest=plan.digest),
        language.say("model", name=model["name"], which=model["digest"] or model["address"]),
    ]


def smallest_lines(controls: int, works: int, alpha: float, language: Language, **facts: int) -> list[str]:
    """The smallest p that so many controls can give, and how many are needed where that passes no level."""
    from countermark.memorization.extraction.controls import smallest_p  # noqa: PLC0415
    from countermark.probability.conformal import controls_needed  # noqa: PLC0415

    least, held = smallest_p(controls, works)
    p, q = figure(least, language), figure(held, language)
    lines = [language.say("smallest", controls=controls, p=p, held=q, **facts)]
    if held > alpha:
        needed = (controls_needed(alpha) + 1) * works - 1
        lines.append(language.say("poor", alpha=figure(alpha, language), needed=needed))
    return lines


def gate_line(gate: dict[str, Any], language: Language) -> str:
    """What the blind gate says of a comparison, and what made it void."""
    return language.say(
        "gate.length" if gate.get("by_length") else f"gate.{gate['verdict']}",
        auc=figure(gate["auc"], language),
        error=figure(gate["standard_error"], language),
        chance=language.share(gate["by_chance"] or 0.0),
        limit=figure(gate["limit"], language),
        least=gate["least_works"],
    )


def rest_lines(members: Mapping[str, Any], language: Language) -> list[str]:
    """What rests on the user's word, and which files are left out."""
    counted = (("undated", members["undated_controls"]), ("left_out", len(members["left_out"])))
    lines = [language.say(key, n=n) for key, n in counted if n]
    return lines + [f"  {one['where']}: {one['reason']}" for one in members["left_out"][:LEFT_OUT_TOLD]]


def p_lines(
    work: dict[str, Any], controls: int, alpha: float, beyond: frozenset[str], language: Language
) -> list[str]:
    """The p of a work, and whether its decision is one of those that are `beyond` the controls."""
    p, held = figure(work["conformal_p"], language), figure(work["holm_p"], language)
    lines = [language.say("p", p=p, held=held, controls=controls)]
    if work["decision"] in beyond:
        lines.append(language.say("beyond", alpha=figure(alpha, language)))
    return lines
