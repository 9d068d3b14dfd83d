"""Recordings that voices are compared in: each track by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from countermark.errors import SoundError
from countermark.voices import recordings
from countermark.voices.recordings import Heard, LeftOut, hear
from played_works import of_tracks, part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest


def test_a_track_that_cannot_be_decoded_does_not_keep_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, and the next is heard."""
    film = tmp_path / "film.mka"
    film.write_bytes(of_tracks(part(0, 0, 1), part(0, 0, 2)))
    lengths: list[int] = []

    def fails_first(blocks: Iterator[Any], _: object) -> list[Any]:
        lengths.append(sum(block.size for block in blocks))
        if len(lengths) == 1:
            raise SoundError("empty", "film.mka holds no sample of sound")
        return []

    monkeypatch.setattr(recordings, "stretches", fails_first)
    first, second = hear(film, cast("Any", None))
    assert first == LeftOut("film.mka", "film.mka holds no sample of sound")
    assert isinstance(second, Heard)
    assert (second.track, lengths) == (1, [16_000, 32_000])
