"""DataForge: `parse_content_usage`, `parse_robots_content_usage`, `parse_tdmrep`.

A file with these functions of workers/scraping/src/dataforge_scraping/signals.py in Mohammed-HeshamMohammed/DataForge
at 4402d20 is the first argument. Rules are put to a path as its `SignalChecker.check_url` does: of tdmrep.json any rule
that matches and reserves, else the last that matches; of robots.txt any rule whose path begins the path, whoever it is
for.
"""

from __future__ import annotations

import importlib.util
import sys
from typing import Any
from urllib.parse import urlsplit

from answering import NotAskedError, serve

_spec = importlib.util.spec_from_file_location("signals", sys.argv[1])
if _spec is None or _spec.loader is None:
    raise SystemExit(f"{sys.argv[1]} is no Python file")
signals = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(signals)

SAID = {"y": "allow", "n": "disallow"}


def header(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    text = ", ".join(given["lines"])
    found = signals.parse_content_usage(text)
    said = {label: SAID.get(found.get(label, ""), "unknown") for label in ("train-ai", "ai-use", "search")}
    return said, f"parse_content_usage({text!r})"


def usage_rules(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    if not given["crawl"]:
        raise NotAskedError
    rules, _ = signals.parse_robots_content_usage(given["robots_txt"])
    found = [rule["prefs"].get("train-ai") for rule in rules if given["path"].startswith(rule["path"])]
    word = "n" if "n" in found else "y" if "y" in found else ""
    return {"train-ai": SAID.get(word, "unknown")}, f"parse_robots_content_usage({given['robots_txt']!r})"


def tdmrep_file(given: dict[str, Any]) -> tuple[dict[str, str], str]:
    rules, _ = signals.parse_tdmrep(given["file"])
    path = urlsplit(given["url"]).path or "/"
    matching = [rule for rule in rules if signals._tdmrep_matches(rule["location"], path)]
    reserving = [rule for rule in matching if rule["tdm-reservation"] == 1]
    rule = (reserving[:1] or matching[-1:] or [{}])[0]
    said = {1: "reserved", 0: "allowed"}.get(rule.get("tdm-reservation"), "unknown")
    answer = {"reservation": said} | ({"policy": rule["tdm-policy"]} if rule.get("tdm-policy") else {})
    return answer, f"parse_tdmrep({given['file']!r})  # for {path}"


serve("4402d20", {"aipref-header": header, "aipref-robots": usage_rules, "tdmrep-file": tdmrep_file})
