"""The identifier of each work of a catalog.

1. The `work_id` that the user chose; the smallest, where records that were merged have several.
2. Else the `identity.listed_work_id` of title and author, where the records name both and no other work of the catalog
   has the same: so an index made from the folder or from works.csv has the same identifiers. Of several, that of most
   records, then the smallest.
3. Else one derived from the strongest identifier that is evidence (`evidence.STRENGTH`) and not in dispute.
4. Else one derived from what the records say, without where they stand.

Where two works would come out alike, the later ones are numbered. None of this depends on the order of the inputs but
the numbering of works that say exactly the same.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from countermark.works.catalog.evidence import kind_of, strength_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Sequence


def chosen_id(db: sqlite3.Connection, records: Iterable[int]) -> str:
    """The `work_id` that the user chose for one of `records`, or the empty string."""
    query = "SELECT value FROM identifiers WHERE record = ? AND scheme = 'work_id'"
    return min((value for n in records for (value,) in db.execute(query, (n,))), default="")


def named_id(names: Sequence[int], shared: Collection[int]) -> str:
    """The identifier by title and author out of `names` (0: none), unless other works have it too."""
    counts = Counter(name for name in names if name and name not in shared)
    if not counts:
        return ""
    best = min(counts, key=lambda name: (-counts[name], name))
    return f"w{best:016x}"


def derived_id(db: sqlite3.Connection, records: Sequence[int], disputed: Collection[str]) -> str:
    """The identifier by the strongest identifier of `records`, or by what they say."""
    query = "SELECT DISTINCT scheme, value FROM identifiers WHERE record = ? AND place IN ('work', 'edition')"
    found = {(scheme, value) for n in records for scheme, value in db.execute(query, (n,))}
    known = [
        (strength_of(scheme), scheme, value)
        for scheme, value in found
        if kind_of(scheme, "work") and f"{scheme}:{value}" not in disputed
    ]
    if known:
        _, scheme, value = min(known)
        return digest_id("identifier", scheme, value)
    bodies = (db.execute("SELECT body FROM records WHERE n = ?", (n,)).fetchone()[0] for n in records)
    return digest_id("record", *sorted(bodies))


def number_equals(db: sqlite3.Connection) -> None:
    """Give every work an identifier of its own."""
    query = "SELECT work_id FROM works GROUP BY work_id HAVING count(*) > 1 ORDER BY work_id"
    while equals := [work_id for (work_id,) in db.execute(query)]:
        for work_id in equals:
            rows = db.execute("SELECT n FROM works WHERE work_id = ? ORDER BY n", (work_id,)).fetchall()
            renamed = [(digest_id("again", work_id, str(at)), n) for at, (n,) in enumerate(rows) if at]
            db.executemany("UPDATE works SET work_id = ? WHERE n = ?", renamed)


def digest_id(*parts: str) -> str:
    """`w` and 16 hexadecimal digits, as `works.identity` makes them."""
    return "w" + hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
