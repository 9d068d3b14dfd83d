"""Sentences about noai and noimageai."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "noai.misspelt": "“{said}” may have been meant as noai or noimageai; it is neither",
    "noai.images-only": "“{said}” reserves the pictures that are shown here, and says nothing of the page itself",
    "noai.for-whom": "“{said}” names agents where none are expected: whom its noai is for cannot be said",
}
FR: Final = {
    "noai.misspelt": "«\u00a0{said}\u00a0» voulait peut-être dire noai ou noimageai\u202f; ce "
    "n’est ni l’un ni l’autre",
    "noai.images-only": "«\u00a0{said}\u00a0» réserve les images montrées ici, et ne dit rien de la page elle-même",
    "noai.for-whom": "«\u00a0{said}\u00a0» nomme des agents là où il n’en est pas attendu\u00a0: on ne peut dire qui "
    "vise son noai",
}
