"""Sentences about Content Signals."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "content-signals.not-yes-or-no": "“{said}” states nothing: a content signal is yes or no",
    "content-signals.foreign-signal": "“{said}” is a word of another protocol: in Content-Signal "
    "it states nothing",
    "content-signals.unknown-signal": "“{said}” is not a known content signal, and may have been "
    "meant as a reservation",
    "content-signals.outside-group": "a Content-Signal line stands before the first User-agent "
    "line: the policy puts it into a group, so whom it is for is not known",
    "content-signals.near-name": "“{name}: {value}” is no Content-Signal; it may have been meant as one",
    "content-signals.as-header": "the policy speaks of Content-Signal in robots.txt only; as a header field it is read "
    "here in the same way",
    "content-signals.too-many": "this Content-Signal line has more than {limit} signals; the others were not read",
    "content-signals.lines-disagree": "the Content-Signal lines that cover this path disagree, "
    "and the policy does not say which one stands: the strictest is taken",
}
FR: Final = {
    "content-signals.not-yes-or-no": "«\u00a0{said}\u00a0» n’énonce rien\u00a0: un signal vaut yes ou no",
    "content-signals.foreign-signal": "«\u00a0{said}\u00a0» appartient à un autre "
    "protocole\u00a0: dans Content-Signal, cela n’énonce rien",
    "content-signals.unknown-signal": "«\u00a0{said}\u00a0» n’est pas un signal connu, et visait "
    "peut-être une réserve",
    "content-signals.outside-group": "une ligne Content-Signal précède la première ligne "
    "User-agent\u00a0: la charte la place dans un groupe, et l’on ne sait donc pas qui elle vise",
    "content-signals.near-name": "«\u00a0{name}\u00a0: {value}\u00a0» n’est pas un Content-Signal\u202f; c’est "
    "peut-être ce qui était voulu",
    "content-signals.as-header": "la charte ne prévoit Content-Signal que dans robots.txt\u202f; comme champ "
    "d’en-tête, il est lu ici de la même façon",
    "content-signals.too-many": "cette ligne Content-Signal porte plus de {limit} signaux\u202f; les autres "
    "n’ont pas été lus",
    "content-signals.lines-disagree": "les lignes Content-Signal qui couvrent ce chemin se "
    "contredisent, et la charte ne dit pas laquelle vaut\u00a0: la plus stricte est retenue",
}
