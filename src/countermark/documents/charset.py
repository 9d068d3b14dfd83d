"""Bytes to text: which character encoding, and how sure.

In order: a byte order mark; valid UTF-8 (text in another encoding is hardly ever valid UTF-8 by accident, so it
wins over a wrong declaration); UTF-16 and UTF-32 without a mark; the declared encoding; UTF-8 with a few bad
bytes; detection among the legacy encodings that are met in practice; windows-1252.

What leaves this module holds no lone surrogates: bytes that mean nothing become U+FFFD.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final, NamedTuple

from countermark.errors import DocumentError

_SAMPLE: Final = 1 << 16  # bytes looked at to tell text from binary data
_LEGACY_SAMPLE: Final = 1 << 14  # bytes, of lines that are not plain ASCII, looked at to tell encodings apart
_FEW: Final = 8  # below this many bytes outside ASCII a detection would be a guess
_CONTROLS: Final = bytes([*range(1, 8), *range(14, 27), *range(28, 32)])  # without BEL, BS…CR and ESC
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Labels are read as browsers read them: the superset that is meant, not the letter of the old standard.
_LABELS: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc_kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "windows-949": "cp949",
    "x-euc-jp": "euc_jp",
    "iso2022_jp": "iso2022_jp_2",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
}
_ACCEPTED: Final = re.compile(
    r"utf-8|cp125\d|iso8859-\d+|koi8-[rut]|mac-(?:roman|cyrillic|greek|latin2|turkish)|cp8[56]\d|cp874|cp437"
    r"|gb18030|big5hkscs|cp932|cp949|euc_jp|iso2022_jp_2|johab"
)
_CANDIDATES: Final = [
    *(
        "cp1252",
        "cp1250",
        "cp1251",
        "koi8_r",
        "cp866",
        "iso8859_5",
        "mac_cyrillic",
        "cp1253",
        "iso8859_7",
        "cp1256",
    ),
    *(
        "iso8859_6",
        "cp1255",
        "cp1254",
        "gb18030",
        "big5",
        "big5hkscs",
        "cp932",
        "shift_jis",
        "euc_jp",
        "cp949",
    ),
    *("euc_kr", "mac_roman", "cp850", "cp874", "iso8859_2"),
]
# What French, German, Spanish, Italian, Portuguese, Dutch and the Nordic languages write outside ASCII. Letters that
# mostly come from reading Polish, Czech or Turkish bytes as windows-1252 (ð ý þ š ž ¹ ³) are left out.
_WESTERN: Final = frozenset(
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüÿœßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒ«»“”„‘’–—…·•°§©®™€£¡¿ªº\u00a0\u00ad"
)


class Decoded(NamedTuple):
    """A text, the name of the encoding that it was read with, and what was doubtful."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text of `data` and the name of the encoding found; `declared` is what a header or the user says it is.

    Line endings are kept. Empty data gives an empty text. Raises DocumentError("binary") where `data` is not text.
    """
    decoded = decode_text(data, declared)
    return decoded.text, decoded.encoding


def decode_text(data: bytes, declared: str | None = None) -> Decoded:
    """`decode`, with its warnings."""
    decoded = _by_mark(data)
    if decoded is None:
        if _is_binary(data):
            decoded = _wide_without_mark(data)
            if decoded is None:
                raise DocumentError("binary", "holds binary data; a document of text is accepted")
        else:
            decoded = decode_lenient(data, declared)
    if "\0" in decoded.text:
        warnings = (*decoded.warnings, "NUL characters were replaced")
        return decoded._replace(text=decoded.text.replace("\0", "\ufffd"), warnings=warnings)
    return decoded


def decode_lenient(data: bytes, declared: str | None = None) -> Decoded:
    """The text of `data`, whatever it is: binary data comes out as nonsense and never as an error."""
    decoded = _by_mark(data)
    if decoded is not None:
        return decoded
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data, declared)
    if b"\x1b$" in data and text.isascii():
        return _escaped_japanese(data) or Decoded(text, "utf-8")
    return Decoded(text, "utf-8")


def without_surrogates(text: str) -> str:
    """`text` with surrogate pairs joined and lone surrogates replaced by U+FFFD."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def codec_of(label: str | None) -> str | None:
    """The codec that a declared label means, or None where it is unknown or no encoding of text."""
    if label is None:
        return None
    name = label.strip(" \t\r\n\"'").lower()
    if re.fullmatch(r"[a-z0-9_:-]{1,40}", name) is None:
        return None
    if name not in _LABELS:
        try:
            name = codecs.lookup(name).name
        except LookupError:
            return None
    name = _LABELS.get(name, name)
    return name if _ACCEPTED.fullmatch(name) else None


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _replacing(data[len(mark) :], encoding)
    return None


def _replacing(data: bytes, encoding: str) -> Decoded:
    """Decode; bytes that mean nothing in `encoding` become U+FFFD and are told."""
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        where = f"from byte {error.start}, some bytes are not {encoding}; each became U+FFFD"
    return Decoded(data.decode(encoding, "replace"), encoding, (where,))


def _is_binary(data: bytes) -> bool:
    """Whether more than 1 byte in 1,000 is NUL, or 1 in 50 another control character, at the beginning."""
    sample = data[:_SAMPLE]
    if sample.count(0) * 1000 > len(sample):
        return True
    return (len(sample) - len(sample.translate(None, _CONTROLS))) * 50 > len(sample)


def _wide_without_mark(data: bytes) -> Decoded | None:
    """UTF-32 or UTF-16 without a mark: of the byte orders that give plausible text, the one with most spaces."""
    best: Decoded | None = None
    score = 0.0
    for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        width = 4 if "32" in encoding else 2
        if len(data) % width:
            continue
        try:
            sample = data[: _SAMPLE - 4].decode(encoding, "strict" if width == 4 else "replace")
        except UnicodeDecodeError:
            continue
        plausible = _plausibility(sample)
        if plausible > score:
            best, score = _replacing(data, encoding), plausible
    return best


def _plausibility(text: str) -> float:
    """The share of ASCII letters, spaces and line ends; 0 where more than 1 in 100 is nothing that is written."""
    categories = [unicodedata.category(c) for c in text if c not in "\t\n\r"]
    odd = sum(c in {"Cc", "Cn", "Co", "Cs"} for c in categories) + text.count("\ufffd")
    if not text or odd * 100 > len(text):
        return 0.0
    return 0.001 + sum(c.isascii() for c in text) / len(text)


def _escaped_japanese(data: bytes) -> Decoded | None:
    try:
        return Decoded(data.decode("iso2022_jp_2"), "iso2022_jp")
    except UnicodeDecodeError:
        return None


def _not_utf8(data: bytes, declared: str | None) -> Decoded:
    with_surrogates = _utf8_with_surrogates(data)
    if with_surrogates is not None:
        return with_surrogates
    codec = codec_of(declared)
    if codec is not None and codec != "utf-8":
        try:
            return Decoded(data.decode(codec), codec)
        except UnicodeDecodeError:
            replaced = data.decode(codec, "replace")
            if replaced.count("\ufffd") * 50 < sum(not c.isascii() for c in replaced[:_SAMPLE]):
                return _replacing(data, codec)
    if codec == "utf-8" or _nearly_utf8(data):
        return _replacing(data, "utf-8")
    return _legacy(data)


def _utf8_with_surrogates(data: bytes) -> Decoded | None:
    """UTF-8 that holds surrogates (CESU-8, or careless JSON) and is otherwise well-formed."""
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return Decoded(without_surrogates(text), "utf-8", ("surrogates were joined, or became U+FFFD",))


def _nearly_utf8(data: bytes) -> bool:
    """Whether at least nine in ten of the characters outside ASCII are well-formed, or all but the last."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end == len(data) and error.reason == "unexpected end of data":
            return not data[: error.start].isascii()
    outside = len(data) - len(data.decode("ascii", "ignore"))
    bad = data.decode("utf-8", "replace").count("\ufffd")
    return bad * 10 <= outside // 2


def _legacy(data: bytes) -> Decoded:
    sample = _lines_outside_ascii(data)
    encoding = "cp1252"
    if len(sample) - len(sample.decode("ascii", "ignore")) >= _FEW:
        from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to load, and seldom needed

        found = from_bytes(sample, cp_isolation=_CANDIDATES).best()
        if found is not None and not _is_western(sample):
            encoding = found.encoding
    decoded = _replacing(data, encoding)
    told = f"the encoding is not declared; read as {encoding}"
    return decoded._replace(warnings=(told, *decoded.warnings))


def _is_western(sample: bytes) -> bool:
    """Whether `sample`, read as windows-1252, holds ASCII and the common letters and signs of Western Europe only."""
    outside = {c for c in sample.decode("cp1252", "replace") if not c.isascii()}
    if "õ" in outside and "ã" not in outside:
        return False  # Hungarian ő; Portuguese writes both
    letters = sum(c < 0x80 for c in sample)
    return outside <= _WESTERN and letters * 2 > len(sample)


def _lines_outside_ascii(data: bytes) -> bytes:
    """The first lines that hold bytes outside ASCII, without tags, up to a fixed size."""
    lines = re.findall(rb"[^\n\x80-\xff]*[\x80-\xff][^\n]*", data[: 64 * _LEGACY_SAMPLE])
    sample = re.sub(rb"<[^<>]*>", b" ", b"\n".join(lines))
    if len(sample) <= _LEGACY_SAMPLE:
        return sample
    # Cut after a byte below 0x40, which is never the second half of a character in the East Asian encodings.
    cut = re.match(rb"(?s).*[\x20-\x3f]", sample[:_LEGACY_SAMPLE])
    return cut.group() if cut else sample[:_LEGACY_SAMPLE]
