"""Findings where no picture was looked at: what agrees then, in words; and runs in which that is all there is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.gallery.languages import LANGUAGES, OF_SKETCHES
from countermark.findings import Grade

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.language import Language

FORMAT: Final = "sketches"
"""The format of a shard of sketches, as its receipt has it."""
_METHOD: Final = "sketch:"
_SEEN: Final = (Grade.IDENTICAL, Grade.COPY, Grade.SHARED)


def is_unseen(finding: Mapping[str, Any]) -> bool:
    """Whether no picture of the data set was looked at for this finding: its grade says so."""
    return finding["grade"] not in _SEEN


def is_sketch(finding: Mapping[str, Any]) -> bool:
    """Whether the finding comes from a sketch that an earlier scan kept."""
    return is_unseen(finding) and (finding.get("method") or "").startswith(_METHOD)


def unseen_words(finding: Mapping[str, Any], say: Language) -> list[str]:
    """What was compared, and that it is not confirmed."""
    if not is_sketch(finding):
        return [say.say("unseen.identifier"), say.say("unseen.unconfirmed")]
    return [say.say("unseen.sketch"), say.say("unseen.lie"), say.say("unseen.unconfirmed")]


def unseen_measured(finding: Mapping[str, Any], say: Language) -> list[str]:
    """What agrees of a sketch: the hash of the whole within so many bits, keys of features."""
    told = []
    if finding.get("hash_distance") is not None:
        told.append(say.say("unseen.hash", n=finding["hash_distance"]))
    if finding.get("inliers"):
        told.append(say.say("unseen.keys", n=finding["inliers"]))
    return told


def of_sketches(summary: Mapping[str, Any]) -> str:
    """Whether the shards of a run were sketches: `all`, `some`, or "" for none."""
    searched = summary["searched"]
    sketches = searched.get("sketches") or 0
    if not sketches:
        return ""
    return "all" if sketches >= searched["shards"] else "some"


def language_for(summary: Mapping[str, Any], lang: str) -> Language:
    """The sentences for a run; where only sketches were looked at, those that speak of pictures are other ones."""
    say = LANGUAGES[lang]
    return (
        replace(say, messages={**say.messages, **OF_SKETCHES[lang]}) if of_sketches(summary) == "all" else say
    )
