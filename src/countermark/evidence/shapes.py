"""The shape of each grade, in pages, lines and tables: colour alone tells nobody."""

from __future__ import annotations

from typing import Final

SHAPE_OF: Final = {
    "identical": "●",
    "copy": "◕",
    "identifier": "◑",
    "name": "○",
    "resembles": "≈",
    "shared": "◌",
}
"""The more of a disc is filled, the more of the work was seen. A resemblance is no copy, and so has no disc."""
