"""The code lists that are needed, as far as they are needed. Source: ONIX for Books code lists, issue 73 (April 2026).

Each table names its list. A code that is in none of them is told by whoever meets it, and never taken for another.
"""

from __future__ import annotations

from typing import Final

DELETED: Final = "05"  # list 1, notification or update type
PARTIAL: Final = frozenset({"04", "12", "13", "14"})
TESTS: Final = frozenset({"88", "89"})
NOTIFICATIONS: Final = frozenset({"01", "02", "03", "08", "09", DELETED, *PARTIAL, *TESTS})

PRODUCT_NUMBERS: Final = {  # list 5; what no scheme of ours reads is a number of its issuer
    "02": "isbn",
    "03": "gtin",
    "04": "gtin",
    "05": "ismn",
    "06": "doi",
    "13": "own:LCCN",
    "14": "gtin",
    "15": "isbn",
    "17": "own:legal-deposit",
    "22": "own:URN",
    "23": "own:OCLC",
    "24": "isbn",  # of the co-publisher: the same product
    "25": "ismn",
    "26": "doi",
    "27": "own:JP-e-code",
    "28": "own:OLCC",
    "29": "own:JP-magazine",
    "30": "own:UPC-12+5",
    "31": "own:BnF",
    "34": "own:ISSN-13",
    "35": "own:ARK",
}
WORK_NUMBERS: Final = {  # list 16
    "02": "isbn",
    "06": "doi",
    "11": "own:ISTC",
    "15": "isbn",
    "18": "isrc",
    "31": "eidr",
    "32": "own:GLIMIR",
    "33": "own:OWI",
    "39": "iscc",
}
NAME_NUMBERS: Final = {  # list 44, and list 101 of ONIX 2.1, whose codes agree with it
    "16": "isni",
    "17": "own:PND",
    "18": "own:NACO",
    "21": "orcid",
    "25": "own:GND",
    "26": "own:DUNS",
    "27": "own:Ringgold",
    "31": "own:VIAF",
    "34": "own:BnF",
    "38": "own:IdRef",
    "39": "ipi",
    "40": "own:ROR",
    "42": "lei",
    "43": "own:SIREN",
    "44": "own:SIRET",
}
PROPRIETARY: Final = "01"  # in all three lists

ROLES: Final = {  # list 17
    **dict.fromkeys(("A01", "A02", "A03", "A09", "A14", "A38", "A45"), "author"),
    **dict.fromkeys(("A04", "A05", "A31"), "lyricist"),
    "A06": "composer",
    **dict.fromkeys(("A07", "A12", "A35", "A40", "A46", "A47", "A48"), "illustrator"),
    **dict.fromkeys(("A08", "A13"), "photographer"),
    **dict.fromkeys(("B01", "B09", "B11", "B12", "B13", "B14", "B15", "B16", "C01"), "editor"),
    **dict.fromkeys(("B06", "B08", "B10"), "translator"),
    "B25": "arranger",
    "D02": "director",
    **dict.fromkeys(("E03", "E07"), "narrator"),
    **dict.fromkeys(("D03", "E01", "E02", "E04", "E05", "E06", "E08"), "performer"),
}
"""All other roles of the list are contributions without a word of their own here: `contributor`."""
UNNAMED: Final = {  # list 19
    "01": "Unknown",
    "02": "Anonymous",
    "03": "et al.",
    "04": "Various",
    "05": "Synthesized voice",
    "06": "Synthesized voice",
    "07": "Synthesized voice",
    "08": "Synthesized voice",
    "09": "AI (artificial intelligence)",
}
DEATH: Final = frozenset({"51", "008"})  # list 177; list 75 of ONIX 2.1
CITIZEN: Final = "08"  # list 151, contributor place relator

FORMS: Final = {  # list 150, and list 7 of ONIX 2.1: a code whole, or else its first letter
    "BB": "hardback",
    "BC": "paperback",
    "A": "audiobook",
    "D": "ebook",
    "E": "ebook",
    "V": "film",
    "PI": "score",
}
FORM_LETTERS: Final = frozenset("0ABCDEFLMPSVXZ")
MUSIC_RECORDING: Final = "03"  # list 81, product content type

PRODUCT_RELATIONS: Final = {  # list 51; the others speak of other works, of sales, or of nothing certain
    "02": "part-of",
    "03": "replaces",
    "05": "replaced-by",
    **dict.fromkeys(
        ("06", "13", "14", "15", "16", "17", "18", "19", "20", "21", "27", "28", "29", "31"), "same-work"
    ),
    **dict.fromkeys(("32", "33", "37", "38"), "same-work"),
}
MANIFESTATION_OF: Final = frozenset({"01", "98", "99"})  # list 164, work relation

PUBLISHED: Final = "01"  # list 163, publishing date role
FIRST_PUBLISHED: Final = "11"
CANCELLED: Final = "01"  # list 64, publishing status
NOT_OURS: Final = "05"

SALES: Final = {  # list 46: whether the publisher's rights in the territory are exclusive; the others say nothing of it
    "01": True,
    "02": False,
    "04": True,
    "05": False,
    "07": True,
    "08": False,
}

LANGUAGE_OF_TEXT: Final = "01"  # list 22
_LANGUAGES: Final = (  # list 74, ISO 639-2/B → the code of two letters that BCP 47 asks for
    "afr:af alb:sq amh:am ara:ar arm:hy asm:as aze:az baq:eu bel:be ben:bn bos:bs bre:br bul:bg bur:my cat:ca chi:zh "
    "cor:kw cos:co cze:cs dan:da dut:nl eng:en epo:eo est:et fao:fo fin:fi fre:fr fry:fy geo:ka ger:de gla:gd gle:ga "
    "glg:gl gre:el grn:gn guj:gu hat:ht hau:ha heb:he hin:hi hrv:hr hun:hu ibo:ig ice:is ind:id ita:it jpn:ja kan:kn "
    "kaz:kk khm:km kin:rw kir:ky kor:ko kur:ku lao:lo lat:la lav:lv lin:ln lit:lt ltz:lb mac:mk mal:ml mao:mi mar:mr "
    "may:ms mlg:mg mlt:mt mon:mn nep:ne nno:nn nob:nb nor:no oci:oc ori:or pan:pa per:fa pol:pl por:pt pus:ps que:qu "
    "roh:rm rum:ro rus:ru san:sa sin:si slo:sk slv:sl sme:se smo:sm sna:sn som:so spa:es srp:sr swa:sw swe:sv tam:ta "
    "tat:tt tel:te tgk:tg tgl:tl tha:th tib:bo tir:ti tuk:tk tur:tr uig:ug ukr:uk urd:ur uzb:uz vie:vi wel:cy wol:wo "
    "xho:xh yid:yi yor:yo zul:zu"
)
LANGUAGES: Final = dict(pair.split(":") for pair in _LANGUAGES.split())
