"""Les phrases de la page d’une étude par questions, en français. Mêmes clés et mêmes champs qu’asking_en."""

MESSAGES = {
    "who": "le modèle",
    "who.searches": "le modèle ou le système qui le sert",
    "ask.exact.headline": "Une copie publiée, ou ce qui en a été fait, figurait dans ce qu’a reçu {who}.",
    "ask.exact.headline.none": "Les tests exacts ne montrent rien.",
    "ask.exact.second": "Conclusions exactes montrées : {shown} sur {claims}, au seuil {alpha} pour l’ensemble "
    "(Holm). Elles ne reposent que sur les tirages de la clé et n’ont pas besoin d’œuvres témoins.",
    "ask.headline.recited.one": "{who} récite des passages de {n} œuvre.",
    "ask.headline.recited.other": "{who} récite des passages de {n} œuvres.",
    "ask.headline.beyond.one": "Les réponses contiennent plus de {n} œuvre que des œuvres témoins.",
    "ask.headline.beyond.other": "Les réponses contiennent plus de {n} œuvres que des œuvres témoins.",
    "ask.headline.none": "Aucun long passage d’une œuvre ne figure dans les réponses.",
    "ask.second": "Œuvres sur lesquelles on a interrogé : {works}, avec {answers} réponses. Œuvres dont une réponse "
    "contient au moins {run} mots de suite, hors citations publiques : {recited}.",
    "ask.second.beyond": "Au-delà de {controls} œuvres témoins, au seuil {alpha} après Holm : {beyond}.",
    "ask.not_shown.1": "De quelle copie de l’œuvre vient le texte, et qui l’a fournie.",
    "ask.not_shown.2": "S’il y avait une licence ou une exception.",
    "ask.not_shown.3": "Des œuvres sans longue suite : que le modèle ne les connaît pas. L’absence de récitation ne "
    "montre rien.",
    "ask.not_shown.4": "Combien de fois des utilisateurs rencontreraient une telle réponse : les invites sont "
    "celles du plan.",
    "ask.not_shown.search": "Si le texte vient du modèle lui-même ou de ce que son service consulte.",
    "ask.exact.not_shown.1": "Qui a fourni une copie ; d’une conclusion sur un canal entier, de laquelle de ses "
    "copies il s’agit ; et s’il y avait une licence ou une exception.",
    "ask.exact.not_shown.2": "Que d’autres œuvres figuraient dans ce dont le modèle a appris.",
    "ask.exact.not_shown.3": "D’une conclusion non montrée : qu’aucune copie n’y figurait. L’absence ne montre "
    "rien.",
    "ask.searches": "Le modèle peut faire des recherches. Ce qui est montré l’est du modèle ou du système qui le "
    "sert.",
    "ask.searches.assumed": "Le modèle est derrière une adresse et, pour ce que l’on en sait, peut faire des "
    "recherches. Ce qui est montré l’est du modèle ou du système qui le sert.",
    "ask.few": "Il y a {controls} œuvres témoins. Au moins {recommended} sont recommandées : avec moins, aucun p de "
    "0,01 n’est possible.",
    "ask.incomplete.one": "Il manque une réponse à {n} œuvre témoin. Elle compte comme plus grande que toute œuvre.",
    "ask.incomplete.other": "Il manque une réponse à {n} œuvres témoins. Chacune compte comme plus grande que toute "
    "œuvre.",
    "ask.burnt": "Les versions ont été montrées à {to}. Elles sont brûlées, et le registre le dit.",
    "ask.null": "Les réponses ne contiennent pas plus de cette œuvre que les réponses sur les témoins n’en "
    "contiennent des leurs : la place de sa plus longue suite parmi les leurs est due au hasard.",
    "ask.assumption": "L’œuvre et les témoins sont échangeables : si le modèle n’en connaissait aucun, tous les "
    "ordres de leurs plus longues suites seraient également probables. D’autres auteurs, époques, genres ou "
    "longueurs rompent cela, et aucun chiffre d’ici ne peut le prouver.",
    "ask.exact.null": "Pour les tests exacts : rien de ce qu’a reçu le modèle ou le système qui le sert ne dépend "
    "des tirages de la clé. Aucune copie publiée, ni rien de ce qui en a été fait, n’y figurait.",
    "ask.exact.bound": "Le hasard émet un texte aléatoire avec une probabilité d’au plus réponses × places / nombre "
    "de textes possibles. Reconnaître au hasard la version publiée parmi k suit la loi binomiale de paramètre 1/k. "
    "Les deux valent quoi que fasse le modèle et quoi qu’il préfère.",
    "ask.rules": "Passages donnés de chaque œuvre : {passages}, de {words} mots, dans chaque formulation du plan. "
    "Réponses à chaque invite : une avec les mots les plus probables, et à la température 1 : {samples} ; d’au "
    "plus {tokens} jetons chacune. Une suite de {run} mots est longue ; des blocs de {block} mots font la part "
    "quasi mot pour mot.",
    "ask.works.lead": "Une suite, ce sont des mots qui figurent dans une réponse et dans l’œuvre, dans le même "
    "ordre et sans lacune. Ce que l’invite avait donné ne compte pas.",
    "ask.decision.not-asked": "Aucune question n’a reçu de réponse",
    "ask.decision.nothing-found": "Rien trouvé. Cela ne montre rien de ce que le modèle a appris",
    "ask.decision.recited": "Récitée : une suite d’au moins {run} mots. Un fait de ces réponses, et rien de plus",
    "ask.decision.beyond-controls": "Plus que les œuvres témoins",
    "ask.decision.recited-beyond-controls": "Récitée, et plus que les œuvres témoins",
    "ask.count.asked.one": "{n} réponse demandée",
    "ask.count.asked.other": "{n} réponses demandées",
    "ask.count.answered": "reçues : {n}",
    "ask.count.empty": "vides : {n}",
    "ask.count.refused": "refusées : {n}",
    "ask.count.ended-otherwise": "terminées autrement : {n}",
    "ask.count.failed": "manquées : {n}",
    "ask.longest": "La plus longue suite hors citations publiques a {outside} mots ; avec les citations, {longest}.",
    "ask.long": "Suites d’au moins {run} mots : {runs}, dans {holding} réponses sur {asked}.",
    "ask.near": "Quasi mot pour mot, second chiffre qui ne décide rien : au plus {words} mots d’une réponse "
    "({share}).",
    "ask.floor": "La manière de l’auteur donne un plancher : face à d’autres œuvres du même auteur ({works}), les "
    "mêmes réponses ont une plus longue suite de {longest} mots.",
    "ask.p.one": "Parmi {m} œuvres, celle-ci et {controls} témoins, aucune autre n’a de suite aussi longue. Si "
    "elles sont échangeables, le hasard la met en tête dans {n} cas sur {m} : p = {p}, après Holm sur les œuvres "
    "{held}.",
    "ask.p.other": "Parmi {m} œuvres, celle-ci et {controls} témoins, {n} ont une suite au moins aussi longue, elle "
    "comprise. Si elles sont échangeables, le hasard fait aussi bien dans {n} cas sur {m} : p = {p}, après Holm "
    "sur les œuvres {held}.",
    "ask.dots": "Plus longue suite hors citations : cette œuvre (losange, {words} mots) parmi {controls} œuvres "
    "témoins (anneaux), dont la plus longue a {most}.",
    "ask.dots.words.one": "{n} mot",
    "ask.dots.words.other": "{n} mots",
    "ask.best": "La réponse à la plus longue suite, qui est soulignée : {words} mots. Dans l’œuvre, ils sont aux "
    "caractères {start} à {end}.",
    "ask.template": "Formulation de l’invite",
    "ask.template.plain": "le passage seul",
    "ask.template.named": "titre, auteur et passage",
    "ask.template.continue": "« continuez », et le passage",
    "ask.template.answers": "Réponses",
    "ask.template.longest": "Plus longue suite hors citations, en mots",
    "ask.controls.lead": "On a interrogé sur elles avec les mêmes invites, mêlées à celles des œuvres dans un seul "
    "ordre tiré au sort.",
    "ask.controls.missing": "Refusées, vides ou manquées",
    "ask.controls.long": "Longues suites",
    "exact": "Les tests exacts",
    "ask.exact.lead": "Ce qui est aléatoire ici, c’est le tirage de la clé. Rien n’est supposé du modèle, et toutes "
    "les conclusions sont décidées ensemble (Holm).",
    "ask.claim.suffix": "Canal {channel}, textes aléatoires émis",
    "ask.claim.choice": "Canal {channel}, version publiée reconnue",
    "ask.plain.suffix": "Sur {many} textes aléatoires qui ne figurent que dans des copies publiées, les réponses en "
    "contiennent {k}. Le hasard en émet autant ou plus avec une probabilité d’au plus {p}.",
    "ask.plain.choice": "Sur {many} questions à {versions} versions, la version publiée a été reconnue dans {k}. "
    "Qui devine en reconnaît autant ou plus avec la probabilité {p}.",
    "ask.others": "Comptées comme fausses : sans lettre {no_letter}, refusées {refused}, vides {empty}, manquées "
    "{failed}.",
    "ask.of": "{k} sur {of}",
    "ask.found": "Trouvés",
    "ask.shown": "montré : une copie publiée, ou ce qui en a été fait, figurait dans ce qu’a reçu {who}",
    "ask.asked.work": "Œuvres",
    "ask.asked.control": "Œuvres témoins",
    "ask.asked.work.answers": "Réponses sur les œuvres : {kind}",
    "ask.asked.control.answers": "Réponses sur les œuvres témoins : {kind}",
    "ask.kind.asked": "demandées",
    "ask.kind.answered": "reçues",
    "ask.kind.empty": "vides",
    "ask.kind.refused": "refusées",
    "ask.kind.ended-otherwise": "terminées autrement",
    "ask.kind.failed": "manquées",
    "ask.asked.suffix": "Textes aléatoires recherchés",
    "ask.asked.outputs": "Réponses où on les a cherchés",
    "ask.asked.choice": "Questions à choix multiple",
    "ask.asked.exact_left_out": "Écartés des tests exacts (déjà montrés, ou sans texte aléatoire)",
    "reason.too-short": "écarté : trop court pour ses passages",
    "reason.no-random-text": "écarté : pas de texte aléatoire",
    "reason.shown-before": "écarté : déjà montré à un modèle hébergé",
}
