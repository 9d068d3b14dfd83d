"""Searching batches of recordings: the searcher of an index of recordings and of the controls beside it.

Of what a shard found, what was heard is kept: up to half a minute of the record for each finding, where that was not
declined, and the copies of the works, so that the listening page can be made from the run folder alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.audio.decode import open_sound
from countermark.errors import InputError, SoundError, UnusableIndexError
from countermark.fingerprint.audio.extract import extract
from countermark.index.audio.lookup import open_audio_index
from countermark.language import printable
from countermark.matching.audio.matcher import AudioMatcher
from countermark.matching.audio.rows import METHOD, METHOD_COMPOSITION, METHOD_FILE, Heard, finding_of
from countermark.matching.audio.same import same_file
from countermark.matching.rows import Context
from countermark.media import Refusal
from countermark.scan.composition_search import as_match, harmony_of_track, open_hints, open_notes
from countermark.scan.keeping import keep
from countermark.scan.kept_excerpts import keep_excerpt
from countermark.scan.quick import hit_in_windows
from countermark.scan.reserved import open_judge
from countermark.scan.search import Amounts
from countermark.storage.store import store_of

if TYPE_CHECKING:
    from countermark.audio.decode import Sound
    from countermark.audio.source import SoundSource
    from countermark.corpus.audio.batch import AudioBatch
    from countermark.errors import CountermarkError
    from countermark.findings.finding import Finding
    from countermark.fingerprint.audio.features import Features
    from countermark.fingerprint.audio.harmony import Harmony
    from countermark.index.audio.lookup import AudioIndex
    from countermark.matching.audio.composition.composition import CompositionMatcher
    from countermark.matching.audio.match import AudioMatch
    from countermark.scan.search import Begun, SearchSettings

NO_TEXT = Amounts(0, 0)


@dataclass(slots=True)
class Tally:
    """What was listened to in a shard: bytes, seconds decoded, tracks, and pairs of track and work compared."""

    bytes: int = 0
    seconds: float = 0.0
    tracks: int = 0
    comparisons: int = 0
    quick_passed: int = 0
    hints_compared: int = 0

    def said(self, *, quick: bool) -> dict[str, Any]:
        """As a receipt has it; `quick_passed` tracks were left after two windows without a hit."""
        said: dict[str, Any] = {
            "bytes": self.bytes,
            "seconds": round(self.seconds),
            "tracks": self.tracks,
            "comparisons": self.comparisons,
            "hints_compared": self.hints_compared,
        }
        return said | ({"quick_passed": self.quick_passed} if quick else {})


class _Track(NamedTuple):
    """A track that was listened to, and where it stands."""

    batch: AudioBatch
    record: int
    source: SoundSource
    number: int
    digest: str
    features: Features
    lost: list[str]
    """What could not be decoded of the record, so far."""

    def heard(self, index: AudioIndex, match: AudioMatch, method: str, common: int) -> Heard:
        """A match in this track, with the facts of its work."""
        asset, scheme = index.assets()[match.asset], index.manifest.scheme
        return Heard(match, self.number, self.features.seconds, self.digest, asset, scheme, method, common)


class AudioSearcher:
    """Matches batches of recordings against the main index and the index of controls."""

    def __init__(self, settings: SearchSettings) -> None:
        """Open both indices. Raises UnusableIndexError when one is not what the run was planned with."""
        self._settings = settings
        self._judge = open_judge(settings.reservations)
        self._excerpts = not settings.identity.excerpts
        identity = settings.identity
        wanted = [(settings.index, identity.index, False)]
        if settings.controls is not None and identity.controls is not None:
            wanted.append((settings.controls, identity.controls, True))
        self._matchers: list[tuple[AudioMatcher, bool]] = []
        for path, digest, is_control in wanted:
            index = open_audio_index(Path(path))
            if index.manifest.identity != digest:
                raise UnusableIndexError(f"{path}: the index was replaced while the run was on")
            self._matchers.append((AudioMatcher(index), is_control))
        self._hints = open_hints(settings, [matcher.index for matcher, _ in self._matchers])
        self._notes = open_notes(settings)
        self._shard = ""
        self._refused: list[Refusal] = []
        self._tally = Tally()

    def begin(self, begun: Begun) -> None:
        """Forget what a shard before left, should it have failed."""
        self._store = store_of(begun.run)
        self._refused = []
        self._tally = Tally()

    def findings(self, batch: AudioBatch, shard: str) -> list[Finding]:
        """The findings in one batch."""
        self._shard = shard
        found: list[Finding] = []
        for record, source in enumerate(batch.sources):
            self._tally.bytes += len(source)
            try:
                found.extend(self._in_record(batch, record, source))
            except SoundError as error:
                # `damaged` is said of what was searched in part
                reason = "undecodable" if error.reason == "damaged" else error.reason
                self._refuse(batch, record, reason, str(error))
            except OSError as error:
                self._refuse(batch, record, "unreadable", error.strerror or str(error))
        return found

    def _in_record(self, batch: AudioBatch, record: int, source: SoundSource) -> list[Finding]:
        """The findings in all tracks of a record: one that cannot be decoded does not hide what is in the others.

        Raises SoundError or OSError where none of them can.
        """
        digest = source.digest()
        with open_sound(source, batch.names[record]) as sound:
            numbers = [track.number for track in sound.tracks]
        found: list[Finding] = []
        lost: list[str] = []
        failed: list[SoundError | OSError] = []
        for number in numbers:
            try:
                with open_sound(source, batch.names[record]) as sound:
                    features = self._listened(sound, number, digest)
                    lost += [sound.damaged] if sound.damaged else []
            except (SoundError, OSError) as error:
                failed.append(error)
                lost.append(f"track {number} {_told(error, batch.names[record])}")
                continue
            if features is not None:
                found.extend(self._in_track(_Track(batch, record, source, number, digest, features, lost)))
        if len(failed) == len(numbers):
            raise failed[0]
        if lost:
            self._refuse(batch, record, "damaged", f"{'; '.join(dict.fromkeys(lost))}; the rest was searched")
        return found

    def _listened(self, sound: Sound, number: int, digest: str) -> Features | None:
        """The features of a track; None where a quick scan heard no work in two windows of it.

        A work's own file is heard whole: its bytes say already what it is.
        """
        self._tally.tracks += 1
        self._tally.comparisons += sum(len(matcher.index.assets()) for matcher, _ in self._matchers)
        own = number == 0 and any(matcher.index.of_file(digest) for matcher, _ in self._matchers)
        if self._settings.listening.quick and not own:
            heard = hit_in_windows(sound, number, [matcher for matcher, _ in self._matchers])
            self._tally.seconds += heard.seconds
            if not heard.hit:
                self._tally.quick_passed += 1
                return None
        features = extract(sound.blocks(number))
        self._tally.seconds += features.seconds
        return features

    def _in_track(self, track: _Track) -> list[Finding]:
        """What is found in a track, and kept of it."""
        harmony = self._harmony(track) if self._hints else None
        found = []
        for place, (matcher, is_control) in enumerate(self._matchers):
            named = self._settings.corpus, self._settings.snapshot_date
            context = Context(*named, self._shard, is_control, self._judge, self._excerpts)
            heard = _heard(matcher, track)
            if harmony is not None:
                self._tally.hints_compared += self._hints[place].comparisons(harmony)
                heard += _hinted(
                    self._hints[place], harmony, matcher, track, {each.match.asset for each in heard}
                )
            for each in heard:
                finding = finding_of(each, track.batch, track.record, context)
                found.append(finding)
                keep(self._store, "works", finding.asset_digest, matcher.index.copy_of(each.match.asset))
                if self._excerpts:
                    self._keep_excerpt(track, finding, each.match)
        return found

    def _harmony(self, track: _Track) -> Harmony | None:
        """Melody and harmony of a track. Where they cannot be had, that is told, and what was heard stands."""
        name = track.batch.names[track.record]
        try:
            return harmony_of_track(track.source, name, track.number, self._notes)
        except (InputError, OSError) as error:
            track.lost.append(f"no melody and harmony of track {track.number}: {_told(error, name)}")
            return None

    def _keep_excerpt(self, track: _Track, finding: Finding, match: AudioMatch) -> None:
        """Keep what was heard. Where it cannot be decoded by itself, that is told, and the finding stands."""
        try:
            keep_excerpt(self._store, finding, track.source, match)
        except (SoundError, OSError) as error:
            track.lost.append(f"no excerpt of finding {finding.finding_id} could be cut: {_told(error, '')}")

    def _refuse(self, batch: AudioBatch, record: int, reason: str, detail: str) -> None:
        told = f"{printable(batch.names[record])}: {_without(detail, batch.names[record])}"
        self._refused.append(Refusal(self._shard, int(batch.row[record]), reason, told))

    def take_refused(self) -> list[Refusal]:
        """The records since the last call that could not be decoded, or not wholly."""
        refused, self._refused = self._refused, []
        return refused

    def measure(self, batch: AudioBatch) -> Amounts:  # noqa: ARG002  as the protocol has it
        """Recordings hold no text."""
        return NO_TEXT

    def finish(self) -> dict[str, dict[str, Any]]:
        """How much was listened to."""
        return {"recordings": self._tally.said(quick=self._settings.listening.quick)}


def _told(error: CountermarkError | OSError, name: str) -> str:
    """What went wrong with a record, without its name."""
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return _without(str(error), name)


def _without(detail: str, name: str) -> str:
    return detail.removeprefix(name).lstrip(" :")


def _heard(matcher: AudioMatcher, track: _Track) -> list[Heard]:
    """The works in a track: what is the work's own file is told without a comparison."""
    index, features = matcher.index, track.features
    same = set(index.of_file(track.digest)) if track.number == 0 else set()
    heard = [
        track.heard(index, match, METHOD, common)
        for match, common in matcher.match_with_commonness(features)
        if match.asset not in same
    ]
    works = len({index.assets()[asset]["work_id"] for asset in same})
    for asset in sorted(same):
        match = same_file(asset, features.seconds, len(features.times))
        heard.append(track.heard(index, match, METHOD_FILE, works))
    return heard


def _hinted(
    hints: CompositionMatcher, harmony: Harmony, matcher: AudioMatcher, track: _Track, known: set[int]
) -> list[Heard]:
    """The works that a track resembles, those aside of which the recording itself is heard."""
    return [
        track.heard(matcher.index, as_match(found), METHOD_COMPOSITION, 1)
        for found in hints.match(harmony)
        if found.asset not in known
    ]


@lru_cache(maxsize=1)
def open_searcher(settings: SearchSettings) -> AudioSearcher:
    """A searcher, opened once per process."""
    return AudioSearcher(settings)
