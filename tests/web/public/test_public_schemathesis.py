"""The interface against its own description: whatever is asked, it answers as it says it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from countermark.web.abuse.memory import forget
from countermark.web.abuse.models import RateRule
from countermark.web.public.api.interface import api
from countermark.web.public.cache import PageCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

    from countermark.web.roll.models import Entry


@pytest.fixture
def described(site: None, enter: Callable[..., Entry]) -> Iterator[None]:
    """A roll with a few entries, no limits, and a connection that stays open between requests."""
    for _ in range(3):
        enter()
    for name in ("api", "search"):
        RateRule.objects.create(name=name, limit=1, seconds=60, enabled=False)
    forget()
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema())
SCHEMA.app = PageCache(WSGIHandler())


@pytest.mark.slow
@SCHEMA.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_interface_is_as_described(described: None, case: Any) -> None:
    """Every check of schemathesis, on every question, through the page cache."""
    # its WSGI client asks for gzip and does not unpack it
    case.call_and_validate(base_url="http://127.0.0.1:8000", headers={"Accept-Encoding": "identity"})


def test_any_page_may_ask_from_a_browser(visitor: Client, enter: Callable[..., Entry]) -> None:
    """CORS is open on answers, on faults and on the description: nothing is private, and no cookie is taken."""
    for path in ("/api/v1/count", "/api/v1/roll/99", "/api/v1/roll?page=x", "/api/v1/openapi.json"):
        response = visitor.get(path)
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert not response.cookies


def test_faults_say_what_is_accepted(visitor: Client) -> None:
    """422 names the parameter; 404 what is not there."""
    assert "trade" in visitor.get("/api/v1/roll?trade=alchemist").json()["detail"]
    assert "page" in visitor.get("/api/v1/roll?page=0").json()["detail"]
    assert visitor.get("/api/v1/texts/9/fr").status_code == 404
    assert visitor.post("/api/v1/count").status_code == 405


def test_pages_of_the_roll_lead_to_one_another(visitor: Client, enter: Callable[..., Entry]) -> None:
    """Following `next` gives every entry once."""
    for _ in range(110):
        enter()
    numbers: list[int] = []
    following = "/api/v1/roll?country=FR"
    while following:
        page = visitor.get(following.removeprefix("http://127.0.0.1:8000")).json()
        numbers += [entry["number"] for entry in page["entries"]]
        following = page["next"]
    assert numbers == list(range(1, 111))


def test_too_many_questions_are_refused(visitor: Client) -> None:
    """429, with words, once the limit of the network is reached."""
    RateRule.objects.create(name="api", limit=2, seconds=3600)
    forget()
    answers = [visitor.get(f"/api/v1/roll/{number}").status_code for number in (7, 8, 9)]
    assert answers == [404, 404, 429]


def test_every_shape_has_words() -> None:
    """Each question has a summary and a description, each parameter a type."""
    for operations in api.get_openapi_schema()["paths"].values():
        for operation in operations.values():
            assert operation["summary"]
            assert operation["description"]
