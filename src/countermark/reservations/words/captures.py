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
        "the last capture of this robots.txt before the day is of {date}; its age in days: {days}, accepted up to "
        "{most}"
    ),
    "captures.robots-age": "this robots.txt was captured before the record, on {date}; its age in days: {days}",
    "captures.robots-two": (
        "{number} captures of this robots.txt differ and cannot be put in order ({date}): each was read, and the "
        "strictest stands"
    ),
    "captures.files-two": (
        "{number} captures of this file differ and cannot be put in order ({date}): each was read, and the strictest "
        "stands"
    ),
    "captures.robots-same-day": (
        "of the record only the day is known, and this robots.txt was captured on that day ({date}): it may not have "
        "stood there yet"
    ),
    "captures.robots-before-error": (
        "asked for this robots.txt at the crawl ({date}), the site answered with status {status}: the last readable "
        "capture before it ({earlier}) stands in"
    ),
    "captures.robots-refused": (
        "asked for this robots.txt at the crawl, the site answered with status {status}: what it said is not known"
    ),
    "captures.by-name": (
        "{records} of sites whose robots.txt refuses AI crawlers by name: --agent CCBot, for example, asks for one."
    ),
    "captures.agents-refused": (
        "this robots.txt refuses AI crawlers by name, such as {agent}; the answer is for an agent that it does not "
        "name"
    ),
    "captures.robots-redirected": (
        "this robots.txt led to {address}, of which there is no capture: what it said is not known"
    ),
    "captures.robots-unread": "the capture of this robots.txt cannot be read ({reason})",
    "captures.robots-cut": "only the first {size} bytes of this robots.txt were kept",
    "captures.text-only": "the record holds the text alone: header fields and markup are not in it",
    "captures.body-elsewhere": "the record points to an earlier capture for its body, which was not read",
    "captures.body-unread": "the body of the record cannot be read ({reason})",
    "captures.header-damaged": (
        "there are lone carriage returns or null characters in the header block: fields may hide behind them"
    ),
    "captures.cut": "the crawler kept only the first {size} bytes; what stood after them is not known",
    "captures.records.one": "{n} record",
    "captures.records.other": "{n} records",
    "captures.counted.one": "{n} record, as of its capture, for {agent}:",
    "captures.counted.other": "{n} records, each as of its capture, for {agent}:",
    "captures.more-remarks": "and {count} more remarks; --json has them all",
    "captures.not-read": "Not read: {count} {reason}; for example {where}: {detail}",
    "captures.robots-not-read": "Not read in --robots: {records}.",
    "captures.no-robots": "Without --robots, what robots.txt said is not known, and nothing is called allowed.",
    "captures.next-read": "Next: read {out}, one row a record; the column reservation_basis says who decided.",
    "captures.next-write": "Next: --out verdicts.parquet writes one row a record, with the reasons.",
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
        "la dernière capture de ce robots.txt avant ce jour date du {date}\u202f; son âge en jours\u00a0: {days}, "
        "admis jusqu’à {most}"
    ),
    "captures.robots-age": (
        "ce robots.txt a été capturé avant l’enregistrement, le {date}\u202f; son âge en jours\u00a0: {days}"
    ),
    "captures.robots-two": (
        "{number} captures de ce robots.txt diffèrent sans que leur ordre soit connu ({date})\u00a0: toutes ont été "
        "lues, la plus stricte l’emporte"
    ),
    "captures.files-two": (
        "{number} captures de ce fichier diffèrent sans que leur ordre soit connu ({date})\u00a0: toutes ont été "
        "lues, la plus stricte l’emporte"
    ),
    "captures.robots-same-day": (
        "seul le jour de l’enregistrement est connu, et ce robots.txt a été capturé ce jour-là ({date})\u00a0: il "
        "n’était peut-être pas encore en place"
    ),
    "captures.robots-before-error": (
        "lors de la collecte ({date}), le site a répondu à la demande de ce robots.txt par le statut "
        "{status}\u00a0: la dernière capture lisible qui précède ({earlier}) en tient lieu"
    ),
    "captures.robots-refused": (
        "lors de la collecte, le site a répondu à la demande de ce robots.txt par le statut {status}\u00a0: ce qu’il "
        "disait n’est pas connu"
    ),
    "captures.by-name": (
        "{records} de sites dont le robots.txt refuse nommément des robots d’IA\u00a0: --agent CCBot, par exemple, "
        "interroge pour l’un d’eux."
    ),
    "captures.agents-refused": (
        "ce robots.txt refuse nommément des robots d’IA, par exemple {agent}\u202f; la réponse vaut pour un agent "
        "qu’il ne nomme pas"
    ),
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
    "captures.header-damaged": (
        "le bloc d’en-têtes contient des retours chariot isolés ou des caractères nuls\u00a0: "
        "des champs peuvent s’y cacher"
    ),
    "captures.cut": (
        "le robot n’a gardé que les {size} premiers octets\u202f; ce qui se trouvait après n’est pas connu"
    ),
    "captures.records.one": "{n} enregistrement",
    "captures.records.other": "{n} enregistrements",
    "captures.counted.one": "{n} enregistrement, au jour de sa capture, pour {agent}\u00a0:",
    "captures.counted.other": "{n} enregistrements, chacun au jour de sa capture, pour {agent}\u00a0:",
    "captures.more-remarks": "et {count} autres remarques\u202f; --json les donne toutes",
    "captures.not-read": "Non lus\u00a0: {count} {reason}\u202f; par exemple {where}\u00a0: {detail}",
    "captures.robots-not-read": "Non lus dans --robots\u00a0: {records}.",
    "captures.no-robots": "Sans --robots, ce que disait robots.txt n’est pas connu, et rien n’est dit permis.",
    "captures.next-read": (
        "Ensuite\u00a0: lisez {out}, une ligne par enregistrement\u202f; la colonne reservation_basis "
        "dit qui a décidé."
    ),
    "captures.next-write": (
        "Ensuite\u00a0: --out verdicts.parquet écrit une ligne par enregistrement, avec les raisons."
    ),
}
