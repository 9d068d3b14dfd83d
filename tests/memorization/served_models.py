"""A server of ours on 127.0.0.1 in the format of OpenAI: right, and wrong in every way that real ones were."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from memorization import toy_language as toy

Json = dict[str, Any]


@dataclass
class Behaviour:
    """What a server does. `echo`, `prompt_logprobs`, `tokenize`, `completions`: whether it knows them.

    `numbers` changes the log-probabilities of an echoed prompt; `text` changes the text before it is weighed; `answer`
    changes an answer before it is sent; `raw` sends this instead of any answer to a question.
    """

    echo: bool = True
    prompt_logprobs: bool = False
    tokenize: bool = False
    completions: bool = True
    logprobs: bool = True
    most: int = 100  # alternatives that may be asked for
    names: str = "text"  # of tokens: text, bytes, letters, empty
    numbers: Callable[[list[float | None]], list[Any]] = list
    text: Callable[[str], str] = str
    answer: Callable[[Json], Json] = dict
    raw: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    stall: float = 0.0
    seen: list[tuple[str, Json, dict[str, str]]] = field(default_factory=list)


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    """The address of a server that behaves so, as long as the block lasts."""
    stopped = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._say(200, {}, json.dumps({"data": [{"id": "toy"}, {"id": "toy-large"}]}).encode())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            behaviour.seen.append((self.path, body, dict(self.headers)))
            if behaviour.stall:
                stopped.wait(behaviour.stall)
            if behaviour.raw:
                self._say(*behaviour.raw.pop(0))
                return
            status, answer = answered(behaviour, self.path, body)
            self._say(status, {}, json.dumps(answer).encode())

        def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def answered(behaviour: Behaviour, path: str, question: Json) -> tuple[int, Json]:
    """Status and answer to one question."""
    if path == "/tokenize" and behaviour.tokenize:
        ids = [toy.BEGIN, *toy.cut(question["prompt"])]
        return 200, {"tokens": ids, "count": len(ids)}
    if path == "/v1/chat/completions":
        return 200, behaviour.answer(_chat(behaviour, question))
    if path != "/v1/completions" or not behaviour.completions:
        return 404, {"error": {"message": "Not Found"}}
    wanted = question.get("logprobs") or question.get("prompt_logprobs") or 0
    if wanted > behaviour.most:
        return 400, {"error": {"message": f"logprobs: at most {behaviour.most}"}}
    if "logprobs" in question and not behaviour.logprobs:
        return 400, {"error": {"message": "logprobs are not supported"}}
    return 200, behaviour.answer(_completed(behaviour, question))


def _completed(behaviour: Behaviour, question: Json) -> Json:
    prompt = toy.cut(behaviour.text(question["prompt"]))
    new = toy.greedy([toy.BEGIN, *prompt], question["max_tokens"])
    choice: Json = {"index": 0, "finish_reason": "length", "text": _spell(new), "logprobs": None}
    echo = bool(question.get("echo")) and behaviour.echo
    if echo:
        choice["text"] = _spell([*prompt, *new])
    if question.get("logprobs"):
        choice["logprobs"] = _told(behaviour, prompt, new, question["logprobs"], echo=echo)
    if "prompt_logprobs" in question and behaviour.prompt_logprobs:
        choice["prompt_logprobs"] = _prompt_logprobs(
            behaviour, [toy.BEGIN, *prompt], question["prompt_logprobs"]
        )
    return {"object": "text_completion", "choices": [choice]}


def _told(behaviour: Behaviour, prompt: list[int], new: list[int], most: int, *, echo: bool) -> Json:
    ids = [toy.BEGIN, *prompt, *new]
    rows = [toy.logprobs(tuple(ids[max(0, n - 2) : n])) for n in range(1, len(ids))]
    numbers: list[Any] = [row[token] for row, token in zip(rows, ids[1:], strict=True)]
    numbers = [*behaviour.numbers(numbers[: len(prompt)]), *numbers[len(prompt) :]]
    tops = [dict(zip(map(str, range(most)), sorted(row, reverse=True), strict=False)) for row in rows]
    first = 0 if echo else len(prompt)
    offsets = [len(_spell(ids[1:n])) for n in range(1, len(ids))]
    return {
        "tokens": names(behaviour, ids[1:])[first:],
        "token_logprobs": numbers[first:],
        "top_logprobs": tops[first:],
        "text_offset": offsets[first:],
    }


def _prompt_logprobs(behaviour: Behaviour, ids: list[int], most: int) -> list[Json | None]:
    """As vLLM: the token itself first, then the likeliest; nothing for the first."""
    rows = [toy.logprobs(tuple(ids[max(0, n - 2) : n])) for n in range(1, len(ids))]
    numbers = behaviour.numbers([row[token] for row, token in zip(rows, ids[1:], strict=True)])
    called = names(behaviour, ids[1:])
    told: list[Json | None] = [None]
    for token, row, number, name in zip(ids[1:], rows, numbers, called, strict=True):
        order = sorted(range(toy.SIZE), key=lambda one: -row[one])[:most]
        place = {str(token): {"logprob": number, "decoded_token": name}}
        others = {str(one): {"logprob": row[one], "decoded_token": "?"} for one in order if one != token}
        told.append({**place, **others})
    return told


def _chat(behaviour: Behaviour, question: Json) -> Json:
    said = question["messages"][-1]["content"]
    begin = toy.cut("<user>\n<assistant>\n")
    ids = [toy.BEGIN, *begin, *toy.cut(behaviour.text(said))]
    new = toy.greedy(ids, question["max_tokens"])
    content = [
        {
            "token": _spell([token]),
            "bytes": list(toy.piece(token)),
            "logprob": toy.logprobs(tuple(before[-2:]))[token],
        }
        for n, token in enumerate(new)
        for before in [[*ids, *new[:n]]]
    ]
    choice: Json = {"message": {"content": _spell(new)}, "finish_reason": "length", "index": 0}
    if question.get("logprobs"):
        choice["logprobs"] = {"content": content}
    answer: Json = {"choices": [choice]}
    if "prompt_logprobs" in question and behaviour.prompt_logprobs:
        answer["prompt_logprobs"] = _prompt_logprobs(behaviour, ids, question["prompt_logprobs"])
    return answer


def names(behaviour: Behaviour, ids: list[int]) -> list[str]:
    """Tokens as this server writes them: bytes that are no character by themselves in one of four ways."""
    found = []
    for n, token in enumerate(ids):
        own = toy.piece(token)
        if own.isascii():
            found.append(own.decode())
        elif behaviour.names == "bytes":
            found.append("bytes:" + "".join(f"\\x{byte:02x}" for byte in own))
        elif behaviour.names == "hexadecimal":
            found.append(f"<0x{own[0]:02X}>")
        elif behaviour.names == "empty":
            found.append(_whole_character(ids[: n + 1]))
        else:
            found.append("\ufffd")
    return found


def _whole_character(ids: list[int]) -> str:
    """The character that the last of these tokens completes; nothing while it is incomplete."""
    for count in range(2, 5):
        try:
            return b"".join(toy.piece(token) for token in ids[-count:]).decode()
        except UnicodeDecodeError:
            continue
    return ""


def _spell(ids: list[int]) -> str:
    return b"".join(map(toy.piece, ids)).decode(errors="replace")
