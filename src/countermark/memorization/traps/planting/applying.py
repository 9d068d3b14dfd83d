"""From an approved sheet to planted copies: one folder a channel, and `traps.json`. The works stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from countermark.atomic import make_folder, write_bytes
from countermark.documents import read_bytes
from countermark.errors import DocumentError, OutputError, PlanError
from countermark.memorization.traps import trap_file
from countermark.memorization.traps.candidates import Trap, published_texts
from countermark.memorization.traps.forms import passphrases, slots
from countermark.memorization.traps.forms.finding import context_after, context_before
from countermark.memorization.traps.forms.forms import form_of
from countermark.memorization.traps.forms.payloads import BEFORE
from countermark.memorization.traps.planting.flow import open_flow, planted
from countermark.memorization.traps.planting.mapping import Edit, trimmed
from countermark.memorization.traps.trap_file import Planted, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from countermark.memorization.traps.key import TrapKey
    from countermark.memorization.traps.planting.flow import Flow
    from countermark.memorization.traps.sheet import Sheet, SheetWork, Site

COPIES: Final = "copies"
_SHOWN: Final = 40


@dataclass(frozen=True)
class Change:
    """What a copy says at one place: the text around it, as it was, and as it is."""

    before: str
    old: str
    new: str
    after: str


@dataclass(frozen=True)
class Copy:
    """One planted copy: where it is written, its bytes, and its changes in the order of the text."""

    target: Path
    data: bytes
    planted: Planted
    changes: tuple[Change, ...]


def copies_of(folder: Path, sheet: Sheet, key: TrapKey, works: Path | None = None) -> Iterator[Copy]:
    """The copies of the approved works, one after the other, each read again as its readers will read it.

    `works` is where the files are, if they were moved since the sheet was made. Raises PlanError: another key, nothing
    approved, a file that changed since; DocumentError where a copy would not read as it was meant.
    """
    if key.digest != sheet.key:
        raise PlanError("the key is another than the one that the sheet was made with; plant with that one")
    approved = [work for work in sheet.works if any(site.approved for site in work.sites)]
    if not approved:
        raise PlanError(f"{folder}: nothing is approved; write yes in the column approve of the sheet")
    base = works if works is not None else folder / sheet.works_folder
    for work in approved:  # all of them, before the first copy is made
        _source(base, work)
    for work in approved:
        try:
            yield from _work(folder, base, work, sheet, key)
        except DocumentError as error:
            raise PlanError(f"{base / work.file}: {error}") from None


def write_copies(
    folder: Path,
    make: Callable[[], Iterator[Copy]],
    key: TrapKey,
    told: Callable[[Copy], None] = lambda _: None,
) -> Path:
    """Write the copies that `make` gives, one after the other, and at last `traps.json`; `told` hears of each.

    Raises PlanError, before anything is written, where `traps.json` says that other traps were planted; OutputError.
    """
    path = folder / trap_file.NAME
    if path.exists() and path.read_bytes() != trap_file.traps_json([copy.planted for copy in make()], key):
        raise PlanError(
            f"{path}: says that other traps were planted; copies of them that went out can be tested only with it. "
            "Make a new sheet in another folder, or move this one away"
        )
    done = []
    for copy in make():
        make_folder(copy.target.parent)
        write_bytes(copy.target, copy.data)
        if digest_of(copy.target.read_bytes()) != copy.planted.copy:
            raise OutputError(f"{copy.target}: does not read back as it was written")
        done.append(copy.planted)
        told(copy)
    write_bytes(path, trap_file.traps_json(done, key))
    trap_file.read_traps(path)
    return path


def _work(folder: Path, base: Path, work: SheetWork, sheet: Sheet, key: TrapKey) -> Iterator[Copy]:
    name = (base / work.file).name
    flow, _ = open_flow(_source(base, work), name)
    sites = sorted((site for site in work.sites if site.approved), key=lambda site: site.start)
    payload = _payload(flow, sites, sheet.form, work)
    form = form_of(sheet.form)
    form.check(payload)
    count = min(sheet.candidates, form.space(payload))
    for channel in sheet.channels:
        trap = Trap(work.work, work.title, channel, sheet.form, work.language, count, payload)
        edits = _edits(flow, sites, trap, published_texts(trap, key))
        copy = planted(flow, [trimmed(flow.text, edit) for edit in edits], name)
        target = folder / COPIES / channel / work.file
        changes = tuple(_change(flow.text, edit) for edit in edits)
        yield Copy(target, copy, Planted(trap, work.file, work.source, digest_of(copy)), changes)


def _source(base: Path, work: SheetWork) -> bytes:
    """The bytes of a work's file, which are those that the editor saw the text of. Raises PlanError."""
    try:
        data = read_bytes(base / work.file)
    except DocumentError as error:
        raise PlanError(f"{base / work.file}: {error}") from None
    if digest_of(data) != work.source:
        raise PlanError(f"{base / work.file}: changed since the sheet was made; make the sheet anew")
    return data


def _payload(flow: Flow, sites: Sequence[Site], form: str, work: SheetWork) -> dict[str, Any]:
    """What a trap says of its work. The contexts are those of the text as its editor wrote it."""
    if form == "variants":
        return {"sites": [_site(flow.text, site, work) for site in sites]}
    place = next((one for one in flow.places if one.name == sites[0].place), None)
    if place is None or len(sites) != 1:
        raise PlanError(f"{work.file}: the line has no place {sites[0].place!r} there")
    said = (
        passphrases.payload_of(work.language)
        if form == "passphrase"
        else slots.payload_of(form, work.language)
    )
    before = context_before(flow.text, place.at, BEFORE - len(place.lead)) + place.lead
    return {**said, "before": before, "after": "", "place": place.name}


def _site(text: str, site: Site, work: SheetWork) -> dict[str, Any]:
    if not 0 <= site.start < site.end <= len(text) or text[site.start : site.end] not in site.renderings:
        raise PlanError(
            f"{work.file}, site {site.id}: the sheet does not fit the text; it was changed by hand"
        )
    return {
        "before": context_before(text, site.start),
        "after": context_after(text, site.end),
        "renderings": list(site.renderings),
        "group": site.group,
        "kind": site.kind,
    }


def _edits(flow: Flow, sites: Sequence[Site], trap: Trap, texts: Sequence[str]) -> list[Edit]:
    if trap.form == "variants":
        edits = [Edit(site.start, site.end, text) for site, text in zip(sites, texts, strict=True)]
        if any(one.end > other.start for one, other in pairwise(edits)):
            raise PlanError(f"work {trap.work}: two sites of the sheet overlap; it was changed by hand")
        return edits
    place = next(one for one in flow.places if one.name == trap.payload["place"])
    template = trap.payload.get("template")
    line = slots.sentence_of(template, texts[0]) if template else texts[0]
    return [Edit(place.at, place.at, line, place)]


def _change(text: str, edit: Edit) -> Change:
    before, after = text[max(0, edit.start - _SHOWN) : edit.start], text[edit.end : edit.end + _SHOWN]
    return Change(before, text[edit.start : edit.end], edit.new, after)
