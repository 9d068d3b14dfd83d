"""What a self-test says, in English and French, with the same facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.probability.binomial import clopper_pearson
from countermark.selftest.alterations import ALTERATIONS
from countermark.selftest.planting import LENGTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from countermark.selftest.hosts import Host
    from countermark.selftest.trial import Result, Share

NNBSP = "\u202f"
NBSP = "\u00a0"
SHOWN = 3
FRENCH = ("manual:", "messages:")

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "hosts": "Planted in real text: {pieces} pieces, {chars} characters ({source}).",
        "machine": "this machine's: Python's documentation and packages, in English, and {french} characters of "
        "manuals and program messages in French",
        "table": "Found of planted, by length in words and by what was done to the passage:",
        "words": "words",
        "all": "all",
        "verbatim": "verbatim",
        "typography": "typography",
        "html": "html",
        "ocr2": "OCR 2%",
        "ocr5": "OCR 5%",
        "words5": "words 5%",
        "words10": "words 10%",
        "found": "Found: {found} of {of}, {share} (between {low} and {high}, 95% confidence). "
        "The spans cover {covered} of the planted characters.",
        "alarms": "False alarms: {alarms} pieces of text of {pieces} ({share}; at most {high}, 95% confidence).",
        "alarm": "  {work}: “{text}”",
        "look": "Where nothing was planted, these were found. If the text really is the work's, it is no alarm:",
        "short": "No work is long enough for passages of {lengths} words.",
        "not": "This measures copies altered in these ways in this text. Paraphrase and translation are not found.",
        "next": "Next: countermark index build {works} --out works.index",
    },
    "fr": {
        "hosts": f"Passages placés dans des textes réels{NBSP}: {{pieces}} morceaux, {{chars}} caractères "
        "({source}).",
        "machine": f"textes de cette machine{NBSP}: documentation de Python et de ses paquets, en anglais, "
        "et {french} caractères de manuels et de messages de programmes en français",
        "table": "Trouvés sur placés, selon la longueur en mots et ce que le passage a subi" + f"{NBSP}:",
        "words": "mots",
        "all": "total",
        "verbatim": "tel quel",
        "typography": "typographie",
        "html": "html",
        "ocr2": f"OCR 2{NNBSP}%",
        "ocr5": f"OCR 5{NNBSP}%",
        "words5": f"mots 5{NNBSP}%",
        "words10": f"mots 10{NNBSP}%",
        "found": f"Trouvés{NBSP}: {{found}} sur {{of}}, {{share}} (entre {{low}} et {{high}}, confiance de "
        f"95{NNBSP}%). Les passages relevés couvrent {{covered}} des caractères placés.",
        "alarms": f"Fausses alertes{NBSP}: {{alarms}} morceaux de texte sur {{pieces}} ({{share}}{NNBSP}; au plus "
        f"{{high}}, confiance de 95{NNBSP}%).",
        "alarm": f"  {{work}}{NBSP}: «{NBSP}{{text}}{NBSP}»",
        "look": "Voici ce qui a été relevé là où rien n’avait été placé. Si le texte est bien celui de l’œuvre, "
        f"ce n’est pas une fausse alerte{NBSP}:",
        "short": "Aucune œuvre n’est assez longue pour des passages de {lengths} mots.",
        "not": "La mesure porte sur des copies ainsi altérées, dans ce texte. Ni la paraphrase ni la traduction "
        "ne sont trouvées.",
        "next": f"Ensuite{NBSP}: countermark index build {{works}} --out works.index",
    },
}


class Hosts(NamedTuple):
    """Where the host texts are from (None: this machine), and their amounts; `french` counts within `chars`."""

    source: str | None
    pieces: int
    chars: int
    french: int


def describe(hosts: Sequence[Host], source: str | None) -> Hosts:
    """Count the host texts."""
    french = sum(len(host.text) for host in hosts if host.name.startswith(FRENCH))
    return Hosts(source, len(hosts), sum(len(host.text) for host in hosts), french)


def lines(result: Result, lang: str, works: str, hosts: Hosts) -> list[str]:
    """Say the result in `lang`; `works` is what the user gave."""
    say = WORDS[lang]
    said = [
        say["hosts"].format(
            pieces=number(hosts.pieces, lang),
            chars=number(hosts.chars, lang),
            source=hosts.source or say["machine"].format(french=number(hosts.french, lang)),
        ),
        "",
        say["table"],
        *table(result, lang),
        "",
    ]
    absent = [length for length in LENGTHS if not any(planted.words == length for planted in result.plants)]
    if absent:
        said.append(say["short"].format(lengths=", ".join(map(str, absent))))
    said += _rates(result, lang)
    if result.alarms:
        said.append(say["look"])
        said += [
            say["alarm"].format(work=alarm.work_id, text=alarm.text[:120]) for alarm in result.alarms[:SHOWN]
        ]
    return [*said, say["not"], say["next"].format(works=works)]


def _rates(result: Result, lang: str) -> tuple[str, str]:
    """Say recall and false alarms, each with its denominator and its exact interval."""
    say = WORDS[lang]
    found = result.recall()
    low, high = clopper_pearson(found.found, found.of)
    alarm_high = clopper_pearson(result.records_with_alarm, result.records)[1]
    return (
        say["found"].format(
            found=number(found.found, lang),
            of=number(found.of, lang),
            share=percent(found.found, found.of, lang),
            low=percent(low, 1, lang),
            high=percent(high, 1, lang),
            covered=percent(result.covered_chars, result.planted_chars, lang),
        ),
        say["alarms"].format(
            alarms=number(result.records_with_alarm, lang),
            pieces=number(result.records, lang),
            share=percent(result.records_with_alarm, result.records, lang),
            high=percent(alarm_high, 1, lang),
        ),
    )


def table(result: Result, lang: str) -> list[str]:
    """Lay out found/planted by length (rows) and alteration (columns), with totals."""
    say = WORDS[lang]
    present = [length for length in LENGTHS if any(planted.words == length for planted in result.plants)]
    rows = [[say["words"], *(say[name] for name in ALTERATIONS), say["all"]]]
    for length in present:
        cells = (_cell(result, [length], [name]) for name in ALTERATIONS)
        rows.append([str(length), *cells, _cell(result, [length], ALTERATIONS)])
    rows.append(
        [
            say["all"],
            *(_cell(result, present, [name]) for name in ALTERATIONS),
            _cell(result, present, ALTERATIONS),
        ]
    )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def facts(result: Result, hosts: Hosts, seed: int) -> dict[str, Any]:
    """Give the result as plain values for JSON; intervals are Clopper-Pearson at 95 %."""
    cells = [
        {"words": length, "alteration": name, "found": share.found, "planted": share.of}
        for length in LENGTHS
        for name in ALTERATIONS
        if (share := _share(result, [length], [name])).of
    ]
    found = result.recall()
    return {
        "seed": seed,
        "hosts": {
            "source": hosts.source or "this machine",
            "pieces": hosts.pieces,
            "code_points": hosts.chars,
            "code_points_french": hosts.french,
        },
        "planted": found.of,
        "found": found.found,
        "recall_interval": clopper_pearson(found.found, found.of),
        "covered_share": result.covered_chars / max(1, result.planted_chars),
        "cells": cells,
        "records": result.records,
        "code_points": result.code_points,
        "records_with_alarm": result.records_with_alarm,
        "alarm_interval": clopper_pearson(result.records_with_alarm, result.records),
        "alarms": [{"work_id": alarm.work_id, "text": alarm.text[:300]} for alarm in result.alarms],
    }


def number(value: int, lang: str) -> str:
    """Write a whole number with its thousands apart, as `lang` does."""
    return f"{value:,}".replace(",", NNBSP) if lang == "fr" else f"{value:,}"


def percent(part: float, whole: float, lang: str) -> str:
    """Write a share in per cent, with two decimals under one per cent or over 99."""
    share = 100 * part / whole if whole else 0.0
    digits = 0 if share in (0.0, 100.0) else 2 if share < 1 or share > 99 else 1
    written = f"{share:.{digits}f}"
    return f"{written.replace('.', ',')}{NNBSP}%" if lang == "fr" else f"{written}%"


def _share(result: Result, lengths: Iterable[int], names: Iterable[str]) -> Share:
    wanted, altered = set(lengths), set(names)
    return result.recall(lambda planted: planted.words in wanted and planted.alteration in altered)


def _cell(result: Result, lengths: Iterable[int], names: Iterable[str]) -> str:
    found, of = _share(result, lengths, names)
    return f"{found}/{of}" if of else "–"
