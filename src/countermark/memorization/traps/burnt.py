"""What was shown to models of others: the ledger of burnt candidates.

Asking a hosted model about candidates shows them to whoever runs it, and a later model may have all of them. The rank
test of a work is then exact only among candidates with the same history: each of them shown to the same, equally often,
the published one among them. The ledger holds, chained line by line, what was shown, to whom and when; it names
questions by a digest that is keyed with the traps' key, so that it tells nothing of their texts.
"""

from __future__ import annotations

import hmac
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.atomic import make_folder
from countermark.errors import PlanError
from countermark.memorization.drivers.driver import ScorerAround
from countermark.memorization.study.plan import canonical
from countermark.memorization.traps.ranking import queries_of, query_of
from countermark.scan.runlog import RunLog, read_events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.memorization.drivers.driver import ModelIdentity, Query, Scored, Scorer
    from countermark.memorization.traps.ranking import Contest

NAME: Final = "burnt.jsonl"
LEAST: Final = 2
"""So many candidates at least must be left with the same history."""


class Shown(NamedTuple):
    """What one model was shown of one work and channel: how many questions, first and last when (ISO 8601)."""

    work: str
    channel: str
    to: str
    questions: int
    first: str
    last: str


class Ledger:
    """The ledger in a file, for the traps of one key."""

    def __init__(self, path: Path, secret: bytes, *, but: str = "") -> None:
        """Read it; `secret` is derived from the key, and what the plan `but` showed is left out.

        Raises RunError where the chain is broken, PlanError where it is no ledger.
        """
        self.path = path
        self._secret = secret
        self._log: RunLog | None = None
        self._shown: Counter[tuple[str, str]] = Counter()  # to whom, what
        for entry in _entries(path):
            if entry["plan"] != but:
                self._count(entry["to"], [one["query"] for one in entry["shown"]])

    def _count(self, to: str, names: Sequence[str]) -> None:
        self._shown.update((to, name) for name in names)

    def name(self, query: Query) -> str:
        """How the ledger names a question."""
        return hmac.new(self._secret, canonical(["shown", *query]), "sha256").hexdigest()[:32]

    def note(self, to: str, plan: str, shown: Sequence[tuple[Query, str, str]]) -> None:
        """Write down, before it happens, that queries (with work and channel) are shown. Raises OutputError."""
        told = [
            {"query": self.name(query), "work": work, "channel": channel} for query, work, channel in shown
        ]
        if self._log is None:
            make_folder(self.path.parent)
            self._log = RunLog(self.path)
        self._log.append("shown", {"to": to, "plan": plan, "shown": told})

    def alike(self, contest: Contest) -> tuple[int, ...]:
        """The places of the candidates whose history is that of the published one.

        Raises PlanError where fewer than two are left: such a work can no longer be tested.
        """
        everyone = sorted({to for to, _ in self._shown})
        names = {query: self.name(query) for query in queries_of(contest)}
        if not any((to, name) in self._shown for to in everyone for name in names.values()):
            return tuple(range(len(contest.passages)))
        histories = [
            tuple(self._shown[to, names[query_of(site)]] for site in passage.sites for to in everyone)
            for passage in contest.passages
        ]
        wanted = histories[contest.published]
        places = tuple(place for place, history in enumerate(histories) if history == wanted)
        if len(places) < LEAST:
            raise PlanError(
                f"{contest.name}: burnt: the published candidate was shown to a hosted model as no other was, so none "
                f"can be ranked with it; leave this work out ({self.path})"
            )
        return places

    def narrowed(self, contest: Contest) -> Contest:
        """A contest among the candidates that may still be ranked. Raises PlanError as `alike` does."""
        places = self.alike(contest)
        return contest._replace(
            numbers=tuple(contest.numbers[place] for place in places),
            passages=tuple(contest.passages[place] for place in places),
            published=places.index(contest.published),
        )


class Burning(ScorerAround):
    """A scorer that writes into the ledger what it is about to show."""

    def __init__(self, scorer: Scorer, ledger: Ledger, plan: str, contests: Sequence[Contest]) -> None:
        super().__init__(scorer)
        self._ledger = ledger
        self._plan = plan
        self._whose = {query: contest for contest in contests for query in queries_of(contest)}

    def logprobs(self, queries: Sequence[Query]) -> list[Scored]:
        """Note, then ask: what was noted and not asked costs a candidate, what was asked and not noted the proof."""
        shown = [(query, self._whose[query].work, self._whose[query].channel) for query in queries]
        self._ledger.note(address_of(self.identity), self._plan, shown)
        return self.within.logprobs(queries)


def address_of(identity: ModelIdentity) -> str:
    """To whom something is shown: the server, and the model's name there."""
    return f"{identity.address} {identity.name}".strip()


def shown_in(path: Path) -> list[Shown]:
    """What a ledger says, by work, channel and model. Raises RunError, and PlanError where it is no ledger."""
    times: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for entry in _entries(path):
        for one in entry["shown"]:
            times[one["work"], one["channel"], entry["to"]].append(entry["time"])
    return [Shown(*who, len(when), min(when), max(when)) for who, when in sorted(times.items())]


def _entries(path: Path) -> list[dict[str, Any]]:
    entries = read_events(path) if path.exists() else []
    for entry in entries:
        if entry["event"] != "torn_line" and not _is_entry(entry):
            raise PlanError(
                f"{path}, line {entry.get('line', 0) + 1}: not a line of a ledger of burnt candidates"
            )
    return [entry for entry in entries if entry["event"] == "shown"]


def _is_entry(entry: dict[str, Any]) -> bool:
    shown = entry.get("shown")
    return (
        entry["event"] == "shown"
        and all(isinstance(entry.get(key), str) for key in ("to", "time", "plan"))
        and isinstance(shown, list)
        and all(
            isinstance(one, dict)
            and all(isinstance(one.get(key), str) for key in ("query", "work", "channel"))
            and re.fullmatch("[0-9a-f]{32}", one["query"])
            for one in shown
        )
    )
