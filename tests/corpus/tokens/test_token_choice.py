"""Choosing the tokeniser of a data set: by trial, by name, and what is said where it cannot be told."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from corpus.tokens.test_token_trial import made, sample_text, written
from countermark.corpus.tokens import choice
from countermark.corpus.tokens.block import Sample
from countermark.corpus.tokens.choice import Tokenizers, TokenizerUnclear
from countermark.corpus.tokens.held import is_held
from countermark.corpus.tokens.trial import try_tables
from countermark.errors import CorpusError

if TYPE_CHECKING:
    from countermark.corpus.tokens.table import TokenTable

RAW = ("<u2", "<u4", ">u2", ">u4")


@pytest.fixture(autouse=True)
def raw_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A format of raw ids; the list says which files were looked at."""
    looked: list[str] = []

    class Raw:
        def sample(self, path: str, name: str, column: str | None = None) -> Sample:
            looked.append(name)
            data = np.frombuffer(Path(path).read_bytes(), np.uint8)
            return Sample((data[: len(data) // 8 * 8],), RAW)

    def named(name: str) -> Any:
        assert name == "raw"
        return Raw()

    monkeypatch.setattr(choice, "format_named", named)
    return looked


def right() -> TokenTable:
    return made("howto", 400)


def other() -> TokenTable:
    return made("explanation", 500)


def file_of(folder: Path, dtype: str = "<u2", name: str = "train.bin", text: str | None = None) -> str:
    ids = written(right(), sample_text() if text is None else text)
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(ids.astype(dtype).tobytes())
    return str(folder / name)


def test_found_by_trial(tmp_path: Path) -> None:
    """The choice names type and table in the options of the shards, holds the table, and keeps its evidence."""
    path = file_of(tmp_path, ">u4")
    tokenizers = Tokenizers([other(), right(), right()])
    found = tokenizers.choose("raw", path, "train.bin")
    assert found.options() == (("ids", ">u4"), ("table", right().digest), ("tokenizer", right().name))
    assert not found.named
    assert is_held(right().digest)
    assert tokenizers.chosen() == (found,)
    facts = found.facts()
    assert facts["clear"]
    assert facts["tried"] == "train.bin"
    assert facts["evidence"]["agree"] == facts["evidence"]["telling"] > 100
    assert len(facts["others"]) == 2 * len(RAW) - 1
    assert (facts["others"][0]["name"], facts["others"][0]["dtype"]) == (other().name, ">u4")


def test_one_trial_a_data_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of one folder are decided together, those of another folder for themselves."""
    tried: list[Sample] = []
    real = try_tables

    def counted(sample: Sample, tables: Any) -> Any:
        tried.append(sample)
        return real(sample, tables)

    monkeypatch.setattr(choice, "try_tables", counted)
    tokenizers = Tokenizers([right(), other()])
    first = tokenizers.choose("raw", file_of(tmp_path / "a", name="1.bin"), "a/1.bin")
    assert tokenizers.choose("raw", file_of(tmp_path / "a", name="2.bin"), "a/2.bin") is first
    tokenizers.choose("raw", file_of(tmp_path / "b", "<u4"), "b/train.bin")
    assert len(tried) == 2
    assert [one.dtype for one in tokenizers.chosen()] == ["<u2", "<u4"]


def test_where_a_file_does_not_tell_the_next_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file decides nothing for the others; but not every file of a large data set is tried in vain."""
    small = file_of(tmp_path, name="0.bin", text=" 1 2")
    tokenizers = Tokenizers([right(), other()])
    with pytest.raises(TokenizerUnclear, match=r"^0\.bin: "):
        tokenizers.choose("raw", small, "0.bin")
    assert tokenizers.choose("raw", file_of(tmp_path, name="1.bin"), "1.bin").table is right()
    assert tokenizers.choose("raw", small, "0.bin").table is right()
    tried: list[str] = []
    real = Tokenizers._found

    def counted(self: Tokenizers, sample: Sample, name: str) -> choice.Choice:
        tried.append(name)
        return real(self, sample, name)

    monkeypatch.setattr(Tokenizers, "_found", counted)
    tokenizers = Tokenizers([right()])
    for number in range(choice.TRIED + 3):
        with pytest.raises(TokenizerUnclear, match=rf"^{number}\.bin: "):
            tokenizers.choose("raw", file_of(tmp_path, name=f"{number}.bin", text=" 1 2"), f"{number}.bin")
    assert len(tried) == choice.TRIED
    assert tokenizers.chosen() == ()


def test_without_any_table(tmp_path: Path, raw_files: list[str]) -> None:
    """It is said before the file is looked at, and how a table is added."""
    with pytest.raises(TokenizerUnclear, match="countermark tokenizer add") as caught:
        Tokenizers([]).choose("raw", file_of(tmp_path), "train.bin")
    assert caught.value.reason == "no-tokenizer"
    assert isinstance(caught.value, CorpusError)
    assert not raw_files


def test_unclear_with_the_evidence(tmp_path: Path) -> None:
    """The refusal says the words that came out the same, what chance would bring, and what to do."""
    with pytest.raises(TokenizerUnclear) as caught:
        Tokenizers([other()]).choose("raw", file_of(tmp_path), "train.bin")
    said = str(caught.value)
    assert said.startswith("train.bin: ")
    assert "telling words come out the same" in said
    assert "by chance" in said
    assert said.index("countermark tokenizer get") < said.index("holds no token ids") < said.index("(as expl")
    assert caught.value.reason == "tokenizer-unclear"
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 (our own)
    assert (again.reason, str(again)) == (caught.value.reason, said)


@pytest.mark.parametrize("dtype", RAW)
def test_named(tmp_path: Path, dtype: str) -> None:
    """A named table is taken; the integer type is found with it, and the evidence kept."""
    found = Tokenizers([other()], right()).choose("raw", file_of(tmp_path, dtype), "train.bin")
    assert (found.dtype, found.table, found.named) == (dtype, right(), True)
    assert found.facts()["evidence"]["agree"] > 100


@pytest.mark.parametrize("dtype", RAW)
def test_named_where_words_do_not_tell(tmp_path: Path, dtype: str) -> None:
    """A text of digits is read as the user says, in the integer type that fits."""
    path = file_of(tmp_path, dtype, text=" 12 4004 17 365" * 2000)
    with pytest.raises(TokenizerUnclear):
        Tokenizers([right()]).choose("raw", path, "train.bin")
    found = Tokenizers([], right()).choose("raw", path, "train.bin")
    assert found.dtype == dtype
    assert not found.facts()["clear"]


def test_named_wrongly(tmp_path: Path) -> None:
    """Where many ids are beyond the table that was named it is refused; where only words speak against it, not."""
    path = file_of(tmp_path)
    with pytest.raises(TokenizerUnclear, match="ids are beyond its 317 tokens") as caught:
        Tokenizers([right()], made("howto", 60)).choose("raw", path, "train.bin")
    assert caught.value.reason == "tokenizer-unclear"
    found = Tokenizers([right()], other()).choose("raw", path, "train.bin")
    assert found.named
    assert found.facts()["evidence"]["weight"] < 0
    assert found.facts()["reason"]


@pytest.mark.parametrize("named", [False, True])
def test_ids_of_64_bits_are_told_as_such(tmp_path: Path, named: bool) -> None:
    """No type that is tried is theirs: whether a tokeniser is named or not, it is said what to do."""
    path = file_of(tmp_path, "<i8")
    tokenizers = Tokenizers([right(), other()], right() if named else None)
    with pytest.raises(TokenizerUnclear, match=r"64-bit ids; write them as \.npy, which says so") as caught:
        tokenizers.choose("raw", path, "train.bin")
    assert (f"{right().name}, the tokeniser that was named" in str(caught.value)) == named


def test_the_nearest_readings_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many those whose words were looked at, not those of weight 0 whose numbers are none of the table's."""
    monkeypatch.setattr(choice, "_KEPT", 2)
    among = [right(), other(), made("explanation", 500, seed=2), made("howto", 60)]
    others = Tokenizers(among).choose("raw", file_of(tmp_path), "train.bin").facts()["others"]
    assert [one["dtype"] for one in others] == ["<u2", "<u2"]
    assert {one["name"] for one in others} == {among[1].name, among[2].name}
    assert all(one["telling"] and one["recombined"] for one in others)


def test_files_of_one_folder_may_have_other_types(tmp_path: Path) -> None:
    """Numbers that are plainly not of the type of the others are tried for themselves, and never read as those are."""
    tokenizers = Tokenizers([right(), other()])
    kinds = ("<u2", "<u4", ">u2", ">u4", "<u2")
    for number, kind in enumerate(kinds):
        found = tokenizers.choose("raw", file_of(tmp_path, kind, f"{number}.bin"), f"{number}.bin")
        assert (found.dtype, found.table) == (kind, right())
    assert [one.dtype for one in tokenizers.chosen()] == ["<u2", "<u4", ">u2", ">u4"]
    named = Tokenizers([], right())
    assert [
        named.choose("raw", str(tmp_path / f"{number}.bin"), "x").dtype for number in range(len(kinds))
    ] == list(kinds)


def test_a_file_of_another_type_that_does_not_tell_is_refused(tmp_path: Path) -> None:
    """Too little to be tried by, but enough to be no numbers of the others' type."""
    tokenizers = Tokenizers([right()])
    tokenizers.choose("raw", file_of(tmp_path, "<u2", "0.bin"), "0.bin")
    digits = file_of(tmp_path, "<u4", "1.bin", "".join(f" {one % 97}" for one in range(400)))
    with pytest.raises(TokenizerUnclear, match=r"^1\.bin: "):
        tokenizers.choose("raw", digits, "1.bin")
