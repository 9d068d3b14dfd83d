"""Languages, countries, territories and forms of publication, from their names or codes as catalogues write them.

Every reader raises ValueError with what is accepted; none of them guesses.
"""

from __future__ import annotations

import re
from typing import Final

from countermark.works.importers.table.fields import fold

_LANGUAGES: Final = {
    name: code
    for code, names in {
        "fr": "french francais franzosisch frances fre fra fr",
        "en": "english anglais englisch ingles eng en",
        "de": "german allemand deutsch aleman ger deu de",
        "es": "spanish espagnol spanisch espanol castellano spa es",
        "it": "italian italien italienisch italiano ita it",
        "pt": "portuguese portugais portugiesisch portugues por pt",
        "nl": "dutch neerlandais niederlandisch neerlandes dut nld nl",
        "ca": "catalan katalanisch cat ca",
        "oc": "occitan okzitanisch oci oc",
        "br": "breton bretonisch bre br",
        "la": "latin latein lat la",
        "ru": "russian russe russisch ruso rus ru",
        "ar": "arabic arabe arabisch ara ar",
        "zh": "chinese chinois chinesisch chino chi zho zh",
        "ja": "japanese japonais japanisch japones jpn ja",
        "pl": "polish polonais polnisch polaco pol pl",
        "sv": "swedish suedois schwedisch sueco swe sv",
        "da": "danish danois danisch danes dan da",
    }.items()
    for name in names.split()
}
_TAG: Final = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8})*)", re.ASCII)


def read_language(text: str) -> str:
    """A BCP 47 tag, from a tag, an ISO 639 code or a name in four languages."""
    known = _LANGUAGES.get(fold(text))
    if known:
        return known
    found = _TAG.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text[:40]!r} is no language; a BCP 47 tag as in fr or pt-BR is accepted")
    main = _LANGUAGES.get(found[1].lower(), found[1].lower())
    return main + found[2].replace("_", "-")


_COUNTRIES: Final = {
    name: code
    for code, names in {
        "FR": "france|frankreich|francia|fra",
        "BE": "belgium|belgique|belgien|belgica|bel",
        "CH": "switzerland|suisse|schweiz|suiza|che",
        "LU": "luxembourg|luxemburg|luxemburgo|lux",
        "CA": "canada|kanada|can",
        "DE": "germany|allemagne|deutschland|alemania|deu",
        "AT": "austria|autriche|osterreich|aut",
        "GB": "united kingdom|uk|great britain|england|royaume uni|angleterre|vereinigtes konigreich|reino unido|gbr",
        "IE": "ireland|irlande|irland|irlanda|irl",
        "US": "united states|united states of america|usa|etats unis|vereinigte staaten|estados unidos",
        "ES": "spain|espagne|spanien|espana|esp",
        "PT": "portugal|prt",
        "IT": "italy|italie|italien|italia|ita",
        "NL": "netherlands|pays bas|niederlande|paises bajos|nld",
        "MX": "mexico|mexique|mexiko|mex",
        "AR": "argentina|argentine|argentinien|arg",
        "BR": "brazil|bresil|brasilien|brasil|bra",
        "JP": "japan|japon|jpn",
        "SE": "sweden|suede|schweden|suecia|swe",
        "DK": "denmark|danemark|danemark|dinamarca|dnk",
        "PL": "poland|pologne|polen|polonia|pol",
    }.items()
    for name in names.split("|")
}


def read_country(text: str) -> str:
    """An ISO 3166-1 alpha-2 code, from a code or a common name."""
    if re.fullmatch(r"[A-Za-z]{2}", text.strip(), re.ASCII) and fold(text) not in _COUNTRIES:
        return text.strip().upper()
    known = _COUNTRIES.get(fold(text))
    if known:
        return known
    raise ValueError(f"{text[:40]!r} is no country; a code of two letters as in FR is accepted")


def read_territory(text: str) -> str:
    """Country codes separated by spaces, or `WORLD`."""
    if fold(text) in {
        "world",
        "worldwide",
        "monde",
        "monde entier",
        "welt",
        "weltweit",
        "mundo",
        "ww",
        "2136",
    }:
        return "WORLD"
    parts = [part for part in re.split(r"[;,|/+]", text) if part.strip()]
    if len(parts) == 1 and all(re.fullmatch(r"[A-Z]{2}", word) for word in text.split()):
        parts = text.split()
    return " ".join(dict.fromkeys(read_country(part) for part in parts))


_FORMS: Final = {
    "hardback": "hardback|hardcover|relie|cartonne|gebunden|hardcover ausgabe|tapa dura",
    "paperback": "paperback|softcover|broche|poche|taschenbuch|tapa blanda|bolsillo|broschur|grand format",
    "ebook": "ebook|e book|epub|kindle|numerique|livre numerique|pdf|libro electronico|digital",
    "audiobook": "audiobook|audio|livre audio|horbuch|audiolibro",
    "recording": "recording|single|album|cd|vinyl|track|enregistrement|ep|lp",
    "article": "article|artikel|articulo|news",
    "image": "image|photo|photograph|photographie|bild|foto|imagen|illustration",
    "page": "page|web|webpage|page web|blog|seite",
    "score": "score|partition|sheet music|noten|partitura",
    "film": "film|video|movie|pelicula",
}
_FORM_OF: Final = {word: form for form, words in _FORMS.items() for word in words.split("|")}


def read_form(text: str) -> str:
    """A form of publication, from its name in four languages."""
    found = _FORM_OF.get(fold(text))
    if not found:
        raise ValueError(f"{text[:40]!r} is no form; accepted: {', '.join(_FORMS)}")
    return found


def form_in(header: str) -> str:
    """The form that a header speaks of (`ISBN numérique`), empty where it speaks of none."""
    return next((_FORM_OF[word] for word in fold(header).split() if word in _FORM_OF), "")
