"""The chain of title: ownership needs no word on exclusivity, a licence does, and what was given away is gone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from claims.catalogued import ON, RULES, found, owner, registration, work
from countermark.claims.case import Case
from countermark.claims.funnel import passage
from countermark.claims.parties import Claimant, Respondent
from countermark.claims.territory import covered
from countermark.claims.uses import covers
from countermark.works.entry import CatalogWork, RightsFact, RightsKind

if TYPE_CHECKING:
    from countermark.claims.outcome import Outcome

AUBIER = Case(ON, Claimant(("Maison Aubier",)))


def yours(one: CatalogWork, case: Case = AUBIER, rule_id: str = "us-504") -> Outcome:
    """What the second step says."""
    return passage(one, (found(),), case, RULES[rule_id]).steps[1]


def said(party: str = "Maison Aubier", **facts: Any) -> RightsFact:
    """Say who holds a right, and nothing else."""
    return RightsFact(RightsKind.OWNER, party, **facts)


def licence(party: str, **facts: Any) -> RightsFact:
    """Say who was licensed."""
    return RightsFact(RightsKind.LICENCE, party, **facts)


@pytest.mark.parametrize(
    ("basis", "reason"),
    [
        ("authorship", "owner"),
        ("assignment", "owner"),
        ("work-for-hire", "owner"),
        ("succession", "owner"),
        ("exclusive-licence", "owner"),
        ("copyright-statement", "owner-by-notice"),
        ("copyright-notice", "owner-by-notice"),
        ("rightsInfo", "owner-by-notice"),
        ("", "owner"),
        ("licence", "exclusivity-not-said"),
        ("agency", "exclusivity-not-said"),
    ],
)
def test_ownership_is_exclusive_by_nature_and_a_licence_is_not(basis: str, reason: str) -> None:
    """Nothing else is said than the basis."""
    assert yours(work("w1", said(basis=basis))).reason == reason


@pytest.mark.parametrize("basis", ["licence", "assignment", "authorship", "exclusive-licence", ""])
def test_whoever_is_not_exclusive_has_no_standing(basis: str) -> None:
    """Seven of fourteen licences of Getty fell for it: no other word heals it."""
    last = yours(work("w1", said(basis=basis, exclusive=False)))
    assert (last.passed, last.reason) == (False, "not-exclusive")


def test_a_licence_that_says_it_is_exclusive_stands() -> None:
    """As a fact of the owner, or as a licence to the claimant."""
    assert yours(work("w1", said(basis="licence", exclusive=True))).passed
    author = said("Ilse Marten", basis="authorship")
    given = licence("Maison Aubier", grantor="Ilse Marten", exclusive=True)
    assert yours(work("w1", author, given)).passed
    assert (
        yours(work("w1", author, licence("Maison Aubier", grantor="Ilse Marten"))).reason == "owned-by-other"
    )


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (licence("Verlag Sonnwend", exclusive=True), "licensed-exclusively"),
        (licence("Verlag Sonnwend", exclusive=True, grantor="Maison Aubier"), "licensed-exclusively"),
        (licence("Verlag Sonnwend", exclusive=True, territory="DE AT"), "owner"),
        (licence("Verlag Sonnwend", exclusive=True, territory="WORLD", note="except US"), "owner"),
        (licence("Verlag Sonnwend", exclusive=True, begins="2025-09-01"), "owner"),
        (licence("Verlag Sonnwend", exclusive=True, ends="2024-12-31"), "owner"),
        (licence("Verlag Sonnwend", exclusive=True, uses="print"), "owner"),
        (licence("Verlag Sonnwend", exclusive=False), "owner"),
        (licence("Verlag Sonnwend"), "owner"),
        (said("Verlag Sonnwend", basis="assignment"), "passed-on"),
        (said("Verlag Sonnwend", basis="assignment", begins="2025-09-01"), "owner"),
        (said("Verlag Sonnwend", basis="assignment", territory="DE"), "owner"),
    ],
)
def test_what_was_given_to_another_is_gone(given: RightsFact, reason: str) -> None:
    """In its countries, for its time and uses."""
    last = yours(work("w1", said(basis="authorship"), given))
    assert last.reason == reason
    assert last.passed == (reason == "owner")


def test_an_exclusive_licence_to_the_respondent_is_good_news() -> None:
    """It is told as a licence, not as a loss of standing."""
    one = work("w1", said(basis="authorship"), licence("Exemplar AI", exclusive=True))
    case = Case(ON, Claimant(("Maison Aubier",)), Respondent("Exemplar AI"))
    assert passage(one, (found(),), case, RULES["us-504"]).steps[-1].reason == "licensed"


def test_several_owners_need_shares() -> None:
    """One of two authors does not hold the whole; both together do."""
    both = work("w1", said(basis="authorship"), said("Ilse Marten", basis="authorship"))
    assert yours(both).reason == "several-owners"
    assert yours(both, Case(ON, Claimant(("Maison Aubier", "Ilse Marten")))).passed
    assert yours(both, Case(ON)).passed
    half = [said(name, basis="authorship", share=Decimal(50)) for name in ("Maison Aubier", "Ilse Marten")]
    assert yours(work("w1", *half)).reason == "share-below-whole"


def test_the_author_is_no_rival_of_whom_the_right_was_assigned_to() -> None:
    """The author's fact is the first link of the same chain."""
    author = said("Ilse Marten", basis="authorship")
    assert yours(work("w1", author, said(basis="assignment"))).passed
    assert yours(work("w1", author, said(basis="copyright-statement"))).reason == "several-owners"


@pytest.mark.parametrize(
    ("territory", "note", "reason"),
    [
        ("WORLD", "except US", "other-territory"),
        ("WORLD", "except CA, MX", "owner"),
        ("", "territory: WORLD except US", "other-territory"),
        ("", "in TIS 2130", "territory-unclear"),
        ("", "© 2024 in all countries", "owner"),
        ("US", "also in TIS 2130", "owner"),
    ],
)
def test_exceptions_of_a_territory_are_read(territory: str, note: str, reason: str) -> None:
    """Importers write them into the note."""
    assert yours(work("w1", owner(territory=territory, note=note))).reason == reason


def test_words_of_use() -> None:
    """What reaches training, and what does not."""
    assert all(map(covers, ["", "all", "tdm training", "generative-training", "tous-droits", "ai-training"]))
    assert not any(
        map(covers, ["print", "publishing", "performance", "on-demand-stream", "all-except-training"])
    )
    assert covered("FR", ["DE", "FR"]) is True


def test_a_registration_does_not_heal_a_chain() -> None:
    """Standing comes first."""
    one = work("w1", said(basis="licence"), registration("2024-04-01"))
    assert yours(one).saves == {"key": "say-exclusive"}
