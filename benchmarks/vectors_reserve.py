"""The vectors that Countermark and every peer are asked, from the conformance folder, and some of our own.

A case is a question (`kind`, `given`) with the answers that are right, part by part. A part can have several right
answers: a tool that only says yes or no answers `not reserved` where the text says nothing, and that is right. Parts
that a tool has no way to answer are not counted, neither for it nor against it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SILENT = ["unknown", "not reserved"]
RESERVED = ["reserved"]
LIMITED = ["reserved", "conditional"]
ALLOWED = ["allowed", "not reserved"]
OURS = "peers_reserve/more_cases.json"


@dataclass(frozen=True)
class Case:
    """One question; `right` has the accepted answers of each part."""

    protocol: str
    number: int
    kind: str
    given: dict[str, Any]
    right: dict[str, list[str]]
    note: str = field(default="")

    @property
    def key(self) -> str:
        """Protocol and number, as the results name it."""
        return f"{self.protocol}/{self.number}"


def cases(conformance: Path, more: Path, signed: dict[int, str]) -> list[Case]:
    """All cases. `signed` are pictures that carry the assertions of the CAWG cases, by number."""
    found: list[Case] = []
    for protocol, questions in (
        ("robots.txt", _robots(conformance)),
        ("RFC 9651", _fields(conformance)),
        ("AIPREF", _aipref(conformance)),
        ("TDMRep", _tdmrep(conformance)),
        ("TDMRep, header and meta", _more(more, "tdmrep")),
        ("RSL", _rsl(conformance)),
        ("Content Signals", _signals(conformance)),
        ("noai", _noai(conformance)),
        ("noai, more headers", _more(more, "noai")),
        ("CAWG", _cawg(conformance, signed)),
        ("C2PA pictures", _pictures(conformance)),
        ("IPTC/PLUS", _plus(conformance)),
        ("ONIX", _onix(conformance)),
    ):
        found += [Case(protocol, number, *question) for number, question in enumerate(questions, 1)]
    return found


Question = tuple[str, dict[str, Any], dict[str, list[str]], str]


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def canonical(value: object) -> str:
    """JSON with sorted keys, to compare by."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True)


def _robots(folder: Path) -> Iterator[Question]:
    for case in _load(folder / "robots_rfc9309/google_matcher_cases.json")["cases"]:
        given = {key: case[key] for key in ("robots_txt", "agent", "url")}
        yield "robots", given, {"fetch": ["allowed" if case["allowed"] else "not allowed"]}, case["test"]


def _fields(folder: Path) -> Iterator[Question]:
    for path in sorted((folder / "structured_fields").glob("[!.]*.json")):
        writes = path.name.startswith("serialisation")
        for case in _load(path):
            expected = case.get("expected")
            if writes:
                given = {"expected": expected, "type": case["header_type"]}
                value = ", ".join(case.get("canonical", case.get("raw", [])))
            else:
                given = {"raw": case["raw"], "type": case["header_type"]}
                value = canonical(expected)
            fails = case.get("must_fail") or case.get("can_fail") or (writes and expected in ([], {}))
            right = (["no value"] if fails else []) + ([] if case.get("must_fail") else [value])
            yield "field-written" if writes else "field", given, {"value": right}, case["name"]


def _aipref(folder: Path) -> Iterator[Question]:
    found = _load(folder / "aipref/content_usage_header.json")
    for case in found["cases"]:
        right = {label: [said] for label, said in case["out"].items()}
        yield "aipref-header", {"lines": case["in"]}, right, case.get("note", "")
    for case in found["combine"]:
        right = {label: [said] for label, said in case["out"].items()}
        yield "aipref-combine", {"statements": case["statements"]}, right, ""
    for case in _load(folder / "aipref/content_usage_robots.json")["cases"]:
        given = {key: case[key] for key in ("robots_txt", "agent", "path")}
        right = {
            "train-ai": [case["train-ai"]],
            "fetch": ["allowed" if case["crawl"] else "not allowed"],
        }
        yield "aipref-robots", given | {"crawl": case["crawl"]}, right, case.get("note", "")


def _reservation(value: int | None) -> list[str]:
    return {None: SILENT, 0: ALLOWED, 1: RESERVED}[value]


def _tdmrep(folder: Path) -> Iterator[Question]:
    found = _load(folder / "tdmrep/cases.json")
    for case in found["well_known"]:
        given = {"file": case["file"], "url": case["url"]}
        note = case.get("note", "")
        if isinstance(case["reservation"], str):
            yield "tdmrep-file", given, {"reservation": ["both readings told"]}, note
            continue
        right = {"reservation": _reservation(case["reservation"])}
        if case.get("policy"):
            right["policy"] = [case["policy"]]
        yield "tdmrep-file", given, right, note
    for case in found["precedence"]:
        given = {name: case[name] for name in ("well_known", "header", "html", "file")}
        yield "tdmrep-steps", given, {"reservation": _reservation(case["reservation"])}, case.get("note", "")


def _rsl(folder: Path) -> Iterator[Question]:
    found = _load(folder / "rsl/cases.json")
    meaning = {"prohibited": RESERVED, "permitted": ALLOWED, "unspecified": SILENT, "not": RESERVED}
    for case in found["documents"]:
        if case.get("valid") is False:
            yield "rsl-valid", {"xml": case["xml"]}, {"conforms": ["no"]}, case["note"]
            continue
        right = {
            token: meaning[case[token].split(" ")[0]] for token in ("ai-train", "search") if token in case
        }
        yield "rsl-terms", {"xml": case["xml"], "path": case["path"]}, right, case.get("note", "")
    for case in found["robots_scoping"]:
        given = {"robots_txt": case["robots_txt"], "agent": case["agent"]}
        yield "rsl-robots", given, {"licences": [canonical(case["licenses"])]}, case.get("note", "")


def _signals(folder: Path) -> Iterator[Question]:
    for case in _load(folder / "content_signals/cases.json")["cases"]:
        given = {
            "robots_txt": f"User-agent: *\n{case['line']}\nAllow: /\n",
            "agent": "NovelBot",
            "url": f"https://example.org{case.get('path', '/')}novel",
        }
        names = ("search", "ai-input", "ai-train")
        right = {name: [case["out"].get(name, "unset")] for name in names}
        yield "content-signal", given, right, case.get("note", "")


def _noai(folder: Path) -> Iterator[Question]:
    meaning = {"reserved": RESERVED, "unset": SILENT}
    for case in _load(folder / "noai/cases.json")["cases"]:
        right = {part: meaning[case[part]] for part in ("text", "image") if part in case}
        note = case.get("note", "")
        if "html" in case:
            yield "noai-page", {"html": case["html"], "agent": "mybot"}, right, note
        else:
            lines = [case["header"].partition(":")[2].strip()]
            yield "noai-header", {"lines": lines, "agent": case.get("agent", "mybot")}, right, note


def _cawg(folder: Path, signed: dict[int, str]) -> Iterator[Question]:
    meaning = {"disallow": LIMITED, "unknown": SILENT}
    for number, case in enumerate(_load(folder / "cawg_tdm/cases.json")["cases"], 1):
        right = {"generative": meaning[case["generative_training"]]}
        if "ai_inference" in case:
            right["input"] = meaning[case["ai_inference"]]
        path = str(folder / case["file"]) if "file" in case else signed.get(number, "")
        given = {"path": path, "label": case.get("label", ""), "entries": case.get("entries", {})}
        yield "picture", given, right, case.get("note", "")


def _pictures(folder: Path) -> Iterator[Question]:
    for name in ("A.jpg", "C.jpg", "C_with_CAWG_data.jpg"):
        right = {"generative": RESERVED if name.startswith("C_") else SILENT}
        yield "picture", {"path": str(folder / "c2pa" / name)}, right, ""


def _plus(folder: Path) -> Iterator[Question]:
    for uri, said in _load(folder / "iptc_plus/values.json")["values"].items():
        first = said.replace(":", " ").replace(",", " ").split(" ")[0]
        right = {"answer": {"unset": SILENT, "allowed": ALLOWED, "reserved": LIMITED}[first]}
        yield "plus", {"value": uri}, right, said


def _onix(folder: Path) -> Iterator[Question]:
    meaning = {"reserved": RESERVED, "permitted": ALLOWED, "unset": SILENT}
    for case in _load(folder / "onix/cases.json")["cases"]:
        yield "onix", {"xml": case["xml"]}, {"tdm": meaning[case["tdm"]]}, ""


def _more(path: Path, protocol: str) -> Iterator[Question]:
    """Ours, with the source of each: what the shared folder has too few of to compare tools that read headers."""
    meaning = {"reserved": RESERVED, "unset": SILENT, "allowed": ALLOWED, "conditional or reserved": LIMITED}
    for case in _load(path)[protocol]:
        right = {part: meaning.get(said, [said]) for part, said in case["right"].items()}
        yield case["kind"], case["given"], right, case["source"]
