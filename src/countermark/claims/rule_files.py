"""Reading rule files: strict, so that a misspelt key is an error and never a rule that asks for less.

Every error names the file, the key and what is accepted.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.claims.rule import Amounts, Bracket, Note, Quality, Rule, RuleSource, RuleStatus
from countermark.claims.rule_steps import checked_asks
from countermark.claims.toml_table import parse_toml, read_bytes
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from countermark.claims.toml_table import Table

FORMAT: Final = "countermark.rule/1"
SHIPPED: Final = Path(__file__).parent / "rules"
PER: Final = ("work", "violation", "licence", "none")
_NEEDED: Final = (
    "format",
    "id",
    "jurisdiction",
    "title",
    "status",
    "last_checked",
    "asks",
    "amounts",
    "source",
)
_KEYS: Final = (*_NEEDED, "valid_from", "stale_after_days", "default", "not_verified", "note")


def read_rules(folder: Path | None = None) -> dict[str, Rule]:
    """The shipped rules, and those of `folder`; one of the same id replaces the shipped. Raises InputError."""
    rules: dict[str, Rule] = {}
    for place in (SHIPPED, folder):
        if place is None:
            continue
        if not place.is_dir():
            raise InputError(f"{place}: is no folder; a folder with rule files (*.toml) is accepted")
        rules |= _read_all(sorted(place.glob("*.toml")))
    return dict(sorted(rules.items()))


def _read_all(files: Iterable[Path]) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for file in files:
        rule = read_rule(file)
        if rule.id in rules:
            raise InputError(f"{file}: key id: {rule.id!r} is also the id of {rules[rule.id].file}")
        rules[rule.id] = rule
    return rules


def read_rule(file: Path) -> Rule:
    """One rule file. Raises InputError."""
    return parse_rule(read_bytes(file), file.name)


def parse_rule(data: bytes, name: str) -> Rule:
    """A rule from the bytes of its file; `name` is what messages call it. Raises InputError."""
    table = parse_toml(data, name)
    table.only(_KEYS, _NEEDED)
    table.one_of("format", (FORMAT,))
    return Rule(
        id=table.text("id"),
        jurisdiction=table.text("jurisdiction"),
        title=table.both("title"),
        status=RuleStatus(table.one_of("status", tuple(RuleStatus))),
        valid_from=table.day("valid_from", may_lack=True),
        last_checked=table.day("last_checked"),
        stale_after_days=table.count("stale_after_days", 365),
        asks=checked_asks(table.table("asks")),
        amounts=_amounts(table.table("amounts")),
        sources=tuple(_source(entry) for entry in table.tables("source")),
        notes=tuple(_note(entry) for entry in table.tables("note")),
        default=table.flag("default", default=True),
        not_verified=tuple(table.words("not_verified")),
        file=name,
        digest=hashlib.sha256(data).hexdigest(),
    )


def _source(table: Table) -> RuleSource:
    said = ("says_en", "says_fr")  # both or neither: no output mixes languages
    table.only(
        ("citation", "citation_fr", *said, "quality", "url"),
        ("citation", "quality", *(said if any(key in table.values for key in said) else ())),
    )
    url = table.text("url", may_lack=True)
    if url and not url.startswith("https://"):
        raise table.wrong("url", f"{url!r}; an address with https:// is accepted")
    says = {key.removeprefix("says_"): table.text(key) for key in said if key in table.values}
    return RuleSource(
        table.text("citation"), _quality(table), url, table.text("citation_fr", may_lack=True), says
    )


def _note(table: Table) -> Note:
    table.only(("en", "fr", "quality", "ask"), ("en", "fr", "quality"))
    return Note(
        {code: table.text(code) for code in ("en", "fr")}, _quality(table), table.flag("ask", default=False)
    )


def _amounts(table: Table) -> Amounts:
    table.only(("per", "currency", "bracket"), ("per",))
    per, brackets = table.one_of("per", PER), tuple(_bracket(entry) for entry in table.tables("bracket"))
    if (per in ("work", "violation")) != bool(brackets):
        raise table.wrong("bracket", "stands exactly where per is work or violation")
    if brackets and not any(bracket.name == "ordinary" for bracket in brackets):
        raise table.wrong("bracket", "needs one with the name 'ordinary'")
    return Amounts(per, table.text("currency", may_lack=not brackets), brackets)


def _bracket(table: Table) -> Bracket:
    table.only(("name", "minimum", "maximum", "quality"), ("name", "minimum", "maximum", "quality"))
    low, high = table.amount("minimum"), table.amount("maximum")
    if low > high:
        raise table.wrong("minimum", f"{low} is more than the maximum {high}")
    return Bracket(table.text("name"), low, high, _quality(table))


def _quality(table: Table) -> Quality:
    return Quality(table.one_of("quality", tuple(Quality)))
