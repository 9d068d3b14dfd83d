"""Policies drawn at random, written in every protocol and read back by the readers."""

from __future__ import annotations

import dataclasses
import itertools
import json
import random

import pytest

from countermark.reservations.policy import Policy, Rule
from countermark.reservations.policy.patterns import sample
from countermark.reservations.robots import parse_robots
from countermark.reservations.use import USES, Answer, Use
from countermark.reservations.writing.everything import Everything, write_all
from countermark.reservations.writing.read_back import read_back
from reservations.random_policies import MATCHES, SITE, TOKENS, random_policy, random_robots

PAGE = (
    b"<!doctype html>\n<html><head><meta charset=utf-8>\n<title>x</title>\n</head><body><p>x</body></html>\n"
)
EXISTING = {"index.html": PAGE, "a/b/c.html": PAGE}
QUICK, ALL = range(120), range(120, 500)


def verify(seed: int) -> None:
    """Write and read back one policy, on an empty site and on one that only forbids."""
    policy = random_policy(seed)
    for robots in (b"", random_robots(seed, closing_only=True)):
        existing = EXISTING | ({"robots.txt": robots} if robots else {})
        written = write_all(policy, existing)
        found = read_back(policy, written, existing)
        assert found.asked > 0
        assert found.mismatches == (), f"seed {seed}: {found.mismatches[:3]}\n{robots!r}\n{policy}"


@pytest.mark.parametrize("seed", QUICK)
def test_what_was_written_is_read_back(seed: int) -> None:
    """Each protocol gives the wanted verdict, or what it cannot say is listed."""
    verify(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ALL)
def test_what_was_written_is_read_back_at_length(seed: int) -> None:
    """The rest of five hundred policies."""
    verify(seed)


@pytest.mark.parametrize("seed", range(60))
def test_writing_twice_changes_nothing(seed: int) -> None:
    """The second run finds what the first wrote, byte for byte."""
    policy = random_policy(seed)
    existing = EXISTING | {"robots.txt": random_robots(seed)}
    once = write_all(policy, existing)
    again = write_all(policy, {**existing, **once.files})
    assert dict(again.files) == dict(once.files)


@pytest.mark.parametrize("seed", range(80))
def test_a_policy_after_another_writes_what_it_would_write_alone(seed: int) -> None:
    """Nothing of the one before stays, and nothing of the site's is lost."""
    rule = b'[{"location": "/elsewhere/", "tdm-reservation": 1}]'
    existing = EXISTING | {"robots.txt": random_robots(seed), ".well-known/tdmrep.json": rule}
    before, after = random_policy(seed), random_policy(seed + 1000)
    first = write_all(before, existing)
    second = write_all(after, {**existing, **first.files}, before=first.record)
    alone = {name: data for name, data in write_all(after, existing).files.items() if data}
    kept = {name: data for name, data in second.files.items() if data}
    assert json.loads(kept[".well-known/tdmrep.json"]) == json.loads(alone[".well-known/tdmrep.json"])
    for files in (kept, alone):
        files.pop(".well-known/tdmrep.json")
    kept["robots.txt"], alone["robots.txt"] = kept["robots.txt"].rstrip(), alone["robots.txt"].rstrip()
    assert kept == alone


@pytest.mark.parametrize("seed", range(150))
def test_nothing_that_was_closed_is_opened(seed: int) -> None:
    """No path that robots.txt closed to an agent is open to it afterwards, whatever the file said."""
    policy, before = random_policy(seed), random_robots(seed)
    after = write_all(policy, {"robots.txt": before}).files["robots.txt"]
    old, new = parse_robots(before), parse_robots(after)
    for pattern in (*MATCHES, "/private", "/a/b/x", "/img/*.png", "/x.zip", "/a/index.html", "/a/"):
        path = sample(pattern)
        for agent in (*TOKENS, "OtherBot", "Stranger"):
            for closed_by in ("", "content-usage"):
                was = old.allows(agent, path, closed_by=closed_by)
                assert was or not new.allows(agent, path, closed_by=closed_by), (agent, path, after.decode())


@pytest.mark.parametrize("seed", range(100))
def test_content_usage_never_stands_in_a_list_of_agents(seed: int) -> None:
    """A rule of RFC 9309 comes first after the agents of each of our groups, so both kinds of readers see the same."""
    text = write_all(random_policy(seed), {"robots.txt": random_robots(seed)}).files["robots.txt"].decode()
    lines = [
        line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line and line[0] != "#"
    ]
    ours = lines[len(parse_robots(random_robots(seed)).all_lines) :]
    for line, following in itertools.pairwise(ours):
        if line.startswith("User-agent"):
            assert following.startswith(("User-agent", "Allow", "Disallow")), text


def permitted(policy: Policy, written: Everything) -> set[tuple[str, str, str]]:
    """What each protocol permits, rule by rule, as our readers hear it."""
    from countermark.reservations.sources import read_site
    from countermark.reservations.target import Target
    from countermark.reservations.verdict import judge
    from countermark.reservations.writing.read_back import site_of

    found = set()
    for rule in policy.rules:
        target = Target(SITE + sample(rule.match))
        reading = read_site(site_of(SITE, written.files, written.documents), target)
        for protocol in {statement.protocol for statement in reading.statements}:
            said = tuple(statement for statement in reading.statements if statement.protocol == protocol)
            verdict = judge(target, [dataclasses.replace(reading, statements=said)])
            found |= {(protocol, str(u), rule.match) for u in USES if verdict.answer(u) is Answer.ALLOWED}
    return found


@pytest.mark.parametrize("seed", range(100))
def test_a_further_reservation_permits_nothing_more(seed: int) -> None:
    """With one answer more that reserves, nothing is permitted that was not, unless the policy allows just that.

    A word may become sayable by it: where `unknown` stood beside `allowed` under one word, RSL had to be silent.
    """
    policy = random_policy(seed)
    draw = random.Random(-1 - seed)
    number, use = draw.randrange(len(policy.rules)), draw.choice(USES)
    rules = list(policy.rules)
    rules[number] = Rule(rules[number].match, {**rules[number].answers, use: Answer.RESERVED})
    stricter = dataclasses.replace(policy, rules=tuple(rules))
    more = permitted(stricter, write_all(stricter, {})) - permitted(policy, write_all(policy, {}))
    allowed = {
        (str(use), rule.match) for rule in rules for use, said in rule.answers.items() if said == "allowed"
    }
    assert {(use, match) for _, use, match in more} <= allowed


def test_it_finds_what_is_not_as_wanted() -> None:
    """A page of the site that says the contrary is named with use, path, protocol and place."""
    answers = dict.fromkeys(USES, Answer.ALLOWED)
    policy = Policy(SITE, (Rule("/", answers),))
    page = b'<html><head><meta name="robots" content="noai"></head></html>'
    existing = {"a.html": page}
    found = read_back(policy, write_all(policy, existing), existing).mismatches
    assert {(one.protocol, one.use, one.path) for one in found if one.protocol == "noai"} == {
        ("noai", Use.TRAIN, "/a.html"),
        ("noai", Use.GENERATIVE, "/a.html"),
    }
    assert found[0].where == f"{SITE}/a.html"
