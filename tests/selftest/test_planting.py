"""Plants stand where they are said to stand."""

from __future__ import annotations

import pytest

from countermark.errors import InputError
from countermark.media import Asset, Medium
from countermark.selftest.alterations import ALTERATIONS
from countermark.selftest.hosts import Host, pieces
from countermark.selftest.planting import LENGTHS, WORD, plant
from countermark.works.work import Work, WorkFile

HOSTS = [
    Host(f"h{number}", f"host {number} one\n\nhost {number} two\n\nhost {number} three")
    for number in range(400)
]


def work(name: str, words: int, spaced: bool = True) -> WorkFile:
    """A work of `words` words, each of them different."""
    text = " ".join(f"{name}{number}" for number in range(words)) if spaced else "山" * words
    return WorkFile(Work(name, name), Asset(name, f"{name}.txt", Medium.TEXT, "0" * 64, text))


def test_verbatim_plants_are_passages_of_their_work() -> None:
    """The span of a verbatim plant holds its words, which stand in the work in that order, in a paragraph alone."""
    files = [work("a", 600), work("b", 60)]
    field = plant(files, HOSTS, each=2, seed=1)
    texts = {file.work.work_id: file.asset.text for file in files}
    verbatim = [planted for planted in field.plants if planted.alteration == "verbatim"]
    assert len(verbatim) == 2 * len(LENGTHS)
    for planted in verbatim:
        record = field.records[planted.record]
        passage = record[planted.span.start : planted.span.end]
        assert passage in texts[planted.work_id]
        assert len(passage.split()) == planted.words
        assert passage in record.split("\n\n")


def test_each_plant_has_its_own_record_and_other_hosts_stay_untouched() -> None:
    """Records hold one plant at most; the hosts that are left over follow as they are."""
    field = plant([work("a", 600)], HOSTS, each=1, seed=1)
    assert [planted.record for planted in field.plants] == list(range(len(LENGTHS) * len(ALTERATIONS)))
    assert len(field.records) == len(HOSTS)
    assert set(field.records[len(field.plants) :]) <= {host.text for host in HOSTS}


def test_seed_decides() -> None:
    """One seed gives one field; another seed gives another."""
    files = [work("a", 600)]
    assert plant(files, HOSTS, 1, 7) == plant(files, HOSTS, 1, 7)
    assert plant(files, HOSTS, 1, 7) != plant(files, HOSTS, 1, 8)


def test_lengths_that_no_work_has_are_left_out() -> None:
    """A work of 60 words gives passages of 20, 30 and 50 words only."""
    assert {planted.words for planted in plant([work("a", 60)], HOSTS, 1, 1).plants} == {20, 30, 50}


def test_works_shorter_than_any_passage_are_refused() -> None:
    """Where nothing can be planted an InputError says what is needed."""
    with pytest.raises(InputError, match="20 words"):
        plant([work("a", 10)], HOSTS, 1, 1)


def test_scripts_without_spaces_count_ideographs() -> None:
    """Each ideograph counts as one word, so that Chinese works can be tested."""
    assert len(WORD.findall("山高 wide月小")) == 5
    assert {planted.words for planted in plant([work("a", 120, spaced=False)], HOSTS, 1, 1).plants} == {
        20,
        30,
        50,
        100,
    }


def test_pieces_are_cut_at_paragraphs_and_lose_only_what_is_short() -> None:
    """Pieces are about 2,500 characters of whole paragraphs; a rest under 400 is left out."""
    paragraphs = [f"{number} " + "word " * 60 for number in range(30)]
    cut = list(pieces("t", "\n\n".join(paragraphs)))
    assert [piece.name for piece in cut] == [f"t#{number}" for number in range(len(cut))]
    assert all(400 <= len(piece.text) < 3_000 for piece in cut)
    together = [paragraph.strip() for piece in cut for paragraph in piece.text.split("\n\n")]
    assert together == [paragraph.strip() for paragraph in paragraphs][: len(together)]
    assert list(pieces("t", "short")) == []
