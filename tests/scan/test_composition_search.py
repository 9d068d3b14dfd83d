"""Hints beside what is heard: what they need, how sure they may look, and that they hide nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from countermark.errors import InputError, SoundError, UnusableIndexError
from countermark.findings.finding import Grade
from countermark.matching.audio.composition.composition import Resemblance
from countermark.matching.audio.match import MatchedPart
from countermark.matching.audio.significance import LEAST_CHANCE
from countermark.scan.audio_search import AudioSearcher
from countermark.scan.composition_search import as_match
from countermark.scan.listening import AskedListening, ListeningSettings
from countermark.scan.search import IndexBackend
from played_works import file_of, part, shared_index
from scan.test_audio_search import batch_of, begun, settings_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "error", [OSError("gone"), SoundError("empty", "0.flac: is empty"), InputError("no notes")]
)
def test_harmony_that_cannot_be_had_hides_no_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """It takes a second pass over the sound: where that fails, what was heard stands, and what is missing is told."""

    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr("countermark.scan.audio_search.open_hints", lambda *_: [object()])
    monkeypatch.setattr("countermark.scan.audio_search.harmony_of_track", fails)
    searcher = begun(AudioSearcher(settings_of(shared_index())), tmp_path)
    (finding,) = searcher.findings(batch_of(file_of(part(0, 4, 14))), "s.tar")
    assert finding.asset_path == "work-0.flac"
    (refused,) = searcher.take_refused()
    assert (refused.reason, refused.row) == ("damaged", 0)
    said = str(error).removeprefix("0.flac: ")
    assert (
        f"0.flac: no melody and harmony of track 0: {'cannot be read: ' * isinstance(error, OSError)}{said}; the"
        in (refused.detail)
    )


def test_no_hint_is_told_with_a_smaller_chance_than_a_recording() -> None:
    """A tail that was laid over some thousand pairs proves no 10⁻²⁷."""
    found = Resemblance(0, 90.0, 2.25e-27, 40.0, 50.0, 0, 1.0, MatchedPart(0.0, 9.0, 0.0, 9.0))
    assert as_match(found).chance == LEAST_CHANCE
    assert as_match(found).grade == Grade.RESEMBLES


def test_hints_need_an_index_that_has_melodies(tmp_path: Path) -> None:
    """Told when the scan is planned, and again where the index is opened."""
    facts = IndexBackend().describe(shared_index(), None)
    with pytest.raises(InputError, match="built without melody and harmony"):
        AskedListening(compositions=True).planned(facts)
    with pytest.raises(InputError, match=r"none\.onnx: cannot be read"):
        AskedListening(notes=tmp_path / "none.onnx").planned(facts)
    with pytest.raises(UnusableIndexError, match="build it with --compositions"):
        AudioSearcher(settings_of(shared_index(), listening=ListeningSettings(compositions=True)))
    text = replace(facts, medium="text")
    for asked in (
        AskedListening(quick=True),
        AskedListening(compositions=True),
    ):
        with pytest.raises(InputError, match="is for an index of recordings; this one is not"):
            asked.planned(text)
