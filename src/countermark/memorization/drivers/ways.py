"""The ways in which servers tell log-probabilities of a given text, tried one after another."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from countermark.errors import ModelError
from countermark.memorization.drivers.answers import AnswerError, choice_of, echoed, weighed_prompt
from countermark.memorization.drivers.connection import RefusedError
from countermark.memorization.drivers.driver import TOP_K
from countermark.memorization.drivers.spelling import spelled

if TYPE_CHECKING:
    from countermark.memorization.drivers.answers import Told
    from countermark.memorization.drivers.server import Server

_PROBE: Final = "The clock on the wall has stopped."


class Way(ABC):
    """One way to ask for the log-probabilities of a given text. `more`: tokens follow that are not of the text."""

    more = False

    def __init__(self, server: Server, alternatives: int) -> None:
        self.server = server
        self.alternatives = alternatives

    @property
    @abstractmethod
    def called(self) -> str:
        """In messages: the fields of the question."""

    @abstractmethod
    def ask(self, text: str) -> Told | None:
        """What the server says of the tokens of `text`; None where it says nothing. Raises ModelError."""


class PromptLogprobs(Way):
    """vLLM: `prompt_logprobs`, with the ids of the tokens by /tokenize where the server has it."""

    _tokenizes = True

    @property
    def called(self) -> str:
        """The field of vLLM."""
        return f"prompt_logprobs {self.alternatives}"

    def ask(self, text: str) -> Told | None:
        """One request, and one to /tokenize while the server has it."""
        ids = self._ids(text)
        question = {"prompt": text, "max_tokens": 1, "temperature": 0, "prompt_logprobs": self.alternatives}
        return weighed_prompt(self.server.post("/completions", question), ids)

    def _ids(self, text: str) -> list[int] | None:
        if not self._tokenizes:
            return None
        root = self.server.address.base.removesuffix("/v1")
        question = {"model": self.server.name, "prompt": text, "add_special_tokens": True}
        try:
            ids = self.server.connection.post(root + "/tokenize", question).get("tokens")
        except ModelError:
            ids = None
        if not isinstance(ids, list) or not all(type(one) is int for one in ids):
            self._tokenizes = False
            return None
        return ids


class ChatPromptLogprobs(Way):
    """vLLM's chat: the text as the beginning of an answer, which the server is not to end. Without /completions."""

    @property
    def called(self) -> str:
        """The field of vLLM, in chat."""
        return f"prompt_logprobs {self.alternatives} in chat"

    def ask(self, text: str) -> Told | None:
        """One request; what the template put before the text is left out."""
        question = {
            "messages": [{"role": "user", "content": ""}, {"role": "assistant", "content": text}],
            "add_generation_prompt": False,
            "continue_final_message": True,
            "max_tokens": 1,
            "temperature": 0,
            "prompt_logprobs": self.alternatives,
        }
        told = weighed_prompt(self.server.post("/chat/completions", question), None)
        return _last_of(told, text) if told is not None else None


class Echo(Way):
    """`echo` with `logprobs`: the prompt comes back with the token that is written after it."""

    more = True

    def __init__(self, server: Server, alternatives: int, written: int = 1) -> None:
        super().__init__(server, alternatives)
        self._written = written

    @property
    def called(self) -> str:
        """The fields of OpenAI's completions."""
        return f"echo with logprobs {self.alternatives} and max_tokens {self._written}"

    def ask(self, text: str) -> Told | None:
        """One request. Raises ModelError where the echo is not the text."""
        question = {
            "prompt": text,
            "max_tokens": self._written,
            "temperature": 0,
            "echo": True,
            "logprobs": self.alternatives,
        }
        choice = choice_of(self.server.post("/completions", question))
        told = echoed(choice)
        back = choice.get("text")
        if told is not None and len(told.pieces) <= self._written:
            return told  # the echo was passed over
        if told is not None and isinstance(back, str) and text not in back[: len(text) + 40]:
            raise self.server.error(
                f"the echo is not the text that was sent ({_difference(text, back)}): sent {text[:40]!r} …,"
                f" came back {back[:40]!r} …"
            )
        return told


def find_way(server: Server) -> Way:
    """The first way in which the server tells of each token of a sentence of ours. Raises ModelError where none."""
    seen: list[str] = []
    for way in _ways(server):
        try:
            told = way.ask(_PROBE)
        except RefusedError as refusal:
            if refusal.status in {401, 403}:
                raise
            seen.append(f"{way.called}: {refusal}")
            continue
        except AnswerError as error:
            raise server.error(f"asked by {way.called}: {error}") from error
        missing = _missing(told, way)
        if not missing:
            return way
        seen.append(f"{way.called}: {missing}")
    raise server.error(
        "it gives no log-probabilities of a given text (as the servers of llama.cpp and of OpenAI's chat do); tried "
        + "; ".join(seen)[:1000]
    )


def _missing(told: Told | None, way: Way) -> str:
    """What a way does not tell of our sentence, in words; empty where it tells all."""
    if told is None:
        return "nothing about the prompt"
    found = spelled(_PROBE, told.pieces, more=way.more)
    if found is None:
        return f"{len(told.pieces)} tokens, which are not those of the prompt"
    lead, places = found
    if None in told.logprobs[max(1, lead) : lead + len(places)]:
        return "null for tokens of the prompt"
    return ""


def _ways(server: Server) -> list[Way]:
    if server.address.chat:
        return [ChatPromptLogprobs(server, TOP_K), ChatPromptLogprobs(server, 1)]
    return [
        PromptLogprobs(server, TOP_K),
        PromptLogprobs(server, 1),
        Echo(server, TOP_K),
        Echo(server, 1),
        Echo(server, 1, written=0),
    ]


def _last_of(told: Told, text: str) -> Told:
    """Without the pieces of the chat's template before the text."""
    for lead in range(len(told.pieces) - 1, -1, -1):
        found = spelled(text, told.pieces[lead:])
        if found is not None and found[0] == 0:
            break
    else:
        return told
    while lead and told.pieces[lead - 1] == "" and not text[:1].isascii():
        lead -= 1  # the first parts of the first character have no letters
    return part(told, lead, len(told.pieces) - lead)


def part(told: Told, lead: int, count: int) -> Told:
    """What was told of the tokens of the text alone."""
    part = slice(lead, lead + count)
    return told._replace(
        pieces=told.pieces[part], logprobs=told.logprobs[part], likeliest=told.likeliest[part]
    )


def _difference(sent: str, back: str) -> str:
    """What was done to an echo, in words."""
    if sent.lower() in back.lower():
        return "lower-cased" if back == back.lower() else "with other capitals"
    if sent.strip() in back:
        return "stripped of spaces at its ends"
    return "another text"
