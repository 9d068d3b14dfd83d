"""One file of the corpus: judged record by record, written without what goes, with a receipt at the end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from countermark.compliance.decide import decide
from countermark.compliance.receipts import Receipt
from countermark.compliance.record import Fate
from countermark.compliance.removed import DROPPED, MARKED, UNREAD
from countermark.reservations.use import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.compliance.decide import Decided
    from countermark.compliance.judging import Answers, Judge
    from countermark.compliance.record import Seen, Unread
    from countermark.compliance.removed import RemovedWriter
    from countermark.compliance.settings import FilterSettings


class Filtering:
    """The visitor of one file: counts, and tells the table of removed records. See record.Visitor."""

    def __init__(
        self,
        name: str,
        settings: FilterSettings,
        judge: Judge,
        removed: RemovedWriter | None,
        progress: Callable[[int], None],
    ) -> None:
        self._name = name
        self._settings = settings
        self._judge = judge
        self._removed = removed
        self._progress = progress
        self._gone: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        self.protocols: Counter[str] = Counter()
        self.damaged = False

    def seen(self, record: Seen) -> Fate:
        """Judge a record, and count it."""
        judged = self._judge.judge(record)
        decided = decide(judged, self._settings)
        self._count(record, judged, decided)
        leader = next((one for one in record.follows if one in self._gone), "")
        if not decided.goes and not leader:
            self.counts["kept"] += 1
            self.counts["generative_reserved"] += judged.generative_reserved
            self.counts["agents_refused"] += judged.agents_refused
            return Fate(mark=str(decided.answered.answer) if self._settings.mark else None)
        answer = str(decided.answered.answer) if decided.goes else self._gone[leader]
        if record.record_id:
            self._gone[record.record_id] = answer
        self._tell(record, decided, leader=leader if not decided.goes else "")
        if self._settings.mark:
            self.counts["kept"] += 1
            self.counts["marked"] += 1
            return Fate(mark=answer)
        self.counts["removed"] += 1
        return Fate(keep=False)

    def unread(self, what: Unread) -> None:
        """Count what could not be read as removed, and tell why."""
        self.damaged = self.damaged or what.records != 1
        for name in ("read", "removed", "unreadable"):
            self.counts[name] += what.records
        self._add(
            row=what.row,
            offset=what.offset,
            records=what.records,
            action=UNREAD,
            reason=what.reason,
            detail=what.detail,
            digest=what.digest,
        )

    def passed(self, digest: Callable[[], str]) -> None:  # noqa: ARG002  it stays as it is
        """Count a record that is no document."""
        self.counts["passed"] += 1

    def progress(self, consumed: int) -> None:
        """Pass on how far the file was read."""
        self._progress(consumed)

    def receipt(self, failed: str = "", **facts: Any) -> Receipt:
        """The receipt of the file."""
        protocols = tuple(sorted(self.protocols.items()))
        counts: dict[str, Any] = dict(self.counts)
        return Receipt(
            self._name, damaged=self.damaged, failed=failed, protocols=protocols, **facts, **counts
        )

    def _count(self, record: Seen, judged: Answers, decided: Decided) -> None:
        self.counts["read"] += 1
        self.counts["unknown"] += decided.answered.answer is Answer.UNKNOWN
        self.counts["doubtful"] += judged.doubt
        self.counts["undated"] += record.date is None
        self.counts["site_unknown"] += judged.site_unknown
        self.counts["without_url"] += not record.url

    def _tell(self, record: Seen, decided: Decided, *, leader: str) -> None:
        told = decided.answered
        if not leader:
            self.protocols[told.protocol or "none"] += 1
        facts = {} if leader else {
            "answer": str(told.answer), "protocol": told.protocol, "technique": told.technique,
            "where": told.where, "raw": told.raw, "terms": told.terms, "use": str(decided.use),
        }  # fmt: skip
        self._add(
            row=record.row,
            offset=record.offset,
            records=1,
            record_id=record.record_id,
            url=record.url,
            date=record.date,
            action=MARKED if self._settings.mark else DROPPED,
            reason="follows" if leader else str(told.answer),
            detail=f"belongs to {leader}" if leader else "",
            digest=record.digest(),
            **facts,
        )

    def _add(self, **row: Any) -> None:
        if self._removed is not None:
            self._removed.add(file=self._name, **row)
