"""Which part of a work is seen, as a word for it that is true: from its box, and from how much of it agrees."""

from __future__ import annotations

from typing import Final, NamedTuple

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in the unit square of the work."""

WHOLE: Final = 0.98
"""Of the area: from this share on, of the box as of what agrees, the whole of a work is seen."""
_EDGE: Final = 0.01
"""Of a side: a part that comes so near to the edge reaches it, as far as the eye can tell."""
_EVEN: Final = 0.03
"""Of a side: margins that differ by no more than this are equal, as far as the eye can tell."""
_FULL: Final = 0.02
"""Of the area: what agrees fills its box where no more of the box is missing."""
_HALF: Final = 0.01
_BANDS: Final = {"bottom": "upper", "top": "lower", "right": "left-side", "left": "right-side"}
"""Of a part that lacks one side only: the side that is cut, and what is left."""
_OPPOSITE: Final = ({"top", "bottom"}, {"left", "right"})


class Part(NamedTuple):
    """What a part is called, and how much of the work its box takes in, from 0 to 1."""

    name: str
    extent: float


def part_of(box: Box | None, share: float | None) -> Part:
    """The part of a work: its box, and the share of the work's area that agrees (None: all of the box).

    Its name is `whole`; `throughout`, where the box is the whole and much in it does not agree; `upper`, `lower`,
    `left-side`, `right-side`, where one side is cut, with `-half` behind, or `within-` before where much of the box
    does not agree; `middle` (`around-middle`), where all are cut alike; `between-sides` and `between-ends`, where two
    are; `from-top-left` and its like from two edges on; `at-top` and its like at one edge; `toward-…` elsewhere;
    `some` where no word is true.
    """
    if box is None:
        return Part("some", 1.0)
    left, top, right, bottom = box
    extent = (right - left) * (bottom - top)
    agreeing = extent if share is None else share
    if extent >= WHOLE and agreeing >= WHOLE:
        return Part("whole", extent)
    margins = {"top": top, "bottom": 1 - bottom, "left": left, "right": 1 - right}
    return Part(_named(margins, extent, full=agreeing >= extent - _FULL), extent)


def _named(margins: dict[str, float], extent: float, *, full: bool) -> str:
    """What a part is called that leaves these margins, in shares of each side; `full` where all of its box agrees."""
    reached = [side for side, margin in margins.items() if margin <= _EDGE]
    if len(reached) == 4:
        return "some" if full else "throughout"
    if len(reached) == 3:
        (cut,) = margins.keys() - reached
        return _band(_BANDS[cut], extent, full)
    if len(reached) == 1:
        return f"at-{reached[0]}"
    if reached and set(reached) not in _OPPOSITE:
        return "from-" + "-".join(reached)
    toward = "-".join([*_way(margins, "top", "bottom"), *_way(margins, "left", "right")])
    return f"toward-{toward}" if toward else _amid(reached, full=full)


def _amid(reached: list[str], *, full: bool) -> str:
    """What a part is called that leaves the same margin on either side."""
    if reached:
        return "between-sides" if "top" in reached else "between-ends"
    return "middle" if full else "around-middle"


def _band(name: str, extent: float, full: bool) -> str:
    if not full:
        return f"within-{name}"
    return f"{name}-half" if abs(extent - 0.5) <= _HALF else name


def _way(margins: dict[str, float], before: str, after: str) -> list[str]:
    """Toward which of two edges a part lies; toward none where both margins are equal."""
    difference = margins[before] - margins[after]
    if abs(difference) <= _EVEN:
        return []
    return [before if difference < 0 else after]
