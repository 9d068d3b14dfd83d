"""Snippets for servers: each, evaluated as its server does, sends the same fields; nothing can break out of them."""

from __future__ import annotations

import re

import pytest

from countermark.errors import InputError
from countermark.reservations.policy import Policy, Rule
from countermark.reservations.policy.patterns import sample
from countermark.reservations.use import USES, Answer
from countermark.reservations.writing.everything import PROTOCOLS, write_all
from countermark.reservations.writing.header_fields import Fields, header_fields, sent_for
from countermark.reservations.writing.inexpressible import VOCABULARIES, spoken
from countermark.reservations.writing.server_headers import apache, caddy, nginx, static
from reservations.random_policies import SITE, random_policy

Sent = dict[str, str]


def by_nginx(text: str, uri: str) -> Sent:
    """A map takes the first expression that matches, then the default; an empty value is not sent."""
    names = dict(re.findall(r"add_header (\S+) (\$\w+) always;", text))
    sent = {}
    for name, variable in names.items():
        block = re.search(rf"map \$request_uri {re.escape(variable)} {{\n(.*?)\n}}", text, re.DOTALL)
        assert block
        rows = [re.fullmatch(r"""    (default|"~(.*)") '(.*)';""", line) for line in block[1].split("\n")]
        found = next((row[3] for row in rows if row and row[2] and re.search(row[2], uri)), None)
        default = next(row[3] for row in rows if row and row[1] == "default")
        if value := default if found is None else found:
            sent[name] = value
    return sent


def by_apache(text: str, uri: str) -> Sent:
    """Directives outside of <If> hold always, the others where every test of theirs holds."""
    sent: Sent = {}
    holds = True
    for line in text.split("\n"):
        opened = re.fullmatch(r'\s*<If "(.*)">', line)
        if opened:
            tests = re.findall(r"%\{THE_REQUEST\} (=~|!~) m#(.*?)#(?: && |$)", opened[1])
            assert tests
            found = [bool(re.search(test, f"GET {uri} HTTP/1.1")) is (sign == "=~") for sign, test in tests]
            holds = all(found)
        elif "</If>" in line:
            holds = True
        elif (header := re.fullmatch(r'\s*Header always (?:set|add) (\S+) "(.*)"', line)) and holds:
            assert header[1] not in sent
            sent[header[1]] = header[2].replace('\\"', '"')
    return sent


def by_caddy(text: str, uri: str) -> Sent:
    """A matcher holds where each of its lines does."""
    sent: Sent = {}
    for matcher, inner in re.findall(r"\t(@\w+) \{\n(.*?)\n\t\}", text, re.DOTALL):
        tests = re.findall(r"(not )?vars_regexp \{http\.request\.orig_uri\} (\S+)", inner)
        if all(bool(re.search(test, uri)) is not bool(negated) for negated, test in tests):
            block = re.search(rf"\theader {matcher} {{\n(.*?)\n\t}}", text, re.DOTALL)
            assert block
            for name, value in re.findall(r"\t\t\+?(\S+) `([^`]*)`", block[1]):
                assert name not in sent
                sent[name] = value
    return sent


def fields_of(policy: Policy) -> Fields:
    """The fields with all protocols."""
    said = {name: spoken(name, policy) for name in VOCABULARIES}
    tdm_policy = f"{SITE}/tdm-policy.json" if policy.licence else ""
    return header_fields(policy, said, tdm_policy=tdm_policy, terms=f"{SITE}/rsl.xml", protocols=PROTOCOLS)


@pytest.mark.parametrize("seed", range(80))
def test_every_server_sends_the_same(seed: int) -> None:
    """For each rule's sample path, and for paths that no rule but `/` matches."""
    policy = random_policy(seed)
    fields = fields_of(policy)
    for path in ("/", "/x", "/a/x.jpg.html", *(sample(rule.match) for rule in policy.rules)):
        wanted = fields[policy.rule(path).match]
        for evaluate, text in (
            (by_nginx, nginx(fields)),
            (by_apache, apache(fields)),
            (by_caddy, caddy(fields)),
        ):
            assert evaluate(text, path) == wanted, (path, text)
        assert dict(sent_for(policy, fields, path)) == {name.lower(): value for name, value in wanted.items()}


@pytest.mark.parametrize("seed", range(80))
def test_static_rules_never_join_values(seed: int) -> None:
    """A field comes from one rule at most, and then with the right value; what is left out is told."""
    policy = random_policy(seed)
    fields = fields_of(policy)
    lines, lost = static(policy, fields)
    rules: dict[str, Sent] = {}
    for line in lines[1:]:
        if line.startswith("/"):
            match = line
        else:
            name, _, value = line.strip().partition(": ")
            rules.setdefault(match, {})[name] = value
    told = {one.protocol for one in lost}
    for path in ("/", "/x", *(sample(rule.match) for rule in policy.rules)):
        wanted = fields[policy.rule(path).match]
        found = [
            (name, value)
            for match, sent in rules.items()
            for name, value in sent.items()
            if (path.startswith(match[:-1]) if match.endswith("*") else path == match)
        ]
        assert len(dict(found)) == len(found), "a value was joined"
        assert set(found) <= set(wanted.items())
        if not told:
            assert set(found) == set(wanted.items())


@pytest.mark.parametrize(
    "value",
    ["https://a.example/\r\nSet-Cookie: x", 'https://a.example/"', "https://a.example/`", "a;${x}", "é", ""],
)
def test_values_that_could_break_out_are_refused(value: str) -> None:
    """A value with a line end, a quote or a variable never reaches a configuration."""
    policy = Policy(SITE, (Rule("/", dict.fromkeys(USES, Answer.RESERVED)),), licence="https://a.example/")
    said = {name: spoken(name, policy) for name in VOCABULARIES}
    if not value:
        assert "Link" not in header_fields(policy, said, terms="", protocols=PROTOCOLS)["/"]
        return
    with pytest.raises(InputError, match="cannot be sent in a header field"):
        header_fields(policy, said, tdm_policy=value, protocols=PROTOCOLS)
    with pytest.raises(InputError, match="cannot be sent in a header field"):
        header_fields(policy, said, terms=value, protocols=PROTOCOLS)


def test_a_site_s_own_static_file_is_kept() -> None:
    """Ours is a block in it."""
    policy = Policy(SITE, (Rule("/", dict.fromkeys(USES, Answer.RESERVED)),))
    there = b"/*\n  X-Frame-Options: DENY\n"
    data = write_all(policy, {"_headers": there}).files["_headers"]
    assert data.startswith(there + b"\n# countermark reserve: begin\n")
    assert write_all(policy, {"_headers": data}).files["_headers"] == data
