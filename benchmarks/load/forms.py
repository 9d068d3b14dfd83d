"""The form that signatories send, as a browser would: what is hidden in the page, and what somebody fills in."""

from __future__ import annotations

import random
from html.parser import HTMLParser
from urllib.parse import urlencode

TRADES = ("musician", "composer", "novelist", "poet", "photographer", "painter", "illustrator", "translator")
COUNTRIES = ("FR", "BE", "CH", "CA", "GB", "US", "DE", "IT", "ES")
NAMES = (
    "Ada",
    "Maya",
    "Nadia",
    "Chloé",
    "Léa",
    "Inès",
    "Jeanne",
    "Awa",
    "Noé",
    "Idriss",
    "Paul",
    "Gaël",
    "Zoë",
)


class Fields(HTMLParser):
    """The fields of the form that posts to `action`, each with the value that the page gives it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.names: set[str] = set()
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember fields between <form method=post> and </form>."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("method", "").lower() == "post"
        elif self._inside and tag in {"input", "select", "textarea"} and given.get("name"):
            self.names.add(given["name"])
            if given.get("type") == "hidden":
                self.values[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Fields after the form are not its own."""
        if tag == "form":
            self._inside = False


class Signatories:
    """Invented people: the same numbers give the same people. `page` is the site's page with the form."""

    def __init__(self, page: str, seed: int = 1) -> None:
        fields = Fields(page)
        if "email" not in fields.names:
            raise SystemExit("the page has no form to sign")
        self._fixed, self._names, self._seed = fields.values, fields.names, seed

    def email(self, number: int) -> str:
        """The address of one of them."""
        return f"signatory.{number}@example.org"

    def headers(self, number: int) -> dict[str, str]:
        """What their browser and the proxy say; each comes from a network of their own."""
        draw = random.Random(f"{self._seed} address {number}")
        address = ".".join(str(draw.randint(1, 223)) for _ in range(4))
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": address,
            "Accept-Language": "fr",
        }

    def form(self, number: int) -> bytes:
        """The form that they send."""
        draw = random.Random(f"{self._seed} person {number}")
        given: dict[str, str | list[str]] = {
            **self._fixed,
            "name": f"{draw.choice(NAMES)} {draw.choice(NAMES)}-{number}",
            "email": self.email(number),
            "trades": draw.sample(TRADES, draw.randint(1, 2)),
            "country": draw.choice(COUNTRIES),
            "display": str(draw.choice((1, 1, 1, 2, 3))),
            "publish": "on",
        }
        if draw.random() < 0.3:
            given["contact"] = "on"
        sent = {name: value for name, value in given.items() if name in self._names}
        return urlencode(sent, doseq=True).encode()
