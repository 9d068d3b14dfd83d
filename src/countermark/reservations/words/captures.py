"""Sentences about captures: what a crawl archive holds of a day, and what it does not."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "captures.robots-not-given": "no captures of robots.txt were given: what it said on the day is not known",
    "captures.robots-missing": "there is no capture of this robots.txt: what it said on the day is not known",
    "captures.robots-later": (
        "this robots.txt was captured only later ({date}): what it said on the day is not known"
    ),
    "captures.robots-old": (
        "the last capture of this robots.txt before the day is of {date}, {days} days earlier; at most {most} are "
        "accepted"
    ),
    "captures.robots-age": "this robots.txt was captured {days} days before the record ({date})",
    "captures.robots-redirected": (
        "this robots.txt led to {address}, of which there is no capture: what it said is not known"
    ),
    "captures.robots-unread": "the capture of this robots.txt cannot be read ({reason})",
    "captures.robots-cut": "only the first {size} bytes of this robots.txt were kept",
    "captures.text-only": "the record holds the text alone: header fields and markup are not in it",
    "captures.body-elsewhere": "the record points to an earlier capture for its body, which was not read",
    "captures.body-unread": "the body of the record cannot be read ({reason})",
    "captures.header-damaged": "there are lone carriage returns or null characters in the header block: fields may hide "
    "behind them",
    "captures.cut": "the crawler kept only the first {size} bytes; what stood after them is not known",
}
FR: Final = {
    "captures.robots-not-given": (
        "aucune capture de robots.txt n’a été fournie\u00a0: ce qu’il disait ce jour-là n’est pas connu"
    ),
    "captures.robots-missing": (
        "il n’existe pas de capture de ce robots.txt\u00a0: ce qu’il disait ce jour-là n’est pas connu"
    ),
    "captures.robots-later": (
        "ce robots.txt n’a été capturé que plus tard ({date})\u00a0: ce qu’il disait ce jour-là n’est pas connu"
    ),
    "captures.robots-old": (
        "la dernière capture de ce robots.txt avant ce jour date du {date}, soit {days} jours plus tôt\u202f; "
        "{most} au plus sont admis"
    ),
    "captures.robots-age": "ce robots.txt a été capturé {days} jours avant l’enregistrement ({date})",
    "captures.robots-redirected": (
        "ce robots.txt renvoyait à {address}, dont il n’existe pas de capture\u00a0: ce qu’il disait n’est pas connu"
    ),
    "captures.robots-unread": "la capture de ce robots.txt est illisible ({reason})",
    "captures.robots-cut": "seuls les {size} premiers octets de ce robots.txt ont été gardés",
    "captures.text-only": "l’enregistrement ne contient que le texte\u00a0: ni en-têtes, ni balises",
    "captures.body-elsewhere": (
        "l’enregistrement renvoie, pour son corps, à une capture antérieure, qui n’a pas été lue"
    ),
    "captures.body-unread": "le corps de l’enregistrement est illisible ({reason})",
    "captures.header-damaged": "le bloc d’en-têtes contient des retours chariot isolés ou des caractères nuls\u00a0: "
    "des champs peuvent s’y cacher",
    "captures.cut": (
        "le robot n’a gardé que les {size} premiers octets\u202f; ce qui se trouvait après n’est pas connu"
    ),
}
