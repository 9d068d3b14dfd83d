"""Sentences about ONIX records."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "onix.too-large": "the ONIX message has {size} bytes; up to {limit} bytes are read",
    "onix.too-many": "the ONIX message has more than {limit} usage constraints; the others were not read",
    "onix.entities": (
        "the ONIX message declares entities, which are not accepted; what stands in it is not known"
    ),
    "onix.not-xml": "the ONIX message is not well-formed ({message}); what stands after that is not known",
    "onix.repeated": "a usage constraint has more than one {name}; it was not read",
    "onix.several-records": (
        "the message states it for {count} records; the most restrictive is taken for all"
    ),
    "onix.unknown-status": (
        "EpubUsageStatus “{status}” of usage type {kind} is none of 01, 02 and 03 (list 146)"
    ),
}
FR: Final = {
    "onix.too-large": "le message ONIX fait {size} octets\u202f; jusqu’à {limit} octets sont lus",
    "onix.too-many": (
        "le message ONIX a plus de {limit} contraintes d’usage\u202f; les autres n’ont pas été lues"
    ),
    "onix.entities": (
        "le message ONIX déclare des entités, qui ne sont pas acceptées\u202f; son contenu n’est pas connu"
    ),
    "onix.not-xml": "le message ONIX n’est pas bien formé ({message})\u202f; la suite n’est pas connue",
    "onix.repeated": "une contrainte d’usage a plus d’un {name}\u202f; elle n’a pas été lue",
    "onix.several-records": (
        "le message le dit de {count} notices\u202f; la réponse la plus restrictive vaut pour toutes"
    ),
    "onix.unknown-status": (
        "EpubUsageStatus «\u00a0{status}\u00a0» du type d’usage {kind} n’est ni 01, ni 02, ni 03 (liste 146)"
    ),
}
