"""Trades: a typed list in French and English, with the unit group of each in ISCO-08 (ILO, 2012).

Codes are permanent: they are committed to on the roll. A new trade is added, an old one never renamed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from countermark.web.fields.names import sorting_key

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade. `isco` is its unit group; empty for "other", which is said in words."""

    code: str
    isco: str
    family: str
    fr: str
    en: str

    def name(self, language: str) -> str:
        """Its name in a language."""
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Family:
    """Trades that stand together in the form, sorted by name."""

    code: str
    title: str
    trades: tuple[Trade, ...]


FAMILIES: Final = {
    "writing": ("Écriture et traduction", "Writing and translation"),
    "music": ("Musique", "Music"),
    "stage": ("Scène et voix", "Stage and voice"),
    "screen": ("Cinéma, audiovisuel et jeu", "Film, television and games"),
    "image": ("Image", "Image"),
    "making": ("Arts visuels, design et métiers d’art", "Visual arts, design and crafts"),
    "press": ("Presse et édition", "Press and publishing"),
    "other": ("Autres métiers", "Other trades"),
}

OTHER: Final = "other"

# code, ISCO-08, family, French, English
_ROWS: Final = (
    ("writer", "2641", "writing", "écrivain, écrivaine", "writer"),
    ("novelist", "2641", "writing", "romancier, romancière", "novelist"),
    ("poet", "2641", "writing", "poète, poétesse", "poet"),
    ("playwright", "2641", "writing", "dramaturge", "playwright"),
    ("essayist", "2641", "writing", "essayiste", "essayist"),
    ("screenwriter", "2641", "writing", "scénariste", "screenwriter"),
    ("childrens-author", "2641", "writing", "auteur, autrice jeunesse", "children’s author"),
    ("biographer", "2641", "writing", "biographe", "biographer"),
    ("critic", "2641", "writing", "critique", "critic"),
    ("translator", "2643", "writing", "traducteur, traductrice", "translator"),
    ("interpreter", "2643", "writing", "interprète de conférence", "conference interpreter"),
    ("scholar", "2310", "writing", "enseignant-chercheur, enseignante-chercheuse", "scholar"),
    ("composer", "2652", "music", "compositeur, compositrice", "composer"),
    ("songwriter", "2652", "music", "auteur-compositeur, autrice-compositrice", "songwriter"),
    ("lyricist", "2641", "music", "parolier, parolière", "lyricist"),
    ("musician", "2652", "music", "musicien, musicienne", "musician"),
    ("singer", "2652", "music", "chanteur, chanteuse", "singer"),
    ("conductor", "2652", "music", "chef, cheffe d’orchestre ou de chœur", "conductor"),
    ("arranger", "2652", "music", "arrangeur, arrangeuse", "arranger"),
    ("music-producer", "2654", "music", "producteur, productrice de musique", "music producer"),
    ("dj", "2656", "music", "DJ", "DJ"),
    ("sound-engineer", "3521", "music", "ingénieur, ingénieure du son", "sound engineer"),
    ("instrument-maker", "7312", "music", "luthier, luthière, facteur d’instruments", "instrument maker"),
    ("actor", "2655", "stage", "comédien, comédienne", "actor"),
    ("voice-actor", "2655", "stage", "artiste de doublage et voix", "voice actor"),
    ("narrator", "2656", "stage", "lecteur, lectrice de livres audio", "audiobook narrator"),
    ("dancer", "2653", "stage", "danseur, danseuse", "dancer"),
    ("choreographer", "2653", "stage", "chorégraphe", "choreographer"),
    ("stage-director", "2654", "stage", "metteur, metteuse en scène", "stage director"),
    ("stage-designer", "2163", "stage", "scénographe, costumier, costumière", "stage or costume designer"),
    ("humorist", "2659", "stage", "humoriste", "comedian"),
    ("circus-artist", "2659", "stage", "artiste de cirque ou de rue", "circus or street artist"),
    ("puppeteer", "2659", "stage", "marionnettiste", "puppeteer"),
    ("film-maker", "2654", "screen", "réalisateur, réalisatrice", "film maker"),
    ("documentary-maker", "2654", "screen", "documentariste", "documentary maker"),
    ("producer", "2654", "screen", "producteur, productrice", "producer"),
    ("cinematographer", "3521", "screen", "chef opérateur, cheffe opératrice", "cinematographer"),
    ("film-editor", "2654", "screen", "monteur, monteuse", "film editor"),
    ("animator", "2166", "screen", "animateur, animatrice de film", "animator"),
    ("game-designer", "2166", "screen", "créateur, créatrice de jeux", "game designer"),
    ("photographer", "3431", "image", "photographe", "photographer"),
    ("photojournalist", "3431", "image", "photojournaliste", "photojournalist"),
    ("illustrator", "2651", "image", "illustrateur, illustratrice", "illustrator"),
    ("comics-author", "2651", "image", "auteur, autrice de bande dessinée", "comics author"),
    ("cartoonist", "2651", "image", "dessinateur, dessinatrice de presse", "cartoonist"),
    ("graphic-designer", "2166", "image", "graphiste", "graphic designer"),
    ("painter", "2651", "making", "peintre", "painter"),
    ("sculptor", "2651", "making", "sculpteur, sculptrice", "sculptor"),
    ("printmaker", "2651", "making", "graveur, graveuse", "printmaker"),
    ("visual-artist", "2651", "making", "plasticien, plasticienne", "visual artist"),
    ("designer", "2163", "making", "designer", "designer"),
    ("fashion-designer", "2163", "making", "créateur, créatrice de mode", "fashion designer"),
    ("architect", "2161", "making", "architecte", "architect"),
    ("ceramicist", "7314", "making", "céramiste", "ceramicist"),
    ("craftsperson", "7319", "making", "artisan, artisane d’art", "craftsperson"),
    ("journalist", "2642", "press", "journaliste", "journalist"),
    ("editor", "2642", "press", "éditeur, éditrice, secrétaire de rédaction", "editor"),
    ("publisher", "1349", "press", "dirigeant, dirigeante d’une maison d’édition", "publisher"),
    ("curator", "2621", "press", "conservateur, conservatrice, commissaire d’exposition", "curator"),
    (OTHER, "", "other", "autre métier, en toutes lettres", "other, in words"),
)
TRADES: Final = {row[0]: Trade(*row) for row in _ROWS}
MOST: Final = 5


def trade_name(code: str, language: str) -> str:
    """The name of a trade in a language; the code itself where it is unknown."""
    trade = TRADES.get(code)
    return trade.name(language) if trade else code


def packed(codes: Iterable[str]) -> str:
    """Codes as a row keeps them: sorted, between commas."""
    return f",{','.join(sorted(set(codes)))},"


def unpacked(column: str) -> list[str]:
    """The codes of a row."""
    return [code for code in column.split(",") if code]


@cache
def families(language: str) -> tuple[Family, ...]:
    """The trades as the form shows them: by family, sorted in the language."""
    return tuple(
        Family(code, titles[0 if language == "fr" else 1], _sorted_family(code, language))
        for code, titles in FAMILIES.items()
    )


def _sorted_family(family: str, language: str) -> tuple[Trade, ...]:
    members = (trade for trade in TRADES.values() if trade.family == family)
    return tuple(sorted(members, key=lambda trade: sorting_key(trade.name(language))))


@cache
def sorted_trades(language: str) -> tuple[Trade, ...]:
    """All trades by their name in a language; "other" comes last."""
    return tuple(
        sorted(TRADES.values(), key=lambda trade: (trade.code == OTHER, sorting_key(trade.name(language))))
    )
