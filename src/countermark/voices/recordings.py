"""Recordings as stretches placed by the encoder; those that cannot be read are told with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from countermark.audio.decode import open_sound
from countermark.audio.source import SoundSource
from countermark.errors import InputError, SoundError
from countermark.voices.stretches import Stretch, stretches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from countermark.voices.encoder import VoiceEncoder


@dataclass(frozen=True, slots=True)
class Heard:
    """One track of a file: its name, the SHA-256 of the file, and its sounding stretches."""

    name: str
    track: int
    digest: str
    stretches: tuple[Stretch, ...]
    damaged: str = ""

    @property
    def sounding(self) -> float:
        """Seconds that sound."""
        return sum(stretch.sounding for stretch in self.stretches)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file, or a track, that is not compared, and why."""

    name: str
    reason: str


def hear(path: Path, encoder: VoiceEncoder) -> Iterator[Heard | LeftOut]:
    """Each track of a sound file. What cannot be read is told, not raised; it does not keep the other tracks."""
    try:
        source = SoundSource.of_file(path)
        digest = source.digest()
        with open_sound(source, path.name) as sound:
            numbers = [facts.number for facts in sound.tracks]
    except (SoundError, OSError) as error:
        yield _left_out(path, error)
        return
    for number in numbers:
        try:
            with open_sound(source, path.name) as sound:
                found = tuple(stretches(sound.blocks(number), encoder))
                yield Heard(path.name, number, digest, found, sound.damaged)
        except (SoundError, OSError) as error:
            yield _left_out(path, error)


def _left_out(path: Path, error: SoundError | OSError) -> LeftOut:
    reason = error.strerror if isinstance(error, OSError) else None
    return LeftOut(path.name, reason or str(error))


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those in the folders named, in order; hidden ones are left out. Raises InputError."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (one for one in path.rglob("*") if one.is_file())
            found += sorted(one for one in inside if not _hidden(one.relative_to(path)))
        elif path.is_file():
            found.append(path)
        else:
            raise InputError(f"{path}: there is no such file or folder")
    return list(dict.fromkeys(found))


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
