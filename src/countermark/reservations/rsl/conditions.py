"""What a license asks for, in the words of RSL: the address of the license first, then the conditions.

https://example.org/licence; payment: crawl 0.015 USD; user: education; geo: not US; token: https://licences.example.org
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.reservations.rsl.values import tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.reservations.rsl.document import Element
    from countermark.reservations.target import Target


def conditions_of(license_: Element, content: Element, target: Target) -> str:
    """The conditions in one line; "" where none is set. Addresses that are paths are completed from the target."""
    payments = [payment for payment in license_.all("payment") if not _is_free(payment)]
    asked = [*_payments(payments), *_limits(license_), *_reports(license_), *_access(content)]
    if not payments and not asked:
        return ""
    addresses = list(dict.fromkeys(_complete(url, target) for url in _addresses(payments, content)))
    return "; ".join([*addresses, *asked]) or "payment"


def _is_free(payment: Element) -> bool:
    """`free`, and neither a framework, a process nor a price beside it."""
    return payment.attributes.get("type") == "free" and not any(child.is_rsl for child in payment.children)


def _payments(payments: list[Element]) -> Iterator[str]:
    for payment in payments:
        kind = payment.attributes.get("type", "").strip()
        prices = [
            f"{amount.text.strip()} {amount.attributes.get('currency', '')}".strip()
            for amount in payment.all("amount")
        ]
        protocols = [accepts.attributes.get("type", "") for accepts in payment.all("accepts")]
        told = " ".join(word for word in (kind, *prices, *protocols) if word)
        if told:
            yield f"payment: {told}"


def _addresses(payments: list[Element], content: Element) -> Iterator[str]:
    """Where a licence is to be had: the holder's own process, a framework, else the terms in words."""
    found = [
        element.text.strip()
        for name in ("custom", "standard")
        for payment in payments
        for element in payment.all(name)
        if element.text.strip()
    ]
    yield from found or [terms.text.strip() for terms in content.all("terms") if terms.text.strip()]


def _complete(url: str, target: Target) -> str:
    return f"{target.origin}{url}" if url.startswith("/") and not url.startswith("//") else url


def _limits(license_: Element) -> Iterator[str]:
    """Who and where: lists of users and countries."""
    for kind in ("user", "geo"):
        for name, word in (("permits", ""), ("prohibits", "not ")):
            for element in license_.all(name):
                if element.attributes.get("type") == kind:
                    yield f"{kind}: {word}{' '.join(tokens_of(element)) or '?'}"


def _reports(license_: Element) -> Iterator[str]:
    for element in license_.all("reporting"):
        told = (element.attributes.get(name, "").strip() for name in ("type", "profile"))
        yield f"reporting: {' '.join(word for word in told if word) or '?'}"


def _access(content: Element) -> Iterator[str]:
    """`server` and `encrypted`. What is neither `true` nor `false` is taken for true: nothing is granted by a slip."""
    if "server" in content.attributes:
        yield f"token: {content.attributes['server'].strip() or '?'}"
    if content.attributes.get("encrypted", "false").strip().lower() != "false":
        yield "encrypted"
