"""WARC records with signals planted in them, and the answers that they come to, written by hand.

The writer here knows HTTP, HTML and WARC, and none of the readers. Each kind has its answers in the order text and
data mining, training, generative training, input, search: r reserved, c conditional, a allowed, u unknown.
"""

from __future__ import annotations

import gzip
import random
from dataclasses import dataclass

ANSWERS = {"r": "reserved", "c": "conditional", "a": "allowed", "u": "unknown"}
DAY = "2024-05-18"


@dataclass(frozen=True)
class Kind:
    """One way to plant: header lines, what stands in the head of the page, robots.txt, and what it comes to."""

    name: str
    answers: str
    headers: str = ""
    markup: str = ""
    robots: str | None = "User-agent: *\nDisallow: /private/\n"
    path: str = "/works/one.html"
    status: str = "200 OK"


KINDS = (
    # Nothing is said, with and without a robots.txt of the day.
    Kind("silence", "uuuuu"),
    Kind("silence without robots", "uuuuu", robots=None),
    Kind("ordinary metas", "uuuuu", markup='<meta name="description" content="no ai was used &#38; tdm">'),
    Kind("noindex", "uuuuu", markup='<meta name="robots" content="noindex, nofollow">'),
    Kind("robots allows", "uuuuu", robots="User-agent: *\nAllow: /\n"),
    # robots.txt
    Kind("robots disallows", "rrrrr", robots="User-agent: *\nDisallow: /works/\n"),
    Kind("robots of another path", "uuuuu", robots="User-agent: *\nDisallow: /work/\n"),
    Kind("robots of another agent", "uuuuu", robots="User-agent: GPTBot\nDisallow: /\n"),
    Kind("robots longest match", "uuuuu", robots="User-agent: *\nDisallow: /\nAllow: /works/\n"),
    Kind("robots aipref", "uurru", robots="User-agent: *\nContent-Usage: train-ai=n, ai-use=n\nAllow: /\n"),
    Kind("robots aipref allows", "uuauu", robots="User-agent: *\nContent-Usage: train-ai=y\nAllow: /\n"),
    Kind(
        "robots content signal",
        "urrua",
        robots="User-agent: *\nContent-Signal: ai-train=no, search=yes\nAllow: /\n",
    ),
    Kind("robots unavailable", "uuuuu", robots="404"),
    Kind("robots unreachable, header allows", "uuuuu", "Content-Usage: train-ai=y\r\n", robots="503"),
    # Header fields
    Kind("tdm header", "rrruu", "TDM-Reservation: 1\r\n"),
    Kind("tdm header, lower case", "rrruu", "tdm-reservation: 1\r\n"),
    Kind(
        "tdm header with policy",
        "cccuu",
        "TDM-Reservation: 1\r\nTDM-Policy: https://example.org/policy.json\r\n",
    ),
    Kind("tdm header 0", "aaauu", "tdm-reservation: 0\r\n"),
    Kind("tdm header 0 without robots", "uuuuu", "tdm-reservation: 0\r\n", robots=None),
    Kind("tdm header of no value", "uuuuu", "tdm-reservation: yes\r\n"),
    Kind("x-robots noai", "urruu", "X-Robots-Tag: NoAI\r\n"),
    Kind("x-robots of another agent", "uuuuu", "X-Robots-Tag: otherbot: nofollow, noai\r\n"),
    Kind("x-robots folded", "urruu", "X-Robots-Tag: noindex,\r\n  noai\r\n"),
    Kind("x-robots noimageai on a page", "uuuuu", "X-Robots-Tag: noimageai\r\n"),
    Kind("content usage", "uuruu", "content-usage: train-ai=n\r\n"),
    Kind("content usage, last key wins", "uuruu", "Content-Usage: train-ai=y\r\nContent-Usage: train-ai=n\r\n"),
    Kind("content usage for search", "uuuur", "Content-Usage: search=n\r\n"),
    Kind("header and robots disagree", "rrrrr", "tdm-reservation: 0\r\n", robots="User-agent: *\nDisallow: /\n"),
    Kind("header of a missing page", "rrruu", "TDM-Reservation: 1\r\n", status="404 Not Found"),
    # Pages
    Kind("tdm meta", "rrruu", markup='<meta name="tdm-reservation" content="1">'),
    Kind("tdm meta in capitals", "rrruu", markup='<META CONTENT="1" NAME="TDM-RESERVATION">'),
    Kind("tdm meta loosens the header", "aaauu", "TDM-Reservation: 1\r\n", '<meta name="tdm-reservation" content="0">'),
    Kind(
        "tdm meta with policy",
        "cccuu",
        markup='<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="https://example.org/p">',
    ),
    Kind("noai meta", "urruu", markup='<meta name="robots" content="index, noai, noimageai">'),
    Kind("noai meta, coded", "urruu", markup='<meta name="robots" content="no&#97;i">'),
    Kind("noai in a comment", "uuuuu", markup='<!-- <meta name="robots" content="noai"> -->'),
    Kind("noai after a bracket in quotes", "urruu", markup='<meta content="noai" title="a > b" name="robots">'),
)  # fmt: skip


def record(url: str, date: str, message: bytes, number: int, more: str = "") -> bytes:
    """One response record, as a gzip member."""
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n{more}"
        f"WARC-Record-ID: <urn:uuid:{number:032d}>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(message)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + message + b"\r\n\r\n", 1)


def page(kind: Kind, dice: random.Random) -> bytes:
    """The response that a kind is captured as; encodings and shapes are drawn."""
    words = " ".join(
        dice.choices(("river", "lamp", "harbour", "<b>letter</b>", "rule", "&eacute;t&eacute;"), k=200)
    )
    body = (
        f"<!doctype html><html><head><title>One</title>{kind.markup}</head><body><p>{words}</p></body></html>"
    )
    data, coding = body.encode(), ""
    if dice.random() < 0.2:
        data, coding = gzip.compress(data, 1), "Content-Encoding: gzip\r\n"
    elif dice.random() < 0.2:
        data, coding = b"%x\r\n%b\r\n0\r\n\r\n" % (len(data), data), "Transfer-Encoding: chunked\r\n"
    status = kind.status if dice.random() < 0.7 else kind.status[:3]  # without a reason phrase
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{kind.headers}{coding}\r\n"
    return head.encode() + data


def robots(kind: Kind) -> bytes | None:
    """The answer to a request for robots.txt."""
    said = kind.robots
    if said is None:
        return None
    if said.isdigit():
        return f"HTTP/1.1 {said} Sorry\r\nContent-Type: text/html\r\n\r\n<p>sorry</p>".encode()
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{said}".encode()


def crawl(count: int, seed: int) -> tuple[bytes, bytes, list[Kind]]:
    """A crawl of so many records, its captures of robots.txt, and the kind of each record."""
    dice = random.Random(seed)
    kinds = [KINDS[number % len(KINDS)] for number in range(count)]
    dice.shuffle(kinds)
    pages, files = [], []
    for number, kind in enumerate(kinds):
        origin = f"https://site{number}.example.org"
        hour = dice.randrange(1, 20)
        pages.append(record(origin + kind.path, f"{DAY}T{hour:02d}:30:00Z", page(kind, dice), number))
        answer = robots(kind)
        if answer is not None:
            files.append(record(origin + "/robots.txt", f"{DAY}T{hour:02d}:29:00Z", answer, number))
        # What is captured later must not count.
        later = b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /\n"
        if dice.random() < 0.5:
            files.append(record(origin + "/robots.txt", f"{DAY}T23:59:59Z", later, number))
    dice.shuffle(files)
    return b"".join(pages), b"".join(files), kinds
