"""The first half of building an index of recordings: each work is decoded in a stream, and its features are kept."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.audio.decode import open_sound
from countermark.audio.source import SoundSource
from countermark.errors import SoundError
from countermark.fingerprint.audio.extract import extract
from countermark.index.audio import layout
from countermark.index.audio.copies import copy_of
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from countermark.fingerprint.audio.features import Features
    from countermark.fingerprint.audio.harmony import Harmony
    from countermark.fingerprint.audio.notes import NoteModel
    from countermark.works.work import WorkFile

DULL: Final = (
    "holds too little that could be told from other recordings (silence, noise, a single tone): "
    "it will not be found"
)
_LEAST_PEAKS: Final = 50
"""Peaks without which nothing is found: those of two or three seconds."""


class Compositions(NamedTuple):
    """How melody and harmony are kept: the model that transcribes notes, if any, and what packs them into arrays."""

    notes: NoteModel | None
    pack: Callable[[Sequence[Harmony]], Mapping[str, npt.NDArray[Any]]]


class Wanted(NamedTuple):
    """What is kept of each work beside its features: a copy for listening, and its melody and harmony."""

    copies: bool = True
    compositions: Compositions | None = None


class Collection:
    """The works of an index to be: their features, copies, harmonies, and what is known of each."""

    def __init__(self, folder: Path, wanted: Wanted, refuse: Callable[[Refusal], None]) -> None:
        self.rows: list[dict[str, Any]] = []
        self.features: list[Features] = []
        self.harmonies: list[Harmony] = []
        self.copy_ends = [0]
        self.refused: list[Refusal] = []
        self._wanted, self._told = wanted, refuse
        self._copies_file = (folder / layout.COPIES).open("wb")
        self._numbers: dict[str, int] = {}

    @property
    def works(self) -> int:
        """The number of works so far."""
        return len(self._numbers)

    def add(self, file: WorkFile) -> None:
        """Append one work's recording; a refusal where it cannot be decoded."""
        asset = file.asset
        source = SoundSource.of_file(Path(asset.file))
        try:
            with open_sound(source, asset.path) as sound:
                tracks = len(sound.tracks)
                features = extract(sound.blocks())
                damaged = sound.damaged
            copied = copy_of(source, asset.path) if self._wanted.copies else b""
            harmony = self._harmony(source, asset.path)
        except (SoundError, OSError) as error:
            reason = error.reason if isinstance(error, SoundError) else "unreadable"
            said = str(error).removeprefix(asset.path).lstrip(" :")
            self._refuse(Refusal(asset.path, -1, reason, f"{asset.path}: {said}"))
            return
        if tracks > 1:
            self._remark(asset.path, f"holds {tracks} sound tracks; the first stands for the work")
        if damaged:
            self._remark(asset.path, f"{damaged}; the rest stands for the work")
        if len(features.times) < _LEAST_PEAKS:
            self._remark(asset.path, DULL)
        self.copy_ends.append(self.copy_ends[-1] + self._copies_file.write(copied))
        self.features.append(features)
        if harmony is not None:
            self.harmonies.append(harmony)
        self.rows.append(self._row(file, features, copied))

    def _harmony(self, source: SoundSource, name: str) -> Harmony | None:
        """Melody and harmony, in a second pass: so no more than seconds of sound are held."""
        if self._wanted.compositions is None:
            return None
        from countermark.fingerprint.audio.harmony import harmony_of  # noqa: PLC0415

        with open_sound(source, name) as sound:
            return harmony_of(sound.blocks(), self._wanted.compositions.notes)

    def _refuse(self, refusal: Refusal) -> None:
        self.refused.append(refusal)
        self._told(refusal)

    def _remark(self, path: str, said: str) -> None:
        """A remark on a work that is indexed all the same."""
        self._refuse(Refusal(path, -1, "warning", f"{path}: {said}"))

    def _row(self, file: WorkFile, features: Features, copied: bytes) -> dict[str, Any]:
        work, asset = file.work, file.asset
        return {
            "work_id": work.work_id,
            "work_title": work.title,
            "work_author": work.author,
            "work_published": work.published.isoformat() if work.published else None,
            "work_licence": work.licence,
            "asset_path": asset.path,
            "asset_digest": asset.digest,
            "code_points": 0,
            "letters": 0,
            "work_number": self._numbers.setdefault(work.work_id, len(self._numbers)),
            "duration": round(features.seconds * 1000),
            "copy_digest": hashlib.sha256(copied).hexdigest() if copied else None,
        }

    def close(self) -> None:
        """Close the file of copies."""
        self._copies_file.close()
