"""aipref_signals 0.1.0 (GAIP, www.gaipagents.com): one MIT file, in no package index; its path is the first argument.

Asked is its standards view. It parses and does not resolve; what its output leaves to the caller is done here as the
specifications say: the group of the agent, the longest path, the strictest of equals. Not asked: what needs a matcher
for robots.txt (a path that may not be fetched), and for whom a licence stands (`rsl_licences` is one list for a file).
tdmrep.json is asked with `tdmrep_facts`, its only reader of that file, which answers for the site as a whole: only of
files whose only rule is for the whole site, or that are malformed as a whole.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import sys
from typing import Any

from answering import NotAskedError, serve

_spec = importlib.util.spec_from_file_location("aipref_signals", sys.argv[1])
if _spec is None or _spec.loader is None:
    raise SystemExit(f"{sys.argv[1]} is no Python file")
ap = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(ap)

LABELS = ("train-ai", "ai-use", "search")
SAID = {"y": "allow", "n": "disallow"}


def _bare(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    kind, said = value
    if kind == "bytes":
        padded = said + "=" * (-len(said) % 4)
        return {"__type": "binary", "value": base64.b32encode(base64.b64decode(padded)).decode()}
    return {"__type": {"display": "displaystring"}.get(kind, kind), "value": said}


def _member(member: Any) -> Any:
    value, parameters = member
    if isinstance(value, tuple) and value[0] == "list":
        inner: Any = [_member(item) for item in value[1]]
    else:
        inner = _bare(value)
    return [inner, [[name, _bare(said)] for name, said in parameters.items()]]


def field(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    if given["type"] != "dictionary":
        raise NotAskedError
    text = ", ".join(given["raw"])
    found = ap.parse_sf_dictionary(text)
    value = (
        "no value"
        if found is None
        else json.dumps([[name, _member(member)] for name, member in found.items()], sort_keys=True)
    )
    return {"value": value}, f"parse_sf_dictionary({text!r})"


def header(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    text = ", ".join(given["lines"])
    found = ap.usage_preferences(text) or {"prefs": {}}
    said = {label: SAID.get(found["prefs"].get(label, ""), "unknown") for label in LABELS}
    return said, f"usage_preferences({text!r})"


def usage_rules(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    if not given["crawl"]:
        raise NotAskedError
    rules = ap.robots_content_usage(given["robots_txt"])
    agent = given["agent"].lower()
    own = [rule for rule in rules if agent in [name.lower() for name in rule["user_agents"]]]
    rules = own or [rule for rule in rules if "*" in rule["user_agents"]]
    rules = [rule for rule in rules if given["path"].startswith(rule["path"] or "")]
    longest = max((len(rule["path"] or "") for rule in rules), default=0)
    said = {
        rule["prefs"].get("train-ai")
        for rule in rules
        if rule["prefs"] and len(rule["path"] or "") == longest
    }
    word = "n" if "n" in said else "y" if "y" in said else ""
    return {"train-ai": SAID.get(word, "unknown")}, f"robots_content_usage({given['robots_txt']!r})"


def signals(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    found: dict[str, str] = {}
    for line in ap.robots_content_signals(given["robots_txt"]):
        found |= line["signals"]
    said = {name: found.get(name, "unset") for name in ap.SIGNAL_KEYS}
    return said, f"robots_content_signals({given['robots_txt']!r})"


def licences(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    if given["robots_txt"].lower().count("license:") > 1:
        raise NotAskedError
    found = ap.robots_signals(given["robots_txt"], "e.com")["rsl_licences"]
    return {
        "licences": json.dumps(found)
    }, f"robots_signals({given['robots_txt']!r}, 'e.com')['rsl_licences']"


def tdmrep_file(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    file = given["file"]
    if isinstance(file, list) and (len(file) != 1 or file[0].get("location", "/") != "/"):
        raise NotAskedError
    body = json.dumps(file).encode()
    found = ap.tdmrep_facts(200, body)
    said = {True: "reserved", False: "not reserved", None: "unknown"}[found.get("site_reserved")]
    return {"reservation": said}, f"tdmrep_facts(200, {body!r})['site_reserved']"


def tdmrep_header(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    found = ap.header_signals(dict(given["fields"]), "example.org")
    said = {"1": "reserved", "0": "allowed"}.get(found["tdm_reservation"] or "", "unknown")
    answer = {"reservation": said} | ({"policy": found["tdm_policy"]} if found["tdm_policy"] else {})
    return answer, f"header_signals({dict(given['fields'])!r}, 'example.org')"


serve(
    ap.__version__,
    {
        "field": field,
        "aipref-header": header,
        "aipref-robots": usage_rules,
        "content-signal": signals,
        "rsl-robots": licences,
        "tdmrep-file": tdmrep_file,
        "tdmrep-header": tdmrep_header,
    },
)
