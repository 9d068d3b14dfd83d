"""Les phrases du rapport en français. Mêmes clés et mêmes champs que messages_en.

Espace fine insécable (U+202F) devant ; ! ?, espace insécable (U+00A0) devant : et à l'intérieur des guillemets.
"""

from countermark.evidence.report import token_messages

MESSAGES = {
    **token_messages.FRENCH,
    "title": "Rapport Countermark",
    "incomplete": (
        "Cette recherche est inachevée : {done} fichiers ou parties sur {planned} ont été parcourus. "
        "Tous les chiffres qui suivent sont provisoires."
    ),
    "incomplete.unknown": "Cette recherche est inachevée. Tous les chiffres qui suivent sont provisoires.",
    "headline.one": "Des passages de votre œuvre figurent dans ce jeu de données : {corpus} ({snapshot}).",
    "headline.other": (
        "Des passages de {found} de vos {n} œuvres figurent dans ce jeu de données : {corpus} ({snapshot})."
    ),
    "headline.none.one": (
        "Aucun passage de votre œuvre n’a été trouvé dans ce qui a été parcouru : {corpus} ({snapshot})."
    ),
    "headline.none.other": (
        "Aucun passage de vos {n} œuvres n’a été trouvé dans ce qui a été parcouru : {corpus} ({snapshot})."
    ),
    "headline.no_works": (
        "L’index de cette recherche ne contient aucune œuvre. Jeu de données : {corpus} ({snapshot})."
    ),
    "listed": "Y figurer ne prouve pas qu’un modèle a été entraîné avec elles.",
    "listed.none": "Cela ne dit rien de ce qui n’a pas été parcouru.",
    "snapshot": "copie du {date}",
    "snapshot.unknown": "date de la copie non indiquée",
    "corpus.unnamed": "jeu de données sans nom",
    "nothing": (
        "Aucun texte n’a été lu, rien n’a donc été parcouru. « Ce qui a été parcouru, et ce qui n’a pas pu être lu » "
        "dit pourquoi."
    ),
    "alarm.one": (
        "{n} œuvre témoin sur {controls} a été trouvée, alors qu’elle ne peut pas être là. C’est une fausse alerte : "
        "lisez « Combien de fois l’outil se trompe » avant de vous fier à un passage isolé."
    ),
    "alarm.other": (
        "{n} œuvres témoins sur {controls} ont été trouvées, alors qu’elles ne peuvent pas être là. "
        "Ce sont de fausses "
        "alertes : lisez « Combien de fois l’outil se trompe » avant de vous fier à un passage isolé."
    ),
    "outcome": "Ce qu’il en est de vos œuvres",
    "outcome.caption": "Chaque œuvre compte une fois.",
    "outcome.work": "Résultat",
    "outcome.count": "Œuvres",
    "outcome.share": "Sur {n}",
    "status.found": "Passages propres à l’œuvre, plus longs qu’une citation",
    "status.free-licence": "Trouvée, et libre de copie : domaine public ou licence ouverte",
    "status.quotation-sized": "Trouvée, mais seulement des passages de la taille d’une citation",
    "status.common-only": "Seulement des passages communs à bien des textes : non comptée comme trouvée",
    "status.identifier-only": "Seulement un identifiant : non comptée comme trouvée",
    "status.name-only": "Seulement un nom : non comptée comme trouvée",
    "status.too-short": "Trop courte pour la garantie, et non trouvée",
    "status.not-found": "Non trouvée dans ce qui a été parcouru",
    "status.false-alarm": "Fausse alerte",
    "status.control": "Témoin, non trouvé",
    "amount": (
        "En tout, {matched} lettres et chiffres de vos œuvres sur {letters} ({share}) figurent dans "
        "le jeu de données. "
        "{claimed} d’entre eux ({claimed_share}) sont revendiqués."
    ),
    "amount.sealed": (
        "L’index était scellé : {share} est donc un minimum, et la part de chaque œuvre aussi ; les lettres à côté des "
        "empreintes qui concordent, ou entre elles, ne sont pas comptées."
    ),
    "claimed.gloss": (
        "« Revendiqué » veut dire : compté comme propre à l’œuvre. N’en sont pas les passages communs à bien des "
        "textes, les passages de la taille d’une citation et les œuvres libres de copie. C’est un compte, non un "
        "avis juridique."
    ),
    "works": "Œuvre par œuvre",
    "works.lead": (
        "Chaque bande est une œuvre entière, de sa première lettre à la dernière. Les parties "
        "éclairées figurent dans "
        "le jeu de données : pleines là où elles sont revendiquées, hachurées là où elles ne le sont pas. Une partie "
        "éclairée mène au passage placé dessous."
    ),
    "works.shown.one": "{n} œuvre est montrée avec ses passages.",
    "works.shown.other": "{n} œuvres sont montrées avec leurs passages.",
    "works.sealed": (
        "L’index était scellé. Un passage va de la première empreinte qui concorde à la dernière : il peut se "
        "poursuivre de quelques mots à chaque bout, et sa place dans l’œuvre est le plus souvent décalée de quelques "
        "caractères."
    ),
    "works.author": "de {author}",
    "work.share": "{share} de l’œuvre : {matched} lettres et chiffres sur {letters}",
    "work.claimed": "revendiqués : {claimed} ({share})",
    "work.findings.one": "{n} passage relevé",
    "work.findings.other": "{n} passages relevés",
    "work.records.one": "dans {n} document",
    "work.records.other": "dans {n} documents",
    "work.hosts.one": "sur {n} site",
    "work.hosts.other": "sur {n} sites",
    "work.longest": "plus longue suite inchangée : {n} lettres",
    "work.longest.sealed": "plus longue suite inchangée : au moins {n} lettres",
    "work.best": "Le document qui en contient le plus en contient {share} :",
    "work.licence": "Licence selon le catalogue : {licence}",
    "work.good": "Bonne nouvelle : cette œuvre est libre de copie, rien n’en est donc revendiqué.",
    "work.rest.one": "Un autre passage relevé de cette œuvre : dans passages.parquet, work_id = {work}.",
    "work.rest.other": "{n} autres passages relevés de cette œuvre : dans passages.parquet, work_id = {work}.",
    "strip.label": "{share} de l’œuvre figure dans le jeu de données",
    "strip.passage": "Passage {n}",
    "strip.rest": "Autres passages relevés de cette œuvre",
    "passage": "Passage {n}",
    "passage.matched.one": "{n} lettre concorde",
    "passage.matched.other": "{n} lettres concordent",
    "passage.edits.one": "{n} lettre diffère",
    "passage.edits.other": "{n} lettres diffèrent",
    "passage.edits.none": "aucune lettre ne diffère",
    "passage.edits.apart": "aucune lettre ne diffère là où ils se superposent ; des parties ne figurent que d’un côté",
    "passage.matched.sealed.one": "{n} lettre sous des empreintes qui concordent",
    "passage.matched.sealed.other": "{n} lettres sous des empreintes qui concordent",
    "passage.edits.sealed.one": "{n} lettre entre elles : un index scellé ne permet pas de dire si elle diffère",
    "passage.edits.sealed.other": "{n} lettres entre elles : un index scellé ne permet pas de dire si elles diffèrent",
    "passage.edits.sealed.none": (
        "aucune lettre entre elles ; un index scellé ne permet pas de dire si des lettres diffèrent à côté"
    ),
    "passage.records.one": "ce passage figure dans {n} document",
    "passage.records.other": "ce passage figure dans {n} documents",
    "passage.hosts.one": "sur {n} site",
    "passage.hosts.other": "sur {n} sites",
    "passage.work": "Votre œuvre",
    "passage.record": "Le jeu de données",
    "passage.file": "fichier",
    "passage.offsets": "caractères {start} à {end}",
    "passage.tokens": "jetons {start} à {end} de la séquence {sequence}",
    "passage.fragment": "d’un document coupé à cet endroit",
    "passage.row": "ligne {row}, comptée à partir de 0",
    "passage.byte": "octet {row}",
    "passage.row.unknown": "ligne non connue",
    "passage.shard": "fichier",
    "passage.id": "document",
    "passage.url": "adresse",
    "passage.date": "date",
    "passage.reserved": "réservé lors de la capture",
    "passage.reserved.unknown": "rien n’est dit, ou rien de lisible",
    "passage.digest": "SHA-256",
    "passage.finding": "relevé",
    "passage.cut": "Le passage continue ; on en voit le début.",
    "passage.sealed": (
        "L’index était scellé : il contient des empreintes, non le texte des œuvres ; le côté de l’œuvre n’est donc "
        "pas montré."
    ),
    "passage.withheld": (
        "Rien de ce que dit ce document n’a été conservé : on a demandé à la recherche de ne rien garder du jeu de "
        "données. L’empreinte et les positions disent où se trouve le passage."
    ),
    "passage.removed": "seulement de ce côté",
    "differences": (
        "Les mots dont les lettres diffèrent sont marqués. Un pointillé signale les mêmes lettres avec une autre "
        "casse, d’autres accents ou une autre ponctuation. Les espaces ne sont pas comparées."
    ),
    "kind.control": "témoin",
    "kind.name": "nom seul",
    "kind.identifier": "identifiant seul",
    "kind.public-domain": "domaine public : non revendiqué",
    "kind.licensed": "licence ouverte : non revendiqué",
    "kind.common-catalog": "commun à plusieurs œuvres du catalogue : non revendiqué",
    "kind.common-corpus": "dans bien plus de documents que le reste de l’œuvre : non revendiqué",
    "kind.quotation-sized": "de la taille d’une citation : non revendiqué",
    "kind.work": "revendiqué",
    "more": "Autres œuvres",
    "more.lead.one": "{n} autre œuvre, sans ses passages.",
    "more.lead.other": "{n} autres œuvres, sans leurs passages.",
    "more.title": "Œuvre",
    "more.status": "Résultat",
    "more.share": "Part",
    "more.claimed": "Revendiqué",
    "more.findings": "Relevés",
    "more.longest": "Plus longue suite",
    "more.rest.one": "{n} œuvre de plus est dans works.parquet.",
    "more.rest.other": "{n} œuvres de plus sont dans works.parquet.",
    "grades": "Ce que disent les degrés",
    "grade.identical": "Identique",
    "grade.copy": "Copie",
    "grade.identifier": "Identifiant",
    "grade.name": "Nom",
    "grade.identical.means": (
        "Les deux passages sont les mêmes, lettre pour lettre, une fois mis à part la casse, les accents, "
        "la ponctuation et les espaces."
    ),
    "grade.copy.means": "Les deux passages se correspondent, avec des différences, qui sont marquées.",
    "grade.copy.means.sealed": (
        "Des empreintes des deux passages concordent, dans le même ordre. Un index scellé ne distingue pas une copie "
        "avec des différences d’une copie identique : toutes sont dites copies."
    ),
    "grade.identifier.means": (
        "Un identifiant de l’œuvre, un ISBN par exemple, figure dans le document. Son texte n’y est pas."
    ),
    "grade.name.means": (
        "Seul un titre ou un nom figure dans le document. Bien des personnes et des œuvres portent le même nom : "
        "ce n’est jamais une accusation."
    ),
    "grade.none": "Non trouvée",
    "grade.none.means": (
        "Non trouvée dans ce qui a été parcouru. Elle peut figurer dans ce qui ne l’a pas été ou n’a pas pu être lu."
    ),
    "grade.count": "Relevés",
    "searched": "Ce qui a été parcouru, et ce qui n’a pas pu être lu",
    "searched.shards": "Fichiers ou parties parcourus",
    "searched.of": "{done} sur {planned}",
    "searched.records": "Documents lus",
    "searched.characters": "Caractères lus",
    "searched.bytes": "Texte lu, en octets",
    "searched.refused": "Lignes et fichiers non lus",
    "searched.quarantined": "Fichiers ou parties mis de côté",
    "searched.excerpts": "Extraits du jeu de données",
    "searched.excerpts.withheld": (
        "non conservés, comme demandé ; une licence nommée à côté d’un passage n’a donc pas été vue"
    ),
    "searched.places": "Positions des passages",
    "searched.places.sampled": (
        "exactes au pas d’échantillonnage près, non à la lettre, car l’index était scellé : un passage peut se "
        "poursuivre de quelques mots à chaque bout, et sa place dans l’œuvre est le plus souvent décalée de quelques "
        "caractères"
    ),
    "refused.none": "Tout ce qui était recensé a pu être lu.",
    "refused.empty": "Aucun document contenant du texte n’a été trouvé dans ce qui était recensé.",
    "refused.lead": "Rien n’a été passé sous silence. Non lus, par motif :",
    "refused.reason": "Motif",
    "refused.count": "Nombre",
    "refused.example": "Par exemple",
    "refused.row": "{where}, ligne {row} : {detail}",
    "refused.file": "{where} : {detail}",
    "quarantine.lead": "Fichiers ou parties qui ont interrompu la recherche deux fois, et ont été mis de côté :",
    "alarms": "Combien de fois l’outil se trompe",
    "alarms.none": (
        "Cette recherche n’avait pas de témoins : son taux de fausses alertes n’est pas connu. Un "
        "témoin est une œuvre "
        "qui ne peut pas être dans le jeu de données. Les œuvres parues après la date de la copie sont des témoins "
        "d’elles-mêmes : donnez les dates dans le catalogue et --snapshot-date. Ou donnez des textes jamais "
        "publiés : --controls DOSSIER."
    ),
    "alarms.rate": (
        "Œuvres témoins trouvées : {alarms} sur {n}, soit {rate}. Avec une confiance de "
        "{confidence}, le taux réel se situe "
        "entre {lower} et {upper} (intervalle exact de Clopper et Pearson)."
    ),
    "alarms.meaning": (
        "Un témoin est une œuvre qui ne peut pas être dans le jeu de données : parue après la date de la copie, ou "
        "donnée comme telle. Chacun est cherché exactement comme vos œuvres ; chacun qui est trouvé est une fausse "
        "alerte. Le taux est par œuvre."
    ),
    "alarms.listed": "Les témoins trouvés :",
    "guarantee": "Ce qui ne peut pas échapper",
    "guarantee.text": (
        "Toute suite de {n} lettres inchangées, une fois le texte réduit, est trouvée, dans tout le "
        "texte qui a été lu. "
        "La réduction met à part la casse, les accents, la ponctuation et les espaces, et garde lettres et chiffres. "
        "Des passages plus courts ou modifiés sont souvent trouvés aussi, mais sans garantie."
    ),
    "guarantee.none": "L’index de cette recherche n’énonce pas de garantie.",
    "common": "Passages communs, non revendiqués",
    "common.lead.one": "{n} relevé porte sur un passage qui figure en bien des endroits.",
    "common.lead.other": "{n} relevés portent sur des passages qui figurent en bien des endroits.",
    "common.rule": (
        "Un passage est commun quand au moins {works} œuvres du catalogue le contiennent, ou quand "
        "il figure dans au moins "
        "{records} documents et {times} fois plus que le reste de son œuvre. Ce peut être une licence, une citation "
        "célèbre, une mention que des sites répètent. Ce peut être aussi un extrait que vous avez donné à bien des "
        "sites : regardez-les."
    ),
    "common.none": "Il n’y en a pas.",
    "common.licence": "a l’air d’une licence ou d’une mention",
    "common.quotation": "a l’air d’une citation",
    "common.boilerplate": "a l’air d’un texte répété",
    "common.works.one": "dans {n} œuvre",
    "common.works.other": "dans {n} œuvres",
    "common.records.one": "dans {n} document",
    "common.records.other": "dans {n} documents",
    "missing": "Œuvres non trouvées",
    "missing.none": "Toutes les œuvres ont été trouvées.",
    "missing.lead.one": "{n} œuvre n’a pas été trouvée dans ce qui a été parcouru.",
    "missing.lead.other": "{n} œuvres n’ont pas été trouvées dans ce qui a été parcouru.",
    "missing.short.one": "{n} d’entre elles a moins de {letters} lettres : la garantie ne l’atteint pas.",
    "missing.short.other": "{n} d’entre elles ont moins de {letters} lettres : la garantie ne les atteint pas.",
    "missing.rest.one": "et {n} de plus, dans works.parquet",
    "missing.rest.other": "et {n} de plus, dans works.parquet",
    "check": "Vérifier un passage à la main",
    "check.lead": (
        "Rien ici n’est à croire sur parole. Voici comment vérifier le premier passage ci-dessus avec des "
        "outils publics."
    ),
    "check.none": "Il n’y a pas de passage à vérifier.",
    "check.row": (
        "Lisez sa ligne, avec DuckDB ou avec pandas. Le dossier de la recherche est celui qui contient run.json."
    ),
    "check.record": (
        "Prenez la ligne {row} (la première est 0) de {shard}, dans le jeu de données. Le SHA-256 de son texte "
        "en UTF-8 est {digest}."
    ),
    "check.warc": (
        "De {shard}, dans le jeu de données, prenez le document qui commence à l’octet {row} : d’un fichier simple "
        "avec tail -c +{from_one}, d’un fichier .gz avec tail -c +{from_one} puis zcat. Dans un fichier WET, son texte "
        "suit la première ligne vide ; d’une page, c’est ce qu’elle montre. Le SHA-256 du texte en UTF-8 est {digest}."
    ),
    "check.ids": (
        "De {shard}, dans le jeu de données, prenez les jetons {start} à {end} de la séquence {sequence}. Tout se "
        "compte à partir de 0 ; le dernier n’est pas compris. receipts/{receipt}.json nomme le tokeniseur (tokens). "
        "Décodés, ils contiennent le passage, dont les bords peuvent tomber dans un jeton. Le SHA-256 du texte du "
        "document entier est {digest}."
    ),
    "check.part": (
        "Les nombres après # sont la partie du fichier qui a été lue d’un trait, en octets. D’un seul long texte, "
        "l’empreinte est celle de la partie ; les positions comptent dans le tout."
    ),
    "check.cut": (
        "Découpez-en les caractères {start} à {end}. Le premier caractère est 0 ; le dernier nombre "
        "n’est pas compris."
    ),
    "check.work": "Prenez le fichier {path} de l’œuvre. Son SHA-256 est {digest}.",
    "check.work_cut": (
        "Découpez dans son texte les caractères {start} à {end}. Pour un fichier de texte, c’est le "
        "fichier lu en UTF-8 ; "
        "pour les autres formats, le texte que Countermark en tire."
    ),
    "check.compare": (
        "Placez les deux côte à côte dans un éditeur de texte. On doit lire ce qui est montré ci-dessus."
    ),
    "check.compare.sealed": (
        "Placez les deux côte à côte dans un éditeur de texte. Ce doit être un même passage ; l’index étant scellé, "
        "l’un peut commencer et finir à quelques mots ou caractères de l’autre, et des lettres peuvent différer."
    ),
    "check.python": "La même chose en Python, une fois les deux textes à portée :",
    "rest": "Où se trouve le reste",
    "rest.works": "une ligne par œuvre, avec tous les comptes de ce rapport",
    "rest.passages": "une ligne par relevé : où il figure aussi, et s’il est revendiqué",
    "rest.findings": "tous les relevés, avec positions, empreintes et extraits",
    "rest.receipts": "un reçu par fichier ou partie : ce qui a été lu, avec quel index et quelle version",
    "rest.runlog": "le journal de la recherche ; chaque ligne contient l’empreinte de la précédente",
    "rest.open": "DuckDB, pandas et la plupart des outils de statistique ouvrent les fichiers Parquet.",
    "made": "Fait par Countermark {version}. Index {index} ({scheme}).",
    "run": "Recherche {digest}",
    "page": "Page",
    "contents": "Sommaire",
    "table.more": "Le tableau défile de côté.",
}
