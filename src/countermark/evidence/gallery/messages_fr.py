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
        "À gauche votre image, à droite l’image telle qu’elle figure dans le jeu de données. Ce qui concorde "
        "dans l’ensemble est cerné ; des endroits peuvent y différer : regardez les deux. Le disque marque le "
        "même coin, pour qu’une image tournée ou inversée reste lisible."
    ),
    "works.shown.one": "{n} œuvre est montrée ici.",
    "works.shown.other": "{n} œuvres sont montrées ici.",
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
    "work.rest.one": (
        "Un autre relevé de cette œuvre : son image est dans evidence/, sa ligne "
        "dans pictures.parquet (work_id {work})."
    ),
    "work.rest.other": (
        "{n} autres relevés de cette œuvre : les images sont dans evidence/, les lignes dans pictures.parquet "
        "(work_id {work})."
    ),
    "picture": "Image {n}",
    "picture.work": "Votre image",
    "picture.record": "Dans le jeu de données",
    "picture.back": "La partie concordante de l’une et de l’autre",
    "picture.back.work": "dans votre image",
    "picture.back.record": "dans l’image trouvée, remise à l’endroit",
    "picture.alt.work": "Votre image de l’œuvre {title}. {where}",
    "picture.alt.record": "Une image du jeu de données. Degré : {grade}. Elle figure dans {place}. {words}",
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
    "seen.part.throughout": "{share} de votre image, répartis sur toute son étendue",
    "seen.part.some": "{share} de votre image",
    "seen.part.middle": "le milieu de votre image, soit {share}",
    "seen.part.between-sides": "{share} de votre image, en laissant autant à gauche qu’à droite",
    "seen.part.between-ends": "{share} de votre image, en laissant autant en haut qu’en bas",
    "seen.part.around-middle": "{share} de votre image, autour de son milieu",
    "seen.part.upper": "les {share} du haut de votre image",
    "seen.part.upper-half": "la moitié supérieure de votre image",
    "seen.part.within-upper": "{share} de votre image, pris dans les {extent} du haut",
    "seen.part.lower": "les {share} du bas de votre image",
    "seen.part.lower-half": "la moitié inférieure de votre image",
    "seen.part.within-lower": "{share} de votre image, pris dans les {extent} du bas",
    "seen.part.left-side": "les {share} de gauche de votre image",
    "seen.part.left-side-half": "la moitié gauche de votre image",
    "seen.part.within-left-side": "{share} de votre image, pris dans les {extent} de gauche",
    "seen.part.right-side": "les {share} de droite de votre image",
    "seen.part.right-side-half": "la moitié droite de votre image",
    "seen.part.within-right-side": "{share} de votre image, pris dans les {extent} de droite",
    "seen.part.at-top": "{share} de votre image, au bord supérieur",
    "seen.part.toward-top": "{share} de votre image, vers le haut",
    "seen.part.at-bottom": "{share} de votre image, au bord inférieur",
    "seen.part.toward-bottom": "{share} de votre image, vers le bas",
    "seen.part.at-left": "{share} de votre image, au bord gauche",
    "seen.part.toward-left": "{share} de votre image, vers la gauche",
    "seen.part.at-right": "{share} de votre image, au bord droit",
    "seen.part.toward-right": "{share} de votre image, vers la droite",
    "seen.part.from-top-left": "{share} de votre image, à partir du coin en haut à gauche",
    "seen.part.toward-top-left": "{share} de votre image, vers le haut à gauche",
    "seen.part.from-top-right": "{share} de votre image, à partir du coin en haut à droite",
    "seen.part.toward-top-right": "{share} de votre image, vers le haut à droite",
    "seen.part.from-bottom-left": "{share} de votre image, à partir du coin en bas à gauche",
    "seen.part.toward-bottom-left": "{share} de votre image, vers le bas à gauche",
    "seen.part.from-bottom-right": "{share} de votre image, à partir du coin en bas à droite",
    "seen.part.toward-bottom-right": "{share} de votre image, vers le bas à droite",
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
        "Les deux sont le même fichier, octet pour octet, ou la même image dans son ensemble : dans le même "
        "sens, en couleur, sans rien qui les sépare qu’un autre encodage et une autre taille."
    ),
    "grade.copy.means": (
        "Votre image, ou une partie d’elle, concorde avec une partie de l’autre : coupée, tournée, inversée, "
        "recouverte d’un texte, ou parmi d’autres. Ce qui est cerné figure dans les deux. Cela ne dit pas "
        "laquelle est la première, ni que cela vient de votre image : un original plus ancien peut figurer dans "
        "les deux."
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
        "Pour {n} œuvre, seule une empreinte réduite ou un identifiant concorde : regardez l’image dans le jeu de "
        "données avant de vous y fier."
    ),
    "statement.identifier-only.other": (
        "Pour {n} œuvres, seuls des empreintes réduites ou des identifiants concordent : regardez les images dans "
        "le jeu de données avant de vous y fier."
    ),
    "statement.shared-only.one": "Pour {n} œuvre, seul un élément commun a été trouvé : non comptée comme trouvée.",
    "statement.shared-only.other": (
        "Pour {n} œuvres, seuls des éléments communs ont été trouvés : non comptées comme trouvées."
    ),
    "headline.unconfirmed.one": (
        "Une empreinte réduite ou un identifiant concorde pour votre œuvre ; rien n’a été confirmé : {corpus} "
        "({snapshot})."
    ),
    "headline.unconfirmed.other": (
        "Une empreinte réduite ou un identifiant concorde pour {agreeing} de vos {n} œuvres ; rien n’a été "
        "confirmé : {corpus} ({snapshot})."
    ),
    "unconfirmed.look": (
        "Regardez les images là où elles figurent avant de vous y fier. Cela ne dit rien de ce qui n’a pas été "
        "parcouru."
    ),
    "sketches.all": (
        "Aucune image n’a été examinée ici, seulement des empreintes réduites : 128 octets qu’une recherche "
        "antérieure a gardés de chaque image. Elles font trouver des images entières ou presque. La plupart des "
        "extraits, et des œuvres qui ne sont qu’une image parmi d’autres sur une page ou dans un collage, ne "
        "peuvent y être trouvés."
    ),
    "sketches.some": (
        "De {shards} fichiers ou parties de fichiers, {done} étaient des empreintes réduites : 128 octets qu’une "
        "recherche antérieure a gardés de chaque image. Aucune de ces images n’a été examinée ; la plupart des "
        "extraits et des collages ne peuvent y être trouvés."
    ),
    "status.identifier-only": "Seule une empreinte réduite ou un identifiant concorde : non comptée",
    "status.name-only": "Seul un site ou une empreinte d’aspect concorde : non comptée",
    "picture.changed.work": (
        "Le fichier gardé comme tirage de votre image n’a pas le SHA-256 qu’indique pour lui le catalogue de "
        "cette recherche ; il n’est pas montré."
    ),
    "picture.sketch.record": (
        "De cette image, seule une empreinte réduite de 128 octets a été gardée. Regardez l’image dans le jeu de "
        "données."
    ),
    "picture.digest.sketch": "SHA-256 de l’empreinte réduite",
    "picture.print": "tirage",
    "picture.print.unproved": (
        "montré depuis works/ ; son propre SHA-256 n’a pas été noté, il ne peut donc être vérifié"
    ),
    "kind.sketch": "empreinte réduite seulement : non revendiqué",
    "kind.identifier": "identifiant seulement : non revendiqué",
    "kind.name": "site ou empreinte d’aspect seulement : non revendiqué",
    "unseen.sketch": "128 octets gardés de cette image ont été comparés à la vôtre",
    "unseen.lie": "où la vôtre y figurerait, et dans quel sens, n’est pas connu",
    "unseen.identifier": "un identifiant a été comparé, aucune image",
    "unseen.unconfirmed": "rien n’a été confirmé : regardez l’image dans le jeu de données",
    "unseen.hash.one": "l’empreinte de l’ensemble concorde avec celle de la vôtre, à {n} bit près sur 256",
    "unseen.hash.other": "l’empreinte de l’ensemble concorde avec celle de la vôtre, à {n} bits près sur 256",
    "unseen.keys.one": "{n} clé de détails concorde, sur 8 au plus",
    "unseen.keys.other": "{n} clés de détails concordent, sur 8 au plus",
    "grade.identifier.means": (
        "Une adresse de votre image (y compris celle d’une autre taille), l’empreinte de son fichier (MD5 ou "
        "SHA-256) ou une empreinte réduite de 128 octets concorde. Aucune image n’a été examinée, rien n’a été "
        "confirmé."
    ),
    "grade.name.means": (
        "Seul le site concorde, ou une courte empreinte de l’aspect qui figure dans une liste. Bien des images "
        "sont sur un même site, et des images différentes peuvent avoir des empreintes voisines : ce n’est "
        "jamais une accusation."
    ),
    "searched.skipped": (
        "Vues d’animations et pages de documents non examinées (de chacun, jusqu’à {most} le sont)"
    ),
    "searched.unknown": "non noté",
    "refused.none": "Tous les fichiers recensés ont pu être lus.",
    "alarms.figures": (
        "Les chiffres à côté d’un relevé, tels que « 157 points concordent » ou « concordance des pixels 0,91 "
        "sur 1 », sont des mesures. Ils ne sont pas la probabilité que l’une ait été copiée de l’autre. Des "
        "images faites sur un même modèle, ou qui montrent la même chose, peuvent concorder aussi bien : "
        "formulaires, cartes, cartes à jouer, couvertures d’une même collection. Regardez les deux images."
    ),
    "check.file": (
        "Prenez le fichier {file} du dossier {folder}, dans le jeu de données. Le SHA-256 du fichier est {digest}."
    ),
    "check.sketch": (
        "Prenez l’image de la ligne {row} (la première est 0) de {shard}, dans le jeu de données. Son SHA-256 "
        "n’a pas été gardé : une image mise depuis à sa place ne se reconnaîtrait pas. Le SHA-256 de son "
        "empreinte réduite, dans le dossier sketches/ de la recherche antérieure, est {digest}."
    ),
    "check.compare.sketch": "Regardez les deux. Rien ni personne n’a encore vu si elles concordent.",
    "sheet.figures": (
        "Les chiffres sont des mesures, non des probabilités ; des images faites sur un même modèle peuvent "
        "concorder aussi bien. Regardez les deux."
    ),
    "sheet.look": "Aucune image du jeu de données n’a été examinée pour ce relevé.",
    "grade.sketch": "Identifiant : empreinte réduite",
    "place.folder": "dossier",
}
