"""The plan of a study: what will be asked of which model, how it will be judged, fixed before anything is asked.

A plan is a canonical JSON file: keys sorted, one space of indent, UTF-8, its own SHA-256 inside. Whoever changes a byte
of it has another plan, and a run refuses it; so nobody can pick the statistic or the level after seeing the answers.
Stamp the digest outside (RFC 3161, a public log) to show when it was fixed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.atomic import make_folder, write_bytes
from countermark.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from countermark.memorization.drivers.driver import ModelIdentity

VERSION: Final = 1
KINDS: Final = ("trap", "extract", "ask")
LARGEST: Final = 256 * 2**20
"""A plan of more bytes is not read: ten thousand works with their identifiers need a hundredth of it."""


@dataclass(frozen=True)
class Plan:
    """What was fixed: the kind of study, and its members (JSON values; read, never changed in place)."""

    kind: str
    members: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """`sha256:…` over the canonical JSON of everything else in the file. Raises PlanError where it is no JSON."""
        return "sha256:" + hashlib.sha256(canonical(self._said())).hexdigest()

    def seed(self, purpose: str) -> int:
        """A seed of 256 bits for numpy's PCG64, fixed with the plan, another for each purpose."""
        data = canonical(["countermark-seed", VERSION, self.digest, purpose])
        return int.from_bytes(hashlib.sha256(data).digest())

    def _said(self) -> dict[str, Any]:
        return {"countermark_plan": VERSION, "kind": self.kind, "members": self.members}


def canonical(value: Any) -> bytes:
    """The bytes of a JSON value that digests are taken over: keys sorted, no spaces, UTF-8. Raises PlanError."""
    return _dumped(value, separators=(",", ":"))


def readable(value: Any) -> bytes:
    """The bytes of a JSON value as files hold it, for people too, and the same each time. Raises PlanError."""
    return _dumped(value, indent=1) + b"\n"


def _dumped(value: Any, **layout: Any) -> bytes:
    try:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, **layout)
        return text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        raise PlanError(f"cannot be written as JSON: {error}") from error


def plan_bytes(plan: Plan) -> bytes:
    """The file of a plan. Raises PlanError."""
    if plan.kind not in KINDS:
        raise PlanError(f"kind of study is {plan.kind!r}; accepted: {', '.join(KINDS)}")
    return readable(plan._said() | {"digest": plan.digest})


def write_plan(path: Path, plan: Plan) -> str:
    """Write a plan, and return its digest. Raises PlanError, OutputError."""
    data = plan_bytes(plan)
    make_folder(path.parent)
    write_bytes(path, data)
    return plan.digest


def read_plan(path: Path, kind: str | None = None) -> Plan:
    """Read a plan, of one `kind` where that is given. Raises PlanError unless it is byte for byte what was written."""
    data = _bytes_of(path)
    try:
        said = json.loads(data)
        plan = Plan(said["kind"], said["members"])
        stated, version = said["digest"], said["countermark_plan"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PlanError(f"{path}: not a plan of Countermark ({error})") from error
    if version != VERSION or plan.kind not in KINDS or not isinstance(plan.members, dict):
        raise PlanError(f"{path}: not a plan of version {VERSION} and of a known kind ({', '.join(KINDS)})")
    if stated != plan.digest:
        raise PlanError(
            f"{path}: was changed after it was written: digest expected {stated}, found {plan.digest}; "
            "make a new plan with the settings that you want"
        )
    if plan_bytes(plan) != data:
        raise PlanError(f"{path}: was changed after it was written: another layout, or something added")
    if kind is not None and plan.kind != kind:
        raise PlanError(f"{path}: a plan of kind {plan.kind}; accepted here: {kind}")
    return plan


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise PlanError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(data) > LARGEST:
        raise PlanError(f"{path}: more than {LARGEST} bytes; not a plan of Countermark")
    return data


def model_facts(identity: ModelIdentity) -> dict[str, str]:
    """What a plan says of a model: name, digest, driver, address."""
    return asdict(identity)


def require_model(plan: Plan, identity: ModelIdentity, role: str = "model") -> None:
    """Raise PlanError, naming what differs, unless the model is the one that the plan names as `role`."""
    named = plan.members.get(role)
    if not isinstance(named, dict):
        raise PlanError(f"the plan names no {role!r}; it cannot be asked")
    facts = model_facts(identity)
    # One model is the same under another path or name where the digest of its weights says so.
    compared = ("digest",) if named.get("digest") and facts["digest"] else ("name", "digest", "address")
    for key in compared:
        if named.get(key, "") != facts[key]:
            raise PlanError(
                f"another model than the plan's: {role} {key} is {facts[key] or 'unknown'}, "
                f"the plan says {named.get(key) or 'unknown'}"
            )
