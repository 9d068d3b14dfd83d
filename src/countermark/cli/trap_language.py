"""`--lang`: in which language a command of `countermark trap` speaks, and what the planting and the planning say."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import click

from countermark.language import language_of_locale, languages, printable

if TYPE_CHECKING:
    from countermark.language import Language

LANG = click.option(
    "--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default."
)

_ENGLISH: Final = {
    "refused": "Not in the sheet: {n}",
    "more": "  and {n} more",
    "key": "Key: {file} — new. Keep it secret, and keep a copy: without it no trap can be tested.",
    "sheet": "Sheet: {sheet}: {places} in {works}",
    "places.one": "{n} place",
    "places.other": "{n} places",
    "works.one": "{n} work",
    "works.other": "{n} works",
    "approve": "Next: fill the column approve, then countermark trap apply {out} --key {file}",
    "variants": "{copy}: {places}, {altered} written in another way; one of {candidates} candidates",
    "line": "{copy}: 1 line added; one of {candidates} candidates",
    "dry": "Nothing is written.",
    "read": "Each copy was read again: what is published stands where it should, in {n} of {n}.",
    "commit": "Next: countermark trap commit {folder} --key {file}, then publish the copies.",
    "plan": "Plan: {plan}",
    "digest": "Digest: {digest}",
    "model": "Model: {name} ({which})",
    "asks": "Questions: {queries}. Claims: {claims}, decided together at {alpha} (Holm).",
    "decides": "Decides: the {statistic} score, fixed here before anything is asked.",
    "residualised": "residualised",
    "raw": "raw",
    "channel": "Channel {channels}: {works}.",
    "channels": "Channels {channels}: {works} each.",
    "counted": "{works}:",
    "too_many": "  Not simulated: more than 50 works.",
    "simulated": "  simulated, d = {effect}: {share} of 200 tests",
    "level": "  Level {level} each; the smallest p that can come out is {smallest}.",
    "poor": "  It cannot pass: more works, more candidates or more draws are needed.",
    "head": "  effect d   power (cautious)   works needed for power 0.9 (cautious)",
    "d": "  d: how far the published candidate stands above its alternates, in their standard deviations.",
    "cautious": "  Cautious: few works do not tell how much d differs from one to the next.",
    "alone.one": "Single works: {n} of {all} cannot pass alone at this level, even at rank 1; fewer claims (--claims "
    "channels) or more candidates would help.",
    "alone.other": "Single works: {n} of {all} cannot pass alone at this level, even at rank 1; fewer claims (--claims "
    "channels) or more candidates would help.",
    "hosted": "This model is not on this machine: the test would show it all candidates, and the ledger would say so. "
    "trap test does so only with --burn.",
    "test": "Next: have the digest time-stamped, then countermark trap test.",
}
_FRENCH: Final = {
    "refused": "Hors de la feuille\u00a0: {n}",
    "more": "  et {n} autres",
    "key": "Clé\u00a0: {file} — nouvelle. Gardez-la secrète, et gardez-en une copie\u00a0: sans elle, aucun piège ne "
    "peut être testé.",
    "sheet": "Feuille\u00a0: {sheet}\u00a0: {places} dans {works}",
    "places.one": "{n}\u00a0endroit",
    "places.other": "{n}\u00a0endroits",
    "works.one": "{n}\u00a0œuvre",
    "works.other": "{n}\u00a0œuvres",
    "approve": "Ensuite\u00a0: remplissez la colonne approve, puis countermark trap apply {out} --key {file}",
    "variants": "{copy}\u00a0: {places}, dont écrits autrement\u00a0: {altered}\u202f; une variante sur {candidates}",
    "line": "{copy}\u00a0: 1\u00a0ligne ajoutée\u202f; une variante sur {candidates}",
    "dry": "Rien n’est écrit.",
    "read": "Chaque copie a été relue\u00a0: ce qui est publié se trouve à sa place, dans {n} sur {n}.",
    "commit": "Ensuite\u00a0: countermark trap commit {folder} --key {file}, puis publiez les copies.",
    "plan": "Plan\u00a0: {plan}",
    "digest": "Empreinte\u00a0: {digest}",
    "model": "Modèle\u00a0: {name} ({which})",
    "asks": "Questions\u00a0: {queries}. Hypothèses nulles\u00a0: {claims}, jugées ensemble au seuil {alpha} (Holm).",
    "decides": "Décide\u00a0: le score {statistic}, fixé ici avant toute question.",
    "residualised": "résiduel",
    "raw": "brut",
    "channel": "Canal {channels}\u00a0: {works}.",
    "channels": "Canaux {channels}\u00a0: {works} chacun.",
    "counted": "{works}\u00a0:",
    "too_many": "  Pas de simulation\u00a0: plus de 50\u00a0œuvres.",
    "simulated": "  simulation, d = {effect}\u00a0: {share} de 200\u00a0tests",
    "level": "  Seuil {level} pour chacune\u202f; le plus petit p possible est {smallest}.",
    "poor": "  Aucune ne peut passer\u00a0: il faut plus d’œuvres, de variantes ou de tirages.",
    "head": "  effet d    puissance (prudente)  œuvres pour une puissance de 0,9 (prudent)",
    "d": "  d\u00a0: de combien la variante publiée dépasse les autres, en écarts types de celles-ci.",
    "cautious": "  Prudent\u00a0: peu d’œuvres ne disent pas de combien d varie de l’une à l’autre.",
    "alone.one": "Œuvres seules\u00a0: {n} sur {all} ne peut pas passer seule à ce seuil, même au rang 1\u202f; il "
    "faudrait moins d’hypothèses (--claims channels) ou plus de variantes.",
    "alone.other": "Œuvres seules\u00a0: {n} sur {all} ne peuvent pas passer seules à ce seuil, même au rang "
    "1\u202f; il faudrait moins d’hypothèses (--claims channels) ou plus de variantes.",
    "hosted": "Ce modèle n’est pas sur cette machine\u00a0: le test lui montrerait toutes les variantes, et le "
    "registre en garderait la trace. trap test ne le fait qu’avec --burn.",
    "test": "Ensuite\u00a0: faites horodater l’empreinte, puis countermark trap test.",
}


def spoken(lang: str | None) -> Language:
    """The sentences in the language that was asked for, else in that of the locale."""
    return languages(_ENGLISH, _FRENCH)[lang or language_of_locale(os.environ)]


def tell(language: Language, key: str, *, err: bool = False, **values: object) -> None:
    """Print one sentence."""
    click.echo(printable(language.say(key, **values)), err=err)
