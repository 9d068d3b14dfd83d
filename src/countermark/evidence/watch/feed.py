"""The feed of a watch (Atom, RFC 4287): an entry for each work with news; it grows with each search.

Nothing in it is of the clock or of this machine: ids are made of the digests of both runs and of the work, and dates
are given. Whatever comes from outside passes `one_line`, which leaves nothing that XML forbids. Entries of earlier
searches are kept as they stand in the feed of the last run.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, register_namespace, tostring

from countermark import __version__
from countermark.errors import RunError
from countermark.evidence.report.legible import isolated, one_line
from countermark.evidence.watch.languages import LANGUAGES
from countermark.evidence.watch.view import headline, misread

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from countermark.evidence.watch.changes import Comparison
    from countermark.language import Language

ATOM: Final = "http://www.w3.org/2005/Atom"
ENTRIES: Final = 1000
"""Entries that a feed holds at most; the oldest go first."""

TOLD: Final = frozenset({"newly-found", "first-looked-for", "no-longer-found", "not-looked-at", "changed"})
"""Works of which there is an entry; in a new crawl every passage has moved, and that is no news."""

PLACES: Final = 5
_ID: Final = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00Z")
_BYTES: Final = 16 << 20
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
register_namespace("", ATOM)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: an id, its date (RFC 3339), a title, a text, and what changed (a word of `CHANGES`)."""

    id: str
    updated: str
    title: str
    text: str
    change: str


@dataclass(frozen=True, slots=True)
class Feed:
    """The id of a feed, and its entries, the newest first."""

    id: str
    entries: tuple[Entry, ...] = ()


def feed_of(comparison: Comparison, lang: str, dated: date, earlier: Feed | None) -> bytes:
    """The feed in one language, as XML. `dated` is the date of this search's entries, `earlier` the feed so far."""
    say, facts = LANGUAGES[lang], comparison.facts
    moment = f"{dated.isoformat()}T00:00:00Z"
    feed_id = earlier.id if earlier else _urn("feed", lang, facts["last"]["run_digest"])
    places = places_of(comparison)
    works = [work for work in facts["of_works"] if work["change"] in TOLD]
    shown = works if len(works) <= ENTRIES else works[: ENTRIES - 1]
    fresh = [_entry(work, facts, places.get(work["work_id"], []), say, moment) for work in shown]
    if rest := len(works) - len(shown):
        fresh.insert(0, _rest(rest, facts, say, moment))
    known = {entry.id for entry in fresh}
    kept = [entry for entry in (earlier.entries if earlier else ()) if entry.id not in known]
    entries = (*fresh, *kept)[:ENTRIES]
    root = Element(f"{{{ATOM}}}feed", {_XML_LANG: lang})
    corpus = one_line(facts["now"]["corpus"] or "") or say.say("corpus.unnamed")
    _said(root, "id", feed_id)
    _said(root, "title", say.say("feed.title", corpus=corpus))
    _said(root, "subtitle", say.say("feed.subtitle"))
    _said(root, "updated", max([moment, *(entry.updated for entry in entries)]))
    _said(SubElement(root, f"{{{ATOM}}}author"), "name", "Countermark")
    generator = SubElement(root, f"{{{ATOM}}}generator", {"version": __version__})
    generator.text = "Countermark"
    link = {"rel": "alternate", "type": "text/html", "href": f"watch.{lang}.html"}
    SubElement(root, f"{{{ATOM}}}link", link)
    for entry in entries:
        _append(root, entry)
    indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'.encode()


def read_feed(path: Path) -> Feed | None:
    """The feed that an earlier watch wrote; None where there is none. Raises RunError where it is no such feed."""
    from defusedxml import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415

    try:
        with path.open("rb") as file:
            data = file.read(_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(data) > _BYTES:
        raise RunError(
            f"{path}: larger than any feed that a watch writes; move it away, and a new feed begins"
        )
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise RunError(f"{path}: no feed: {error}; move it away, and a new feed begins") from error
    entries = tuple(_read(entry) for entry in root.findall(f"{{{ATOM}}}entry")[:ENTRIES])
    feed_id = _text(root, "id")
    ids = (feed_id, *(entry.id for entry in entries))
    sound = all(_ID.fullmatch(each) for each in ids) and all(
        _MOMENT.fullmatch(each.updated) for each in entries
    )
    if root.tag != f"{{{ATOM}}}feed" or not sound:
        raise RunError(f"{path}: no feed that a watch wrote; move it away, and a new feed begins")
    return Feed(feed_id, entries)


def _entry(
    work: dict[str, Any], facts: dict[str, Any], places: list[str], say: Language, moment: str
) -> Entry:
    title = one_line(work["work_title"]) or one_line(work["work_id"])
    counts = [say.say(f"work.count.{name}", n=work[name]) for name in _COUNTED if work[name]]
    means = say.say(f"{work['change']}.means")
    lines = [f"{means[0].upper()}{means[1:]}.", ", ".join(counts), *_places(places, say)]
    if work["reservations_changed"]:
        lines.append(say.say("work.reserved", n=work["reservations_changed"]))
    if work["change"] in {"no-longer-found", "not-looked-at"}:
        lines.append(say.say("feed.caution"))
    if work["change"] in {"newly-found", "no-longer-found"}:
        lines += misread(facts, say)
    lines.append(headline(facts, say)[1])
    digests = facts["last"]["run_digest"], facts["now"]["run_digest"]
    return Entry(
        _urn("entry", say.code, *digests, work["work_id"]),
        moment,
        say.say("feed.entry", work=isolated(title), change=say.say(work["change"])),
        "\n".join(line for line in lines if line),
        work["change"],
    )


def _rest(rest: int, facts: dict[str, Any], say: Language, moment: str) -> Entry:
    """What is said of works for which the feed has no room."""
    digests = facts["last"]["run_digest"], facts["now"]["run_digest"]
    title, text = say.say("feed.rest", n=rest), say.say("feed.rest.where")
    return Entry(_urn("rest", say.code, *digests), moment, title, text, "rest")


_COUNTED: Final = ("new", "gone", "not-looked-at", "changed", "moved", "same")


def _places(told: list[str], say: Language) -> list[str]:
    lines = [say.say("feed.where", place=isolated(place)) for place in told[:PLACES]]
    rest = len(told) - PLACES
    return [*lines, say.say("feed.more", n=rest)] if rest > 0 else lines


def places_of(comparison: Comparison) -> dict[str, list[str]]:
    """Where each work changed: the addresses, else the shards, each once, in the order of the changes."""
    names = ["work_id", "now_record_url", "last_record_url", "now_shard", "last_shard"]
    places: dict[str, dict[str, None]] = defaultdict(dict)
    for batch in comparison.rows.select(names).to_batches(max_chunksize=4096):
        for work, *told in zip(*(batch.column(i).to_pylist() for i in range(len(names))), strict=True):
            places[work][one_line(next((place for place in told if place), ""), 300)] = None
    return {work: list(told) for work, told in places.items()}


def _urn(*parts: str) -> str:
    digest = hashlib.sha256("\0".join(("countermark.watch", *parts)).encode("utf-8", "backslashreplace"))
    return f"urn:uuid:{uuid.UUID(bytes=digest.digest()[:16], version=5)}"


def _append(root: Element, entry: Entry) -> None:
    element = SubElement(root, f"{{{ATOM}}}entry")
    _said(element, "id", entry.id)
    _said(element, "title", entry.title)
    _said(element, "updated", entry.updated)
    SubElement(element, f"{{{ATOM}}}category", {"term": entry.change})
    content = SubElement(element, f"{{{ATOM}}}content", {"type": "text"})
    content.text = entry.text


def _said(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _read(element: Element) -> Entry:
    category = element.find(f"{{{ATOM}}}category")
    change = category.get("term", "") if category is not None else ""
    entry_id, updated, title = (_text(element, name) for name in ("id", "updated", "title"))
    return Entry(entry_id, updated, title, _text(element, "content"), change)


def _text(element: Element, name: str) -> str:
    return (element.findtext(f"{{{ATOM}}}{name}") or "").strip()
