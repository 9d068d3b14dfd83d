"""The prompts: neutral, fixed beforehand, one turn each. The same for works and for controls.

A prompt holds nothing of the work but the passage that the plan names, and for one template the title and the author.
No prompt tells the model that it knows the work, plays a part, or gives back anything of an answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.memorization.asking.wording import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.asking.wording import Word

PLAIN: Final = "plain"
NAMED: Final = "named"
UNSIGNED: Final = "named, without an author"
CONTINUE: Final = "continue"
CHOICE: Final = "choice"

TEMPLATES: Final = {
    "en": {
        PLAIN: "{passage}",
        NAMED: "{title}\nby {author}\n\n{passage}",
        UNSIGNED: "{title}\n\n{passage}",
        CONTINUE: "Continue the following text.\n\n{passage}",
        CHOICE: "Below are {count} versions of one passage of “{title}”. One of them was published. "
        "Which one? Answer with its letter alone.\n\n{versions}\n\nAnswer:",
    },
    "fr": {
        PLAIN: "{passage}",
        NAMED: "{title}\npar {author}\n\n{passage}",
        UNSIGNED: "{title}\n\n{passage}",
        CONTINUE: "Continuez le texte suivant.\n\n{passage}",
        CHOICE: "Voici {count} versions d’un même passage de «\u00a0{title}\u00a0». L’une d’elles a été publiée. "
        "Laquelle\u202f? Répondez par sa lettre seule.\n\n{versions}\n\nRéponse\u00a0:",
    },
}
LANGUAGES: Final = tuple(TEMPLATES)

AFTER: Final = 50
"""So many words at least follow each passage before the next begins."""
_ENDS: Final = ".!?…。！？\n"
_CLOSING: Final = re.compile(
    r"[\u00a0\u202f]?[^\s]*"
)  # what ends a sentence: French sets its signs off by a space
_SENTENCE: Final = 8  # words that a first sentence has at least; a heading alone says too little


class Prompt(NamedTuple):
    """A template, and the passage `[start, end)` of the work, in code points, that it gives."""

    template: str
    start: int
    end: int


def prompts_of(text: str, passages: int, words: int) -> list[Prompt] | None:
    """The prompts of a work: its first sentence with title and author, and each passage by two templates.

    None where the text is too short for all of them: who is asked less often has a smaller chance of a long run, and
    can be neither a work nor a control.
    """
    found = words_of(text)
    if len(found) < passages * (2 * words + AFTER):
        return None
    cut = [_passage(text, found, len(found) * number // passages, words) for number in range(passages)]
    return [
        Prompt(NAMED, *_first_sentence(text, found, words)),
        *(Prompt(template, *place) for place in cut for template in (PLAIN, CONTINUE)),
    ]


def count_prompts(passages: int) -> int:
    """How many prompts each work gets."""
    return 1 + 2 * passages


def prompt_text(prompt: Prompt, text: str, work: dict[str, str], language: str) -> str:
    """What is sent, from the plan alone."""
    name = UNSIGNED if prompt.template == NAMED and not work["author"] else prompt.template
    passage = text[prompt.start : prompt.end]
    # Texts are put in by name in one pass: a brace in a title stays one.
    return TEMPLATES[language][name].format(title=work["title"], author=work["author"], passage=passage)


def choice_text(title: str, versions: Sequence[str], language: str) -> str:
    """A question of multiple choice."""
    shown = "\n\n".join(f"{chr(65 + number)}) {version}" for number, version in enumerate(versions))
    return TEMPLATES[language][CHOICE].format(title=title, count=len(versions), versions=shown)


def _passage(text: str, found: Sequence[Word], number: int, words: int) -> tuple[int, int]:
    """From the next beginning of a sentence on, or from here where none is near."""
    begins = (
        at
        for at in range(number, number + words)
        if not at or _ends(text, found[at - 1].end, found[at].start)
    )
    first = next(begins, number)
    return found[first].start, found[first + words - 1].end


def _first_sentence(text: str, found: Sequence[Word], words: int) -> tuple[int, int]:
    begin = len(text) - len(text.lstrip())  # an opening quotation mark belongs to it
    for number in range(_SENTENCE, words):
        end, following = found[number - 1].end, found[number].start
        if _ends(text, end, following):
            closing = _CLOSING.match(text, end, following)
            return begin, end if closing is None else closing.end()
    return begin, found[words - 1].end


def _ends(text: str, start: int, end: int) -> bool:
    """Whether a sentence ends between two words."""
    return any(sign in _ENDS for sign in text[start:end])
