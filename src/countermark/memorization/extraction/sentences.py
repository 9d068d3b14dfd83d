"""What the commands of extraction say, in English and French."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.language import languages

if TYPE_CHECKING:
    from countermark.language import Language
    from countermark.memorization.extraction.planning import Planned
    from countermark.memorization.study.plan import Plan

_ENGLISH: Final = {
    "plan": "Plan: {path} (its texts are in {texts})",
    "digest": "Digest: {digest}",
    "model": "Model: {name} ({which})",
    "windows": "Works: {works}, controls: {controls}. Windows: {windows}, of these quoted from public text, and not "
    "asked: {quoted}. Questions: {queries}.",
    "without": "Without a window to ask about (too short, or quoted): {without}. They get no p.",
    "smallest": "With {controls} controls the smallest p is {p}; after Holm over the works: {held}.",
    "poor": "No work can pass the level {alpha}: {needed} controls are needed. Probabilities and hits still stand.",
    "gate.length": "Blind gate: VOID. Works and controls differ in length (AUC {auc}), which alone can decide which of "
    "them is reproduced more: every p will be withheld. Take controls as long as the works.",
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
    "time": "Time: about {time} at the speed just measured.",
    "next": "Next: have the digest time-stamped, then countermark extract run.",
    "no-hit": "{title}: no window of {n} is extractable. This shows nothing of what the model learnt.",
    "not-asked": "{title}: nothing was asked, or nothing is left after what is quoted and generic.",
    "hits": "{title}: {hits} of {n} windows extractable, {coverage} of the characters; at best {tries} tries.",
    "p": "  p = {p}, after Holm {held}, against {controls} control works.",
    "beyond": "  More than the control works, at the level {alpha}.",
    "withheld": "  p withheld: the comparison is void (blind gate, AUC {auc}).",
    "uncontrolled": "  No p: there is no control work of which a window is left to compare with.",
    "unchecked": "That works and controls are exchangeable was not checked: too few works.",
    "false": "Control works with a hit: {hits} of {of}; by the limit of Clopper-Pearson (95 %) fewer than {upper} of "
    "such works.",
    "counts": "Windows: {asked} asked, {quoted} quoted, {generic} dropped as the older model gives them too.",
    "result": "Result: {path}",
    "many": "more than 10^18",
}
_FRENCH: Final = {
    "plan": "Plan : {path} (ses textes sont dans {texts})",
    "digest": "Empreinte : {digest}",
    "model": "Modèle : {name} ({which})",
    "windows": "Œuvres : {works}, témoins : {controls}. Fenêtres : {windows}, dont citées d’un texte public, et non "
    "soumises au modèle : {quoted}. Questions : {queries}.",
    "without": "Sans fenêtre à soumettre (textes trop courts, ou cités) : {without}. Ces œuvres ne reçoivent pas de p.",
    "smallest": "Avec {controls} témoins, le plus petit p est {p} ; après Holm sur les œuvres : {held}.",
    "poor": "Aucune œuvre ne peut passer au seuil {alpha} : il faut {needed} témoins. Probabilités et fenêtres "
    "extractibles restent acquises.",
    "gate.length": "Contrôle aveugle : COMPARAISON NULLE. Œuvres et témoins diffèrent par leur longueur (AUC {auc}), "
    "ce qui suffit à décider lesquels sont le plus reproduits : aucun p ne sera donné. Prenez des témoins aussi longs "
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
    "time": "Durée : environ {time} à la vitesse que l’on vient de mesurer.",
    "next": "Ensuite : faites horodater l’empreinte, puis countermark extract run.",
    "no-hit": "{title} : aucune fenêtre sur {n} n’est extractible. Cela ne montre rien de ce que le modèle a appris.",
    "not-asked": "{title} : rien n’a été soumis au modèle, ou rien ne reste hors de ce qui est cité ou générique.",
    "hits": "{title} : {hits} fenêtres extractibles sur {n}, {coverage} des caractères ; au mieux {tries} essais.",
    "p": "  p = {p}, après Holm {held}, contre {controls} œuvres témoins.",
    "beyond": "  Plus que les œuvres témoins, au seuil {alpha}.",
    "withheld": "  p non donné : la comparaison est nulle (contrôle aveugle, AUC {auc}).",
    "uncontrolled": "  Pas de p : il n’est aucune œuvre témoin dont il reste une fenêtre à comparer.",
    "unchecked": "L’échangeabilité des œuvres et des témoins n’a pas été contrôlée : trop peu d’œuvres.",
    "false": "Œuvres témoins à fenêtre extractible : {hits} sur {of} ; selon la borne de Clopper-Pearson (95 %), moins "
    "de {upper} de telles œuvres.",
    "counts": "Fenêtres : {asked} soumises, {quoted} citées, {generic} écartées car l’ancien modèle les donne aussi.",
    "result": "Résultat : {path}",
    "many": "plus de 10^18",
}


def _typeset(sentence: str) -> str:
    """French spaces: no-break before a colon, narrow no-break before the other signs."""
    for sign, space in ((":", "\u00a0"), (";", "\u202f"), ("%", "\u202f")):
        sentence = sentence.replace(f" {sign}", f"{space}{sign}")
    return sentence


LEFT_OUT_TOLD: Final = 5
"""Files that are named with why they were left out; the plan names all."""
LANGUAGES: Final = languages(_ENGLISH, {key: _typeset(text) for key, text in _FRENCH.items()})


def figure(value: float | None, language: Language) -> str:
    """A p or a figure of the gate, to three digits."""
    return "–" if value is None else f"{value:.3g}".replace(".", language.decimal)


def lines_of_plan(plan: Plan, asked: Planned, language: Language) -> list[str]:
    """What a plan asks and what it can show."""
    from countermark.memorization.extraction.controls import smallest_p  # noqa: PLC0415
    from countermark.probability.conformal import controls_needed  # noqa: PLC0415

    said, model = plan.members, plan.members["model"]
    alpha, gate = said["rules"]["alpha"], said["gate"]
    works = sum(work["role"] == "work" for work in said["works"])
    least, held = smallest_p(asked.controls, works)
    numbers = {"works": asked.works, "controls": asked.controls, "windows": asked.windows}
    lines = [
        language.say("digest", digest=plan.digest),
        language.say("model", name=model["name"], which=model["digest"] or model["address"]),
        language.say("windows", **numbers, quoted=asked.quoted, queries=asked.queries),
    ]
    if asked.without_window:
        lines.append(language.say("without", without=asked.without_window))
    p, q = figure(least, language), figure(held, language)
    lines.append(language.say("smallest", controls=asked.controls, p=p, held=q))
    if held > alpha:
        needed = (controls_needed(alpha) + 1) * works - 1
        lines.append(language.say("poor", alpha=figure(alpha, language), needed=needed))
    lines.append(_gate(gate, language))
    for key, n in (("undated", said["undated_controls"]), ("left_out", len(said["left_out"]))):
        if n:
            lines.append(language.say(key, n=n))
    lines += [f"  {one['where']}: {one['reason']}" for one in said["left_out"][:LEFT_OUT_TOLD]]
    return lines


def _gate(gate: dict[str, Any], language: Language) -> str:
    return language.say(
        "gate.length" if gate.get("by_length") else f"gate.{gate['verdict']}",
        auc=figure(gate["auc"], language),
        error=figure(gate["standard_error"], language),
        chance=language.share(gate["by_chance"] or 0.0),
        limit=figure(gate["limit"], language),
        least=gate["least_works"],
    )


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
    p, held = figure(work["conformal_p"], language), figure(work["holm_p"], language)
    lines.append(language.say("p", p=p, held=held, controls=result["counts"]["controls"]))
    if work["decision"] == "reproduced-beyond-controls":
        lines.append(language.say("beyond", alpha=figure(result["rules"]["alpha"], language)))
    return lines
