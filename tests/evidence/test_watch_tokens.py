"""A watch over token ids: where a passage stands among them, and that it is said when they were read otherwise."""

from __future__ import annotations

import json
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from countermark.evidence.report.token_ids import span_said
from countermark.evidence.watch.changes import CHANGES_SCHEMA, compare
from countermark.evidence.watch.feed import feed_of
from countermark.evidence.watch.languages import LANGUAGES
from countermark.evidence.watch.page import render_watch
from evidence.synthetic import SyntheticRun, digest

if TYPE_CHECKING:
    from pathlib import Path

GPT, OTHER = "gpt2", "o200k"
DOUBT = {"en": "but a trial speaks against it", "fr": "mais un essai parle contre lui"}
SETTING = {
    "en": "the tokeniser of token ids, or how it was chosen",
    "fr": "le tokeniseur des jetons, ou la façon de le choisir",
}
SPAN = {"record_sequence": 7, "record_token_start": 44386, "record_token_end": 45001}


def run_of(
    folder: Path, name: str, *, found: bool = True, named: bool = False, says: str = "for", **given: Any
) -> Path:
    """A run over one file of token ids, in which a work was found or not; `name` is that of the tokeniser."""
    shard, span = given.get("shard", "p/tokens.bin"), given.get("span", SPAN)
    made = SyntheticRun()
    made.work("lady", title="La Dame")
    made.shards[shard] = []
    if found:
        made.find("lady", 0, 500, row=44386, shard=shard, **span)
    run = made.write(folder)
    options = {"ids": given.get("ids", "<u2"), "table": digest(name), "tokenizer": name}
    (path,) = (run / "receipts").iterdir()
    receipt = json.loads(path.read_bytes())
    receipt["shard"]["options"] = options | ({"named": "yes"} if named else {})
    receipt["source"]["sha256"] = digest(given.get("bytes_", "the same"))
    path.write_text(json.dumps(receipt))
    trial = {"says": says, "telling": 300, "agree": 245, "chance": 0.79, "beyond": 0.0, "in_range": True}
    settings = json.loads((run / "run.json").read_bytes())
    settings["tokenizers"] = [options | {"named": named, "shards": 1, "trial": trial}]
    (run / "run.json").write_text(json.dumps(settings))
    return run


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_wrong_tokeniser_is_told_before_what_is_gone(tmp_path: Path, lang: str) -> None:
    """On the page before the headline, in the feed with the work, in changes.json with the figures."""
    last = run_of(tmp_path / "last", GPT)
    now = run_of(tmp_path / "now", OTHER, found=False, named=True, says="against")
    comparison = compare(last, now)
    assert comparison.facts["works"]["no-longer-found"] == 1
    assert comparison.facts["differing"] == ["tokenizers"]
    (one,) = comparison.facts["now"]["tokenizers"]
    assert (one["tokenizer"], one["named"], one["trial"]["says"]) == (OTHER, True, "against")
    assert comparison.facts["last"]["tokenizers"][0]["table"] == digest(GPT)
    page = unescape(render_watch(comparison, lang))
    head, _, _ = page.partition("<h1>")
    assert SETTING[lang] in head
    assert DOUBT[lang] in head
    assert OTHER in head
    feed = feed_of(comparison, lang, date(2024, 6, 1), None).decode()
    assert DOUBT[lang] in feed
    assert SETTING[lang] in feed


@pytest.mark.parametrize(
    ("last", "now", "differs"),
    [
        ({"name": GPT}, {"name": GPT}, False),
        ({"name": GPT}, {"name": OTHER}, True),
        ({"name": GPT}, {"name": GPT, "ids": ">u2"}, True),
        ({"name": GPT}, {"name": GPT, "named": True}, True),
        ({"name": GPT, "named": True}, {"name": GPT, "named": True}, False),
        ({"name": GPT, "shard": "a.bin"}, {"name": OTHER, "shard": "b.bin"}, True),
        ({"name": GPT, "shard": "a.bin#0-99"}, {"name": OTHER, "shard": "a.bin", "bytes_": "more"}, True),
        ({"name": GPT}, {"name": OTHER, "shard": "b.bin", "bytes_": "other"}, False),
        ({"name": GPT}, {"name": OTHER, "shard": "b.bin", "bytes_": "other", "named": True}, True),
    ],
)
def test_when_ids_were_read_otherwise(
    tmp_path: Path, last: dict[str, Any], now: dict[str, Any], differs: bool
) -> None:
    """Of a file that is in both, by name or bytes; a new file that another tokeniser wrote is no other setting."""
    compared = compare(run_of(tmp_path / "last", **last), run_of(tmp_path / "now", **now))
    assert ("tokenizers" in compared.facts["differing"]) == differs


def test_texts_have_no_tokenisers(tmp_path: Path) -> None:
    """Nor is a search over texts another one than that over token ids because of a tokeniser."""
    made = SyntheticRun()
    made.work("lady")
    made.find("lady", 0, 500)
    texts = made.write(tmp_path / "texts")
    facts = compare(texts, run_of(tmp_path / "ids", GPT, named=True)).facts
    assert (facts["differing"], facts["last"]["tokenizers"]) == ([], [])


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_passage_is_told_among_its_tokens(tmp_path: Path, lang: str) -> None:
    """As the report tells it, and not as a row; the table has the numbers of both sides."""
    last = run_of(tmp_path / "last", GPT)
    now = run_of(tmp_path / "now", GPT, span={**SPAN, "record_token_start": 5, "record_fragment": True})
    comparison = compare(last, run_of(tmp_path / "without", GPT, found=False))
    (row,) = comparison.rows.to_pylist()
    assert {name: row[f"last_{name}"] for name in SPAN} == SPAN
    assert row["now_record_token_start"] is None
    said = LANGUAGES[lang].messages["passage.tokens"].format(start=44386, end=45001, sequence=7)
    page = render_watch(comparison, lang)
    assert said in unescape(page)
    assert LANGUAGES[lang].say("where.row", row="44386") not in unescape(page)
    assert compare(last, now).facts["findings"]["same"] == 1  # other numbers alone are no change
    gone = compare(now, run_of(tmp_path / "again", GPT, found=False))
    assert span_said({"record_fragment": True, **SPAN, "record_token_start": 5}, LANGUAGES[lang]) in unescape(
        render_watch(gone, lang)
    )
    assert gone.rows["last_record_fragment"].to_pylist() == [True]
    assert {f"now_{name}" for name in (*SPAN, "record_fragment")} <= set(CHANGES_SCHEMA.names)
