"""Write `src/countermark/web/fields/countries.csv`: the countries of ISO 3166-1 with their French and English names.

The codes are those of `iso3166.tab` in the time zone database (public domain), the names those of Unicode's CLDR as
Babel carries it. Both are needed only here; the table is committed.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from babel import Locale
from babel import __version__ as babel_version

CODES = Path("/usr/share/zoneinfo/iso3166.tab")
TARGET = Path(__file__).parents[1] / "src/countermark/web/fields/countries.csv"
HOW_MANY = 249  # ISO 3166-1, officially assigned


def assigned() -> list[str]:
    """The alpha-2 codes, sorted."""
    lines = CODES.read_text(encoding="utf-8").splitlines()
    return sorted(line.split("\t")[0] for line in lines if line and not line.startswith("#"))


def main() -> int:
    """Write the table; fails where the codes are not the 249 of the standard."""
    codes = assigned()
    if len(codes) != HOW_MANY:
        print(f"{CODES} has {len(codes)} codes, not {HOW_MANY}", file=sys.stderr)
        return 1
    names = {language: Locale(language).territories for language in ("fr", "en")}
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(["code", "fr", "en"])
        rows.writerows([code, names["fr"][code], names["en"][code]] for code in codes)
    print(f"{len(codes)} countries, names of CLDR in Babel {babel_version}: {TARGET}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
