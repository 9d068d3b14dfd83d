"""Sentences about reservations that are written into copies of files."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "inexpressible.stands-already": "a statement that stood in the file before says otherwise",
    "inexpressible.protected": "the file is signed or encrypted: no manifest is added to it",
    "inexpressible.unsignable": "no manifest can be put into this file",
    "inexpressible.licensed": "its word leads to the terms for every use that it covers, this one too",
    "embed.remark.pdf-a": "{path}: is PDF/A; validators may object to the TDMRep properties, which PDF/A does not know",
    "embed.remark.unsigned": (
        "{path}: is not signed: c2pa-python signs no file of this kind, and no EPUB with compressed parts"
    ),
    "embed.sidecar.format": "{path}: the format holds no metadata that is written here; a sidecar stands beside it",
    "embed.sidecar.signed": "{path}: is signed, and a change would break the signature; a sidecar stands beside it",
    "embed.sidecar.encrypted": "{path}: is encrypted; a sidecar stands beside it",
    "embed.sidecar.too-large": "{path}: its metadata does not fit into the format; a sidecar stands beside it",
}
FR: Final = {
    "inexpressible.stands-already": "une mention déjà présente dans le fichier dit autre chose",
    "inexpressible.protected": "le fichier est signé ou chiffré\u00a0: aucun manifeste n’y est ajouté",
    "inexpressible.unsignable": "aucun manifeste ne peut être placé dans ce fichier",
    "inexpressible.licensed": "son mot renvoie aux conditions pour tous les usages qu’il couvre, celui-ci compris",
    "embed.remark.pdf-a": (
        "{path}\u00a0: fichier PDF/A\u202f; un validateur peut refuser les propriétés TDMRep, que PDF/A ne connaît pas"
    ),
    "embed.remark.unsigned": (
        "{path}\u00a0: non signé\u00a0: c2pa-python ne signe ni ce genre de fichier, ni un EPUB aux parties compressées"
    ),
    "embed.sidecar.format": (
        "{path}\u00a0: ce format ne reçoit pas ici de métadonnées\u202f; un fichier XMP l’accompagne"
    ),
    "embed.sidecar.signed": (
        "{path}\u00a0: fichier signé, qu’un changement invaliderait\u202f; un fichier XMP l’accompagne"
    ),
    "embed.sidecar.encrypted": "{path}\u00a0: fichier chiffré\u202f; un fichier XMP l’accompagne",
    "embed.sidecar.too-large": (
        "{path}\u00a0: ses métadonnées dépassent la place du format\u202f; un fichier XMP l’accompagne"
    ),
}
