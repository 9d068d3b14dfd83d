"""What the works list sums up: the works by data set, and where data and rules come from."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from countermark.claims.words import SEMICOLON, cited, unverified
from countermark.claims.works_list_rows import (
    GRADES,
    TOLD,
    Heading,
    best_grade,
    counted,
    day,
    head_of,
    media_of,
    seen_in,
    title,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from countermark.claims.works_list_rows import Cell
    from countermark.language import Language

_ALL = ("", "")


class Totals:
    """Counts works by data set and copy; a work found by several runs in one copy counts once there."""

    def __init__(self, claim: Mapping[str, Any]) -> None:
        """Data sets in which nothing was found are listed too."""
        self._rules: list[Mapping[str, Any]] = list(claim["rules"])
        self._media = media_of(claim)
        self._works = 0
        self._counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for run in claim.get("runs", ()):
            self._counts[str(run.get("corpus", "")), str(run.get("snapshot", ""))].clear()

    def add(self, line: Mapping[str, Any]) -> None:
        """Count one work."""
        self._works += 1
        seen: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
        for found in seen_in(line.get("found", ())):
            seen[str(found.get("corpus", "")), str(found.get("snapshot", ""))].append(found)
            seen[_ALL].append(found)
        claimable = [rule for rule, way in line.get("rules", {}).items() if way["claimable"]]
        for place, found_there in seen.items():
            counts, best = self._counts[place], best_grade(found_there)
            counts[f"grade {best}"] += 1
            if best in TOLD:  # in a column of its own; such a work is not one that was seen
                continue
            counts["works"] += 1
            counts["rows"] += sum(map(counted, found_there))
            counts.update(f"rule {rule}" for rule in claimable)

    def headings(self, language: Language) -> list[Heading]:
        """The columns of the totals."""
        say = language.say
        graded = [Heading(say("totals.grade", grade=say(f"grade.{grade}")), 16) for grade in GRADES]
        ruled = [Heading(say("list.rule", title=title(rule, language)), 22) for rule in self._rules]
        return [
            Heading(say("totals.data_set"), 34),
            Heading(say("totals.snapshot"), 16),
            Heading(say("totals.works"), 14),
            *graded,
            Heading(say("totals.rows"), 12),
            *([Heading(head_of("told", language, self._media, "totals"), 16)] if self._media else []),
            *ruled,
        ]

    def rows(self, language: Language) -> Iterator[list[Cell]]:
        """One row for each data set, then all of them, each work once, then the works of the catalog."""
        for place in sorted(place for place in self._counts if place != _ALL):
            yield self._row(
                place[0], day(place[1], language) or language.say("snapshot.unknown"), self._counts[place]
            )
        yield self._row(language.say("totals.all"), "", self._counts.get(_ALL, Counter()))
        yield [language.say("totals.catalog"), "", self._works]

    def _row(self, corpus: str, snapshot: str, counts: Counter[str]) -> list[Cell]:
        graded = [counts[f"grade {grade}"] for grade in GRADES]
        ruled = [counts[f"rule {rule['id']}"] for rule in self._rules]
        told = [sum(counts[f"grade {grade}"] for grade in TOLD)] if self._media else []
        return [corpus, snapshot, counts["works"], *graded, counts["rows"], *told, *ruled]


def software(claim: Mapping[str, Any]) -> str:
    """What made the claim, by its name as a word begins a line."""
    told = str(claim.get("software", ""))
    return told[:1].upper() + told[1:]


def head(claim: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """For whom and against whom the claim is made, and from which searches, as pairs of label and value."""
    say, rows = language.say, []
    claimant, respondent = claim.get("claimant") or {}, claim.get("respondent") or {}
    rows.append((say("claimant"), ", ".join(claimant.get("names", ())) or say("claimant.none")))
    if respondent:
        named = (str(respondent.get(key) or "") for key in ("name", "product"))
        rows.append((say("respondent"), ", ".join(name for name in named if name)))
    for run in claim.get("runs", ()):
        copied = language.date(str(run.get("snapshot") or ""))
        told = say("snapshot", date=copied) if copied else say("snapshot.unknown")
        rows.append((say("runs"), f"{run.get('corpus') or run.get('run', '')} ({told})"))
    return rows


def source_headings(language: Language) -> list[Heading]:
    """The columns of the sources."""
    return [Heading(language.say("sources.what"), 34), Heading(language.say("sources.said"), 110)]


def sources(claim: Mapping[str, Any], language: Language) -> Iterator[list[Cell]]:
    """Day, software, catalog, runs with their digests, and each rule with its status, dates, sources and digest."""
    say = language.say
    between = SEMICOLON[language.code]
    yield [say("disclaimer"), say("seen")]
    yield [say("sources.claim_date"), day(claim["date"], language)]
    yield [say("sources.software"), software(claim)]
    yield [say("sources.catalog"), str((claim.get("catalog") or {}).get("digest", ""))]
    for run in claim.get("runs", ()):
        said = (str(run.get("corpus", "")), day(run.get("snapshot"), language), str(run.get("digest", "")))
        yield [say("sources.run", run=run.get("run", "")), between.join(part for part in said if part)]
    for rule in claim["rules"]:
        yield from _rule(rule, language)


def _rule(rule: Mapping[str, Any], language: Language) -> Iterator[list[Cell]]:
    say, name, between = language.say, rule["id"], SEMICOLON[language.code]
    yield [say("sources.rule", id=name), title(rule, language)]
    status = f"rule.status.{rule.get('status', '')}"
    told = say(status) if status in language.messages else str(rule.get("status", ""))
    dates = "sources.dates" if rule.get("valid_from") else "sources.no_dates"
    said = say(dates, **{key: day(rule.get(key), language) for key in ("valid_from", "last_checked")})
    yield [say("sources.status", id=name), f"{told}{between}{said}"]
    for source in rule.get("sources", ()):
        quality = f"quality.{source.get('quality', '')}"
        graded = say(quality) if quality in language.messages else str(source.get("quality", ""))
        parts = (cited(language, source), source.get("url", ""), graded)
        yield [say("sources.source", id=name), between.join(str(part) for part in parts if part)]
    if marked := unverified(language, rule):
        yield [say("sources.status", id=name), marked]
    for note in rule.get("notes", ()):
        mark = f" ({say('unverified')})" if note.get("quality") in ("w", "m") else ""
        key = "sources.ask" if note.get("ask") else "sources.note"
        yield [say(key, id=name), f"{note.get(language.code, '')}{mark}"]
    yield [say("sources.digest", id=name), str(rule.get("digest", ""))]
