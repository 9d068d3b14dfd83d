"""What a terminal is shown of texts from outside."""

from __future__ import annotations

from countermark.cli.progress import printable


def test_french_spaces_are_shown_and_escapes_are_not() -> None:
    """A title keeps its no-break spaces; what steers a terminal is replaced."""
    assert (
        printable("«\u00a0Quai\u202f!\u00a0»: \u202e\x1b[2J") == "«\u00a0Quai\u202f!\u00a0»: \ufffd\ufffd[2J"
    )
