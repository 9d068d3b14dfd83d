"""A Generator behind HTTP in the format of OpenAI: completions, or chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.memorization.drivers.answers import AnswerError, chatted, choice_of, echoed
from countermark.memorization.drivers.connection import RefusedError
from countermark.memorization.drivers.driver import Completion
from countermark.memorization.drivers.spelling import spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.drivers.answers import Told
    from countermark.memorization.drivers.driver import Decoding, ModelIdentity
    from countermark.memorization.drivers.server import Server

_SHOWN = 300  # characters of a refusal that are kept


class ServedGenerator:
    """A Generator. Where the address leaves it open, completions are asked for, and chat where there are none.

    One request for each sample, with the seed of `decoding` plus the number of the sample: a server may ignore seeds.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._chat = server.address.chat
        self._tells = True  # log-probabilities of what it writes

    @property
    def identity(self) -> ModelIdentity:
        """Name and address; a server proves no digest."""
        return self._server.identity

    @property
    def hosted(self) -> bool:
        """Whether the server is on another's machine."""
        return self._server.hosted

    @property
    def chat(self) -> bool:
        """Whether what it writes stands after a chat's template, not after the prompt as it is."""
        return bool(self._chat)

    def complete(self, prompts: Sequence[str], decoding: Decoding) -> list[list[Completion]]:
        """For each prompt, `decoding.samples` completions. In chat the prompt is one message of the user."""
        return [
            [self._one(prompt, decoding, sample) for sample in range(decoding.samples)] for prompt in prompts
        ]

    def _one(self, prompt: str, decoding: Decoding, sample: int) -> Completion:
        try:
            choice = choice_of(self._asked(prompt, decoding, sample))
            return _from_chat(choice) if self._chat else _from_completion(choice)
        except AnswerError as error:
            raise self._server.error(str(error)) from error

    def _asked(self, prompt: str, decoding: Decoding, sample: int) -> dict[str, Any]:
        """The answer; a server without completions is asked by chat from then on, one without log-probs for none."""
        try:
            return self._server.post(
                *_question(prompt, decoding, sample, chat=bool(self._chat), tells=self._tells)
            )
        except RefusedError as refusal:
            if self._chat is None and refusal.status in {404, 405}:
                self._chat = True
            elif self._tells and refusal.status in {400, 403, 422} and "logprob" in str(refusal).lower():
                self._tells = False
            else:
                raise
        return self._asked(prompt, decoding, sample)


def _question(
    prompt: str, decoding: Decoding, sample: int, *, chat: bool, tells: bool
) -> tuple[str, dict[str, Any]]:
    question: dict[str, Any] = {
        "max_tokens": decoding.tokens,
        "temperature": decoding.temperature,
        "seed": decoding.seed + sample,
    }
    if decoding.top_k is not None:
        question["top_k"] = decoding.top_k
    if chat:
        more: dict[str, Any] = {"logprobs": True} if tells else {}
        return "/chat/completions", {**question, "messages": [{"role": "user", "content": prompt}], **more}
    return "/completions", {**question, "prompt": prompt, **({"logprobs": 1} if tells else {})}


def _from_completion(choice: dict[str, Any]) -> Completion:
    text = choice.get("text")
    if not isinstance(text, str):
        raise AnswerError("a completion without a text")
    return _completion(text, _why(choice), echoed(choice))


def _from_chat(choice: dict[str, Any]) -> Completion:
    message = choice.get("message")
    if not isinstance(message, dict):
        raise AnswerError("a chat answer without a message")
    text, refusal = message.get("content"), message.get("refusal")
    if isinstance(refusal, str) and refusal:
        return Completion(text if isinstance(text, str) else "", f"refusal: {refusal[:_SHOWN]}")
    if text is not None and not isinstance(text, str):
        raise AnswerError("a chat answer whose content is no text")
    return _completion(text or "", _why(choice), chatted(choice))


def _completion(text: str, why: str, told: Told | None) -> Completion:
    """With the log-probabilities of its tokens where they spell it; what ended the text is not one of them."""
    found = spelled(text, told.pieces, more=True) if told is not None and text else None
    if told is None or found is None:
        return Completion(text, why)
    lead, places = found
    logprobs = told.logprobs[lead : lead + len(places)]
    if lead or None in logprobs:
        return Completion(text, why)
    return Completion(text, why, tuple(places), tuple(number for number in logprobs if number is not None))


def _why(choice: dict[str, Any]) -> str:
    why = choice.get("finish_reason")
    return why[:_SHOWN] if isinstance(why, str) and why else "not told"
