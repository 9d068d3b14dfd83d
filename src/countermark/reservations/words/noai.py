"""Sentences about noai and noimageai."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "noai.misspelt": "“{said}” may have been meant as noai or noimageai; it is neither",
    "noai.for-whom": "“{said}” names agents where none are expected: whom its noai is for cannot be said",
}
FR: Final = {
    "noai.misspelt": "«\u00a0{said}\u00a0» voulait peut-être dire noai ou noimageai\u202f; ce "
    "n’est ni l’un ni l’autre",
    "noai.for-whom": "«\u00a0{said}\u00a0» nomme des agents là où il n’en est pas attendu\u00a0: on ne peut dire qui "
    "vise son noai",
}
