"""Works in every format that can be planted, written by the tests, and what an editor does with their sheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

import docx

from countermark.memorization.traps.key import TrapKey
from countermark.memorization.traps.planting.applying import Copy, copies_of
from countermark.memorization.traps.planting.proposing import Proposal, Wish, propose
from countermark.memorization.traps.sheet import NAME, TWIN, read_sheet, sheet_csv, sheet_json
from documents.written_documents import epub_entries, zipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY: Final = TrapKey(bytes(range(32)))
ENGLISH: Final = (
    "The Mill\n\nThe miller kept twelve hens by the water and did not sell them. It was cold, dark, and windy, and "
    "there were 45 boats. “Twelve men did not come,” she said. He cannot say why.\n\nThe café stayed open.\n\n"
    "© 2026 The Mill Press\n"
)
FRENCH: Final = (
    "Le moulin\n\nLe meunier avait douze poules et la clé du grenier. "
    "Il sait si l’on part ce week-end avec 45 bateaux. "
    "« Douze clés », dit-il.\n\nTous droits réservés.\n"
)
PAGE: Final = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>The Mill</title>'
    "<script>did not</script></head><body>\n<h1>The Mill</h1>\n"
    '<p class="lead">The miller kept <b>twelve</b> hens,\n  nine&nbsp;geese &amp; a dog. He did <i>not</i> run; he '
    "did   not sell; she did not buy.</p><p>He saw <!-- did not --> 45 boats.</p>"
    "<figure><img alt='did not'><figcaption>The sea, seen from <em>the mill</em></figcaption></figure>"
    "<blockquote>He did not go.</blockquote><pre>did not\n  run</pre>"
    "<footer><p>© 2026 The Mill Press</p></footer>\n</body></html>\n"
)
CHAPTER: Final = (
    '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>'
    "<p>Il avait douze poules &amp; la <em>clé</em> du grenier&#160;; il sait si l’on part.</p></body></html>"
)


def epub() -> bytes:
    """An EPUB of three chapters, of which the second can be planted."""
    return zipped({**epub_entries(), "OEBPS/text/chapter 2.xhtml": CHAPTER})


def word() -> bytes:
    """A DOCX with runs of several kinds, a caption, a licence line and empty paragraphs at both ends."""
    document = docx.Document()
    document.core_properties.language = "en"
    document.add_paragraph("")
    document.add_heading("The Mill of twelve hens", 1)
    document.add_paragraph("He did not sell twelve hens.", style="Quote")
    paragraph = document.add_paragraph("The miller kept twelve hens and did ")
    paragraph.add_run("not").bold = True
    paragraph.add_run(" sell. It was cold, dark, and windy & she did not run.").italic = True
    document.add_table(rows=1, cols=1).rows[0].cells[0].text = "There were 45 boats in it."
    document.add_paragraph("The sea, seen from the mill", style="Caption")
    document.add_paragraph("© 2026 The Mill Press")
    document.add_paragraph("")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


WORKS: Final[dict[str, bytes]] = {
    "mill.txt": ENGLISH.encode(),
    "crlf.txt": ENGLISH.replace("\n", "\r\n").encode("cp1252"),
    "wide.txt": b"\xff\xfe" + ENGLISH.encode("utf-16-le"),
    "moulin.md": FRENCH.encode(),
    "page.html": PAGE.encode(),
    "book.epub": epub(),
    "mill.docx": word(),
}


def written(folder: Path, *names: str) -> Path:
    """A folder of these works, all of them where none is named."""
    folder.mkdir(exist_ok=True)
    for name in names or WORKS:
        (folder / name).write_bytes(WORKS[name])
    return folder


def proposed(works: Path, out: Path, wish: Wish | None = None, key: TrapKey = KEY) -> Proposal:
    """The sheet, written as the command writes it."""
    proposal = propose(works, out, key, wish or Wish())
    out.mkdir(exist_ok=True)
    (out / NAME).write_bytes(sheet_csv(proposal.sheet))
    (out / TWIN).write_bytes(sheet_json(proposal.sheet))
    return proposal


def approve(out: Path, decide: Callable[[dict[str, str]], None] | None = None) -> None:
    """Fill the table as a spreadsheet would; yes to all, or what `decide` writes into each row."""
    text = (out / NAME).read_text("utf-8-sig")
    delimiter = ";" if text.startswith("id;") else ","
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, rows[0].keys(), delimiter=";")
    writer.writeheader()
    for row in rows:
        row["approve"] = "yes"
        if decide is not None:
            decide(row)
        writer.writerow(row)
    (out / NAME).write_text(stream.getvalue(), "utf-8-sig")


def copies(out: Path, key: TrapKey = KEY) -> list[Copy]:
    """What would be planted."""
    return list(copies_of(out, read_sheet(out), key))
