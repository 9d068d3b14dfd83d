r"""Where the tokens of a server's answer stand in the text that was sent: servers name tokens in many ways.

A token comes as text, as `bytes:\xe2\x80`, as `<0xE2>`, in the letters of a byte-level vocabulary (`Ġthe`), or, where
it is part of a character, as U+FFFD or as nothing at all. Those that say what they are must spell the text exactly;
those that do not share the characters left between their neighbours. A piece that is None was not named at all: the
first of vLLM, which may be a mark of the beginning or any first word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.memorization.drivers.driver import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

_ESCAPED: Final = re.compile(rb"\\x([0-9a-fA-F]{2})")
_BYTE: Final = re.compile(r"<0x([0-9a-fA-F]{2})>")
_LEADS: Final = 2  # tokens before the text that are not of it, such as <s>
_UNSAID: Final = 4  # bytes that a token with no letters may stand for: a part of a character
_UNNAMED: Final = 128  # bytes of a token that was not named at all


def spelled(text: str, pieces: Sequence[str | None], *, more: bool = False) -> tuple[int, list[Token]] | None:
    """How many pieces stand before the text, and the places of the pieces that spell it.

    Places are in characters; with `more`, pieces after the text (the token that was written after an echo, an end of
    text) are left out, else there may be none. None where the pieces do not spell the text.
    """
    whole = text.encode(errors="surrogatepass")
    leads = [*range(min(_LEADS, len(pieces)) + 1)]
    if pieces and not pieces[0]:  # a mark of the beginning has no letters
        leads.append(leads.pop(0))
    for lead in leads:
        spans = _spans(whole, [_piece(piece) for piece in pieces[lead:]], more=more)
        if spans is not None:
            return lead, _in_characters(text, spans)
    return None


def by_offsets(text: str, pieces: Sequence[str | None], offsets: Sequence[int]) -> list[Token] | None:
    """Places by the server's own `text_offset`, where they rise within the text and agree with every plain piece."""
    kept = [offset for offset in offsets if offset < len(text)]
    if not kept or len(offsets) != len(pieces) or kept[0] != 0 or kept != sorted(offsets)[: len(kept)]:
        return None
    places = [Token(start, end) for start, end in zip(kept, [*kept[1:], len(text)], strict=True)]
    plain = zip(places, pieces, strict=False)
    agrees = all(not piece or "\ufffd" in piece or text[start:end] == piece for (start, end), piece in plain)
    return places if agrees else None


class _Piece(NamedTuple):
    forms: list[bytes]  # what it may stand for; none where it does not say
    least: int = 0  # bytes that it stands for at least, where it does not say
    most: int = 0  # and at most
    any: bool = False  # whether these may all be ASCII


def _spans(whole: bytes, pieces: list[_Piece], *, more: bool) -> list[tuple[int, int]] | None:
    """The bytes of each piece; as many pieces as it takes to spell the whole. Those that do not say share theirs."""
    at = 0
    spans: list[tuple[int, int]] = []
    unsaid: list[_Piece] = []  # those before this one that have not told their bytes
    for piece in pieces:
        if at == len(whole) and not unsaid and more:
            return spans
        if not piece.forms:
            unsaid.append(piece)
            continue
        found = _found(whole, piece.forms, at, unsaid)
        if found is None and not spans and not unsaid:
            found = _at_the_beginning(whole, piece.forms)
        if found is None:
            break
        spans += [(at, found[0]) if found[0] > at else found] * len(unsaid)
        spans.append(found)
        at, unsaid = found[1], []
    left = len(pieces) - len(spans) - len(unsaid)
    if (left and not (more and unsaid)) or not _may_be(whole[at:], unsaid):
        return None
    return [*spans, *[(at, len(whole))] * len(unsaid)]


def _found(whole: bytes, forms: list[bytes], at: int, unsaid: list[_Piece]) -> tuple[int, int] | None:
    """Begin and end of the first form of a piece that stands here, or a little later where pieces were unsaid."""
    furthest = at + sum(piece.most for piece in unsaid)
    for form in forms:
        if not unsaid:
            if whole.startswith(form, at):
                return at, at + len(form)
            continue
        least = sum(piece.least for piece in unsaid)
        begin = whole.find(form, at + least, furthest + len(form))
        while begin >= 0 and not _may_be(whole[at:begin], unsaid):
            begin = whole.find(form, begin + 1, furthest + len(form))
        if begin >= 0:
            return begin, begin + len(form)
    return None


def _may_be(gap: bytes, unsaid: list[_Piece]) -> bool:
    """Whether pieces that do not say what they are may stand for these bytes: parts of characters beyond ASCII."""
    least = sum(piece.least for piece in unsaid)
    fits = least <= len(gap) <= sum(piece.most for piece in unsaid)
    return fits and (not gap or not gap.isascii() or any(piece.any for piece in unsaid))


def _at_the_beginning(whole: bytes, forms: list[bytes]) -> tuple[int, int] | None:
    """As `_found`, for tokenizers that put a space before a text or take one away."""
    for form in forms:
        if form.startswith(b" ") and whole.startswith(form[1:]):
            return 0, len(form) - 1
        if whole.startswith(b" " + form):
            return 0, len(form) + 1
    return None


def _piece(piece: str | None) -> _Piece:
    if piece is None:
        return _Piece([], 1, _UNNAMED, any=True)
    size = len(piece.encode(errors="surrogatepass"))
    parts = piece.count("\ufffd")  # 3 bytes, each standing for 1 to 3 of a character
    return _Piece(_forms(piece), size - 2 * parts, size or _UNSAID)


def _forms(piece: str) -> list[bytes]:
    """What bytes a piece may stand for, likeliest first; none where it does not say."""
    if not piece or "\ufffd" in piece:
        return []
    forms = [piece.encode(errors="surrogatepass")]
    if piece.startswith("bytes:"):
        forms.insert(0, _unescaped(piece.removeprefix("bytes:").encode(errors="surrogatepass")))
    if _BYTE.fullmatch(piece):
        forms.append(bytes([int(piece[3:5], 16)]))
    if "▁" in piece:
        forms.append(piece.replace("▁", " ").encode(errors="surrogatepass"))
    if all(letter in _LETTERS for letter in piece) and not piece.isascii():
        forms.append(bytes(_LETTERS[letter] for letter in piece))
    return forms


def _unescaped(piece: bytes) -> bytes:
    return _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), piece)


def _letters() -> dict[str, int]:
    """The 256 letters that byte-level vocabularies write bytes with: a printable byte is itself, others follow 255."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {chr(256 + n): byte for n, byte in enumerate(others)}


_LETTERS: Final = _letters()


def _in_characters(text: str, spans: list[tuple[int, int]]) -> list[Token]:
    """Bytes to characters: a token that holds a part of a character stands at the whole of it."""
    character: list[int] = []  # of each byte
    for n, letter in enumerate(text):
        character += [n] * len(letter.encode(errors="surrogatepass"))
    return [
        Token(character[start], character[end - 1] + 1) if end > start else Token(len(text), len(text))
        for start, end in spans
    ]
