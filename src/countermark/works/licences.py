"""What the licence that a catalogue names means for a claim: good news is told as such.

Only licences that let anyone copy the work are recognised, by their usual names and SPDX identifiers, in
English and French. The test is one of words, not of law: what is not recognised stays "other", and is shown
as it was written.
"""

from __future__ import annotations

import re
from enum import StrEnum


class LicenceStatus(StrEnum):
    """How a work's licence is treated."""

    UNKNOWN = "unknown"  # the catalogue says nothing
    PUBLIC_DOMAIN = "public-domain"  # nobody's to claim
    FREE = "free"  # anyone may copy, mostly under conditions such as naming the author
    OTHER = "other"  # something else, for instance "all rights reserved"


_PUBLIC_DOMAIN = re.compile(
    r"\b(cc0([ -]?1\.0)?|cc[ -]?pdm|public[ -]domain|publicdomain|domaine[ -]public|pddl|unlicense|0bsd|"
    r"no known copyright|pd[ -](old|us)\w*)\b"
)
_FREE = re.compile(
    r"\b(cc[ -]by([ -](nc|nd|sa))*|creative[ -]?commons|creativecommons\.org/licenses|"
    r"licence ouverte|open government licen[cs]e|licence art libre|free art licen[cs]e)\b"
)
# These names are also words of other sentences ("MIT Press"), so they must be the whole of what is written.
_FREE_WHOLE = re.compile(
    r"(the |la |licence )?"
    r"(mit|apache|[al]?gpl|gnu [al]?gpl|gfdl|gnu fdl|bsd|mpl|isc|ofl|odbl|odc-by|wtfpl|zlib|etalab|ogl)"
    r"[ -]?(v?\d[\d.]*)?(-\d)?(-clause|-only|-or-later|\+)?( (public |software )?licen[cs]e)?( ?v?\d[\d.]*)?"
)
# "Not in the public domain" and "no Creative Commons licence" are reservations that use a licence's name.
_DENIED = re.compile(
    r"\b(not|no|non|never|except|without|pas|sauf|hors|aucune|sans)\b(?! known)|"
    r"all rights reserved|tous droits"
)
# "Non commercial" denies nothing: it is a condition of some free licences.
_CONDITIONS = re.compile(
    r"\b(non|no|not|pas)[ -]*(d['’] ?|de )?(commercial\w*|deriv\w*|utilisation\w*|modification\w*)"
)


def licence_status(licence: str) -> LicenceStatus:
    """The status of a licence as a catalogue writes it: free text, an SPDX identifier or a URL."""
    words = " ".join(licence.casefold().replace("_", "-").replace("\u202f", " ").split())
    if not words:
        return LicenceStatus.UNKNOWN
    if _DENIED.search(_CONDITIONS.sub("", words)):
        return LicenceStatus.OTHER
    if _PUBLIC_DOMAIN.search(words) or "publicdomain/" in words:
        return LicenceStatus.PUBLIC_DOMAIN
    if _FREE.search(words) or _FREE_WHOLE.fullmatch(words):
        return LicenceStatus.FREE
    return LicenceStatus.OTHER
