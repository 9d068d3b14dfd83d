"""The blind gate: words alone tell modern prose from old verse; random halves of one body they do not."""

from __future__ import annotations

import random

import pytest

from countermark.memorization.blind_gate import PASSED, UNCHECKED, VOID, blind_gate
from memorization.ngram_model import work

VERSE = (
    "O gentle {0}, thou hast mine {1} undone,\nAnd {0} doth weep ere {1} hath seen the sun;\n",
    "Thy {0} beneath yon {1} shall ever bide,\nWhere sweet {1} with the pale {0} hath died;\n",
    "Lo, hither comes the {1}, as 'twere a {0},\nNor shall thy {0} forswear what {1} hath laid;\n",
)
PROSE = (
    "The {0} said on Monday that its {1} had grown by 4 percent. ",
    "After lunch she checked her phone, parked the {0} and went up to see the {1}. ",
    "We didn't know what the {1} would cost, so we asked the {0} to send an email. ",
)
NAMES = [
    "rose",
    "river",
    "crown",
    "ship",
    "garden",
    "letter",
    "winter",
    "window",
    "captain",
    "song",
    "market",
    "winter",
    "station",
    "hand",
    "stone",
]


def text(kind: tuple[str, ...], seed: int, sentences: int = 20) -> str:
    draw = random.Random(seed)
    return "".join(draw.choice(kind).format(*draw.sample(NAMES, 2)) for _ in range(sentences))


def test_modern_prose_against_old_verse_is_void() -> None:
    """The false proof of the field: nobody asked a model, and the sides are told apart."""
    gate = blind_gate([text(VERSE, n) for n in range(15)], [text(PROSE, n) for n in range(25)])
    assert gate.verdict == VOID
    assert gate.auc == 1.0


def test_a_few_works_are_void_where_it_is_plain_and_else_not_checked() -> None:
    prose = [text(PROSE, n) for n in range(30)]
    plain = blind_gate([text(VERSE, n) for n in range(5)], prose)
    assert (plain.verdict, plain.auc) == (VOID, 1.0)
    assert blind_gate([text(VERSE, n) for n in range(3)], prose).verdict == VOID
    assert blind_gate(prose[:5], prose[5:]).verdict == UNCHECKED


def test_one_work_cannot_be_judged() -> None:
    gate = blind_gate([text(VERSE, 1)], [text(PROSE, n) for n in range(30)])
    assert gate.verdict == UNCHECKED
    assert gate.auc is None
    assert blind_gate([], []).verdict == UNCHECKED


@pytest.mark.parametrize("trials", [8, pytest.param(60, marks=pytest.mark.slow)])
def test_random_halves_of_one_body_pass_as_often_as_they_should(trials: int) -> None:
    """Void in about the share of the halvings that each of them states, within four standard errors."""
    draw, void, stated = random.Random(7), 0, 0.0
    for trial in range(trials):
        body = [work(1000 * trial + n, 150) for n in range(24)]
        draw.shuffle(body)
        gate = blind_gate(body[:12], body[12:])
        assert gate.verdict in {VOID, PASSED}
        assert gate.by_chance is not None
        void += gate.verdict == VOID
        stated += gate.by_chance
    assert 0.2 < stated / trials < 0.45
    assert abs(void - stated) < 4 * (trials * 0.35 * 0.65) ** 0.5


def test_the_order_of_the_texts_changes_nothing() -> None:
    works, controls = [work(n) for n in range(12)], [work(n) for n in range(50, 65)]
    assert blind_gate(works, controls) == blind_gate(works[::-1], controls[::-1])


@pytest.mark.parametrize("odd", ["", "…", "東京都は晴れ", "a" * 50])
def test_texts_with_hardly_a_word(odd: str) -> None:
    gate = blind_gate([f"{odd}{n}" for n in range(12)], [f"{odd}{n}" for n in range(20, 35)])
    assert gate.verdict in {VOID, PASSED}


def test_works_and_controls_of_other_lengths_are_no_comparison() -> None:
    """The same words, twenty times as many: of a short work one hit covers much, and a conformal p would be wrong."""
    drawn = random.Random("lengths")
    words = [f"w{number}" for number in range(400)]

    def text(count: int) -> str:
        return " ".join(drawn.choices(words, weights=[1 / (n + 1) for n in range(400)], k=count))

    short, long = [text(150) for _ in range(4)], [text(3000) for _ in range(20)]
    for sides in ((short, long), (long, short)):
        gate = blind_gate(*sides)
        assert gate.verdict == "void"
        assert gate.auc == 1.0 or not gate.by_length
    gates = [blind_gate([text(150) for _ in range(4)], [text(150) for _ in range(20)]) for _ in range(30)]
    assert sum(gate.by_length for gate in gates) <= 2
