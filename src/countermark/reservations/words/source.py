"""Sentences about sources as such."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "source.cut": "only the first {size} bytes were kept; what stands after them was not read",
    "source.not-recognised": "this is no kind of file that is read here: what it says is not known",
    "source.more": "further remarks of the same kinds: {number}; they are not told one by one",
    "technique.robots": "robots.txt",
    "technique.header": "header field",
    "technique.html": "meta",
    "technique.well-known": "file of the site",
    "technique.xmp": "XMP",
    "technique.epub": "EPUB package",
    "technique.pdf": "PDF metadata",
    "technique.manifest": "signed manifest",
    "technique.record": "record",
    "technique.terms": "terms",
    "robots.unreachable": "robots.txt answered with status {status}: what it says is not known",
    "tdmrep.unreachable": "tdmrep.json answered with status {status}: what it says is not known",
    "ai-txt.unreachable": "ai.txt answered with status {status}: what it says is not known",
}
FR: Final = {
    "source.cut": "seuls les {size} premiers octets ont été gardés\u202f; la suite n’a pas été lue",
    "source.not-recognised": "ce type de fichier n’est pas lu ici\u00a0: ce qu’il dit n’est pas connu",
    "source.more": "autres remarques des mêmes sortes\u00a0: {number}\u202f; elles ne sont pas énumérées",
    "technique.robots": "robots.txt",
    "technique.header": "champ d’en-tête",
    "technique.html": "balise meta",
    "technique.well-known": "fichier du site",
    "technique.xmp": "XMP",
    "technique.epub": "paquet EPUB",
    "technique.pdf": "métadonnées PDF",
    "technique.manifest": "manifeste signé",
    "technique.record": "notice",
    "technique.terms": "conditions",
    "robots.unreachable": "robots.txt a avec le statut {status}\u00a0: son contenu n’est pas connu",
    "tdmrep.unreachable": "tdmrep.json a répondu avec le statut {status}\u00a0: son contenu n’est pas connu",
    "ai-txt.unreachable": "ai.txt a répondu avec le statut {status}\u00a0: son contenu n’est pas connu",
}
