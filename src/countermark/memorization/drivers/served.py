"""A Scorer behind HTTP in the format of OpenAI: vLLM's `prompt_logprobs`, or `echo` with `logprobs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.memorization.drivers.answers import AnswerError, most_probable, under_top_k
from countermark.memorization.drivers.driver import ModelIdentity, Scored, Token
from countermark.memorization.drivers.spelling import by_offsets, spelled
from countermark.memorization.drivers.ways import find_way, part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.drivers.answers import Told
    from countermark.memorization.drivers.driver import Query
    from countermark.memorization.drivers.server import Server
    from countermark.memorization.drivers.ways import Way


class ServedScorer:
    """A Scorer. How the server tells log-probabilities of a given text is found out once, with a sentence of ours."""

    def __init__(self, server: Server, context: int | None = None) -> None:
        self._server = server
        self._context = context
        self._way: Way | None = None

    @property
    def identity(self) -> ModelIdentity:
        """Name and address; a server proves no digest."""
        return self._server.identity

    @property
    def hosted(self) -> bool:
        """Whether the server is on another's machine."""
        return self._server.hosted

    def tokens(self, text: str) -> list[Token]:
        """How the model cuts a text: by the tokens of an answer about it."""
        return self._placed(text)[1] if text else []

    def logprobs(self, queries: Sequence[Query]) -> list[Scored]:
        """One request for each query: what a server answers can change with what it is asked at the same time."""
        return [self._weighed(query) for query in queries]

    def _weighed(self, query: Query) -> Scored:
        if not query.continuation:
            return Scored((), (), (), best=())
        told, places = self._placed(query.prefix + query.continuation)
        border = len(query.prefix)
        first = next(n for n, place in enumerate(places) if place.end > border)
        logprobs = [number for number in told.logprobs[first:] if number is not None]
        if len(logprobs) < len(places) - first:
            missing = first + told.logprobs[first:].index(None)
            raise self._server.error(
                "no log-probability for the first token of a text; give a prefix"
                if missing == 0
                else f"no log-probability for token {missing + 1} of {len(places)} (null)"
            )
        tokens = tuple(Token(max(0, start - border), end - border) for start, end in places[first:])
        if self._context is not None and len(places) > self._context:
            raise self._server.error(
                f"a query of {len(places)} tokens; the context was given as {self._context}"
            )
        return Scored(
            tokens,
            tuple(logprobs),
            under_top_k(logprobs, told.likeliest[first:]),
            best=most_probable(logprobs, told.likeliest[first:]),
        )

    def _placed(self, text: str) -> tuple[Told, list[Token]]:
        """What the server says of the tokens of `text`, and their places in it."""
        if self._way is None:
            self._way = find_way(self._server)
        try:
            told = self._way.ask(text)
        except AnswerError as error:
            raise self._server.error(str(error)) from error
        if told is None:
            raise self._server.error(
                "no log-probabilities of the text that was sent, though it gave them before"
            )
        found = spelled(text, told.pieces, more=self._way.more)
        if found is not None:
            lead, places = found
            return part(told, lead, len(places)), places
        by_number = by_offsets(text, told.pieces, told.offsets) if told.offsets else None
        if by_number is None:
            raise self._server.error(
                f"its tokens ({', '.join(repr(piece)[:40] for piece in told.pieces[:6])} …) do not spell the text that"
                f" was sent ({text[:40]!r} …)"
            )
        return part(told, 0, len(by_number)), by_number
