"""Forms without cookies come from our own pages, or are refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

ORIGIN = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": ORIGIN}, False),
        ({"origin": ORIGIN}, True),
        ({"origin": "http://testserver"}, True),
        ({"origin": "null"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "https://evil.example", "referer": f"{ORIGIN}/fr/sign/"}, False),
        ({"origin": f"{ORIGIN}.evil.example"}, False),
        ({"referer": f"{ORIGIN}/fr/sign/"}, True),
        ({"referer": "https://evil.example/?http://127.0.0.1:8000"}, False),
        ({"referer": "http://[bad"}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        *("/fr/sign/", "/fr/mine/", "/fr/withdraw/x/", "/fr/change/x/", "/fr/confirm/x/"),
        *("/fr/organisations/sign/", "/fr/organisations/mandate/x/", "/fr/organisations/mandate/x/withdraw/"),
    ],
)
def test_other_sites_cannot_send_our_forms(
    site: None, settings: Any, headers: dict[str, str], taken: bool, path: str
) -> None:
    """Each form looks at what the browser says of where it was sent from."""
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = Client().post(path, {}, headers=headers)
    assert (answer.status_code != 403) is taken
