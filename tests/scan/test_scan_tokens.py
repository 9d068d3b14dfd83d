"""Scanning token ids: the same findings as on the text, with the places of their tokens, and the table in the run."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from countermark.corpus.tokens.decoding import decode
from countermark.corpus.tokens.folder import tables_in
from countermark.corpus.tokens.table import read_table, table_bytes
from countermark.errors import InputError, RunError
from countermark.evidence.run_folder import open_run
from countermark.evidence.watch.unread import looked_at
from countermark.scan import AskedTokenizers, Part, ScanSettings, plan_scan, run_scan
from countermark.scan.carrying import CarryingRunner, last_run
from scan.needle_search import InlineRunner
from token_corpora import (
    as_megatron,
    as_parquet,
    as_stream,
    as_text,
    encoded,
    tables,
    texts,
    tokenizer,
    works_index,
)

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.scan import RunOutcome

OF_TOKENS = ("record_sequence", "record_token_start", "record_token_end", "record_fragment")
NAMING = (*OF_TOKENS, "finding_id", "shard", "corpus")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index, two tables, and the corpus in several forms."""
    place = tmp_path_factory.mktemp("tokens")
    works_index(place)
    tables(place)
    as_text(place / "text", texts())
    as_megatron(place / "megatron", texts(), tokenizer())
    as_parquet(place / "parquet", texts(), tokenizer())
    as_stream(place / "stream", texts(), tokenizer())
    return place


def scan(place: Path, corpus: Path, out: Path, **given: Any) -> RunOutcome:
    asked = {"tokenizers": AskedTokenizers(place / "tables"), "attempts": out.parent / "tries.jsonl", **given}
    chosen = {name: asked.pop(name) for name in ("runner", "progress", "stop") if name in asked}
    settings = ScanSettings(index=place / "works.index", corpus=(corpus,), out=out, **asked)
    return run_scan(settings, **{"runner": InlineRunner(), **chosen})


def rows(run: Path, *without: str) -> list[dict[str, Any]]:
    found = [row for path in (run / "findings").glob("*.parquet") for row in pq.read_table(path).to_pylist()]
    found.sort(key=lambda row: (row["row"], row["record_start"], row["work_id"]))
    return [{name: value for name, value in row.items() if name not in without} for row in found]


def receipts(run: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in sorted((run / "receipts").glob("*.json"))]


@pytest.mark.parametrize("form", ["megatron", "parquet"])
def test_findings_are_those_of_the_text(place: Path, tmp_path: Path, form: str) -> None:
    """Every column is the same, but for the name of the file and the tokens'."""
    scan(place, place / "text", tmp_path / "a")
    scan(place, place / form, tmp_path / "b")
    expected = rows(tmp_path / "a", *NAMING)
    assert len(expected) >= 4
    assert rows(tmp_path / "b", *NAMING) == expected
    assert all(row["record_token_start"] is None for row in rows(tmp_path / "a"))


@pytest.mark.parametrize("form", ["megatron", "parquet"])
def test_the_tokens_of_a_finding_hold_its_passage(place: Path, tmp_path: Path, form: str) -> None:
    """Decoded by themselves, the ids of the span are the excerpt, and those without the first or last are not."""
    scan(place, place / form, tmp_path / "run")
    table = tokenizer()
    for row in rows(tmp_path / "run"):
        text = texts()[row["record_sequence"]]
        ids = np.array(encoded(table, text)[row["record_token_start"] : row["record_token_end"]], np.int32)
        passage = text[row["record_start"] : row["record_end"]]
        assert passage in decode(ids, table).decode("utf-8", "replace")
        assert passage not in decode(ids[1:], table).decode("utf-8", "replace")
        assert passage not in decode(ids[:-1], table).decode("utf-8", "replace")
        assert row["record_fragment"] is False


def test_a_stream_gives_the_same_passages(place: Path, tmp_path: Path) -> None:
    """Rows are positions of ids there; texts, places and digests are those of the text."""
    scan(place, place / "text", tmp_path / "a")
    scan(place, place / "stream", tmp_path / "b")
    assert rows(tmp_path / "b", *NAMING, "row") == rows(tmp_path / "a", *NAMING, "row")


def test_run_and_receipts_say_how_ids_were_read(place: Path, tmp_path: Path) -> None:
    """The table lies in the run, run.json has the evidence, receipts the counts."""
    scan(place, place / "megatron", tmp_path / "run")
    run, table = tmp_path / "run", tokenizer()
    settings = json.loads((run / "run.json").read_bytes())
    (said,) = settings["tokenizers"]
    assert (said["tokenizer"], said["table"], said["ids"], said["shards"]) == (
        "small-0",
        table.digest,
        "<u2",
        1,
    )
    assert said["trial"]["agree"] > 0.95 * said["trial"]["telling"] > 100
    assert [path.name for path in (run / "tokenizers").iterdir()] == [f"{table.digest}.tokens"]
    kept = (run / "tokenizers" / f"{table.digest}.tokens").read_bytes()
    assert hashlib.sha256(kept).hexdigest() == table.digest
    (receipt,) = receipts(run)
    assert receipt["tokens"]["table"] == table.digest
    assert receipt["tokens"]["counts"]["ids"] == sum(len(encoded(table, text)) + 1 for text in texts())
    assert receipt["tokens"]["counts"]["special"] == len(texts())
    assert receipt["source"]["unit"] == "bytes, sides"
    parts = [(place / "megatron" / name).read_bytes() for name in ("train.bin", "train.idx")]
    lines = "".join(hashlib.sha256(part).hexdigest() + "\n" for part in parts)
    assert receipt["source"]["sha256"] == hashlib.sha256(lines.encode()).hexdigest()


def test_two_workers_take_the_table_from_the_run(place: Path, tmp_path: Path) -> None:
    """Processes that never saw the folder of tables find the same as one."""
    corpus = tmp_path / "corpus"
    for number in range(3):
        as_megatron(corpus, texts(seed=number), tokenizer(), f"{number}.bin")
    scan(place, corpus, tmp_path / "one")
    two = scan(place, corpus, tmp_path / "two", runner=None, workers=2)
    assert not two.quarantined
    assert rows(tmp_path / "two") == rows(tmp_path / "one") != []
    assert receipts(tmp_path / "two") == receipts(tmp_path / "one")


def test_parts_and_a_resumed_run_give_the_same(place: Path, tmp_path: Path) -> None:
    """Two parts in one folder, the second begun with other tables at hand, are the whole run."""
    corpus = tmp_path / "corpus"
    for number in range(2):
        as_parquet(corpus, texts(seed=number), tokenizer(), f"{number}.parquet")
    scan(place, corpus, tmp_path / "whole")
    alone = tables(tmp_path, 0)
    scan(place, corpus, tmp_path / "parts", part=Part(1, 2))
    scan(place, corpus, tmp_path / "parts", part=Part(2, 2), tokenizers=AskedTokenizers(alone))
    assert rows(tmp_path / "parts") == rows(tmp_path / "whole") != []
    again = scan(place, corpus, tmp_path / "whole")
    assert (again.scanned, again.skipped) == (0, 2)


def test_a_run_that_died_goes_on(place: Path, tmp_path: Path) -> None:
    """Without the receipt of a shard, and even without the table: both are there again, the same bytes."""
    corpus, run = tmp_path / "corpus", tmp_path / "run"
    for number in range(2):
        as_megatron(corpus, texts(seed=number), tokenizer(), f"{number}.bin")
    scan(place, corpus, run)
    before = {path.relative_to(run): path.read_bytes() for path in run.glob("*/*")}
    sorted((run / "receipts").iterdir())[0].unlink()
    shutil.rmtree(run / "tokenizers")
    again = scan(place, corpus, run)
    assert (again.scanned, again.skipped) == (1, 1)
    assert {path.relative_to(run): path.read_bytes() for path in run.glob("*/*")} == before


def test_another_tokeniser_is_another_run(place: Path, tmp_path: Path) -> None:
    """The tokeniser is part of what must not change."""
    scan(place, place / "megatron", tmp_path / "run")
    with pytest.raises(RunError, match="the tokenisers were small-0, now small-1"):
        scan(
            place,
            place / "megatron",
            tmp_path / "run",
            tokenizers=AskedTokenizers(place / "tables", "small-1"),
        )


def test_a_named_tokeniser_is_taken(place: Path, tmp_path: Path) -> None:
    """By name, or as a file; a name that is unknown, or of no use, is told."""
    file = tmp_path / "mine.tokens"
    file.write_bytes(table_bytes(tokenizer()))
    for named in ("small-0", str(file)):
        out = tmp_path / f"run-{len(named)}"
        scan(place, place / "megatron", out, tokenizers=AskedTokenizers(place / "tables", named))
        assert rows(out)
        assert json.loads((out / "run.json").read_bytes())["tokenizers"][0]["named"] is True
    with pytest.raises(InputError, match="at hand are: small-0, small-1"):
        scan(
            place,
            place / "megatron",
            tmp_path / "no",
            tokenizers=AskedTokenizers(place / "tables", "small-2"),
        )
    with pytest.raises(InputError, match="holds no token ids"):
        scan(place, place / "text", tmp_path / "no", tokenizers=AskedTokenizers(place / "tables", "small-0"))


def test_ids_beyond_a_named_tokeniser_are_told(place: Path, tmp_path: Path) -> None:
    """Of several folders the facts are those of the one with such ids, however well its words fit."""
    for folder, more in (("a", []), ("b", list(range(2000, 2012)) * 8)):
        ids = [one for text in texts() for one in encoded(tokenizer(), text)]
        (tmp_path / "corpus" / folder).mkdir(parents=True)
        several = 2 if folder == "b" else 1
        np.array(ids[: len(ids) // 2 * several] + more, "<u2").tofile(tmp_path / "corpus" / folder / "x.bin")
    named = AskedTokenizers(place / "tables", "small-0")
    scan(place, tmp_path / "corpus", tmp_path / "run", tokenizers=named)
    (said,) = json.loads((tmp_path / "run" / "run.json").read_bytes())["tokenizers"]
    assert (said["shards"], said["trial"]["in_range"]) == (2, False)
    assert said["trial"]["beyond"] > 0


def test_without_the_right_table_ids_are_refused(place: Path, tmp_path: Path) -> None:
    """No table at all, or only another: each a reason of its own, and nothing is scanned by guess."""
    with pytest.raises(InputError, match=r"no-tokenizer \(1\)"):
        scan(place, place / "megatron", tmp_path / "run", tokenizers=AskedTokenizers(tmp_path / "none"))
    other = tables(tmp_path, 1)
    with pytest.raises(InputError, match=r"tokenizer-unclear \(1\)"):
        scan(place, place / "megatron", tmp_path / "run", tokenizers=AskedTokenizers(other))


def test_a_run_that_refused_ids_goes_on_with_other_tables_at_hand(place: Path, tmp_path: Path) -> None:
    """The words of a refusal name the tables that were tried; what was refused is the same."""
    corpus = tmp_path / "corpus"
    as_megatron(corpus / "ours", texts(), tokenizer())
    as_megatron(corpus / "theirs", texts(seed=1), tokenizer(3))
    run = tmp_path / "run"
    scan(place, corpus, run)
    before = json.loads((run / "run.json").read_bytes())
    assert before["refused"]["tokenizer-unclear"]["count"] == 1
    scan(place, corpus, run, tokenizers=AskedTokenizers(tables(tmp_path, 0)))
    assert json.loads((run / "run.json").read_bytes())["refused"].keys() == before["refused"].keys()


def test_one_file_of_another_tokeniser_is_refused(place: Path, tmp_path: Path) -> None:
    """The first of a folder is tried; a file that its ids contradict is not read with it."""
    corpus = tmp_path / "corpus"
    as_megatron(corpus, texts(), tokenizer(), "a.bin")
    as_megatron(corpus, texts(seed=1), tokenizer(1), "b.bin")
    outcome = scan(place, corpus, tmp_path / "run")
    refused = {receipt["shard"]["name"]: receipt["refused"] for receipt in receipts(tmp_path / "run")}
    assert refused["a.bin"] == {}
    assert refused["b.bin"]["tokenizer-unclear"]["count"] == 1
    assert "scan this file by itself, or name its tokeniser with --tokenizer" in str(refused["b.bin"])
    assert "not written with the tokeniser small-0" in str(refused["b.bin"])
    assert outcome.refused == 1
    assert looked_at(open_run(tmp_path / "run")).unread == {"b.bin": "tokenizer-unclear"}
    carried = [
        one.shard for found in last_run(tmp_path / "run").files.values() for many in found for one in many
    ]
    assert carried == ["a.bin"]


def test_a_table_that_was_changed_in_the_run_is_not_used(place: Path, tmp_path: Path) -> None:
    """Its digest is looked at before it is read; giving the command again puts it right."""
    scan(place, place / "megatron", tmp_path / "run")
    from countermark.corpus.tokens import held
    from countermark.scan.tokenizers import provide_table

    (kept,) = (tmp_path / "run" / "tokenizers").iterdir()
    kept.write_bytes(table_bytes(tokenizer(1)))
    held._held.clear()
    (shard,) = plan_scan(settings(place, place / "megatron", tmp_path / "new")).shards
    held._held.clear()
    with pytest.raises(RunError, match="not the table that its name says"):
        provide_table(tmp_path / "run", shard)
    kept.unlink()
    with pytest.raises(RunError, match="is missing in the run folder"):
        provide_table(tmp_path / "run", shard)
    scan(place, place / "megatron", tmp_path / "run")
    assert [table.digest for table in tables_in(tmp_path / "run" / "tokenizers")] == [tokenizer().digest]
    assert read_table(kept.read_bytes(), "kept").name == "small-0"


def settings(place: Path, corpus: Path, out: Path) -> ScanSettings:
    return ScanSettings(place / "works.index", (corpus,), out, tokenizers=AskedTokenizers(place / "tables"))


def test_the_next_version_carries_files_of_ids(place: Path, tmp_path: Path) -> None:
    """A Megatron file that is the same is carried with its table; one whose index changed is scanned."""
    corpus = tmp_path / "corpus"
    for number in range(2):
        as_megatron(corpus, texts(seed=number), tokenizer(), f"{number}.bin")
    scan(place, corpus, tmp_path / "last")
    as_megatron(corpus, texts(seed=1)[:-1], tokenizer(), "other.bin")
    (corpus / "other.bin").unlink()
    (corpus / "other.idx").rename(corpus / "1.idx")
    runner = CarryingRunner(InlineRunner(), last_run(tmp_path / "last"))
    beside = AskedTokenizers(tmp_path / "none", beside=tmp_path / "last")
    outcome = scan(place, corpus, tmp_path / "new", runner=runner, tokenizers=beside)
    assert [one.shard for one in runner.carried.values()] == ["0.bin"]
    assert outcome.findings
    assert [table.digest for table in tables_in(tmp_path / "new" / "tokenizers")] == [tokenizer().digest]
    scan(place, corpus, tmp_path / "anew")
    assert rows(tmp_path / "anew") == rows(tmp_path / "new")


def test_recheck_notices_an_index_that_changed(place: Path, tmp_path: Path) -> None:
    """The same bytes of ids cut otherwise are another corpus."""
    corpus = tmp_path / "corpus"
    as_megatron(corpus, texts(), tokenizer())
    scan(place, corpus, tmp_path / "run")
    assert scan(place, corpus, tmp_path / "run", recheck=True).scanned == 0
    index = bytearray((corpus / "train.idx").read_bytes())
    index[-16:-8] = index[-24:-16]  # the last document but one has no sequence, and the last has both
    (corpus / "train.idx").write_bytes(index)
    assert scan(place, corpus, tmp_path / "run", recheck=True).scanned == 1
