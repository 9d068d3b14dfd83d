"""Ce que dit en français le rapport sur une recherche dans des empreintes réduites : nulle image n’y fut examinée."""

MESSAGES = {
    "headline.none.one": (
        "Votre œuvre n’a pas été trouvée dans les empreintes réduites de ce jeu de données : {corpus} "
        "({snapshot})."
    ),
    "headline.none.other": (
        "Aucune de vos {n} œuvres n’a été trouvée dans les empreintes réduites de ce jeu de données : {corpus} "
        "({snapshot})."
    ),
    "headline.unconfirmed.one": (
        "Une empreinte réduite concorde avec votre œuvre, et rien n’a été confirmé : {corpus} ({snapshot})."
    ),
    "headline.unconfirmed.other": (
        "Des empreintes réduites concordent avec {agreeing} de vos {n} œuvres, et rien n’a été confirmé : "
        "{corpus} ({snapshot})."
    ),
    "listed.none": (
        "Cela ne dit rien de ce qui n’a pas été parcouru, ni de ce que des empreintes réduites ne font pas "
        "trouver."
    ),
    "status.identifier-only": "Seule une empreinte réduite concorde : non comptée",
    "status.not-found": "Non trouvée dans les empreintes réduites",
    "works.lead": (
        "Des empreintes réduites d’images ont été comparées aux vôtres ; aucune image n’a été examinée. Voici ce "
        "qui concorde, et où chaque image figure dans le jeu de données. Regardez-la sur place : cela seul peut "
        "montrer si c’est la vôtre."
    ),
    "works.private": (
        "Cette page contient de petites copies de vos images. Qui reçoit la page les reçoit aussi."
    ),
    "grade.none.means": (
        "Non trouvée dans les empreintes réduites. Elle peut figurer tout de même dans les images, coupée ou "
        "parmi d’autres, ou dans ce qui n’a pas été parcouru."
    ),
    "searched.records": "Images dont des empreintes réduites ont été lues",
    "searched.frames": "Empreintes réduites comparées, de 128 octets chacune",
    "refused.none": "Tous les fichiers d’empreintes réduites recensés ont pu être lus.",
    "refused.empty": "Aucune empreinte réduite n’a été trouvée dans ce qui était recensé.",
    "nothing": (
        "Aucune empreinte réduite n’a pu être lue, rien n’a donc été parcouru. « Ce qui a été parcouru, et ce "
        "qui n’a pas pu être lu » dit pourquoi."
    ),
    "limits.missed": (
        "Non trouvée veut dire : non trouvée dans les empreintes réduites. La plupart des extraits et des "
        "collages leur échappent, comme les forts changements. Pour les chercher, parcourez les images "
        "elles-mêmes."
    ),
    "alarms.figures": (
        "Les chiffres à côté d’un relevé (bits d’une empreinte, clés de détails) ne sont pas des probabilités. "
        "Des images faites sur un même modèle, ou qui montrent la même chose, peuvent concorder aussi bien. "
        "Regardez les images."
    ),
    "missing.lead.one": "{n} œuvre n’a pas été trouvée dans les empreintes réduites.",
    "missing.lead.other": "{n} œuvres n’ont pas été trouvées dans les empreintes réduites.",
    "missing.none": "Pour chaque œuvre, une empreinte réduite concorde.",
    "statement.identifier-only.one": (
        "Pour {n} œuvre, une empreinte réduite concorde : regardez l’image dans le jeu de données avant de vous y "
        "fier."
    ),
    "statement.identifier-only.other": (
        "Pour {n} œuvres, des empreintes réduites concordent : regardez les images dans le jeu de données avant de "
        "vous y fier."
    ),
    "rest.kept": "aucune image du jeu de données n’a été gardée dans cette recherche",
}
