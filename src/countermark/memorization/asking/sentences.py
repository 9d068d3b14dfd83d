"""What the commands of questions say, in English and French."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.language import languages
from countermark.memorization.extraction.sentences import LEFT_OUT_TOLD

if TYPE_CHECKING:
    from countermark.language import Language
    from countermark.memorization.asking.planning import Planned
    from countermark.memorization.study.plan import Plan

_ENGLISH: Final = {
    "plan": "Plan: {path} (its texts are in {texts})",
    "digest": "Digest: {digest}",
    "model": "Model: {name} ({which})",
    "asked": "Works: {works}, controls: {controls}. Prompts: {prompts}, the same for each. Answers: {answers}.",
    "smallest": "With {controls} controls the smallest p is {p}; after Holm over the works: {held}. At least "
    "{recommended} controls are recommended.",
    "poor": "No work can pass the level {alpha}: {needed} controls are needed. What is recited still stands.",
    "gate.length": "Blind gate: VOID. Works and controls differ in length (AUC {auc}), which alone can decide which of "
    "them is recited more: every p will be withheld. Take controls as long as the works.",
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
    "p": "  p = {p}, after Holm {held}, against {controls} control works.",
    "beyond": "  More than the control works, at the level {alpha}.",
    "withheld": "  p withheld: the comparison is void (blind gate, AUC {auc}).",
    "unchecked": "That works and controls are exchangeable was not checked: too few works.",
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
    "result": "Result: {path}",
}
_FRENCH: Final = {
    "plan": "Plan : {path} (ses textes sont dans {texts})",
    "digest": "Empreinte : {digest}",
    "model": "Modèle : {name} ({which})",
    "asked": "Œuvres : {works}, témoins : {controls}. Invites : {prompts}, les mêmes pour chacun. Réponses : "
    "{answers}.",
    "smallest": "Avec {controls} témoins, le plus petit p est {p} ; après Holm sur les œuvres : {held}. Au moins "
    "{recommended} témoins sont recommandés.",
    "poor": "Aucune œuvre ne peut passer au seuil {alpha} : il faut {needed} témoins. Ce qui est récité reste acquis.",
    "gate.length": "Contrôle aveugle : COMPARAISON NULLE. Œuvres et témoins diffèrent par leur longueur (AUC {auc}), "
    "ce qui suffit à décider lesquels sont le plus récités : aucun p ne sera donné. Prenez des témoins aussi longs "
    "que les œuvres.",
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
    "p": "  p = {p}, après Holm {held}, contre {controls} œuvres témoins.",
    "beyond": "  Plus que les œuvres témoins, au seuil {alpha}.",
    "withheld": "  p non donné : la comparaison est nulle (contrôle aveugle, AUC {auc}).",
    "unchecked": "L’échangeabilité des œuvres et des témoins n’a pas été contrôlée : trop peu d’œuvres.",
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
    "result": "Résultat : {path}",
}
ACCURACIES: Final = (0.4, 0.5, 0.6, 0.7, 0.8)
UNLIKE: Final = 2
"""Medians of length that differ by more than this factor are told."""


def _typeset(sentence: str) -> str:
    """French spaces: no-break before a colon, narrow no-break before the other signs."""
    for sign, space in ((":", "\u00a0"), (";", "\u202f"), ("%", "\u202f")):
        sentence = sentence.replace(f" {sign}", f"{space}{sign}")
    return sentence


LANGUAGES: Final = languages(_ENGLISH, {key: _typeset(text) for key, text in _FRENCH.items()})


def figure(value: float | None, language: Language) -> str:
    """A p or a figure of the gate, to three digits."""
    return "–" if value is None else f"{value:.3g}".replace(".", language.decimal)


def lines_of_plan(plan: Plan, asked: Planned, language: Language) -> list[str]:
    """What a plan asks and what it can show."""
    said, model = plan.members, plan.members["model"]
    lines = [
        language.say("digest", digest=plan.digest),
        language.say("model", name=model["name"], which=model["digest"] or model["address"]),
    ]
    if asked.works:
        lines += _comparison(said, asked, language)
    if said["exact"] is not None:
        lines += _exact(said["exact"], said["rules"]["alpha"], language)
    if said["may_search"]:
        lines.append(language.say("searches" if said["may_search_stated"] else "searches.assumed"))
    return lines


def _comparison(said: dict[str, Any] | Any, asked: Planned, language: Language) -> list[str]:
    from countermark.memorization.asking.deciding import RECOMMENDED  # noqa: PLC0415
    from countermark.memorization.extraction.controls import smallest_p  # noqa: PLC0415
    from countermark.probability.conformal import controls_needed  # noqa: PLC0415

    alpha = said["rules"]["alpha"]
    least, held = smallest_p(asked.controls, asked.works)
    p, q = figure(least, language), figure(held, language)
    numbers = asked._asdict() | {"recommended": RECOMMENDED, "p": p, "held": q}
    lines = [language.say("asked", **numbers), language.say("smallest", **numbers)]
    if held > alpha:
        needed = (controls_needed(alpha) + 1) * asked.works - 1
        lines.append(language.say("poor", alpha=figure(alpha, language), needed=needed))
    lines.append(gate_line(said["gate"], language))
    medians = [said["lengths"][role]["median"] for role in ("work", "control")]
    if max(medians) > UNLIKE * min(medians):
        lines.append(language.say("lengths", works=medians[0], controls=medians[1]))
    for key, n in (("undated", said["undated_controls"]), ("left_out", len(said["left_out"]))):
        if n:
            lines.append(language.say(key, n=n))
    lines += [f"  {one['where']}: {one['reason']}" for one in said["left_out"][:LEFT_OUT_TOLD]]
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
    p, held = figure(work["conformal_p"], language), figure(work["holm_p"], language)
    lines.append(language.say("p", p=p, held=held, controls=result["controls_ranked"]))
    if work["decision"] in {"beyond-controls", "recited-beyond-controls"}:
        lines.append(language.say("beyond", alpha=figure(result["rules"]["alpha"], language)))
    return lines


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
