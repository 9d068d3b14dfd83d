"""Third-party texts for the text benchmark: TEI and plain-text novels, Debian documentation.

The benchmark ships no text. Fill one folder, named on the command line or by COUNTERMARK_BENCH_SOURCES, with

- checkouts of the public GitHub repositories COST-ELTeC/ELTeC-eng, ELTeC-fra, ELTeC-eng-ext, ELTeC-fra-ext1 (CC BY 4.0)
  and computationalstylistics/100_english_novels, each in a folder of its own name;
- `debian/<package>/`, each unpacked with `dpkg-deb -x` from Debian 12, for the packages in DEBIAN_PACKAGES.

`python benchmarks/sources.py SOURCES TEXTS` writes TEXTS/novels.parquet and TEXTS/documentation.parquet.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import re
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree, html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEBIAN_PACKAGES = [
    "apache2-doc",
    "aptitude-doc-en",
    "aptitude-doc-fr",
    "bible-kjv-text",
    "debian-edu-doc-en",
    "debian-edu-doc-fr",
    "debian-faq",
    "debian-faq-fr",
    "debian-handbook",
    "debian-reference-en",
    "debian-reference-fr",
    "developers-reference",
    "developers-reference-fr",
    "dict-gcide",
    "dict-jargon",
    "doc-debian",
    "gimp-help-en",
    "gimp-help-fr",
    "git-doc",
    "libreoffice-help-en-us",
    "libreoffice-help-fr",
    "lilypond-doc-html",
    "lilypond-doc-html-fr",
    "linux-doc-6.1",
    "manpages",
    "manpages-dev",
    "manpages-fr",
    "manpages-fr-dev",
    "postgresql-doc-15",
    "python3.11-doc",
    "vim-doc",
]

TEI = "{http://www.tei-c.org/ns/1.0}"
TEI_BLOCKS = {"p", "head", "l", "quote", "label"}
TEI_LEFT_OUT = {"note", "back"}
HTML_BLOCKS = {
    "p", "div", "li", "dt", "dd", "td", "th", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "ul", "ol",
    "dl", "blockquote", "section", "article", "header", "footer", "nav", "caption", "body", "br", "hr", "form",
    "address", "figure", "figcaption", "main", "aside",
}  # fmt: skip
HTML_LEFT_OUT = {"script", "style", "noscript", "template", "svg", "head"}
OTHER_LANGUAGES = re.compile(
    r"/(da|de|es|ja|ko|pt-br|ru|tr|zh-cn|style)/mod|manual/(da|de|es|ja|ko|pt-br|ru|tr|zh-cn|style)/"
    r"|debian-handbook/html/(?!en-US|fr-FR)[a-z]{2}-[A-Z]{2}/"
)
TEXT_NAMES = re.compile(r"\.(html?|txt|rst)(\.gz)?$|\.dict\.dz$")
MAN_NAMES = re.compile(r"/man\d/[^/]+\.gz$")
LARGEST_FILE = 60_000_000
SHORTEST_TEXT = 400
ROFF_ESCAPES = [
    (re.compile(r"\\f(\(..|\[[^]]*\]|.)"), ""),
    (re.compile(r"\\s[-+]?\d+"), ""),
    (re.compile(r"\\[*]?\((..)|\\[*]?\[([^]]*)\]"), lambda m: ROFF_CHARACTERS.get(m[1] or m[2], "")),
    (re.compile(r"\\[&/,|^:%c]"), ""),
    (re.compile(r"\\e"), r"\\"),
    (re.compile(r"\\(.)"), r"\1"),
]
ROFF_CHARACTERS = {
    "aq": "'",
    "dq": '"',
    "bu": "•",
    "lq": "“",
    "rq": "”",
    "em": "—",
    "en": "–",
    "co": "©",
    "ha": "^",
    "ti": "~",
}


@dataclass(frozen=True)
class Novel:
    """One novel: paragraphs joined by blank lines, white space inside a paragraph made single spaces."""

    collection: str
    name: str
    language: str
    title: str
    author: str
    published: str
    text: str


def blocks(root: etree._Element, is_block: set[str], left_out: set[str], *, outside: bool) -> list[str]:
    """Paragraphs of an element tree in document order.

    A block ends the paragraph before it and its own. Text outside every block is kept where `outside` is set.
    """
    paragraphs: list[str] = []
    piece: list[str] = []
    depth = 0
    for step, name, text in [*_pieces(root, left_out), (0, next(iter(is_block)), "")]:
        if name in is_block:
            joined = " ".join("".join(piece).split())
            piece.clear()
            if joined:
                paragraphs.append(joined)
            depth += step
        if depth or outside:
            piece.append(text)
    return paragraphs


def _pieces(root: etree._Element, left_out: set[str]) -> Iterator[tuple[int, str, str]]:
    """Each piece of text with the tag before it: 1 and the name where an element opens, -1 where it ends.

    Comments, processing instructions and the elements in `left_out` are passed over; 0 marks the text after them.
    """
    skipping: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if skipping is not None and (event != "end" or element is not skipping):
            continue
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if event == "start" and name in left_out:
            skipping = element
        elif event == "start":
            yield 1, name, element.text or ""
        else:
            tail = "" if element is root else element.tail or ""
            yield (-1, name, tail) if event == "end" and skipping is None else (0, "", tail)
            skipping = None


def read_tei(path: Path, collection: str) -> Novel:
    """Paragraphs, heads, lines and quotations of the text element, without notes and back matter."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    root = etree.parse(str(path), parser).getroot()
    header, body = root.find(f"{TEI}teiHeader"), root.find(f"{TEI}text")
    if header is None or body is None:
        raise SystemExit(f"{path}: no teiHeader or no text element")
    title = " ".join("".join(header.find(f".//{TEI}titleStmt/{TEI}title").itertext()).split())
    title = re.split(r"\s*:\s*(?:édition )?ELTeC", title, flags=re.IGNORECASE)[0].strip("“” ")
    return Novel(
        collection=collection,
        name=path.stem,
        language="fr" if "fra" in collection else "en",
        title=title,
        author=_author(header),
        published=_first_year(header),
        text="\n\n".join(blocks(body, TEI_BLOCKS, TEI_LEFT_OUT, outside=False)),
    )


def _author(header: etree._Element) -> str:
    author = header.find(f".//{TEI}titleStmt/{TEI}author")
    if author is None:
        return ""
    surname, forename = author.find(f".//{TEI}surname"), author.find(f".//{TEI}forename")
    if surname is not None and surname.text:
        given = f", {forename.text}" if forename is not None and forename.text else ""
        return " ".join(f"{surname.text}{given}".split())
    return " ".join("".join(author.itertext()).split())


def _first_year(header: etree._Element) -> str:
    """The year of the first edition, else of the printed source, else nothing."""
    for kind in ("firstEdition", "printSource", "edition"):
        for date in header.findall(f".//{TEI}bibl[@type='{kind}']/{TEI}date"):
            year = re.search(r"1[6-9]\d\d", "".join(date.itertext()))
            if year:
                return year[0]
    return ""


def read_plain_novel(path: Path, collection: str) -> Novel:
    """A plain-text novel, its paragraphs told from line lengths, blank lines and indents."""
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    full = [line for line in lines if line.strip()]
    one_line_each = sum(map(len, full)) > 100 * len(full)
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if not line.strip() or one_line_each or line.startswith(("  ", "\t")):
            paragraphs.append([])
        paragraphs[-1].append(line)
    joined = (" ".join(" ".join(lines).split()) for lines in paragraphs)
    author, title, year = [*path.stem.split("_"), "", ""][:3]
    return Novel(collection, path.stem, "en", title, author, year, "\n\n".join(filter(None, joined)))


def novels(sources: Path) -> Iterator[Novel]:
    """Every novel of the five collections, in the order of their names."""
    for collection in ("ELTeC-eng", "ELTeC-fra", "ELTeC-eng-ext", "ELTeC-fra-ext1"):
        for path in sorted((sources / collection / "level1").glob("*.xml")):
            yield read_tei(path, collection)
    for path in sorted((sources / "100_english_novels" / "corpus").glob("*.txt")):
        yield read_plain_novel(path, "100_english_novels")


def html_text(data: bytes) -> str:
    """Text of an HTML page, one paragraph a block."""
    root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    return "\n\n".join(blocks(root, HTML_BLOCKS, HTML_LEFT_OUT, outside=True))


def roff_text(data: bytes) -> str:
    """Text of a man page: requests dropped but for the words that they set, escapes resolved."""
    out: list[str] = []
    for line in data.decode("utf-8", errors="replace").split("\n"):
        if line.startswith((".", "'")):
            name, _, words = line[1:].strip().partition(" ")
            if name in {"SH", "SS", "PP", "P", "TP", "IP", "LP", "RS", "RE", "Sh", "Ss", "Pp", "It"}:
                out.append("")
            if name not in {
                "SH",
                "SS",
                "B",
                "I",
                "BR",
                "RB",
                "IR",
                "RI",
                "BI",
                "IB",
                "Sh",
                "Ss",
                "Nm",
                "Fl",
                "Ar",
            }:
                continue
            line = words.replace('"', "")  # noqa: PLW2901
        for pattern, becomes in ROFF_ESCAPES:
            line = pattern.sub(becomes, line)  # noqa: PLW2901
        out.append(line)
    return _paragraphs("\n".join(out))


def _paragraphs(text: str) -> str:
    """Plain text with its lines kept, blank lines made one."""
    return re.sub(r"\n\s*\n+", "\n\n", text.replace("\r\n", "\n")).strip("\n")


def plain_text(data: bytes) -> str:
    """Plain text, UTF-8 or else Latin-1."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return _paragraphs(text)


def documentation(debian: Path) -> Iterator[dict[str, str]]:
    """Texts of the unpacked packages, as rows (package, path, language, text); exact duplicates left out."""
    seen: set[bytes] = set()
    for package in DEBIAN_PACKAGES:
        files = (path for path in (debian / package).rglob("*") if path.is_file() and not path.is_symlink())
        for path in sorted(files):
            name = path.relative_to(debian).as_posix()
            reader = _reader_of(name)
            if reader is None or path.stat().st_size > LARGEST_FILE:
                continue
            try:
                data = (
                    gzip.decompress(path.read_bytes()) if name.endswith((".gz", ".dz")) else path.read_bytes()
                )
                text = reader(data)
            except (OSError, EOFError, zlib.error, etree.LxmlError, ValueError) as error:
                print(f"left out {name}: {error}")
                continue
            digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
            if len(text) < SHORTEST_TEXT or digest in seen:
                continue
            seen.add(digest)
            yield {"package": package, "path": name, "language": _language_of(name), "text": text}


def _reader_of(name: str) -> Callable[[bytes], str] | None:
    if OTHER_LANGUAGES.search("/" + name):
        return None
    if MAN_NAMES.search(name):
        return roff_text
    if not TEXT_NAMES.search(name):
        return None
    return html_text if re.search(r"\.html?(\.gz)?$", name) else plain_text


def _language_of(name: str) -> str:
    return "fr" if re.search(r"/fr/|fr-FR|\.fr\.|-fr[-/]|-fr$", name) else "en"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sources", type=Path, nargs="?", default=os.environ.get("COUNTERMARK_BENCH_SOURCES"))
    parser.add_argument("texts", type=Path, nargs="?", default=Path(__file__).parent / "work" / "texts")
    options = parser.parse_args()
    if options.sources is None:
        parser.error("no folder of sources: name it, or set COUNTERMARK_BENCH_SOURCES")
    options.texts.mkdir(parents=True, exist_ok=True)
    tables = {
        "novels": [asdict(novel) for novel in novels(Path(options.sources))],
        "documentation": list(documentation(Path(options.sources) / "debian")),
    }
    for name, rows in tables.items():
        table = pa.Table.from_pylist(rows)
        pq.write_table(table, options.texts / f"{name}.parquet", compression="zstd", row_group_size=200)
        size = sum(len(row["text"].encode()) for row in rows)
        print(f"{name}: {len(rows)} texts, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
