"""Matching: what is found, where exactly, and what is not."""

from __future__ import annotations

import itertools
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from countermark.fingerprint.folding import fold
from countermark.index import Index, open_index
from countermark.index.build import build_index
from countermark.matching.matcher import LEAST_BITS, Matcher, least_bits
from written_works import batch_of, prose, work_file

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.matching.match import Match

SALT = b"sixteen bytes or more"
WORK = prose(4000, 11)
OTHER = prose(4000, 12)
SCRIPTS = {
    "Cyrillic": "абвгдежзиклмнопрстуф",
    "Greek": "αβγδεζηθικλμνξοπρστυ",
    "Arabic": "ابتثجحخدذرزسشصضطظعغف",
    "Devanagari": "कखगघचछजझटठडढतथदधनपफब",
    "Korean": "가나다라마바사아자차카타파하거너더러머버",
}
UNSPACED = {"Chinese": (0x4E00, 0x9000), "Japanese": (0x3042, 0x3094)}


def index_of(tmp_path: Path, *texts: str, sealed: bool = False) -> Index:
    """An index of works named 0, 1 and so on."""
    files = [work_file(str(number), text) for number, text in enumerate(texts)]
    build_index(files, tmp_path / "i", sealed=sealed, salt=SALT if sealed else None)
    return open_index(tmp_path / "i", SALT if sealed else None)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """A full index of two works."""
    return index_of(tmp_path_factory.mktemp("full"), WORK, OTHER)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """A sealed index of the same."""
    return index_of(tmp_path_factory.mktemp("sealed"), WORK, OTHER, sealed=True)


def found(index: Index, *texts: str) -> list[Match]:
    """The matches of some records."""
    return Matcher(index).match(batch_of(texts))


def words(text: str, first: int, last: int) -> str:
    """Some words of a text."""
    return " ".join(text.split(" ")[first:last])


def test_verbatim_passage(index: Index) -> None:
    """A passage copied unchanged is found identical, with exact offsets on both sides."""
    passage = words(WORK, 1000, 1060)
    record = f"{prose(50, 1)} {passage} {prose(50, 2)}"
    (match,) = found(index, record)
    assert (match.asset, match.record, match.identical, match.edits) == (0, 0, True, 0)
    assert record[slice(*match.record_span)].strip(".") == passage.strip(".")
    assert WORK[slice(*match.asset_span)].strip(".") == passage.strip(".")
    assert match.matched == match.longest_run == len(fold(passage).letters)


def test_typography_does_not_matter(index: Index) -> None:
    """Case, accents in NFD, punctuation, tags, entities and hyphenation leave a passage identical."""
    passage = words(WORK, 500, 540)
    altered = unicodedata.normalize("NFD", passage.upper()).replace(" ", " — ").replace("A", "&agrave;")
    (match,) = found(index, "<p>x " + altered[:100] + "<b> </b>" + altered[100:] + "</p>")
    assert match.identical
    assert match.matched == len(fold(passage).letters)


def test_edits_are_counted(index: Index) -> None:
    """A passage with words replaced and letters misread is one copy, its edits counted."""
    changed = words(WORK, 200, 280).split(" ")
    changed[20], changed[50] = "xylophone", ""
    text = " ".join(changed).replace("ra", "na", 2)
    (match,) = found(index, text)
    assert not match.identical
    assert 5 < match.edits < 40
    assert match.matched > 0.85 * len(fold(text).letters)


def test_lines_put_in(index: Index) -> None:
    """A passage interrupted by a foreign line is one match, not two."""
    text = words(WORK, 300, 330) + " Subscribe to our newsletter today " + words(WORK, 330, 360)
    (match,) = found(index, text)
    assert match.matched == len(fold(words(WORK, 300, 360)).letters)


def test_unrelated_text_is_not_found(index: Index, sealed: Index) -> None:
    """Text of the same kind that is not from the works gives nothing."""
    strangers = [prose(3000, seed) for seed in range(20, 26)]
    assert found(index, *strangers) == []
    assert found(sealed, *strangers) == []


def test_repetition_is_no_evidence(tmp_path: Path) -> None:
    """Text that only repeats itself is not found in other text that does."""
    index = index_of(tmp_path, "ha " * 400 + "one two three four five six seven eight nine ten " * 30)
    assert found(index, "ha ha " * 300, "one two three four five " * 30, "eight nine ten " * 50) == []


def test_repetition_stays_cheap(index: Index) -> None:
    """A hostile record that repeats one indexed window does not grow without bound."""
    matcher = Matcher(index)
    matcher.match(batch_of([(words(WORK, 10, 22) + " ") * 4000]))
    assert matcher.statistics["grown"] < 60_000


def test_repeated_passages_stay_bounded(tmp_path: Path) -> None:
    """A record and a work that both repeat themselves, varied, give few matches, and say when they were curbed."""
    phrase = words(WORK, 0, 14)
    work = " ".join(f"{phrase} {words(WORK, 20 + at, 23 + at)}" for at in range(400))
    record = " ".join(f"{phrase} {words(OTHER, 20 + at, 23 + at)}" for at in range(3000))
    matcher = Matcher(index_of(tmp_path, work))
    matches = matcher.match(batch_of([record]))
    assert 0 < len(matches) < 6000
    assert matcher.statistics["curbed"] == 1


def test_one_passage_is_one_match(index: Index) -> None:
    """However often growth begins anew in a badly damaged copy, its matches do not lie in each other."""
    rng = np.random.default_rng(8)
    damaged = "".join(
        "" if draw < 0.04 else char for char, draw in zip(WORK, rng.random(len(WORK)), strict=True)
    )
    spans = sorted(match.record_span for match in found(index, damaged))
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
    assert sum(end - start for start, end in spans) > 0.9 * len(damaged)


def test_several_records_and_works(index: Index) -> None:
    """Matches are ordered by record and by place in it, each with its work."""
    one = words(OTHER, 10, 60) + " " + prose(20, 5) + " " + words(WORK, 10, 60)
    matches = found(index, prose(30, 7), one, "", words(WORK, 700, 760))
    assert [(match.record, match.asset) for match in matches] == [(1, 1), (1, 0), (3, 0)]


def test_commonness_counts_works(tmp_path: Path) -> None:
    """A notice that three works carry is found in each, and said to be common to three."""
    notice = prose(40, 99)
    index = index_of(tmp_path, *(notice + " " + prose(300, seed) for seed in (1, 2, 3)), prose(300, 4))
    matches = found(index, prose(20, 9) + " " + notice)
    assert [match.commonness for match in matches] == [3, 3, 3]
    assert [match.commonness for match in found(index, words(prose(300, 4), 50, 100))] == [1]


def test_editions_of_one_work_are_one(tmp_path: Path) -> None:
    """Two files of one work do not make its text common."""
    files = [work_file("a", WORK, work_id="w"), work_file("b", WORK, work_id="w")]
    build_index(files, tmp_path / "i")
    matches = found(open_index(tmp_path / "i"), words(WORK, 100, 150))
    assert [(match.asset, match.commonness) for match in matches] == [(0, 1), (1, 1)]


@pytest.mark.parametrize("script", SCRIPTS)
def test_spaced_scripts(tmp_path: Path, script: str) -> None:
    """A passage in any alphabet is found, with exact offsets."""
    rng = np.random.default_rng(5)
    text = " ".join("".join(rng.choice(list(SCRIPTS[script]), rng.integers(2, 8))) for _ in range(600))
    passage = words(text, 100, 140)
    record = "Latin words before, " + passage + " and after."
    (match,) = found(index_of(tmp_path, text), record)
    assert record[slice(*match.record_span)] == passage
    assert match.identical


@pytest.mark.parametrize("script", UNSPACED)
def test_unspaced_scripts(tmp_path: Path, script: str) -> None:
    """A passage in a script without spaces is found wherever it begins."""
    rng = np.random.default_rng(6)
    text = "".join(chr(code) for code in rng.integers(*UNSPACED[script], 3000))
    passage = text[1234:1334]
    (match,) = found(index_of(tmp_path, text), "Latin, " + passage + "。")
    assert text[slice(*match.asset_span)] == passage


def test_sealed_finds_with_seed_precision(sealed: Index) -> None:
    """A sealed index finds the passage; its spans may miss less than a stride at either end."""
    passage = words(WORK, 1000, 1060)
    record = f"{prose(50, 1)} {passage} {prose(50, 2)}"
    (match,) = found(sealed, record)
    length = len(fold(passage).letters)
    assert length - 2 * 20 - 12 <= match.matched <= length
    assert not match.identical
    assert passage in record
    assert record.index(passage) <= match.record_span.start


def test_findings_do_not_depend_on_the_salt(tmp_path: Path, sealed: Index) -> None:
    """Another salt gives the same matches."""
    files = [work_file("0", WORK), work_file("1", OTHER)]
    build_index(files, tmp_path / "other", sealed=True, salt=b"quite another salt")
    record = prose(20, 3) + words(WORK, 40, 160) + words(OTHER, 5, 90)
    assert found(open_index(tmp_path / "other", b"quite another salt"), record) == found(sealed, record)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.integers(0, 15_000), st.integers(0, 400), st.booleans(), st.integers(0, 10**6))
def test_guarantee(index: Index, sealed: Index, start: int, extra: int, is_sealed: bool, seed: int) -> None:
    """Any shared run of `guarantee_letters` is reported, wherever it begins, whatever stands around it."""
    target = sealed if is_sealed else index
    folded = fold(WORK)
    end = min(start + target.manifest.guarantee_letters + 2 + extra, len(folded.letters))
    if end - start < target.manifest.guarantee_letters + 2:
        return
    first, last = folded.span(start, end)
    run = WORK[first:last]
    record = prose(30, seed) + " Q" + run + "q " + prose(30, seed + 1)
    span = (record.index(run), record.index(run) + len(run))
    assert any(m.record_span.start < span[1] and m.record_span.end > span[0] for m in found(target, record))


def test_least_bits_rise_with_the_catalog() -> None:
    """More works, more chances to agree by accident: the bar is higher."""
    assert least_bits(1000) == least_bits(20_000_000) == LEAST_BITS
    assert least_bits(2_000_000_000) > least_bits(200_000_000) > LEAST_BITS


def test_splitting_batches_changes_nothing(index: Index) -> None:
    """Records matched together or one by one give the same matches."""
    texts = [prose(40, 1), words(WORK, 0, 90), "", words(OTHER, 100, 400) + prose(9, 2), words(WORK, 50, 99)]
    together = [(m.record, m.asset_span, m.record_span, m.bits) for m in found(index, *texts)]
    alone = [
        (n, m.asset_span, m.record_span, m.bits) for n, text in enumerate(texts) for m in found(index, text)
    ]
    assert together == alone
