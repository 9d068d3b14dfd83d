"""Word lists, sentences with slots, passphrases: enough bits, plain characters, nothing that normalising takes away."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from typing import Any

import pytest

from countermark.errors import PlanError
from countermark.memorization.traps.candidates import Trap, passages
from countermark.memorization.traps.forms import passphrases, slots
from countermark.memorization.traps.forms.forms import NAMES, form_of
from countermark.memorization.traps.forms.words import list_name, words_of
from countermark.memorization.traps.key import TrapKey

KEY = TrapKey(b"k" * 32)
ALPHABETS = {"en": "a-z", "fr": "a-zàâçéèêëîïôöùûüœ"}
ADDED = [name for name in NAMES if name != "variants"]


def payload_of(form: str, language: str) -> dict[str, Any]:
    said = passphrases.payload_of(language) if form == "passphrase" else slots.payload_of(form, language)
    return {**said, "before": "The end.\n\n", "after": ""}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_word_list_has_1024_words_that_cannot_be_mistaken(language: str) -> None:
    """Each once, sorted, of the letters of its language, and none the beginning of another, accents or not."""
    words = words_of(language)
    assert len(words) == len(set(words)) == 1024
    assert list(words) == sorted(words)
    assert all(re.fullmatch(f"[{ALPHABETS[language]}]{{4,12}}", word) for word in words)
    assert all(
        unicodedata.is_normalized("NFC", word) and unicodedata.is_normalized("NFKC", word) for word in words
    )
    plain = sorted(
        "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
        for word in words
    )
    assert not [one for one, other in itertools.pairwise(plain) if other.startswith(one)]


def test_the_lists_are_those_of_traps_v1() -> None:
    """A changed list would be another generator."""
    assert list_name("en") == "en-c53d51dad526a1dd"
    assert list_name("fr") == "fr-5459dac2fd105f33"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("form", ADDED)
def test_a_line_has_enough_bits_and_only_characters_that_are_seen(form: str, language: str) -> None:
    """At least 40 bits; no zero-width, look-alike or compatibility characters: normalising changes nothing."""
    payload = payload_of(form, language)
    form_of(form).check(payload)
    assert math.log2(form_of(form).space(payload)) >= 40
    trap = Trap("w", "T", "web", form, language, 200, payload)
    for one in passages(trap, KEY):
        line = one.sites[0].before[len("The end.\n\n") :] + one.sites[0].text + one.sites[0].after
        assert unicodedata.normalize("NFKC", line) == line
        scripts = {unicodedata.name(sign).split()[0] for sign in line if sign.isalpha()}
        assert scripts == {"LATIN"}
        assert {unicodedata.category(sign) for sign in line} <= {"Ll", "Lu", "Nd", "Zs", "Po", "Pd"}
        assert "\u00a0" not in line
        assert "  " not in line


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_two_forms_share_a_sentence(language: str) -> None:
    """Eight templates, each its own."""
    heads = [slots.TEMPLATES[form, language].partition("{")[0] for form in ADDED if form != "passphrase"]
    assert len(set(heads)) == 4


def test_the_context_is_never_longer_than_it_may_be() -> None:
    """The head of the sentence counts."""
    payload = {**slots.payload_of("letter-reference", "fr"), "before": "x" * 400, "after": ""}
    (place,) = form_of("letter-reference").places(payload)
    assert len(place[0]) == 400
    assert place[0].endswith("porte la référence ")


@pytest.mark.parametrize(
    ("form", "change", "message"),
    [
        ("passphrase", {"list": "en-0000"}, "does not have"),
        ("passphrase", {"words": 0}, "from 1 to 20"),
        ("passphrase", {"words": True}, "from 1 to 20"),
        ("passphrase", {"before": 3}, "needs the text 'before'"),
        ("photo-credit", {"template": "no slot"}, "from 1 to 20 slots"),
        ("photo-credit", {"template": "{secret}"}, "from 1 to 20 slots"),
        ("photo-credit", {"template": "{word}" * 21}, "from 1 to 20 slots"),
        ("photo-credit", {"after": "x" * 5000}, "at most 4,000"),
    ],
)
def test_a_payload_that_was_changed_is_refused(form: str, change: dict[str, Any], message: str) -> None:
    """It comes from a file."""
    with pytest.raises(PlanError, match=message):
        form_of(form).check(payload_of(form, "en") | change)


@pytest.mark.parametrize(
    "sites",
    [
        [],
        "abc",
        [1],
        [{"before": "", "after": "", "group": ""}],
        [{"before": "", "after": "", "group": "", "renderings": ["one"]}],
        [{"before": "", "after": "", "group": "", "renderings": ["one", "one"]}],
        [{"before": "", "after": "", "group": "", "renderings": ["one", ""]}],
        [{"before": "", "after": "", "group": "", "renderings": ["one", 2]}],
        [
            {"before": "", "after": "", "group": "g", "renderings": ["a", "b"]},
            {"before": "", "after": "", "group": "g", "renderings": ["a", "b", "c"]},
        ],
    ],
)
def test_sites_that_are_none_are_refused(sites: object) -> None:
    """From no site to a group of unequal ones."""
    with pytest.raises(PlanError):
        form_of("variants").check({"sites": sites})


def test_an_unknown_form_is_refused_by_name() -> None:
    """With those that there are."""
    with pytest.raises(PlanError, match=r"'acrostic' is no form .* variants, photo-credit"):
        form_of("acrostic")
