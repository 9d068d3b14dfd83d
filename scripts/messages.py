r"""Keep the site's French catalogue: gather the messages of the sources, merge translations, compile, check.

    python scripts/messages.py                    gather, write django.po and django.mo anew
    python scripts/messages.py --merge FILE…      the same, with translations from JSON files
    python scripts/messages.py --missing          print what has no translation yet, as JSON to fill in
    python scripts/messages.py --check            say what is stale, untranslated or wrong; write nothing

A JSON file holds {"message": "traduction"}; a message with a plural is {"singular|plural": ["singulier", "pluriel"]};
one with a context is {"context\u0004message": "…"}. Nothing of GNU gettext is needed, and the same sources give the
same bytes: no dates, no line numbers, sorted. Messages that left the sources leave the catalogue.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.extract import extract
from babel.messages.pofile import normalize, read_po
from django.conf import settings
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src/countermark/web"
LANGUAGE = "fr"
NAMES = ("gettext", "gettext_lazy", "gettext_noop", "_")
KEYWORDS = {
    **dict.fromkeys(NAMES),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
HEADER = (
    f"Language: {LANGUAGE}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\nPlural-Forms: nplurals=2; plural=(n > 1);\n"
)
PLACEHOLDER = re.compile(r"%%|%\(\w+\)[a-z]|%[sdi]|\{\w*\}")
TAG = re.compile(r"</?[a-z][a-z0-9]*")
MARKS = ";:?!»"
WRONG_SPACE = re.compile(rf"(?<= )[{MARKS}]|« |(?<=[^\W\d_])[?!:](?=\s|$)|(?<=\w)'(?=[\w«%{{])")


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """What is to be translated: in one form, or with a plural; the same words may stand in several contexts."""

    singular: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> str:
        """Its name in a JSON file."""
        words = f"{self.singular}|{self.plural}" if self.plural else self.singular
        return f"{self.context}\x04{words}" if self.context else words


Catalogue = dict[Message, tuple[str, ...]]
Places = dict[Message, set[str]]


def gather(sources: Path) -> Places:
    """The messages of the Python files and templates under `sources`, each with the files that it stands in."""
    found: Places = {}
    for path in sorted(sources.rglob("*")):
        parts = path.relative_to(sources).parts
        if path.suffix == ".py" and "migrations" not in parts:
            code = path.read_text(encoding="utf-8")
        elif "templates" in parts and path.is_file():
            # between brackets no line is indented for Python's tokenizer
            code = f"(\n{templatize(path.read_text(encoding='utf-8'), origin=str(path))}\n)"
        else:
            continue
        for message in messages_in(code):
            found.setdefault(message, set()).add(path.relative_to(sources).as_posix())
    return found


def messages_in(code: str) -> Iterator[Message]:
    """The messages of Python code."""
    for _, words, _, context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
        singular, plural = words if isinstance(words, tuple) else (words, "")
        if singular:
            yield Message(singular, plural, context or "")


def read_catalogue(path: Path) -> Catalogue:
    """The translations of a .po file; none where there is no file."""
    if not path.exists():
        return {}
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=LANGUAGE)
    found: Catalogue = {}
    for entry in catalogue:
        words = entry.id if isinstance(entry.id, tuple) else (entry.id, "")
        translations = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        if entry.id and all(translations):
            found[Message(*words, entry.context or "")] = translations
    return found


def merge(catalogue: Catalogue, wanted: Places, files: Sequence[Path]) -> list[str]:
    """Put the translations of JSON files into the catalogue; returns the keys that fit no message.

    A key fits when a message has it and as many forms, none of them empty.
    White space of a key need not agree. Spaces before marks become no-break ones, straight apostrophes curved ones.
    """
    by_key = {" ".join(message.key.split()): message for message in wanted}
    unknown = []
    for file in files:
        for key, value in json.loads(file.read_text(encoding="utf-8")).items():
            message = by_key.get(" ".join(key.split()))
            forms = [value] if isinstance(value, str) else value
            if message is None or len(list(filter(None, forms))) != (2 if message.plural else 1):
                unknown.append(f"{file.name}: {key}")
            else:
                catalogue[message] = tuple(map(french, forms))
    return unknown


def french(text: str) -> str:
    """Text with the spaces and apostrophes of French typography; spaces that are missing stay missing."""
    text = re.sub(rf" (?=[{MARKS}])", "\u00a0", text).replace("« ", "«\u00a0")
    return re.sub(r"(?<=\w)'(?=[\w<«%{])", "’", text)


def po_text(wanted: Places, catalogue: Catalogue) -> str:
    """The .po file: wanted messages only, sorted."""
    blocks = [f'msgid ""\nmsgstr {normalize(HEADER)}\n']
    for message in sorted(wanted):
        lines = [f"#: {place}" for place in sorted(wanted[message])]
        if PLACEHOLDER.search(message.singular + message.plural):
            lines.append(
                "#, python-format" if "%" in message.singular + message.plural else "#, python-brace-format"
            )
        lines += [f"msgctxt {normalize(message.context)}"] if message.context else []
        lines.append(f"msgid {normalize(message.singular)}")
        strings = catalogue.get(message, ("", "")[: 2 if message.plural else 1])
        if message.plural:
            lines.append(f"msgid_plural {normalize(message.plural)}")
            lines += [f"msgstr[{number}] {normalize(text)}" for number, text in enumerate(strings)]
        else:
            lines.append(f"msgstr {normalize(strings[0])}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def mo_bytes(wanted: Places, catalogue: Catalogue) -> bytes:
    """The compiled catalogue (GNU MO, revision 0, without its hash table, which readers need not have)."""
    pairs = {b"": HEADER.encode()}
    for message in wanted:
        if message in catalogue:
            words = f"{message.singular}\0{message.plural}" if message.plural else message.singular
            context = f"{message.context}\x04" if message.context else ""
            pairs[f"{context}{words}".encode()] = "\0".join(catalogue[message]).encode()
    keys = sorted(pairs)
    start = 28 + 16 * len(keys)
    tables, texts = [], b""
    for column in (keys, [pairs[key] for key in keys]):
        for text in column:
            tables.append(struct.pack("<II", len(text), start + len(texts)))
            texts += text + b"\0"
    head = struct.pack("<IIIIIII", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, start)
    return head + b"".join(tables) + texts


def faults(message: Message, strings: Sequence[str]) -> Iterator[str]:
    """What is wrong with a translation: placeholders, tags, typography."""
    needed = set(PLACEHOLDER.findall(message.plural or message.singular))
    for number, text in enumerate(strings):
        given = set(PLACEHOLDER.findall(text))
        # French uses the singular for 0 and 1, so it too needs the number; "one" in words is right for neither
        if given != needed:
            yield f"placeholders {sorted(given)} where the message has {sorted(needed)}"
        if "%" in PLACEHOLDER.sub("", text) and "%" not in PLACEHOLDER.sub("", message.singular):
            yield "a lone % sign"
        if sorted(TAG.findall(text)) != sorted(TAG.findall(message.plural if number else message.singular)):
            yield "tags that differ"
        wrong = WRONG_SPACE.search(re.sub(r"<[^>]*>|&\w+;", "", text))
        if wrong:
            yield f"typography near “{text[max(0, wrong.start() - 20) : wrong.end() + 5]}”"


def problems(wanted: Places, catalogue: Catalogue) -> Iterator[str]:
    """Every message without a translation, and every fault of one."""
    for message in sorted(wanted):
        if message not in catalogue:
            yield f"no translation: {message.key!r} ({', '.join(sorted(wanted[message]))})"
        else:
            yield from (f"{fault}: {message.key!r}" for fault in faults(message, catalogue[message]))


def missing(wanted: Places, catalogue: Catalogue) -> str:
    """JSON to fill in."""
    empty = {m.key: ["", ""] if m.plural else "" for m in sorted(wanted) if m not in catalogue}
    return json.dumps(empty, ensure_ascii=False, indent=1)


def check(sources: Path) -> list[str]:
    """What is wrong with the catalogue of a folder of sources: stale files, untranslated messages, faults."""
    folder = sources / "locale" / LANGUAGE / "LC_MESSAGES"
    wanted, catalogue = gather(sources), read_catalogue(folder / "django.po")
    found = list(problems(wanted, catalogue))
    for name, content in (
        ("django.po", po_text(wanted, catalogue).encode()),
        ("django.mo", mo_bytes(wanted, catalogue)),
    ):
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            found.append(f"{name} is stale: run scripts/messages.py")
    return found


def write(sources: Path, files: Sequence[Path] = ()) -> list[str]:
    """Gather, merge and write both files; returns the keys of `files` that fit no message."""
    folder = sources / "locale" / LANGUAGE / "LC_MESSAGES"
    wanted, catalogue = gather(sources), read_catalogue(folder / "django.po")
    unknown = merge(catalogue, wanted, files)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "django.po").write_text(po_text(wanted, catalogue), encoding="utf-8")
    (folder / "django.mo").write_bytes(mo_bytes(wanted, catalogue))
    return unknown


def main() -> int:
    """Do what the options say. Returns the exit code: 1 where the check finds something."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--merge", nargs="+", type=Path, default=[], metavar="FILE")
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if not settings.configured:  # templatize asks whether to localise; nothing else of Django is used
        settings.configure(USE_I18N=True)
    if options.missing:
        catalogue = read_catalogue(SOURCES / "locale" / LANGUAGE / "LC_MESSAGES/django.po")
        print(missing(gather(SOURCES), catalogue))
        return 0
    if options.check:
        found = check(SOURCES)
        print("\n".join(found), file=sys.stderr, end="\n" if found else "")
        return int(bool(found))
    for key in write(SOURCES, options.merge):
        print(f"no such message: {key}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
