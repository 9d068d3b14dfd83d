"""Sentences about AIPREF."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "aipref.cannot-be-parsed": "Content-Usage “{value}” cannot be parsed ({why}): it states "
    "nothing, though it may have been meant as a reservation",
    "aipref.not-y-or-n": "“{said}” states nothing: only the tokens y and n count, in lower case "
    "and without quotes",
    "aipref.retired-label": "“{said}” uses a label of {revisions}, where it spoke of: {uses}; "
    "under vocab-08 it states nothing",
    "aipref.foreign-label": "“{said}” is a word of another protocol: in Content-Usage it states nothing",
    "aipref.label-twice": "{label} is given more than once: the last one stands, even where it "
    "is not the strictest",
    "aipref.search-overrides": "search=y also allows training and use inside a search "
    "application that leads to the work; for every other purpose {denied} stands",
    "aipref.outside-group": "a Content-Usage line stands before the first User-agent line: it is for nobody",
    "aipref.near-name": "“{name}” ({value}) is not Content-Usage in a header or in robots.txt; it may have been "
    "meant as a reservation",
    "aipref.too-many": "more than {limit} different Content-Usage lines cover this path alike; those from here on "
    "were not read",
    "aipref.agents-divided": "a Content-Usage line between two User-agent lines: for AIPREF it "
    "ends the group of {agent}, for RFC 9309 alone it does not, and the two decide differently "
    "whether this may be fetched",
}
FR: Final = {
    "aipref.cannot-be-parsed": "Content-Usage «\u00a0{value}\u00a0» ne peut être analysé "
    "({why})\u00a0: il n’énonce rien, alors qu’il visait peut-être une réserve",
    "aipref.not-y-or-n": "«\u00a0{said}\u00a0» n’énonce rien\u00a0: seuls comptent y et n, en "
    "minuscules et sans guillemets",
    "aipref.retired-label": "«\u00a0{said}\u00a0» emploie une étiquette de {revisions}, où elle "
    "visait\u00a0: {uses}\u202f; selon vocab-08, elle n’énonce rien",
    "aipref.foreign-label": "«\u00a0{said}\u00a0» appartient à un autre protocole\u00a0: dans "
    "Content-Usage, cela n’énonce rien",
    "aipref.label-twice": "{label} figure plusieurs fois\u00a0: la dernière mention vaut, même "
    "si elle n’est pas la plus stricte",
    "aipref.search-overrides": "search=y permet aussi l’entraînement et l’usage au sein d’une "
    "application de recherche qui mène à l’œuvre\u202f; pour toute autre fin, {denied} vaut",
    "aipref.outside-group": "une ligne Content-Usage précède la première ligne User-agent\u00a0: elle ne vise "
    "personne",
    "aipref.near-name": "«\u00a0{name}\u00a0» ({value}) n’est pas Content-Usage dans un en-tête ou dans "
    "robots.txt\u202f; une réserve a pu être voulue",
    "aipref.too-many": "plus de {limit} lignes Content-Usage différentes couvrent ce chemin à égalité\u202f; à partir "
    "d’ici, elles n’ont pas été lues",
    "aipref.agents-divided": "une ligne Content-Usage se trouve entre deux lignes "
    "User-agent\u00a0: pour AIPREF, elle clôt le groupe de {agent}, pour la seule RFC 9309 non, et "
    "les deux lectures divergent sur le droit de lire cette ressource",
}
