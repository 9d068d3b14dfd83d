"""A policy.toml to start from. It can be read as it stands."""

from __future__ import annotations

from typing import Final

_EN: Final = """\
# What may be done with the works on a site. `countermark reserve write policy.toml --site public/` says it in every
# protocol that can, and tells what a protocol cannot say.

[policy]
site = "https://www.example.org"        # the origin: scheme, host, port if there is one
holder = "Example Press"                # who holds the rights
contact = "rights@example.org"          # a mail address, or an address on the web
# licence = "https://www.example.org/licence"   # where a licence is to be had; makes "conditional" possible
# from = 2027-01-01                     # the day from which this is in force
# refuse_reserved_agents = false        # else robots.txt refuses an agent where all that it is known for is reserved

# For each use: "reserved", "allowed", "conditional" (reserved, with a way to a licence) or "unknown" (nothing is said).
[uses]
tdm = "reserved"            # text and data mining
train = "reserved"          # training of any model
generative = "reserved"     # training of a model that generates content
input = "reserved"          # input to a model that answers with it
search = "allowed"          # an index that leads to the works

# Other answers for a part of the site. * is anything, $ the end of the address; the longest match counts. Uses that are
# not named stay as they are in [uses].
# [[paths]]
# match = "/press/"
# uses = { train = "allowed", generative = "allowed", tdm = "allowed", input = "allowed" }

# Who may fetch at all: by token, by operator, or by what an agent is for, in this order of precedence.
# [[agents]]
# token = "CCBot"
# fetch = "refused"
#
# [[agents]]
# purpose = "search"
# fetch = "allowed"
"""

_FR: Final = """\
# Ce qui peut être fait des œuvres d’un site. « countermark reserve write policy.toml --site public/ » le dit dans tous
# les protocoles qui le peuvent, et signale ce qu’un protocole ne peut pas dire.

[policy]
site = "https://www.example.org"        # l’origine\u00a0: schéma, hôte, port s’il y en a un
holder = "Éditions Exemple"             # qui détient les droits
contact = "droits@example.org"          # une adresse électronique, ou une adresse sur le web
# licence = "https://www.example.org/licence"   # où obtenir une licence\u202f; rend "conditional" possible
# from = 2027-01-01                     # le jour de l’entrée en vigueur
# refuse_reserved_agents = false        # sinon robots.txt refuse tout agent aux usages connus tous réservés

# Pour chaque usage\u00a0: "reserved" (réservé), "allowed" (permis), "conditional" (réservé, avec accès à une licence)
# ou "unknown" (rien n’est dit).
[uses]
tdm = "reserved"            # la fouille de textes et de données
train = "reserved"          # l’entraînement de tout modèle
generative = "reserved"     # l’entraînement d’un modèle qui produit du contenu
input = "reserved"          # la fourniture à un modèle qui s’en sert pour répondre
search = "allowed"          # un index qui mène aux œuvres

# D’autres réponses pour une partie du site. * vaut n’importe quoi, $ la fin de l’adresse\u202f; le motif le plus long
# l’emporte. Les usages qui ne sont pas nommés restent comme dans [uses].
# [[paths]]
# match = "/presse/"
# uses = { train = "allowed", generative = "allowed", tdm = "allowed", input = "allowed" }

# Qui peut collecter\u00a0: par nom d’agent (token), par exploitant (operator) ou par usage (purpose), dans cet ordre.
# [[agents]]
# token = "CCBot"
# fetch = "refused"
#
# [[agents]]
# purpose = "search"
# fetch = "allowed"
"""


def example(language: str = "en") -> str:
    """The text of an example, with comments in English (`en`) or French (`fr`)."""
    return _FR if language == "fr" else _EN
