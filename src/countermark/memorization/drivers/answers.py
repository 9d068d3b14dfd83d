"""The answers of servers in the format of OpenAI, checked number by number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.errors import ModelError
from countermark.memorization.drivers.driver import TOP_K

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROUNDING: Final = 1e-4
"""How far above 0 a log-probability may stand by rounding; it is then taken for 0."""


class AnswerError(ModelError):
    """An answer that is JSON and not what was asked for; who asked adds the address."""


class Told(NamedTuple):
    """What a server says of the tokens of a text.

    A piece is None where the token is not named, `logprobs` where no number is given (the first of a text). `likeliest`
    holds the log-probabilities of the most probable tokens at each place, the largest first, as many as were given.
    """

    pieces: Sequence[str | None]
    logprobs: list[float | None]
    likeliest: list[list[float]]
    offsets: list[int] | None = None


def choice_of(answer: dict[str, Any]) -> dict[str, Any]:
    """The first choice of an answer. Raises AnswerError where there is none."""
    choices = answer.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise AnswerError("the answer has no choices")
    first: dict[str, Any] = choices[0]
    return first


def echoed(choice: dict[str, Any]) -> Told | None:
    """The `logprobs` of a completion: of the echoed prompt and what was written. None where there are none."""
    given = choice.get("logprobs")
    if not isinstance(given, dict) or not given.get("tokens"):
        return None
    pieces, numbers = given.get("tokens"), given.get("token_logprobs")
    if not isinstance(pieces, list) or not isinstance(numbers, list) or len(pieces) != len(numbers):
        raise AnswerError("the answer has not one log-probability for each token")
    offsets = given.get("text_offset")
    usable = isinstance(offsets, list) and all(type(offset) is int for offset in offsets)
    tops = given.get("top_logprobs")
    listed = tops if isinstance(tops, list) and len(tops) == len(pieces) else [None] * len(pieces)
    return Told(
        [_piece(piece) for piece in pieces],
        [_logprob(number, n) for n, number in enumerate(numbers)],
        [_ranked(top.values()) if isinstance(top, dict) else [] for top in listed],
        offsets if usable else None,
    )


def chatted(choice: dict[str, Any]) -> Told | None:
    """The `logprobs` of a chat answer: of what was written. None where there are none."""
    given = choice.get("logprobs")
    content = given.get("content") if isinstance(given, dict) else None
    if not isinstance(content, list) or not all(isinstance(token, dict) for token in content):
        return None
    pieces = [_chat_piece(token) for token in content]
    return Told(
        pieces, [_logprob(token.get("logprob"), n) for n, token in enumerate(content)], [[] for _ in content]
    )


def weighed_prompt(answer: dict[str, Any], ids: list[int] | None) -> Told | None:
    """The `prompt_logprobs` of vLLM: at each place the token itself and the likeliest. None where there are none.

    Which of them is the token of the text: by `ids` where known, else the first, as vLLM writes them.
    """
    choice = choice_of(answer)
    given = choice.get("prompt_logprobs") or answer.get("prompt_logprobs")
    if not isinstance(given, list) or not given:
        return None
    pieces: list[str | None] = []
    logprobs, likeliest = [], []
    known = ids if ids is not None and len(ids) == len(given) else [None] * len(given)
    for n, (place, token) in enumerate(zip(given, known, strict=True)):
        entry = _entry(place, token, n)
        pieces.append(None if place is None else _piece(entry.get("decoded_token") or ""))
        logprobs.append(_logprob(entry.get("logprob"), n))
        others = place.values() if isinstance(place, dict) else ()
        likeliest.append(_ranked(other.get("logprob") for other in others if isinstance(other, dict)))
    return Told(pieces, logprobs, likeliest)


def under_top_k(logprobs: list[float], likeliest: list[list[float]]) -> tuple[float, ...] | None:
    """Each log-probability where only the `TOP_K` likeliest may be drawn; None where fewer than those were told."""
    if any(len(place) < TOP_K for place in likeliest):
        return None
    found = []
    for own, place in zip(logprobs, likeliest, strict=True):
        kept = place[:TOP_K]
        whole = kept[0] + math.log(math.fsum(math.exp(other - kept[0]) for other in kept))
        found.append(min(0.0, own - whole) if own >= kept[-1] else -math.inf)
    return tuple(found)


def most_probable(logprobs: list[float], likeliest: list[list[float]]) -> tuple[bool, ...] | None:
    """Whether each token is the most probable; None where the likeliest were not told."""
    if not all(likeliest):
        return None
    return tuple(own >= place[0] for own, place in zip(logprobs, likeliest, strict=True))


def _entry(place: Any, token: int | None, n: int) -> dict[str, Any]:
    """What prompt_logprobs says of the token of the text at one place; the first place is empty."""
    if place is None and n == 0:
        return {}
    if not isinstance(place, dict) or not place:
        raise AnswerError(f"no log-probability for token {n + 1} of the text (null)")
    entry = place.get(str(token)) if token is not None else next(iter(place.values()))
    if not isinstance(entry, dict):
        raise AnswerError(f"the answer does not name token {n + 1} of the text among its log-probabilities")
    return entry


def _logprob(number: Any, n: int) -> float | None:
    """A checked log-probability; None only where nothing was given."""
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise AnswerError(f"token {n + 1} of the text has {str(number)[:40]!r} for a log-probability")
    if number > ROUNDING:
        raise AnswerError(
            f"token {n + 1} of the text has the log-probability {number:.6g}; none is above 0: these are not"
            " normalised log-probabilities"
        )
    return min(0.0, float(number))


def _ranked(numbers: Iterable[Any]) -> list[float]:
    checked = (_logprob(number, n) for n, number in enumerate(numbers))
    return sorted((number for number in checked if number is not None), reverse=True)


def _piece(piece: Any) -> str:
    if not isinstance(piece, str):
        raise AnswerError(f"a token that is no text: {str(piece)[:40]!r}")
    return piece


def _chat_piece(token: dict[str, Any]) -> str:
    """The token of a chat answer, by its bytes where they are given and are not those of U+FFFD."""
    text, given = _piece(token.get("token")), token.get("bytes")
    if isinstance(given, list) and given and all(type(byte) is int and 0 <= byte < 256 for byte in given):
        try:
            return bytes(given).decode()
        except UnicodeDecodeError:
            return "bytes:" + "".join(f"\\x{byte:02x}" for byte in given)
    return text
