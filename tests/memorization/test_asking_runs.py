"""Words of all scripts, and the runs that two texts share: by hand, and against the slow way."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countermark.memorization.asking.rules import Rules
from countermark.memorization.asking.runs import Reference, Run, apart, longest, near_verbatim, shared_runs
from countermark.memorization.asking.scoring import Held, without_own
from countermark.memorization.asking.wording import only, words_of

CHINESE = "山中有一座古老的磨坊，磨坊主人每天清晨打水喂鸡。冬天的河结了冰，孩子们在上面走来走去。"


def texts(text: str) -> tuple[str, ...]:
    return only(words_of(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The café’s door — OPEN!", "the cafe\u0301's\n door open"),
        ("L’ÉTÉ, où l’œuvre…", "l'été où l'œuvre"),
        ("STRASSE straße", "straße STRASSE"),
        ("ﬁnal ２０２４", "final 2024"),
        ("ex\u00adam\u200bple", "example"),
        ("<p class='x'>One&nbsp;two</p>", "one two"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("ΟΔΟΣ", "οδος"),
    ],
)
def test_the_same_words(one: str, other: str) -> None:
    assert texts(one) == texts(other)


def test_words_of_scripts() -> None:
    """A letter with its marks is a word where no spaces are written; elsewhere marks stay within their word."""
    assert texts("磨坊,ありがとう") == tuple("磨坊ありがとう")
    assert texts("नमस्ते दुनिया") == ("नमस्ते", "दुनिया")
    assert texts("السَّلام عليكم") == ("السَّلام", "عليكم")
    assert len(texts("น้ำ")) == 2
    assert texts("12,000 ½ _x_ a_b") == ("12", "000", "12", "x", "a", "b")
    assert texts("été") != texts("ete")
    assert texts("") == texts("— … !") == ()


def test_places_are_those_of_the_text() -> None:
    text = "« L’e\u0301té »\u202f! ＡＢ 磨坊"
    assert [text[word.start : word.end] for word in words_of(text)] == [
        "L’e\u0301té",
        "ＡＢ",
        "磨",
        "坊",
    ]


def test_hostile_text_takes_linear_time() -> None:
    assert len(words_of("<" * 100_000 + "a" + "'" * 100_000 + "b")) == 1
    assert words_of("&" * 50_000 + "\u0301" * 50_000) == []


def test_runs_by_hand() -> None:
    reference = Reference(list("abcdefgabcx"))
    assert shared_runs(list("zabcdqfgabcx"), reference) == [Run(1, 0, 4), Run(6, 5, 6)]
    hidden = Reference(list("abcdefgabcx"), [(2, 4)])
    assert shared_runs(list("abcde"), hidden) == [Run(0, 7, 3), Run(4, 4, 1)]
    assert shared_runs([], reference) == shared_runs(["q"], reference) == []
    assert longest([]) is None
    assert shared_runs(["a", None, "b"], reference) == [Run(0, 0, 1), Run(2, 1, 1)]


@pytest.mark.parametrize(
    ("work", "answer", "words"),
    [
        ("Il était une fois, à l’orée du bois, un meunier.", "ÀL'OREE à l’ORÉE du Bois ; un meunier", 6),
        (CHINESE, "他说：磨坊主人每天清晨打水喂鸡！然后", 12),
        ("The mill — by the river — stood still.", "by THE river stood", 4),
        ("Über den Fluß", "UBER den FLUSS", 2),
    ],
)
def test_longest_run_in_scripts(work: str, answer: str, words: int) -> None:
    best = longest(shared_runs(texts(answer), Reference(texts(work))))
    assert best is not None
    assert best.words == words


@settings(max_examples=200, deadline=None)
@given(
    answer=st.lists(st.sampled_from("abc"), max_size=25),
    work=st.lists(st.sampled_from("abc"), max_size=25),
    start=st.integers(0, 25),
    length=st.integers(0, 5),
)
def test_longest_run_against_the_slow_way(
    answer: list[str], work: list[str], start: int, length: int
) -> None:
    hidden = range(start, start + length)
    slow = max(
        (
            size
            for i in range(len(answer))
            for j in range(len(work))
            for size in range(1, min(len(answer) - i, len(work) - j) + 1)
            if answer[i : i + size] == work[j : j + size] and not set(hidden) & set(range(j, j + size))
        ),
        default=0,
    )
    runs = shared_runs(answer, Reference(work, [(start, start + length)]))
    assert max((run.words for run in runs), default=0) == slow
    for run in runs:
        assert answer[run.start : run.end] == work[run.place : run.place + run.words]


def test_runs_apart_and_near_verbatim() -> None:
    runs = [Run(0, 0, 10), Run(5, 30, 8), Run(11, 11, 9), Run(40, 60, 8)]
    assert apart(runs, 8) == [runs[0], runs[2], runs[3]]
    assert apart(runs, 9) == [runs[0], runs[2]]
    assert near_verbatim(runs, 8) == 10 + 9 + 8 + 1  # a word exchanged between the first two, and no more
    assert near_verbatim([Run(0, 0, 10), Run(14, 11, 9)], 8) == 19
    assert near_verbatim([], 8) == 0


WORK = " ".join(f"word{n}" for n in range(300))


def test_what_the_prompt_gave_is_not_scored() -> None:
    """The passage in the work, and its words where an answer says them again; short echoes stay."""
    held = Held(WORK, [])
    given = (0, WORK.index(" word50"))
    prompt = WORK[: given[1]]
    echo = held.score(prompt, prompt, given, Rules())
    assert (echo.words, echo.own, echo.longest) == (50, 50, 0)
    more = held.score(WORK[: WORK.index(" word120")], prompt, given, Rules())
    assert (more.own, more.longest, more.outside, more.long_outside, more.near) == (50, 70, 70, 1, 70)
    assert more.near_share == 1.0
    words = words_of("word1 word2 other")
    assert without_own(words, "word1 word2", 3) == ["word1", "word2", "other"]
    assert without_own(words, "word1 word2", 2) == [None, None, "other"]


def test_public_quotations_are_discounted_and_both_numbers_told() -> None:
    first, last = WORK.index("word100"), WORK.index(" word180")
    held = Held(WORK, [[first, last, "Old Song", 400]])
    answer = WORK[WORK.index("word90") : WORK.index(" word240")]
    score = held.score(answer, "", (0, 0), Rules())
    assert (score.longest, score.outside, score.long, score.long_outside) == (150, 60, 1, 1)
    start, end, place, after = score.best
    assert answer[start:end] == WORK[place:after]
    assert WORK[place:after].split() == [f"word{n}" for n in range(180, 240)]


def test_decomposed_and_composed_answers_score_alike() -> None:
    text = " ".join(f"été{n}" for n in range(80))
    other = unicodedata.normalize("NFD", text).upper()
    assert Held(text, []).score(other, "", (0, 0), Rules()).longest == 80
