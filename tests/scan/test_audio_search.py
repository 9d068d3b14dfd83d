"""The searcher of recordings: what is heard, what is kept of it, what cannot be decoded, and a quick first hearing."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from countermark.audio.source import SoundSource
from countermark.corpus.audio.batch import AudioBatch
from countermark.errors import SoundError, UnusableIndexError
from countermark.findings.finding import Grade
from countermark.index.audio.lookup import open_audio_index
from countermark.scan.audio_search import AudioSearcher
from countermark.scan.listening import ListeningSettings
from countermark.scan.receipt import WITHHELD, ScanIdentity
from countermark.scan.search import Begun, ControlsWanted, IndexBackend, SearchSettings
from played_works import (
    FIRST_OTHER,
    RATE,
    SECONDS,
    build,
    changed,
    file_of,
    noisy,
    of_tracks,
    part,
    shared_index,
    tune,
    with_rubbish,
    work,
    write_works,
)

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.findings.finding import Finding

OTHER = FIRST_OTHER


@pytest.fixture(scope="module")
def settings() -> SearchSettings:
    """A search for two works, without controls."""
    facts = IndexBackend().describe(shared_index(), None)
    identity = ScanIdentity(facts.identity, None, facts.scheme, "0")
    return SearchSettings(str(shared_index()), None, identity, "c", "2024-05-01", medium=facts.medium)


@pytest.fixture(scope="module")
def opened(settings: SearchSettings) -> AudioSearcher:
    """A searcher for them."""
    return AudioSearcher(settings)


def begun(searcher: AudioSearcher, run: Path) -> AudioSearcher:
    """The same, at the beginning of a shard."""
    searcher.begin(Begun(run, "0" * 20, "s.tar", "0" * 64))
    return searcher


@pytest.fixture
def searcher(opened: AudioSearcher, tmp_path: Path) -> AudioSearcher:
    """The searcher at the beginning of a shard."""
    return begun(opened, tmp_path)


def batch_of(*recordings: bytes) -> AudioBatch:
    """A batch of recordings with nothing but names."""
    nothing = (None,) * len(recordings)
    names = tuple(f"{number}.flac" for number in range(len(recordings)))
    sources = tuple(SoundSource(data=data) for data in recordings)
    return AudioBatch(sources, names, np.arange(len(recordings)), nothing, nothing, nothing, nothing)


def excerpt_of(run: Path, finding: Finding) -> tuple[bytes, dict[str, Any]]:
    """What is kept of a finding."""
    place = run / "excerpts" / finding.finding_id
    return place.with_suffix(".flac").read_bytes(), json.loads(place.with_suffix(".json").read_bytes())


def parts_of(finding: Finding) -> list[tuple[int, ...]]:
    """The matched parts, four milliseconds each."""
    flat = finding.matched_parts or ()
    return [tuple(flat[at : at + 4]) for at in range(0, len(flat), 4)]


@pytest.mark.parametrize(
    ("tempo", "shift", "loudness"), [(1.0, 2.0, 0.0), (0.92, 0.0, 0.0), (1.05, -1.0, 0.0), (1.0, 0.0, 0.8)]
)
def test_an_altered_excerpt_is_heard(
    searcher: AudioSearcher, tempo: float, shift: float, loudness: float
) -> None:
    """In another key, at another speed, in noise: where it stands on both sides, and what was changed."""
    begin, seconds = 8.0, 14.0
    sound = changed(part(0, begin, seconds), tempo, shift) if tempo != 1 or shift else part(0, begin, seconds)
    mixed = np.concatenate([tune(OTHER)[: 5 * RATE], noisy(sound, loudness) if loudness else sound])
    (finding,) = searcher.findings(batch_of(file_of(mixed)), "s.tar")
    assert (finding.asset_path, finding.grade, finding.unit) == ("work-0.flac", Grade.COPY, "millisecond")
    assert finding.tempo == pytest.approx(tempo, abs=0.02)
    assert finding.pitch_shift == pytest.approx(shift, abs=0.25)
    assert finding.chance is not None
    assert finding.chance < 1e-4
    for start, end, work_start, work_end in parts_of(finding):
        assert 4_000 <= start < end <= 1000 * (5 + seconds / tempo) + 500
        assert work_start == pytest.approx(1000 * begin + (start - 5_000) * tempo, abs=500)
        assert work_end - work_start == pytest.approx((end - start) * tempo, abs=500)
    assert finding.matched > 7_000
    assert finding.record_duration == pytest.approx(1000 * (5 + seconds / tempo), abs=100)


def test_nothing_else_is_heard(searcher: AudioSearcher) -> None:
    """Other tunes, silence, a tone and noise."""
    time = np.arange(12 * RATE) / RATE
    others = [
        tune(OTHER),
        np.zeros(12 * RATE),
        np.sin(2 * np.pi * 440 * time) / 2,
        np.random.default_rng(3).normal(0, 0.2, 12 * RATE),
    ]
    assert searcher.findings(batch_of(*map(file_of, others)), "s.tar") == []
    assert searcher.take_refused() == []


def test_the_works_own_file_is_told_by_its_bytes(searcher: AudioSearcher, tmp_path: Path) -> None:
    """Whole, identical, without a chance match to reckon with; said once."""
    (finding,) = searcher.findings(batch_of(work(1)), "s.tar")
    assert (finding.grade, finding.asset_path, finding.chance) == (Grade.IDENTICAL, "work-1.flac", 0.0)
    assert finding.record_digest == finding.asset_digest == hashlib.sha256(work(1)).hexdigest()
    assert parts_of(finding) == [(0, 1000 * SECONDS, 0, 1000 * SECONDS)]
    assert finding.share_of_work == 1
    said = excerpt_of(tmp_path, finding)[1]
    assert (said["record_start_ms"], said["work_start_ms"]) == (0, 0)


def test_silence_is_told_by_its_bytes(tmp_path: Path) -> None:
    """Where the work itself is silence, only its own file is it."""
    (tmp_path / "works").mkdir()
    silence = file_of(np.zeros(5 * RATE))
    (tmp_path / "works" / "silence.flac").write_bytes(silence)
    index, _ = build(tmp_path / "works", tmp_path / "index")
    searcher = begun(AudioSearcher(settings_of(index)), tmp_path / "run")
    others = batch_of(file_of(np.zeros(6 * RATE)), silence, file_of(tune(OTHER)[: 6 * RATE]))
    (finding,) = searcher.findings(others, "s.tar")
    assert (finding.row, finding.grade) == (1, Grade.IDENTICAL)


def settings_of(index: Path, **given: Any) -> SearchSettings:
    """A search with another index."""
    facts = IndexBackend().describe(index, None)
    identity = ScanIdentity(facts.identity, None, facts.scheme, "0")
    return SearchSettings(str(index), None, identity, "c", None, medium=facts.medium, **given)


def test_every_track_is_listened_to(searcher: AudioSearcher, tmp_path: Path) -> None:
    """The finding says in which it is heard; the excerpt is of that track."""
    film = of_tracks(tune(OTHER)[: 16 * RATE], part(0, 6, 16))
    (finding,) = searcher.findings(batch_of(film), "s.tar")
    assert (finding.asset_path, finding.record_track) == ("work-0.flac", 1)
    sound, said = excerpt_of(tmp_path, finding)
    with av.open(io.BytesIO(sound), "r") as container:
        frames = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    begin = said["record_start_ms"] * RATE // 1000
    expected = np.clip(part(0, 6, 16) * 32_767, -32768, 32767).astype(np.int16)[begin : begin + len(frames)]
    assert np.abs(frames[: len(expected)].astype(int) - expected).max() <= 1
    assert searcher.finish()["recordings"]["tracks"] == 2


def test_what_is_heard_is_kept(searcher: AudioSearcher, tmp_path: Path) -> None:
    """An excerpt a finding with what it covers, the copy of the work, and nothing else."""
    heard = batch_of(file_of(tune(OTHER)), file_of(part(0, 0, 16)), file_of(part(0, 9, 16)))
    first, second = searcher.findings(heard, "s.tar")
    kept = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    copy = f"works/{first.asset_digest[:2]}/{first.asset_digest}"
    names = (first.finding_id, second.finding_id)
    assert kept == {copy} | {f"excerpts/{name}.{suffix}" for name in names for suffix in ("flac", "json")}
    assert (tmp_path / copy).read_bytes() == open_audio_index(shared_index()).copy_of(0)
    for finding, offset in ((first, 0), (second, 9_000)):
        sound, said = excerpt_of(tmp_path, finding)
        assert said["work_start_ms"] == pytest.approx(said["record_start_ms"] + offset, abs=200)
        with av.open(io.BytesIO(sound), "r") as container:
            stream = container.streams.audio[0]
            assert (stream.codec_context.sample_rate, stream.codec_context.layout.nb_channels) == (RATE, 1)
            count: int = sum(int(frame.samples) for frame in container.decode(stream))
        assert said["seconds"] == round(count / RATE, 3)
        assert 5 < said["seconds"] <= 30


def test_excerpts_can_be_declined(settings: SearchSettings, tmp_path: Path) -> None:
    """Then nothing of the data set is kept."""
    silent = replace(settings, identity=replace(settings.identity, excerpts=WITHHELD))
    searcher = begun(AudioSearcher(silent), tmp_path)
    (finding,) = searcher.findings(batch_of(file_of(part(0, 4, 14))), "s.tar")
    assert finding.asset_path == "work-0.flac"
    assert not (tmp_path / "excerpts").exists()
    assert (tmp_path / "works").is_dir()


def test_what_cannot_be_decoded_is_told_with_its_place(searcher: AudioSearcher) -> None:
    """A reason, the shard, the row and the name; what was cut short is searched as far as it goes."""
    whole = work(0)
    records = (b"", whole[:60], whole[: len(whole) * 6 // 10], b"no sound at all", whole)
    found = searcher.findings(batch_of(*records), "s.tar")
    assert [finding.row for finding in found] == [2, 4]
    refused = searcher.take_refused()
    assert [(each.where, each.row) for each in refused] == [("s.tar", row) for row in range(4)]
    assert (refused[0].reason, refused[2].reason) == ("empty", "damaged")
    assert [each.detail.split(":")[0] for each in refused] == [f"{row}.flac" for row in range(4)]
    assert refused[2].detail.endswith("; the rest was searched")
    assert searcher.take_refused() == []


def test_a_shard_that_failed_leaves_nothing_behind(
    searcher: AudioSearcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was counted and refused before the failure is not told of the shard that comes next."""
    monkeypatch.setattr("countermark.scan.audio_search.finding_of", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        searcher.findings(batch_of(b"no sound", work(0)), "s.tar")
    monkeypatch.undo()
    searcher.begin(Begun(tmp_path / "next", "1" * 20, "t.tar", "0" * 64))
    (finding,) = searcher.findings(batch_of(work(0)), "t.tar")
    assert (finding.shard, searcher.take_refused()) == ("t.tar", [])
    assert searcher.finish() == {
        "recordings": {
            "bytes": len(work(0)),
            "seconds": SECONDS,
            "tracks": 1,
            "comparisons": 2,
            "hints_compared": 0,
        }
    }


def test_a_quick_scan_hears_two_windows_first(settings: SearchSettings, tmp_path: Path) -> None:
    """Tracks in whose windows nothing is heard are passed over and counted; one with a hit is heard whole."""
    quick = replace(settings, listening=ListeningSettings(quick=True))
    searcher = begun(AudioSearcher(quick), tmp_path)
    other = np.random.default_rng(3).normal(0, 0.1, 66 * RATE)
    within = other.copy()
    within[14 * RATE : 38 * RATE] = part(0, 2, 24)
    outside = other.copy()
    outside[: 12 * RATE] = part(0, 2, 12)
    short = part(1, 0, 20)
    found = searcher.findings(batch_of(*map(file_of, (other, within, outside, short))), "s.tar")
    assert [(finding.row, finding.asset_path) for finding in found] == [
        (1, "work-0.flac"),
        (3, "work-1.flac"),
    ]
    said = searcher.finish()["recordings"]
    assert (said["tracks"], said["quick_passed"]) == (4, 2)
    assert 2 * 30 + 15 + 66 + 20 - 1 <= said["seconds"] <= 3 * 30 + 66 + 20 + 1
    start = parts_of(found[0])[0][0]
    assert 10_000 < start < 20_000


def test_a_track_that_cannot_be_decoded_hides_nothing(searcher: AudioSearcher, tmp_path: Path) -> None:
    """What is heard in another track of the file is told; where no track can be decoded, nothing was searched."""
    film = with_rubbish(part(0, 6, 16))
    (finding,) = searcher.findings(batch_of(film, with_rubbish()), "s.tar")
    assert (finding.row, finding.asset_path, finding.record_track) == (0, "work-0.flac", 0)
    in_part, not_at_all = searcher.take_refused()
    assert (in_part.reason, not_at_all.reason) == ("damaged", "empty")
    assert in_part.detail == "0.flac: track 1 holds no sample of sound; the rest was searched"
    assert len(list((tmp_path / "excerpts").iterdir())) == 2


def test_an_excerpt_that_cannot_be_cut_hides_no_finding(
    searcher: AudioSearcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seeking can fail where reading from the beginning does not: the finding stands, and what is missing is told."""

    def fails(*_: object) -> None:
        raise SoundError("empty", "has no sound at 3.0 seconds")

    monkeypatch.setattr("countermark.scan.kept_excerpts.excerpt", fails)
    (finding,) = searcher.findings(batch_of(file_of(part(0, 4, 14))), "s.tar")
    assert finding.asset_path == "work-0.flac"
    (refused,) = searcher.take_refused()
    assert (refused.reason, refused.row) == ("damaged", 0)
    assert f"no excerpt of finding {finding.finding_id} could be cut: has no sound at" in refused.detail
    assert not (tmp_path / "excerpts").exists()


def test_a_file_that_two_works_have_is_common_to_both(tmp_path: Path) -> None:
    """Each is told; of how many works the very file is stands beside it."""
    write_works(tmp_path / "works", [0])
    (tmp_path / "works" / "again.flac").write_bytes(work(0))
    index, _ = build(tmp_path / "works", tmp_path / "index")
    found = begun(AudioSearcher(settings_of(index)), tmp_path / "run").findings(batch_of(work(0)), "s.tar")
    assert [(each.asset_path, each.commonness) for each in found] == [("again.flac", 2), ("work-0.flac", 2)]


def test_what_was_not_searched_is_not_told_as_searched_in_part(searcher: AudioSearcher) -> None:
    """`damaged` is said of recordings that were searched as far as they go."""
    whole = work(0)
    searcher.findings(batch_of(whole[:60], whole[: len(whole) * 6 // 10]), "s.tar")
    assert [each.reason for each in searcher.take_refused()] == ["undecodable", "damaged"]


def test_a_quick_scan_believes_no_length(settings: SearchSettings, tmp_path: Path) -> None:
    """A file that says it is much longer than it is would have both windows beyond its end: it is heard whole."""
    quick = replace(settings, listening=ListeningSettings(quick=True))
    searcher = begun(AudioSearcher(quick), tmp_path)
    lying = bytearray(file_of(part(0, 2, 24)))
    at = (
        lying.index(b"fLaC") + 8 + 10
    )  # of STREAMINFO: the number of samples, its last 36 bits of these 8 bytes
    said = int.from_bytes(lying[at : at + 8])
    lying[at : at + 8] = (said >> 36 << 36 | 3600 * RATE).to_bytes(8)
    (finding,) = searcher.findings(batch_of(bytes(lying)), "s.tar")
    assert finding.asset_path == "work-0.flac"
    assert searcher.finish()["recordings"]["quick_passed"] == 0


def test_a_quick_scan_tells_the_works_own_file(settings: SearchSettings, tmp_path: Path) -> None:
    """Its bytes say what it is, also where nothing is heard in two windows of it."""
    (tmp_path / "works").mkdir()
    silence = file_of(np.zeros(70 * RATE))
    (tmp_path / "works" / "silence.flac").write_bytes(silence)
    index, _ = build(tmp_path / "works", tmp_path / "index")
    quick = begun(
        AudioSearcher(settings_of(index, listening=ListeningSettings(quick=True))), tmp_path / "run"
    )
    (finding,) = quick.findings(batch_of(silence), "s.tar")
    assert (finding.grade, finding.chance) == (Grade.IDENTICAL, 0.0)


def test_controls_are_searched_in_the_same_pass(settings: SearchSettings, tmp_path: Path) -> None:
    """Both indices find their works; findings of controls say so; broken controls are counted."""
    write_works(tmp_path / "controls", [OTHER])
    (tmp_path / "controls" / "cut.flac").write_bytes(work(OTHER)[:60])
    backend, out = IndexBackend(), tmp_path / "controls.index"
    tally = backend.build_controls(ControlsWanted(tmp_path / "controls", shared_index()), out)
    assert tally.total == 1
    identity = replace(settings.identity, controls=backend.describe(out, None).identity)
    searcher = AudioSearcher(replace(settings, controls=str(out), identity=identity))
    begun(searcher, tmp_path / "run")
    records = batch_of(file_of(part(OTHER, 5, 14)), file_of(part(0, 5, 14)))
    found = searcher.findings(records, "s.tar")
    assert [(finding.asset_path, finding.is_control) for finding in found] == [
        (f"work-{OTHER}.flac", True),
        ("work-0.flac", False),
    ]
    assert searcher.finish()["recordings"]["comparisons"] == 2 * 3


def test_a_replaced_index_is_noticed(settings: SearchSettings) -> None:
    """Workers open what the run was planned with, or nothing."""
    foreign = replace(settings, identity=replace(settings.identity, index="0" * 64))
    with pytest.raises(UnusableIndexError, match="the index was replaced while the run was on"):
        AudioSearcher(foreign)
