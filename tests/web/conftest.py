"""A site in a temporary folder; every test of `web` sees the demonstration statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django
import pytest

django.setup()

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def _mail_stays_here(settings: Settings) -> None:
    """No test sends a mail: the outbox delivers into `django.core.mail.outbox`."""
    settings.MAIL_TRANSPORT = {"kind": "memory"}


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    """Rules, lists, switches and texts that the last test left in memory are read anew."""
    from django.utils import translation

    from countermark.web.abuse import memory
    from countermark.web.statement import recent

    translation.deactivate()  # the language that the last page was asked for in
    for room in (memory, recent):
        room.forget()
    yield
    for room in (memory, recent):
        room.forget()


@pytest.fixture
def site(db: None) -> None:
    """A database with the demonstration statement, published in both languages."""
    from countermark.web.statement.demo import begin

    begin()


@pytest.fixture
def client() -> Client:
    """A browser: it says that its forms are sent from our pages."""
    from django.test import Client

    return Client(headers={"sec-fetch-site": "same-origin"})


@pytest.fixture
def visitor(site: None, client: Client) -> Client:
    """A browser without cookies on a site that is set up."""
    return client
