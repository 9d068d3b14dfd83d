"""Words that say what a part of a title is: an article, a featured name, another version, another edition."""

from __future__ import annotations

from typing import Final

ARTICLES: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "le",
        "la",
        "les",
        "l",
        "un",
        "une",
        "der",
        "die",
        "das",
        "ein",
        "eine",
        "el",
        "los",
        "las",
        "il",
        "lo",
        "gli",
    ]
)
JOINING: Final = frozenset(["and", "et", "und", "y", "e"])
SKIPPED_IN_TITLES: Final = ARTICLES | JOINING
FEATURED: Final = frozenset(["feat", "ft", "featuring"])
ENDING_CORE: Final = FEATURED | frozenset(["vol", "volume", "volumes"])
"""Before these words the core of a title ends, for finding candidates."""
FEATURED_IN_BRACKETS: Final = FEATURED | frozenset(["avec", "with", "con", "mit", "prod"])
SKIPPED_IN_NAMES: Final = frozenset(
    word
    for word in ARTICLES
    | JOINING
    | FEATURED
    | frozenset(
        [
            "avec",
            "with",
            "de",
            "di",
            "da",
            "del",
            "du",
            "van",
            "von",
            "zu",
            "of",
            "jr",
            "sr",
            "dr",
            "mr",
            "mrs",
            "vs",
        ]
    )
    if len(word) > 1  # one letter is an initial
)
GENERATIONS: Final = frozenset(["jr", "sr", "junior", "senior"])
"""Two people whose names differ in one of these are two people; where one side has none, it says nothing."""
_NOBODY = (
    "various artists|various authors|various composers|various performers|various|va|v a|aa vv|aavv|a a v v",
    "unknown|unknown artist|unknown author|unknown composer|anonymous|anonyme|anon|anonym|anonimo|unbekannt",
    "not available|n a|none|null|nan|inconnu|auteur inconnu|artiste inconnu|desconocido|collectif|divers",
    "divers artistes|artistes divers|verschiedene|verschiedene interpreten|diverse interpreten|varios",
    "varios artistas|varios autores|artisti vari|traditional|traditionnel|trad",
)
NOBODY: Final = frozenset(name for names in _NOBODY for name in names.split("|"))
"""What stands in place of a name where there is none, or where there are too many: it agrees with nobody."""
_GROUPS = (
    "orchestra orchestre orchester orquesta ensemble choir chorale choeur chor singers players band trio quartet",
    "quartett quatuor quintet sextet tribute karaoke experience revival project allstars covers strings brass",
)
GROUPS: Final = frozenset(word for words in _GROUPS for word in words.split())
"""A name with one of these is that of a group, and never only a longer form of a person's."""
OTHER_VERSION: Final = frozenset(
    [
        "live",
        "remix",
        "remixed",
        "mix",
        "rmx",
        "karaoke",
        "instrumental",
        "acoustic",
        "acoustique",
        "demo",
        "cover",
        "tribute",
        "rehearsal",
        "unplugged",
        "acapella",
        "acappella",
        "orchestral",
        "nightcore",
        "slowed",
        "sped",
        "lullaby",
        "medley",
        "mashup",
        "bootleg",
        "dub",
        "parody",
        "reprise",
        "vivo",
        "concert",
        "8bit",
        "8d",
        "lofi",
        "piano",
        "guitar",
        "ukulele",
        "backing",
        "rerecorded",
        "remake",
        "rework",
        "reworked",
    ]
)
"""A recording whose title says one of these beside the title is another recording."""
COVERED: Final = (
    "performed by", "the style of", "style de", "made famous", "famous by", "tribute to", "hommage a", "rendu celebre",
    "im stil von",
)  # fmt: skip
"""A recording beside whose title one of these stands is somebody else's."""
OTHER_TEXT: Final = frozenset(
    [
        "summary",
        "analysis",
        "workbook",
        "study",
        "guide",
        "companion",
        "sparknotes",
        "cliffsnotes",
        "screenplay",
        "adaptation",
        "abridged",
        "resume",
        "notebook",
        "journal",
        "quotes",
        "review",
    ]
)
"""A book whose title says one of these beside the title is another book."""
SAME_VERSION: Final = frozenset(
    [
        "remaster",
        "remastered",
        "remasterise",
        "remastering",
        "version",
        "album",
        "single",
        "radio",
        "edit",
        "original",
        "explicit",
        "clean",
        "official",
        "video",
        "audio",
        "lyric",
        "lyrics",
        "clip",
        "officiel",
        "deluxe",
        "edition",
        "expanded",
        "bonus",
        "track",
        "mono",
        "stereo",
        "anniversary",
        "soundtrack",
        "ost",
        "edicion",
        "ausgabe",
        "novel",
        "roman",
        "unabridged",
        "illustrated",
        "annotated",
        "hardcover",
        "paperback",
        "ebook",
        "kindle",
        "reissue",
        "revised",
        "music",
        "hd",
        "hq",
        "4k",
        "visualizer",
        "extended",
    ]
)
"""What a title may add without naming another work."""
_COUNTING = (
    "vol volume volumes tome tomo band bd", "no nr num number numero", "pt part parts parte partie teil",
    "book livre buch libro", "chapter chapitre kapitel", "act acte akt", "op opus", "ep episode", "season saison",
)  # fmt: skip
COUNTED: Final = {word: words.split()[0] for words in _COUNTING for word in words.split()}
"""After these a number in words or Roman figures counts; all words of one meaning become the first of them."""
ROMAN: Final = {
    numeral: str(value)
    for value, numeral in enumerate(
        [
            "ii",
            "iii",
            "iv",
            "v",
            "vi",
            "vii",
            "viii",
            "ix",
            "x",
            "xi",
            "xii",
            "xiii",
            "xiv",
            "xv",
            "xvi",
            "xvii",
            "xviii",
            "xix",
            "xx",
        ],
        2,
    )
}
NUMBER_WORDS: Final = {
    word: str(value)
    for words in (
        "one two three four five six seven eight nine ten",
        "un deux trois quatre cinq six sept huit neuf dix",
        "eins zwei drei vier funf sechs sieben acht neun zehn",
    )
    for value, word in enumerate(words.split(), 1)
} | {"i": "1"}
