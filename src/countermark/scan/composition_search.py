"""Hints at other recordings of the same composition, where a scan is asked for them: a second pass over each track."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from countermark.audio.decode import open_sound
from countermark.errors import InputError, RunError, UnusableIndexError
from countermark.findings.finding import Grade
from countermark.fingerprint.audio.harmony import harmony_of
from countermark.matching.audio.composition.composition import CompositionMatcher
from countermark.matching.audio.composition.table import HarmonyTable
from countermark.matching.audio.match import AudioMatch
from countermark.matching.audio.significance import LEAST_CHANCE

if TYPE_CHECKING:
    from countermark.audio.source import SoundSource
    from countermark.fingerprint.audio.harmony import Harmony
    from countermark.fingerprint.audio.notes import NoteModel
    from countermark.index.audio.lookup import AudioIndex
    from countermark.matching.audio.composition.composition import Resemblance
    from countermark.scan.search import SearchSettings


def open_hints(settings: SearchSettings, indices: list[AudioIndex]) -> list[CompositionMatcher]:
    """A matcher for each index; none where hints were not asked for. Raises UnusableIndexError."""
    if not settings.listening.compositions:
        return []
    for index in indices:
        if not index.harmony_arrays:
            raise UnusableIndexError(
                f"{index.folder}: holds no melody and harmony: build it with --compositions"
            )
    return [CompositionMatcher(HarmonyTable(index.harmony_arrays)) for index in indices]


def open_notes(settings: SearchSettings) -> NoteModel | None:
    """The user's model of notes, if one takes part. Raises RunError where it is not the one planned with."""
    if not settings.listening.compositions or settings.notes is None:
        return None
    from countermark.fingerprint.audio.notes import NoteModel  # noqa: PLC0415

    try:
        model = NoteModel(Path(settings.notes))
    except InputError as error:
        raise RunError(str(error)) from error
    if model.digest != settings.listening.notes:
        raise RunError(f"--notes {settings.notes}: the model was replaced while the run was on")
    return model


def harmony_of_track(source: SoundSource, name: str, number: int, notes: NoteModel | None) -> Harmony:
    """Melody and harmony of one track. Raises SoundError, OSError."""
    with open_sound(source, name) as sound:
        return harmony_of(sound.blocks(number), notes)


def as_match(found: Resemblance) -> AudioMatch:
    """A resemblance as a finding has it: a hint, whose `agreement` and peaks nobody measured.

    Its chance is laid out beyond what was counted, as that of recordings is, and told no farther than theirs.
    """
    return AudioMatch(
        asset=found.asset,
        parts=(found.part,),
        tempo=found.tempo,
        shift=float(found.shift),
        agreement=0.0,
        inliers=0,
        score=found.score,
        chance=max(LEAST_CHANCE, found.chance),
        grade=Grade.RESEMBLES,
    )
