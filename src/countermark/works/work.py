"""A work: what was created, whatever its editions and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from countermark.media import Asset


@dataclass(frozen=True, slots=True)
class Work:
    """The abstract work, with the few facts that a scan needs.

    `licence` is free text or an SPDX identifier; empty where nothing is known.
    """

    work_id: str
    title: str
    author: str = ""
    published: date | None = None
    licence: str = ""


@dataclass(frozen=True, slots=True)
class WorkFile:
    """A work together with one of its files."""

    work: Work
    asset: Asset
