"""Sentences about what stands within files."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "embedded.failed": "the file was not read ({error}); what it says is not known",
    "embedded.not-what-it-says": "by its name this is {kind}, by its bytes it is not; it was not read",
    "embedded.cut-short": "the file ({kind}) breaks off; what stood after that is not known",
    "embedded.malformed": "the structure of the file ({kind}) is damaged; metadata may have been missed",
    "embedded.compressed": "compressed metadata of the file ({kind}) is damaged or inflates too far; it was not read",
    "embedded.too-large": "the metadata packets of the file ({kind}) are larger than is read; some were left out",
    "embedded.incomplete": "pieces of the extended metadata of the file ({kind}) are missing",
    "embedded.many": "the file ({kind}) has more metadata packets or parts than are read",
    "embedded.xmp-unreadable": "a metadata packet was not read: {error}",
    "embedded.pdf-unreadable": "the PDF was not read ({error}); what it says is not known",
    "embedded.epub-unreadable": "the EPUB was not read: {error}",
}
FR: Final = {
    "embedded.failed": "le fichier n’a pas été lu ({error})\u202f; ce qu’il dit n’est pas connu",
    "embedded.not-what-it-says": "le nom annonce {kind}, le contenu ne l’est pas\u202f; le fichier n’a pas été lu",
    "embedded.cut-short": "le fichier ({kind}) s’interrompt\u202f; ce qui suivait n’est pas connu",
    "embedded.malformed": (
        "la structure du fichier ({kind}) est endommagée\u202f; des métadonnées ont pu échapper à la lecture"
    ),
    "embedded.compressed": (
        "des métadonnées compressées du fichier ({kind}) sont endommagées ou démesurées\u202f; elles n’ont pas été lues"
    ),
    "embedded.too-large": (
        "les métadonnées du fichier ({kind}) dépassent la taille admise\u202f; une partie n’a pas été lue"
    ),
    "embedded.incomplete": "des morceaux des métadonnées étendues du fichier ({kind}) manquent",
    "embedded.many": "le fichier ({kind}) compte plus de paquets ou de parties que la lecture n’en admet",
    "embedded.xmp-unreadable": "un paquet de métadonnées n’a pas été lu\u00a0: {error}",
    "embedded.pdf-unreadable": "le PDF n’a pas été lu ({error})\u202f; ce qu’il dit n’est pas connu",
    "embedded.epub-unreadable": "l’EPUB n’a pas été lu\u00a0: {error}",
}
