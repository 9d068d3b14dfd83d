"""The verdict: precedence between protocols, doubt, media, and what never happens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from countermark.reservations.statement import Place, Reading, Remark, Statement
from countermark.reservations.target import Target
from countermark.reservations.use import USES, Answer, Use, strictest, strictness
from countermark.reservations.verdict import judge

PLACE = Place("https://example.org/robots.txt", "2026-01-02T03:04:05Z")
TARGET = Target("https://example.org/essay.html")
OWN_RULE = {"tdmrep", "rsl"}
statements = st.builds(
    Statement,
    protocol=st.sampled_from(
        ["robots", "aipref", "content-signals", "noai", "cawg", "iptc-plus", "onix", "ai-txt"]
    ),
    technique=st.just("robots"),
    use=st.sampled_from(USES),
    answer=st.sampled_from(list(Answer)),
    place=st.just(PLACE),
    medium=st.sampled_from(["", "image"]),
)


def said(protocol: str, answer: Answer, use: Use = Use.TRAIN, **more: str) -> Reading:
    return Reading((Statement(protocol, "robots", use, answer, PLACE, b"as it stood", **more),))  # type: ignore[arg-type]


def test_silence_is_unknown() -> None:
    verdict = judge(TARGET, [])
    assert [verdict.answer(use) for use in USES] == [Answer.UNKNOWN] * 5


def test_between_protocols_the_most_restrictive_stands_and_the_other_is_told() -> None:
    verdict = judge(TARGET, [said("aipref", Answer.ALLOWED), said("content-signals", Answer.RESERVED)])
    train = verdict.uses[Use.TRAIN]
    assert train.answer is Answer.RESERVED
    assert [s.protocol for s in train.deciding] == ["content-signals"]
    assert [s.protocol for s in train.conflicting] == ["aipref"]
    assert verdict.answer(Use.SEARCH) is Answer.UNKNOWN


def test_a_reservation_with_terms_outweighs_a_permission_and_yields_to_a_plain_one() -> None:
    terms = said("rsl", Answer.CONDITIONAL, terms="https://example.org/licence")
    assert judge(TARGET, [terms, said("aipref", Answer.ALLOWED)]).uses[Use.TRAIN].terms == (
        "https://example.org/licence",
    )
    assert judge(TARGET, [terms, said("noai", Answer.RESERVED)]).answer(Use.TRAIN) is Answer.RESERVED


def test_what_could_not_be_read_makes_an_allowed_unknown_and_leaves_a_reserved() -> None:
    doubt = Reading((), (Remark("source.cut", PLACE, doubt=True),))
    allowed = judge(TARGET, [said("aipref", Answer.ALLOWED), doubt])
    assert allowed.answer(Use.TRAIN) is Answer.UNKNOWN
    assert [s.answer for s in allowed.uses[Use.TRAIN].conflicting] == [Answer.ALLOWED]
    assert judge(TARGET, [said("aipref", Answer.RESERVED), doubt]).answer(Use.TRAIN) is Answer.RESERVED


def test_a_statement_about_images_is_not_about_pages() -> None:
    images = said("noai", Answer.RESERVED, medium="image")
    assert judge(TARGET, [images]).answer(Use.TRAIN) is Answer.UNKNOWN
    assert judge(Target(TARGET.url, medium="image"), [images]).answer(Use.TRAIN) is Answer.RESERVED


@given(st.lists(statements, max_size=8), statements)
def test_one_more_reservation_never_loosens(before: list[Statement], added: Statement) -> None:
    added = Statement(added.protocol, added.technique, added.use, Answer.RESERVED, PLACE, medium=added.medium)
    for medium in ("", "image"):
        target = Target(TARGET.url, medium=medium)
        old = judge(target, [Reading(tuple(before))])
        new = judge(target, [Reading((*before, added))])
        for use in USES:
            assert strictness(new.answer(use)) >= strictness(old.answer(use))


@given(st.lists(statements, max_size=8), st.randoms())
def test_the_order_of_the_sources_does_not_matter(found: list[Statement], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = judge(TARGET, [Reading((statement,)) for statement in found])
    other = judge(TARGET, [Reading((statement,)) for statement in shuffled])
    assert [one.answer(use) for use in USES] == [other.answer(use) for use in USES]


def test_strictest_of_nothing_is_unknown() -> None:
    assert strictest([]) is Answer.UNKNOWN
