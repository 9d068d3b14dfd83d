"""The header fields that a policy asks for, path by path: what the snippets for every server are made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError
from countermark.reservations.response import Headers
from countermark.reservations.use import Answer

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from countermark.reservations.policy.model import Policy
    from countermark.reservations.writing.inexpressible import Spoken

Fields = dict[str, dict[str, str]]
"""The value of each field for each pattern; a field that is not sent there is absent."""

CONTENT_USAGE: Final = {Answer.ALLOWED: "y", Answer.RESERVED: "n"}
_PLAIN: Final = re.compile(r"[!-~]([ -~]*[!-~])?")
_QUOTED: Final = frozenset("\"\\`{}$'")


def header_fields(
    policy: Policy,
    said: Mapping[str, Spoken],
    *,
    tdm_policy: str = "",
    terms: str = "",
    protocols: Collection[str],
) -> Fields:
    """The fields for each rule of a policy.

    `tdm_policy` is the address of the policy that a conditional reservation leads to, `terms` that of the RSL document.
    Raises InputError for a value that could end a line or a quoted string in a server's configuration.
    """
    fields: Fields = {}
    for rule in policy.rules:
        sent: dict[str, str] = {}
        if "aipref" in protocols and (usage := content_usage(said["aipref"].words[rule.match])):
            sent["Content-Usage"] = usage
        if "tdmrep" in protocols:
            sent |= _tdm(said["tdmrep"].words[rule.match], tdm_policy)
        if "noai" in protocols and said["noai"].words[rule.match]:
            sent["X-Robots-Tag"] = "noai, noimageai"
        if "rsl" in protocols and terms:
            sent["Link"] = f'<{_plain(terms)}>; rel="license"; type="application/rsl+xml"'
        fields[rule.match] = sent
    return fields


def content_usage(words: Mapping[str, Answer]) -> str:
    """A dictionary of RFC 9651 with AIPREF's labels, "" for none."""
    return ", ".join(f"{word}={CONTENT_USAGE[answer]}" for word, answer in words.items())


def sent_for(policy: Policy, fields: Fields, path: str) -> Headers:
    """The header fields with which a path is served."""
    return Headers(fields[policy.rule(path).match].items())


def _tdm(words: Mapping[str, Answer], tdm_policy: str) -> dict[str, str]:
    answer = words.get("tdm-reservation")
    if answer is None:
        return {}
    if answer is Answer.ALLOWED:
        return {"tdm-reservation": "0"}
    return {"tdm-reservation": "1"} | ({"tdm-policy": _plain(tdm_policy)} if tdm_policy else {})


def _plain(value: str) -> str:
    if not _PLAIN.fullmatch(value) or _QUOTED & set(value):
        raise InputError(
            f"{value!r} cannot be sent in a header field: no line end, quote, \\, $, {{ or }} may be in it"
        )
    return value
