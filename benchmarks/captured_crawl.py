"""A crawl for measuring: pages of 20 to 100 kB as they are served today, and the crawl's robots.txt captures.

What each planted header field and meta says of generative training was written down by hand from the protocols' texts.
"""

from __future__ import annotations

import gzip
import json
import random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

PAGES_PER_SITE = 4
DAY = "2024-05-18"


class Planted(NamedTuple):
    """Header fields or a meta, and what they say of generative training: `answer`, in the words of our verdicts."""

    text: str
    answer: str


SILENT = Planted("", "unknown")
HEADERS = (  # 8 of 40 responses have such a field, and 5 of them reserve
    *[SILENT] * 32,
    Planted("X-Robots-Tag: noai, noimageai\r\n", "reserved"),
    Planted("X-Robots-Tag: NoAI\r\n", "reserved"),  # directives are read without regard to case
    Planted("X-Robots-Tag: otherbot: nofollow, noai\r\n", "unknown"),  # what follows an agent is for it alone
    Planted("X-Robots-Tag: noindex, nofollow\r\n", "unknown"),  # of search, not of training
    Planted("TDM-Reservation: 1\r\nTDM-Policy: https://example.org/policy.json\r\n", "conditional"),
    Planted("TDM-Reservation: 0\r\n", "unknown"),  # allows; but what robots.txt said is not known here
    Planted("Content-Usage: train-ai=n\r\n", "reserved"),
    Planted("Content-Usage: search=y, train-ai=n\r\n", "reserved"),
)
METAS = (  # 4 of 40 pages
    *[SILENT] * 36,
    Planted('<meta name="robots" content="noai, noimageai">', "reserved"),
    Planted('<meta name="ROBOTS" content="NoAI">', "reserved"),
    Planted('<meta name="tdm-reservation" content="1">', "reserved"),
    Planted('<meta name="robots" content="noindex">', "unknown"),
)
CONTENT_SIGNALS = 0.2  # sites with a Content-Signal line: Cloudflare manages them for millions of domains
AGENTS = ("GPTBot", "CCBot", "ClaudeBot", "Google-Extended", "Bytespider", "AhrefsBot", "PetalBot")


class Crawl(NamedTuple):
    """The files of a crawl; `planted` is JSON: of each address the header fields and the answers of both plants."""

    pages: Path
    robots: Path
    planted: Path


def write_crawl(folder: Path, records: int, seed: int, signals: float = CONTENT_SIGNALS) -> Crawl:
    """Write pages and robots.txt captures, a gzip member each record, and what was planted, unless they are there."""
    name = f"{records}-{seed}-{signals:g}"
    pages, robots = folder / f"crawl-{name}.warc.gz", folder / f"robots-{name}.warc.gz"
    crawl = Crawl(pages, robots, folder / f"planted-{name}.json")
    if all(path.exists() for path in crawl):
        return crawl
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(seed)
    words = ["".join(dice.choices("etaoinshrdlucmfwyp", k=dice.randint(2, 10))) for _ in range(8000)]
    sites = [f"https://www.site{number}.example" for number in range(max(1, records // PAGES_PER_SITE))]
    with robots.open("wb") as file:
        for number, site in enumerate(sites):
            head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
            file.write(_record(f"{site}/robots.txt", "00:10", head.encode() + _robots(dice, signals), number))
    planted = {}
    with pages.open("wb") as file:
        for number in range(records):
            url = f"{dice.choice(sites)}/{dice.choice(words)}/{dice.choice(words)}-{number}.html"
            header, meta = dice.choice(HEADERS), dice.choice(METAS)
            planted[url] = [header.text.strip(), header.answer, meta.answer]
            file.write(_record(url, "12:00", _page(dice, words, header.text, meta.text), number))
    crawl.planted.write_text(json.dumps(planted, indent=0))
    return crawl


def _page(dice: random.Random, words: list[str], header: str, meta: str) -> bytes:
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
        f'<meta name="viewport" content="width=device-width">\n{meta}{links}{scripts}</head>\n<body>'
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
    return f"{headers}{header}\r\n{top}{''.join(parts)}</body></html>".encode()


def _robots(dice: random.Random, signals: float) -> bytes:
    """Ten to fifty lines; a third of the sites shut some AI agents out."""
    lines = ["User-agent: *"]
    lines += [
        f"Disallow: /{name}/" for name in dice.sample(("admin", "cart", "search", "tmp", "wp-admin"), 3)
    ]
    lines += [f"Disallow: /*?{dice.choice('abcdef')}=" for _ in range(dice.randint(2, 20))]
    if dice.random() < 0.33:
        lines.append("")
        lines += [f"User-agent: {agent}" for agent in dice.sample(AGENTS, 4)] + ["Disallow: /"]
    if dice.random() < signals:
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
