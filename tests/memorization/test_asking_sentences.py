"""What the commands of questions say of a comparison that is void."""

from __future__ import annotations

import pytest

from countermark.memorization.asking.sentences import LANGUAGES
from countermark.memorization.blind_gate import blind_gate
from countermark.memorization.compared import gate_line


@pytest.mark.parametrize(("lang", "lengths"), [("en", "differ in length"), ("fr", "par leur longueur")])
def test_what_made_the_gate_void_is_named(lang: str, lengths: str) -> None:
    """Words or lengths, whichever it was."""
    words = "the mill and the weir of the town by the river "
    long, short = [words * (20 + n) for n in range(12)], [words * (1 + n % 3) for n in range(12)]
    gate = blind_gate(long, short).facts()
    assert (gate["verdict"], gate["by_length"]) == ("void", True)
    assert lengths in gate_line(gate, LANGUAGES[lang])
    said = gate_line(gate | {"by_length": False}, LANGUAGES[lang])
    assert lengths not in said
    assert {"en": "Words alone", "fr": "Les mots seuls"}[lang] in said
