"""Sentences about ai.txt."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "ai-txt.markup": "a page stands in the place of ai.txt",
    "ai-txt.not-plain-text": "ai.txt is compressed, damaged or written in letters of several bytes (UTF-16, UTF-32): "
    "no rule is found in it",
    "ai-txt.too-long": "ai.txt has {size} bytes; not all of it was read (the first {read}, and "
    "long lines in part)",
    "ai-txt.misspelt": "“{written}” may have been meant as Disallow; it is not read",
    "ai-txt.path-without-slash": "the path “{value}” begins with neither “/” nor “*”: it covers nothing",
    "ai-txt.before-any-group": "a Disallow line stands before the first User-Agent line: it is "
    "for nobody, and is not read",
    "ai-txt.another-format": "this is not the ai.txt that Spawning described (it begins with "
    "“{name}”): several other files have that name, and it was not read",
}
FR: Final = {
    "ai-txt.markup": "une page se trouve à la place d’ai.txt",
    "ai-txt.not-plain-text": "ai.txt est compressé, endommagé ou codé sur plusieurs octets par lettre (UTF-16, "
    "UTF-32)\u00a0: aucune règle n’y est trouvée",
    "ai-txt.too-long": "ai.txt compte {size} octets\u202f; il n’a pas été lu en entier (les "
    "{read} premiers, et les lignes longues en partie)",
    "ai-txt.misspelt": "«\u00a0{written}\u00a0» voulait peut-être dire Disallow\u202f; cette "
    "ligne n’est pas lue",
    "ai-txt.path-without-slash": "le chemin «\u00a0{value}\u00a0» ne commence ni par «\u00a0/\u00a0» ni par "
    "«\u00a0*\u00a0»\u00a0: il ne couvre rien",
    "ai-txt.before-any-group": "une ligne Disallow précède la première ligne User-Agent\u00a0: "
    "elle ne vise personne, et n’est pas lue",
    "ai-txt.another-format": "ce n’est pas l’ai.txt décrit par Spawning (il commence par "
    "«\u00a0{name}\u00a0»)\u00a0: plusieurs autres fichiers portent ce nom, et celui-ci n’a pas "
    "été lu",
}
