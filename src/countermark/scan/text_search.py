"""Searching batches of texts: the searcher of an index of texts and of the controls beside it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from countermark.errors import UnusableIndexError
from countermark.media import Refusal
from countermark.scan.reserved import open_judge
from countermark.scan.search import Amounts

if TYPE_CHECKING:
    import pyarrow as pa

    from countermark.corpus.base import RecordBatch
    from countermark.findings.finding import Finding
    from countermark.index import Index
    from countermark.matching.match import Match
    from countermark.matching.matcher import Matcher
    from countermark.scan.search import Begun, SearchSettings

CURBED = "a record repeats passages of works so often that not every repetition was followed"
"""Its text was read, and each of its parts that agrees with a work is found, but not with every work or repetition."""


class TextSearcher:
    """Matches batches of texts against the main index and the index of controls."""

    def __init__(self, settings: SearchSettings) -> None:
        """Open both indices. Raises UnusableIndexError when one is not what the run was planned with."""
        from countermark.index import open_index  # noqa: PLC0415
        from countermark.matching.matcher import Matcher  # noqa: PLC0415

        self._settings = settings
        self._judge = open_judge(settings.reservations)
        self._excerpts = not settings.identity.excerpts
        self._curbed = 0
        self._shard = ""
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

        self._shard = shard
        found: list[Finding] = []
        for matcher, index, is_control in self._searches:
            matches = owned(matcher.match(batch), batch)
            named = self._settings.corpus, self._settings.snapshot_date
            context = Context(*named, shard, is_control, self._judge, self._excerpts)
            found.extend(findings_of(matches, batch, index, context))
        return found

    def take_refused(self) -> list[Refusal]:
        """One refusal for each record since the last call that cost so much that not all it repeats was followed."""
        before, self._curbed = self._curbed, sum(m.statistics["curbed"] for m, _, _ in self._searches)
        return [Refusal(self._shard, -1, "curbed", CURBED)] * (self._curbed - before)

    def measure(self, batch: RecordBatch) -> Amounts:
        """Code points and bytes of the texts, lead-outs apart, which the next piece counts."""
        import pyarrow.compute as pc  # noqa: PLC0415

        owned = owned_text(batch)
        return Amounts(
            pc.sum(pc.utf8_length(owned)).as_py() or 0, pc.sum(pc.binary_length(owned)).as_py() or 0
        )

    def begin(self, begun: Begun) -> None:
        """Nothing is kept from shard to shard."""

    def finish(self) -> dict[str, dict[str, Any]]:
        """Texts leave nothing beside the findings."""
        return {}


def owned(matches: list[Match], batch: RecordBatch) -> list[Match]:
    """Drop the matches that begin at or after `own_end` of their record: the next part finds them."""
    ends = batch.own_end
    if ends is None:
        return matches
    return [match for match in matches if match.record_span.start < ends[match.record]]


def owned_text(batch: RecordBatch) -> pa.LargeStringArray:
    """The texts of a batch without the lead-outs, which the next piece counts."""
    import pyarrow as pa  # noqa: PLC0415

    if batch.own_end is None:
        return batch.text
    texts = zip(batch.text.to_pylist(), batch.own_end.tolist(), strict=True)
    return pa.array([str(text)[:end] for text, end in texts], pa.large_string())


@lru_cache(maxsize=1)
def open_searcher(settings: SearchSettings) -> TextSearcher:
    """A searcher, opened once per process."""
    return TextSearcher(settings)
