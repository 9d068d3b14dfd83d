"""What the test of traps says, in English and French."""

from __future__ import annotations

from typing import Any, Final

from countermark.language import WIDE, Language, languages

ENGLISH: Final = {
    "grade": "Grade A, proof: {rejected} of {claims} null hypotheses rejected, at the level {alpha} for all together "
    "(Holm).",
    "none": "Nothing shown: none of {claims} null hypotheses rejected, at the level {alpha} for all together (Holm).",
    "decides": "The {statistic} score decides, as the plan says; the other is for comparison and decides nothing.",
    "residualised": "residualised",
    "raw": "raw",
    "channel.one": "Channel {channel}, {n} draw: p = {p}, after Holm {adjusted}; by the other score {other}",
    "channel.other": "Channel {channel}, {n} draws together: p = {p}, after Holm {adjusted}; by the other score "
    "{other}",
    "work": "  {title} ({work}), channel {channel}: p = {p}, after Holm {adjusted}",
    "yes.one": " — rejected: the model was given this copy, or a text made from it",
    "yes.other": " — rejected: the model was given at least one of these copies, or a text made from it; which "
    "one, this line does not say",
    "string.one": " — rejected: the model was given this string",
    "string.other": " — rejected: the model was given at least one of these strings; which one, this line does not "
    "say",
    "no": " — nothing shown",
    "tests": "    over {n} tests: e-value {value} ({how}){verdict}",
    "mean": "mean, as they share draws",
    "product": "product, as no draw is shared",
    "passed": " — rejected for at least one of the models tested",
    "open": "",
    "null": "Null: the model knows nothing of which candidate was published. Which it was had been drawn at "
    "random, so each "
    "rank of it has the same probability.",
    "not": "A rejection does not say by whom the model was given the text, by which way, or whether that was "
    "licensed; of a "
    "model that searches, it may be the search. Where nothing is shown, nothing is shown: not that the work is "
    "unknown.",
    "unnamed": "No earlier test of these traps was named. Whoever tests again and again and shows the best test shows "
    "too small a p: name all earlier ones with --earlier.",
    "asked": "Questions: {questions}. Result: {path}",
    "ids": "Identifiers: the null assumes that each was drawn uniformly in its format. A rejection says that "
    "the model was "
    "given this string, here or wherever else it stands.",
}

FRENCH: Final = {
    "grade": "Niveau A, preuve\u00a0: {rejected} hypothèses nulles rejetées sur {claims}, au seuil {alpha} pour "
    "l’ensemble (Holm).",
    "none": "Rien n’est montré\u00a0: aucune des {claims} hypothèses nulles n’est rejetée, au seuil {alpha} pour "
    "l’ensemble (Holm).",
    "decides": "Le score {statistic} décide, comme le plan le fixe\u202f; l’autre sert de comparaison et ne "
    "décide rien.",
    "residualised": "résiduel",
    "raw": "brut",
    "channel.one": "Canal {channel}, {n}\u00a0tirage\u00a0: p = {p}, après Holm {adjusted}\u202f; avec l’autre "
    "score {other}",
    "channel.other": "Canal {channel}, {n}\u00a0tirages ensemble\u00a0: p = {p}, après Holm {adjusted}\u202f; "
    "avec l’autre "
    "score {other}",
    "work": "  {title} ({work}), canal {channel}\u00a0: p = {p}, après Holm {adjusted}",
    "yes.one": " — rejetée\u00a0: le modèle a reçu cette copie, ou un texte qui en est tiré",
    "yes.other": " — rejetée\u00a0: le modèle a reçu au moins une de ces copies, ou un texte qui en est "
    "tiré\u202f; laquelle, cette ligne ne le dit pas",
    "string.one": " — rejetée\u00a0: le modèle a reçu cette chaîne",
    "string.other": " — rejetée\u00a0: le modèle a reçu au moins une de ces chaînes\u202f; laquelle, cette ligne ne "
    "le dit pas",
    "no": " — rien n’est montré",
    "tests": "    sur {n}\u00a0tests\u00a0: e-valeur {value} ({how}){verdict}",
    "mean": "moyenne, car des tirages sont communs",
    "product": "produit, car aucun tirage n’est commun",
    "passed": " — rejetée pour au moins un des modèles testés",
    "open": "",
    "null": "Hypothèse nulle\u00a0: le modèle ignore quelle variante a été publiée. Elle avait été tirée au "
    "sort, donc "
    "chacun de ses rangs a la même probabilité.",
    "not": "Un rejet ne dit ni qui a fourni le texte au modèle, ni par quelle voie, ni s’il y avait une "
    "licence\u202f; si le "
    "modèle fait des recherches, elles peuvent suffire. Là où rien n’est montré, rien n’est montré\u00a0: pas "
    "même que "
    "l’œuvre est inconnue du modèle.",
    "unnamed": "Aucun test antérieur de ces pièges n’a été nommé. Qui teste à plusieurs reprises et ne montre que le "
    "meilleur test montre un p trop petit\u00a0: nommez tous les précédents avec --earlier.",
    "asked": "Questions\u00a0: {questions}. Résultat\u00a0: {path}",
    "ids": "Identifiants\u00a0: l’hypothèse nulle suppose que chacun a été tiré uniformément dans son format. "
    "Un rejet dit "
    "que le modèle a reçu cette chaîne, ici ou ailleurs.",
}

LANGUAGES: Final = languages(ENGLISH, FRENCH)


def lines_of(result: dict[str, Any], path: str, language: Language) -> list[str]:
    """A result in sentences, the claims of channels first."""
    say, decided = language.say, result["statistic"]
    other = "raw" if decided == "residualised" else "residualised"
    rejected = sum(claim["rejected"] for claim in result["claims"])
    facts: dict[str, Any] = {"claims": len(result["claims"]), "alpha": figure(result["alpha"], language)}
    lines = [say("grade" if rejected else "none", rejected=rejected, **facts)]
    given = "string" if result["key"] == "identifiers" else "yes"
    titles = {one["work"]: one["title"] for one in result["works"]}
    for claim in result["claims"]:
        told = {
            "channel": claim["channel"],
            "p": figure(claim["p"], language),
            "adjusted": figure(claim["adjusted"], language),
        }
        if claim["work"] is None:
            by_other = figure(claim[other]["p"], language)
            line = say("channel", n=claim["contests"], other=by_other, **told)
        else:
            line = say("work", work=claim["work"], title=titles[claim["work"]], **told)
        lines.append(line + (say(given, n=claim["contests"]) if claim["rejected"] else say("no")))
        if (over := claim["over_tests"]) is not None:
            verdict = say("passed" if over["rejected"] else "open")
            value = figure(over["e_value"], language)
            lines.append(say("tests", n=over["tests"], value=value, how=say(over["how"]), verdict=verdict))
    lines += [say("decides", statistic=say(decided)), say("null"), say("not")]
    if result["key"] == "identifiers":
        lines.append(say("ids"))
    if all(claim["over_tests"] is None for claim in result["claims"]):
        lines.append(say("unnamed"))
    return [*lines, say("asked", questions=result["questions"], path=path)]


_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def figure(value: float, language: Language, digits: int = 3) -> str:
    """So many digits; what is very small or large as a power of ten."""
    told, power, exponent = f"{value:.{digits}g}".replace(".", language.decimal).partition("e")
    return f"{told}{WIDE}×{WIDE}10{str(int(exponent)).translate(_RAISED)}" if power else told
