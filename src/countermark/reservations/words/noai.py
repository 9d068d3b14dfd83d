"""Sentences about noai and noimageai."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "noai.misspelt": "“{said}” may have been meant as noai or noimageai; it is neither",
}
FR: Final = {
    "noai.misspelt": "«\u00a0{said}\u00a0» voulait peut-être dire noai ou noimageai\u202f; ce "
    "n’est ni l’un ni l’autre",
}
