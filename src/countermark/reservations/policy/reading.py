"""policy.toml into a Policy. Nothing is guessed: unknown keys, wrong values and contradictions are refused, by line."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import urlsplit

from countermark.errors import InputError
from countermark.reservations.policy.model import ROOT, Choice, Policy, Rule, silence
from countermark.reservations.policy.patterns import encoded, is_plain, overlap
from countermark.reservations.target import ANY_AGENT, origin_of
from countermark.reservations.use import USES, Answer, Use
from countermark.reservations.words import room_languages

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from countermark.language import Language
    from countermark.reservations.agents import Agent

MAX_SIZE: Final = 1 << 20
MAX_SHOWN: Final = 200
MAX_TABLES: Final = 500
"""Tables of one name; every protocol is read back for each of them."""
_TOP: Final = ("policy", "uses", "paths", "agents")
_POLICY: Final = ("site", "holder", "contact", "licence", "from", "refuse_reserved_agents")
_ANSWERS: Final = tuple(str(answer) for answer in Answer)
_FETCH: Final = ("refused", "allowed")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.!/ -]{1,100}")
_MAIL: Final = re.compile(r"[^\s@<>\"',;:\\]{1,64}@[A-Za-z0-9.-]{1,190}")


def read_policy(path: Path, agents: Sequence[Agent] | None = None, language: str = "en") -> Policy:
    """The policy in a file. `agents` are the known AI agents; by default those of the list that comes with Countermark.

    Raises InputError, in `language`, with file, line, table and key.
    """
    said = room_languages()[language]
    try:
        if path.stat().st_size > MAX_SIZE:
            raise InputError(f"{path}{said.say('policy.too-large', size=MAX_SIZE >> 20)}")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}{said.say('policy.unreadable', why=_why(error, said))}") from error
    if agents is None:
        from countermark.reservations.agents import load_agents  # noqa: PLC0415

        agents = load_agents()
    return parse_policy(data, str(path), agents, language)


def parse_policy(data: bytes, name: str, agents: Sequence[Agent] = (), language: str = "en") -> Policy:
    """The policy in the bytes of a file called `name`. Raises InputError with line, table and key."""
    said = room_languages()[language]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(said.say("policy.not-utf8", name=name, line=str(line))) from error
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(said.say("policy.not-toml", name=name, why=str(error))) from error
    return _Reader(name, text, tables, said).policy(agents)


@dataclass(frozen=True, slots=True)
class _At:
    """A place in the file: the table as it is written (`[uses]`, the third `[[paths]]`), and a key in it."""

    table: str
    number: int = 1
    key: str = ""


class _Reader:
    """Turns the tables of one file into a Policy."""

    def __init__(self, name: str, text: str, tables: Mapping[str, Any], said: Language) -> None:
        self.name, self.text, self.tables, self.said = name, text, tables, said
        self.encoded: list[tuple[str, str]] = []

    def policy(self, agents: Sequence[Agent]) -> Policy:
        """The policy, or InputError for the first thing that is wrong."""
        self._keys(self.tables, _TOP, _At(""))
        head = self._table("policy")
        self._keys(head, _POLICY, _At("policy"))
        licence = self._address(head, "licence")
        rules = self._rules(licence)
        choices = self._choices(agents)
        self._no_contradiction(rules, choices)
        refuse = head.get("refuse_reserved_agents", True)
        if not isinstance(refuse, bool):
            self._fail(_At("policy", 1, "refuse_reserved_agents"), "true-or-false")
        policy = Policy(
            self._site(head),
            rules,
            self._text(head, "holder"),
            self._contact(head),
            licence,
            self._since(head),
            choices,
            refuse,
            tuple(agents),
            tuple(self.encoded),
        )
        self._no_silence(policy)
        return policy

    def _rules(self, licence: str) -> tuple[Rule, ...]:
        uses = self._table("uses")
        whole = silence() | self._answers(uses, _At("uses"), licence)
        paths = self._tables("paths")
        rules = {ROOT: Rule(ROOT, whole)}
        given: dict[str, dict[Use, Answer]] = {}
        for number, table in enumerate(paths, 1):
            at = _At("paths", number)
            self._keys(table, ("match", "uses"), at)
            match = self._match(table.get("match"), _At("paths", number, "match"))
            if match in given or match == ROOT:
                self._fail(
                    _At("paths", number, "match"), "root-path" if match == ROOT else "twice", value=match
                )
            if "uses" not in table or not isinstance(table["uses"], dict):
                self._fail(_At("paths", number, "uses"), "uses-missing")
            given[match] = self._answers(table["uses"], _At("paths", number, "uses"), licence)
        for match in sorted(given, key=lambda one: (len(one), one)):
            rules[match] = Rule(match, whole | given[match])
        self._no_ties(list(rules.values()))
        return tuple(rules.values())

    def _match(self, match: Any, where: _At) -> str:
        """A path pattern; spaces and letters beyond ASCII are percent-encoded, as browsers do, and that is told."""
        plain = encoded(match) if isinstance(match, str) else ""
        if not is_plain(plain):
            self._fail(where, "no-pattern", value=_shown(match))
        if plain != match:
            self.encoded.append((match, plain))
        return plain

    def _answers(self, table: Mapping[str, Any], at: _At, licence: str) -> dict[Use, Answer]:
        self._keys(table, USES, at)
        answers: dict[Use, Answer] = {}
        for name, value in table.items():
            where = at if at.key else _At(at.table, at.number, name)
            if not isinstance(value, str) or value not in _ANSWERS:
                self._fail(where, "answer", word=name, value=_shown(value), accepted=", ".join(_ANSWERS))
            answers[Use(name)] = Answer(value)
            if value == Answer.CONDITIONAL and not licence:
                self._fail(where, "no-licence", word=name)
        return answers

    def _choices(self, agents: Sequence[Agent]) -> tuple[Choice, ...]:
        choices: dict[tuple[str, str], Choice] = {}
        for number, table in enumerate(self._tables("agents"), 1):
            at = _At("agents", number)
            self._keys(table, ("token", "operator", "purpose", "fetch"), at)
            kinds = [kind for kind in ("token", "operator", "purpose") if kind in table]
            if len(kinds) != 1:
                self._fail(at, "one-kind")
            kind, value = kinds[0], table[kinds[0]]
            self._known(kind, value, agents, number)
            if table.get("fetch") not in _FETCH:
                self._fail(
                    _At("agents", number, "fetch"),
                    "answer",
                    word="fetch",
                    value=_shown(table.get("fetch")),
                    accepted=", ".join(_FETCH),
                )
            choice = Choice(kind, value, table["fetch"] == "refused")
            if choices.setdefault((kind, value.casefold()), choice) is not choice:
                self._fail(_At("agents", number, kind), "twice", value=value)
        return tuple(choices.values())

    def _known(self, kind: str, value: Any, agents: Sequence[Agent], number: int) -> None:
        at = _At("agents", number, kind)
        if not isinstance(value, str) or not value.strip():
            self._fail(at, "a-text")
        if kind == "purpose" and value not in tuple(USES):
            self._fail(
                at,
                "no-purpose",
                value=_shown(value),
                meant=self._meant(value, USES),
                accepted=", ".join(USES),
            )
        if kind == "token" and value != ANY_AGENT and not _TOKEN.fullmatch(value):
            self._fail(at, "no-token", value=_shown(value))
        operators = {agent.operator for agent in agents}
        if kind == "operator" and value.casefold() not in {name.casefold() for name in operators}:
            self._fail(at, "no-operator", value=_shown(value), meant=self._meant(value, operators))

    def _no_ties(self, rules: Sequence[Rule]) -> None:
        """Of equally long patterns no protocol's rule says which is the more specific."""
        by_length: dict[int, list[Rule]] = {}
        for rule in rules:
            for other in by_length.setdefault(len(rule.match), []):
                if (
                    rule.answers != other.answers
                    and "*" in rule.match + other.match
                    and overlap(rule.match, other.match)
                ):
                    self._fail(_At("paths"), "tie", one=other.match, other=rule.match)
            by_length[len(rule.match)].append(rule)

    def _no_contradiction(self, rules: Sequence[Rule], choices: Sequence[Choice]) -> None:
        everybody = any(choice.value == ANY_AGENT and choice.refused for choice in choices)
        for rule in rules:
            allowed = [use for use in USES if rule.answers[use] is Answer.ALLOWED]
            if everybody and allowed:
                self._fail(
                    _At("agents"),
                    "nobody",
                    use=allowed[0],
                    path=rule.match,
                )

    def _no_silence(self, policy: Policy) -> None:
        """A policy that names no use and no agent was most probably not finished; `unknown` says so on purpose."""
        if not (self._table("uses") or len(policy.rules) > 1 or policy.choices):
            self._fail(_At("uses"), "silent", uses=", ".join(USES), accepted=", ".join(_ANSWERS))

    def _site(self, head: Mapping[str, Any]) -> str:
        site = self._text(head, "site")
        at = _At("policy", 1, "site")
        if not site:
            self._fail(at, "no-site")
        origin = origin_of(site)
        if (
            not origin.startswith(("https://", "http://"))
            or site.rstrip("/").lower() != origin
            or not site.isascii()
        ):
            self._fail(at, "no-origin", value=_shown(site))
        return origin

    def _contact(self, head: Mapping[str, Any]) -> str:
        contact = self._text(head, "contact")
        if contact and not _MAIL.fullmatch(contact.removeprefix("mailto:")) and not _is_address(contact):
            self._fail(_At("policy", 1, "contact"), "no-contact", value=_shown(contact))
        return contact.removeprefix("mailto:")

    def _address(self, head: Mapping[str, Any], key: str) -> str:
        value = self._text(head, key)
        if value and not _is_address(value):
            self._fail(_At("policy", 1, key), "no-address", value=_shown(value))
        return value

    def _since(self, head: Mapping[str, Any]) -> str:
        value = head.get("from", "")
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        if value == "":
            return ""
        try:
            return date.fromisoformat(value).isoformat()
        except (TypeError, ValueError):
            self._fail(_At("policy", 1, "from"), "no-day", value=_shown(value))

    def _text(self, head: Mapping[str, Any], key: str) -> str:
        value = head.get(key, "")
        if not isinstance(value, str) or len(value) > 2000 or not (value.isprintable() or value == ""):
            self._fail(_At("policy", 1, key), "one-line")
        return value.strip()

    def _table(self, name: str) -> Mapping[str, Any]:
        table = self.tables.get(name, {})
        if not isinstance(table, dict):
            self._fail(_At("", 1, name), "a-table", word=name)
        return table

    def _tables(self, name: str) -> Sequence[Mapping[str, Any]]:
        tables = self.tables.get(name, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._fail(_At("", 1, name), "tables", word=name)
        if len(tables) > MAX_TABLES:
            self._fail(_At(name), "too-many", count=len(tables), limit=MAX_TABLES)
        return tables

    def _keys(self, table: Mapping[str, Any], known: Sequence[str], at: _At) -> None:
        for key in table:
            if key not in known:
                where = at if at.key else _At(at.table, at.number, key)
                self._fail(
                    where,
                    "unknown-key",
                    word=_shown(key),
                    meant=self._meant(key, known),
                    accepted=", ".join(known),
                )

    def _fail(self, at: _At, code: str, **facts: object) -> NoReturn:
        line = _line_of(self.text, at)
        several = at.table in {"paths", "agents"}
        place = [self.name]
        place += [self.said.say("policy.line", line=str(line))] if line else []
        place += [self.said.say("policy.number", table=at.table, number=str(at.number))] if several else []
        place += [f"[{at.table}]"] if at.table and not several else []
        place += [at.key] if at.key else []
        told = self.said.say(f"policy.{code}", **facts)
        raise InputError(self.said.say("policy.wrong", place=", ".join(place), what=told))

    def _meant(self, word: str, known: Collection[str]) -> str:
        near = get_close_matches(word, sorted(known), n=1)
        return self.said.say("policy.meant", word=near[0]) if near else ""


def _shown(value: object) -> str:
    """A value as TOML has it, short."""
    told = json.dumps(value, ensure_ascii=False, default=str) if value is not None else "-"
    return told if len(told) <= MAX_SHOWN else told[:MAX_SHOWN] + "…"


def _why(error: OSError, said: Language) -> str:
    """Why a file cannot be read; what a system says in English is left to it where there is no sentence of ours."""
    known = {FileNotFoundError: "missing", IsADirectoryError: "folder", PermissionError: "forbidden"}
    key = known.get(type(error))
    return said.say(f"policy.{key}") if key else str(error.strerror)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and not set(text) & set(" \"'<>\\^`{|},;")
    return plain and parts.scheme in {"http", "https"} and bool(host)


def _line_of(text: str, at: _At) -> int:
    """The line of a key, of its table where the key is not found, 0 where neither is; tomllib gives no lines."""
    wanted = re.compile(rf"\s*\[\[?\s*{re.escape(at.table)}\s*\]\]?\s*(#.*)?") if at.table else None
    key = re.compile(rf"""\s*(\[+\s*)?["']?{re.escape(at.key)}["']?\s*[=\].]""") if at.key else None
    inside, seen, table_line = wanted is None, 0, 0
    for number, line in enumerate(text.splitlines(), 1):
        if wanted is not None and line.lstrip().startswith("["):
            seen += bool(wanted.fullmatch(line))
            inside = bool(wanted.fullmatch(line)) and seen == at.number
            table_line = number if inside else table_line
        if inside and key is not None and key.match(line):
            return number
    return table_line
