"""Countermark and others on the same vectors: who reads which protocol, and what each gets wrong.

    python benchmarks/bench_protocols.py --conformance FOLDER --peers FOLDER

writes results/protocols.json. Peers from a package index are installed into environments under the peers' folder where
they are not there yet. Three come as files, which are put there by hand (each adapter says what): `aipref_signals.py`,
`dataforge_signals.py`, `peac-content-signals.cjs`. A peer that is not there is told as not run. The adapters are in
peers_reserve/, one a peer; how an answer that is coarser than the question is taken, its docstring says.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import ROOT, save
from signed_pictures import sign_cases
from vectors_reserve import OURS, Case, cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ADAPTERS = ROOT / "peers_reserve"


@dataclass(frozen=True)
class Peer:
    """Who is asked: the adapter, and what it needs (packages in an environment, a file in the peers' folder)."""

    name: str
    adapter: str
    environment: str = ""
    packages: tuple[str, ...] = ()
    file: str = ""
    options: tuple[str, ...] = ()


PEERS = (
    Peer("Countermark", "ours.py"),
    Peer("datadiligence", "datadiligence_rules.py", "datadiligence", ("datadiligence==0.1.7",)),
    Peer("aipref_signals", "aipref_signals_file.py", file="aipref_signals.py"),
    Peer(
        "PEAC content-signals",
        "peac_content_signals.mjs",
        file="peac-content-signals.cjs",
        options=("0.16.3",),
    ),
    Peer("DataForge signals", "dataforge_signals.py", file="dataforge_signals.py"),
    Peer("img2dataset", "img2dataset_header.py", "img2dataset", ("img2dataset==1.47.0",)),
    Peer("fast-robotstxt", "fast_robotstxt.py", "fast-robotstxt", ("fast-robotstxt==1.1.0",)),
    Peer("gpyrobotstxt", "gpyrobotstxt_robots.py", "gpyrobotstxt", ("gpyrobotstxt==1.0.0",)),
    Peer("Protego", "protego_robots.py", "protego", ("protego==0.7.0",)),
    Peer("ai-crawler-robots", "ai_crawler_robots_check.py", "ai-crawler-robots", ("ai-crawler-robots==1.0.10",)),
    Peer("urllib.robotparser", "urllib_robotparser.py"),
)  # fmt: skip


def command(peer: Peer, folder: Path) -> list[str] | None:
    """How the adapter is started; None where the peer is not there."""
    program, files = sys.executable, []
    if peer.file:
        path = folder / peer.file
        if not path.exists():
            return None
        program, files = ("node" if peer.adapter.endswith(".mjs") else program), [str(path)]
    if peer.environment:
        program = str(environment(peer, folder))
    return [program, str(ADAPTERS / peer.adapter), *files, *peer.options]


def environment(peer: Peer, folder: Path) -> Path:
    """The Python of the peer's environment, which is made where it is not there."""
    python = folder / peer.environment / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / peer.environment], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *peer.packages], check=True)
    return python


def ask(words: list[str], asked: Iterable[Case]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The peer's version and what else it shows, and its answers by case."""
    lines = (json.dumps({"key": case.key, "kind": case.kind, "given": case.given}) for case in asked)
    done = subprocess.run(words, input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{Path(words[1]).name} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    first, *said = [json.loads(line) for line in done.stdout.splitlines()]
    return first, {answer["key"]: answer for answer in said}


def judged(case: Case, answer: Mapping[str, str]) -> bool | None:
    """Whether an answer is right in every part that it has; None where it has none of those asked."""
    if "error" in answer:
        return False
    parts = [part for part in case.right if part in answer]
    return all(answer[part] in case.right[part] for part in parts) if parts else None


def told(case: Case, said: dict[str, Any]) -> dict[str, Any]:
    """A wrong answer: the question, what is right, what came, and the line that gives it again."""
    given = {key: value for key, value in case.given.items() if key != "path" or value[:1] == "/"}
    if case.kind == "picture":
        given = {"file": Path(case.given["path"]).name} | {
            k: v for k, v in case.given.items() if k != "path" and v
        }
    right = {part: " or ".join(accepted) for part, accepted in case.right.items() if part in said["answer"]}
    return {
        "case": case.key,
        "given": given,
        "right": right or {part: " or ".join(accepted) for part, accepted in case.right.items()},
        "got": {part: value for part, value in said["answer"].items() if part in case.right or part == "error"},
        "call": said["call"],
        **({"note": case.note} if case.note else {}),
    }  # fmt: skip


def measure(words: list[str], asked: list[Case]) -> dict[str, Any]:
    """One peer's right and wrong answers by protocol, and the wrong ones in full."""
    facts, answers = ask(words, asked)
    right, wrong, listed = Counter[str](), Counter[str](), []
    for case in asked:
        said = answers.get(case.key)
        verdict = judged(case, said["answer"]) if said else None
        if verdict is None or said is None:
            continue
        (right if verdict else wrong)[case.protocol] += 1
        if not verdict:
            listed.append(told(case, said))
    protocols = dict.fromkeys(case.protocol for case in asked)
    counts = {
        name: [right[name], right[name] + wrong[name]] for name in protocols if right[name] + wrong[name]
    }
    return {**facts, "right_of_asked": counts, "wrong": listed}


def main() -> None:
    """Ask everybody, print, save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--conformance", type=Path, required=True)
    parser.add_argument("--peers", type=Path, required=True)
    options = parser.parse_args()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        signed = sign_cases(options.conformance, Path(folder))
        asked = cases(options.conformance, ROOT / OURS, signed)
        for peer in PEERS:
            words = command(peer, options.peers)
            if words is None:
                print(f"{peer.name}: not run, {peer.file} is not in the peers' folder")
                continue
            found[peer.name] = measure(words, asked)
            if peer.file:
                found[peer.name]["sha256"] = sha256((options.peers / peer.file).read_bytes()).hexdigest()
            print(peer.name, found[peer.name]["version"], found[peer.name]["right_of_asked"])
    vectors = Counter(case.protocol for case in asked)
    own = sum(case.note.startswith("GoogleOnly") for case in asked)
    save("protocols", {"vectors": vectors, "google_only": own, "tools": found}, ("http-sf", "c2pa-python"))


if __name__ == "__main__":
    main()
