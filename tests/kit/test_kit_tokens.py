"""A kit with tables: corpora of token ids are read in the room, by what the kit holds and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from countermark.errors import InputError
from countermark.kit import layout
from countermark.kit.manual import blocks_of
from countermark.kit.room import plan_in_room, run_in_room
from countermark.kit.sums import write_sums
from countermark.scan.tokenizers import tables_asked
from kit.small_kits import OTHERS, TEXTS, make_kit, make_room
from token_corpora import as_megatron, tables, tokenizer

if TYPE_CHECKING:
    from pathlib import Path

FACTS = {
    "countermark": "1.0",
    "salt": "apart",
    "index": {"works": 3, "identity": "0" * 64, "guarantee_letters": 39, "scheme": "text-l20g20-v1"},
}


@pytest.fixture
def furnished(tmp_path: Path) -> Path:
    """A kit without tables, and a corpus of ids that holds passages of its works."""
    make_kit(tmp_path)
    passages = [text[1000:2000] for text in TEXTS.values()]
    documents = [f"{OTHERS[number][:1500]}\n\n{passage}" for number, passage in enumerate(passages)]
    as_megatron(tmp_path / "corpus", documents, tokenizer())
    return tmp_path


def put_tables(place: Path, *seeds: int) -> None:
    """Put tables into the kit, all where none is said, as `kit build` does."""
    for table in tables_asked(tables(place, *seeds), ()):
        path = place / "kit" / layout.TOKENIZERS / f"{table.digest}.tokens"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((place / "tables" / f"{table.name}.tokens").read_bytes())
    write_sums(place / "kit")


def test_the_room_reads_ids_by_the_tables_of_the_kit(furnished: Path) -> None:
    """Nobody names them; the medium holds the one that was used."""
    put_tables(furnished)
    room = make_room(furnished)
    assert [one["tokenizer"] for one in plan_in_room(room).tokenizers] == ["small-0"]
    outcome = run_in_room(room)
    assert outcome.complete
    assert outcome.findings >= len(TEXTS)
    kept = [path.stem for path in (room.run / "tokenizers").iterdir()]
    assert kept == [tokenizer().digest]
    (receipt,) = (json.loads(path.read_bytes()) for path in (room.run / "receipts").glob("*.json"))
    assert receipt["tokens"]["tokenizer"] == "small-0"


def test_the_room_takes_no_table_of_the_machine(furnished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not checked with the kit decides nothing."""
    monkeypatch.setenv("COUNTERMARK_TOKENIZERS", str(tables(furnished)))
    with pytest.raises(InputError, match=r"no-tokenizer \(1\)"):
        plan_in_room(make_room(furnished))


def test_which_tables_go_into_a_kit(tmp_path: Path) -> None:
    """All of a folder, or those that are named; an empty folder is told."""
    folder = tables(tmp_path)
    assert [table.name for table in tables_asked(folder, ())] == ["small-0", "small-1"]
    assert [table.name for table in tables_asked(folder, ("small-1",))] == ["small-1"]
    assert tables_asked(None, ()) == []
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no table"):
        tables_asked(tmp_path / "empty", ())


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "the tables of gpt2, llama."), ("fr", "les tables de gpt2, llama.")]
)
def test_the_manual_names_them(lang: str, said: str) -> None:
    """In one sentence, and not at all where there are none."""
    named = FACTS | {"tokenizers": [{"name": "gpt2"}, {"name": "llama"}]}
    assert said in blocks_of(named, lang)[1].text
    assert "--tokenizer N" in blocks_of(named, lang)[1].text
    assert said[:10] not in blocks_of(FACTS, lang)[1].text
