"""A letter from its template and the facts: plain text, or a page that any word processor opens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from countermark.errors import InputError
from countermark.language import Language, languages

if TYPE_CHECKING:
    from countermark.claims.letters.facts import LetterFacts

TEMPLATES: Final = Path(__file__).parent / "templates"


class Kind(StrEnum):
    """The letters that can be drafted."""

    RESERVATION_NOTICE = "reservation-notice"
    ACCESS_REQUEST = "access-request"
    REMOVAL_REQUEST = "removal-request"
    ARTICLE_53 = "article-53"
    LICENCE_OFFER = "licence-offer"


NEEDS_FINDINGS: Final = frozenset({Kind.REMOVAL_REQUEST, Kind.LICENCE_OFFER})
"""Letters about works that were found: without a firm finding there is nothing to write."""

_GRADES: Final = {
    "en": {
        "identical": "● the same text, letter by letter",
        "copy": "◕ a copy with differences",
        "identical.image": "● the same picture, no more than encoded anew or resized",
        "copy.image": "◕ the picture, or a part of it, with what was done to it",
        "identical.audio": "● the same recording, no more than encoded anew",
        "copy.audio": "◕ the recording, or a part of it, altered or mixed",
        "identifier": "◑ listed under its identifier",
    },
    "fr": {
        "identical": "● le même texte, lettre pour lettre",
        "copy": "◕ une copie avec des différences",
        "identical.image": "● la même image, au plus réencodée ou redimensionnée",
        "copy.image": "◕ l’image, ou une partie de celle-ci, avec ce qu’elle a subi",
        "identical.audio": "● le même enregistrement, au plus réencodé",
        "copy.audio": "◕ l’enregistrement, ou une partie de celui-ci, modifié ou mixé",
        "identifier": "◑ répertoriée sous son identifiant",
    },
}
_WORDS: Final = {
    "en": {
        "draft": "DRAFT. Filled from the facts of a claim folder; nothing was sent. "
        "Places in [brackets] are yours to fill in. This is not legal advice.",
        "open": "[{what}]",
        "unnamed": "the company is not named: no work stands in a data set by identical, copy or identifier together "
        "with a quoted sentence that ties the company to that data set",
    },
    "fr": {
        "draft": "BROUILLON. Rempli d’après les faits d’un dossier de réclamation\u202f; rien n’a été envoyé. "
        "Les places entre [crochets] sont à remplir par vos soins. Ceci n’est pas un conseil juridique.",
        "open": "[{what}]",
        "unnamed": "l’entreprise n’est pas nommée\u00a0: aucune œuvre ne figure dans un jeu de données à l’identique, "
        "en copie ou par identifiant avec une phrase citée qui rattache l’entreprise à ce jeu de données",
    },
}
LANGUAGES: Final = languages(_WORDS["en"], _WORDS["fr"])


@dataclass(frozen=True, slots=True)
class Letter:
    """A draft: its text, and a remark for the user where a name was left open (empty otherwise)."""

    text: str
    remark: str


def compose(kind: Kind, facts: LetterFacts, language: str) -> Letter:
    """Draft a letter. Raises InputError where the kind needs firm findings and the claim has none."""
    if kind in NEEDS_FINDINGS and not facts.works:
        raise InputError(
            f"{kind}: no work of this claim stands in a data set by identical, copy or identifier without a licence; "
            "a name alone is never the ground of a letter"
        )
    tongue = LANGUAGES[language]
    environment = Environment(  # noqa: S701  plain text: `as_page` escapes the whole
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["date"] = tongue.date
    environment.globals["place"] = tongue.messages["open"].replace("{what}", "%s").__mod__
    values = _values(facts, tongue)
    body = environment.get_template(f"{kind}.{language}.txt.j2").render(values)
    text = f"{tongue.messages['draft']}\n\n{'-' * 72}\n\n{body.strip()}\n"
    return Letter(text, "" if facts.names_the_respondent else tongue.messages["unnamed"])


def as_page(letter: Letter, language: str) -> str:
    """The same letter as an HTML page without styles that a word processor would trip over."""
    note, _, body = letter.text.partition(f"\n\n{'-' * 72}\n\n")
    paragraphs = "".join(
        Markup("<p>{}</p>\n").format(Markup("<br>\n").join(part.split("\n")))
        for part in body.strip().split("\n\n")
    )
    return (
        f'<!doctype html>\n<html lang="{language}">\n<meta charset="utf-8">\n'
        f"<title>{escape(body.strip().splitlines()[0])}</title>\n"
        '<body style="font-family: Georgia, serif; font-size: 12pt; max-width: 42em; margin: 3em auto">\n'
        f"<p><em>{escape(note)}</em></p>\n<hr>\n{paragraphs}</body>\n</html>\n"
    )


def _values(facts: LetterFacts, tongue: Language) -> dict[str, Any]:
    named = facts.names_the_respondent
    return {
        "date": tongue.date(facts.date),
        "sender": _Open(facts.sender),
        "terms": _Open(facts.terms),
        "respondent": _Open(facts.respondent if named else {}),
        "named": named,
        "works": facts.works,
        "count": tongue.number(len(facts.works)),
        "catalog": tongue.number(facts.works_in_catalog),
        "sets": [(name, tongue.date(snapshot)) for name, snapshot in facts.data_sets],
        "reservations": facts.reservations,
        "grades": _GRADES[tongue.code],
        "one": len(facts.works) == 1,
    }


class _Open(dict[str, str]):
    """Facts by name; one that is missing is empty, and the template says what to fill in."""

    def __missing__(self, key: str) -> str:
        return ""
