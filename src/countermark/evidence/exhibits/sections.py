"""The parts of a report that are figures and sentences, the same for all media whose finds are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.evidence.exhibits.exhibit import IN_DATA_SET, NOT_FOUND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.evidence.exhibits.exhibit import Exhibit
    from countermark.language import Language


def outcomes(summary: dict[str, Any], what: Exhibit, say: Language) -> list[dict[str, Any]]:
    """How many works came out as what; outcomes that no work has are left out."""
    works = summary["works"]
    return [
        {
            "label": say.say(f"status.{name}"),
            "count": say.number(works["by_status"][name]),
            "share": say.share(works["by_status"][name] / works["total"]),
            "found": name in IN_DATA_SET,
        }
        for name in what.statuses
        if works["by_status"].get(name)
    ]


def grades(
    summary: dict[str, Any], always: Mapping[str, str], others: Mapping[str, str], say: Language
) -> list[dict[str, str]]:
    """Grades and shapes in plain words, with how many findings have each; `others` only where there are any."""
    count = summary["findings"]["by_grade"]
    shown = {**always, **{name: shape for name, shape in others.items() if count.get(name)}}
    return [
        {
            "shape": shape,
            "name": say.say(f"grade.{name}"),
            "means": say.say(f"grade.{name}.means"),
            "count": say.number(count.get(name, 0)),
        }
        for name, shape in shown.items()
    ]


def missing(summary: dict[str, Any], say: Language) -> list[str]:
    """How many works were not found."""
    number = summary["works"]["by_status"][NOT_FOUND]
    return [say.say("missing.lead", n=number) if number else say.say("missing.none")]
