"""Sentences about the PLUS Data Mining property."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "iptc-plus.repeated": "plus:DataMining has several values: {values}; the most restrictive is taken",
    "iptc-plus.unknown-value": (
        "plus:DataMining is “{value}”, which is none of its nine values; it may have been a reservation"
    ),
    "iptc-plus.terms-missing": (
        "plus:DataMining is {value}, but {property} is not there; so it reserves without conditions"
    ),
}
FR: Final = {
    "iptc-plus.repeated": (
        "plus:DataMining a plusieurs valeurs\u00a0: {values}\u202f; la plus restrictive est retenue"
    ),
    "iptc-plus.unknown-value": (
        "plus:DataMining vaut «\u00a0{value}\u00a0», qui n’est aucune de ses neuf valeurs\u202f; ce "
        "peut avoir été une réserve"
    ),
    "iptc-plus.terms-missing": (
        "plus:DataMining vaut {value}, mais {property} manque\u202f; la réserve est donc sans conditions"
    ),
}
