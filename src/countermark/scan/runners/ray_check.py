"""What a node is asked before it scans: the same engine, the corpus in sight, the run folder shared."""

from __future__ import annotations

import multiprocessing
import secrets
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from countermark import __version__
from countermark.atomic import write_bytes
from countermark.errors import CountermarkError, OutputError, RunError
from countermark.storage.place import is_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from countermark.corpus.base import Shard
    from countermark.scan.search import SearchBackend, SearchSettings

OLD_SECONDS = 7 * 86400.0
"""A scan that is on for longer has asked its nodes long ago; one that asks a new node then leaves that one out."""


@dataclass(frozen=True, slots=True)
class Premises:
    """What must hold on every node: the version of the driver, shards it sees, and a file that it wrote."""

    run: str
    shards: tuple[Shard, ...]
    token: str
    engine: str = __version__


@contextmanager
def shared_token(run: str) -> Iterator[str]:
    """Write a file into the run folder for the nodes to find, and take it away again; `""` where `run` is a URL."""
    if is_url(run):
        yield ""
        return
    _clear_old(Path(run))
    token = secrets.token_hex(8)
    path = _token_path(run, token)
    write_bytes(path, token.encode())
    try:
        yield token
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def check_premises(premises: Premises, node: str) -> None:
    """Raise RunError where this node cannot take part, OutputError where it may not write the run folder."""
    if premises.engine != __version__:
        raise RunError(
            f"node {node}: it has Countermark {__version__}, the scan was begun with {premises.engine}; "
            "install the same version on all nodes"
        )
    for shard in premises.shards:
        _check_shard(shard, node)
    if premises.shards and is_url(premises.run):
        _check_url(premises.run, node)
    if premises.token:
        _check_run(Path(premises.run), premises.token, node)


def compile_kernels(backend: SearchBackend, search: SearchSettings) -> None:
    """Compile the kernels unless they are: once on a node, in a process of its own, before workers need them.

    Raises UnusableIndexError where the index cannot be used.
    """
    from countermark.scan.search import kernels_are_compiled  # noqa: PLC0415

    if kernels_are_compiled(search.medium):
        return
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_compile, args=(theirs, backend, search), daemon=True)
    process.start()
    theirs.close()
    try:
        failed = ours.recv()
    except EOFError:
        process.join()
        raise RunError(f"compiling the kernels ended with exit code {process.exitcode}") from None
    process.join()
    if failed is not None:
        raise failed


def _compile(connection: Connection, backend: SearchBackend, search: SearchSettings) -> None:
    failed = None
    try:
        settings = backend.nearby(search) if hasattr(backend, "nearby") else search
        backend.describe(Path(settings.index), settings.salt)
    except CountermarkError as error:
        failed = error
    connection.send(failed)


def _check_shard(shard: Shard, node: str) -> None:
    from countermark.storage.reading import state_of  # noqa: PLC0415

    try:
        state_of(shard.path)
    except (OSError, CountermarkError) as error:
        raise RunError(
            f"node {node}: {shard.path} is not there ({getattr(error, 'strerror', None) or error}); the corpus must "
            "lie under the same path on all nodes, or on object storage that all can read"
        ) from error


def _check_url(run: str, node: str) -> None:
    from countermark.storage.store import store_of  # noqa: PLC0415

    try:
        seen = store_of(run).exists("run.json")
    except (OSError, CountermarkError) as error:
        raise RunError(f"node {node}: {run} cannot be reached there: {error}") from error
    if not seen:
        raise RunError(
            f"node {node}: {run}/run.json is not there: the node sees other storage than the driver"
        )


def _check_run(run: Path, token: str, node: str) -> None:
    try:
        seen = _token_path(str(run), token).read_text()
    except OSError:
        seen = ""
    if seen != token:
        raise RunError(
            f"node {node}: {run} is not the run folder that the scan was begun with; --out must be on a disk that all "
            "nodes share under the same path, or on object storage"
        )
    mark = run / f".ray-{token}-{secrets.token_hex(4)}"
    try:
        write_bytes(mark, b"")
        mark.unlink()
    except OutputError as error:
        raise OutputError(f"node {node}: {error}") from error


def _clear_old(run: Path) -> None:
    """Remove the files of drivers and nodes that were killed; younger ones may be those of another part."""
    for path in run.glob(".ray-*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > OLD_SECONDS:
                path.unlink()


def _token_path(run: str, token: str) -> Path:
    return Path(run, f".ray-{token}")
