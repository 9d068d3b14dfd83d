"""What the commands of extraction say, in English and French."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.memorization.compared import (
    figure,
    gate_line,
    p_lines,
    plan_lines,
    rest_lines,
    sentences,
    smallest_lines,
)
from countermark.memorization.extraction.deciding import BEYOND

if TYPE_CHECKING:
    from countermark.language import Language
    from countermark.memorization.extraction.planning import Planned
    from countermark.memorization.study.plan import Plan

_ENGLISH: Final = {
    "windows": "Works: {works}, controls: {controls}. Windows: {windows}, of these quoted from public text, and not "
    "asked: {quoted}. Questions: {queries}.",
    "without": "Without a window to ask about (too short, or quoted): {without}. They get no p.",
    "smallest": "With {controls} controls the smallest p is {p}; after Holm over the works: {held}.",
    "poor": "No work can pass the level {alpha}: {needed} controls are needed. Probabilities and hits still stand.",
    "gate.length": "Blind gate: VOID. Works and controls differ in length (AUC {auc}), which alone can decide which of "
    "them is reproduced more: every p will be withheld. Take controls as long as the works.",
    "time": "Time: about {time} at the speed just measured.",
    "next": "Next: have the digest time-stamped, then countermark extract run.",
    "no-hit": "{title}: no window of {n} is extractable. This shows nothing of what the model learnt.",
    "not-asked": "{title}: nothing was asked, or nothing is left after what is quoted and generic.",
    "hits": "{title}: {hits} of {n} windows extractable, {coverage} of the characters; at best {tries} tries.",
    "uncontrolled": "  No p: there is no control work of which a window is left to compare with.",
    "false": "Control works with a hit: {hits} of {of}; by the limit of Clopper-Pearson (95 %) fewer than {upper} of "
    "such works.",
    "counts": "Windows: {asked} asked, {quoted} quoted, {generic} dropped as the older model gives them too.",
    "many": "more than 10^18",
}
_FRENCH: Final = {
    "windows": "Œuvres : {works}, témoins : {controls}. Fenêtres : {windows}, dont citées d’un texte public, et non "
    "soumises au modèle : {quoted}. Questions : {queries}.",
    "without": "Sans fenêtre à soumettre (textes trop courts, ou cités) : {without}. Ces œuvres ne reçoivent pas de p.",
    "smallest": "Avec {controls} témoins, le plus petit p est {p} ; après Holm sur les œuvres : {held}.",
    "poor": "Aucune œuvre ne peut passer au seuil {alpha} : il faut {needed} témoins. Probabilités et fenêtres "
    "extractibles restent acquises.",
    "gate.length": "Contrôle aveugle : COMPARAISON NULLE. Œuvres et témoins diffèrent par leur longueur (AUC {auc}), "
    "ce qui suffit à décider lesquels sont le plus reproduits : aucun p ne sera donné. Prenez des témoins aussi longs "
    "que les œuvres.",
    "time": "Durée : environ {time} à la vitesse que l’on vient de mesurer.",
    "next": "Ensuite : faites horodater l’empreinte, puis countermark extract run.",
    "no-hit": "{title} : aucune fenêtre sur {n} n’est extractible. Cela ne montre rien de ce que le modèle a appris.",
    "not-asked": "{title} : rien n’a été soumis au modèle, ou rien ne reste hors de ce qui est cité ou générique.",
    "hits": "{title} : {hits} fenêtres extractibles sur {n}, {coverage} des caractères ; au mieux {tries} essais.",
    "uncontrolled": "  Pas de p : il n’est aucune œuvre témoin dont il reste une fenêtre à comparer.",
    "false": "Œuvres témoins à fenêtre extractible : {hits} sur {of} ; selon la borne de Clopper-Pearson (95 %), moins "
    "de {upper} de telles œuvres.",
    "counts": "Fenêtres : {asked} soumises, {quoted} citées, {generic} écartées car l’ancien modèle les donne aussi.",
    "many": "plus de 10^18",
}


_BEYOND: Final = frozenset({BEYOND})
LANGUAGES: Final = sentences(_ENGLISH, _FRENCH)


def lines_of_plan(plan: Plan, asked: Planned, language: Language) -> list[str]:
    """What a plan asks and what it can show."""
    said = plan.members
    works = sum(work["role"] == "work" for work in said["works"])
    numbers = {"works": asked.works, "controls": asked.controls, "windows": asked.windows}
    lines = plan_lines(plan, language)
    lines.append(language.say("windows", **numbers, quoted=asked.quoted, queries=asked.queries))
    if asked.without_window:
        lines.append(language.say("without", without=asked.without_window))
    lines += smallest_lines(asked.controls, works, said["rules"]["alpha"], language)
    return [*lines, gate_line(said["gate"], language), *rest_lines(said, language)]


def lines_of_result(result: dict[str, Any], path: str, language: Language) -> list[str]:
    """What was found, work by work, and what stands beside it."""
    lines: list[str] = []
    for work in result["works"]:
        if work["role"] == "work":
            lines += _work(work, result, language)
    false = result["false_positives"]["works"]
    upper = language.share(false["upper"])
    lines.append(language.say("false", hits=false["hits"], of=false["of"], upper=upper))
    counts = {key: result["counts"][key] for key in ("asked", "quoted", "generic")}
    lines.append(language.say("counts", **counts))
    if result["comparison"] == "not checked":
        lines.append(language.say("unchecked"))
    return [*lines, language.say("result", path=path)]


def _work(work: dict[str, Any], result: dict[str, Any], language: Language) -> list[str]:
    n, title = work["windows"]["counted"], work["title"]
    if work["decision"] in {"not-asked", "no-hit"}:
        return [language.say(work["decision"], title=title, n=n)]
    tries = work["expected_tries"]
    told = language.say("many") if tries is None else figure(tries, language)
    coverage = language.share(work["coverage"])
    lines = [language.say("hits", title=title, hits=work["hits"], n=n, coverage=coverage, tries=told)]
    if work["conformal_p"] is None:
        why = "withheld" if result["comparison"] == "void" else "uncontrolled"
        return [*lines, language.say(why, auc=figure(result["gate"]["auc"], language))]
    compared = p_lines(work, result["counts"]["controls"], result["rules"]["alpha"], _BEYOND, language)
    return [*lines, *compared]
