"""Sentences about captures of one's own, and their history."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "history.unanswered": "nothing usable was answered when it was captured: {reason}",
    "history.unreadable": "not all of the answer can be read: {reason}",
    "history.page-not-asked": "the page itself was not captured; what it said is not known",
    "history.page-status": "the page was answered with status {status}: what it says otherwise is not known",
    "history.any-agent": "an agent that no rule names",
    "history.head.one": "{url}, asked by {agent}: {n} capture, {first}",
    "history.head.other": "{url}, asked by {agent}: {n} captures, {first} to {last}",
    "history.said.one": "{answer} at {n} capture, {first}",
    "history.said.other": "{answer} at each of {n} captures from {first} to {last}",
    "history.before": "seen otherwise before, last on {before}",
    "history.after": "first seen otherwise on {after}",
    "history.by": "by {protocols}",
    "history.gap": "no capture for {days} days, {begin} to {end}: what was served meanwhile is not known",
    "history.between": (
        "Each line speaks of the captures that it counts. What was served between two captures is not known."
    ),
    "history.none": "Nothing was captured of this address.",
    "history.answer": "{use}: {answer}",
    "history.on": "Last capture not after {date}: {time}, {days} whole days before.",
    "history.on.same": "Last capture not after {date}: {time}.",
    "history.file": "Kept in {file}, SHA-256 {digest}.",
    "history.next": "Next capture: {next}. What was served in between is not known.",
    "history.last": "There is no later capture.",
    "history.nothing": "No capture was made on {date} or before; what was served then is not known.",
    "history.first": "The first capture is of {next}.",
}
FR: Final = {
    "history.unanswered": "aucune réponse utilisable lors de la capture\u00a0: {reason}",
    "history.unreadable": "la réponse n’est pas lisible en entier\u00a0: {reason}",
    "history.page-not-asked": "la page elle-même n’a pas été capturée\u202f; ce qu’elle disait n’est pas connu",
    "history.page-status": (
        "la page a répondu avec le statut {status}\u00a0: ce qu’elle dit par ailleurs n’est pas connu"
    ),
    "history.any-agent": "un agent qu’aucune règle ne nomme",
    "history.head.one": "{url}, demandé par {agent}\u00a0: {n} capture, {first}",
    "history.head.other": "{url}, demandé par {agent}\u00a0: {n} captures, du {first} au {last}",
    "history.said.one": "{answer} à {n} capture, {first}",
    "history.said.other": "{answer} à chacune des {n} captures, du {first} au {last}",
    "history.before": "autre réponse auparavant, vue en dernier le {before}",
    "history.after": "autre réponse vue pour la première fois le {after}",
    "history.by": "selon {protocols}",
    "history.gap": (
        "aucune capture pendant {days} jours, du {begin} au {end}\u00a0: "
        "ce qui a été servi entre-temps n’est pas connu"
    ),
    "history.between": (
        "Chaque ligne parle des captures qu’elle compte. "
        "Ce qui a été servi entre deux captures n’est pas connu."
    ),
    "history.none": "Rien n’a été capturé de cette adresse.",
    "history.answer": "{use}\u00a0: {answer}",
    "history.on": "Dernière capture au plus tard le {date}\u00a0: {time}, soit {days} jours pleins auparavant.",
    "history.on.same": "Dernière capture au plus tard le {date}\u00a0: {time}.",
    "history.file": "Conservée dans {file}, SHA-256 {digest}.",
    "history.next": "Capture suivante\u00a0: {next}. Ce qui a été servi entre les deux n’est pas connu.",
    "history.last": "Il n’y a pas de capture plus récente.",
    "history.nothing": (
        "Aucune capture le {date} ou auparavant\u202f; ce qui était servi alors n’est pas connu."
    ),
    "history.first": "La première capture est du {next}.",
}
