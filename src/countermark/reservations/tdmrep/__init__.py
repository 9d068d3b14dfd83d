"""TDMRep, the TDM Reservation Protocol (W3C Community Group report, 10 May 2024), in all its techniques.

    well_known     tdmrep.json at a site: `read_well_known`, `validate_well_known`
    carried        header fields, HTML metas, EPUB packages, XMP
    precedence     `resolve`: the steps of the section "Processing priority", and what they loosened
    odrl           policies: `read_policy_document`, `validate_policy`, `write_policy`

`tdm-reservation` 1 reserves, 0 says that nothing is reserved, any other value counts as not said. The words cover text
and data mining as Article 4 of Directive (EU) 2019/790 has it. Training is read as a case of it, of generative models
too: Article 53(1)(c) of Regulation (EU) 2024/1689 asks providers of such models to comply with reservations under that
Article 4(3). Nothing in the text speaks of input to a model or of search, and no statement is made about them.
"""

from countermark.reservations.tdmrep.carried import read_headers, read_package, read_page, read_xmp
from countermark.reservations.tdmrep.odrl import OdrlPolicy, read_policy_document, write_policy
from countermark.reservations.tdmrep.odrl_checks import validate_policy
from countermark.reservations.tdmrep.precedence import resolve
from countermark.reservations.tdmrep.values import read_value
from countermark.reservations.tdmrep.well_known import read_well_known, validate_well_known

__all__ = [
    "OdrlPolicy",
    "read_headers",
    "read_package",
    "read_page",
    "read_policy_document",
    "read_value",
    "read_well_known",
    "read_xmp",
    "resolve",
    "validate_policy",
    "validate_well_known",
    "write_policy",
]
