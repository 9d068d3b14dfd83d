"""The words of the handed-over document, in both languages."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, dict[str, str]]] = {
    "fr": {
        "lead": "Appel remis avec la liste de ses signataires",
        "demonstration": "Démonstration : ni ce texte ni ces noms n’engagent personne.",
        "organiser": "À l’initiative de",
        "version": "Version du texte",
        "digest": "Empreinte SHA-256 du texte",
        "made": "Établi le",
        "signatories": "signataire|signataires",
        "of_which": "dont {persons} et {organisations}",
        "persons": "{n} personne|{n} personnes",
        "organisations": "{n} organisation|{n} organisations",
        "unnamed": "{n} a signé sans que son nom soit montré ; son adresse électronique a été vérifiée comme celle "
        "des autres.|{n} ont signé sans que leur nom soit montré ; leur adresse électronique a été vérifiée comme "
        "celle des autres.",
        "none": "Personne n’a encore signé. Les noms paraîtront ici.",
        "organisations_title": "Organisations",
        "persons_title": "Personnes",
        "no_name": "sans nom montré",
        "order": "Les numéros sont ceux du registre. Ceux qui manquent ont été retirés par leur signataire, invalidés, "
        "ou sont dans l’autre liste.",
        "check_title": "Vérifier cette liste",
        "check": "Le registre est un journal auquel on ne fait qu’ajouter (arbre de Merkle, RFC 6962) : chaque "
        "signature y a un numéro, et personne ne peut en changer, en ajouter ou en ôter une sans que cela se voie. "
        "Cette liste vaut pour l’état du registre que voici.",
        "size": "Lignes du journal",
        "root": "Racine",
        "time": "Signée le",
        "how": "Téléchargez le registre à l’adresse ci-dessous, puis lancez, sans connexion : "
        "countermark roll verify FICHIER. La racine imprimée ici est celle d’une tête publiée : elle figure dans le "
        "fichier, à cette taille, et le vérificateur contrôle que le registre en est la suite.",
        "head_missing": "Le registre n’a pas encore de tête signée.",
        "signed": "Ce fichier porte une signature électronique (PAdES) qui montre qu’il n’a pas été modifié depuis. "
        "Un certificat établi par le site lui-même ne prouve pas l’identité de l’organisateur : comparez son empreinte "
        "avec celle que l’organisateur vous donne par une autre voie.",
        "page": "page",
    },
    "en": {
        "lead": "Statement, handed over with the roll of its signatories",
        "demonstration": "Demonstration: neither this text nor these names bind anybody.",
        "organiser": "Initiated by",
        "version": "Version of the text",
        "digest": "SHA-256 digest of the text",
        "made": "Made on",
        "signatories": "signatory|signatories",
        "of_which": "{persons} and {organisations}",
        "persons": "{n} person|{n} people",
        "organisations": "{n} organisation|{n} organisations",
        "unnamed": "{n} signed without showing a name; that mail address was verified like everyone’s.|{n} signed "
        "without showing a name; their mail addresses were verified like everyone’s.",
        "none": "Nobody has signed yet. The names will appear here.",
        "organisations_title": "Organisations",
        "persons_title": "People",
        "no_name": "no name shown",
        "order": "The numbers are those of the roll. Missing ones were withdrawn by their signatory, invalidated, or "
        "are in the other list.",
        "check_title": "Check this list",
        "check": "The roll is an append-only log (a Merkle tree, RFC 6962): every signature has a number in it, and "
        "none can be changed, added or taken away without this being seen. This list is of the roll as it stands here.",
        "size": "Lines of the log",
        "root": "Root",
        "time": "Signed on",
        "how": "Download the roll from the address below, then run, offline: countermark roll verify FILE. "
        "The root printed here is that of a published head: the file holds it, at this size, and the verifier checks "
        "that the roll continues it.",
        "head_missing": "The roll has no signed head yet.",
        "signed": "This file carries an electronic signature (PAdES), which shows that it has not been changed since. "
        "A certificate that the site made for itself does not prove who the organiser is: compare its fingerprint with "
        "the one that the organiser gives you by another way.",
        "page": "page",
    },
}
