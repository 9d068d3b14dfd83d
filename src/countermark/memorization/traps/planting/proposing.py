"""What could be planted in each work of a folder or a catalogue: the sheet before an editor has seen it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from countermark.documents import read_bytes
from countermark.errors import DocumentError, InputError
from countermark.media import Refusal
from countermark.memorization.traps.candidates import CANDIDATES
from countermark.memorization.traps.forms import passphrases, slots
from countermark.memorization.traps.forms.finding import (
    SPELLINGS,
    context_after,
    context_before,
    find_variants,
    language_of,
)
from countermark.memorization.traps.forms.protected import protected_ranges
from countermark.memorization.traps.forms.variants import MOST_SITES
from countermark.memorization.traps.planting.flow import open_flow
from countermark.memorization.traps.planting.mapping import Edit, trimmed
from countermark.memorization.traps.sheet import Sheet, SheetWork, Site
from countermark.memorization.traps.trap_file import is_inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from countermark.documents import Document
    from countermark.memorization.traps.forms.pairs import Headline, Pair
    from countermark.memorization.traps.key import TrapKey
    from countermark.memorization.traps.planting.flow import Flow
    from countermark.works.work import WorkFile

_MOST_FILE: Final = 64 << 20  # bytes; a work of text has fewer


@dataclass(frozen=True)
class Wish:
    """What is to be planted: `language` overrides what works say of theirs; `pairs` None means the shipped ones."""

    form: str = "variants"
    channels: tuple[str, ...] = ("web",)
    language: str = ""
    candidates: int = CANDIDATES
    pairs: tuple[Pair, ...] | None = None
    headlines: tuple[Headline, ...] = ()


@dataclass
class Proposal:
    """The sheet, and what of the works is not in it, with reasons."""

    sheet: Sheet
    refused: list[Refusal] = field(default_factory=list)


def propose(given: Path, out: Path, key: TrapKey, wish: Wish) -> Proposal:
    """The sheet of the works in `given`, for the folder `out`. Raises InputError where it would be empty."""
    from countermark.works.reading import READ_ANYWAY, read_works  # noqa: PLC0415  loads the tables of Arrow

    base = given if given.is_dir() else given.parent
    refused: list[Refusal] = []
    works: dict[str, SheetWork] = {}
    for item in read_works([given]):
        if isinstance(item, Refusal):
            if item.reason not in READ_ANYWAY:
                refused.append(item)
            continue
        work = _work(item, base, wish, len(works) + 1, known=item.work.work_id in works)
        if isinstance(work, Refusal):
            refused.append(work)
        else:
            works[work.work] = work
    if not works:
        why = f"; the first: {refused[0].detail}" if refused else ""
        raise InputError(f"{given}: there is nothing in it that can be planted{why}")
    folder = os.path.relpath(base.resolve(), out.resolve()).replace(os.sep, "/")
    sheet = Sheet(key.digest, folder, wish.form, wish.channels, wish.candidates, tuple(works.values()))
    return Proposal(sheet, refused)


def _work(item: WorkFile, base: Path, wish: Wish, number: int, *, known: bool) -> SheetWork | Refusal:
    name = item.asset.path
    try:
        flow, document = open_flow(_bytes(item, base, known=known), (base / name).name)
        language = _language(document, wish)
        sites = tuple(_sites(item, flow, document, wish, language, number))
    except DocumentError as error:
        return Refusal(name, -1, error.reason, f"{name}: {error}")
    if not sites:
        return Refusal(name, -1, "no-site", f"{name}: has no place that the form {wish.form} could use")
    digest = f"sha256:{item.asset.digest}"
    return SheetWork(item.work.work_id, item.work.title, name, digest, language, sites)


def _bytes(item: WorkFile, base: Path, *, known: bool) -> bytes:
    """The bytes of a work's file. Raises DocumentError."""
    name = item.asset.path
    if known:
        raise DocumentError("further", "is another file of a work that has one already; give one file a work")
    if not is_inside(name):
        raise DocumentError("outside", "lies outside the folder that was given")
    data = read_bytes(base / name)
    if len(data) > _MOST_FILE:
        raise DocumentError("too-large", f"has {len(data):,} bytes; up to {_MOST_FILE:,} can be planted")
    if hashlib.sha256(data).hexdigest() != item.asset.digest:
        raise DocumentError("changed", "changed while it was read")
    return data


def _language(document: Document, wish: Wish) -> str:
    found = wish.language or language_of(document.language, document.text)
    if not found:
        raise DocumentError("language", "is in a language that cannot be told; give --language en or fr")
    return found


def _sites(
    item: WorkFile, flow: Flow, document: Document, wish: Wish, language: str, number: int
) -> Iterator[Site]:
    if wish.form != "variants":
        yield from _lines(flow, wish.form, language, f"w{number}")
        return
    pairs: Sequence[Pair] = SPELLINGS[language] if wish.pairs is None else wish.pairs
    ours = {item.work.work_id, item.asset.path}
    headlines = [one for one in wish.headlines if one.of in ours]
    protected = protected_ranges(flow.text, markdown=document.format == "markdown", also=flow.protected)
    text, count = flow.text, 0
    for one in find_variants(text, language, pairs, headlines, protected):
        others = [Edit(one.start, one.end, new) for new in one.renderings]
        if count == MOST_SITES or not all(flow.can_take(trimmed(text, edit)) for edit in others):
            continue
        count += 1
        yield Site(
            f"w{number}-{count}", one.kind, one.start, one.end, one.renderings, one.group,
            context_before(text, one.start), context_after(text, one.end),
        )  # fmt: skip


def _lines(flow: Flow, form: str, language: str, prefix: str) -> Iterator[Site]:
    """The one line that is added, wherever it may stand."""
    places = tuple(place.name for place in flow.places)
    drawn = form == "passphrase"
    shown = " ".join("□" * passphrases.WORDS) if drawn else slots.shown(slots.TEMPLATES[form, language])
    if places:
        before = context_before(flow.text, flow.places[0].at)
        yield Site(f"{prefix}-1", form, -1, -1, (shown,), before=before, places=places)
