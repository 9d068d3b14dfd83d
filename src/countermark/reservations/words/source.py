"""Sentences about sources as such."""

from __future__ import annotations

from typing import Final

EN: Final = {
    "source.cut": "only the first {size} bytes were kept; what stands after them was not read",
    "robots.unreachable": "robots.txt answered with status {status}: what it says is not known",
    "tdmrep.unreachable": "tdmrep.json answered with status {status}: what it says is not known",
    "ai-txt.unreachable": "ai.txt answered with status {status}: what it says is not known",
}
FR: Final = {
    "source.cut": "seuls les {size} premiers octets ont été gardés\u202f; la suite n’a pas été lue",
    "robots.unreachable": "robots.txt a répondu avec le statut {status}\u00a0: son contenu n’est pas connu",
    "tdmrep.unreachable": "tdmrep.json a répondu avec le statut {status}\u00a0: son contenu n’est pas connu",
    "ai-txt.unreachable": "ai.txt a répondu avec le statut {status}\u00a0: son contenu n’est pas connu",
}
