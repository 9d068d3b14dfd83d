"""The editor's sheet: what could be planted in each work, and what the editor approves.

The editor sees every place and both ways of writing it, and decides without knowing which will be published: a decision
that hung on the draw would spoil its fairness. `sheet.json` says what was found and is not to be changed; `sheet.csv`
is the same for a spreadsheet, of which the columns `approve` and `place` are read back.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from countermark.documents import decode
from countermark.errors import DocumentError, PlanError
from countermark.memorization.traps.candidates import MOST_CANDIDATES
from countermark.memorization.traps.forms.forms import LANGUAGES, form_of
from countermark.memorization.traps.forms.pairs import LONGEST_CELL
from countermark.memorization.traps.forms.variants import MOST_RENDERINGS
from countermark.memorization.traps.key import GENERATOR
from countermark.memorization.traps.planting.mapping import END, PLACES
from countermark.memorization.traps.trap_file import CHANNEL, is_inside, parsed, read_json_bytes
from countermark.paper.cells import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME: Final = "sheet.csv"
TWIN: Final = "sheet.json"
FORMAT: Final = "countermark-trap-sheet-1"
COLUMNS: Final = (
    *("id", "work", "title", "file", "kind", "place", "possible places", "group"),
    *("first rendering", "second rendering", "further renderings", "approve"),
)
_YES: Final = frozenset({"yes", "y", "oui", "o", "x", "1", "true", "vrai"})
_NO: Final = frozenset({"", "no", "n", "non", "0", "false", "faux"})
_SHOWN: Final = 70  # characters of context around a rendering


@dataclass(frozen=True)
class Site:
    """A place that an editor decides on: `[start, end)` of the text and its renderings, or a line that is added.

    For a line, `start` is -1, `renderings` holds the sentence with boxes for what is drawn, and `places` where it can
    stand. `before` and `after` are what is shown around it.
    """

    id: str
    kind: str
    start: int
    end: int
    renderings: tuple[str, ...]
    group: str = ""
    before: str = ""
    after: str = ""
    places: tuple[str, ...] = ()
    place: str = ""
    approved: bool = False


@dataclass(frozen=True)
class SheetWork:
    """A work and the file that is planted, with `source` the digest of its bytes."""

    work: str
    title: str
    file: str
    source: str
    language: str
    sites: tuple[Site, ...]


@dataclass(frozen=True)
class Sheet:
    """A whole sheet; `works_folder` is where the files are, seen from the folder of the sheet."""

    key: str
    works_folder: str
    form: str
    channels: tuple[str, ...]
    candidates: int
    works: tuple[SheetWork, ...]


def sheet_json(sheet: Sheet) -> bytes:
    """The bytes of `sheet.json`."""
    said = {"format": FORMAT, "generator": GENERATOR} | asdict(sheet)
    for work in said["works"]:
        for site in work["sites"]:
            del site["approved"], site["place"]  # those are the editor's, in the table
    return (json.dumps(said, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def sheet_csv(sheet: Sheet) -> bytes:
    """The bytes of `sheet.csv`: UTF-8 with a mark, which spreadsheets need to read accents."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for work in sheet.works:
        for site in work.sites:
            writer.writerow(harmless(cell) for cell in _row(work, site))
    return stream.getvalue().encode("utf-8-sig")


def read_sheet(folder: Path) -> Sheet:
    """The sheet of a folder with what the editor approved. Raises PlanError, which names the row."""
    said = parsed(read_json_bytes(folder / TWIN, "trap new"), folder / TWIN)
    if said.get("format") != FORMAT or said.get("generator") != GENERATOR:
        raise PlanError(f"{folder / TWIN}: is no sheet of this version; `countermark trap new` writes one")
    try:
        sheet = _sheet(said)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise PlanError(f"{folder / TWIN}: was changed by hand and no longer fits ({error})") from None
    decisions = dict(_decisions(folder / NAME, sheet))
    return replace(
        sheet,
        works=tuple(
            replace(work, sites=tuple(decisions.get(site.id, site) for site in work.sites))
            for work in sheet.works
        ),
    )


def _row(work: SheetWork, site: Site) -> Iterator[str]:
    yield from (site.id, work.work, work.title, work.file, site.kind, END if site.places else "")
    yield from (", ".join(site.places), site.group)
    shown = [
        f"… {site.before[-_SHOWN:]}[{text}]{site.after[:_SHOWN]} …".replace("\n", " ")
        for text in site.renderings
    ]
    yield from (shown[0], shown[1] if len(shown) > 1 else "", " | ".join(shown[2:]), "")


def _decisions(path: Path, sheet: Sheet) -> Iterator[tuple[str, Site]]:
    """What each row of the table decides."""
    sites = {site.id: site for work in sheet.works for site in work.sites}
    told: set[str] = set()
    for line, row in _rows(path):
        name = (row["id"] or "").strip()
        if not name and not any(row.values()):
            continue
        if name not in sites or name in told:
            why = "stands twice" if name in told else "is none of this sheet"
            raise PlanError(f"{path}, line {line}, column id: {name!r} {why}")
        told.add(name)
        yield name, _decided(sites[name], row, f"{path}, line {line}")


def _decided(site: Site, row: dict[str, str], where: str) -> Site:
    said = (row["approve"] or "").strip().lower()
    if said not in _YES and said not in _NO:
        raise PlanError(f"{where}, column approve: {said!r}; yes or no is accepted")
    place = (row.get("place") or "").strip().lower() or END
    if site.places and said in _YES and place not in site.places:
        raise PlanError(f"{where}, column place: {place!r}; accepted here: {', '.join(site.places)}")
    return replace(site, approved=said in _YES, place=place if site.places else "")


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of the table as a spreadsheet may have saved it: any encoding; commas, semicolons or tabs."""
    try:
        text, _ = decode(read_json_bytes(path, "trap new"))
    except DocumentError as error:
        raise PlanError(f"{path}: is no table of text: {error}") from None
    head = text.removeprefix("\ufeff").partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(LONGEST_CELL)  # of the whole process: other readers set their own
    reader = csv.DictReader(
        io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, restval=""
    )
    try:
        if reader.fieldnames is None or not {"id", "approve"} <= set(reader.fieldnames):
            raise PlanError(f"{path}: the columns id and approve are needed in its first line")
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise PlanError(f"{path}, line {reader.line_num}: is no CSV: {error}") from None


def _sheet(said: dict[str, Any]) -> Sheet:
    """Raises KeyError, TypeError, ValueError where the twin is not as it was written."""
    form_of(said["form"])
    channels, count = tuple(said["channels"]), said["candidates"]
    _hold(channels and all(CHANNEL.fullmatch(name) for name in channels), "channels")
    _hold(type(count) is int and 2 <= count <= MOST_CANDIDATES, "candidates")
    _hold(isinstance(said["works_folder"], str) and isinstance(said["key"], str), "works_folder or key")
    works = tuple(_work(work) for work in said["works"])
    for values in ([work.work for work in works], [s.id for w in works for s in w.sites], channels):
        _hold(len(set(values)) == len(values), "something stands twice")
    return Sheet(said["key"], said["works_folder"], said["form"], channels, count, works)


def _work(said: dict[str, Any]) -> SheetWork:
    sites = tuple(_site(site) for site in said["sites"])
    texts = [said[name] for name in ("work", "title", "file", "source", "language")]
    _hold(all(isinstance(text, str) for text in texts) and is_inside(said["file"]), "the texts of a work")
    _hold(said["language"] in LANGUAGES, "language")
    work, title, file, source, language = texts
    return SheetWork(work, title, file, source, language, sites)


def _site(said: dict[str, Any]) -> Site:
    renderings, places = tuple(said["renderings"]), tuple(said["places"])
    texts = [said[name] for name in ("id", "kind", "group", "before", "after")]
    _hold(all(isinstance(text, str) for text in (*texts, *renderings)), "the texts of a site")
    _hold(type(said["start"]) is int and type(said["end"]) is int, "start or end")
    _hold(1 <= len(renderings) <= MOST_RENDERINGS and set(places) <= set(PLACES), "renderings or places")
    return Site(
        said["id"], said["kind"], said["start"], said["end"], renderings, said["group"], said["before"],
        said["after"], places,
    )  # fmt: skip


def _hold(holds: object, what: str) -> None:
    if not holds:
        raise ValueError(what)
