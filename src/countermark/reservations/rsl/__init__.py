"""RSL 1.0 (Really Simple Licensing): terms in XML, found through robots.txt, headers, pages and feeds.

vocabulary   the words, and which uses they cover
discovery    where terms are named
document     XML into a tree with lines
terms        what the terms say of a target
validate     what does not conform
write        terms from answers
precedence   which of several terms stands
"""

from countermark.reservations.rsl.discovery import linked, read_headers, read_page, read_robots
from countermark.reservations.rsl.feed import read_feed
from countermark.reservations.rsl.precedence import resolve
from countermark.reservations.rsl.terms import read_terms
from countermark.reservations.rsl.validate import validate
from countermark.reservations.rsl.write import Holder, TermsFor, says, write_terms

__all__ = [
    "Holder",
    "TermsFor",
    "linked",
    "read_feed",
    "read_headers",
    "read_page",
    "read_robots",
    "read_terms",
    "resolve",
    "says",
    "validate",
    "write_terms",
]
