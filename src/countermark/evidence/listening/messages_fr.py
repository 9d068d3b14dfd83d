"""Les phrases du rapport sur des enregistrements en français, là où elles diffèrent de celles sur des textes."""

from countermark.evidence.report.messages_fr import MESSAGES as OF_TEXTS

MESSAGES = OF_TEXTS | {
    "title": "Rapport Countermark sur des enregistrements",
    "headline.one": "Votre œuvre s’entend dans ce jeu de données, entière ou en partie : {corpus} ({snapshot}).",
    "headline.other": (
        "{found} de vos {n} œuvres s’entendent dans ce jeu de données, entières ou en partie : {corpus} ({snapshot})."
    ),
    "headline.none.one": "Votre œuvre n’a pas été trouvée dans ce qui a été parcouru : {corpus} ({snapshot}).",
    "headline.none.other": (
        "Aucune de vos {n} œuvres n’a été trouvée dans ce qui a été parcouru : {corpus} ({snapshot})."
    ),
    "headline.tracks": "Pistes où l’on en entend quelque chose : {tracks} sur les {searched} parcourues.",
    "headline.records": (
        "Pistes où l’on en entend quelque chose : {tracks} ; enregistrements qui s’y trouvaient : {searched}."
    ),
    "nothing": (
        "Aucun enregistrement n’a pu être lu, rien n’a donc été parcouru. « Ce qui a été parcouru, et ce qui n’a pas "
        "pu être lu » dit pourquoi."
    ),
    "alarm.one": (
        "{n} œuvre témoin sur {controls} a été trouvée, alors qu’elle ne peut pas être là. C’est une fausse alerte : "
        "lisez « Combien de fois l’outil se trompe » avant de vous fier à un relevé isolé."
    ),
    "alarm.other": (
        "{n} œuvres témoins sur {controls} ont été trouvées, alors qu’elles ne peuvent pas être là. Ce sont de "
        "fausses alertes : lisez « Combien de fois l’outil se trompe » avant de vous fier à un relevé isolé."
    ),
    "status.found": "Entendue, entière ou en partie",
    "status.free-licence": "Entendue, et libre de copie : domaine public ou licence ouverte",
    "status.shared-only": "Seulement un son commun à plusieurs œuvres : non comptée",
    "status.resembles-only": "Seulement une ressemblance, un indice : non comptée",
    "status.identifier-only": "Seul un identifiant concorde : non comptée",
    "status.name-only": "Seul un titre ou un nom concorde : non comptée",
    "amount": "Enregistrements de vos œuvres trouvés : {found} sur {recordings}. Œuvres revendiquées : {claimed}.",
    "claimed.gloss": (
        "« Revendiqué » veut dire : compté comme propre à l’œuvre. N’en sont pas les sons communs à plusieurs œuvres, "
        "tels qu’une boucle, ni les ressemblances, ni les œuvres libres de copie. C’est un compte, non un avis "
        "juridique."
    ),
    "works.lead": (
        "Chaque relevé montre votre enregistrement et la piste du jeu de données où on l’entend. Les bandes sont les "
        "deux en entier, du début à la fin ; les parties éclairées concordent. En dessous, les deux peuvent s’écouter "
        "et se voir ensemble."
    ),
    "works.shown.one": "{n} œuvre est montrée ici.",
    "works.shown.other": "{n} œuvres sont montrées ici.",
    "works.rest.one": "{n} autre œuvre dont quelque chose a été trouvé est dans works.parquet.",
    "works.rest.other": "{n} autres œuvres dont quelque chose a été trouvé sont dans works.parquet.",
    "works.private": (
        "Cette page contient des extraits de vos enregistrements et de ceux qui ont été trouvés. Qui reçoit la page "
        "les reçoit aussi."
    ),
    "works.sounds": (
        "Les extraits de cette page sont de petites copies (Opus, mono, 20 secondes au plus). Les deux côtés sont "
        "amenés à la même sonie moyenne (UIT-R BS.1770), pour qu’aucun ne paraisse meilleur d’être plus fort ; rien "
        "d’autre n’en est changé. Le dossier de la recherche garde des extraits plus longs, sans perte."
    ),
    "work.findings.one": "{n} relevé",
    "work.findings.other": "{n} relevés",
    "work.records.one": "dans {n} enregistrement du jeu de données",
    "work.records.other": "dans {n} enregistrements du jeu de données",
    "work.assets": "enregistrements trouvés : {found} sur {n}",
    "work.best": "La piste qui en contient le plus en contient {share}.",
    "work.shared": "De cette œuvre, seul un son commun a été trouvé. Rien n’en est revendiqué.",
    "work.rest.one": "Un autre relevé de cette œuvre : dans recordings.parquet (work_id {work}).",
    "work.rest.other": "{n} autres relevés de cette œuvre : dans recordings.parquet (work_id {work}).",
    "found": "Relevé {n}",
    "heard.matched": "{matched} sur les {whole} de votre enregistrement, soit {share}",
    "heard.matched.of_unknown": "{matched} de votre enregistrement",
    "hint.matched": "une ressemblance sur {matched} des {whole} de votre enregistrement, soit {share}",
    "hint.matched.of_unknown": "une ressemblance sur {matched} de votre enregistrement",
    "heard.pitch": "hauteur {shift} demi-tons",
    "heard.pitch.same": "hauteur inchangée",
    "heard.tempo.faster": "plus rapide de {share}",
    "heard.tempo.slower": "plus lent de {share}",
    "heard.tempo.same": "tempo inchangé",
    "heard.speed": "hauteur et tempo vont ensemble, comme d’une bande qui tourne à une autre vitesse",
    "heard.fills": "{share} de la piste",
    "heard.inliers.one": "{n} pic du spectre concorde",
    "heard.inliers.other": "{n} pics du spectre concordent",
    "heard.agreement": "concordance d’ensemble {value} sur 1",
    "heard.commonness.one": "dans cette seule œuvre du catalogue",
    "heard.commonness.other": "le même passage s’entend dans {n} œuvres du catalogue",
    "heard.copies.one": "ce même fichier a été trouvé à {n} endroit",
    "heard.copies.other": "ce même fichier a été trouvé à {n} endroits",
    "heard.place": "partie concordante",
    "heard.place.said": "de {start} à {end}",
    "heard.place.of": " sur {whole}",
    "heard.caption": "à côté",
    "heard.track": "piste",
    "heard.track.said": "piste sonore {track} du fichier, comptée à partir de 0",
    "unheard": "un nom ou un identifiant a été comparé, aucun enregistrement",
    "unheard.unconfirmed": "rien n’a été confirmé : écoutez l’enregistrement dans le jeu de données",
    "chance.few": (
        "Dans une recherche de cette taille, le hasard fait attendre {expected} relevé aussi fort que celui-ci."
    ),
    "chance.many": (
        "Dans une recherche de cette taille, le hasard fait attendre {expected} relevés aussi forts que celui-ci."
    ),
    "chance.least": (
        "Dans une recherche de cette taille, le hasard fait attendre moins de {expected} relevé aussi fort que "
        "celui-ci."
    ),
    "chance.unknown": "Le nombre de relevés aussi forts à attendre du hasard n’a pas été noté.",
    "place.folder": "dossier",
    "strip.asset": "Votre enregistrement, {whole}",
    "strip.record": "La piste du jeu de données, {whole}",
    "strip.asset.plain": "Votre enregistrement",
    "strip.record.plain": "La piste du jeu de données",
    "strip.label": "Ce qui concorde des deux, relié : {words}.",
    "sound.work": "Votre enregistrement",
    "sound.record": "Dans le jeu de données, tel quel",
    "sound.undone": "Dans le jeu de données, hauteur et tempo rétablis",
    "sound.play.work": "Écouter votre enregistrement",
    "sound.play.record": "Écouter l’enregistrement du jeu de données",
    "sound.play.undone": "Écouter l’enregistrement du jeu de données, hauteur et tempo rétablis",
    "sound.withheld.record": (
        "Le dossier de la recherche ne contient pas d’extrait de cette piste (excerpts/) : il a été retenu ou retiré. "
        "Seuls les chiffres et les lieux sont donc montrés."
    ),
    "sound.withheld.work": (
        "Le dossier de la recherche ne contient pas d’extrait de cette piste (excerpts/) : il a été retenu ou retiré. "
        "Seuls les chiffres et les lieux sont donc montrés."
    ),
    "sound.declined.work": (
        "Le dossier de la recherche ne garde pas de copie de votre enregistrement (works/) : seul le côté du jeu de "
        "données peut s’écouter."
    ),
    "sound.changed.work": (
        "Le fichier gardé comme copie de votre enregistrement n’a pas le SHA-256 qu’indique pour lui le catalogue de "
        "cette recherche ; il ne peut s’écouter."
    ),
    "sound.unreadable.record": "L’extrait de la piste ne peut pas être décodé ici et ne peut s’écouter.",
    "sound.unreadable.work": "La copie de votre enregistrement ne peut pas être décodée ici et ne peut s’écouter.",
    "sound.full": "Non à l’écoute ici, pour que cette page reste légère ; l’extrait est dans excerpts/.",
    "sound.printed": "Les extraits s’écoutent sur la page elle-même, non sur le papier.",
    "desk": "Les deux ensemble",
    "desk.play": "Écouter les deux ensemble",
    "desk.pause": "Pause",
    "desk.which": "Quel côté s’entend",
    "desk.work": "Le vôtre seul",
    "desk.both": "Les deux",
    "desk.record": "La piste seule",
    "desk.mix": "Fondu du vôtre à la piste",
    "desk.mix.said": "la piste à {n} pour cent",
    "desk.seek": "Position",
    "desk.undo": "Rétablir hauteur et tempo",
    "desk.note": (
        "Ensemble, la piste du jeu de données est jouée au tempo du vôtre ; son propre lecteur, au-dessus, la "
        "joue telle quelle."
    ),
    "plot.work": "Votre enregistrement",
    "plot.record": "La piste du jeu de données",
    "plot.told.one": (
        "Des {peaks} pics les plus forts de votre extrait, {n} concorde avec un de la piste, une fois hauteur et tempo "
        "rétablis"
    ),
    "plot.told.other": (
        "Des {peaks} pics les plus forts de votre extrait, {n} concordent avec un de la piste, une fois hauteur et "
        "tempo rétablis"
    ),
    "plot.told.displaced.one": (
        "Des {peaks} pics les plus forts de votre extrait, {n} concorde avec un de la piste, une fois hauteur et tempo "
        "rétablis ; en décalant de quelques secondes, le hasard en donnerait {displaced}"
    ),
    "plot.told.displaced.other": (
        "Des {peaks} pics les plus forts de votre extrait, {n} concordent avec un de la piste, une fois hauteur et "
        "tempo rétablis ; en décalant de quelques secondes, le hasard en donnerait {displaced}"
    ),
    "plot.alt": (
        "Deux spectrogrammes l’un au-dessus de l’autre, de 200 Hz à 5 kHz : en haut votre enregistrement de "
        "{work_start} à {work_end}, en bas la piste de {record_start} à {record_end}. {told}."
    ),
    "plot.legend.same": "un pic des deux",
    "plot.legend.other": "un pic d’un seul côté",
    "hints": "Ressemblances : des indices, non des copies relevées",
    "hints.lead": (
        "La même mélodie ou la même harmonie semble jouée dans un autre enregistrement. Une ressemblance est un indice "
        "à écouter, et rien de plus : les tournures courantes de mélodie et d’harmonie sont à tout le monde. Rien "
        "n’est revendiqué ici, et personne n’est accusé. Chacune dit combien d’aussi fortes le hasard ferait attendre."
    ),
    "hints.few": (
        "La mélodie et l’harmonie étaient demandées, mais aucune ressemblance n’est donnée : pour en juger, il faut "
        "{least} œuvres qui en aient. Avec moins, on ne sait pas combien le hasard en ferait trouver. Œuvres dans ce "
        "catalogue : {works}."
    ),
    "hints.rest.one": "{n} ressemblance de plus est dans recordings.parquet.",
    "hints.rest.other": "{n} ressemblances de plus sont dans recordings.parquet.",
    "kind.shared": "son commun : non revendiqué",
    "kind.resembles": "un indice : non revendiqué",
    "more": "Autres relevés",
    "more.lead.one": "{n} autre relevé, sans le son.",
    "more.lead.other": "{n} autres relevés, sans le son.",
    "more.grade": "Degré",
    "more.share": "De votre enregistrement",
    "more.finding": "Relevé",
    "more.place": "Place dans le jeu de données",
    "more.rest.one": "{n} relevé de plus est dans recordings.parquet.",
    "more.rest.other": "{n} relevés de plus sont dans recordings.parquet.",
    "grade.shared": "Son commun",
    "grade.resembles": "Ressemblance",
    "grade.identical.means": (
        "Le même enregistrement, à la même hauteur et au même tempo, à peine troublé. Encodage, égalisation et "
        "filtrage ne sont pas distingués."
    ),
    "grade.copy.means": (
        "Le même enregistrement, ou une partie de lui, s’entend dans la piste : à une autre hauteur ou un autre tempo, "
        "sous une voix ou du bruit, ou mêlé à d’autres. Cela ne dit pas lequel est le premier, ni que cela vient du "
        "vôtre : un enregistrement plus ancien peut s’entendre dans les deux."
    ),
    "grade.shared.means": (
        "Une boucle, une rythmique ou un son s’entend dans les deux, que plusieurs œuvres partagent ou qu’une seule "
        "répète. Il est signalé pour que vous l’entendiez. Rien n’est revendiqué, et personne n’est accusé."
    ),
    "grade.resembles.means": (
        "Un autre enregistrement de ce qui est peut-être la même mélodie ou la même harmonie. Un indice, toujours avec "
        "le nombre à attendre du hasard ; jamais une revendication."
    ),
    "grade.identifier.means": (
        "Un identifiant de l’œuvre, un ISRC par exemple, ou l’empreinte de son fichier figure dans le document. Aucun "
        "enregistrement n’a été écouté."
    ),
    "grade.none.means": (
        "Non trouvée dans ce qui a été parcouru. Elle peut figurer dans ce qui ne l’a pas été ou n’a pas pu être lu."
    ),
    "searched.records": "Enregistrements qui s’y trouvent",
    "searched.tracks": "Pistes sonores parcourues",
    "searched.length": "Leur durée, toutes ensemble",
    "searched.bytes": "Fichiers d’enregistrements, en octets",
    "searched.in_part": "Enregistrements parcourus en partie, le reste étant endommagé",
    "searched.comparisons": "Comparaisons : chacun de vos enregistrements avec chaque piste",
    "searched.hints": "Comparaisons de mélodie et d’harmonie, passage par passage",
    "searched.unknown": "non noté",
    "searched.refused": "Enregistrements et fichiers non parcourus",
    "refused.lead": "Rien n’a été passé sous silence. Non parcourus, ou en partie seulement, par motif :",
    "refused.none": "Tous les fichiers recensés ont pu être lus.",
    "refused.empty": "Aucun enregistrement n’a été trouvé dans ce qui était recensé.",
    "alarms.none": (
        "Cette recherche n’avait pas de témoins : son taux de fausses alertes n’est pas connu. Un témoin est une "
        "œuvre qui ne peut pas être dans le jeu de données. Les œuvres parues après la date de la copie sont des "
        "témoins d’elles-mêmes : donnez les dates dans le catalogue et --snapshot-date. Ou donnez des enregistrements "
        "jamais publiés : --controls DOSSIER."
    ),
    "alarms.shared.one": "De {n} témoin de plus, seul un son commun a été trouvé. Cela ne compte pas comme alerte.",
    "alarms.shared.other": (
        "De {n} témoins de plus, seuls des sons communs ont été trouvés. Cela ne compte pas comme alerte."
    ),
    "alarms.hints": (
        "De {alarms} témoins sur {n}, une ressemblance a été trouvée. Avec une confiance de {confidence}, le hasard "
        "donne des indices pour {lower} à {upper} de toutes les œuvres."
    ),
    "alarms.chance": (
        "Le nombre de relevés à attendre du hasard, à côté de chaque relevé, est la probabilité qu’un enregistrement "
        "absent de la piste atteigne le même score, multipliée par les {n} comparaisons d’enregistrements de cette "
        "recherche. C’est une estimation tirée de comparaisons fausses à dessein ; les témoins la mettent à l’épreuve."
    ),
    "alarms.chance.hints": (
        "Pour une ressemblance, c’est la probabilité qu’une œuvre que la piste ne joue pas ressorte autant, multipliée "
        "par les {n} comparaisons de mélodie et d’harmonie."
    ),
    "alarms.figures": (
        "Les autres chiffres à côté d’un relevé, tels que « 157 pics concordent » ou « concordance d’ensemble 0,91 sur "
        "1 », sont des mesures. Ils ne sont pas la probabilité que l’un ait été copié de l’autre. Écoutez les deux."
    ),
    "limits": "Ce que ce rapport ne montre pas",
    "limits.listed": (
        "Y figurer ne prouve pas qu’un modèle a été entraîné avec elle. Cela ne dit pas non plus qui l’y a mise, ni "
        "avec quelle autorisation."
    ),
    "limits.first": (
        "Que deux enregistrements concordent ne dit pas lequel est le premier, ni lequel vient de l’autre. Deux œuvres "
        "faites avec une même boucle achetée concordent aussi."
    ),
    "limits.missed": (
        "Non trouvée veut dire : non trouvée dans ce qui a été parcouru. Un court passage, un fort changement ou une "
        "musique sous une voix forte peuvent échapper ; il n’y a pas de garantie pour les enregistrements. Un jeu de "
        "données qui ne recense que des adresses ne contient pas de son à écouter."
    ),
    "limits.style": (
        "Le même style, la même voix ou la même tonalité ne fait pas un relevé ; seul l’enregistrement lui-même est "
        "cherché. Une nouvelle interprétation d’une œuvre ne peut être qu’une ressemblance."
    ),
    "quick": (
        "Cette recherche était rapide : de chaque piste, deux fenêtres de 15 secondes ont d’abord été écoutées, et le "
        "tout seulement là où quelque chose s’y entendait. Pistes laissées de côté ensuite : {passed}. Ce qui s’y "
        "entend ailleurs n’a pas été cherché. Lors d’une mesure, une recherche rapide a trouvé {works_quick} des "
        "{works} œuvres entières et {excerpts_quick} des {excerpts} extraits, dans des fichiers de deux minutes au "
        "plus, que trouvait une recherche complète ; des extraits de pistes plus longues, elle en perd davantage."
    ),
    "missing.lead.one": "{n} œuvre n’a pas été trouvée dans ce qui a été parcouru.",
    "missing.lead.other": "{n} œuvres n’ont pas été trouvées dans ce qui a été parcouru.",
    "check": "Vérifier un relevé à la main",
    "check.lead": (
        "Rien ici n’est à croire sur parole. Voici comment vérifier le premier enregistrement trouvé ci-dessus avec "
        "des outils publics : FFmpeg et fpcalc (Chromaprint)."
    ),
    "check.none": "Il n’y a pas d’enregistrement trouvé à vérifier.",
    "check.row": (
        "Lisez sa ligne avec DuckDB ou un autre lecteur de Parquet, dans le dossier qui contient run.json."
    ),
    "check.record": (
        "Prenez l’enregistrement de la ligne {row} (la première est 0) de {shard}, dans le jeu de données. Le SHA-256 "
        "de son fichier est {digest}. Il s’appelle RECORD ci-dessous."
    ),
    "check.file": (
        "Prenez le fichier {file} du dossier {folder}, dans le jeu de données. Le SHA-256 du fichier est {digest}. Il "
        "s’appelle RECORD ci-dessous."
    ),
    "check.warc": (
        "De {shard}, dans le jeu de données, prenez le document qui commence à l’octet {row} : d’un fichier simple "
        "avec tail -c +{from_one}, d’un fichier .gz avec tail -c +{from_one} puis zcat. L’enregistrement suit la "
        "première ligne vide après l’en-tête HTTP. Le SHA-256 de son fichier est {digest}. Il s’appelle RECORD "
        "ci-dessous."
    ),
    "check.work": (
        "Prenez le fichier {path} de l’œuvre. Son SHA-256 est {digest}. Il s’appelle WORK ci-dessous."
    ),
    "check.cut": "Découpez la première partie concordante des deux, 30 secondes de la piste au plus.",
    "check.undo": "Rétablissez la hauteur et le tempo.",
    "check.ears": "Mettez le vôtre dans l’oreille gauche et la piste dans la droite, et écoutez.",
    "check.see": "Regardez les deux, un spectrogramme au-dessus de l’autre.",
    "check.prints": (
        "Comparez les nombres de Chromaprint, qui ne sait rien de Countermark. D’un enregistrement troublé ou mêlé, "
        "bien des bits peuvent différer ; d’enregistrements sans rapport, la moitié environ diffère."
    ),
    "check.compare": "Écoutez les deux. Ils doivent concorder comme montré ci-dessus.",
    "rest.recordings": (
        "une ligne par relevé : ce qui s’entend, où, avec quelle part de hasard, et si c’est revendiqué"
    ),
    "rest.findings": "tous les relevés, avec lieux, empreintes, parties concordantes et ce qui se trouve à côté",
    "rest.excerpts": "l’extrait de chaque piste, sans perte, avec ce qu’il couvre (absent s’il est retenu)",
    "rest.kept": (
        "une petite copie de chaque œuvre trouvée, nommée par le SHA-256 de son propre fichier (absente si refusée)"
    ),
    "statement.free-licence.one": "Libre de copie (domaine public ou licence ouverte), et non revendiquée : {n}.",
    "statement.free-licence.other": "Libres de copie (domaine public ou licence ouverte), et non revendiquées : {n}.",
    "statement.identifier-only.one": "Pour {n} œuvre, seul un identifiant concorde : écoutez avant de vous y fier.",
    "statement.identifier-only.other": (
        "Pour {n} œuvres, seuls des identifiants concordent : écoutez avant de vous y fier."
    ),
    "statement.shared-only.one": "Pour {n} œuvre, seul un son commun a été trouvé : non comptée comme trouvée.",
    "statement.shared-only.other": (
        "Pour {n} œuvres, seuls des sons communs ont été trouvés : non comptées comme trouvées."
    ),
    "statement.resembles-only.one": (
        "Pour {n} œuvre, il n’y a qu’une ressemblance, un indice : non comptée comme trouvée."
    ),
    "statement.resembles-only.other": (
        "Pour {n} œuvres, il n’y a que des ressemblances, des indices : non comptées comme trouvées."
    ),
}
