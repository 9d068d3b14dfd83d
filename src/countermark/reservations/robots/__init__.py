"""robots.txt (RFC 9309): parsed once, asked as often as wanted.

    patterns    `*` and `$`, in time linear in pattern and path
    lines       the bytes of a file as numbered lines, whatever their encoding and line ends
    remembered  files that were parsed lately
    file        groups of agents, the rule that decides, the lines of extensions
    reading     what a rule says of a target, as statements
    hazards     what a file says that its readers will take differently

Extensions (Content-Usage, Content-Signal, License) have files of their own: they ask a `Robots` for its lines.
"""

from countermark.reservations.robots.file import MAX_LINES, MAX_SIZE, Robots, parse_robots
from countermark.reservations.robots.hazards import hazards
from countermark.reservations.robots.lines import MAX_LINE, Line
from countermark.reservations.robots.patterns import encoded, match_length
from countermark.reservations.robots.reading import read_robots

__all__ = [
    "MAX_LINE",
    "MAX_LINES",
    "MAX_SIZE",
    "Line",
    "Robots",
    "encoded",
    "hazards",
    "match_length",
    "parse_robots",
    "read_robots",
]
