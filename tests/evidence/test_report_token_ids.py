"""What a report says of token ids: which were read how, and what a tokeniser leaves in doubt that was named."""

from __future__ import annotations

from typing import Any

import pytest

from countermark.evidence.report import sections
from countermark.evidence.report.languages import LANGUAGES
from countermark.evidence.report.token_ids import doubts, read_with

SOUND: dict[str, Any] = {
    "tokenizer": "gpt2",
    "telling": 300,
    "agree": 300,
    "chance": 0.82,
    "words": 4000,
    "known": 0.4,
    "says": "for",
    "beyond": 0.0,
    "in_range": True,
    "next": None,
    "others": 0,
}
TWO_TOKENISERS = {"agree": 282, "says": "nothing", "beyond": 0.019, "in_range": False}
WRONG = {"agree": 245, "says": "against"}
FLATLY = {"en": "Everything that was listed could be read", "fr": "Tout ce qui était recensé a pu être lu"}


def one_read(*, trial: dict[str, Any] | None = None, unknown: int = 0, **facts: Any) -> dict[str, Any]:
    """How ids were read, as a summary says it."""
    counts = {"ids": 86_871, "special": 27, "unknown": unknown, "bad_bytes": 0, "fragments": 0}
    told = {"tokenizer": "gpt2", "table": "a" * 64, "ids": "<u2", "named": False, "losses": [], "shards": 4}
    return {**told, "counts": counts, "trial": {**SOUND, **(trial or {})}, **facts}


def summary_of(*tokens: dict[str, Any]) -> dict[str, Any]:
    """A summary of a whole run in which nothing was refused and nothing was found."""
    searched = {"shards": 4, "shards_planned": 4, "records": 60, "refused": {}, "tokens": list(tokens)}
    controls = {"false_alarms": 0, "works": 0}
    return {"complete": True, "searched": searched, "controls": controls, "guarantee_letters": 80}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            [
                "of 4 files or parts of files, in numbers of 16 bits (<u2), were",
                "of 1 file or part of a file, in",
            ],
        ),
        (
            "fr",
            [
                "de 4 fichiers ou parties de fichiers, en nombres de 16 bits (<u2), ont",
                "de 1 fichier ou partie de",
            ],
        ),
    ],
)
def test_paragraphs_of_one_tokeniser_are_told_apart(lang: str, said: list[str]) -> None:
    """By the type of the ids and the number of files; otherwise the second would look like the first again."""
    told = read_with(summary_of(one_read(), one_read(ids="<i4", shards=1)), LANGUAGES[lang])
    plain = [text.translate({0x2068: None, 0x2069: None}) for text in told]
    assert [part in text for part, text in zip(said, plain, strict=True)] == [True, True]
    assert "32 bits (<i4)" in plain[1]
    assert "(files or parts of files: " not in plain[0]


@pytest.mark.parametrize(
    ("lang", "subject", "bits"),
    [("en", "The token ids were read", "bits"), ("fr", "Les jetons ont été lus", "bits")],
)
def test_a_single_one_needs_no_type(lang: str, subject: str, bits: str) -> None:
    """All ids were read so; nothing is to be told apart."""
    (told,) = read_with(summary_of(one_read()), LANGUAGES[lang])
    assert told.startswith(subject)
    assert bits not in told


def test_two_tables_of_one_name_are_told_apart() -> None:
    """By the digest of the table; two tokenisers of other names need neither digest nor type."""
    told = read_with(summary_of(one_read(), one_read(table="b" * 64)), LANGUAGES["en"])
    assert ["table aaaaaaaaaaaaaaaa)" in told[0], "table bbbbbbbbbbbbbbbb)" in told[1]] == [True, True]
    other = read_with(summary_of(one_read(), one_read(tokenizer="cl100k_base")), LANGUAGES["en"])
    assert not any("(table " in text or " bits " in text for text in other)


def test_nothing_is_said_of_ids_that_were_not_read() -> None:
    """A tokeniser of a shard that was not searched, or was set aside, read nothing."""
    none = summary_of(one_read(shards=0, named=True, trial=WRONG))
    assert read_with(none, LANGUAGES["en"]) == doubts(none, LANGUAGES["en"]) == []


@pytest.mark.parametrize(
    ("lang", "trial", "why"),
    [
        ("en", TWO_TOKENISERS, "1.9% are beyond its table, so that some may be of another tokeniser"),
        (
            "fr",
            TWO_TOKENISERS,
            "1,9\u202f% sont hors de sa table\u00a0: certains peuvent être d’un autre tokeniseur",
        ),
        ("en", WRONG, "with the right one nearly all would, with a wrong one 82.0%"),
        ("fr", WRONG, "avec le bon, presque tous le seraient, avec un autre 82,0\u202f%"),
    ],
)
def test_a_named_tokeniser_in_doubt_is_warned_of(lang: str, trial: dict[str, Any], why: str) -> None:
    """Before the outcome, where it says how ids were read, with the guarantee, and where all was read."""
    say, summary = LANGUAGES[lang], summary_of(one_read(named=True, trial=trial, unknown=1_837))
    (told,) = read_with(summary, say)
    assert why in told
    assert {"en": "a search without findings says little", "fr": "une recherche sans résultat"}[lang] in told
    assert say.say("tokens.exact") not in told
    (warning,) = sections.warnings(summary, say)
    assert {"en": "that a work was not found says little", "fr": "ne dit pas grand-chose"}[lang] in warning
    assert sections.guarantee(summary, say).endswith(say.say("guarantee.tokens.doubt"))
    assert FLATLY[lang] not in sections.refused_none(summary, say)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_sound_one_is_not_warned_of(lang: str) -> None:
    """Found by trial or named; the guarantee is told with what it stands on, and of texts without."""
    say = LANGUAGES[lang]
    for one in (one_read(), one_read(named=True), one_read(named=True, trial=None) | {"trial": None}):
        assert sections.warnings(summary_of(one), say) == []
        assert sections.guarantee(summary_of(one), say).endswith(say.say("guarantee.tokens"))
        assert FLATLY[lang] in sections.refused_none(summary_of(one), say)
    assert sections.guarantee(summary_of(), say) == say.say("guarantee.text", n=80)


def test_a_tokeniser_is_warned_of_once() -> None:
    """With the files of all integer types together."""
    wrong = [one_read(named=True, trial=WRONG, ids=ids, shards=2) for ids in ("<u2", "<i4")]
    (warning,) = sections.warnings(summary_of(*wrong), LANGUAGES["en"])
    assert warning.startswith("Token ids of 4 files or parts of files")
