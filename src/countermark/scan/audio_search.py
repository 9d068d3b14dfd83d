"""Searching batches of recordings: the searcher of an index of recordings and of the controls beside it.

Of what a shard found, what was heard is kept: up to half a minute of the record for each finding, where that was not
declined, and the copies of the works, so that the listening page can be made from the run folder alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from countermark.audio.decode import open_sound
from countermark.errors import SoundError, UnusableIndexError
from countermark.fingerprint.audio.extract import extract
from countermark.index.audio.lookup import open_audio_index
from countermark.language import printable
from countermark.matching.audio.matcher import AudioMatcher
from countermark.matching.audio.rows import METHOD, METHOD_FILE, Heard, finding_of
from countermark.matching.audio.same import same_file
from countermark.matching.rows import Context
from countermark.media import Refusal
from countermark.scan.keeping import keep
from countermark.scan.kept_excerpts import keep_excerpt
from countermark.scan.quick import hit_in_windows
from countermark.scan.reserved import open_judge
from countermark.scan.search import Amounts

if TYPE_CHECKING:
    from countermark.audio.decode import Sound
    from countermark.audio.source import SoundSource
    from countermark.corpus.audio.batch import AudioBatch
    from countermark.findings.finding import Finding
    from countermark.fingerprint.audio.features import Features
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

    def said(self, *, quick: bool) -> dict[str, Any]:
        """As a receipt has it; `quick_passed` tracks were left after two windows without a hit."""
        said: dict[str, Any] = {
            "bytes": self.bytes,
            "seconds": round(self.seconds),
            "tracks": self.tracks,
            "comparisons": self.comparisons,
        }
        return said | ({"quick_passed": self.quick_passed} if quick else {})


class AudioSearcher:
    """Matches batches of recordings against the main index and the index of controls."""

    def __init__(self, settings: SearchSettings) -> None:
        """Open both indices. Raises UnusableIndexError when one is not what the run was planned with."""
        self._settings = settings
        self._judge = open_judge(settings.reservations)
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
        self._shard = ""
        self._refused: list[Refusal] = []
        self._tally = Tally()

    def begin(self, begun: Begun) -> None:
        """Forget what a shard before left, should it have failed."""
        self._run = begun.run
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
                self._refuse(batch, record, error.reason, str(error))
            except OSError as error:
                self._refuse(batch, record, "unreadable", error.strerror or str(error))
        return found

    def _in_record(self, batch: AudioBatch, record: int, source: SoundSource) -> list[Finding]:
        """The findings in all tracks of a record."""
        digest = source.digest()
        with open_sound(source, batch.names[record]) as sound:
            numbers = [track.number for track in sound.tracks]
        found: list[Finding] = []
        for number in numbers:
            with open_sound(source, batch.names[record]) as sound:
                features = self._listened(sound, number)
                if sound.damaged:
                    self._refuse(batch, record, "damaged", f"{sound.damaged}; the rest was searched")
            if features is not None:
                found.extend(self._in_track(batch, record, source, number, features, digest))
        return found

    def _listened(self, sound: Sound, number: int) -> Features | None:
        """The features of a track; None where a quick scan heard no work in two windows of it."""
        self._tally.tracks += 1
        self._tally.comparisons += sum(len(matcher.index.assets()) for matcher, _ in self._matchers)
        if self._settings.listening.quick:
            heard = hit_in_windows(sound, number, [matcher for matcher, _ in self._matchers])
            self._tally.seconds += heard.seconds
            if not heard.hit:
                self._tally.quick_passed += 1
                return None
        features = extract(sound.blocks(number))
        self._tally.seconds += features.seconds
        return features

    def _in_track(
        self,
        batch: AudioBatch,
        record: int,
        source: SoundSource,
        number: int,
        features: Features,
        digest: str,
    ) -> list[Finding]:
        found = []
        for matcher, is_control in self._matchers:
            named = self._settings.corpus, self._settings.snapshot_date
            context = Context(*named, self._shard, is_control, self._judge)
            for heard in self._heard(matcher, features, number, digest):
                finding = finding_of(heard, batch, record, context)
                found.append(finding)
                copied = matcher.index.copy_of(heard.match.asset)
                keep(self._run / "works", finding.asset_digest, copied)
                if self._settings.listening.excerpts:
                    keep_excerpt(self._run / "excerpts", finding, source, heard.match)
        return found

    def _heard(self, matcher: AudioMatcher, features: Features, number: int, digest: str) -> list[Heard]:
        """The works in a track: what is the work's own file is told without a comparison."""
        index = matcher.index
        same = set(index.of_file(digest)) if number == 0 else set()
        seconds = features.seconds
        heard = [
            Heard(
                match,
                number,
                seconds,
                digest,
                index.assets()[match.asset],
                index.manifest.scheme,
                METHOD,
                common,
            )
            for match, common in matcher.match_with_commonness(features)
            if match.asset not in same
        ]
        for asset in sorted(same):
            match = same_file(asset, seconds, len(features.times))
            heard.append(
                Heard(
                    match, number, seconds, digest, index.assets()[asset], index.manifest.scheme, METHOD_FILE
                )
            )
        return heard

    def _refuse(self, batch: AudioBatch, record: int, reason: str, detail: str) -> None:
        name = printable(batch.names[record])
        told = f"{name}: {detail.removeprefix(batch.names[record]).lstrip(' :')}"
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


@lru_cache(maxsize=1)
def open_searcher(settings: SearchSettings) -> AudioSearcher:
    """A searcher, opened once per process."""
    return AudioSearcher(settings)
