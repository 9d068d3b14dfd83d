"""A crawl for measuring: pages of 20 to 100 kB as they are served today, and the crawl's robots.txt captures."""

from __future__ import annotations

import gzip
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PAGES_PER_SITE = 4
DAY = "2024-05-18"
HEADERS = (  # 3 of 40 responses say something
    *[""] * 37,
    "X-Robots-Tag: noai, noimageai\r\n",
    "TDM-Reservation: 1\r\nTDM-Policy: https://example.org/policy.json\r\n",
    "Content-Usage: train-ai=n\r\n",
)
METAS = (
    *[""] * 38,
    '<meta name="robots" content="noai, noimageai">',
    '<meta name="tdm-reservation" content="1">',
)
AGENTS = ("GPTBot", "CCBot", "ClaudeBot", "Google-Extended", "Bytespider", "AhrefsBot", "PetalBot")


def write_crawl(folder: Path, records: int, seed: int) -> tuple[Path, Path]:
    """Write `crawl.warc.gz` and `robots.warc.gz`, a gzip member each record, unless they are there."""
    pages, robots = folder / f"crawl-{records}-{seed}.warc.gz", folder / f"robots-{records}-{seed}.warc.gz"
    if pages.exists() and robots.exists():
        return pages, robots
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(seed)
    words = ["".join(dice.choices("etaoinshrdlucmfwyp", k=dice.randint(2, 10))) for _ in range(8000)]
    sites = [f"https://www.site{number}.example" for number in range(max(1, records // PAGES_PER_SITE))]
    with robots.open("wb") as file:
        for number, site in enumerate(sites):
            head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
            file.write(_record(f"{site}/robots.txt", "00:10", head.encode() + _robots(dice), number))
    with pages.open("wb") as file:
        for number in range(records):
            url = f"{dice.choice(sites)}/{dice.choice(words)}/{dice.choice(words)}-{number}.html"
            file.write(_record(url, "12:00", _page(dice, words), number))
    return pages, robots


def _page(dice: random.Random, words: list[str]) -> bytes:
    """Head with metas and links, navigation, paragraphs, inline script: some 30 tags a kB, as in news pages."""
    size, parts, held = dice.randint(20_000, 100_000), [], 0
    title = " ".join(dice.choices(words, k=6))
    metas = "".join(
        f'<meta property="og:{name}" content="{title}">\n' for name in ("title", "description", "url")
    )
    links = "".join(
        f'<link rel="stylesheet" href="/static/{word}.css">\n' for word in dice.choices(words, k=8)
    )
    scripts = "".join(f'<script src="/js/{word}.js" async></script>\n' for word in dice.choices(words, k=5))
    top = (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n<title>{title}</title>\n{metas}'
        f'<meta name="viewport" content="width=device-width">\n{dice.choice(METAS)}{links}{scripts}</head>\n<body>'
    )
    while held < size:
        choice = dice.random()
        if choice < 0.6:
            text = " ".join(dice.choices(words, k=dice.randint(20, 90)))
            part = f'<p class="text">{text} <a href="/{dice.choice(words)}">{dice.choice(words)}</a>.</p>\n'
        elif choice < 0.8:
            items = "".join(
                f'<li class="item item-{k}"><a href="/{dice.choice(words)}/{k}" title="{dice.choice(words)}">'
                f"<span>{dice.choice(words)}</span></a></li>\n"
                for k in range(12)
            )
            part = f'<div class="box"><ul>\n{items}</ul></div>\n'
        else:
            items = ",".join(f'"{word}":"{dice.getrandbits(128):x}"' for word in dice.choices(words, k=20))
            part = f"<script>window.data={{{items}}};</script>\n"
        parts.append(part)
        held += len(part)
    headers = (
        "HTTP/1.1 200 OK\r\nDate: Sat, 18 May 2024 12:00:00 GMT\r\nServer: nginx\r\nVary: Accept-Encoding\r\n"
        "Content-Type: text/html; charset=UTF-8\r\nCache-Control: max-age=600\r\nX-Frame-Options: SAMEORIGIN\r\n"
        "Strict-Transport-Security: max-age=31536000\r\nX-Crawler-Content-Encoding: gzip\r\n"
    )
    return f"{headers}{dice.choice(HEADERS)}\r\n{top}{''.join(parts)}</body></html>".encode()


def _robots(dice: random.Random) -> bytes:
    """Ten to fifty lines; a third of the sites shut some AI agents out."""
    lines = ["User-agent: *"]
    lines += [
        f"Disallow: /{name}/" for name in dice.sample(("admin", "cart", "search", "tmp", "wp-admin"), 3)
    ]
    lines += [f"Disallow: /*?{dice.choice('abcdef')}=" for _ in range(dice.randint(2, 20))]
    if dice.random() < 0.33:
        lines.append("")
        lines += [f"User-agent: {agent}" for agent in dice.sample(AGENTS, 4)] + ["Disallow: /"]
    if dice.random() < 0.05:
        lines[1:1] = ["Content-Signal: search=yes,ai-train=no"]
    return ("\n".join([*lines, "", "Sitemap: https://www.example.org/sitemap.xml"]) + "\n").encode()


def _record(url: str, time: str, message: bytes, number: int) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: {DAY}T{time}:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{number:032d}>\r\n"
        f"Content-Length: {len(message)}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Identified-Payload-Type: text/html\r\n\r\n"
    )
    return gzip.compress(head.encode() + message + b"\r\n\r\n", 6)
