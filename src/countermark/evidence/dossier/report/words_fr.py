"""Les phrases du rapport d’un dossier en français. Mêmes clés et mêmes champs que words_en."""

WORDS = {
    "title": "Dossier de constats",
    "subtitle": "Countermark {version} · dossier daté du {date}",
    "page": "page",
    "footer": "Résultats {digest}",
    "footer.none": "Countermark",
    "lead.scan.one": "Des passages de {found} œuvre sur {total} ont été trouvés dans {corpus}.",
    "lead.scan.other": "Des passages de {found} œuvres sur {total} ont été trouvés dans {corpus}.",
    "lead.pictures.one": "L’image de {found} œuvre sur {total} figure dans {corpus}, en tout ou en partie.",
    "lead.pictures.other": "Les images de {found} œuvres sur {total} figurent dans {corpus}, en tout ou en partie.",
    "lead.recordings.one": (
        "L’enregistrement de {found} œuvre sur {total} s’entend dans {corpus}, en tout ou en partie."
    ),
    "lead.recordings.other": (
        "Les enregistrements de {found} œuvres sur {total} s’entendent dans {corpus}, en tout ou en partie."
    ),
    "lead.link.one": "{found} œuvre sur {total} est répertoriée sous un identifiant dans {corpus}.",
    "lead.link.other": "{found} œuvres sur {total} sont répertoriées sous un identifiant dans {corpus}.",
    "not_proof": (
        "Figurer dans un jeu de données, ou y être répertorié, ne prouve pas qu’un modèle a été "
        "entraîné avec."
    ),
    "not_advice": "Ce document énonce des faits. Il n’est pas un conseil juridique.",
    "subject.claimant": "Pour le compte de",
    "subject.sets": "Jeux de données",
    "subject.date": "Dossier daté du",
    "subject.key": "SHA-256 de la clé publique (DER)",
    "subject.searches": "Recherches qu’il contient",
    "set": "{name}, {snapshot}",
    "between": "\u202f; ",
    "snapshot": "copie du {date}",
    "snapshot.unknown": "date de la copie non indiquée",
    "asked.scan": (
        "Si des passages des œuvres figurent dans le jeu de données. Le texte des œuvres a été comparé "
        "à chaque document qui a pu être lu."
    ),
    "asked.letters": "Toute suite inchangée de {n} lettres est trouvée, où qu’elle soit dans ce qui a été lu.",
    "asked.pictures": (
        "Si des images des œuvres figurent dans le jeu de données, en tout ou en partie. Chaque image qui a pu être "
        "lue a été comparée à toutes ; ce qui paraissait semblable a été superposé à l’œuvre, et les parties qui "
        "concordent ont été mesurées. Un petit fragment ou une forte modification peut échapper : il n’y a pas de "
        "garantie pour les images."
    ),
    "asked.recordings": (
        "Si des enregistrements des œuvres s’entendent dans le jeu de données, en tout ou en partie, même à une autre "
        "hauteur, à un autre tempo ou sous d’autres sons. Chaque piste qui a pu être décodée a été comparée à tous ; "
        "ce qui paraissait semblable a été aligné sur l’œuvre, et les secondes qui concordent ont été mesurées. Un "
        "court fragment ou une forte modification peut échapper : il n’y a pas de garantie pour les enregistrements."
    ),
    "asked.link.pictures": (
        "Si les images sont répertoriées dans le jeu de données, par leur adresse ou par une empreinte de leur "
        "fichier. Les images n’ont pas été comparées."
    ),
    "asked.link": (
        "Si les œuvres sont répertoriées dans le jeu de données, par un identifiant (un ISBN, par "
        "exemple) ou par titre "
        "et nom. Les contenus n’ont pas été comparés."
    ),
    "search": "Recherche {number} : {corpus}",
    "search.began": "Commencée (UTC)",
    "search.ended": "Achevée (UTC)",
    "search.resumed": "Nombre de reprises",
    "search.catalog": "SHA-256 du catalogue",
    "search.run": "Dossier de la recherche",
    "search.set": "Jeu de données",
    "search.records": "Documents lus",
    "search.pictures": "Images rencontrées",
    "search.recordings": "Enregistrements rencontrés",
    "search.in_part.recordings": "Enregistrements endommagés, parcourus en partie",
    "search.in_part.pictures": "Images endommagées, parcourues en partie",
    "search.rows": "Lignes lues",
    "search.shards": "Fichiers ou parties lus",
    "search.refused": "N’ont pas pu être lus",
    "search.quarantined": "Fichiers abandonnés",
    "search.index": "SHA-256 de l’index des œuvres",
    "search.engine": "Logiciel",
    "search.digest": "SHA-256 du résultat",
    "search.incomplete": (
        "Cette recherche n’était pas achevée quand le dossier a été fait. Ses chiffres sont provisoires."
    ),
    "none": "aucun",
    "refused.none.doubt": "aucun refus ; mais des jetons ont pu être lus comme autre chose que ce qu’ils disent",
    "refused.reasons": "{count} ({reasons})",
    "outcome": "Résultat",
    "grades": "Constats par degré",
    "grade": "Degré",
    "findings": "Constats",
    "meaning": "Ce que cela veut dire",
    "grade.identical": "identique",
    "grade.copy": "copie",
    "grade.identifier": "identifiant",
    "grade.name": "nom",
    "grade.shared": "élément partagé",
    "grade.resembles": "ressemble",
    "means.identical": "les mêmes lettres, une à une, casse, accents et ponctuation mis à part",
    "means.copy": "les passages se superposent, avec des différences qui sont montrées",
    "means.copy.sealed": (
        "des empreintes des deux passages concordent, dans le même ordre ; un index scellé ne permet pas de dire ce "
        "qui diffère"
    ),
    "means.identical.picture": "la même image dans son ensemble, à la taille et à l’encodage près",
    "means.copy.picture": (
        "l’image, ou une partie, figure dans l’autre : recadrée, tournée, en miroir ou parmi d’autres"
    ),
    "means.identifier.picture": "une esquisse de l’image concorde ; l’image elle-même n’a pas été comparée : une piste",
    "means.identical.recording": (
        "le même enregistrement, même hauteur, même tempo, à peine troublé "
        "(encodage et filtrage non distingués)"
    ),
    "means.copy.recording": "le même enregistrement, ou une partie, s’y entend, modifié ou mixé",
    "means.shared.recording": "une boucle ou un son que plusieurs œuvres partagent : indiqué, jamais réclamé",
    "means.resembles": (
        "un autre enregistrement, à la mélodie ou à l’harmonie voisine : un indice pour l’oreille, jamais réclamé"
    ),
    "means.shared": "un élément partagé par bien des images, comme un cadre ou un logo : montré, jamais réclamé",
    "means.name.hash": (
        "une courte empreinte concorde, que des images différentes peuvent partager : une piste à vérifier"
    ),
    "means.identifier": "un identifiant de l’œuvre y figure",
    "means.name": "un titre et un nom concordent, sans identifiant : ni preuve, ni fondement d’une revendication",
    "link.works.identifier": "Répertoriées sous un identifiant",
    "link.works.name": "Répertoriées par titre et nom seulement",
    "link.works.not-found": "Non trouvées dans ce qui a été parcouru",
    "listed": "Lignes qui nomment les œuvres",
    "listed.lead": (
        "D’abord les lignes trouvées par un identifiant. Pour une ligne trouvée par le nom seul, il est dit combien "
        "d’autres nomment aussi l’œuvre ; pour chacune, combien d’autres portent un titre de l’œuvre, quel que soit le "
        "nom. Les lignes se comptent à partir de 0."
    ),
    "listed.work": "Œuvre",
    "listed.evidence": "Ce qui concorde",
    "listed.row": "Où",
    "listed.says": "Ce que dit la ligne",
    "listed.names": "Même nom",
    "listed.titles": "Même titre",
    "forgiven": "titre et nom",
    "forgiven.title": "titre : {kind}",
    "forgiven.name": "nom : {kind}",
    "forgiven.initials": "initiales",
    "forgiven.romanised": "autre translittération",
    "forgiven.subtitle": "sous-titre d’un seul côté",
    "forgiven.slip": "une lettre",
    "forgiven.family": "nom de famille seul",
    "listed.place": "{shard}, ligne {row}",
    "listed.rest.one": "{n} autre ligne : dans links.parquet et dans les fiches.",
    "listed.rest.other": "{n} autres lignes : dans links.parquet et dans les fiches.",
    "errors": "Combien de fois la recherche se trompe",
    "controls.none": (
        "Aucun témoin n’a été donné, c’est-à-dire aucune œuvre qui ne peut pas figurer dans le jeu de "
        "données. Le taux de "
        "fausses alertes dans ce jeu de données n’a donc pas été mesuré."
    ),
    "controls.some": (
        "{alarms} témoins sur {controls} (des œuvres qui ne peuvent pas figurer dans le jeu de "
        "données) ont été trouvés. "
        "Le taux réel de fausses alertes est compris entre {lower} et {upper} (Clopper et Pearson, 95 %)."
    ),
    "attempts": "Toutes les recherches",
    "attempts.lead.one": (
        "Le journal des recherches en contient {n}. Il est dans le dossier, entier, avec celles qui "
        "n’ont rien trouvé."
    ),
    "attempts.lead.other": (
        "Le journal des recherches en contient {n}. Il est dans le dossier, entier, avec celles qui "
        "n’ont rien trouvé."
    ),
    "attempts.counts": (
        "Parmi elles, {none} sans aucun constat, {open} sans fin connue et {others} hors de ce dossier."
    ),
    "attempts.again": "{corpus} (reprise, voir nº {first})",
    "attempts.number": "Nº",
    "attempts.set": "Jeu de données",
    "attempts.kind": "Nature",
    "attempts.began": "Commencée (UTC)",
    "attempts.end": "Fin",
    "attempts.found": "Constats",
    "attempts.here": "Dans ce dossier",
    "attempts.rest.one": "{n} autre recherche : dans attempts.jsonl.",
    "attempts.rest.other": "{n} autres recherches : dans attempts.jsonl.",
    "kind.scan": "textes",
    "kind.pictures": "images",
    "kind.recordings": "enregistrements",
    "kind.link": "répertoire",
    "kind.open": "support scellé, ouvert",
    "end.finish": "achevée",
    "end.interrupted": "arrêtée",
    "end.failed": "échouée",
    "end.none": "sans fin connue",
    "yes": "oui",
    "no": "non",
    "passages": "Passages",
    "passages.lead": (
        "Le plus long passage des œuvres les plus présentes, {n} au plus. À gauche l’œuvre, à droite "
        "le jeu de données. Les positions comptent les caractères à partir de 0."
    ),
    "passages.marked": "Ce qui diffère est souligné.",
    "passage.work": "L’œuvre : {path}",
    "passage.record": "Le jeu de données : {shard}",
    "passage.under": "Constat {finding} · SHA-256 du document {digest}",
    "passage.cut": "Le passage continue ; on en voit le début, avec ses différences.",
    "passage.cut.one": "Le passage continue ; on en voit le début.",
    "passage.withheld": "Rien de ce que dit le document n’a été conservé.",
    "pictures": "Images trouvées",
    "pictures.lead": (
        "Les constats les plus forts des œuvres les plus présentes, {n} au plus. Les planches les montrent, la partie "
        "concordante entourée des deux côtés : pictures.fr.pdf, dans ce dossier."
    ),
    "pictures.plate": "Planche",
    "pictures.work": "Œuvre",
    "pictures.seen": "Ce qui se voit",
    "pictures.share": "{share} de l’œuvre",
    "pictures.place": "Dans le jeu de données",
    "pictures.finding": "constat {id}",
    "pictures.rest.one": "{n} autre constat : dans pictures.parquet et dans les dossiers par œuvre.",
    "pictures.rest.other": "{n} autres constats : dans pictures.parquet et dans les dossiers par œuvre.",
    "recordings": "Enregistrements trouvés",
    "recordings.lead": (
        "Les constats les plus forts des œuvres les plus présentes, {n} au plus. Les planches montrent ceux dont le "
        "son est conservé, par deux spectrogrammes : recordings.fr.pdf, dans ce dossier. Les sons sont dans "
        "les dossiers par œuvre."
    ),
    "recordings.heard": "Ce qui s’entend",
    "recordings.rest.one": "{n} autre constat : dans recordings.parquet et dans les dossiers par œuvre.",
    "recordings.rest.other": "{n} autres constats : dans recordings.parquet et dans les dossiers par œuvre.",
    "recordings.hints.one": "{n} ressemblance est un indice, et non un constat : dans recordings.parquet.",
    "recordings.hints.other": "{n} ressemblances sont des indices, et non des constats : dans recordings.parquet.",
    "plates.recordings": (
        "En haut l’œuvre, en bas l’enregistrement tel qu’il figure dans le jeu de données : le temps va vers la "
        "droite, la hauteur vers le haut, et ce qui est foncé est fort. Figurer dans un jeu de données ne prouve pas "
        "qu’un modèle a été entraîné avec."
    ),
    "plates": "Planches",
    "plates.said": "Planche {n}",
    "plates.lead": (
        "À gauche l’œuvre, à droite l’image telle qu’elle figure dans le jeu de données. La partie entourée est la "
        "même des deux côtés ; le disque marque le même coin. Figurer dans un jeu de données ne prouve pas qu’un "
        "modèle a été entraîné avec."
    ),
    "limits.pictures": (
        "Laquelle de deux images est la première, ni si l’une vient de l’autre : deux photographies d’un même tableau "
        "ancien concordent aussi.\n"
        "Un même style ou un même sujet : seule l’image elle-même est recherchée."
    ),
    "limits.recordings": (
        "Lequel de deux enregistrements est le premier, ni si l’un vient de l’autre : tous deux peuvent en contenir un "
        "troisième.\n"
        "La même chanson jouée à nouveau : une ressemblance est un indice, et ne prouve aucune copie."
    ),
    "limits.tokens": (
        "Ce que disent des jetons lus avec un mauvais tokeniseur : cela n’est pas trouvé. Comment chaque "
        "tokeniseur a été trouvé, ou qu’il a été nommé, figure plus haut avec sa recherche."
    ),
    "limits.tokens.doubt": (
        "Qu’une œuvre que la recherche {number} n’a pas trouvée ne figure pas dans son jeu de données : un essai de "
        "jetons y parle contre le tokeniseur qui a été nommé."
    ),
    "limits": "Ce que ce document ne montre pas",
    "limits.rows": (
        "Qu’un modèle a été construit avec ce jeu de données, ni que cette œuvre y a alors servi.\n"
        "Les paraphrases et les traductions : elles ne sont pas trouvées.\n"
        "Ce qui n’a pas été parcouru : les documents illisibles sont comptés ci-dessus, avec les raisons.\n"
        "À qui appartient une œuvre : la chaîne des droits est ce que dit le catalogue, avec ses sources.\n"
        "Qu’aucun autre journal des recherches n’a été tenu ailleurs, ni que la fin de celui-ci n’a pas été coupée.\n"
        "Qu’il existait à la date qu’il porte : sans horodatage dans seal/timestamps/, cette date est celle que donne "
        "le signataire. « countermark dossier verify » dit de quelle nature est un horodatage, qualifié ou non."
    ),
    "verify": "Comment vérifier ce dossier",
    "verify.lead": (
        "Avec sha256sum et openssl 3 seulement, dans le dossier qui contient bagit.txt. Chaque "
        "commande se termine par le code 0 quand tout concorde. VERIFY.txt contient les mêmes "
        "commandes, à copier."
    ),
    "verify.files": "Chaque fichier est celui que les manifestes énumèrent :",
    "verify.list": "Chaque fichier présent a été signé et aucun n’a été ajouté, même dans une copie expurgée :",
    "verify.signature": "La signature a été faite avec la clé, sur la déclaration :",
    "verify.key": (
        "À qui est la clé : comparer avec l’empreinte que le signataire a donnée par une autre voie :"
    ),
    "verify.stamp": "Chaque horodatage est celui de ce dossier (avec les certificats de l’autorité) :",
    "verify.replay": (
        "Tout constat peut être recherché de nouveau dans le fichier du jeu de données, si on l’a :"
    ),
}
