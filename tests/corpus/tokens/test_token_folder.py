"""The user's folder of tables: what is in it, what is put into it, and what a table is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.tokens import tokenizer_files as made
from countermark.corpus.tokens.folder import add_table, default_folder, path_of, table_from, tables_in
from countermark.corpus.tokens.table import table_bytes
from countermark.errors import InputError, OutputError


def test_where_tables_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The variable comes first, then the user's data."""
    monkeypatch.setenv("COUNTERMARK_TOKENIZERS", str(tmp_path / "mine"))
    assert default_folder() == tmp_path / "mine"
    monkeypatch.delenv("COUNTERMARK_TOKENIZERS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "countermark" / "tokenizers"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_folder() == tmp_path / ".local" / "share" / "countermark" / "tokenizers"


def test_tables_are_added_and_listed_by_name(tmp_path: Path) -> None:
    """A folder is made, tables come back as they were, sorted by name; other files are left alone."""
    folder = tmp_path / "a" / "b"
    assert tables_in(folder) == []
    for name in ("zeta", "alpha"):
        path = add_table(made.table(made.rank_file(made.WORDS), name=name), folder)
        assert path == folder / f"{name}.tokens"
    (folder / "notes.txt").write_text("none of these")
    (folder / ".zeta.tokens.1.tmp").write_bytes(b"half")
    found = tables_in(folder)
    assert [table.name for table in found] == ["alpha", "zeta"]
    assert table_bytes(found[1]) == (folder / "zeta.tokens").read_bytes()


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    """A table that was cut short is named with its path."""
    path = add_table(made.table(made.rank_file(made.WORDS)), tmp_path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match=r"mine\.tokens: a damaged table of tokens: .* bytes, not what"):
        tables_in(tmp_path)


def test_another_table_of_the_same_name(tmp_path: Path) -> None:
    """The same table may be added again; another one replaces it only where that was said."""
    one, other = made.table(made.rank_file(made.WORDS)), made.table(made.rank_file([b"other"]))
    assert add_table(one, tmp_path) == add_table(one, tmp_path)
    with pytest.raises(InputError, match="another table has this name"):
        add_table(other, tmp_path)
    add_table(other, tmp_path, replace=True)
    assert [table.digest for table in tables_in(tmp_path)] == [other.digest]


@pytest.mark.parametrize("name", ["", "///", "..", "x" * 200])
def test_a_name_that_is_none(name: str, tmp_path: Path) -> None:
    """A table without a usable name is not put anywhere."""
    with pytest.raises(InputError, match="no name for a table"):
        path_of(name, tmp_path)


def test_a_name_leads_nowhere_else(tmp_path: Path) -> None:
    """Whatever a table is called, its file lies in the folder."""
    assert path_of("../../a b", tmp_path) == tmp_path / "a-b.tokens"
    assert path_of("org/model-7b", tmp_path) == tmp_path / "org-model-7b.tokens"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """A file in the place of the folder is an error of output, in one sentence."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="file"):
        add_table(made.table(made.rank_file([])), tmp_path / "file")
    with pytest.raises(InputError, match="cannot be read as a folder"):
        tables_in(tmp_path / "file")


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("gpt2.cjs", "gpt2"),
        ("my-model/tokenizer.json", "my-model"),
        ("my-model/tokenizer.model", "my-model"),
        ("my-model/tokenizer.model.v3", "tokenizer.model.v3"),
        ("data/tokenizer.json", "tokenizer"),
        ("bert base/vocab.txt", "bert-base"),
        ("plain", "plain"),
    ],
)
def test_what_a_table_is_called(file: str, name: str, tmp_path: Path) -> None:
    """A table has the name of its file, or of the folder where every file is called so."""
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(made.rank_file(made.WORDS))
    assert table_from(path).name == name
    assert table_from(path, "other").name == "other"


def test_a_table_from_its_own_file(tmp_path: Path) -> None:
    """A table keeps its name, and with another one has another digest."""
    table = made.table(made.rank_file(made.WORDS))
    path = add_table(table, tmp_path)
    path = path.rename(tmp_path / "moved.tokens")
    assert (table_from(path).name, table_from(path).digest) == ("mine", table.digest)
    renamed = table_from(path, "ours")
    assert (renamed.name, renamed.source) == ("ours", "file")
    assert renamed.digest != table.digest
    assert (renamed.data == table.data).all()


@pytest.mark.parametrize(
    ("vocabulary", "merges"),
    [("vocab.json", "merges.txt"), ("encoder.json", "vocab.bpe"), ("gpt-vocab.json", "gpt-merges.txt")],
)
def test_merges_are_found_beside_their_vocabulary(vocabulary: str, merges: str, tmp_path: Path) -> None:
    """The two files of GPT-2 are found together under each pair of names."""
    said = made.byte_level(["Ġ t", "h e"])["model"]
    path = tmp_path / vocabulary
    path.write_text(json.dumps(said["vocab"]))
    with pytest.raises(InputError, match="belongs beside it"):
        table_from(path)
    (tmp_path / merges).write_text("#version: 0.2\nĠ t\nh e\n", encoding="utf-8")
    assert table_from(path).order[said["vocab"]["he"]] == 1.0


def test_no_file(tmp_path: Path) -> None:
    """What is missing, or a folder, is named."""
    with pytest.raises(InputError, match=r"none\.json: cannot be read: No such file"):
        table_from(tmp_path / "none.json")
    with pytest.raises(InputError, match=r"a folder; name the file: a tokenizer\.json"):
        table_from(tmp_path)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    """A file of more bytes than any tokeniser has is not even read."""
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    with pytest.raises(InputError, match="209,715,200 bytes; a table or a tokeniser's file has"):
        table_from(path)
