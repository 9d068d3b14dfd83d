"""What `countermark voice` says, in English and French."""

from __future__ import annotations

from typing import Final

from countermark.language import languages

ENGLISH: Final = {
    "weights.other": "These weights are not those that were measured (Resemblyzer 0.1.4): their SHA-256 is {digest}.",
    "left_out": "Left out: {name}: {reason}",
    "damaged": "{name}: a part could not be decoded: {reason}",
    "enrolled": "{path}: the voice of {name}, from {seconds} s of sound. Only your account may read the file.",
    "own": "Its own stretches come to {low} at least, {middle} in the middle, each against the others.",
    "stays": "A voiceprint stays on this machine; `countermark voice erase` erases it.",
    "controls": "{n} control recordings: the closest comes to {best}, the middle one to {median}.",
    "track": "{name}: {best} at {start}, best of {stretches}; {as_close} of {controls} controls come as close",
    "worth": "  may be worth listening to: by rank, an unrelated track comes so close in {chance} of cases, "
    "and at 95% confidence in at most {bound}.",
    "nothing": "  nothing to say: an unrelated track comes so close in {chance} of cases.",
    "looks": "  This track is longer than the shortest control: {looks} chances are counted.",
    "expected": "Of {n} tracks with unrelated voices, about {expected} would be named so by chance.",
    "hint": "A similarity is a hint for the ear: it is no identification and no finding, and it is kept nowhere.",
    "show.name": "Voice of      {value}",
    "show.consent": "Consent       {value}",
    "show.enrolled": "Enrolled      {value}",
    "show.seconds": "Made of       {value} s of sound, {recordings} recordings",
    "show.weights": "Weights       {value}",
    "show.open": "Others on this machine may read this file (mode {mode}); chmod 600 closes it.",
    "erase.ask": "Erase the voiceprint {path}? It cannot be undone.",
    "erased": "{path}: overwritten and removed.",
    "erased.limits": "Not reached: copies, backups, snapshots, the journal of the file system, and what a solid-state "
    "disk keeps in its spare cells. An encrypted disk is what protects these.",
}

FRENCH: Final = {
    "weights.other": "Ces poids ne sont pas ceux qui ont été mesurés (Resemblyzer 0.1.4)\u00a0: leur SHA-256 est "
    "{digest}.",
    "left_out": "Écarté\u00a0: {name}\u00a0: {reason}",
    "damaged": "{name}\u00a0: une partie n’a pu être décodée\u00a0: {reason}",
    "enrolled": "{path}\u00a0: la voix de {name}, d’après {seconds}\u00a0s de son. "
    "Seul votre compte peut lire ce fichier.",
    "own": "Ses propres passages, chacun comparé aux autres, atteignent au moins {low}, et {middle} au milieu.",
    "stays": "Une empreinte vocale reste sur cette machine\u202f; `countermark voice erase` l’efface.",
    "controls": "{n}\u00a0enregistrements témoins\u00a0: le plus proche atteint {best}, celui du milieu {median}.",
    "track": "{name}\u00a0: {best} à {start}, le meilleur de {stretches}\u202f; {as_close} des {controls}\u00a0témoins "
    "sont aussi proches",
    "worth": "  mérite peut-être une écoute\u00a0: d’après le rang, un morceau sans rapport est aussi proche dans "
    "{chance} des cas, et, au seuil de confiance de 95\u202f%, dans {bound} au plus.",
    "nothing": "  rien à en dire\u00a0: un morceau sans rapport est aussi proche dans {chance} des cas.",
    "looks": "  Ce morceau est plus long que le plus court des témoins\u00a0: {looks}\u00a0chances sont comptées.",
    "expected": "Sur {n}\u00a0morceaux de voix sans rapport, {expected} environ seraient ainsi nommés par hasard.",
    "hint": "Une ressemblance est un indice pour l’oreille\u00a0: ce n’est ni une identification ni un constat, et "
    "rien n’en est conservé.",
    "show.name": "Voix de          {value}",
    "show.consent": "Consentement     {value}",
    "show.enrolled": "Enregistrée le   {value}",
    "show.seconds": "D’après          {value}\u00a0s de son, {recordings}\u00a0enregistrements",
    "show.weights": "Poids            {value}",
    "show.open": "D’autres comptes de cette machine peuvent lire ce fichier (mode {mode})\u202f; chmod 600 le ferme.",
    "erase.ask": "Effacer l’empreinte vocale {path}\u202f? C’est sans retour.",
    "erased": "{path}\u00a0: écrasé puis supprimé.",
    "erased.limits": "Hors d’atteinte\u00a0: les copies, les sauvegardes, les instantanés, le journal du système de "
    "fichiers, et ce qu’un disque SSD garde dans ses cellules de réserve. Seul un disque chiffré en protège.",
}

LANGUAGES: Final = languages(ENGLISH, FRENCH)
