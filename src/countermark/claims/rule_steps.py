"""What a rule may ask at each step of the funnel, and with which parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.claims.rule import STEPS

if TYPE_CHECKING:
    from countermark.claims.toml_table import Table

GRADES: Final = ("identical", "copy", "identifier")
"""What a rule may take for found, from strongest to weakest. A name alone is never enough."""
TERMS: Final = ("life", "us-publication")
IN_WORDS: Final = ("doubtful", "accepted")
NEEDS: Final = ("cmi-removed", "place-of-act", "not-research", "voice", "no-consent", "knowledge")
"""Facts of the case that neither catalog nor run holds: the respondent's file states them."""
SCHEMES: Final = ("isbn", "asin", "issn", "isrc", "iswc", "ismn")


def checked_asks(table: Table) -> dict[str, dict[str, Any]]:
    """The parameters of each step asked for, with their defaults. Raises InputError."""
    table.only(STEPS, ("found", "claimable"))
    readers = {
        "found": _found,
        "yours": _yours,
        "protected": _protected,
        "reserved": _reserved,
        "registered": _registered,
        "claimable": _claimable,
    }
    return {step: readers[step](table.table(step)) for step in STEPS if step in table.values}


def _found(table: Table) -> dict[str, Any]:
    """`least`: the weakest grade that counts."""
    table.only(("least",), ("least",))
    return {"least": table.one_of("least", GRADES)}


def _yours(table: Table) -> dict[str, Any]:
    """`territory`: the countries of which the right must cover one, ISO 3166-1 alpha-2."""
    table.only(("territory",), ("territory",))
    return {"territory": table.words("territory")}


def _protected(table: Table) -> dict[str, Any]:
    """`term`: `life` plus `years`, or `us-publication` plus `years`, with `renewal_before` (a year, 0 for none)."""
    table.only(("term", "years", "renewal_before"), ("term", "years"))
    return {
        "term": table.one_of("term", TERMS),
        "years": table.count("years"),
        "renewal_before": table.count("renewal_before", 0),
    }


def _reserved(table: Table) -> dict[str, Any]:
    """`in_words`: whether a reservation in words alone passes, and is told as doubtful, or drops the work."""
    table.only(("in_words",), ("in_words",))
    return {"in_words": table.one_of("in_words", IN_WORDS)}


def _registered(table: Table) -> dict[str, Any]:
    """`offices` and `numbers` tell a registration of this country; `months` is the window from first publication.

    With `within_years`, registration within so many years of publication *and* before the act counts; `act` is the
    day of the act where the rule fixes it. `identifiers` are the schemes of which the work needs one.
    """
    known = ("offices", "numbers", "months", "within_years", "act", "identifiers")
    table.only(known, ("offices", "months"))
    schemes = table.words("identifiers")
    if unknown := sorted(set(schemes) - set(SCHEMES)):
        raise table.wrong("identifiers", f"{unknown[0]!r}; accepted are {', '.join(SCHEMES)}")
    return {
        "offices": table.words("offices"),
        "numbers": table.words("numbers"),
        "months": table.count("months"),
        "within_years": table.count("within_years", 0),
        "act": table.day("act", may_lack=True),
        "identifiers": schemes,
    }


def _claimable(table: Table) -> dict[str, Any]:
    """`needs`: facts of the case; `places`: where the act must have been; `closed`: the day on which claims closed."""
    table.only(("needs", "places", "closed"))
    needs = table.words("needs")
    if unknown := sorted(set(needs) - set(NEEDS)):
        raise table.wrong("needs", f"{unknown[0]!r}; accepted are {', '.join(NEEDS)}")
    return {"needs": needs, "places": table.words("places"), "closed": table.day("closed", may_lack=True)}
