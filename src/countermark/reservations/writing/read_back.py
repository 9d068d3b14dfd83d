"""What was written, read by the readers and held against the policy: for uses, paths, agents and media, by protocol.

A protocol has to say what is wanted. It may be stricter, or say nothing, only where that was told before; and what the
site itself already said beside our lines counts as the site's, not as ours. All protocols together have to say what is
wanted as well: no reservation may be left to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from countermark.reservations.policy.patterns import sample
from countermark.reservations.response import Headers, Response, Site
from countermark.reservations.robots import parse_robots
from countermark.reservations.sources import read_response, read_site
from countermark.reservations.statement import Reading, joined
from countermark.reservations.target import ANY_AGENT, Target, path_of
from countermark.reservations.use import USES, Answer, Use, strictness
from countermark.reservations.verdict import judge
from countermark.reservations.writing import html_metas, tdmrep_json
from countermark.reservations.writing.block import without_block
from countermark.reservations.writing.everything import AI_TXT, PROTOCOLS, ROBOTS, address_path
from countermark.reservations.writing.header_fields import sent_for
from countermark.reservations.writing.inexpressible import fits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from countermark.reservations.policy.model import Policy
    from countermark.reservations.verdict import Verdict
    from countermark.reservations.writing.everything import Everything
    from countermark.reservations.writing.inexpressible import Inexpressible

MAX_PATHS: Final = 200
"""Paths that are asked about for every agent, and places of the site's files for whoever no rule names."""
MAX_AGENTS: Final = 60
MAX_NAMED: Final = 2000
MAX_PAGES: Final = 100
TOGETHER: Final = "all protocols"
OWN: Final = "/robots.txt"
TDMREP: Final = "tdmrep"
STRICTER: Final = frozenset({"coarse", "inherited", "no-terms", "site-lines"})
"""Reasons for which a protocol says more than is wanted."""
AVOIDABLE: Final = STRICTER - {"site-lines"}
"""Of these, the reasons that go with the protocol when it is left out."""
SILENT: Final = frozenset({"fetch-only", "inherited", "mixed", "no-permission", "no-word", "token"})
"""Reasons for which it says nothing."""
_MEDIA: Final = ("", "image")
_HTML: Final = Headers([("Content-Type", "text/html")])


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One question that was read back otherwise than wanted. `where` and `line` are of the statement that decided."""

    protocol: str
    use: Use
    path: str
    agent: str
    wanted: Answer
    got: Answer
    where: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What all protocols together are read to say, for want of words, where something else is wanted.

    `path` is the pattern of the policy's rule; `protocols` are those that decide, none where none can say it; `without`
    are those to leave out if it is to be read less strictly, none where that would not help.
    """

    use: Use
    path: str
    wanted: Answer
    got: Answer
    protocols: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadBack:
    """How many questions were asked, which were answered otherwise than wanted, and where that was told before."""

    asked: int
    mismatches: tuple[Mismatch, ...]
    otherwise: tuple[Otherwise, ...] = ()


def read_back(
    policy: Policy,
    written: Everything,
    existing: Mapping[str, bytes],
    protocols: Collection[str] = PROTOCOLS,
) -> ReadBack:
    """Ask the readers everything that the policy answers: each rule, page and place that the site's files name."""
    return _Probe(policy, written, existing, protocols).run()


class _Probe:
    def __init__(
        self, policy: Policy, written: Everything, existing: Mapping[str, bytes], protocols: Collection[str]
    ) -> None:
        self.policy, self.written, self.existing = policy, written, existing
        self.protocols = [name for name in PROTOCOLS if name in protocols]
        files = {**existing, **written.files}
        self.site = site_of(policy.site, files, written.documents)
        self.pages = {
            address_path(name): data
            for name, data in files.items()
            if name.lower().endswith(html_metas.SUFFIXES)
        }
        # what the site says by itself: a block of ours from before is replaced, and binds nobody
        self.before = parse_robots(without_block(existing.get(ROBOTS, b""), ROBOTS))
        self.own = replace(self.site, robots=None, ai_txt=None, tdmrep=_own_tdmrep(policy, written, existing))
        self.otherwise: list[Otherwise] = []
        self.own_verdicts: dict[tuple[str, str], Verdict] = {}
        self.heard: dict[tuple[str, str], Reading] = {}
        self.lost: dict[tuple[str, Use, str], list[Inexpressible]] = {}
        self.unnamed = {one.agent.lower() for one in written.lost if one.reason == "token"}
        for one in written.lost:
            self.lost.setdefault((one.protocol, one.use, one.path), []).append(one)

    def run(self) -> ReadBack:
        asked = 0
        found: list[Mismatch] = []
        paths, agents = self._paths(), self._agents()
        for agent in self._representatives(agents):
            for path in paths if agent == ANY_AGENT else paths[:MAX_PATHS]:
                for medium in _MEDIA if agent == ANY_AGENT else _MEDIA[:1]:
                    target = Target(self.policy.site + path, agent, medium)
                    asked += len(USES) * (len(self.protocols) + 1)
                    found += self._compare(target, path, self._read(target, path))
        asked += len(paths) * len(agents)
        found += self._fetching(paths, agents)
        return ReadBack(asked, tuple(dict.fromkeys(found)), tuple(dict.fromkeys(self.otherwise)))

    def _fetching(self, paths: Sequence[str], agents: Sequence[str]) -> Iterator[Mismatch]:
        """Whether every agent is shut out where it is to be, and nowhere let in where it was not."""
        after = parse_robots({**self.existing, **self.written.files}.get(ROBOTS, b""))
        for agent in agents:
            for path in paths:
                refused = "robots" in self.protocols and self.policy.refuses(agent, path)
                shut = refused or not self.before.allows(agent, path)
                if shut and path != OWN and after.allows(agent, path) and agent.lower() not in self.unnamed:
                    line = after.rule(agent, path)
                    where = f"{self.policy.site}/{ROBOTS}"
                    got = (Answer.RESERVED, Answer.UNKNOWN, where, line.number if line else 0)
                    yield Mismatch("robots", Use.TDM, path, agent, *got)

    def _representatives(self, agents: Sequence[str]) -> list[str]:
        """One agent for all that are told the same: refused in the same places, and named alike in the site's file."""
        found: dict[tuple[object, ...], str] = {}
        for agent in agents:
            group = self.before.group(agent)
            refused = tuple(self.policy.refuses_rule(agent, rule) for rule in self.policy.rules)
            found.setdefault((agent == ANY_AGENT, group, refused, agent.lower() in self.unnamed), agent)
        return list(found.values())[:MAX_AGENTS]

    def _read(self, target: Target, path: str) -> Reading:
        readings = [read_site(replace(self.site, tdmrep=None), target), self._heard_by_all(target, path)]
        body = self.pages.get(path.partition("?")[0], b"")
        if body:
            page = Response(target.url, headers=_HTML, body=body)
            readings.append(read_response(page, target, self.written.documents))
        return joined(readings)

    def _heard_by_all(self, target: Target, path: str) -> Reading:
        """What is said to every agent alike, read once: tdmrep.json, and the header fields that are ours."""
        key = path, target.medium
        if key not in self.heard:
            sent = Response(target.url, headers=sent_for(self.policy, self.written.fields, path))
            site = replace(self.site, robots=None, ai_txt=None)
            parts = read_site(site, target), read_response(sent, target, self.written.documents)
            self.heard[key] = joined(parts)
        return self.heard[key]

    def _compare(self, target: Target, path: str, reading: Reading) -> Iterator[Mismatch]:
        refused = "robots" in self.protocols and self.policy.refuses(target.agent, path)
        closed = not self.before.allows(target.agent, path)
        shut = closed or (refused and target.agent.lower() not in self.unnamed)
        for protocol in self.protocols:
            verdict = judge(target, [_of(reading, protocol)])
            for use in USES:
                if protocol == "robots":
                    wanted = Answer.RESERVED if (refused or closed) and path != OWN else Answer.UNKNOWN
                else:
                    wanted = self.policy.answer(use, path)
                got = verdict.answer(use)
                if protocol == TDMREP and self._is_own(target, use, wanted, got):
                    continue
                if self._is_wrong(protocol, use, path, target.agent, wanted, got, shut=shut):
                    yield _mismatch(protocol, use, target, path, wanted, verdict)
        yield from self._compare_together(target, path, reading, shut=shut)

    def _compare_together(
        self, target: Target, path: str, reading: Reading, *, shut: bool
    ) -> Iterator[Mismatch]:
        """A reservation that some protocol has a word for is said by one at least; nothing else is permitted."""
        verdict = judge(target, [reading])
        for use in USES:
            wanted = Answer.RESERVED if shut else self.policy.answer(use, path)
            got = verdict.answer(use)
            if path == OWN or fits(wanted, got, self.policy.licence):
                continue
            if TDMREP in self.protocols and self._is_own(target, use, wanted, got):
                continue
            asked = (use, path, target.agent)
            if strictness(got) > strictness(wanted):
                told = any(self._is_told(protocol, *asked, STRICTER) for protocol in self.protocols)
            else:  # no protocol can say it, which was told of each
                told = all(self._is_told(protocol, *asked, SILENT) for protocol in self.protocols)
            if not told:
                yield _mismatch(TOGETHER, use, target, path, wanted, verdict)
            elif target.agent == ANY_AGENT and not target.medium:
                self.otherwise.append(self._read_otherwise(use, path, wanted, verdict))

    def _read_otherwise(self, use: Use, path: str, wanted: Answer, verdict: Verdict) -> Otherwise:
        got, match = verdict.answer(use), self.policy.rule(path).match
        if got is Answer.UNKNOWN:
            return Otherwise(use, match, wanted, got)
        deciding = {statement.protocol for statement in verdict.uses[use].deciding}
        protocols = tuple(name for name in PROTOCOLS if name in deciding)
        ours = all(self._is_told(name, use, path, ANY_AGENT, AVOIDABLE) for name in protocols)
        return Otherwise(use, match, wanted, got, protocols, protocols if ours else ())

    def _is_wrong(
        self, protocol: str, use: Use, path: str, agent: str, wanted: Answer, got: Answer, *, shut: bool
    ) -> bool:
        if fits(wanted, got, self.policy.licence):
            return False
        if shut and got is Answer.UNKNOWN:
            return False  # what may not be fetched carries no preference (AIPREF); robots.txt has said it
        if got is Answer.UNKNOWN:
            return not self._is_told(protocol, use, path, agent, SILENT)
        stricter = strictness(got) > strictness(wanted) and got is not Answer.ALLOWED
        return not (stricter and self._is_told(protocol, use, path, agent, STRICTER))

    def _is_own(self, target: Target, use: Use, wanted: Answer, got: Answer) -> bool:
        """Whether a rule of the site's own tdmrep.json answers where the policy is silent, or adds its own policy."""
        if wanted is not Answer.UNKNOWN and (wanted, got) != (Answer.RESERVED, Answer.CONDITIONAL):
            return False
        if self.own.tdmrep is None:
            return False
        key = target.url, target.medium
        if key not in self.own_verdicts:
            self.own_verdicts[key] = judge(target, [read_site(self.own, target)])
        return got is not Answer.UNKNOWN and self.own_verdicts[key].answer(use) is got

    def _is_told(self, protocol: str, use: Use, path: str, agent: str, reasons: Collection[str]) -> bool:
        """Whether it was told, for such a reason, that a protocol cannot say what is wanted."""
        told = self.lost.get((protocol, use, self.policy.rule(path).match), ())
        return any(one.reason in reasons and one.agent.lower() in {ANY_AGENT, agent.lower()} for one in told)

    def _paths(self) -> list[str]:
        """A path for each rule, the site's pages, and a path for each of the first places that its files name."""
        ruled = ["/", *(sample(rule.match) for rule in self.policy.rules), *sorted(self.pages)[:MAX_PAGES]]
        named = dict.fromkeys(sample(pattern) for pattern in self._patterns_of_site())
        found = [*ruled, *islice(named, MAX_PATHS)]
        return list(dict.fromkeys(path for path in found if path.startswith("/")))

    def _patterns_of_site(self) -> Iterator[str]:
        old = self.existing.get(tdmrep_json.NAME, b"") if "tdmrep" in self.protocols else b""
        for rule in tdmrep_json.rules_in(old) if old else ():
            if rule["location"].isascii():
                yield rule["location"]
        for line in self.before.all_lines:
            if line.name in {"allow", "disallow"} and line.value.isascii() and line.value.isprintable():
                yield line.value
        for name in (ROBOTS, AI_TXT):
            for line in parse_robots(self.existing.get(name, b"")).all_lines:
                pattern = line.value.split(None, 1)[0] if line.value else ""
                if pattern.startswith("/") and pattern.isascii():
                    yield path_of(pattern)

    def _agents(self) -> Sequence[str]:
        """Everybody, one that nobody names, those that the policy names, and those that the site's robots.txt names."""
        there = [
            line.value.partition("/")[0].strip()
            for line in self.before.all_lines
            if line.name == "user-agent"
        ]
        named = [ANY_AGENT, *there, *self.policy.named]
        return list(dict.fromkeys(name for name in named if name and name.isascii()))[:MAX_NAMED]


def site_of(origin: str, files: Mapping[str, bytes], documents: Mapping[str, bytes]) -> Site:
    """A site that serves these files."""

    def served(name: str) -> Response | None:
        return Response(f"{origin}/{name}", body=files[name]) if files.get(name) else None

    return Site(origin, served(ROBOTS), served(tdmrep_json.NAME), served(AI_TXT), dict(documents))


def _own_tdmrep(policy: Policy, written: Everything, existing: Mapping[str, bytes]) -> Response | None:
    """The site's tdmrep.json without any rule of ours; None where nothing is left of it."""
    rules = tdmrep_json.kept_rules(existing.get(tdmrep_json.NAME, b""), written.record)
    data = tdmrep_json.write_tdmrep({}, rules, b"")
    return Response(f"{policy.site}/{tdmrep_json.NAME}", body=data) if data else None


def _of(reading: Reading, protocol: str) -> Reading:
    """What a reading has of one protocol."""
    return Reading(
        tuple(statement for statement in reading.statements if statement.protocol == protocol),
        tuple(remark for remark in reading.remarks if remark.protocol == protocol),
    )


def _mismatch(
    protocol: str, use: Use, target: Target, path: str, wanted: Answer, verdict: Verdict
) -> Mismatch:
    said = verdict.uses[use]
    deciding = next(iter(said.deciding or said.conflicting), None)
    where = deciding.place.where if deciding else ""
    line = deciding.line if deciding else 0
    return Mismatch(protocol, use, path, target.agent, wanted, said.answer, where, line)
