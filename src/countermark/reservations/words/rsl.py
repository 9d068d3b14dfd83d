"""Sentences about RSL: what a reader remarks, and what does not conform."""

from __future__ import annotations

from typing import Final

EN: Final = {
    # what cannot be read at all
    "rsl.not-xml": "the RSL is not well-formed XML ({reason}): what it says is not known",
    "rsl.doctype": "the RSL declares a document type or entities, which are not accepted: it is not read",
    "rsl.too-large": "the RSL has {size} bytes; up to {limit} are read",
    "rsl.too-deep": "more than {limit} elements of the RSL are nested: it is not read",
    "rsl.too-many-elements": "the RSL has more than {limit} elements: it is not read",
    "rsl.root": "the first element is <{element}>; accepted is <{accepted}>",
    "rsl.no-namespace": '<rsl> has no namespace; accepted is xmlns="{accepted}"',
    "rsl.wrong-namespace": "the namespace is {given}; accepted is {accepted}, letter by letter",
    # where terms are named
    "rsl.terms-not-read": "the terms at {address} were not read: what they reserve is not known",
    "rsl.not-absolute": "the address of RSL terms must be absolute, with https://: “{value}” leads nowhere",
    "rsl.bad-link": "a Link field that names RSL cannot be parsed from here on: “{value}”",
    "rsl.foreign-origin": "the feed of {feed} speaks of {url}, which is not its own: that does not count",
    "rsl.elsewhere": "the terms speak of other addresses only ({url} is the first)",
    # how terms are weighed
    "rsl.old-version": "the terms are written in RSL 0.9, which 1.0 does not read: what they prohibit counts, what "
    "they permit does not",
    "rsl.more-faults": "the terms have {count} more faults; the validator names them",
    "rsl.extension": "“{value}” is prohibited; the word is of another vocabulary and may mean any use",
    "rsl.narrow-over-broad": "for {use}, {scope} says {said}, but {by_scope} is narrower and loosens it (line "
    "{by_line})",
    "rsl.page-over-site": "for {use}, {scope} says {said}, but the terms of the page stand over those of the site "
    "and loosen it ({by}, line {by_line})",
    # what does not conform
    "rsl.media-type": "served as {given}; accepted is {accepted}",
    "rsl.byte-order-mark": "the file begins with a byte order mark: XML permits it, but some readers stop at it; "
    "save it as UTF-8 without one",
    "rsl.unknown-element": "RSL has no element <{element}>: the whole document does not conform; <{parent}> takes: "
    "{accepted}",
    "rsl.misplaced-element": "<{element}> may not stand in <{parent}>, which takes: {accepted}",
    "rsl.unqualified-element": "<{element}> is in no namespace, so it is not RSL: write it with the prefix that the "
    "others have",
    "rsl.element-twice": "<{parent}> has <{element}> more than once; one is accepted",
    "rsl.type-twice": "<{parent}> has <{element} type=“{type}”> more than once; one for each type is accepted: put "
    "all words in one list",
    "rsl.unknown-attribute": "<{element}> has no attribute {attribute}; accepted are: {accepted}",
    "rsl.missing-attribute": "<{element}> needs the attribute {attribute}",
    "rsl.no-content": "<rsl> is empty; it needs a <content>",
    "rsl.no-license": '<content url="{url}"> has no <license>, so it says nothing; at least one is needed',
    "rsl.no-url": '<content> needs the attribute url: an address, a path, or "" for what the terms are linked from',
    "rsl.bad-url": "“{value}” is no content url; accepted are a path that begins with / and an address with "
    "https://, * and $ as in robots.txt, no * in the host",
    "rsl.empty-url": "<content> has a server but an empty url; a token is asked for by an address",
    "rsl.no-type": "<{element}> needs the attribute {attribute}: usage, user or geo",
    "rsl.bad-type": "<{element}> cannot have the type “{value}”; accepted are: {accepted}",
    "rsl.comma-list": "the words of <{element}> are parted by commas, as in RSL 0.9; 1.0 accepts spaces only: "
    "“{value}”",
    "rsl.unknown-token": "“{value}” means nothing in <{element}>; accepted are: {accepted}",
    "rsl.empty-list": "<{element}> lists nothing; accepted are: {accepted}",
    "rsl.contradiction": "“{permitted}” ({type}) is permitted and, by “{prohibited}”, prohibited in one license: the "
    "prohibition stands, the permission is void",
    "rsl.old-payment": "the payment type “{value}” is of RSL 0.9; accepted is: {accepted}",
    "rsl.bad-value": "“{value}” cannot stand in {element}; accepted are: {accepted}",
    "rsl.bad-address": "“{value}” is no address for {element}; accepted is: {accepted}",
    "rsl.bad-boolean": "{element} is “{value}”; accepted are true and false, in lower case",
    "rsl.bad-date": "lastmod is “{value}”; accepted is a date as in 2026-01-31T12:00:00Z or 2026-01-31",
    "rsl.bad-max-age": "max-age is “{value}”; accepted is a whole number of days from 1",
    "rsl.bad-amount": "the amount is “{value}”; accepted is a decimal number such as 0.015",
    "rsl.bad-currency": "the currency is “{value}”; accepted are the codes of ISO 4217, such as EUR",
}
FR: Final = {
    "rsl.not-xml": "le RSL n’est pas du XML bien formé ({reason})\u00a0: son contenu n’est pas connu",
    "rsl.doctype": "le RSL déclare un type de document ou des entités, ce qui n’est pas accepté\u00a0: il n’est "
    "pas lu",
    "rsl.too-large": "le RSL compte {size} octets\u202f; on en lit {limit} au plus",
    "rsl.too-deep": "plus de {limit} éléments du RSL sont imbriqués\u00a0: il n’est pas lu",
    "rsl.too-many-elements": "le RSL compte plus de {limit} éléments\u00a0: il n’est pas lu",
    "rsl.root": "le premier élément est <{element}>\u202f; on attend <{accepted}>",
    "rsl.no-namespace": '<rsl> n’a pas d’espace de noms\u202f; on attend xmlns="{accepted}"',
    "rsl.wrong-namespace": "l’espace de noms est {given}\u202f; on attend {accepted}, à la lettre",
    "rsl.terms-not-read": "les conditions à l’adresse {address} n’ont pas été lues\u00a0: on ne sait pas ce qu’elles "
    "réservent",
    "rsl.not-absolute": "l’adresse de conditions RSL doit être absolue, avec https://\u00a0: «\u00a0{value}\u00a0» "
    "ne mène nulle part",
    "rsl.bad-link": "un champ Link qui annonce du RSL ne peut être analysé à partir d’ici\u00a0: "
    "«\u00a0{value}\u00a0»",
    "rsl.foreign-origin": "le flux de {feed} parle de {url}, qui n’est pas à lui\u00a0: cela ne compte pas",
    "rsl.elsewhere": "les conditions ne parlent que d’autres adresses ({url} est la première)",
    "rsl.old-version": "les conditions sont écrites en RSL 0.9, que la version 1.0 ne lit pas\u00a0: ce qu’elles "
    "interdisent compte, ce qu’elles permettent ne compte pas",
    "rsl.more-faults": "les conditions ont encore {count} défauts\u202f; le validateur les nomme",
    "rsl.extension": "«\u00a0{value}\u00a0» est interdit\u202f; ce mot vient d’un autre vocabulaire et peut désigner "
    "n’importe quel usage",
    "rsl.narrow-over-broad": "pour {use}, {scope} dit {said}, mais {by_scope}, plus précis, l’assouplit (ligne "
    "{by_line})",
    "rsl.page-over-site": "pour {use}, {scope} dit {said}, mais les conditions de la page priment celles du site et "
    "l’assouplissent ({by}, ligne {by_line})",
    "rsl.media-type": "servi comme {given}\u202f; on attend {accepted}",
    "rsl.byte-order-mark": "le fichier commence par un indicateur d’ordre des octets\u00a0: XML l’admet, mais "
    "certains lecteurs butent dessus\u202f; enregistrez-le en UTF-8 sans cet indicateur",
    "rsl.unknown-element": "RSL ne connaît pas l’élément <{element}>\u00a0: le document entier n’est pas "
    "conforme\u202f; <{parent}> accepte\u00a0: {accepted}",
    "rsl.misplaced-element": "<{element}> n’a pas sa place dans <{parent}>, qui accepte\u00a0: {accepted}",
    "rsl.unqualified-element": "<{element}> n’est dans aucun espace de noms, ce n’est donc pas du RSL\u00a0: "
    "donnez-lui le préfixe des autres",
    "rsl.element-twice": "<{parent}> contient <{element}> plus d’une fois\u202f; une seule est acceptée",
    "rsl.type-twice": "<{parent}> contient <{element} type=“{type}”> plus d’une fois\u202f; une seule est acceptée "
    "par type\u00a0: réunissez les mots dans une liste",
    "rsl.unknown-attribute": "<{element}> n’a pas d’attribut {attribute}\u202f; sont acceptés\u00a0: {accepted}",
    "rsl.missing-attribute": "il manque à <{element}> l’attribut {attribute}",
    "rsl.no-content": "<rsl> est vide\u202f; il lui faut un <content>",
    "rsl.no-license": '<content url="{url}"> n’a pas de <license> et ne dit donc rien\u202f; il en faut au moins une',
    "rsl.no-url": 'il manque à <content> l’attribut url\u00a0: une adresse, un chemin, ou "" pour ce à quoi les '
    "conditions sont liées",
    "rsl.bad-url": "«\u00a0{value}\u00a0» n’est pas une url de content\u202f; sont acceptés un chemin qui commence "
    "par / et une adresse avec https://, * et $ comme dans robots.txt, sans * dans l’hôte",
    "rsl.empty-url": "<content> a un server mais une url vide\u202f; un jeton se demande par une adresse",
    "rsl.no-type": "il manque à <{element}> l’attribut {attribute}\u00a0: usage, user ou geo",
    "rsl.bad-type": "<{element}> ne peut avoir le type «\u00a0{value}\u00a0»\u202f; sont acceptés\u00a0: {accepted}",
    "rsl.comma-list": "les mots de <{element}> sont séparés par des virgules, comme en RSL 0.9\u202f; la version 1.0 "
    "n’accepte que des espaces\u00a0: «\u00a0{value}\u00a0»",
    "rsl.unknown-token": "«\u00a0{value}\u00a0» ne veut rien dire dans <{element}>\u202f; sont acceptés\u00a0: "
    "{accepted}",
    "rsl.empty-list": "<{element}> n’énumère rien\u202f; sont acceptés\u00a0: {accepted}",
    "rsl.contradiction": "«\u00a0{permitted}\u00a0» ({type}) est permis et, par «\u00a0{prohibited}\u00a0», "
    "interdit dans la même licence\u00a0: l’interdiction tient, la permission est nulle",
    "rsl.old-payment": "le type de paiement «\u00a0{value}\u00a0» est de RSL 0.9\u202f; est accepté\u00a0: "
    "{accepted}",
    "rsl.bad-value": "«\u00a0{value}\u00a0» ne peut figurer dans {element}\u202f; sont acceptés\u00a0: {accepted}",
    "rsl.bad-address": "«\u00a0{value}\u00a0» n’est pas une adresse pour {element}\u202f; est accepté\u00a0: "
    "{accepted}",
    "rsl.bad-boolean": "{element} vaut «\u00a0{value}\u00a0»\u202f; sont acceptés true et false, en minuscules",
    "rsl.bad-date": "lastmod vaut «\u00a0{value}\u00a0»\u202f; on attend une date comme 2026-01-31T12:00:00Z ou "
    "2026-01-31",
    "rsl.bad-max-age": "max-age vaut «\u00a0{value}\u00a0»\u202f; on attend un nombre entier de jours à partir de 1",
    "rsl.bad-amount": "le montant vaut «\u00a0{value}\u00a0»\u202f; on attend un nombre décimal comme 0.015",
    "rsl.bad-currency": "la monnaie vaut «\u00a0{value}\u00a0»\u202f; sont acceptés les codes ISO 4217, comme EUR",
}
