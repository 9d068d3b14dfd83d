"""Trades, countries, consents and names: tables that are whole in both languages."""

from __future__ import annotations

import re

import pytest


def test_trades_are_whole_and_bilingual() -> None:
    """Each has a code that fits the column, a family, two names, and an ISCO-08 unit group of four digits."""
    from countermark.web.signing.trades import FAMILIES, MOST, TRADES, packed, trade_name, unpacked

    assert 40 <= len(TRADES) <= 60
    for code, trade in TRADES.items():
        assert re.fullmatch(r"[a-z-]{2,20}", code)
        assert trade.family in FAMILIES
        assert trade.fr
        assert trade.en
        assert re.fullmatch(r"\d{4}", trade.isco) or code == "other"
    longest = sorted(TRADES, key=len)[-MOST:]
    assert len(packed(longest)) <= 200
    assert unpacked(packed(["poet", "actor", "poet"])) == ["actor", "poet"]
    assert trade_name("gone", "fr") == "gone"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_trades_are_sorted_as_readers_expect(language: str) -> None:
    """Accents do not disturb; “other” comes last; families hold all of them."""
    from countermark.web.signing.trades import TRADES, families, sorted_trades

    names = [trade.name(language) for trade in sorted_trades(language)]
    assert len(names) == len(TRADES)
    assert sum(len(family.trades) for family in families(language)) == len(TRADES)
    if language == "fr":
        assert names.index("écrivain, écrivaine") < names.index("essayiste") < names.index("graphiste")
    assert sorted_trades(language)[-1].code == "other"


def test_countries_are_those_of_the_standard() -> None:
    """249 codes, each with two names, sorted without regard to accents."""
    from countermark.web.fields.countries import COUNTRIES, choices, country_name

    assert len(COUNTRIES) == 249
    assert country_name("DE", "fr") == "Allemagne"
    assert country_name("CI", "en") == "Côte d’Ivoire"
    assert country_name("ZZ", "fr") == "ZZ"
    names = [name for _, name in choices("fr")]
    assert names.index("Égypte") < names.index("Espagne") < names.index("Finlande")


def test_consents_are_worded_in_both_languages() -> None:
    """Every version has every purpose and the notice above them; the newest is in force."""
    from countermark.web.signing.consents import CONSENT_VERSION, PURPOSES, WORDING, wording

    assert max(WORDING) == CONSENT_VERSION
    for version, languages in WORDING.items():
        for language in ("fr", "en"):
            assert set(languages[language]) == {"act", *PURPOSES}
            assert len({wording(part, language, version) for part in PURPOSES}) == 3
    assert "syndicat" in wording("share", "fr")
    assert "opinion" in wording("act", "en")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Anaïs", True),
        ("a\u00adb", False),
        ("a\u061cb", False),
        ("a\u200db", False),
        ("क्\u200dष", True),
        ("a\ue000b", False),
        ("a\u2028b", False),
        ("a\x7fb", False),
        ("a\tb", False),
        ("\U000e0041a", False),
        ("👩\u200d🎨", False),
    ],
)
def test_unseen_characters_are_found(text: str, clean: bool) -> None:
    """Controls, turns of direction, what has no width, private and unassigned code points."""
    from countermark.web.fields.names import is_clean

    assert is_clean(text) is clean


def test_lines_are_allowed_where_text_has_lines() -> None:
    """A comment has line ends; a name has none."""
    from countermark.web.fields.names import is_clean

    assert is_clean("a\r\nb\tc", lines=True)
    assert not is_clean("a\r\nb")
    assert not is_clean("a\x0bb", lines=True)


def test_names_fold_for_search() -> None:
    """Accents, case, ligatures and signs do not matter."""
    from countermark.web.fields.names import folded

    assert folded("Anaïs  DUBŒUF-O’Neil") == "anais duboeuf o neil"
    assert folded("Łukasz Sørensen") == "lukasz sorensen"
    assert len(folded("ﷺ" * 80)) <= 200


def test_checks_of_other_rooms_hold_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registered check gives its reason; one registered twice is asked once."""
    from countermark.web.signing import review

    monkeypatch.setattr(review, "_checks", [])

    def check(name: str, email: str) -> str:
        return "notable-name" if name == "Paul McCartney" else ""

    review.register(check)
    review.register(check)
    assert review._checks == [check]
    assert review.must_be_held("Paul McCartney", "p@example.org") == "notable-name"
    assert review.must_be_held("Paul Martin", "p@example.org") == ""
