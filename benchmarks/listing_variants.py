"""The ways in which a work stands in a listing, and the ways in which something else looks like it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

_CYRILLIC = [
    "а",
    "б",
    "в",
    "г",
    "д",
    "е",
    "ж",
    "з",
    "и",
    "к",
    "л",
    "м",
    "н",
    "о",
    "п",
    "р",
    "с",
    "т",
    "у",
    "ф",
    "х",
    "ц",
    "ч",
    "ш",
    "ю",
    "я",
]
_ROMAN = {
    "english": [
        "a",
        "b",
        "v",
        "g",
        "d",
        "e",
        "zh",
        "z",
        "i",
        "k",
        "l",
        "m",
        "n",
        "o",
        "p",
        "r",
        "s",
        "t",
        "u",
        "f",
        "kh",
        "ts",
        "ch",
        "sh",
        "yu",
        "ya",
    ],
    "german": [
        "a",
        "b",
        "w",
        "g",
        "d",
        "e",
        "sch",
        "s",
        "i",
        "k",
        "l",
        "m",
        "n",
        "o",
        "p",
        "r",
        "s",
        "t",
        "u",
        "f",
        "ch",
        "z",
        "tsch",
        "sch",
        "ju",
        "ja",
    ],
    "french": [
        "a",
        "b",
        "v",
        "g",
        "d",
        "e",
        "j",
        "z",
        "i",
        "k",
        "l",
        "m",
        "n",
        "o",
        "p",
        "r",
        "s",
        "t",
        "ou",
        "f",
        "kh",
        "ts",
        "tch",
        "ch",
        "iou",
        "ia",
    ],
}
_CONSONANT_WEIGHTS = dict(
    zip(
        "бвгджзклмнпрстфхцчш",
        (16, 45, 17, 30, 9, 16, 35, 44, 32, 67, 28, 47, 55, 63, 3, 10, 5, 15, 7),
        strict=True,
    )
)
_VOWELS = "аеиоуюя"
_VOWEL_WEIGHTS = (80, 85, 74, 110, 26, 6, 20)  # per thousand letters of Russian
PASSES_AS_IDENTIFIER = "identifier"


@dataclass
class Song:
    """A work of the catalogue."""

    work_id: str
    title: str
    artists: tuple[str, ...]
    known_as: str = ""
    song_id: str = ""

    def facts(self) -> dict[str, Any]:
        """As a line of `catalogue.jsonl`."""
        return {"work_id": self.work_id, "title": self.title, "artists": list(self.artists),
                "known_as": self.known_as, "song_id": self.song_id}  # fmt: skip


_ID_LETTERS = "abcdefghijkmnopqrstuvwxyz0123456789-_"
Row = tuple[str, list[str]]


class Planter:
    """Plants songs; a variant may change the song itself, so that the catalogue holds what it is a variant of."""

    def __init__(
        self, rng: np.random.Generator, words: list[str], given: list[str], family: list[str]
    ) -> None:
        self.rng = rng
        self.words = words
        self.given = given
        self.family = family

    def plant(self, songs: list[Song], planted: int, decoys: int) -> tuple[list[Row], list[dict[str, Any]]]:
        """The rows, and for each the work, the kind, and whether it is to be linked. `songs` change in place."""
        rows: list[Row] = []
        truth: list[dict[str, Any]] = []
        kinds, traps = list(KINDS), list(DECOYS)
        for at in range(planted + decoys):
            kind = kinds[at % len(kinds)] if at < planted else traps[at % len(traps)]
            make = KINDS[kind] if at < planted else DECOYS[kind]
            songs[at], row = make(self, songs[at])
            rows.append(row)
            fact = {"work_id": songs[at].work_id, "kind": kind, "link": at < planted}
            truth.append(fact | ({"song_id": songs[at].song_id} if songs[at].song_id else {}))
        return rows, truth

    def word(self) -> str:
        """A word that no other title need have."""
        return self.words[int(self.rng.integers(200, len(self.words)))].capitalize()

    def person(self) -> str:
        """A name."""
        given, family = (names[int(self.rng.integers(0, len(names)))] for names in (self.given, self.family))
        return f"{given} {family}"

    def as_person(self, song: Song) -> Song:
        """The song, by somebody with a given and a family name."""
        fits = song.artists[0].count(" ") == 1 and all(len(word) >= 4 for word in song.artists[0].split())
        return song if fits and max(map(len, song.artists[0].split())) >= 5 else replace(
            song, artists=(self.person(),)
        )  # fmt: skip

    def slip(self, text: str) -> str:
        """One slip of the hand in a word of five letters or more: left out, doubled, swapped or another letter."""
        words = text.split()
        long = [at for at, word in enumerate(words) if len(word) >= 5]
        at = long[int(self.rng.integers(0, len(long)))]
        word = words[at]
        place = int(self.rng.integers(1, len(word) - 1))
        letter = "etaoinshrdlu"[int(self.rng.integers(0, 12))]
        words[at] = (
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
            word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :],
            word[:place] + letter + word[place + 1 :],
        )[int(self.rng.integers(0, 4))]
        return " ".join(words)

    def cyrillic(self, syllables: int) -> str:
        """A word of Cyrillic letters, as often as they are in Russian, consonant and vowel taking turns."""
        consonants = np.array(list(_CONSONANT_WEIGHTS))
        weights, vowels = np.array(list(_CONSONANT_WEIGHTS.values()), float), np.array(_VOWEL_WEIGHTS, float)
        ours = self.rng.choice(consonants, syllables, p=weights / weights.sum())
        theirs = self.rng.choice(list(_VOWELS), syllables, p=vowels / vowels.sum())
        return "".join(str(one) + str(other) for one, other in zip(ours, theirs, strict=True)).capitalize()


def romanise(text: str, way: str) -> str:
    """Cyrillic in Latin letters, as English, German or French readers write it."""
    table = dict(zip(_CYRILLIC, _ROMAN[way], strict=True))
    return "".join(table.get(letter.lower(), letter) for letter in text).title()


def _bare(text: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    )


def _title(change: Callable[[Planter, str], str]) -> Callable[[Planter, Song], tuple[Song, Row]]:
    return lambda planter, song: (song, (change(planter, song.title), list(song.artists)))


def _names(change: Callable[[Planter, Song], list[str]]) -> Callable[[Planter, Song], tuple[Song, Row]]:
    def make(planter: Planter, song: Song) -> tuple[Song, Row]:
        song = planter.as_person(song)
        return song, (song.title, change(planter, song))

    return make


def _identifier(planter: Planter, song: Song) -> tuple[Song, Row]:
    letters = [_ID_LETTERS[int(at)] for at in planter.rng.integers(0, len(_ID_LETTERS), 10)]
    song = replace(song, song_id="".join(letters) + "AEIMQUYcgkosw048"[int(planter.rng.integers(0, 16))])
    return song, (planter.word(), [planter.person()])


def _initials(_planter: Planter, song: Song) -> list[str]:
    given, family = song.artists[0].split(" ", 1)
    return [f"{given[0]}. {family}"]


def _two_artists(planter: Planter, song: Song) -> tuple[Song, Row]:
    song = replace(song, artists=(song.artists[0], planter.person()))
    return song, (song.title, list(reversed(song.artists)))


def _pen_name(planter: Planter, song: Song) -> tuple[Song, Row]:
    song = replace(song, known_as=f"{planter.word()} {planter.word()}")
    return song, (song.title, [song.known_as])


def _cyrillic_row(planter: Planter, song: Song) -> tuple[Song, Row]:
    title = f"{planter.cyrillic(4)} {planter.cyrillic(3)}"
    name = f"{planter.cyrillic(2)} {planter.cyrillic(4)}"
    way = ("english", "german", "french")[int(planter.rng.integers(0, 3))]
    return replace(song, title=title, artists=(romanise(name, way),)), (title, [name])


def _romanised(planter: Planter, song: Song) -> tuple[Song, Row]:
    name = f"{planter.cyrillic(2)} {planter.cyrillic(4)}"
    ways = planter.rng.permutation(["english", "german", "french"])
    song = replace(song, artists=(romanise(name, str(ways[0])),))
    return song, (song.title, [romanise(name, str(ways[1]))])


def _slip_in_title(planter: Planter, song: Song) -> tuple[Song, Row]:
    while max(map(len, song.title.split())) < 5:
        song = replace(song, title=f"{song.title} {planter.word()}")
    return song, (planter.slip(song.title), list(song.artists))


def _ampersand(planter: Planter, song: Song) -> tuple[Song, Row]:
    one, other = planter.word(), planter.word()
    return replace(song, title=f"{one} & {other}"), (f"{one} and {other}", list(song.artists))


def _article(_planter: Planter, song: Song) -> tuple[Song, Row]:
    return replace(song, title=f"The {song.title}"), (song.title, list(song.artists))


def _volume(_planter: Planter, song: Song) -> tuple[Song, Row]:
    return replace(song, title=f"{song.title}, Vol. 2"), (f"{song.title} (Volume II)", list(song.artists))


KINDS: dict[str, Callable[[Planter, Song], tuple[Song, Row]]] = {
    PASSES_AS_IDENTIFIER: _identifier,
    "as it stands": _title(lambda _, title: title),
    "capitals": _title(lambda _, title: title.upper()),
    "no accents": _title(lambda _, title: _bare(title)),
    "feat. in the title": _title(lambda planter, title: f"{title} (feat. {planter.person()})"),
    "feat. without brackets": _title(lambda planter, title: f"{title} ft. {planter.person()}"),
    "remastered": _title(
        lambda planter, title: f"{title} - Remastered {int(planter.rng.integers(1999, 2024))}"
    ),
    "remastered in brackets": _title(lambda _, title: f"{title} [2011 Remaster]"),
    "radio edit": _title(lambda _, title: f"{title} (Radio Edit)"),
    "subtitle": _title(
        lambda planter, title: f"{title} - {planter.word()} {planter.word()} {planter.word()}"
    ),
    "article": _article,
    "ampersand": _ampersand,
    "volume": _volume,
    "slip in the title": _slip_in_title,
    "slip in the name": _names(lambda planter, song: [planter.slip(song.artists[0])]),
    "initials": _names(_initials),
    "inverted name": _names(lambda _, song: [", ".join(reversed(song.artists[0].split(" ", 1)))]),
    "another artist beside": _names(lambda planter, song: [planter.person(), *song.artists]),
    "order of artists": _two_artists,
    "pen name": _pen_name,
    "Cyrillic": _cyrillic_row,
    "two romanisations": _romanised,
}
"""Each way of standing in a listing; all but the first are found by name or not at all."""


def _homonym(planter: Planter, song: Song) -> tuple[Song, Row]:
    return song, (song.title, [planter.person()])


def _same_family(planter: Planter, song: Song) -> tuple[Song, Row]:
    song = planter.as_person(song)
    given, family = song.artists[0].split(" ", 1)
    other = next(
        name for name in iter(lambda: planter.person().split(" ")[0], "") if _bare(name)[0] != _bare(given)[0]
    )
    return song, (song.title, [f"{other} {family}"])


def _other_volume(_planter: Planter, song: Song) -> tuple[Song, Row]:
    return replace(song, title=f"{song.title} Vol. 2"), (f"{song.title} Vol. 3", list(song.artists))


def _one_word_other(planter: Planter, song: Song) -> tuple[Song, Row]:
    words = song.title.split()
    old = words[-1]
    while words[-1] == old:
        words[-1] = planter.word()
    return song, (" ".join(words), list(song.artists))


DECOYS: dict[str, Callable[[Planter, Song], tuple[Song, Row]]] = {
    "same title, other artist": _homonym,
    "same title, same family name": _same_family,
    "another volume": _other_volume,
    "one word other": _one_word_other,
    "one word more": _title(lambda planter, title: f"{title} {planter.word()}"),
    "live": _title(lambda _, title: f"{title} (Live)"),
    "karaoke of others": lambda planter, song: (
        song,
        (f"{song.title} (Karaoke Version)", [planter.person()]),
    ),
}
"""What looks like a work and is none: a link to it is false."""
