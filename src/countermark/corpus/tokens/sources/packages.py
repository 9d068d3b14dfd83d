"""Public tokenisers from a package of the npm registry: one version, whose digest stands here.

js-tiktoken (MIT) carries the rank files of OpenAI's tokenisers. Whatever a registry, a proxy or a disk gives, it
is used only where its SHA-512 is the one below (that which registry.npmjs.org states for this version, November 2026).
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
from typing import TYPE_CHECKING, Final

from countermark.corpus.tokens.sources import table_of_file
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.corpus.tokens.table import TokenTable

PACKAGE: Final = "js-tiktoken"
VERSION: Final = "1.0.21"
INTEGRITY: Final = "biOj/6M5qdgx5TKjDnFT1ymSpM5tbd3ylwDtrQvFQSu0Z7bBYko2dF+W/aUkXUPuk6IVpRxk/3Q2sHOzGlS36g=="
SIZE: Final = 10_239_044
NAMES: Final = ("gpt2", "p50k_base", "p50k_edit", "cl100k_base", "o200k_base")
"""Tokenisers that the package carries; its r50k_base is gpt2 once more."""

REGISTRY: Final = "https://registry.npmjs.org"
_VARIABLES: Final = ("npm_config_registry", "NPM_CONFIG_REGISTRY")
_MOST_MEMBER: Final = 8 << 20
_SECONDS: Final = 60.0


def registry_of(given: str | None) -> str:
    """The registry to ask: the one given, else that of npm's variable, else npm's own. Raises InputError."""
    found = given or next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), REGISTRY)
    if not found.lower().startswith(("https://", "http://")):
        raise InputError(f"registry {found}: an address that begins with https:// or http:// is expected")
    return found.rstrip("/")


def fetch_package(registry: str) -> bytes:
    """Download the package. Raises InputError where it cannot be had or is another one."""
    import http.client  # noqa: PLC0415  only here is there a network
    import urllib.request  # noqa: PLC0415

    url = f"{registry}/{PACKAGE}/-/{PACKAGE}-{VERSION}.tgz"
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310  registry_of looked at the scheme
            data = bytes(answer.read(SIZE + 1))
    except (OSError, http.client.HTTPException, ValueError) as error:
        said = " ".join(str(error).split())[:200]
        raise InputError(f"{url}: cannot be fetched: {said}; --from takes a copy of the file") from error
    return checked(data, url)


def checked(data: bytes, where: str) -> bytes:
    """The package itself, and nothing else. Raises InputError."""
    if base64.b64encode(hashlib.sha512(data).digest()).decode() != INTEGRITY:
        raise InputError(
            f"{where}: not {PACKAGE} {VERSION} as it was published: its SHA-512 differs, or it was cut short"
        )
    return data


def tables_of_package(data: bytes, names: Sequence[str]) -> list[TokenTable]:
    """The tables of some of NAMES, in this order, from a package that was checked. Raises InputError."""
    import tarfile  # noqa: PLC0415

    wanted = {f"package/dist/ranks/{name}.cjs": name for name in names}
    found: dict[str, TokenTable] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
            for member in archive:
                name = wanted.get(member.name)
                if name is None or not member.isreg() or member.size > _MOST_MEMBER:
                    continue
                file = archive.extractfile(member)
                if file is not None:
                    place = f"{PACKAGE}-{VERSION}/{member.name.rpartition('/')[2]}"
                    found[name] = table_of_file(file.read(_MOST_MEMBER), place, name)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise InputError(f"{PACKAGE} {VERSION}: damaged archive: {error}") from error
    missing = [name for name in names if name not in found]
    if missing:
        raise InputError(f"{PACKAGE} {VERSION}: holds no {', '.join(missing)}; there are {', '.join(NAMES)}")
    return [found[name] for name in names]
