"""The funnel: where a work drops, why, and what would save it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.catalogued import ON, RULES, found, owner, registration, request, reservation, rule, work
from countermark.claims.case import Case
from countermark.claims.claim import make_claim
from countermark.claims.funnel import passage
from countermark.claims.parties import Claimant, Mandate, Respondent
from countermark.works.entry import CatalogWork, Conflict, Contributor, RightsFact, RightsKind, Source

CASE = Case(ON, Claimant(("Maison Aubier",)))
US, EU, FR = rule("us-504"), rule("eu-cdsm"), rule("fr-l331-1-3")


def end(
    one: CatalogWork, case: Case = CASE, status: str = "found", rule_id: str = "us-504", **facts: Any
) -> Any:
    """Take a work through a rule: the last step."""
    return passage(one, (found(status, **facts),), case, RULES[rule_id]).steps[-1]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("name", "name-only"),
        ("name-only", "name-only"),
        ("common-only", "common-only"),
        ("not-found", "not-found"),
        ("control", "control"),
        ("false-alarm", "control"),
    ],
)
def test_what_is_never_enough(status: str, reason: str) -> None:
    """A name alone, common passages and controls drop at the first step."""
    last = end(work(), status=status)
    assert (last.step, last.passed, last.reason) == ("found", False, reason)


def test_a_name_says_what_would_make_it_enough() -> None:
    """An identifier would."""
    assert end(work(), status="name").saves == {"key": "give-identifier"}


def test_an_identifier_counts_as_listed() -> None:
    """For most rules; a rule on the copy itself asks for text."""
    one = work("w1", owner(), registration("2024-04-01"))
    assert end(one, status="identifier").reason == "claimable"
    assert end(one, status="identifier", rule_id="us-1202").reason == "listed-only"


@pytest.mark.parametrize(
    ("right", "reason"),
    [
        (owner("Verlag Sonnwend"), "owned-by-other"),
        (owner(exclusive=False, basis="licence"), "not-exclusive"),
        (owner(exclusive=None, basis="", grantor="Ilse Marten"), "exclusivity-not-said"),
        (owner(signed=False), "not-signed"),
        (owner(territory="FR BE"), "other-territory"),
        (owner(share=Decimal(50)), "share-below-whole"),
        (owner(begins="2025-09-01"), "acquired-later"),
        (owner(ends="2025-01-31"), "right-ended"),
        (owner(begins="2025"), "title-day-unknown"),
    ],
)
def test_a_chain_of_title_that_does_not_hold(right: RightsFact, reason: str) -> None:
    """Each fault has its reason, and something that would mend it."""
    last = end(work("w1", right, registration("2024-04-01")))
    assert (last.step, last.reason) == ("yours", reason)
    assert last.saves


def test_a_right_that_was_passed_on_is_not_the_first_owners() -> None:
    """Whoever assigned the right before the act cannot claim; whoever assigned it later can."""
    claimant = Case(ON, Claimant(("Ilse Marten",)))
    author = owner("Ilse Marten", basis="authorship")
    for begins, reason in (("2024-03-01", "passed-on"), ("2025-12-01", "claimable")):
        sold = owner("Maison Aubier", grantor="Ilse Marten", begins=begins)
        assert end(work("w1", author, sold, registration("2024-04-01")), claimant).reason == reason


def test_sources_that_contradict_one_another_on_the_owner() -> None:
    """A conflict is never settled by guessing."""
    said = (("A (WORLD)", Source("a.xml")), ("B (WORLD)", Source("b.xml")))
    one = replace(work(), conflicts=(Conflict("exclusive owners", said, "both, as said"),))
    assert end(one).reason == "title-conflict"


def test_a_mandate_lets_a_union_claim() -> None:
    """From the catalog, or from the claimant's file; one that leaves training out does not."""
    union = Case(ON, Claimant(("Union of Letters",)))
    mandate = RightsFact(RightsKind.MANDATE, "Union of Letters", grantor="Maison Aubier")
    rights = (owner(), registration("2024-04-01"))
    assert end(work("w1", *rights, mandate), union).reason == "claimable"
    assert end(work("w1", *rights, replace(mandate, uses="broadcast")), union).reason == "owned-by-other"
    filed = Case(ON, Claimant(("Union of Letters",), mandates=(Mandate("Maison Aubier"),)))
    assert end(work("w1", *rights), filed).reason == "claimable"
    over = Case(ON, Claimant(("Union of Letters",), mandates=(Mandate("Maison Aubier", ends="2025-12-31"),)))
    assert end(work("w1", *rights), over).reason == "owned-by-other"


def test_good_news() -> None:
    """Public domain, open licences and licences granted are told as such."""
    dead = replace(work(), contributors=(Contributor("Ilse Marten", died=1950),))
    assert end(dead, rule_id="eu-cdsm").reason == "public-domain"
    assert end(replace(work(), licence="CC BY 4.0")).reason == "free-licence"
    licence = RightsFact(RightsKind.LICENCE, "Exemplar AI", uses="training", begins="2025-01-01")
    respondent = Respondent("Exemplar AI")
    assert end(work("w1", owner(), licence), replace(CASE, respondent=respondent)).reason == "licensed"
    later = replace(licence, begins="2025-12-01")
    assert end(work("w1", owner(), later), replace(CASE, respondent=respondent)).reason == "not-registered"


def test_the_last_year_of_life_plus_seventy_is_still_protected() -> None:
    """Protection ends with the year."""
    for died, reason in ((1955, "not-reserved"), (1954, "public-domain")):
        one = replace(work(), contributors=(Contributor("Ilse Marten", died=died),))
        assert end(one, rule_id="eu-cdsm").reason == reason


def test_old_american_works() -> None:
    """Ninety-five years; before 1964 the renewal must be shown."""
    assert end(replace(work(), published="1929", country="US")).reason == "public-domain"
    assert end(replace(work(), published="1955", country="US")).reason == "renewal-unknown"
    renewed = work("w1", owner(), registration("1983-02-01", "RE0000111"), published="1955", country="US")
    assert end(renewed).reason == "claimable"


@pytest.mark.parametrize(
    ("fact", "rule_id", "reason"),
    [
        (reservation("2025-05-31"), "eu-cdsm", "facts-needed"),
        (reservation("2025-05-31"), "de-44b", "claimable"),
        (reservation("2025-06-02"), "de-44b", "reserved-later"),
        (reservation("2025"), "de-44b", "reservation-day-unknown"),
        (reservation("2024-01-01", "terms-of-use"), "de-44b", "words-only"),
        (reservation("2024-01-01", "terms-of-use"), "fr-l122-5-3", "claimable"),
        (reservation("2024-01-01", "smoke-signals"), "de-44b", "protocol-unknown"),
        (reservation("2024-01-01", ends="2025-01-01"), "de-44b", "reserved-later"),
    ],
)
def test_reservation_is_a_question_of_date_and_form(fact: RightsFact, rule_id: str, reason: str) -> None:
    """What was in force when it was copied, in a form that counts."""
    assert end(work("w1", owner(), fact), rule_id=rule_id).reason == reason


def test_without_a_day_of_capture_nothing_is_known_of_the_reservation() -> None:
    """The work drops, and says what to give; the user may give it."""
    one = work("w1", owner(), reservation("2024-01-01"))
    last = end(one, rule_id="de-44b", snapshot="")
    assert (last.reason, last.saves) == ("capture-unknown", {"key": "give-snapshot"})
    assert end(one, replace(CASE, snapshot="2025-06-01"), rule_id="de-44b", snapshot="").reason == "claimable"


def test_the_records_own_day_outranks_that_of_the_snapshot() -> None:
    """A record captured before the reservation does not count, though the snapshot is later."""
    one = work("w1", owner(), reservation("2025-01-01"))
    assert end(one, rule_id="de-44b", captures=("2024-11-05", "2024-11-05")).reason == "reserved-later"
    assert end(one, rule_id="de-44b", captures=("2024-11-05", "2025-02-05")).reason == "claimable"


def test_late_registration_drops_with_the_right_dates() -> None:
    """After the window from publication, and after the act: with all three days told."""
    last = end(work("w1", owner(), registration("2025-06-15"), published="2024-03-01"))
    assert (last.step, last.reason, last.passed) == ("registered", "registered-late", False)
    assert last.facts["effective"] == "2025-06-15"
    assert last.facts["window_ended"] == "2024-06-01"
    assert last.facts["act"] == "2025-06-01"


@pytest.mark.parametrize(
    ("published", "registered", "began", "reason"),
    [
        ("2024-03-01", "2024-06-01", "2024-04-01", "claimable"),  # the last day of the window
        ("2024-03-01", "2024-06-02", "2024-04-01", "registered-late"),
        ("2024-11-30", "2025-02-28", "2024-12-01", "claimable"),  # no 30 February
        ("2024-11-30", "2025-03-01", "2024-12-01", "registered-late"),
        ("2024-03-01", "2025-01-01", "2025-01-01", "claimable"),  # effective on the day on which it began
        ("2024", "2024-05", "2024-04-01", "day-decides"),
        ("2024-03-01", "", "2024-04-01", "registration-day-unknown"),
        ("", "2024-05-01", "2024-04-01", "publication-unknown"),
        ("2024-03", "2024-06-20", "2024-04-01", "day-decides"),
        ("2024-03", "2024-07-01", "2024-04-01", "registered-late"),
    ],
)
def test_windows_of_registration(published: str, registered: str, began: str, reason: str) -> None:
    """Where the outcome depends on a day that is not known, the day is asked for."""
    one = work("w1", owner(), registration(registered), published=published)
    assert end(one, replace(CASE, began=began)).reason == reason


def test_what_would_still_save_a_work() -> None:
    """Published on 14 December: register by 14 March."""
    case = replace(CASE, began="2026-01-05")
    last = end(work("w1", owner(), published="2025-12-14"), case)
    assert last.saves == {
        "key": "register-by",
        "by": "2026-03-14",
        "published": "2025-12-14",
        "months": 3,
        "days": 63,
    }
    over = end(work("w1", owner(), published="2025-10-09"), case)
    assert over.saves == {"key": "register-for-later", "window_ended": "2026-01-09"}


def test_days_that_contradict_one_another_are_told() -> None:
    """What was published only after the act cannot be saved by the window: it is for published works (17 USC 412)."""
    for rights in ((owner(),), (owner(), registration("2025-07-15"))):
        last = end(work("w1", *rights, published="2025-07-01"))
        assert (last.reason, last.saves) == ("published-after-act", {"key": "check-days"})
    assert end(work("w1", owner(), registration("2025-05-01"), published="2025-07-01")).reason == "claimable"
    assert end(work("w1", owner(), registration("2025-07-15"), published="2025")).reason == "day-decides"


def test_a_registration_elsewhere_does_not_count() -> None:
    """Only the rule's offices; without an office the number tells."""
    assert end(work("w1", owner(), registration("2024-04-01", party="INPI"))).reason == "not-registered"
    assert (
        end(work("w1", owner(), registration("2024-04-01", "TX 9-123-456", party=""))).reason == "claimable"
    )
    nowhere = end(work("w1", owner(), registration("2024-04-01", "4711", party="")))
    assert (nowhere.reason, nowhere.saves) == ("office-unknown", {"key": "give-office"})


@pytest.mark.parametrize(
    "office",
    [
        "US Copyright Office",
        "U.S. Copyright Office",
        "USCO",
        "Library of Congress",
        "the us copyright office",
        "",
    ],
)
def test_offices_as_people_write_them(office: str) -> None:
    """One office, many names; where none stands there, the number tells."""
    assert end(work("w1", owner(), registration("2024-04-01", party=office))).reason == "claimable"


def test_the_settlement_asks_for_an_identifier_and_is_closed() -> None:
    """Its outcome is unknown, so nothing is claimable."""
    one = work("w1", owner(), registration("2024-04-01"))
    assert end(one, rule_id="settlement-bartz").reason == "identifier-needed"


def test_a_pending_rule_claims_nothing() -> None:
    """However good the facts are."""
    assert end(work(), rule_id="fr-bill-220").reason == "rule-pending"


def test_facts_of_the_case_are_asked_for() -> None:
    """The place of the act decides in the United Kingdom."""
    assert end(work(), rule_id="uk-cdpa").reason == "facts-needed"
    for place, reason in (("US", "act-elsewhere"), ("GB", "claimable")):
        case = replace(CASE, respondent=Respondent("Exemplar AI", place=place))
        assert end(work(), case, rule_id="uk-cdpa").reason == reason


DAYS = st.dates(date(2023, 1, 1), date(2026, 1, 1)).map(date.isoformat)
PARTIAL = st.one_of(st.just(""), DAYS, DAYS.map(lambda day: day[:7]), DAYS.map(lambda day: day[:4]))


@given(PARTIAL, PARTIAL, PARTIAL, PARTIAL)
def test_a_further_registration_never_removes_claimability(
    published: str, first: str, second: str, began: str
) -> None:
    """Of several registrations the best counts."""
    case = replace(CASE, began=began)
    one = work("w1", owner(), registration(first, "TX1"), published=published)
    more = replace(one, rights=(*one.rights, registration(second, "TX2")))
    assert end(more, case).passed >= end(one, case).passed


STATUS = st.sampled_from(["found", "identifier", "name", "not-found", "quotation-sized", "control"])


@given(st.lists(st.tuples(STATUS, PARTIAL, PARTIAL, st.booleans()), max_size=8))
def test_counts_add_up_at_each_step(rows: list[tuple[str, str, str, bool]]) -> None:
    """What enters a step drops there or enters the next, and every drop has its reason."""
    works, findings = [], {}
    for at, (status, published, registered, mine) in enumerate(rows):
        party = "Maison Aubier" if mine else "Verlag Sonnwend"
        works.append(work(f"w{at}", owner(party), registration(registered), published=published))
        findings[f"w{at}"] = found(status)
    claim = make_claim(request(works, findings, US, EU, FR, case=CASE))
    for told in claim.facts["rules"]:
        entered = len(works)
        for step in told["funnel"]["steps"]:
            assert step["entered"] == entered
            assert step["passed"] + step["dropped"] == entered
            assert sum(step["reasons"].values()) == step["dropped"]
            assert sum(step["passed_as"].values()) == step["passed"]
            entered = step["passed"]
        assert told["funnel"]["claimable"] == entered == told["amounts"]["works"]
        assert told["amounts"]["excluded_works"] == len(works) - entered
