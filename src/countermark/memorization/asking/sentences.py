"""What the commands of questions say, in English and French."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.memorization.asking.deciding import BEYOND, BOTH, RECOMMENDED
from countermark.memorization.compared import (
    figure,
    gate_line,
    p_lines,
    plan_lines,
    rest_lines,
    sentences,
    smallest_lines,
)

if TYPE_CHECKING:
    from countermark.language import Language
    from countermark.memorization.asking.planning import Planned
    from countermark.memorization.study.plan import Plan

_ENGLISH: Final = {
    "asked": "Works: {works}, controls: {controls}. Prompts: {prompts}, the same for each. Answers: {answers}.",
    "smallest": "With {controls} controls the smallest p is {p}; after Holm over the works: {held}. At least "
    "{recommended} controls are recommended.",
    "poor": "No work can pass the level {alpha}: {needed} controls are needed. What is recited still stands.",
    "gate.length": "Blind gate: VOID. Works and controls differ in length (AUC {auc}), which alone can decide which of "
    "them is recited more: every p will be withheld. Take controls as long as the works.",
    "lengths": "Works and controls differ in length (median {works} and {controls} characters): longer texts have "
    "longer runs by chance. Take controls of like length.",
    "searches": "The model may search: what is shown is shown of the model or its serving system.",
    "searches.assumed": "The model is behind an address, and may search for all that is known: what is shown is shown "
    "of the model or its serving system. Give --no-search if you know that it does not.",
    "suffix": "Random texts looked for, channel {channel}: {n}, {outputs} outputs each. By chance one is emitted with "
    "a probability of at most {p} (union bound); the level is {level}.",
    "choice": "Questions of multiple choice, channel {channel}: {n} of {versions} versions. Needed to pass at {level}: "
    "{needed} right. Power at 40, 50, 60, 70 and 80 % right: {powers}.",
    "choice.poor": "Questions of multiple choice, channel {channel}: {n} of {versions} versions. Too few to pass at "
    "{level}, even with all right.",
    "exact_left_out": "Left out of the exact tests: {n}; the plan says why.",
    "next": "Next: have the digest time-stamped, then countermark ask run.",
    "not-asked": "{title}: no question was answered.",
    "nothing-found": "{title}: the longest run outside public quotations is {outside} words ({longest} with them). "
    "This shows nothing of what the model learnt.",
    "found": "{title}: the longest run outside public quotations is {outside} words ({longest} with them); runs of "
    "{run} words or more: {runs}, in {holding} of {asked} answers.",
    "near": "  Near-verbatim, a second number: at most {words} words of one answer ({share}).",
    "floor": "  The same answers against other works of the author: {longest} words.",
    "assumption": "Assumed of every p: had the model known none of these works, each order of their longest runs would "
    "be as probable as any other.",
    "counts.work": "Answers about works: {asked}; empty {empty}, refused {refused}, ended otherwise {otherwise}, "
    "failed {failed}.",
    "counts.control": "Answers about controls: {asked}; empty {empty}, refused {refused}, ended otherwise {otherwise}, "
    "failed {failed}.",
    "incomplete": "Controls with an answer missing: {n}. Each counts as larger than every work.",
    "claim.suffix": "Exact, channel {channel}, random texts emitted: {k} of {n}. p at most {p}, after Holm {held}: "
    "{verdict}.",
    "claim.suffix.work": "  {work}: {verdict} (p at most {p}, after Holm {held}).",
    "claim.choice": "Exact, channel {channel}, versions picked: {k} of {n} right, of {versions} each. p {p}, after "
    "Holm {held}: {verdict}.",
    "others": "  Counted as wrong: no letter {letters}, refused {refused}, empty {empty}, failed {failed}.",
    "shown": "shown: a published copy, or what was made of it, was in what {claim} was given",
    "not-shown": "not shown",
    "the model": "the model",
    "the model or its serving system": "the model or its serving system",
    "shown_to": "The versions were shown to {to}: they are burnt, and the ledger says so.",
}
_FRENCH: Final = {
    "asked": "Œuvres : {works}, témoins : {controls}. Invites : {prompts}, les mêmes pour chacun. Réponses : "
    "{answers}.",
    "smallest": "Avec {controls} témoins, le plus petit p est {p} ; après Holm sur les œuvres : {held}. Au moins "
    "{recommended} témoins sont recommandés.",
    "poor": "Aucune œuvre ne peut passer au seuil {alpha} : il faut {needed} témoins. Ce qui est récité reste acquis.",
    "gate.length": "Contrôle aveugle : COMPARAISON NULLE. Œuvres et témoins diffèrent par leur longueur (AUC {auc}), "
    "ce qui suffit à décider lesquels sont le plus récités : aucun p ne sera donné. Prenez des témoins aussi longs "
    "que les œuvres.",
    "lengths": "Œuvres et témoins n’ont pas la même longueur (médianes : {works} et {controls} caractères) : le hasard "
    "donne de plus longues suites aux textes plus longs. Prenez des témoins de longueur comparable.",
    "searches": "Le modèle peut faire des recherches : ce qui est montré l’est du modèle ou du système qui le sert.",
    "searches.assumed": "Le modèle est derrière une adresse et, pour ce que l’on en sait, peut faire des recherches : "
    "ce qui est montré l’est du modèle ou du système qui le sert. Donnez --no-search si vous savez que non.",
    "suffix": "Textes aléatoires recherchés, canal {channel} : {n}, avec {outputs} réponses chacun. Le hasard en fait "
    "émettre un avec une probabilité d’au plus {p} (borne de l’union) ; le seuil est {level}.",
    "choice": "Questions à choix multiple, canal {channel} : {n}, à {versions} versions. Pour passer au seuil {level}, "
    "il faut {needed} bonnes réponses. Puissance à 40, 50, 60, 70 et 80 % de bonnes réponses : {powers}.",
    "choice.poor": "Questions à choix multiple, canal {channel} : {n}, à {versions} versions. C’est trop peu pour "
    "passer au seuil {level}, même sans une erreur.",
    "exact_left_out": "Écartés des tests exacts : {n} ; le plan dit pourquoi.",
    "next": "Ensuite : faites horodater l’empreinte, puis countermark ask run.",
    "not-asked": "{title} : aucune question n’a reçu de réponse.",
    "nothing-found": "{title} : la plus longue suite hors citations publiques est de {outside} mots ({longest} avec "
    "elles). Cela ne montre rien de ce que le modèle a appris.",
    "found": "{title} : la plus longue suite hors citations publiques est de {outside} mots ({longest} avec elles) ; "
    "suites d’au moins {run} mots : {runs}, dans {holding} réponses sur {asked}.",
    "near": "  Quasi mot pour mot, second chiffre : au plus {words} mots d’une réponse ({share}).",
    "floor": "  Les mêmes réponses face à d’autres œuvres de l’auteur : {longest} mots.",
    "assumption": "Hypothèse de chaque p : si le modèle ne connaissait aucune de ces œuvres, tous les ordres de leurs "
    "plus longues suites seraient également probables.",
    "counts.work": "Réponses sur les œuvres : {asked} ; vides {empty}, refusées {refused}, terminées autrement "
    "{otherwise}, manquées {failed}.",
    "counts.control": "Réponses sur les témoins : {asked} ; vides {empty}, refusées {refused}, terminées autrement "
    "{otherwise}, manquées {failed}.",
    "incomplete": "Témoins dont une réponse manque : {n}. Chacun compte comme plus grand que toute œuvre.",
    "claim.suffix": "Test exact, canal {channel}, textes aléatoires émis : {k} sur {n}. p d’au plus {p}, après Holm "
    "{held} : {verdict}.",
    "claim.suffix.work": "  {work} : {verdict} (p d’au plus {p}, après Holm {held}).",
    "claim.choice": "Test exact, canal {channel}, versions reconnues : {k} bonnes réponses sur {n}, à {versions} "
    "versions. p {p}, après Holm {held} : {verdict}.",
    "others": "  Comptées comme fausses : sans lettre {letters}, refusées {refused}, vides {empty}, manquées {failed}.",
    "shown": "montré : une copie publiée, ou ce qui en a été fait, figurait dans ce qu’a reçu {claim}",
    "not-shown": "non montré",
    "the model": "le modèle",
    "the model or its serving system": "le modèle ou le système qui le sert",
    "shown_to": "Les versions ont été montrées à {to} : elles sont brûlées, et le registre le dit.",
}
ACCURACIES: Final = (0.4, 0.5, 0.6, 0.7, 0.8)
UNLIKE: Final = 2
"""Medians of length that differ by more than this factor are told."""


_BEYOND: Final = frozenset({BEYOND, BOTH})
LANGUAGES: Final = sentences(_ENGLISH, _FRENCH)


def lines_of_plan(plan: Plan, asked: Planned, language: Language) -> list[str]:
    """What a plan asks and what it can show."""
    said, lines = plan.members, plan_lines(plan, language)
    if asked.works:
        lines += _comparison(said, asked, language)
    if said["exact"] is not None:
        lines += _exact(said["exact"], said["rules"]["alpha"], language)
    if said["may_search"]:
        lines.append(language.say("searches" if said["may_search_stated"] else "searches.assumed"))
    return lines


def _comparison(said: dict[str, Any] | Any, asked: Planned, language: Language) -> list[str]:
    lines = [language.say("asked", **asked._asdict())]
    lines += smallest_lines(
        asked.controls, asked.works, said["rules"]["alpha"], language, recommended=RECOMMENDED
    )
    lines.append(gate_line(said["gate"], language))
    medians = [said["lengths"][role]["median"] for role in ("work", "control")]
    if max(medians) > UNLIKE * min(medians):
        lines.append(language.say("lengths", works=medians[0], controls=medians[1]))
    return lines + rest_lines(said, language)


def _exact(exact: dict[str, Any], alpha: float, language: Language) -> list[str]:
    """The power of the exact tests, at the level of Holm's hardest step."""
    from countermark.memorization.asking.exact import (  # noqa: PLC0415
        choice_needed,
        choice_power,
        emissions_bound,
    )

    level, lines = alpha / len(exact["claims"]), []
    shown = figure(level, language)
    for test, channel, work, versions in exact["claims"]:
        if test == "suffix" and work is None:
            bounds = [row[3] for row in exact["suffix"] if row[1] == channel]
            p = figure(emissions_bound(bounds, 1), language)
            facts = {"n": len(bounds), "outputs": exact["outputs"], "p": p, "level": shown}
            lines.append(language.say("suffix", channel=channel, **facts))
        elif test == "choice":
            n = sum(row[1] == channel and row[3] == versions for row in exact["choice"])
            needed = choice_needed(n, versions, level)
            powers = [language.share(choice_power(n, versions, share, level)) for share in ACCURACIES]
            facts = {"n": n, "versions": versions, "level": shown, "needed": needed}
            key = "choice.poor" if needed is None else "choice"
            lines.append(language.say(key, channel=channel, powers=", ".join(powers), **facts))
    if exact["left_out"]:
        lines.append(language.say("exact_left_out", n=len(exact["left_out"])))
    return lines


def lines_of_result(result: dict[str, Any], path: str, language: Language) -> list[str]:
    """What was found, work by work, the denominators, the exact tests."""
    lines: list[str] = []
    for work in result["works"]:
        if work["role"] == "work":
            lines += _work(work, result, language)
    if result["works"]:
        lines += _denominators(result, language)
    if result["exact"] is not None:
        lines += _exact_found(result["exact"], result["claim"], language)
    if result["may_search"]:
        lines.append(language.say("searches"))
    return [*lines, language.say("result", path=path)]


def _work(work: dict[str, Any], result: dict[str, Any], language: Language) -> list[str]:
    facts = {key: work[key] for key in ("title", "longest", "outside")}
    if work["decision"] == "not-asked":
        return [language.say("not-asked", title=work["title"])]
    nothing = work["decision"] == "nothing-found"
    facts |= {
        "run": result["rules"]["run"],
        "runs": work["long_runs_outside"],
        "holding": work["answers_with_long_run"],
        "asked": work["counts"]["asked"],
    }
    share = language.share(work["near_share"])
    lines = [
        language.say("nothing-found" if nothing else "found", **facts),
        language.say("near", words=work["near_words"], share=share),
    ]
    if work["swap"] is not None:
        lines.append(language.say("floor", longest=work["swap"]["longest"]))
    if work["conformal_p"] is None:
        return [*lines, language.say("withheld", auc=figure((result["gate"] or {}).get("auc"), language))]
    told = p_lines(work, result["controls_ranked"], result["rules"]["alpha"], _BEYOND, language)
    return [*lines, *told]


def _denominators(result: dict[str, Any], language: Language) -> list[str]:
    lines = []
    for role in ("work", "control"):
        counts = dict(result["counts"][role])
        lines.append(language.say(f"counts.{role}", otherwise=counts.pop("ended-otherwise"), **counts))
    if result["controls_incomplete"]:
        lines.append(language.say("incomplete", n=result["controls_incomplete"]))
    if result["comparison"] == "not checked":
        lines.append(language.say("unchecked"))
    if result["comparison"] != "void":
        lines.append(language.say("assumption"))
    return lines


def _exact_found(exact: dict[str, Any], claim: str, language: Language) -> list[str]:
    lines = []
    for one in exact["claims"]:
        facts = {key: one[key] for key in ("channel", "work", "versions", "n", "k")}
        verdict = language.say(one["decision"], claim=language.say(claim))
        figures = {"p": figure(one["p"], language), "held": figure(one["holm_p"], language)}
        key = f"claim.{one['test']}" + (".work" if one["work"] else "")
        if not one["work"] or one["decision"] == "shown":
            lines.append(language.say(key, **facts, **figures, verdict=verdict))
        if one["others"]:
            others = dict(one["others"])
            lines.append(language.say("others", letters=others.pop("no-letter"), **others))
    if exact["shown_to"]:
        lines.append(language.say("shown_to", to=exact["shown_to"]))
    return lines
