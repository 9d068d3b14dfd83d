"""The words of RSL 1.0, and which of our uses they cover.

Source: RSL-SPEC-1.0 (Recommendation, 2025-12-10, errata to 2026-08-07), https://rslstandard.org/rsl. Of the text itself
only the front matter was read, and the beginning of the drafts of 2025-07-10 and 2025-09-16 (the elements, the
attributes of <content>). The numbered sections cited in this package (3.1 to 3.17, 4.2 to 4.9) were read in public
notes that quote and paraphrase them; where these leave a question open, the answer taken here is said to be ours.

Usage tokens (3.4.1.1) and the uses that their definitions name:

    all        "any automated processing", AI training and search included    every use
    ai-all     any use by AI systems, uses "not yet enumerated" included      train, generative, input
    ai-train   training or fine-tuning AI models                              train, generative
    ai-input   input into AI models: retrieval, grounding, summaries          input
    ai-index   an AI system's internal index or retrieval database            see below
    search     a search index and its results (links and short excerpts)      search

Only `all` covers text and data mining: the AI tokens speak of AI systems, mining is wider. `ai-index` is not one of our
uses. Where it is prohibited, so is retrieval from such an index, which is a part of our use `input`: it is read as
prohibiting `input`, by the rule that doubt is settled conservatively (3.1.1). Permitting it alone permits none of ours.
"""

from __future__ import annotations

from typing import Final

from countermark.reservations.use import USES, Use

PROTOCOL: Final = "rsl"
NAMESPACE: Final = "https://rslstandard.org/rsl"
MEDIA_TYPE: Final = "application/rsl+xml"
REVISION: Final = "1.0"
OLD_REVISION: Final = "0.9"
"""The draft of 2025-09-16. It has the namespace of 1.0; commas, `inference` and `XBT` give it away."""

PROHIBITED: Final[dict[str, tuple[Use, ...]]] = {
    "all": USES,
    "ai-all": (Use.TRAIN, Use.GENERATIVE, Use.INPUT),
    "ai-train": (Use.TRAIN, Use.GENERATIVE),
    "ai-input": (Use.INPUT,),
    "ai-index": (Use.INPUT,),
    "search": (Use.SEARCH,),
}
"""The uses that a usage token rules out where it is prohibited."""

PERMITTED: Final = {**PROHIBITED, "ai-index": ()}
"""The uses that a usage token grants where it is permitted."""

BREADTH: Final = {"all": 2, "ai-all": 1, "ai-train": 0, "ai-input": 0, "ai-index": 0, "search": 0}
"""How wide a usage token is: a narrower one decides over a wider one (3.1.1)."""

USERS: Final = ("commercial", "non-commercial", "education", "government", "personal")
LISTS: Final = ("usage", "user", "geo")
PAYMENTS: Final = (
    "purchase",
    "subscription",
    "training",
    "crawl",
    "use",
    "contribution",
    "attribution",
    "free",
)
REPORTS: Final = ("telemetry", "provenance", "audit")
LEGAL: Final = {
    "warranty": ("ownership", "authority", "no-infringement", "privacy-consent", "no-malware"),
    "disclaimer": ("as-is", "no-warranty", "no-liability", "no-indemnity"),
    "attestation": ("true", "false"),
    "contact": (),
    "proof": (),
}
"""The types of <legal>, and the tokens of those that have some (3.13)."""
