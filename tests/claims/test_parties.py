"""Who claims and against whom: small files, read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from countermark.claims.parties import read_claimant, read_respondent, same_name
from countermark.errors import InputError

RESPONDENT = """name = "Exemplar AI"
product = "Model X"
[source]
sentence = "We used crawl-2025."
document = "Model card"
date = "2025-10-01"
[act]
began = "2025-03"
place = "us"
facts = ["not-research"]
"""


def written(folder: Path, text: str) -> Path:
    """Write a file."""
    path = folder / "file.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_are_equal_or_not() -> None:
    """Case, accents and punctuation apart; never nearly."""
    assert same_name("Éditions  AUBIER") == same_name("editions aubier.")
    assert same_name("Aubier") != same_name("Aubier SA")


def test_a_respondent_is_named_with_a_source(tmp_path: Path) -> None:
    """Without the sentence, the document and the day, the name is refused."""
    respondent = read_respondent(written(tmp_path, RESPONDENT))
    assert (respondent.began, respondent.place, respondent.facts) == ("2025-03", "US", ("not-research",))
    for line in ('sentence = "We used crawl-2025."\n', 'document = "Model card"\n', 'date = "2025-10-01"\n'):
        with pytest.raises(InputError, match=r"file.toml: key source\.\w+: is missing"):
            read_respondent(written(tmp_path, RESPONDENT.replace(line, "")))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2025-03", "spring", r"key act.began: 'spring' is no date"),
        ("not-research", "guilty", r"key act.facts: 'guilty'; accepted are"),
        ("product", "produkt", r"key produkt: is unknown"),
    ],
)
def test_faults_of_a_respondents_file(tmp_path: Path, old: str, new: str, says: str) -> None:
    """Each is named with its key."""
    with pytest.raises(InputError, match=says):
        read_respondent(written(tmp_path, RESPONDENT.replace(old, new)))


def test_a_claimant_may_bring_mandates(tmp_path: Path) -> None:
    """Names and files together."""
    path = written(tmp_path, 'names = ["Union"]\nidentifiers = ["isni:1"]\n[[mandate]]\ngrantor = "Aubier"\n')
    claimant = read_claimant(["Maison Aubier", str(path)])
    assert claimant is not None
    assert claimant.names == ("Maison Aubier", "Union")
    assert claimant.mandate_of("AUBIER") is not None
    assert claimant.is_named("somebody", ["isni:1"])
    assert read_claimant([]) is None
    with pytest.raises(InputError, match="is no name"):
        read_claimant(["..."])
