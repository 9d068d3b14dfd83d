"""What tokenisers take away is said in the reader's language, whichever it is."""

from __future__ import annotations

import pytest

from countermark.corpus.tokens.sources import losses
from countermark.evidence.report.messages_en import MESSAGES as ENGLISH
from countermark.evidence.report.messages_fr import MESSAGES as FRENCH

LOSSES = [value for name, value in vars(losses).items() if name[0].isupper() and isinstance(value, str)]


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_has_words_in_each_language(loss: str) -> None:
    """A new one that is forgotten would stand in English in a French report."""
    assert ENGLISH[f"loss.{loss}"]
    assert FRENCH[f"loss.{loss}"] != ENGLISH[f"loss.{loss}"]


def test_pieces_are_not_called_documents() -> None:
    """A document in three rows is one document and three pieces."""
    assert ENGLISH["tokens.fragments.other"].startswith("{n} pieces of documents ")
    assert FRENCH["tokens.fragments.other"].startswith("{n} morceaux de documents ")
