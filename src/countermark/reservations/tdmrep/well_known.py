"""tdmrep.json: which of its rules speaks of a path, and whether the file keeps to the specification.

The report says twice which rule stands: "the most specific match is the first in sequence", and that agents "should
follow the rules detailed by Google", where it is the longest. Where the two differ, both are told, and the more
restrictive is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.reservations.robots.patterns import decoded_unreserved, encoded, match_length
from countermark.reservations.tdmrep.rules import parse_rules
from countermark.reservations.tdmrep.values import RANKS, USES, base_of, gathering, policy_address, policy_of
from countermark.reservations.use import Answer, strictness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.reservations.nonconformance import NonConformance
    from countermark.reservations.statement import Gathering, Place, Reading
    from countermark.reservations.target import Target
    from countermark.reservations.tdmrep.rules import Rule

_HARMLESS: Final = frozenset({"tdmrep.a-page", "tdmrep.empty"})
_UNTOLD: Final = frozenset({"tdmrep.unknown-property", "tdmrep.policy-form"})


def read_well_known(data: bytes, target: Target, place: Place) -> Reading:
    """What a tdmrep.json says of a target. No rule that matches: nothing is said, by the specification."""
    gathered = gathering(place)
    file = parse_rules(data)
    for fault in file.faults:
        _remark(gathered, fault, doubt=fault.code not in _HARMLESS)
    path = _path(target.path)
    matches: list[tuple[int, Rule]] = []
    for rule in file.rules:
        if not rule.location:
            _remark_all(gathered, rule, doubt=rule.value != 0)
        elif (length := match_length(_pattern(rule.location), path)) >= 0:
            _remark_all(gathered, rule, doubt=True)
            if rule.value is not None:
                matches.append((length, rule))
    if matches:
        _decide(gathered, matches, base_of(target, place))
    return gathered.reading()


def validate_well_known(data: bytes) -> list[NonConformance]:
    """Each departure of a tdmrep.json from the specification, in the order in which they stand; [] for none."""
    file = parse_rules(data)
    return [*(fault for rule in file.rules for fault in rule.faults), *file.faults]


def _decide(gathered: Gathering, matches: Sequence[tuple[int, Rule]], base: str) -> None:
    most = max(length for length, _ in matches)
    first = matches[0][1]
    longest = max((rule for length, rule in matches if length == most), key=lambda r: _rank_of(r, base))
    if _outcome(first, base) != _outcome(longest, base):
        gathered.remark(
            "first-or-longest",
            first.line,
            first=first.location,
            first_says=_outcome(first, base),
            longest=longest.location,
            longest_says=_outcome(longest, base),
        )
    rule = longest if _rank_of(longest, base) > _rank_of(first, base) else first
    terms = (
        policy_of(gathered, "well-known", rule.policy, base, rule.line) if rule.policy and rule.value else ""
    )
    gathered.say(
        "well-known",
        USES,
        _answer(rule, base),
        rule.raw,
        line=rule.line,
        scope=rule.location,
        terms=terms,
        rank=RANKS["well-known"],
    )


def _answer(rule: Rule, base: str) -> Answer:
    if not rule.value:
        return Answer.ALLOWED
    return Answer.CONDITIONAL if policy_address(rule.policy, base) else Answer.RESERVED


def _rank_of(rule: Rule, base: str) -> int:
    return strictness(_answer(rule, base))


def _outcome(rule: Rule, base: str) -> str:
    """What a rule says, as values: `0`, `1`, `1 https://example.org/policy.json`."""
    policy = policy_address(rule.policy, base) if rule.value else ""
    return f"{rule.value} {policy}".strip()


def _remark_all(gathered: Gathering, rule: Rule, *, doubt: bool) -> None:
    for fault in rule.faults:
        if fault.code not in _UNTOLD:
            _remark(gathered, fault, doubt=doubt)


def _remark(gathered: Gathering, fault: NonConformance, *, doubt: bool) -> None:
    gathered.remark(fault.code.removeprefix("tdmrep."), fault.line, doubt=doubt, **dict(fault.facts))


def _pattern(location: str) -> str:
    """A pattern as paths are written here: unreserved characters plain, `$` within it as `%24`."""
    plain = decoded_unreserved(encoded(location.encode("utf-8", "surrogatepass")))
    return plain[:-1].replace("$", "%24") + plain[-1:]


def _path(path: str) -> str:
    """A path with the characters encoded that patterns must encode to match: "/path/foo-%24" is for "/path/foo-$"."""
    plain = decoded_unreserved(encoded(path.encode("utf-8", "surrogatepass")))
    return plain.replace("$", "%24").replace("*", "%2A")
