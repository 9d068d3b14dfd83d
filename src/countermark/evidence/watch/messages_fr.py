"""Ce que disent la page et le fil d’une veille, en français. Mêmes clés et mêmes champs que messages_en.

Les espaces insécables sont posées par `language.typeset`.
"""

from typing import Final

MESSAGES: Final = {
    "title": "Veille Countermark",
    "headline.none": "Rien n’a changé pour vos œuvres depuis la dernière recherche.",
    "headline.changed": "Depuis la dernière recherche : {new}, {gone}.",
    "headline.new.one": "{n} œuvre nouvellement trouvée",
    "headline.new.other": "{n} œuvres nouvellement trouvées",
    "headline.gone.one": "{n} qu’on ne retrouve plus",
    "headline.gone.other": "{n} qu’on ne retrouve plus",
    "second.one": "{corpus}, {now}, en regard de la {last}. {n} œuvre a été cherchée.",
    "second.other": "{corpus}, {now}, en regard de la {last}. {n} œuvres ont été cherchées.",
    "caution": (
        "Y figurer ne prouve pas qu’un modèle a été entraîné avec elles. Ne plus être trouvée veut dire : "
        "absente de ce qui a été parcouru de cette version ; cela n’efface pas les copies faites "
        "auparavant."
    ),
    "snapshot": "version du {date}",
    "snapshot.unknown": "version sans date",
    "corpus.unnamed": "jeu de données sans nom",
    "warn.unread.one": (
        "{n} fichier de cette version n’a pas pu être lu : {names}. On ne sait pas ce qui s’y trouve."
    ),
    "warn.unread.other": (
        "{n} fichiers de cette version n’ont pas pu être lus : {names}. On ne sait pas ce qui s’y trouve."
    ),
    "warn.unread.last.one": (
        "{n} fichier n’avait pas pu être lu lors de la dernière recherche : {names}. Ce qu’on y trouve "
        "aujourd’hui y figurait peut-être déjà."
    ),
    "warn.unread.last.other": (
        "{n} fichiers n’avaient pas pu être lus lors de la dernière recherche : {names}. Ce qu’on y trouve "
        "aujourd’hui y figurait peut-être déjà."
    ),
    "warn.rows.one": (
        "Dans cette version, {n} ligne ou fichier n’a pas été lu ; le rapport de la recherche dit pourquoi."
    ),
    "warn.rows.other": (
        "Dans cette version, {n} lignes ou fichiers n’ont pas été lus ; le rapport de la recherche dit "
        "pourquoi."
    ),
    "warn.incomplete": "L’une des deux recherches est inachevée. Tout ce qui suit est provisoire.",
    "warn.differing": (
        "Les deux recherches n’ont pas été faites avec les mêmes réglages ({names}). Ce qui apparaît ou "
        "disparaît peut en venir, sans que le jeu de données ait changé."
    ),
    "tokens.doubt.one": (
        "Dans cette version, les jetons de {n} fichier ou partie de fichier ont été lus avec le tokeniseur {name}, "
        "nommé par qui a demandé la recherche, mais un essai parle contre lui. S’ils ont été écrits, même en partie, "
        "avec un autre, ce qui y figure n’est pas trouvé : qu’une œuvre ne soit plus trouvée ne dit pas grand-chose."
    ),
    "tokens.doubt.other": (
        "Dans cette version, les jetons de {n} fichiers ou parties de fichiers ont été lus avec le tokeniseur {name}, "
        "nommé par qui a demandé la recherche, mais un essai parle contre lui. S’ils ont été écrits, même en partie, "
        "avec un autre, ce qui y figure n’est pas trouvé : qu’une œuvre ne soit plus trouvée ne dit pas grand-chose."
    ),
    "and.more.one": "et {n} autre",
    "and.more.other": "et {n} autres",
    "setting.index": "l’index des œuvres",
    "setting.controls": "les témoins",
    "setting.engine": "la version de Countermark",
    "setting.reader": "la colonne lue",
    "setting.reservations": "ce qui est lu des réserves",
    "setting.listening": "ce qui est écouté",
    "setting.embedding": "le modèle d’images",
    "setting.excerpts": "ce qui est conservé des documents",
    "setting.tokenizers": "le tokeniseur des jetons, ou la façon de le choisir",
    "works": "Vos œuvres",
    "works.count": "Œuvres",
    "works.meaning": "Depuis la dernière recherche",
    "works.caption": "Chaque œuvre relevée dans l’une des deux recherches compte une fois.",
    "newly-found": "Nouvellement trouvée",
    "newly-found.means": "trouvée dans cette version, et non dans la précédente",
    "first-looked-for": "Cherchée pour la première fois",
    "first-looked-for.means": "trouvée dans cette version ; non cherchée la dernière fois, ou servant alors de témoin",
    "no-longer-found": "N’est plus trouvée",
    "no-longer-found.means": (
        "trouvée dans la version précédente, et absente de ce qui a été parcouru de celle-ci"
    ),
    "not-looked-at": "Non examinée",
    "not-looked-at.means": (
        "trouvée dans la version précédente, dans des fichiers illisibles cette fois ; ou non cherchée "
        "cette fois"
    ),
    "changed": "Modifiée",
    "changed.means": "trouvée dans les deux, par d’autres passages ou dans d’autres documents",
    "moved": "Déplacée",
    "moved.means": "trouvée dans les deux, les mêmes passages à un autre endroit",
    "same": "Inchangée",
    "same.means": "trouvée dans les deux, au même endroit",
    "findings": "Relevés",
    "findings.count": "Relevés",
    "finding.new": "Nouveau",
    "finding.gone": "Non retrouvé",
    "finding.not-looked-at": "Non examiné",
    "finding.changed": "Modifié",
    "finding.moved": "Déplacé",
    "finding.same": "Inchangé",
    "shards": "Parties du jeu de données",
    "shards.same": "au contenu inchangé",
    "shards.changed": "au contenu modifié",
    "shards.renamed": "au même contenu sous un autre nom",
    "shards.new": "nouvelles",
    "shards.gone": "disparues",
    "filter": "Afficher",
    "filter.all": "tous les changements",
    "list": "Ce qui a changé, œuvre par œuvre",
    "list.none": "Aucun relevé ne diffère de la dernière recherche.",
    "list.shown": "Trois changements au plus sont montrés par œuvre ; changes.parquet les contient tous.",
    "work.author": "par {author}",
    "work.count.new.one": "{n} nouveau relevé",
    "work.count.new.other": "{n} nouveaux relevés",
    "work.count.gone.one": "{n} non retrouvé",
    "work.count.gone.other": "{n} non retrouvés",
    "work.count.not-looked-at.one": "{n} non examiné",
    "work.count.not-looked-at.other": "{n} non examinés",
    "work.count.changed.one": "{n} modifié",
    "work.count.changed.other": "{n} modifiés",
    "work.count.moved.one": "{n} déplacé",
    "work.count.moved.other": "{n} déplacés",
    "work.count.same.one": "{n} inchangé",
    "work.count.same.other": "{n} inchangés",
    "work.reserved.one": "Ce qui est réservé a changé pour {n} document.",
    "work.reserved.other": "Ce qui est réservé a changé pour {n} documents.",
    "work.rest.one": "Et {n} autre changement pour cette œuvre.",
    "work.rest.other": "Et {n} autres changements pour cette œuvre.",
    "works.rest.one": "Et {n} autre œuvre modifiée ; elle figure dans changes.json.",
    "works.rest.other": "Et {n} autres œuvres modifiées ; elles figurent dans changes.json.",
    "grade.identical": "Identique",
    "grade.copy": "Copie",
    "grade.identifier": "Identifiant",
    "grade.name": "Nom",
    "grade.resembles": "Ressemblance",
    "grade.shared": "Élément partagé",
    "why.new.file": "Le fichier ne figurait pas dans la version précédente.",
    "why.new.file-some-unread": "Le fichier ne figurait pas dans la version précédente.",
    "why.new.content": "Le fichier figurait déjà dans la version précédente, mais pas ce passage.",
    "why.new.rows-unread": (
        "Le fichier figurait déjà dans la version précédente, mais toutes ses lignes n’avaient pas pu être "
        "lues."
    ),
    "why.new.unread": (
        "Le fichier n’avait pas pu être lu lors de la dernière recherche : le passage y figurait peut-être "
        "déjà."
    ),
    "why.new.not-sought": (
        "L’œuvre n’était pas cherchée la dernière fois : le passage figurait peut-être déjà là."
    ),
    "why.new.control": "L’œuvre servait de témoin lors de la dernière recherche.",
    "why.gone.file": "Le fichier ne figure pas dans cette version.",
    "why.gone.file-some-unread": (
        "Le fichier ne figure pas dans cette version ; mais certains de ses fichiers n’ont pas pu être "
        "lus, et le passage s’y trouve peut-être."
    ),
    "why.gone.content": (
        "Le fichier figure aussi dans cette version ; ce passage est absent de ce qui en a été parcouru."
    ),
    "why.gone.rows-unread": (
        "Le fichier figure aussi dans cette version, mais toutes ses lignes n’ont pas pu être lues."
    ),
    "why.not-looked-at.unread": (
        "Le fichier n’a pas pu être lu cette fois : on ne sait pas si le passage s’y trouve."
    ),
    "why.not-looked-at.not-sought": "L’œuvre n’a pas été cherchée cette fois.",
    "why.not-looked-at.control": "L’œuvre sert de témoin cette fois.",
    "side.work": "Votre œuvre",
    "side.last": "La version précédente",
    "side.now": "Cette version",
    "withheld": "Rien de ce que dit le document n’a été conservé.",
    "where.shard": "fichier",
    "where.row": "ligne {row}, comptée à partir de 0",
    "where.byte": "octet {row}",
    "where.row.unknown": "ligne non connue",
    "where.url": "adresse",
    "where.id": "document",
    "where.date": "date",
    "where.span": "caractères {start} à {end}",
    "where.file": "fichier",
    "where.grade": "degré",
    "where.matched": "lettres qui concordent",
    "where.reserved": "réservé",
    "passage.tokens": "jetons {start} à {end} de la séquence {sequence}",
    "passage.fragment": "d’un document coupé à cet endroit",
    "passage.reserved.unknown": "rien n’est dit, ou rien de lisible",
    "where.finding": "relevé",
    "digests": "Ce qui a été comparé",
    "digest.last": "La dernière recherche",
    "digest.now": "Cette recherche",
    "rest": "Les fichiers",
    "rest.changes.parquet": "chaque relevé qui n’est plus comme il était, avec ses deux côtés",
    "rest.changes.json": "les nombres, et chaque œuvre où quelque chose a changé",
    "rest.feed": "la même chose sous forme de fil (Atom), qui s’allonge à chaque recherche",
    "rest.report": "le rapport de cette recherche seule : countermark report",
    "made": "Établi par Countermark {version}.",
    "page": "Page",
    "run": "Empreinte de la recherche : {digest}",
    "feed.title": "Countermark : {corpus}",
    "feed.subtitle": (
        "Ce qu’on trouve de vos œuvres dans chaque nouvelle version. Y figurer ne prouve pas qu’un modèle "
        "a été entraîné avec elles."
    ),
    "feed.entry": "{work} : {change}",
    "feed.where": "Où : {place}",
    "feed.more.one": "et {n} autre endroit",
    "feed.more.other": "et {n} autres endroits",
    "feed.rest.one": "Et {n} autre œuvre a changé",
    "feed.rest.other": "Et {n} autres œuvres ont changé",
    "feed.rest.where": (
        "Le fil n’a pas de place pour davantage ; watch/changes.json, dans cette recherche, les contient toutes."
    ),
    "feed.caution": "Ne plus être trouvée veut dire : absente de ce qui a été parcouru de cette version.",
}
