"""Les phrases communes à toutes les pages d’étude, et celles des tests de pièges, en français.

Mêmes clés et mêmes champs que messages_en. Les espaces insécables sont posées par `typeset`.
"""

MESSAGES = {
    "title": "Countermark : étude d’un modèle",
    "header": "Étude d’un modèle",
    "figure.more": "plus de {least}",
    "run": "Plan {digest}",
    "page": "page",
    "contents": "Sommaire",
    "grade.A": "Niveau A : preuve",
    "grade.B": "Niveau B : reproduction",
    "grade.none": "Aucun niveau",
    "grade.void": "Comparaison nulle",
    "grade.A.means": "Un p exact. Il ne suppose rien du modèle, car ce qui a été publié avait été tiré au sort.",
    "grade.B.means": "La probabilité exacte que le modèle continue un texte mot pour mot. C’est un fait qui "
    "concerne le modèle. Ce n’est pas une preuve de la façon dont le texte lui est parvenu.",
    "grade.none.means": "Rien ici ne peut être appelé preuve ni reproduction.",
    "grade.void.means": "Aucun p n’est donné. Ce qui suit sur chaque œuvre, ce sont des probabilités, et non une "
    "comparaison.",
    "grade.others": "Countermark distingue trois niveaux et ne les mêle pas : A, la preuve par un tirage que l’on a "
    "fait soi-même ; B, la reproduction mot pour mot ; C, l’indice, qui n’est jamais présenté comme une preuve.",
    "not": "Ce que cela ne montre pas",
    "hosted": "Le modèle tournait sur la machine d’un tiers. Celui-ci a vu tout ce qui a été demandé et peut le "
    "garder. Si le service fait aussi des recherches, lisez « le modèle, ou ce que son service consulte ».",
    "null": "L’hypothèse nulle, en une phrase",
    "asked": "Ce qui a été demandé, et sur combien",
    "asked.lead": "Chaque question était fixée dans le plan avant que la première soit posée. Les questions sans "
    "réponse, les refus et les échecs sont comptés comme le reste.",
    "count": "Nombre",
    "what": "Quoi",
    "counted.asked": "Questions envoyées, répétitions comprises",
    "counted.answered": "Questions qui ont reçu une réponse",
    "counted.again": "Renvoyées après un échec ou une interruption",
    "counted.refused": "Questions dont une réponse est un refus",
    "counted.failures": "Tentatives qui ont échoué",
    "model": "Le modèle, et si l’on peut croire son pilote",
    "model.name": "Nom",
    "model.digest": "Empreinte de ses poids",
    "model.digest.none": "inconnue : on n’a que son adresse",
    "model.driver": "Pilote",
    "model.address": "Adresse",
    "model.here": "poids sur la machine qui a fait l’étude",
    "model.date": "Date du modèle, selon l’utilisateur",
    "model.statement": "Ce que l’utilisateur dit des modèles",
    "model.reference": "Modèle plus ancien",
    "model.reference_date": "Sa date, selon l’utilisateur",
    "model.noise": "Bruit de mesure",
    "model.noise.said": "un même texte pesé deux fois : un jeton diffère d’au plus {noise} en log-probabilité",
    "model.noise.none": "non indiqué",
    "model.compared": "Jetons comparés entre écriture et relecture",
    "test.lead.one": "Avant toute question, {n} vérification du pilote a été faite, et elle a réussi. Un pilote qui "
    "échoue n’est pas employé.",
    "test.lead.other": "Avant toute question, {n} vérifications du pilote ont été faites, et toutes ont réussi. Un "
    "pilote qui échoue n’est pas employé.",
    "test.none": "Le résultat ne nomme aucune vérification du pilote.",
    "test.name": "Vérification",
    "test.seen": "Ce qui a été vu (dans les mots du pilote, en anglais)",
    "test.untested": "N’a pas pu être vérifié :",
    "digests": "Empreintes",
    "digest.plan": "Plan",
    "digest.result": "Résultat",
    "digest.head": "Dernière ligne du journal ({lines} lignes, chaînées)",
    "digest.times": "Première et dernière ligne du journal, selon l’horloge de la machine (UTC)",
    "digest.lead": "L’empreinte du plan fixe ce qui est demandé et comment on en juge. Un horodatage de cette "
    "empreinte, fait ailleurs, montre que tout était fixé avant.",
    "check": "Vérifiez vous-même",
    "check.lead": "Ces commandes n’ont pas besoin de Countermark, sauf là où elles le nomment.",
    "check.result": "L’empreinte du résultat. Elle doit être celle qui figure plus haut.",
    "check.plan": "L’empreinte du plan, sur son propre JSON canonique. Elle doit être celle qui figure plus haut.",
    "check.log": "L’empreinte de la dernière ligne du journal ; chaque ligne contient celle de la ligne précédente.",
    "check.rank": "Le p d’une œuvre est le rang de la version publiée, divisé par le nombre de candidates. Les deux "
    "figurent plus haut.",
    "check.again": "Avec la clé, chacun peut tirer de nouveau les candidates et interroger de nouveau le modèle. "
    "Les conclusions doivent être les mêmes.",
    "check.again.ids": "Chacun peut refaire les mêmes identifiants et interroger de nouveau le modèle. Les "
    "conclusions doivent être les mêmes.",
    "check.window": "Un passage : donnez au modèle les caractères {start} à {border} du texte de SHA-256 {digest}, "
    "et additionnez les log-probabilités des jetons qui suivent, jusqu’au caractère {end}. Divisée par ln 10, la "
    "somme vaut {value}.",
    "rest": "Fichiers de l’étude",
    "rest.plan": "ce qui était fixé avant : du JSON, avec sa propre empreinte",
    "rest.result": "tous les chiffres de cette page",
    "rest.run": "les empreintes, et le nombre de questions",
    "rest.log": "chaque question et chaque réponse, échecs compris ; chaque ligne contient l’empreinte de la "
    "précédente",
    "rest.texts": "les textes des œuvres tels qu’ils ont été lus : ils sont à vous, et privés",
    "made": "Fait avec Countermark {version}. La page ne demande rien au réseau et n’exécute aucun script.",
    "more": "{n} autres figurent dans result.json.",
    "trap.yes": "Le modèle sait quelque chose que seules les copies publiées pouvaient révéler.",
    "trap.rejected": "Rejetées :",
    "trap.yes.ids": "Le modèle sait quelque chose d’identifiants qui figurent dans ces œuvres.",
    "trap.none": "Rien n’est montré.",
    "trap.yes.second": "Hypothèses nulles rejetées : {rejected} sur {claims}, au seuil {alpha} pour l’ensemble "
    "(Holm). La version publiée avait été tirée au sort : pour chaque ligne nommée ici, le modèle a donc reçu au "
    "moins une de ses copies, ou un texte qui en est tiré.",
    "trap.yes.second.ids": "Hypothèses nulles rejetées : {rejected} sur {claims}, au seuil {alpha} pour l’ensemble "
    "(Holm). Si chaque chaîne a été tirée uniformément dans son format, le modèle a reçu au moins une chaîne de "
    "chaque ligne nommée ici, dans ces œuvres ou ailleurs.",
    "trap.none.second": "Hypothèses nulles rejetées : aucune sur {claims}, au seuil {alpha} pour l’ensemble (Holm). "
    "Cela ne montre pas que les œuvres sont inconnues du modèle.",
    "trap.null": "Le modèle ignore quelle candidate a été publiée. Elle avait été tirée au sort, donc chacun de ses "
    "rangs parmi les candidates a la même probabilité.",
    "trap.null.ids": "Le modèle ignore ces chaînes. Chacune a été tirée uniformément dans son format, donc chacun "
    "de ses rangs parmi des chaînes nouvelles du même format a la même probabilité. Le tirage uniforme est ici une "
    "supposition.",
    "trap.not.1": "Qui a fourni le texte au modèle, et par quelle voie.",
    "trap.not.2": "S’il y avait une licence ou une exception.",
    "trap.not.3": "D’un modèle dont le service fait des recherches : si c’est le modèle qui sait, ou ce que son "
    "service consulte.",
    "trap.not.4": "Là où rien n’est rejeté : que l’œuvre est inconnue du modèle. Rien n’est montré, pas même cela.",
    "trap.not.ids": "Où le modèle a rencontré la chaîne : elle peut figurer ailleurs aussi.",
    "claims": "Ce qui est affirmé",
    "claims.lead.one": "Le plan fixe {n} hypothèse nulle, et que le score {statistic} décide. L’autre score sert de "
    "comparaison et ne décide rien.",
    "claims.lead.other": "Le plan fixe {n} hypothèses nulles, et que le score {statistic} décide. L’autre score "
    "sert de comparaison et ne décide rien. L’ajustement de Holm tient à {alpha} le risque d’un seul rejet à tort "
    "parmi toutes.",
    "statistic.residualised": "résiduel",
    "statistic.raw": "brut",
    "claim": "Hypothèse",
    "claim.channel": "Canal {channel}, toutes les œuvres ensemble",
    "claim.work": "{title}, canal {channel}",
    "claim.draws": "Tirages",
    "claim.p": "p",
    "claim.holm": "Après Holm",
    "claim.other": "Avec l’autre score",
    "claim.result": "Décision",
    "claim.open": "rien n’est montré",
    "claim.drawn.one": "{what} : sur {draws} nouveaux tirages au sort de ce qui serait publié, le hasard a atteint "
    "{n} fois le score du modèle. Avec le tirage qui a vraiment eu lieu, p = {more} / {total}.",
    "claim.drawn.other": "{what} : sur {draws} nouveaux tirages au sort de ce qui serait publié, le hasard a "
    "atteint {n} fois le score du modèle. Avec le tirage qui a vraiment eu lieu, p = {more} / {total}.",
    "claim.all.one": "{what} : sur les {draws} façons dont le tirage pouvait tomber, seule celle qui a eu lieu "
    "donne un score aussi élevé. p = {n} / {draws}.",
    "claim.all.other": "{what} : sur les {draws} façons dont le tirage pouvait tomber, {n} donnent un score au "
    "moins aussi élevé. p = {n} / {draws}.",
    "e": "Sur plusieurs tests",
    "e.lead": "Une e-valeur, c’est ce qu’est devenu un pari équitable contre l’hypothèse nulle, parti de 1. À "
    "partir de {bound}, elle rejette ici : le nombre d’hypothèses ({claims}) divisé par le seuil ({alpha}). Si "
    "aucun tirage n’est commun, les e-valeurs des tests se multiplient ; on peut regarder le produit après chaque "
    "test et s’arrêter quand on veut. Si des tirages sont communs, seule leur moyenne vaut, et seulement sur tous "
    "les tests faits, si leur nombre n’a pas été choisi d’après leur issue : il n’est pas permis de s’arrêter à "
    "une moyenne élevée.",
    "e.this": "e-valeur de ce test",
    "e.tests": "Tests",
    "e.over": "Sur tous",
    "e.product": "produit : aucun tirage n’est commun",
    "e.mean": "moyenne : des tirages sont communs",
    "e.alone": "aucun test antérieur nommé",
    "e.yes": "rejetée pour au moins un des modèles testés",
    "e.no": "non rejetée",
    "works": "Œuvre par œuvre",
    "trap.works.lead": "Chaque barre réunit toutes les candidates d’une œuvre, les plus familières au modèle à "
    "gauche. Le repère est la version publiée. Sous l’hypothèse nulle, il peut tomber partout avec la même "
    "probabilité : la partie pleine est donc le p.",
    "trap.works.not": "Le plan ne porte que sur des canaux entiers. Le p d’une seule œuvre décrit, et n’affirme "
    "rien.",
    "trap.rank": "Sur {n} candidates également probables, le modèle met la version publiée au {rank} rang des plus "
    "familières. Le hasard fait aussi bien dans {k} cas sur {n}.",
    "trap.rank.first": "Sur {n} candidates également probables, la version publiée est la plus familière de toutes "
    "au modèle. Le hasard fait aussi bien dans 1 cas sur {n}.",
    "trap.p": "p = {p} avec le score {statistic}, {other} avec l’autre ; à {z} écarts-types de la moyenne des "
    "candidates.",
    "trap.spread": "À quel point les candidates sont familières au modèle : plus une barre est haute, plus il y a "
    "de candidates, sur {n}, qui ont ce score. Le trait marque la version publiée, à {z} écarts-types.",
    "trap.least": "moins familière",
    "trap.most": "plus familière",
    "trap.first": "rang 1",
    "trap.last": "rang {at}",
    "trap.here": "publiée : rang {rank}",
    "trap.facts.channel": "canal {channel}",
    "trap.facts.form": "{form}",
    "trap.facts.holm": "après Holm {adjusted}",
    "trap.facts.rejected": "rejetée",
    "trap.facts.open": "rien n’est montré",
    "table.works": "Toutes les œuvres",
    "table.work": "Œuvre",
    "table.channel": "Canal",
    "table.rank": "Rang",
    "table.of": "Sur",
    "table.p": "p",
    "table.other": "p avec l’autre score",
    "table.z": "Écarts-types depuis la moyenne",
    "asked.works": "Œuvres",
    "asked.channels": "Canaux",
    "asked.draws": "Tirages (œuvres × canaux)",
    "asked.candidates": "Candidates, dont les versions publiées",
    "asked.ranked": "Candidates classées",
    "asked.burnt": "Écartées : montrées auparavant à un modèle hébergé (brûlées)",
    "asked.questions": "Questions du plan (commune à deux tirages, une question compte deux fois)",
    "asked.claims": "Hypothèses nulles",
    "asked.background": "Textes de fond, pour le score résiduel",
    "asked.redraws": "Nouveaux tirages pour un p d’ensemble",
    "could": "Ce que ce plan pouvait montrer",
    "could.lead": "Calculé d’après le plan seul, donc fixé avant la première réponse. L’effet dit de combien "
    "d’écarts-types, en moyenne, une version publiée dépasse les autres. La puissance est la probabilité d’un "
    "rejet si l’effet est réel.",
    "could.channel": "Canal",
    "could.draws": "Œuvres",
    "could.least": "Plus petit p possible",
    "could.power": "Puissance pour un effet de {effect}",
    "could.never": "ne peut être rejetée",
    "could.works": "Œuvres qui ne peuvent passer seules, même au rang 1 : {poor} sur {works}.",
    "grade.B.means.ask": "Des mots d’une œuvre que le modèle a donnés, dans le même ordre, en réponse à des invites "
    "fixées d’avance. C’est un fait qui concerne ces réponses. Ce n’est pas une preuve de la façon dont le texte "
    "est parvenu au modèle.",
    "form.variants": "variantes rédactionnelles",
    "form.passphrase": "phrase de passe",
    "form.photo-credit": "crédit photo",
    "form.archive-reference": "cote d’archives",
    "form.further-reading": "lecture conseillée",
    "form.letter-reference": "référence de courrier",
    "claim.rejected.one": "rejetée : le modèle a reçu cette copie, ou un texte qui en est tiré",
    "claim.rejected.other": "rejetée : le modèle a reçu au moins une de ces copies, ou un texte qui en est tiré ; "
    "laquelle, cette ligne ne le dit pas",
    "claim.rejected.ids.one": "rejetée : le modèle a reçu cette chaîne",
    "claim.rejected.ids.other": "rejetée : le modèle a reçu au moins une de ces chaînes ; laquelle, cette ligne ne "
    "le dit pas",
}
