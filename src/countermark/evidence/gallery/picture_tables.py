"""What works come out as in a run of pictures, and the order in which they are shown."""

from __future__ import annotations

from typing import Final

from countermark.evidence.exhibits.exhibit import IN_DATA_SET
from countermark.evidence.gallery.judged import PICTURES

__all__ = ["IN_DATA_SET", "STATUSES"]

STATUSES: Final = PICTURES.statuses
"""What a work comes out as; the first that fits counts."""
