"""Les phrases de la page d’une étude d’extraction, en français. Mêmes clés et mêmes champs qu’extraction_en."""

MESSAGES = {
    "extract.headline.beyond.one": "Le modèle reproduit {n} œuvre mot pour mot, plus que les œuvres témoins.",
    "extract.headline.beyond.other": "Le modèle reproduit {n} œuvres mot pour mot, plus que les œuvres témoins.",
    "extract.headline.hits.one": "Le modèle reproduit mot pour mot des passages de {n} œuvre.",
    "extract.headline.hits.other": "Le modèle reproduit mot pour mot des passages de {n} œuvres.",
    "extract.headline.none": "Aucun passage n’est reproduit avec la probabilité que le plan demande.",
    "extract.second": "Œuvres : {works}, avec {counted} passages de {tokens} jetons qui comptent. Un passage est "
    "reproduit quand le modèle, à qui l’on donne les {prefix} jetons précédents, le continue mot pour mot avec une "
    "probabilité d’au moins {threshold}.",
    "extract.second.beyond": "Œuvres qui ont un tel passage : {hits}. De celles-ci, {beyond} se détachent de "
    "{controls} œuvres témoins au seuil {alpha}, après Holm.",
    "extract.second.like": "Œuvres qui ont un tel passage : {hits}. Aucune d’elles ne se détache de {controls} "
    "œuvres témoins au seuil {alpha}, après Holm.",
    "extract.void": "Le contrôle aveugle annule la comparaison des œuvres et des témoins. Un classeur qui ne fait "
    "que compter les mots, sans jamais interroger le modèle, les distingue : AUC {auc}, alors que la limite est "
    "{limit} et le hasard 0,5. Aucun p n’est donné.",
    "extract.void.next": "Prenez des œuvres témoins semblables aux œuvres : même genre, même époque, même langue, "
    "même longueur.",
    "extract.unchecked": "La ressemblance des œuvres et des témoins n’a pas été contrôlée : avec moins de {least} "
    "œuvres ou témoins, aucun classeur ne peut en juger. Elle repose sur la parole de l’utilisateur.",
    "extract.passed": "Le contrôle aveugle a laissé passer la comparaison : sans le modèle, on ne distingue pas les "
    "œuvres des témoins (AUC {auc}, limite {limit}).",
    "extract.undated.one": "{n} œuvre témoin est sans date. Qu’elle soit postérieure au modèle repose sur la parole "
    "de l’utilisateur.",
    "extract.undated.other": "{n} œuvres témoins sont sans date. Qu’elles soient postérieures au modèle repose sur "
    "la parole de l’utilisateur.",
    "extract.private": "Cette page contient des mots de vos œuvres. Avant de la transmettre, refaites-la avec "
    "--no-texts, ou gardez-la pour vous.",
    "extract.null": "Le modèle n’en sait pas plus de cette œuvre que des œuvres témoins : la place de sa couverture "
    "parmi les leurs est due au hasard.",
    "extract.assumption": "L’œuvre et les témoins sont échangeables : si le modèle n’en connaissait aucun, tous les "
    "ordres de leurs couvertures seraient également probables. D’autres auteurs, époques, genres ou longueurs "
    "rompent cela, et aucun chiffre d’ici ne peut le prouver.",
    "extract.assumption.label": "Supposition :",
    "extract.not_shown.1": "De quelle copie de l’œuvre le modèle a appris, et qui l’a fournie.",
    "extract.not_shown.2": "S’il y avait une licence ou une exception.",
    "extract.not_shown.3": "D’un modèle derrière une adresse : si le texte vient du modèle lui-même ou de ce que "
    "son service consulte.",
    "extract.not_shown.4": "Des œuvres sans passage reproduit : que le modèle ne les connaît pas. L’absence "
    "d’extraction ne montre rien.",
    "decision.not-asked": "Non soumise : il ne restait aucun passage à soumettre",
    "decision.no-hit": "Non reproduite. Cela ne montre rien de ce que le modèle a appris",
    "decision.reproduced": "Reproduite : un fait qui concerne le modèle, et rien de plus",
    "decision.reproduced-beyond-controls": "Reproduite, et plus que les œuvres témoins",
    "extract.works.lead": "Chaque bande est un texte entier, du premier caractère au dernier. Plus une barre est "
    "haute, plus il est probable que le modèle continue là mot pour mot ; les barres pleines atteignent le seuil.",
    "extract.share": "{share} des caractères soumis : {covered} sur {asked}",
    "extract.hits.one": "{hits} passage reproduit sur {counted}",
    "extract.hits.other": "{hits} passages reproduits sur {counted}",
    "extract.best": "Au mieux une fois sur {tries} : qui donne aussi souvent au modèle les mots précédents obtient "
    "ce passage mot pour mot une fois en moyenne.",
    "extract.best.sure": "Au mieux presque à chaque essai : avec les mots précédents, le modèle continue ce passage "
    "mot pour mot avec la probabilité {p}.",
    "extract.best.low": "Le passage le plus probable sort une fois sur {tries} en moyenne : plus rarement que le "
    "seuil.",
    "extract.best.none": "Aucun passage ne peut sortir mot pour mot avec cette règle de décodage.",
    "extract.p.one": "Parmi {m} œuvres, celle-ci et {controls} témoins, aucune autre n’est autant reproduite. Si "
    "elles sont échangeables, le hasard la met en tête dans {n} cas sur {m} : p = {p}, après Holm sur les œuvres "
    "{held}.",
    "extract.p.other": "Parmi {m} œuvres, celle-ci et {controls} témoins, {n} sont au moins aussi reproduites, elle "
    "comprise. Si elles sont échangeables, le hasard fait aussi bien dans {n} cas sur {m} : p = {p}, après Holm "
    "sur les œuvres {held}.",
    "extract.p.low": "Aucune valeur p n’est donnée : aucun passage n’atteint le seuil, et un rang reposerait sur ce "
    "qui n’est pas sorti.",
    "extract.p.void": "Pas de p : le contrôle aveugle annule la comparaison.",
    "extract.p.none": "Pas de p : aucune œuvre témoin n’a de passage à soumettre.",
    "extract.strip": "{path} : {share} des caractères soumis sont couverts, en {n} passages.",
    "extract.dots": "Part couverte : cette œuvre (losange, {share}) parmi {n} œuvres témoins (anneaux), dont la "
    "plus haute a {most}.",
    "extract.dots.low": "0 %",
    "extract.dots.high": "100 %",
    "extract.curve": "Combien des {n} passages sortent au moins une fois, avec tant d’essais. La courbe est "
    "calculée d’après les probabilités exactes ; rien n’a été tiré.",
    "extract.curve.chance": "avec la probabilité {p}",
    "extract.curve.tries": "essais",
    "extract.curve.table": "La même en chiffres",
    "extract.heat": "Les mots du texte. Soulignés : couverts, d’un trait d’autant plus épais que c’est probable. "
    "Gris : rien de soumis.",
    "extract.heat.part": "Le texte est long : on montre ses passages reproduits, avec les mots qui les entourent.",
    "extract.heat.missing": "Les mots de ce texte ne sont pas montrés : ils ne sont pas dans le dossier de l’étude, "
    "ou ont été laissés de côté. La bande montre les endroits.",
    "extract.legend": "Probabilité que le modèle continue là mot pour mot",
    "extract.level.one": "1 essai sur {tries} ou mieux",
    "extract.level.threshold": "1 sur {tries} ou mieux (le seuil)",
    "extract.level.below": "1 sur {tries} ou mieux (sous le seuil)",
    "extract.level.rest": "moins",
    "extract.level.unasked": "sans barre : non soumis, ou écarté",
    "hits": "Passages reproduits",
    "hits.place": "Caractères",
    "hits.p": "Probabilité",
    "hits.tries": "Essais en moyenne",
    "hits.other": "Avec l’autre règle",
    "hits.greedy": "Le plus probable chaque fois",
    "hits.reference": "Modèle plus ancien",
    "hits.yes": "oui",
    "hits.no": "non",
    "hits.unknown": "non indiqué",
    "rule.t1": "tous les jetons, température 1",
    "rule.top-k": "les {k} jetons les plus probables, température 1",
    "controls": "Les œuvres témoins",
    "controls.lead": "Elles ont été soumises de la même façon, avec les mêmes règles. Sur {of} œuvres témoins "
    "soumises, {hits} ont un passage reproduit. Si elles sont tirées indépendamment parmi les œuvres de leur "
    "genre, moins de {upper} de telles œuvres en ont un, avec 95 % de confiance.",
    "controls.apart": "Sur {of} de leurs passages qui ne se recouvrent pas, {hits} sont reproduits. La borne est "
    "{upper} si les passages sont indépendants ; ceux d’une même œuvre peuvent ne pas l’être, et elle est alors "
    "trop basse.",
    "controls.work": "Œuvre témoin",
    "controls.published": "Publiée",
    "controls.undated": "sans date",
    "controls.windows": "Passages",
    "controls.hits": "Reproduits",
    "controls.coverage": "Couvert",
    "controls.highest": "Plus haute probabilité",
    "controls.yours": "vos œuvres",
    "extract.asked.works": "Œuvres",
    "extract.asked.controls": "Œuvres témoins avec un passage qui compte",
    "extract.asked.without": "Œuvres et témoins sans passage qui compte",
    "extract.asked.undated": "Œuvres témoins sans date",
    "extract.asked.left_out": "Fichiers écartés du plan",
    "extract.asked.cut": "Passages découpés",
    "extract.asked.quoted": "Écartés avant l’envoi : cités d’un texte public",
    "extract.asked.asked": "Passages soumis",
    "extract.asked.generic": "Écartés après l’envoi : le modèle plus ancien les donne aussi",
    "extract.asked.counted": "Passages qui comptent",
    "extract.asked.no_cut": "Endroits où aucun passage n’a pu être découpé",
    "extract.asked.moved": "Passages dont la coupe a été déplacée de quelques jetons",
    "extract.asked.otherwise": "Passages que le modèle coupe autrement quand ils sont seuls",
    "extract.asked.shortened": "Passages soumis avec un début raccourci",
    "reason.duplicate": "écarté : deux fois le même texte",
    "reason.published-before-model": "écarté : témoin publié avant le modèle",
    "extract.could": "Avec {controls} œuvres témoins, le plus petit p possible était {p} ; après Holm sur les "
    "œuvres, {held}. Le seuil était {alpha}.",
    "extract.could.never": "Aucune œuvre ne pouvait donc passer le seuil : il fallait plus d’œuvres témoins.",
    "extract.rules": "Règle qui décide : {rule}. Passages de {prefix} + {continuation} jetons, un tous les {stride}.",
    "extract.void.length": "Le contrôle aveugle annule la comparaison des œuvres et des témoins. Leurs longueurs "
    "diffèrent (AUC {auc}), et la longueur suffit à décider lesquels sont le plus reproduits. Aucun p n’est donné.",
    "extract.void.length.next": "Prenez des œuvres témoins aussi longues que les œuvres.",
}
