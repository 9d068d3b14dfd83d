"""Building the index of each medium: the works are read, announced, and handed on."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from countermark.cli.works_reading import Reading
    from countermark.index.manifest import Manifest
    from countermark.works.work import WorkFile

_LAST_COMPILED: Final = {"image": "_words_kernel.reorder", "audio": "_posting_kernel.place"}
"""The kernel that is compiled when all that an index of the medium needs are."""


def of_texts(works: tuple[Path, ...], out: Path, *, salt: bytes | None) -> tuple[Reading, Manifest]:
    """Index the texts among WORKS. Raises InputError, OutputError."""
    from countermark.cli.works_reading import Reading
    from countermark.index.build import build_index
    from countermark.works.reading import read_works

    reading = Reading(read_works(list(works)))
    files = iter(reading)
    first = next(files)  # nothing is written where nothing can be read
    return reading, build_index(chain([first], files), out, salt=salt, sealed=salt is not None)


def of_pictures(
    works: tuple[Path, ...], out: Path, *, prints: bool, embedding: Path | None
) -> tuple[Reading, Manifest]:
    """Index the pictures among WORKS. Raises InputError, OutputError, MissingExtraError."""
    from countermark.cli.extras import needs_embedding, needs_image

    needs_image()
    model = None
    if embedding is not None:
        needs_embedding()
        from countermark.fingerprint.image.embedding import EmbeddingModel

        model = EmbeddingModel(embedding)
    from countermark.cli.works_reading import Reading
    from countermark.index.image.build import build_image_index
    from countermark.media import Medium
    from countermark.works.reading import read_works

    reading = Reading(read_works(list(works), Medium.IMAGE))
    files = iter(reading)
    first = next(files)  # nothing is written where nothing can be read
    pictures = _announced(chain([first], files), "image")
    manifest = build_image_index(pictures, out, prints=prints, model=model, refuse=reading.refused.append)
    return reading, manifest


def _announced(files: Iterable[WorkFile], medium: str) -> Iterator[WorkFile]:
    """Say why the first index on a machine is slow to begin, once the folder was accepted and a file is asked for."""
    from countermark.kernels.cache import is_compiled

    if not is_compiled(_LAST_COMPILED[medium]):
        click.echo("Compiling the kernels: once on this machine, about half a minute.", err=True)
    yield from files


def of_recordings(
    works: tuple[Path, ...], out: Path, *, copies: bool, compositions: bool, notes: Path | None
) -> tuple[Reading, Manifest]:
    """Index the recordings among WORKS. Raises InputError, OutputError, MissingExtraError."""
    from countermark.cli.extras import needs_audio

    needs_audio()
    from countermark.cli.works_reading import Reading
    from countermark.index.audio.build import build_audio_index
    from countermark.index.audio.collect import Compositions, Wanted
    from countermark.matching.audio.composition.table import pack
    from countermark.media import Medium
    from countermark.works.reading import read_works

    model = None
    if notes is not None:
        from countermark.fingerprint.audio.notes import NoteModel

        model = NoteModel(notes)
    reading = Reading(read_works(list(works), Medium.AUDIO))
    files = iter(reading)
    first = next(files)  # nothing is written where nothing can be read
    recordings = _announced(chain([first], files), "audio")
    wanted = Wanted(copies, Compositions(model, pack) if compositions else None)
    return reading, build_audio_index(recordings, out, wanted, refuse=reading.refused.append)
