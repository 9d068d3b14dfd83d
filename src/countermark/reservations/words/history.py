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
    "history.unread.one": "not readable at {n} capture, {first} ({why})",
    "history.unread.other": "not readable at {n} captures from {first} to {last} ({why})",
    "history.why.status": "status {status}",
    "history.why.unanswered": "no usable answer",
    "history.why.unreadable": "the answer cannot be read",
    "history.by": "by {protocols}",
    "history.gap": "no capture for {days} days, {begin} to {end}: what was served meanwhile is not known",
    "history.between": (
        "Each line speaks of the captures that it counts. What was served between two captures is not known."
    ),
    "history.none": "Nothing was captured of this address.",
    "history.answer": "{use}: {answer}",
    "history.on.one": "Last capture not after {date}: {time}, {n} whole day before.",
    "history.on.other": "Last capture not after {date}: {time}, {n} whole days before.",
    "history.on.same": "Last capture not after {date}: {time}.",
    "history.file": "Kept in {file}, SHA-256 {digest}.",
    "history.page-never": "This page is in none of these captures; what follows is what its site says of it.",
    "history.same-day": "Another capture of the same day, {time}, answers otherwise: {answers}",
    "history.in-site": (
        "warning: {folder} looks like a site that is published (index.html or robots.txt is in it); keep the history "
        "outside of it, or it is published, too"
    ),
    "history.next": "Next capture: {next}. What was served in between is not known.",
    "history.last": "There is no later capture.",
    "history.nothing": "No capture was made on {date} or before; what was served then is not known.",
    "history.first": "The first capture is of {next}.",
    "history.redirected.one": "{asked} after {n} redirect, from {final}",
    "history.redirected.other": "{asked} after {n} redirects, from {final}",
    "history.left-out": "left out, too many are pointed at: {address}",
    "history.kept": "Kept: {file}",
    "history.kept-alike": "Kept: {file}; nothing differs from the capture before",
    "history.last-line": "SHA-256 of the chain's last line: {head}",
    "history.show-next": "Next: countermark reserve history show {folder}",
    "history.written": "Written: {file}",
    "history.more-problems": "and {count} more (--json lists them all)",
    "history.stamp-over": "Time stamp over line {line}: {told}",
    "history.stamped": "Time stamp over the capture of {time}: {told}",
    "history.note": "Note: {note}",
    "history.broken.one": "{folder} does NOT verify: {n} problem.",
    "history.broken.other": "{folder} does NOT verify: {n} problems.",
    "history.verifies.one": "{folder} verifies: {n} capture with {responses}, {first} to {last}.",
    "history.verifies.other": "{folder} verifies: {n} captures with {responses}, {first} to {last}.",
    "history.responses.one": "{n} response",
    "history.responses.other": "{n} responses",
    "history.own-certificates": (
        "The stamps were judged with the certificates beside them; --ca FILE takes those you know."
    ),
    "history.query": "Request for line {line}, SHA-256 {head}: {file}",
    "history.query-next": (
        "Next: have it answered, then countermark reserve history stamp {folder} --response FILE.tsr "
        "--request {file} --ca FILE"
    ),
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
    "history.unread.one": "illisible à {n} capture, {first} ({why})",
    "history.unread.other": "illisible à {n} captures, du {first} au {last} ({why})",
    "history.why.status": "statut {status}",
    "history.why.unanswered": "pas de réponse utilisable",
    "history.why.unreadable": "réponse illisible",
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
    "history.on.one": "Dernière capture au plus tard le {date}\u00a0: {time}, soit {n} jour plein auparavant.",
    "history.on.other": (
        "Dernière capture au plus tard le {date}\u00a0: {time}, soit {n} jours pleins auparavant."
    ),
    "history.on.same": "Dernière capture au plus tard le {date}\u00a0: {time}.",
    "history.file": "Conservée dans {file}, SHA-256 {digest}.",
    "history.page-never": (
        "Cette page ne figure dans aucune de ces captures\u202f; ce qui suit est ce que son site en dit."
    ),
    "history.same-day": "Une autre capture du même jour, {time}, répond autrement\u00a0: {answers}",
    "history.in-site": (
        "attention\u00a0: {folder} ressemble à un site publié (index.html ou robots.txt s’y trouve)\u202f; gardez "
        "l’historique ailleurs, sinon il sera publié aussi"
    ),
    "history.next": "Capture suivante\u00a0: {next}. Ce qui a été servi entre les deux n’est pas connu.",
    "history.last": "Il n’y a pas de capture plus récente.",
    "history.nothing": (
        "Aucune capture le {date} ou auparavant\u202f; ce qui était servi alors n’est pas connu."
    ),
    "history.first": "La première capture est du {next}.",
    "history.redirected.one": "{asked} après {n} redirection, depuis {final}",
    "history.redirected.other": "{asked} après {n} redirections, depuis {final}",
    "history.left-out": "laissé de côté, trop d’adresses sont indiquées\u00a0: {address}",
    "history.kept": "Conservé\u00a0: {file}",
    "history.kept-alike": "Conservé\u00a0: {file}\u202f; rien ne diffère de la capture précédente",
    "history.last-line": "SHA-256 de la dernière ligne de la chaîne\u00a0: {head}",
    "history.show-next": "Ensuite\u00a0: countermark reserve history show {folder}",
    "history.written": "Écrit\u00a0: {file}",
    "history.more-problems": "et {count} autres (--json les donne tous)",
    "history.stamp-over": "Horodatage de la ligne {line}\u00a0: {told}",
    "history.stamped": "Horodatage de la capture du {time}\u00a0: {told}",
    "history.note": "Remarque\u00a0: {note}",
    "history.broken.one": "{folder} n’est PAS intact\u00a0: {n} défaut.",
    "history.broken.other": "{folder} n’est PAS intact\u00a0: {n} défauts.",
    "history.verifies.one": "{folder} est intact\u00a0: {n} capture avec {responses}, du {first} au {last}.",
    "history.verifies.other": "{folder} est intact\u00a0: {n} captures avec {responses}, du {first} au {last}.",
    "history.responses.one": "{n} réponse",
    "history.responses.other": "{n} réponses",
    "history.own-certificates": (
        "Les horodatages ont été jugés avec les certificats qui les accompagnent\u202f; --ca FICHIER "
        "prend ceux que vous connaissez."
    ),
    "history.query": "Requête pour la ligne {line}, SHA-256 {head}\u00a0: {file}",
    "history.query-next": (
        "Ensuite\u00a0: obtenez la réponse, puis countermark reserve history stamp {folder} --response "
        "FICHIER.tsr --request {file} --ca FICHIER"
    ),
}
