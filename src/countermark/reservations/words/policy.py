"""Sentences about policies, and about what is wrong in a policy.toml, which is told with file, line, table and key."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "policy.summary": "Policy of {holder} for {site}: {rules} rules, {agents} agents refused",
    "policy.line": "line {line}",
    "policy.number": "[[{table}]] number {number}",
    "policy.wrong": "{place}: {what}",
    "policy.meant": " (did you mean {word}?)",
    "policy.encoded": "{match} in the policy is written percent-encoded, as browsers ask for it: {plain}",
    "policy.too-large": ": a policy is at most {size} MB",
    "policy.unreadable": ": cannot be read: {why}",
    "policy.missing": "there is no such file; `countermark reserve write --new` writes one to start from",
    "policy.folder": "it is a folder, expected is a file",
    "policy.forbidden": "permission denied",
    "policy.not-utf8": "{name}, line {line}: this is not UTF-8",
    "policy.not-toml": "{name}: this is not TOML: {why}",
    "policy.true-or-false": "accepted are true and false",
    "policy.twice": "{value} is there twice",
    "policy.root-path": "the site as a whole belongs in [uses]",
    "policy.uses-missing": 'expected is uses = {{ train = "reserved", … }}',
    "policy.no-pattern": (
        "{value} is no path pattern: it starts with /, has no quote, backslash or #, and $ stands at "
        "its end only"
    ),
    "policy.answer": "{word} = {value}; accepted are {accepted}",
    "policy.no-licence": "{word} is conditional, but [policy] has no licence = an address that says how",
    "policy.one-kind": "expected is one of token, operator and purpose",
    "policy.a-text": "expected is a text",
    "policy.no-purpose": "{value} is no purpose{meant}; accepted are {accepted}",
    "policy.no-token": "{value} is no product token: letters, digits, - and _ (or * for everybody)",
    "policy.no-operator": "no known agent is operated by {value}{meant}",
    "policy.tie": (
        "{one} and {other} are equally long and can match the same path, with different answers: make "
        "one longer, or end both with $"
    ),
    "policy.nobody": "{use} is allowed on {path}, but every agent (*) is refused: nobody could",
    "policy.silent": (
        "the policy says nothing. Expected is [uses] with one or more of {uses}, each one of "
        '{accepted}: train = "reserved". To take back all that was written before, say "unknown"'
    ),
    "policy.no-site": 'expected is the origin, as in site = "https://books.example.org"',
    "policy.no-origin": "{value} is no origin: scheme, host and port only, as in https://books.example.org",
    "policy.no-contact": "{value} is neither a mail address nor an http(s) address",
    "policy.no-address": "{value} is no absolute http(s) address in ASCII without spaces",
    "policy.no-day": "{value} is no day; expected is from = 2026-11-23",
    "policy.one-line": "expected is one line of text, of at most 2,000 letters",
    "policy.a-table": "expected is a table, [{word}]",
    "policy.tables": "expected are tables, [[{word}]]",
    "policy.too-many": (
        "{count} tables; at most {limit} are accepted, since all of them are read back: join paths with *"
    ),
    "policy.unknown-key": "{word} is unknown here{meant}; known are {accepted}",
}
FR: Final = {
    "policy.summary": "Politique de {holder} pour {site}\u00a0: {rules} règles, {agents} agents refusés",
    "policy.line": "ligne {line}",
    "policy.number": "[[{table}]] numéro {number}",
    "policy.wrong": "{place}\u00a0: {what}",
    "policy.meant": " (vouliez-vous dire {word}\u202f?)",
    "policy.encoded": (
        "{match} dans la politique est écrit avec des codes %, comme les navigateurs le demandent\u00a0: "
        "{plain}"
    ),
    "policy.too-large": "\u00a0: une politique fait au plus {size} Mo",
    "policy.unreadable": "\u00a0: lecture impossible\u00a0: {why}",
    "policy.missing": (
        "ce fichier n’existe pas\u202f; «\u00a0countermark reserve write --new\u00a0» en "
        "écrit un pour commencer"
    ),
    "policy.folder": "c’est un dossier, un fichier est attendu",
    "policy.forbidden": "accès refusé",
    "policy.not-utf8": "{name}, ligne {line}\u00a0: ce n’est pas de l’UTF-8",
    "policy.not-toml": "{name}\u00a0: ce n’est pas du TOML\u00a0: {why}",
    "policy.true-or-false": "sont acceptés true et false",
    "policy.twice": "{value} figure deux fois",
    "policy.root-path": "le site entier se décrit dans [uses]",
    "policy.uses-missing": 'il faut uses = {{ train = "reserved", … }}',
    "policy.no-pattern": (
        "{value} n’est pas un motif de chemin\u00a0: il commence par /, ne contient ni guillemet, ni barre "
        "oblique inverse, ni #, et $ ne se met qu’à la fin"
    ),
    "policy.answer": "{word} = {value}\u202f; sont acceptés {accepted}",
    "policy.no-licence": (
        "{word} est «\u00a0conditional\u00a0», mais [policy] n’a pas de licence = une adresse qui dit comment"
    ),
    "policy.one-kind": "il faut un seul mot parmi token, operator et purpose",
    "policy.a-text": "il faut un texte",
    "policy.no-purpose": "{value} n’est pas un usage{meant}\u202f; sont acceptés {accepted}",
    "policy.no-token": "{value} n’est pas un nom d’agent\u00a0: lettres, chiffres, - et _ (ou * pour tous)",
    "policy.no-operator": "aucun agent connu n’est exploité par {value}{meant}",
    "policy.tie": (
        "{one} et {other} ont la même longueur et peuvent désigner le même chemin, avec des réponses "
        "différentes\u00a0: allongez l’un, ou terminez les deux par $"
    ),
    "policy.nobody": (
        "{use} est permis sur {path}, mais tous les agents (*) sont refusés\u00a0: personne ne le pourrait"
    ),
    "policy.silent": (
        "la politique ne dit rien. Il faut [uses] avec un ou plusieurs mots parmi {uses}, chacun valant "
        'l’un de {accepted}\u00a0: train = "reserved". Pour retirer tout ce qui a été écrit auparavant, '
        'dites "unknown"'
    ),
    "policy.no-site": 'il faut l’origine, comme site = "https://livres.example.org"',
    "policy.no-origin": (
        "{value} n’est pas une origine\u00a0: schéma, hôte et port seulement, comme "
        "https://livres.example.org"
    ),
    "policy.no-contact": "{value} n’est ni une adresse électronique ni une adresse http(s)",
    "policy.no-address": "{value} n’est pas une adresse http(s) absolue, en ASCII et sans espace",
    "policy.no-day": "{value} n’est pas un jour\u202f; il faut from = 2026-11-23",
    "policy.one-line": "il faut une ligne de texte, de 2\u202f000 signes au plus",
    "policy.a-table": "il faut une table, [{word}]",
    "policy.tables": "il faut des tables, [[{word}]]",
    "policy.too-many": (
        "{count} tables\u202f; {limit} au plus sont acceptées, car toutes sont relues\u00a0: réunissez des "
        "chemins avec *"
    ),
    "policy.unknown-key": "{word} est inconnu ici{meant}\u202f; sont connus {accepted}",
}
