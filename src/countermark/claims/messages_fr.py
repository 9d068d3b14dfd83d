"""Les phrases d'un dossier de demande en français. Mêmes clés et mêmes champs que messages_en.

Les espaces insécables sont mises par `typeset` : U+202F devant ; ! ? %, U+00A0 devant : et dans les guillemets.
"""

from __future__ import annotations

from countermark.language import typeset

_PLAIN = {
    "title": "De l’œuvre à la réclamation",
    "disclaimer": "Ceci n’est pas un conseil juridique.",
    "seen": "Figurer dans un jeu de données ne prouve pas qu’un modèle a été entraîné avec.",
    "of": "{count} sur {total}",
    "works.one": "{n} œuvre",
    "works.other": "{n} œuvres",
    "headline.one": "Trouvée dans ce qui a été parcouru : {found}, sur une seule œuvre (un nom seul ne compte pas). "
    "Franchissent toutes les étapes, règle par règle :",
    "headline.other": "Trouvées dans ce qui a été parcouru : {found} de vos {n} œuvres (les noms seuls ne comptent "
    "pas). Franchissent toutes les étapes, règle par règle :",
    "headline.none": "Votre catalogue ne contient aucune œuvre.",
    "rule.claimable": "{count} sur {total}",
    "rule.same": "Même résultat selon {rules}.",
    "date": "Jour de la demande",
    "catalog": "Catalogue",
    "runs": "Recherches",
    "run.line": "{corpus} ({snapshot}) : {works}, dont {joined} dans le catalogue",
    "run.unjoined": "hors du catalogue : {count}",
    "run.controls": "témoins, jamais réclamés : {count}",
    "run.incomplete": "La recherche {run} est inachevée : ses chiffres sont provisoires.",
    "run.byname": (
        "Des œuvres ont aussi été reconnues par le titre et l’auteur seuls, comme demandé : vérifiez-les."
    ),
    "snapshot": "copie du {date}",
    "snapshot.unknown": "jour de la copie non indiqué",
    "claimant": "Demandeur",
    "claimant.none": "non nommé : celui que le catalogue dit titulaire",
    "respondent": "Partie mise en cause",
    "respondent.source": "« {sentence} » ({document}, {date})",
    "act": "Début de l’acte",
    "act.stated": "tel qu’indiqué : {date}",
    "act.respondent": "tel qu’indiqué dans le fichier de la partie mise en cause : {date}",
    "act.capture": (
        "non indiqué ; c’est la plus ancienne capture de chaque œuvre qui est retenue. "
        "S’il était antérieur, moins d’œuvres passeraient"
    ),
    "act.snapshot": (
        "non indiqué ; c’est le jour de la copie parcourue qui est retenu. "
        "S’il était antérieur, moins d’œuvres passeraient"
    ),
    "act.rule": "tel que la règle le fixe",
    "act.unknown": "inconnu : ce qui en dépend est dit inconnu",
    "funnel": "L’entonnoir",
    "funnel.lead": (
        "Chaque barre montre les œuvres qui passent une étape ; à côté, celles qui y sont écartées, et pourquoi."
    ),
    "passed": "passent",
    "dropped": "écartées",
    "step": "Étape",
    "step.found": "Trouvée",
    "step.yours": "À vous",
    "step.protected": "Protégée",
    "step.reserved": "Réservée",
    "step.registered": "Enregistrée à temps",
    "step.claimable": "À réclamer",
    "good": "Bonnes nouvelles",
    "good.lead": "Ces œuvres peuvent être utilisées, il n’y a donc rien à réclamer :",
    "good.none": (
        "Aucune œuvre n’est connue comme étant du domaine public, sous licence ouverte, "
        "ou sous licence accordée à la partie mise en cause."
    ),
    "deadlines": "Échéances",
    "deadlines.none": "Aucune date n’est connue avant laquelle une démarche sauverait une œuvre.",
    "deadlines.rest": "Autres, dans works.jsonl : {count}",
    "savings": "Ce qui sauverait des œuvres écartées",
    "savings.none": "Rien de ce que le catalogue pourrait encore dire ne changerait le résultat.",
    "amounts": "Montants",
    "amounts.range": (
        "{count} (unités comptées : {units}) : de {minimum} à {maximum} ; hors du compte : {excluded}. "
        "Le maximum est un plafond, non une estimation."
    ),
    "amounts.each": "de {minimum_each} à {maximum_each} par œuvre : de {minimum} à {maximum}",
    "amounts.each-violation": "de {minimum_each} à {maximum_each} par violation",
    "amounts.ordinary": "cas ordinaire",
    "amounts.wilful": "si le caractère volontaire est prouvé",
    "amounts.innocent": "si la bonne foi est prouvée",
    "amounts.separate": (
        "Parties d’un tout, aussi enregistrées à part : {count} ; elles comptent une fois, avec le tout."
    ),
    "amounts.excluded": "Hors du compte : {count} sur {total}",
    "amounts.higher": (
        "Prix des licences selon le barème donné ({tariff}, {source}, {date}) : de {minimum} à {maximum} "
        "pour {count} ; hors du compte : {excluded}. "
        "La somme forfaitaire, sur demande, est supérieure à ces redevances ; le préjudice moral s’y ajoute."
    ),
    "amounts.unpriced": "Sans prix dans le barème, et donc hors de la somme : {count}.",
    "amounts.not-law": "Aucun montant : la règle n’est pas du droit positif, ou son issue n’est pas connue.",
    "amounts.nothing": "Aucun montant : aucune œuvre ne passe toutes les étapes. Hors du compte : {excluded}.",
    "amounts.no-figure": "La règle ne fixe aucun montant.",
    "amounts.per-violation": (
        "Aucune somme : le nombre de violations n’est pas connu. Hors du compte : {excluded}."
    ),
    "amounts.tariff-missing": ("Aucun montant : aucun tarif n’a été donné. Hors du compte : {excluded}."),
    "amounts.tariff-hint": "--tariff FICHIER donne le prix d’une licence.",
    "amounts.price-missing": (
        "Aucun montant : le barème n’a pas de prix pour ces œuvres. Hors du compte : {excluded}."
    ),
    "rules": "Règles et sources",
    "rule.status": "État",
    "rule.status.in-force": "en vigueur",
    "rule.status.pending": "en discussion : un projet de texte",
    "rule.status.unknown": "inconnu : consultez un avocat",
    "rule.valid": "En vigueur depuis",
    "rule.checked": "Vérifiée le",
    "rule.sources": "Sources",
    "rule.digest": "Empreinte du fichier de règle",
    "unverified": "non vérifié",
    "unverified.line": "Non vérifié dans une source : {what}.",
    "unverified.valid_from": "la date d’entrée en vigueur",
    "unverified.asks.protected": "la durée de protection",
    "unverified.asks.registered.act": "le jour de l’acte qu’elle fixe",
    "unverified.asks.claimable.closed": "le jour où les demandes ont été closes",
    "quality.p": "source primaire",
    "quality.s": "source secondaire fiable",
    "quality.w": "source faible : non vérifié",
    "quality.m": "aucune source lue : non vérifié",
    "ask": "À demander à un avocat",
    "warning.stale": (
        "{rule} : vérifiée le {checked}, plus de {days} jours avant cette demande. Vérifiez-la avant de vous y fier."
    ),
    "warning.pending": "{rule} : un projet, non une loi. Elle ne donne aucun montant.",
    "warning.unknown": (
        "{rule} : son issue n’était pas dans les sources lues. Consultez un avocat ; elle ne donne aucun montant."
    ),
    "warning.not-yet": "{rule} : pas encore en vigueur au jour de la demande.",
    "work": "Œuvre",
    "work.found": "Trouvée",
    "work.outcome": "Résultat",
    "work.saves": "Ce qui aiderait",
    "shown": "Œuvres trouvées",
    "shown.lead": (
        "Les œuvres qui passent le plus de règles viennent d’abord. Ici : {count} ; "
        "works-list.fr.csv les a toutes."
    ),
    "shown.none": "Aucune œuvre du catalogue n’a été trouvée dans ce qui a été parcouru.",
    "shown.rest": "Autres, dans works-list.fr.csv et works.jsonl : {count}",
    "files": "Fichiers",
    "files.claim": "tous les faits et les comptes de cette demande",
    "files.works": "chaque œuvre avec ses étapes et ses motifs, une par ligne",
    "files.list": "la liste des œuvres, en texte pour un tableur",
    "files.book": "la liste des œuvres en classeur, avec totaux et sources",
    "files.paper": "la liste des œuvres à imprimer",
    "files.page": "cette demande en page à lire et à imprimer",
    "files.figures": "des comptes à publier, les petits masqués",
    "next": "Ensuite : lisez {path} ; faites-le vérifier par un avocat avant d’écrire à quiconque.",
    "page": "Page",
    "reason.control": "un témoin : jamais réclamé",
    "reason.not-searched": "non cherchée dans ces recherches",
    "reason.name-only": "seul le nom y figure : jamais suffisant",
    "reason.found-as-text": "son texte y figure",
    "reason.found-as-picture": "son image, ou une partie de celle-ci, y figure",
    "reason.found-as-recording": "son enregistrement, ou une partie de celui-ci, s’y entend",
    "reason.hash-only": "seule une courte empreinte de l’image concorde : cela ne suffit jamais",
    "reason.listed-by-identifier": "répertoriée par son identifiant",
    "reason.listed-only": "seulement répertoriée : contenu non comparé",
    "reason.copy-only": "seulement avec des différences",
    "reason.common-only": "seulement des passages communs à bien des textes",
    "reason.shared-only": "seul un élément partagé par bien des œuvres, comme un cadre ou une boucle : jamais réclamé",
    "reason.resembles-only": "seul un autre enregistrement lui ressemble : un indice, jamais réclamé",
    "reason.sketch-only": "seule une esquisse de l’image concorde : l’image elle-même n’a pas été examinée",
    "reason.too-short": "trop courte pour la recherche, et non trouvée",
    "reason.not-found": "non trouvée dans ce qui a été parcouru",
    "reason.title-conflict": "les sources se contredisent sur le titulaire",
    "reason.title-not-shown": "le catalogue ne dit pas qui en est titulaire",
    "reason.owned-by-other": "un autre en est titulaire",
    "reason.other-uses": "le catalogue ne nomme que les titulaires d’autres droits",
    "reason.licensed-exclusively": "concédée à un autre à titre exclusif",
    "reason.several-owners": "plusieurs titulaires, dont les parts ne sont pas dites",
    "reason.passed-on": "le droit était passé à un autre",
    "reason.share-below-whole": "une part seulement est détenue",
    "reason.owner": "détenue par le demandeur, ou par mandat",
    "reason.owner-of-catalog": "détenue par le titulaire que nomme le catalogue",
    "reason.owner-by-notice": "détenue, selon une seule mention de copyright : ayez le contrat sous la main",
    "reason.not-exclusive": "la licence détenue n’est pas exclusive",
    "reason.exclusivity-not-said": "il n’est pas dit si le droit est exclusif",
    "reason.not-signed": "la cession n’est pas signée",
    "reason.other-territory": "le droit vaut pour d’autres pays",
    "reason.territory-unclear": "les pays pour lesquels le droit vaut ne sont pas clairs",
    "reason.acquired-later": "acquise après l’acte",
    "reason.right-ended": "droit éteint avant l’acte",
    "reason.title-day-unknown": "depuis quand elle est détenue dépend d’un jour qui n’est pas connu",
    "reason.public-domain": "dans le domaine public",
    "reason.free-licence": "sous licence ouverte",
    "reason.licensed": "sous licence accordée à la partie mise en cause",
    "reason.permitted-to-anyone": "la fouille est permise à quiconque a un accès licite",
    "reason.permitted-in-limits": "la fouille est permise à tous, dans des limites inconnues",
    "reason.permitted-and-reserved": "la fouille est permise dans une notice et réservée dans une autre",
    "reason.quotation-sized": "seulement des passages de la taille d’une citation",
    "reason.in-term": "dans sa durée de protection",
    "reason.in-term-assumed": "durée supposée : décès ou publication inconnus",
    "reason.death-unknown": "ancienne, et l’année du décès n’est pas connue",
    "reason.publication-year-unknown": "la durée dépend de l’année de publication",
    "reason.renewal-unknown": "le renouvellement de l’enregistrement n’est pas montré",
    "reason.not-reserved": "aucune réserve connue",
    "reason.capture-unknown": "date de capture inconnue",
    "reason.reserved": "réservée pour les machines quand elle a été copiée",
    "reason.reservation-day-unknown": "réservée depuis un jour qui n’est pas connu",
    "reason.reserved-in-words": "réservée par des mots : incertain",
    "reason.words-only": "réservée par des mots seulement : incertain",
    "reason.protocol-unknown": "réservée par un protocole inconnu",
    "reason.reserved-later": "réservée seulement après la copie, ou pas alors",
    "reason.identifier-needed": "sans l’identifiant que la règle demande",
    "reason.registered-in-window": "enregistrée assez tôt après la publication",
    "reason.registered-before-act": "enregistrée avant l’acte",
    "reason.registration-day-unknown": "le jour de l’enregistrement n’est pas connu",
    "reason.published-after-act": "publiée après le jour où l’acte est réputé débuter",
    "reason.office-unknown": "il n’est pas dit auprès de quel office elle est enregistrée",
    "reason.publication-unknown": "la première publication n’est pas connue",
    "reason.act-unknown": "le début de l’acte n’est pas connu",
    "reason.day-decides": "le résultat dépend d’un jour qui n’est pas connu",
    "reason.registered-late": "enregistrée trop tard",
    "reason.not-registered": "aucun enregistrement connu",
    "reason.rule-pending": "la règle est un projet, non une loi",
    "reason.rule-unknown": "l’issue de la règle n’est pas connue",
    "reason.claims-closed": "les demandes sont closes",
    "reason.facts-needed": "des faits de l’affaire ne sont pas indiqués",
    "reason.act-elsewhere": "l’acte a eu lieu ailleurs",
    "reason.claimable": "passe toutes les étapes",
    "detail.registered-late": (
        "enregistrée le {effective} ; l’acte est réputé débuter le {act}, le délai s’est achevé le {window_ended}"
    ),
    "detail.registered-in-window": "enregistrée le {effective}, dans le délai achevé le {window_ended}",
    "detail.registered-before-act": "enregistrée le {effective}, avant le {act}",
    "detail.reserved": "réservée par {protocol} depuis le {begins} ; copiée le {capture}",
    "detail.reserved-in-words": "réservée par des mots depuis le {begins} ; copiée le {capture} : incertain",
    "detail.words-only": "réservée par des mots depuis le {begins} ; copiée le {capture} : incertain",
    "detail.reserved-later": "réservée depuis le {begins} ; copiée le {capture}",
    "detail.owned-by-other": "titulaire : {owners}",
    "detail.passed-on": "passée de {owner} à {owners}",
    "detail.licensed-exclusively": "concédée par {owner} à {owners} à titre exclusif",
    "detail.several-owners": "détenue par {owners} à côté de {others} ; parts non dites",
    "detail.territory-unclear": "détenue par {owner} ; pays : {territory}",
    "detail.published-after-act": "publiée d’abord le {published} ; l’acte est réputé débuter le {act}",
    "detail.share-below-whole": "{share} pour cent détenus par {owners}",
    "detail.acquired-later": "détenue par {owner} depuis le {begins} ; l’acte est réputé débuter le {act}",
    "detail.other-territory": "détenue par {owner} pour {territory}",
    "detail.claims-closed": "demandes closes le {closed}",
    "detail.facts-needed": "non indiqué : {needs}",
    "saves.give-identifier": (
        "Donnez un identifiant (ISBN, ISRC, URL) de chaque œuvre, et refaites le rapprochement."
    ),
    "saves.scan-the-texts": "Comparez les textes : une liste ne montre pas de copie.",
    "saves.scan-the-recordings": "Comparez les enregistrements : une liste ne montre pas de copie.",
    "saves.scan-the-pictures": "Comparez les images : une liste ne montre pas de copie.",
    "saves.ask-for-the-data": (
        "Non trouvée dans ce qui a été parcouru ; un autre jeu de données, ou celui-ci en entier, peut différer."
    ),
    "saves.settle-conflict": "Établissez qui est titulaire, et corrigez le catalogue.",
    "saves.state-owner": "Indiquez le titulaire, et comment le droit a été acquis.",
    "saves.show-mandate": "Montrez un mandat ou une cession du titulaire.",
    "saves.join-co-owners": "Faites agir les autres titulaires, ou montrez leurs mandats.",
    "saves.exclusive-owner-claims": (
        "Seul un titulaire ou un licencié exclusif peut réclamer : adressez-vous au titulaire."
    ),
    "saves.say-exclusive": "Dites si le droit est exclusif.",
    "saves.licensee-claims": (
        "Adressez-vous au licencié exclusif, ou montrez que le droit d’agir a été conservé."
    ),
    "saves.state-shares": "Indiquez la part de chaque titulaire ; faites agir les autres, ou montrez leurs mandats.",
    "saves.give-territory": "Indiquez pour quels pays le droit est détenu.",
    "saves.settle-permission": "Établissez si la fouille est permise ou réservée, et corrigez le catalogue.",
    "saves.state-limits": "Indiquez les limites dans lesquelles la fouille est permise.",
    "saves.sign-assignment": "Faites signer la cession.",
    "saves.owner-there-claims": "Adressez-vous au titulaire pour ce pays.",
    "saves.assign-accrued-claims": "Montrez que les créances pour les actes antérieurs ont aussi été cédées.",
    "saves.later-owner-claims": "Adressez-vous à qui détenait alors le droit.",
    "saves.give-title-day": "Donnez les jours où le droit a commencé et cessé.",
    "saves.give-death": "Donnez l’année du décès de l’auteur.",
    "saves.give-publication": "Donnez le jour de la première publication.",
    "saves.give-renewal": "Cherchez le renouvellement de l’enregistrement, et entrez son numéro (RE…).",
    "saves.reserve-now": (
        "Réservez dès maintenant, sous une forme que les machines lisent : "
        "cela vaut pour les copies à partir de ce jour."
    ),
    "saves.give-snapshot": "Donnez le jour de la copie avec --snapshot.",
    "saves.give-reservation-day": "Donnez les jours depuis lesquels et jusqu’auxquels les droits étaient réservés.",
    "saves.reserve-for-machines": (
        "Réservez sous une forme que les machines lisent : cela vaut pour les copies à partir de ce jour."
    ),
    "saves.give-isbn": "Donnez l’ISBN ou l’ASIN.",
    "saves.check-days": (
        "Vérifiez le jour de la première publication et celui où l’acte a débuté : l’un des deux peut être faux."
    ),
    "saves.give-office": "Indiquez l’office de l’enregistrement.",
    "saves.give-registration-day": "Donnez le jour où l’enregistrement a pris effet.",
    "saves.give-act": "Donnez le jour où l’acte a débuté avec --infringement-began.",
    "saves.give-day": "Donnez les jours, et non seulement des années ou des mois : le résultat en dépend.",
    "saves.later-acts-only": "Rien pour cet acte ; l’enregistrement vaut pour des actes qui débutent plus tard.",
    "saves.register": (
        "Enregistrez, et donnez le jour de la première publication : {months} mois à compter d’elle comptent."
    ),
    "saves.register-by": (
        "Enregistrez au plus tard le {by} : le délai de {months} mois depuis la première publication, "
        "le {published}, s’achève alors."
    ),
    "saves.register-for-later": (
        "Le délai s’est achevé le {window_ended}. Enregistrez pour des actes qui débutent plus tard."
    ),
    "saves.ask-counsel": "Demandez à un avocat ce qu’il est advenu de la règle.",
    "saves.state-facts": "Indiquez les faits de l’affaire dans le fichier de la partie mise en cause : {needs}.",
    "need.cmi-removed": "mention des droits ôtée de la copie",
    "need.place-of-act": "lieu de l’acte",
    "need.not-research": "pas un organisme de recherche",
    "need.voice": "voix identifiable",
    "need.no-consent": "absence de consentement",
    "need.knowledge": "connaissance",
    "status.found": "texte trouvé",
    "status.free-licence": "texte trouvé, libre de copie",
    "status.quotation-sized": "de la taille d’une citation",
    "status.identifier": "répertoriée par identifiant",
    "status.identifier-only": "répertoriée par identifiant",
    "status.common-only": "passages communs seulement",
    "status.sketch-only": "une esquisse seulement, non confirmée",
    "status.shared-only": "élément partagé seulement, jamais réclamé",
    "status.resembles-only": "une ressemblance seulement, jamais réclamée",
    "status.not-found": "non trouvée",
    "status.too-short": "trop courte pour la recherche",
    "status.name": "nom seulement",
    "status.name-only": "nom seulement",
    "status.found.image": "image trouvée",
    "status.free-licence.image": "image trouvée, libre de copie",
    "status.name.image": "une courte empreinte seulement",
    "status.found.audio": "enregistrement trouvé",
    "status.free-licence.audio": "enregistrement trouvé, libre de copie",
}

MESSAGES = {key: typeset(text) for key, text in _PLAIN.items()}
