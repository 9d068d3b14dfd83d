"""What a scan needs of an index: its facts, a second index of controls, and a searcher for batches.

The scan talks to a `SearchBackend` only, so that its own rules (receipts, resuming, quarantine) stand apart
from fingerprints and kernels. `IndexBackend` is the one that reads index folders.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from countermark.errors import UnusableIndexError
from countermark.scan.receipt import RefusalTally, ScanIdentity
from countermark.scan.reserved import ReservationSettings, open_judge

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from countermark.corpus.base import RecordBatch
    from countermark.findings.finding import Finding
    from countermark.index import Index
    from countermark.matching.match import Match
    from countermark.matching.matcher import Matcher


@dataclass(frozen=True, slots=True)
class IndexFacts:
    """What a run records of an index; `assets` is its table of assets (the columns of catalog.parquet)."""

    identity: str
    scheme: str
    form: str
    works: int
    guarantee_letters: int
    assets: pa.Table


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Everything that opening a searcher takes; paths are strings, so that it crosses process borders."""

    index: str
    controls: str | None
    identity: ScanIdentity
    corpus: str
    snapshot_date: str | None
    salt: bytes | None = field(default=None, repr=False)
    reservations: ReservationSettings = field(default_factory=ReservationSettings)


class Searcher(Protocol):
    """Finds the works of an index in batches of records."""

    def findings(self, batch: RecordBatch, shard: str) -> list[Finding]:
        """The findings in one batch of the shard named `shard`, controls marked as such."""
        ...

    def take_curbed(self) -> int:
        """How many records since the last call cost so much that not all they repeat was followed."""
        ...


class SearchBackend(Protocol):
    """Opens indices. Must cross process borders; opening is done once in each worker."""

    def describe(self, index: Path, salt: bytes | None) -> IndexFacts:
        """The facts of an index. Raises UnusableIndexError."""
        ...

    def build_controls(self, folder: Path, out: Path, index: Path, salt: bytes | None) -> RefusalTally:
        """Index the works in `folder` into `out` with the scheme of `index`; count what was not read."""
        ...

    def open(self, settings: SearchSettings) -> Searcher:
        """A searcher for both indices. Raises UnusableIndexError when one is not the index it was."""
        ...


class IndexBackend:
    """The backend that reads index folders."""

    def describe(self, index: Path, salt: bytes | None) -> IndexFacts:
        """The facts of an index, after every byte of it was checked. Raises UnusableIndexError.

        The kernels are compiled here if need be, so that the workers need not do it all at once.
        """
        from countermark.fingerprint.kernel_cache import is_compiled  # noqa: PLC0415
        from countermark.index import open_index  # noqa: PLC0415

        opened = open_index(index, salt)
        opened.verify()
        if not is_compiled("match_records"):
            from countermark.matching.matcher import Matcher  # noqa: PLC0415

            Matcher(opened).warm_up()
        manifest = opened.manifest
        return IndexFacts(
            identity=manifest.identity,
            scheme=manifest.scheme,
            form=manifest.form,
            works=manifest.works,
            guarantee_letters=manifest.guarantee_letters,
            assets=opened.assets_table(),
        )

    def build_controls(self, folder: Path, out: Path, index: Path, salt: bytes | None) -> RefusalTally:
        """Index the works in `folder` into `out` with the scheme of `index`; count what was not read."""
        from countermark.index import open_index  # noqa: PLC0415
        from countermark.index.build import build_index  # noqa: PLC0415
        from countermark.media import Refusal  # noqa: PLC0415
        from countermark.works.reading import read_works  # noqa: PLC0415

        tally = RefusalTally()

        def files() -> Iterable[Any]:
            for found in read_works([folder]):
                if isinstance(found, Refusal):
                    tally.add([found])
                else:
                    yield found

        scheme = open_index(index, salt).manifest.scheme
        build_index(files(), out, scheme=scheme, salt=salt, sealed=salt is not None)
        return tally

    def open(self, settings: SearchSettings) -> Searcher:
        """A searcher for both indices, opened once per process."""
        return _open_searcher(settings)


class IndexSearcher:
    """Matches batches against the main index and the index of controls."""

    def __init__(self, settings: SearchSettings) -> None:
        """Open both indices. Raises UnusableIndexError when one is not what the run was planned with."""
        from countermark.index import open_index  # noqa: PLC0415
        from countermark.matching.matcher import Matcher  # noqa: PLC0415

        self._settings = settings
        self._judge = open_judge(settings.reservations)
        self._curbed = 0
        identity = settings.identity
        wanted = [(settings.index, identity.index, settings.salt, False)]
        if settings.controls is not None and identity.controls is not None:
            wanted.append((settings.controls, identity.controls, settings.salt, True))
        self._searches: list[tuple[Matcher, Index, bool]] = []
        for path, digest, salt, is_control in wanted:
            index = open_index(Path(path), salt)
            if index.manifest.identity != digest:
                raise UnusableIndexError(f"{path}: the index was replaced while the run was on")
            # controls must pass the same bar as the works, however few they are
            least = self._searches[0][0].least if self._searches else None
            self._searches.append((Matcher(index, least), index, is_control))

    def findings(self, batch: RecordBatch, shard: str) -> list[Finding]:
        """The findings in one batch; those that begin past the end of the part belong to the next one."""
        from countermark.matching.rows import Context, findings_of  # noqa: PLC0415

        found: list[Finding] = []
        for matcher, index, is_control in self._searches:
            matches = owned(matcher.match(batch), batch)
            named = self._settings.corpus, self._settings.snapshot_date
            context = Context(*named, shard, is_control, self._judge)
            found.extend(findings_of(matches, batch, index, context))
        return found

    def take_curbed(self) -> int:
        """How many records since the last call cost so much that not all they repeat was followed."""
        before, self._curbed = self._curbed, sum(m.statistics["curbed"] for m, _, _ in self._searches)
        return self._curbed - before


def owned(matches: list[Match], batch: RecordBatch) -> list[Match]:
    """Drop the matches that begin at or after `own_end` of their record: the next part finds them."""
    ends = batch.own_end
    if ends is None:
        return matches
    return [match for match in matches if match.record_span.start < ends[match.record]]


@lru_cache(maxsize=1)
def _open_searcher(settings: SearchSettings) -> IndexSearcher:
    return IndexSearcher(settings)
