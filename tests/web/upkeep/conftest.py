"""What the tests of upkeep share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from countermark.web.upkeep import health

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _look_again() -> Iterator[None]:
    """No test sees the health that another one looked at."""
    health.memory.forget()
    yield
    health.memory.forget()
