"""Looking at a page as it stands: what axe finds wrong, how wide it is; and pressing what leads to the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def faults(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands, in one line each."""
    from axe_playwright_python.sync_playwright import Axe

    found: Any = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{page.url}: {fault['id']}: {fault['help']}: {node['html'][:200]}"
        for fault in found
        for node in fault["nodes"]
    ]


def widest(page: Page) -> int:
    """How wide the page is, in CSS pixels."""
    width: int = page.evaluate("document.scrollingElement.scrollWidth")
    return width


def look(page: Page) -> list[str]:
    """What is wrong on the page as it stands: faults that axe finds, and that it scrolls sideways."""
    found = faults(page)
    size = page.viewport_size
    if size and (width := widest(page)) > size["width"]:
        found.append(f"{page.url}: {width} px wide on a screen of {size['width']} px")
    return found


def press(page: Page, button: Locator) -> None:
    """Press what leads to another page, and wait until that page is there."""
    with page.expect_navigation():
        button.click()
