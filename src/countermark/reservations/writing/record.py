"""What was written for a site before: a change of the policy takes that back, and nothing that is the site's.

robots.txt, ai.txt, `_headers` and pages carry marks of ours. tdmrep.json is JSON without comments; RSL terms, the
policy of TDMRep and copies of media are files of their own. For these, digests of rules and files are kept in a file
beside the snippets for servers, outside of what is served. It holds all that was ever written for an origin, since the
same origin may stand in several folders, written at different times. Without that file, what stands there counts as the
site's own.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NAME: Final = "written.json"
_ABOUT: Final = (
    "What countermark reserve write wrote into the site. Keep this file: a change of the policy needs it."
)
_SITES: Final = "sites"


@dataclass(frozen=True, slots=True)
class Record:
    """The SHA-256 (hexadecimal) of what was written: of whole files, and of each rule of tdmrep.json, by file names."""

    digests: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def wrote(self, name: str, data: bytes) -> bool:
        """Whether a file, or a rule in it, is as it was written once."""
        return hashlib.sha256(data).hexdigest() in self.digests.get(name, ())

    def with_more(self, written: Iterable[tuple[str, bytes]]) -> Record:
        """With what is written now, in an order that does not depend on when it was written."""
        digests = {name: set(there) for name, there in self.digests.items()}
        for name, data in written:
            digests.setdefault(name, set()).add(hashlib.sha256(data).hexdigest())
        return Record({name: tuple(sorted(digests[name])) for name in sorted(digests)})

    def with_last(self, name: str, data: bytes) -> Record:
        """With a file as it is written now, and no longer as it was."""
        digests = {**self.digests, name: (hashlib.sha256(data).hexdigest(),)}
        return Record(dict(sorted(digests.items())))


def as_bytes(rule: Mapping[str, object]) -> bytes:
    """A rule in the one form in which it is told apart from others."""
    return json.dumps(rule, sort_keys=True).encode()


def read_record(data: bytes, name: str, site: str) -> Record:
    """What a file called `name` holds of a site's origin. Raises InputError where it is no such file."""
    return Record(_sites(data, name).get(site, {}))


def with_record(data: bytes, name: str, site: str, record: Record) -> bytes:
    """The file with a site's record in it; `data` is the file as it is, b"" for none. Raises InputError."""
    sites = _sites(data, name) | {site: record.digests}
    said = {"about": _ABOUT, _SITES: dict(sorted(sites.items()))}
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _sites(data: bytes, name: str) -> dict[str, Mapping[str, Sequence[str]]]:
    if not data:
        return {}
    try:
        sites = json.loads(data)[_SITES]
        if isinstance(sites, dict) and all(_is_record(said) for said in sites.values()):
            return sites
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise InputError(
        f"{name}: this is not the list of what countermark wrote; put it back as it was, or delete it: then what is in "
        "tdmrep.json counts as the site's own"
    )


def _is_record(said: object) -> bool:
    return isinstance(said, dict) and all(
        isinstance(digests, list) and all(isinstance(digest, str) for digest in digests)
        for digests in said.values()
    )
