"""Reading payloads: they come from a file that somebody may have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping

BEFORE: Final = 400
"""At most so many characters stand before a site: its neutral context."""

AFTER: Final = 60
"""About so many characters after a site are scored with it."""

LONGEST: Final = 4000
"""Characters that one text of a payload may have."""


def text_of(values: Mapping[str, Any], name: str, *, longest: int = LONGEST) -> str:
    """The text `name` of a payload. Raises PlanError where it is none, or too long."""
    value = values.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise PlanError(f"a trap needs the text {name!r}, of at most {longest:,} characters")
    return value
