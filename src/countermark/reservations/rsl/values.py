"""What may stand in the attributes and the text of each element (RSL 3.2 to 3.17, from notes; see `vocabulary`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.reservations.rsl.scope import is_absolute, is_pattern, is_uri
from countermark.reservations.rsl.vocabulary import BREADTH, LEGAL, LISTS, PAYMENTS, REPORTS, USERS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from countermark.reservations.rsl.document import Element

Fault = tuple[str, dict[str, str]]
"""A code without its protocol, and the facts of its sentence."""

_DAYS: Final = re.compile(r"[1-9][0-9]{0,8}")
_TIME: Final = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"([Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d))?",
    re.ASCII,
)
_DECIMAL: Final = re.compile(r"\d{1,18}(\.\d{1,18})?", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")  # ISO 3166-1 alpha-2, and EU
_MEDIA_TYPE: Final = re.compile(r"[!#$&^_.+a-zA-Z0-9-]{1,127}/[!#$&^_.+a-zA-Z0-9-]{1,127}")
_EMAIL: Final = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
_EXTENSION: Final = re.compile(r"[A-Za-z_][\w.-]*:[A-Za-z_][\w.-]*")  # a token of another namespace (3.4.1)
_NO_CURRENCY: Final = frozenset({"XBT"})  # taken out of the examples by the erratum of 2026-05-13
_SHOWN: Final = 5  # unknown words that are told of one list
OLD_PAYMENT: Final = "inference"  # `use` since 1.0


def tokens_of(element: Element) -> list[str]:
    """The tokens of a list, also where they are parted by commas as in 0.9."""
    return element.text.replace(",", " ").split()


def is_extension(token: str) -> bool:
    """Whether it is a token of another namespace, which must not be interpreted."""
    return _EXTENSION.fullmatch(token) is not None


def covers(wide: str, token: str) -> bool:
    """Whether one token stands for the other too; the wider ones are of usages."""
    return wide in {token, "all"} or (wide == "ai-all" and token.startswith("ai-"))


def faults_of(element: Element) -> Iterator[Fault]:
    """What is wrong in the values of one element."""
    check = _CHECKS.get(element.name)
    return check(element) if check else iter(())


def _rsl(element: Element) -> Iterator[Fault]:
    age = element.attributes.get("max-age")
    if age is not None and not _DAYS.fullmatch(age.strip()):
        yield "bad-max-age", {"value": age}


def _content(element: Element) -> Iterator[Fault]:
    url, server = element.attributes.get("url"), element.attributes.get("server")
    if url is not None and not is_pattern(url.strip()):
        yield "bad-url", {"value": url}
    if server is not None:
        if not is_absolute(server.strip()):
            yield "bad-address", {"element": "content server", "value": server, "accepted": "https://…"}
        if url is not None and not url.strip():
            yield "empty-url", {}
    yield from _boolean(element, "encrypted")
    lastmod = element.attributes.get("lastmod")
    if lastmod is not None and not _TIME.fullmatch(lastmod.strip()):
        yield "bad-date", {"value": lastmod}


def _boolean(element: Element, attribute: str) -> Iterator[Fault]:
    value = element.attributes.get(attribute)
    if value is not None and value not in {"true", "false"}:
        yield "bad-boolean", {"element": f"{element.name} {attribute}", "value": value}


def _list(element: Element) -> Iterator[Fault]:
    """<permits> and <prohibits>."""
    kind = element.attributes.get("type")
    if kind is None:
        return
    if kind not in LISTS:
        yield "bad-type", {"element": element.name, "value": kind, "accepted": ", ".join(LISTS)}
        return
    known: Collection[str] = {"usage": tuple(BREADTH), "user": USERS, "geo": ()}[kind]
    accepted = ", ".join(known) or "FR, US, …, EU"
    yield from _tokens(element, lambda token: token in known or _is_country(kind, token), accepted)


def _is_country(kind: str, token: str) -> bool:
    return kind == "geo" and _COUNTRY.fullmatch(token) is not None


def _tokens(element: Element, is_known: Callable[[str], bool], accepted: str) -> Iterator[Fault]:
    name = f"{element.name} {element.attributes.get('type', '')}".strip()
    if "," in element.text:
        yield "comma-list", {"element": name, "value": " ".join(element.text.split())}
    tokens = tokens_of(element)
    if not tokens:
        yield "empty-list", {"element": name, "accepted": accepted}
    unknown = [token for token in dict.fromkeys(tokens) if not is_known(token) and not is_extension(token)]
    if unknown:
        shown = ", ".join(unknown[:_SHOWN]) + (f", … (+{len(unknown) - _SHOWN})" if unknown[_SHOWN:] else "")
        yield "unknown-token", {"element": name, "value": shown, "accepted": accepted}


def _license(element: Element) -> Iterator[Fault]:
    """What is permitted and prohibited at once: prohibition stands (3.1.1, 3.6), so the permission is void."""
    for kind in LISTS:
        permitted, prohibited = (
            dict.fromkeys(
                t for e in element.all(name) if e.attributes.get("type") == kind for t in tokens_of(e)
            )
            for name in ("permits", "prohibits")
        )
        for token in permitted:
            wider = ("all", "ai-all") if kind == "usage" else ()
            by = next((p for p in (token, *wider) if p in prohibited and covers(p, token)), None)
            if by is not None:
                yield "contradiction", {"type": kind, "permitted": token, "prohibited": by}


def _payment(element: Element) -> Iterator[Fault]:
    kind = element.attributes.get("type")
    if kind == OLD_PAYMENT:
        yield "old-payment", {"value": kind, "accepted": "use"}
    elif kind is not None and kind not in PAYMENTS:
        yield "bad-value", {"element": "payment type", "value": kind, "accepted": ", ".join(PAYMENTS)}


def _amount(element: Element) -> Iterator[Fault]:
    if not _DECIMAL.fullmatch(element.text.strip()):
        yield "bad-amount", {"value": element.text.strip()}
    currency = element.attributes.get("currency")
    if currency is not None and (not _CURRENCY.fullmatch(currency) or currency in _NO_CURRENCY):
        yield "bad-currency", {"value": currency}


def _accepts(element: Element) -> Iterator[Fault]:
    kind = element.attributes.get("type")
    if kind is not None and not _MEDIA_TYPE.fullmatch(kind):
        yield "bad-value", {"element": "accepts type", "value": kind, "accepted": "application/x402+json, …"}


def _reporting(element: Element) -> Iterator[Fault]:
    kind, profile = element.attributes.get("type"), element.attributes.get("profile")
    if kind is not None and kind not in REPORTS:
        yield "bad-value", {"element": "reporting type", "value": kind, "accepted": ", ".join(REPORTS)}
    if profile is not None and not is_uri(profile.strip()):
        yield "bad-address", {"element": "reporting profile", "value": profile, "accepted": "https://…"}
    endpoint = element.attributes.get("endpoint", "https://example.org/").strip()
    if not is_absolute(endpoint) or not endpoint.lower().startswith("https:"):
        yield "bad-address", {"element": "reporting endpoint", "value": endpoint, "accepted": "https://…"}


def _legal(element: Element) -> Iterator[Fault]:
    kind, text = element.attributes.get("type"), element.text.strip()
    if kind is None:
        return
    if kind not in LEGAL:
        yield "bad-value", {"element": "legal type", "value": kind, "accepted": ", ".join(LEGAL)}
    elif kind == "attestation" and text not in LEGAL[kind]:
        yield "bad-boolean", {"element": "legal attestation", "value": text}
    elif kind == "contact" and not (_EMAIL.fullmatch(text) or is_uri(text)):
        yield "bad-address", {"element": "legal contact", "value": text, "accepted": "https://…, mailto:…"}
    elif kind == "proof" and not (text and all(is_uri(uri) for uri in text.split())):
        yield "bad-address", {"element": "legal proof", "value": text, "accepted": "https://…"}
    elif kind in {"warranty", "disclaimer"}:
        yield from _tokens(element, LEGAL[kind].__contains__, ", ".join(LEGAL[kind]))


def _standard(element: Element) -> Iterator[Fault]:
    if not is_uri(element.text.strip()):
        yield "bad-address", {"element": "standard", "value": element.text.strip(), "accepted": "https://…"}


def _address(element: Element) -> Iterator[Fault]:
    """<custom>, <alternate>, <terms> and a <schema> that is not inline: an address or a path."""
    text = element.text.strip()
    if element.name == "schema" and element.attributes.get("type") == "application/ld+json":
        return
    if not (is_uri(text) or (text.startswith("/") and not any(c.isspace() for c in text))):
        yield "bad-address", {"element": element.name, "value": text, "accepted": "https://…, /…"}


def _copyright(element: Element) -> Iterator[Fault]:
    kind = element.attributes.get("type", "person")
    if kind not in {"person", "organization"}:
        yield "bad-value", {"element": "copyright type", "value": kind, "accepted": "person, organization"}
    mail, url = element.attributes.get("contactEmail"), element.attributes.get("contactUrl")
    if mail is not None and not _EMAIL.fullmatch(mail.strip()):
        facts = {"element": "copyright contactEmail", "value": mail, "accepted": "name@example.org"}
        yield "bad-address", facts
    if url is not None and not is_uri(url.strip()):
        yield "bad-address", {"element": "copyright contactUrl", "value": url, "accepted": "https://…"}


_CHECKS: Final[dict[str, Callable[[Element], Iterator[Fault]]]] = {
    "rsl": _rsl,
    "content": _content,
    "license": _license,
    "permits": _list,
    "prohibits": _list,
    "payment": _payment,
    "amount": _amount,
    "accepts": _accepts,
    "reporting": _reporting,
    "legal": _legal,
    "standard": _standard,
    "custom": _address,
    "alternate": _address,
    "schema": _address,
    "terms": _address,
    "copyright": _copyright,
}
