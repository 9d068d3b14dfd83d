"""`countermark scan` and `watch` over token ids: what they say of the tokeniser, and their options."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from countermark.cli import main
from countermark.cli.scan_outcome import _example
from countermark.cli.scan_tokenizers import lines, warnings
from countermark.corpus.tokens.folder import add_table, renamed
from storage.writable_bucket import writable_bucket
from token_corpora import as_megatron, as_text, tables, texts, tokenizer, works_index

if TYPE_CHECKING:
    from pathlib import Path

TOLD = "2 shards hold token ids: small-0 by trial of 1 file (100.0 % of "


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index, two tables, and two Megatron files with what else may lie beside them."""
    place = tmp_path_factory.mktemp("cli-tokens")
    works_index(place)
    tables(place)
    for number in range(2):
        as_megatron(place / "ids", texts(seed=number), tokenizer(), f"{number}.bin")
    (place / "ids" / "orphan.idx").write_bytes((place / "ids" / "0.idx").read_bytes())
    as_text(place / "text", texts())
    return place


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def scan(place: Path, corpus: str, out: Path, *more: object) -> Result:
    return call("scan", place / "works.index", place / corpus, "--out", out, "--workers", 1, *more)


def test_a_dry_run_says_by_which_tokeniser(place: Path, tmp_path: Path) -> None:
    """With the figures and the next best, in words and as JSON."""
    told = scan(place, "ids", tmp_path / "run", "--tokenizers", place / "tables", "--dry-run")
    assert told.exit_code == 0, told.output
    assert TOLD in told.output
    assert "; the next, small-1: " in told.output
    said = scan(place, "ids", tmp_path / "run", "--tokenizers", place / "tables", "--dry-run", "--json")
    (one,) = json.loads(said.output)["tokenizers"]
    assert (one["tokenizer"], one["shards"], one["named"]) == ("small-0", 2, False)
    assert not (tmp_path / "run").exists()


def test_a_scan_says_it_before_it_scans(place: Path, tmp_path: Path) -> None:
    """On standard error, so that programs read what they read before; and the lone index is refused by name."""
    done = scan(place, "ids", tmp_path / "run", "--tokenizers", place / "tables")
    assert done.exit_code == 0, done.output
    assert TOLD in done.stderr
    assert TOLD not in done.stdout
    assert "1 orphan-index; for example orphan.idx: the index of a .bin of token ids" in done.stdout
    again = scan(place, "ids", tmp_path / "run", "--tokenizers", place / "tables", "--json")
    assert json.loads(again.stdout)["tokenizers"][0]["table"] == tokenizer().digest
    assert not again.stderr


def test_a_named_tokeniser_and_a_wrong_one(place: Path, tmp_path: Path) -> None:
    """The named one is taken and told; one that is not there, or that nothing was written with, ends the command."""
    options = ("--tokenizers", place / "tables", "--tokenizer")
    told = scan(place, "ids", tmp_path / "run", *options, "small-0", "--dry-run")
    assert "2 shards hold token ids: small-0, as named." in told.output
    missing = scan(place, "ids", tmp_path / "run", *options, "gpt5", "--dry-run")
    assert missing.exit_code == 2
    assert (
        "--tokenizer gpt5: neither a file nor a table that is at hand; at hand are: small-0, small-1"
        in missing.output
    )
    idle = scan(place, "text", tmp_path / "run", *options, "small-0", "--dry-run")
    assert idle.exit_code == 2
    assert "text holds no token ids; leave the option out" in idle.output


def test_without_tables_it_says_what_to_do(place: Path, tmp_path: Path) -> None:
    """The user's own folder of tables is empty."""
    done = scan(place, "ids", tmp_path / "run")
    assert done.exit_code == 2
    assert "no-tokenizer (2)" in done.output
    assert "countermark tokenizer add" in done.output


def test_watch_takes_the_tables_of_the_last_run(place: Path, tmp_path: Path) -> None:
    """They need not be at hand any more; what is the same is carried."""
    assert scan(place, "ids", tmp_path / "may", "--tokenizers", place / "tables").exit_code == 0
    watched = ("watch", tmp_path / "may", place / "works.index", place / "ids", "--out", tmp_path / "june")
    dry = call(*watched, "--date", "2026-01-01", "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert TOLD in dry.output
    done = call(*watched, "--date", "2026-01-01", "--workers", 1)
    assert done.exit_code == 0, done.output
    assert "2 of them carried from may" in done.output
    assert [path.stem for path in (tmp_path / "june" / "tokenizers").iterdir()] == [tokenizer().digest]


def test_a_run_goes_on_without_the_folder_of_tables(place: Path, tmp_path: Path) -> None:
    """By the tables in its own folder, found or named; one that is not what its name says is no table."""
    asked = ("--tokenizers", place / "tables")
    for name, named in (("found", ()), ("named", ("--tokenizer", "small-0"))):
        run = tmp_path / name
        assert scan(place, "ids", run, *asked, *named).exit_code == 0
        receipts = {path.name: path.read_bytes() for path in (run / "receipts").iterdir()}
        sorted((run / "receipts").iterdir())[0].unlink()
        again = scan(place, "ids", run, *named)
        assert again.exit_code == 0, again.output
        assert "1 shard scanned" in again.stdout
        assert {path.name: path.read_bytes() for path in (run / "receipts").iterdir()} == receipts
        assert scan(place, "ids", run, *asked, *named).exit_code == 0
    (kept,) = (tmp_path / "found" / "tokenizers").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1])
    lost = scan(place, "ids", tmp_path / "found")
    assert (lost.exit_code, "no tokeniser is at hand" in lost.output) == (2, True)
    assert scan(place, "ids", tmp_path / "found", *asked).exit_code == 0
    assert kept.read_bytes() == whole


def test_a_run_at_a_url_goes_on_without_it(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another machine, which has neither the folder of tables nor a mirror of the run."""
    with writable_bucket(tmp_path, monkeypatch) as bucket:
        url = f"{bucket.url}/run"
        for more in (("--tokenizers", place / "tables"), ()):
            told = call("scan", place / "works.index", place / "ids", "--out", url, "--workers", 1, *more)
            assert told.exit_code == 0, told.output
            assert TOLD in told.stderr
            shutil.rmtree(tmp_path / "cache")
        assert "0 shards scanned" in told.stdout


def test_a_table_of_the_run_is_not_taken_for_another_of_its_name(place: Path, tmp_path: Path) -> None:
    """Of two tables of one name the user's is meant; the run says that it was made with the other."""
    run = tmp_path / "run"
    assert scan(place, "ids", run, "--tokenizers", place / "tables").exit_code == 0
    add_table(renamed(tokenizer(1), "small-0"), tmp_path / "mine")
    other = scan(place, "ids", run, "--tokenizers", tmp_path / "mine", "--tokenizer", "small-0")
    assert (other.exit_code, "made with other settings" in other.output) == (4, True)


def test_an_estimate_reads_ids(place: Path, tmp_path: Path) -> None:
    """The sample is decoded as a scan decodes it."""
    done = scan(place, "ids", tmp_path / "run", "--tokenizers", place / "tables", "--estimate", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["units"]["value"] > 10_000


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_report_says_how_ids_were_read(place: Path, tmp_path: Path, lang: str) -> None:
    """By which tokeniser, how it was found, how many ids; and findings say between which tokens they stand."""
    assert scan(place, "ids", tmp_path / "run", "--tokenizers", place / "tables").exit_code == 0
    assert call("report", tmp_path / "run", "--lang", lang).exit_code == 0
    page = (tmp_path / "run" / f"report.{lang}.html").read_text()
    assert {"en": "How the token ids were read", "fr": "Comment les jetons ont été lus"}[lang] in page
    assert {"en": " of sequence ", "fr": " de la séquence "}[lang] in page
    assert "print(tokenizer.decode(sequence[" in page
    text = call("report", tmp_path / "run", "--lang", lang, "--format", "text").stdout
    assert "small-0" in text
    summary = json.loads((tmp_path / "run" / "summary.json").read_bytes())
    (one,) = summary["searched"]["tokens"]
    assert one["shards"] == 2
    assert one["counts"]["special"] == 2 * len(texts())


def test_an_example_is_cut_between_words() -> None:
    """A long detail ends with a whole word and a mark, a short one as it is."""
    refusal = {"where": "a.bin", "row": -1, "detail": "a.bin: " + "12,345 " * 60}
    said = _example(refusal)
    assert said.startswith("a.bin: 12,345 ")
    assert said.endswith(" 12,345 …")
    assert len(said) < 320
    assert _example({**refusal, "detail": "short", "row": 3}) == "a.bin, row 3: short"
    assert len(_example({**refusal, "detail": "x" * 900})) < 320


def test_what_rewrites_a_corpus_refuses_ids(place: Path) -> None:
    """Filtering goes record by record, by where each comes from, and ids do not say that."""
    done = call("reserve", "filter", place / "ids" / "0.bin", "--dry-run")
    assert done.exit_code == 2
    assert "it holds token ids" in done.output


def test_lines_where_no_other_table_was_tried() -> None:
    """None at hand, or none that could be it."""
    trial = {"telling": 100, "agree": 99, "chance": 0.5, "next": None}
    one = {"shards": 1, "tokenizer": "gpt2", "named": False, "files_tried": 2}
    for others, said in ((0, "no other table was at hand"), (3, "no other table can be it")):
        (line,) = lines([{**one, "trial": {**trial, "others": others}}])
        assert line == (
            "1 shard holds token ids: gpt2 by trial of 2 files (99.0 % of 100 telling words are cut as it cuts them, "
            f"50 % would be by chance; {said})."
        )


def test_lines_of_two_integer_types() -> None:
    """Two lines of one tokeniser say what sets them apart."""
    one = {"shards": 2, "tokenizer": "gpt2", "named": True, "trial": None}
    assert lines([{**one, "ids": "<u2"}, {**one, "ids": "<i4"}]) == [
        "2 shards hold token ids stored as <u2: gpt2, as named.",
        "2 shards hold token ids stored as <i4: gpt2, as named.",
    ]


@pytest.mark.parametrize("says", ["for", "against"])
def test_a_named_tokeniser_that_has_not_all_ids(says: str) -> None:
    """As of two files that were joined; it is told beside what the words say, and not of one that was found."""
    trial = {"says": says, "telling": 9, "agree": 1, "chance": 0.5, "beyond": 0.019, "in_range": False}
    one = {"tokenizer": "gpt2", "named": True, "trial": trial}
    told = warnings([one])
    assert len(told) == 1 + (says == "against")
    assert told[-1] == (
        "Warning: gpt2 was named, but 1.9 % of the ids that were tried are beyond it. If another tokeniser wrote some "
        "of them, nothing can be found in those."
    )
    assert warnings([{**one, "named": False}]) == []


@pytest.mark.parametrize(
    ("rival", "said"),
    [
        ({"in_range": False, "beyond": 0.08}, "8.0 % of the ids are beyond it"),
        ({"says": "against"}, "75.0 % of 12 words, 98 % by chance, which speaks against it"),
        ({"says": "nothing"}, "75.0 % of 12 words, 98 % by chance, which does not tell"),
    ],
)
def test_what_the_next_comes_to(rival: dict[str, Any], said: str) -> None:
    """Not only two shares, which look alike: what they say of it, or that it has not the ids."""
    figures = {
        "tokenizer": "model",
        "telling": 12,
        "agree": 9,
        "chance": 0.98,
        "in_range": True,
        "beyond": 0.0,
    }
    trial = {"telling": 100, "agree": 99, "chance": 0.5, "next": {**figures, **rival}, "others": 1}
    one = {"shards": 1, "tokenizer": "gpt2", "named": False, "files_tried": 1, "trial": trial}
    (line,) = lines([one])
    assert line.endswith(f"; the next, model: {said}).")


def test_a_named_tokeniser_that_its_words_speak_against(place: Path, tmp_path: Path) -> None:
    """It is kept to, and told loudly: before the scan, in the run, and in the report, which promises nothing of it."""
    warned = "Warning: small-1 was named, but its words speak against it: of "
    asked = ("--tokenizers", place / "tables", "--tokenizer")
    for more in ((), ("--json",)):
        done = scan(place, "ids", tmp_path / "run", *asked, "small-1", *more)
        assert done.exit_code == 0, done.output
        assert warned in done.stderr
        assert "would be by chance. If it is the wrong one, nothing can be found." in done.stderr
    for lang, said, exact in (
        ("en", "But its words speak against it", "give a text back whole"),
        ("fr", "Mais ses mots parlent contre lui", "rendent un texte en entier"),
    ):
        for name in ("small-0", "small-1"):
            run = tmp_path / name
            assert scan(place, "ids", run, *asked, name).exit_code == 0
            text = " ".join(call("report", run, "--lang", lang, "--format", "text").stdout.split())
            assert (said in text) == (name == "small-1")
            assert (exact in text) == (name == "small-0")
    right = scan(place, "ids", tmp_path / "right", *asked, "small-0")
    assert "Warning" not in right.output
