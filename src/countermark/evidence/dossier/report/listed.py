"""The rows of a listing that name works, as a table: what agreed, what the row says, and who else is called so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from countermark.errors import RunError
from countermark.paper.blocks import Block, heading, paragraph, table

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.language import Language

ROWS_SHOWN: Final = 20
LETTERS: Final = 120
_BY_NAME: Final = re.compile(r"title\+name(?: \((.*)\))?")
_FORGIVEN: Final = re.compile(r"(title|name) (initials|romanised|subtitle|slip|family)")
_LINK: Final = (
    "work_id", "grade", "evidence", "score", "shard", "row", "title", "names", "is_control",
    "same_name_rows", "same_title_rows", "same_name_works",
)  # fmt: skip


def listed(run: Path, say: Language) -> list[Block]:
    """The rows found, those by identifier first, then the best by name. Raises RunError where tables are damaged."""
    links = _table(run / "links.parquet", _LINK)
    works = _table(run / "works.parquet", ("work_id", "work_title"))
    titles = {work["work_id"]: work["work_title"] for work in works}
    found = [link for link in links if not link["is_control"]]
    if not found:
        return []
    found.sort(key=lambda link: (link["grade"] != "identifier", -link["score"], link["work_id"], link["row"]))
    columns = [
        (say.say("listed.work"), "left", "2"),
        (say.say("listed.evidence"), "left", "2.4"),
        (say.say("listed.row"), "left", "1.5"),
        (say.say("listed.says"), "left", "2.8"),
        (say.say("listed.names"), "right", "auto"),
        (say.say("listed.titles"), "right", "auto"),
    ]
    rows = [_row(link, titles, say) for link in found[:ROWS_SHOWN]]
    blocks = [heading(say.say("listed"), 2), paragraph(say.say("listed.lead"), "faded"), table(columns, rows)]
    if len(found) > ROWS_SHOWN:
        blocks.append(paragraph(say.say("listed.rest", n=len(found) - ROWS_SHOWN), "faded"))
    return blocks


def _table(path: Path, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = pq.read_table(path, columns=list(columns)).to_pylist()
    except (OSError, KeyError, pa.ArrowException) as error:
        raise RunError(
            f"{path}: cannot be read: {error}; give 'countermark link' again to make it anew"
        ) from error
    return rows


def _row(link: dict[str, Any], titles: dict[str, str], say: Language) -> tuple[str, ...]:
    says = " – ".join(text for text in (link["title"], link["names"]) if text)
    by_name = link["grade"] == "name"
    return (
        titles.get(link["work_id"], link["work_id"])[:LETTERS],
        f"{link['grade']}|{_evidence(link['evidence'], say)}",
        say.say("listed.place", shard=link["shard"], row=link["row"]),
        says[:LETTERS] or "–",
        say.number(link["same_name_rows"]) if by_name else "–",
        say.number(link["same_title_rows"]),
    )


def _evidence(said: str, say: Language) -> str:
    """An identifier as it stands; of `title+name (title slip)` the words of the language."""
    by_name = _BY_NAME.fullmatch(said)
    if by_name is None:
        return said
    loose = [
        say.say(f"forgiven.{what}", kind=say.say(f"forgiven.{kind}"))
        for what, kind in _FORGIVEN.findall(by_name[1] or "")
    ]
    return say.say("forgiven") + (f" ({', '.join(loose)})" if loose else "")
