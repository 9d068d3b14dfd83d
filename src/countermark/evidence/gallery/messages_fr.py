"""Les phrases du rapport sur des images en français, là où elles diffèrent de celles du rapport sur des textes."""

from countermark.evidence.report.messages_fr import MESSAGES as OF_TEXTS

MESSAGES = OF_TEXTS | {
    "title": "Rapport Countermark sur des images",
    "headline.one": "Votre œuvre figure dans ce jeu de données, entière ou en partie : {corpus} ({snapshot}).",
    "headline.other": (
        "{found} de vos {n} œuvres figurent dans ce jeu de données, entières ou en partie : {corpus} ({snapshot})."
    ),
    "headline.none.one": "Votre œuvre n’a pas été trouvée dans ce qui a été parcouru : {corpus} ({snapshot}).",
    "headline.none.other": (
        "Aucune de vos {n} œuvres n’a été trouvée dans ce qui a été parcouru : {corpus} ({snapshot})."
    ),
    "nothing": (
        "Aucune image n’a pu être lue, rien n’a donc été parcouru. « Ce qui a été parcouru, et ce qui n’a pas pu être "
        "lu » dit pourquoi."
    ),
    "alarm.one": (
        "{n} œuvre témoin sur {controls} a été trouvée, alors qu’elle ne peut pas être là. C’est une fausse alerte : "
        "lisez « Combien de fois l’outil se trompe » avant de vous fier à un relevé isolé."
    ),
    "alarm.other": (
        "{n} œuvres témoins sur {controls} ont été trouvées, alors qu’elles ne peuvent pas être là. Ce sont de "
        "fausses alertes : lisez « Combien de fois l’outil se trompe » avant de vous fier à un relevé "
        "isolé."
    ),
    "listed.one": "Y figurer ne prouve pas qu’un modèle a été entraîné avec elle.",
    "status.found": "Trouvée, entière ou en partie",
    "status.free-licence": "Trouvée, et libre de copie : domaine public ou licence ouverte",
    "status.shared-only": "Seulement un élément commun à bien des images : non comptée",
    "amount": "Images de vos œuvres trouvées : {found} sur {pictures}. Œuvres revendiquées : {claimed}.",
    "claimed.gloss": (
        "« Revendiqué » veut dire : compté comme propre à l’œuvre. N’en sont pas les éléments communs, tels qu’un "
        "cadre ou un logo, ni les œuvres libres de copie. C’est un compte, non un avis juridique."
    ),
    "works.lead": (
        "À gauche votre image, à droite l’image telle qu’elle figure dans le jeu de données. La partie cernée est la "
        "même des deux côtés ; le disque marque le même coin, pour qu’une image tournée ou inversée reste lisible."
    ),
    "works.shown.one": "{n} œuvre est montrée avec ses images.",
    "works.shown.other": "{n} œuvres sont montrées avec leurs images.",
    "works.rest.one": "{n} autre œuvre dont quelque chose a été trouvé est dans works.parquet.",
    "works.rest.other": "{n} autres œuvres dont quelque chose a été trouvé sont dans works.parquet.",
    "works.private": (
        "Cette page contient de petites copies de vos images et de celles qui ont été trouvées. Qui reçoit la page "
        "les reçoit aussi."
    ),
    "work.findings.one": "{n} relevé",
    "work.findings.other": "{n} relevés",
    "work.records.one": "dans {n} image du jeu de données",
    "work.records.other": "dans {n} images du jeu de données",
    "work.assets": "images trouvées : {found} sur {n}",
    "work.best": "L’image trouvée qui montre le plus de la vôtre en montre {share}.",
    "work.shared": "De cette œuvre, seul un élément commun a été trouvé. Rien n’en est revendiqué.",
    "work.rest.one": "Un autre relevé de cette œuvre : dans pictures.parquet, work_id = {work}.",
    "work.rest.other": "{n} autres relevés de cette œuvre : dans pictures.parquet, work_id = {work}.",
    "picture": "Image {n}",
    "picture.work": "Votre image",
    "picture.record": "Dans le jeu de données",
    "picture.back": "La partie concordante de l’une et de l’autre",
    "picture.back.work": "dans votre image",
    "picture.back.record": "dans l’image trouvée, remise à l’endroit",
    "picture.alt.work": "Votre image de l’œuvre {title}. {where}",
    "picture.alt.record": "Une image du jeu de données. Degré : {grade}. Elle figure dans {shard}, {row}. {words}",
    "picture.alt.part": "La partie concordante de votre image, découpée.",
    "picture.alt.back": "La partie concordante de l’image trouvée, découpée et remise dans le sens de la vôtre.",
    "picture.outlined": "La partie concordante est cernée.",
    "picture.missing.work": "Votre image n’est pas dans le dossier de la recherche (works/) et ne peut être montrée.",
    "picture.missing.record": (
        "L’image trouvée n’est pas dans le dossier de la recherche (pictures/) et ne peut être montrée."
    ),
    "picture.changed.record": (
        "Le fichier gardé comme image trouvée n’a plus le SHA-256 du relevé ; il n’est pas montré."
    ),
    "picture.unreadable.work": "Votre image ne peut pas être décodée ici ; elle n’est pas montrée.",
    "picture.unreadable.record": "L’image trouvée ne peut pas être décodée ici ; elle n’est pas montrée.",
    "picture.full": "Non montrée ici, pour que cette page reste légère ; elle est parmi les planches.",
    "picture.measures": "taille",
    "picture.size": "{width} × {height} pixels",
    "picture.caption": "légende sur place",
    "picture.box": "partie concordante",
    "picture.box.said": "de {start} à {end} (gauche, haut ; droite, bas ; pixels)",
    "picture.outline": "coins",
    "picture.outline.said": "{corners} (pixels)",
    "picture.frame": "vue",
    "picture.title": "œuvre",
    "picture.licence": "licence",
    "picture.corpus": "jeu de données",
    "picture.evidence": "planche",
    "picture.copies.one": "ce même fichier a été trouvé à {n} endroit",
    "picture.copies.other": "ce même fichier a été trouvé à {n} endroits",
    "seen.mirrored": "inversée comme dans un miroir",
    "seen.turned": "tournée de {degrees}° {way}",
    "seen.turned.half": "tournée tête en bas",
    "seen.clockwise": "dans le sens des aiguilles d’une montre",
    "seen.anticlockwise": "dans le sens contraire des aiguilles d’une montre",
    "seen.upright": "dans le sens de la vôtre, ni inversée ni tournée",
    "seen.part.whole": "votre image entière",
    "seen.part.middle": "le milieu de votre image, soit {share}",
    "seen.part.left": "{share} de votre image, à gauche",
    "seen.part.right": "{share} de votre image, à droite",
    "seen.part.top": "{share} de votre image, en haut",
    "seen.part.bottom": "{share} de votre image, en bas",
    "seen.part.top-left": "{share} de votre image, en haut à gauche",
    "seen.part.top-right": "{share} de votre image, en haut à droite",
    "seen.part.bottom-left": "{share} de votre image, en bas à gauche",
    "seen.part.bottom-right": "{share} de votre image, en bas à droite",
    "seen.part.unknown": "{share} de votre image",
    "seen.fills": "{share} de l’image trouvée",
    "seen.inliers.one": "{n} point concorde",
    "seen.inliers.other": "{n} points concordent",
    "seen.agreement": "concordance des pixels {value} sur 1",
    "seen.distance.one": "{n} bit des empreintes sur 256 diffère",
    "seen.distance.other": "{n} bits des empreintes sur 256 diffèrent",
    "kind.shared": "élément commun : non revendiqué",
    "more": "Autres images trouvées",
    "more.lead.one": "{n} autre relevé, sans ses images.",
    "more.lead.other": "{n} autres relevés, sans leurs images.",
    "more.grade": "Degré",
    "more.share": "De votre image",
    "more.finding": "Relevé",
    "more.place": "Place dans le jeu de données",
    "more.rest.one": "{n} relevé de plus est dans pictures.parquet.",
    "more.rest.other": "{n} relevés de plus sont dans pictures.parquet.",
    "grade.shared": "Élément commun",
    "grade.identical.means": (
        "Les deux sont la même image dans son ensemble : rien ne les sépare qu’une autre taille et un autre encodage."
    ),
    "grade.copy.means": (
        "Votre image, ou une partie d’elle, figure dans l’autre : coupée, tournée, inversée, recouverte d’un texte, "
        "ou parmi d’autres."
    ),
    "grade.shared.means": (
        "Les deux ont en commun un élément que bien des images partagent, tel qu’un cadre, un logo ou une texture "
        "toute faite. Il est montré pour que vous le voyiez. Rien n’est revendiqué, et personne n’est accusé."
    ),
    "grade.none.means": (
        "Non trouvée dans ce qui a été parcouru. Elle peut figurer dans ce qui ne l’a pas été ou n’a pas pu être lu."
    ),
    "searched.records": "Images qui s’y trouvent",
    "searched.frames": "Vues parcourues, celles des animations comprises",
    "searched.bytes": "Fichiers d’images, en octets",
    "searched.in_part": "Images parcourues en partie, le reste étant endommagé",
    "searched.refused": "Images et fichiers non parcourus",
    "refused.lead": "Rien n’a été passé sous silence. Non parcourus, ou en partie seulement, par motif :",
    "refused.empty": "Aucune image n’a été trouvée dans ce qui était recensé.",
    "alarms.none": (
        "Cette recherche n’avait pas de témoins : son taux de fausses alertes n’est pas connu. Un témoin est une "
        "œuvre qui ne peut pas être dans le jeu de données. Les œuvres parues après la date de la copie sont des "
        "témoins d’elles-mêmes : donnez les dates dans le catalogue et --snapshot-date. Ou donnez des images jamais "
        "publiées : --controls DOSSIER."
    ),
    "alarms.shared.one": "De {n} témoin de plus, seul un élément commun a été trouvé. Cela ne compte pas comme alerte.",
    "alarms.shared.other": (
        "De {n} témoins de plus, seuls des éléments communs ont été trouvés. Cela ne compte pas comme alerte."
    ),
    "limits": "Ce que ce rapport ne montre pas",
    "limits.listed": (
        "Y figurer ne prouve pas qu’un modèle a été entraîné avec elle. Cela ne dit pas non plus qui l’y a mise, ni "
        "avec quelle autorisation."
    ),
    "limits.first": (
        "Que deux images concordent ne dit pas laquelle est la première, ni laquelle vient de l’autre. Deux "
        "photographies d’un même tableau ancien concordent aussi."
    ),
    "limits.missed": (
        "Non trouvée veut dire : non trouvée dans ce qui a été parcouru. Un petit morceau, un fort changement ou un "
        "nouveau dessin peuvent échapper ; il n’y a pas de garantie pour les images. Un jeu de données qui ne recense "
        "que des adresses ne contient pas d’images à examiner."
    ),
    "limits.style": "Le même style ou le même sujet ne fait pas un relevé ; seule l’image elle-même est cherchée.",
    "missing.lead.one": "{n} œuvre n’a pas été trouvée dans ce qui a été parcouru.",
    "missing.lead.other": "{n} œuvres n’ont pas été trouvées dans ce qui a été parcouru.",
    "check": "Vérifier un relevé à la main",
    "check.lead": (
        "Rien ici n’est à croire sur parole. Voici comment vérifier la première image trouvée ci-dessus avec des "
        "outils publics."
    ),
    "check.none": "Il n’y a pas d’image trouvée à vérifier.",
    "check.row": (
        "Lisez sa ligne avec DuckDB ou un autre lecteur de Parquet, dans le dossier qui contient run.json."
    ),
    "check.record": (
        "Prenez l’image de la ligne {row} (la première est 0) de {shard}, dans le jeu de données. Le SHA-256 de son "
        "fichier est {digest}."
    ),
    "check.warc": (
        "De {shard}, dans le jeu de données, prenez le document qui commence à l’octet {row} : d’un fichier simple "
        "avec tail -c +{from_one}, d’un fichier .gz avec tail -c +{from_one} puis zcat. L’image suit la première "
        "ligne vide après l’en-tête HTTP. Le SHA-256 de son fichier est {digest}."
    ),
    "check.kept": "Le dossier de la recherche garde les mêmes octets. Ceci en affiche le SHA-256 :",
    "check.work": "Prenez le fichier {path} de l’œuvre. Son SHA-256 est {digest}.",
    "check.look": (
        "Ouvrez les deux dans un logiciel d’image. La partie de l’œuvre de {start} à {end} doit être la partie de "
        "l’image trouvée dont les coins sont {corners}, en pixels depuis le haut à gauche, dans l’ordre des coins de "
        "l’œuvre : haut gauche, haut droite, bas droite, bas gauche."
    ),
    "check.compare": "Regardez les deux. Elles doivent concorder comme montré ci-dessus.",
    "check.again": "Les planches peuvent être refaites, octet pour octet, à partir du dossier de la recherche :",
    "rest.pictures": "une ligne par relevé : ce qui a été vu, et si c’est revendiqué",
    "rest.findings": "tous les relevés, avec lieux, empreintes, contours et légendes",
    "rest.evidence": "une planche par relevé, en qualité d’impression (countermark report DOSSIER --pictures)",
    "rest.kept": "les images trouvées, octet pour octet telles qu’elles figuraient, nommées par leur SHA-256",
    "sheet.finding": "Relevé {id}",
    "sheet.same": "Le disque marque le même coin des deux côtés.",
    "sheet.part.work": "La partie concordante de votre image",
    "sheet.part.record": "La même partie de l’image trouvée, remise à l’endroit",
    "sheet.boxes": (
        "Une case vide tient lieu d’une lettre que ce caractère n’a pas ; le commentaire du fichier porte "
        "tout le texte."
    ),
    "sheet.made": "Fait par Countermark {version} à partir de la recherche {digest}, index {index} ({scheme}).",
    "sheet.absent": "absente du dossier de la recherche",
    "statement.free-licence.one": "Libre de copie (domaine public ou licence ouverte), et non revendiquée : {n}.",
    "statement.free-licence.other": "Libres de copie (domaine public ou licence ouverte), et non revendiquées : {n}.",
    "statement.identifier-only.one": (
        "De {n} autre, seule une empreinte réduite ou un identifiant concorde : regardez l’image dans le jeu de données "
        "avant de vous y fier."
    ),
    "statement.identifier-only.other": (
        "De {n} autres, seuls des empreintes réduites ou des identifiants concordent : regardez les images dans le jeu "
        "de données avant de vous y fier."
    ),
    "statement.shared-only.one": "De {n} autre, seul un élément commun a été trouvé : non comptée comme trouvée.",
    "statement.shared-only.other": "De {n} autres, seuls des éléments communs ont été trouvés : non comptées.",
}
