"""Rules as dated data: strict to read, stale after their time, and as the reference page lists them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from claims.catalogued import RULES
from countermark.claims.rule import Quality
from countermark.claims.rule_files import SHIPPED, parse_rule, read_rules
from countermark.claims.words import LANGUAGES
from countermark.errors import InputError

US = (SHIPPED / "us-504.toml").read_text(encoding="utf-8")
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rules.md"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'status = "in-force"',
            'status = "maybe"',
            r"key status: 'maybe'; accepted are in-force, pending, unknown",
        ),
        ('last_checked = "2026-07-01"', 'last_checked = "July"', r"key last_checked: 'July' is no day"),
        ("[asks.yours]", "[asks.hers]", r"key asks.hers: is unknown; accepted are found, yours"),
        ('term = "us-publication"', 'term = "eternal"', r"key asks.protected.term"),
        ("maximum = 30000", "maximum = 30000.0", r"key amounts.bracket\[0\].maximum: 30000.0 is no amount"),
        ("minimum = 750", "minimum = 75000", r"key amounts.bracket\[0\].minimum: 75000 is more than"),
        ('id = "us-504"', 'id = ""', r"key id: '' is no text"),
        ("says_fr = ", "says_de = ", r"key source\[1\].says_de: is unknown"),
        ('says_en = "for', 'citation_fr = "for', r"key source\[1\].says_en: is missing"),
        ("https://", "javascript:", r"key source\[1\].url"),
        ('per = "work"', 'per = "none"', r"key amounts.bracket: stands exactly where"),
        ("format = ", "form = ", r"key form: is unknown"),
        ("[title]", "[title", r"is no TOML"),
    ],
)
def test_a_rule_is_read_strictly(old: str, new: str, says: str) -> None:
    """Each fault is named with file and key, and what is accepted."""
    assert old in US
    with pytest.raises(InputError, match=r"^us-504.toml: .*" + says):
        parse_rule(US.replace(old, new, 1).encode(), "us-504.toml")


def test_no_rule_file_is_too_long_or_of_another_encoding() -> None:
    """Both are refused before anything is read of them."""
    with pytest.raises(InputError, match="too long"):
        parse_rule(b"#" * (1 << 21), "x.toml")
    with pytest.raises(InputError, match="UTF-8"):
        parse_rule(b"\xff\xfe", "x.toml")


def test_a_rule_of_the_user_replaces_the_shipped(tmp_path: Path) -> None:
    """By its id; two of one id in a folder are an error."""
    (tmp_path / "mine.toml").write_text(US.replace("2026-07-01", "2026-11-01"), encoding="utf-8")
    assert read_rules(tmp_path)["us-504"].last_checked == "2026-11-01"
    (tmp_path / "also.toml").write_text(US, encoding="utf-8")
    with pytest.raises(InputError, match=r"'us-504' is also the id of also.toml"):
        read_rules(tmp_path)
    with pytest.raises(InputError, match="is no folder"):
        read_rules(tmp_path / "none")


def test_a_stale_rule_warns() -> None:
    """On the day after its time is over, and not before."""
    rule = replace(RULES["us-504"], last_checked="2026-01-01", stale_after_days=30)
    assert rule.warnings(date(2026, 1, 31)) == []
    assert rule.warnings(date(2026, 2, 1)) == ["stale"]


def test_pending_and_unknown_rules_warn() -> None:
    """And so does one that is not yet in force."""
    assert "pending" in RULES["fr-bill-220"].warnings(date(2026, 7, 2))
    assert "unknown" in RULES["settlement-bartz"].warnings(date(2026, 7, 2))
    assert "not-yet" in RULES["tn-elvis"].warnings(date(2024, 6, 30))


def test_what_rests_on_no_source_is_marked() -> None:
    """Figures rest on a primary source; notes from memory and weak sources are told as not verified."""
    for rule in RULES.values():
        assert rule.sources
        assert all(bracket.quality is Quality.PRIMARY for bracket in rule.amounts.brackets)
        assert set(rule.title) == {"en", "fr"}
    for say in LANGUAGES.values():
        mark = say.say("unverified")
        assert mark in say.say("quality.m")
        assert mark in say.say("quality.w")


def test_french_texts_of_rules_are_typeset() -> None:
    """No breaking space before high punctuation, no straight apostrophe."""
    for rule in RULES.values():
        for text in (
            rule.title["fr"],
            *(note.text["fr"] for note in rule.notes),
            *(said for one in rule.sources for said in (one.citation_fr, one.says.get("fr", ""))),
        ):
            assert not re.search(r" [;:!?»%]|« |'|\boeuvre", text), text


def test_the_reference_page_lists_the_shipped_rules() -> None:
    """Id, jurisdiction, status, dates and steps, as the files say."""
    page = PAGE.read_text(encoding="utf-8")
    for rule in RULES.values():
        steps = ", ".join(rule.asked())
        cells = (f"`{rule.id}`", rule.jurisdiction, rule.status, rule.last_checked, steps, rule.amounts.per)
        assert f"| {' | '.join(cells)} |" in page
    assert len(re.findall(r"^\| `[a-z0-9-]+` \| [A-Z]", page, flags=re.MULTILINE)) == len(RULES)
