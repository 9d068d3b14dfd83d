"""The Ray cluster as a scan sees it: joined or started quietly, left as it was found, and its nodes counted."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import logging
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
import time
import warnings
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import InputError, MissingExtraError, RunError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OBJECT_STORE_BYTES: Final = 80 << 20
"""Of a cluster started here: only tasks, receipts and chunks of four megabytes pass through it."""
_FIRST_KNOCK_SECONDS: Final = 10.0
_KNOCK_SECONDS: Final = 2.0
_LONGEST_FOLDER: Final = 30
"""The names of sockets, which Ray makes some seventy characters longer, have room for 107."""

_QUIET: Final = {
    "RAY_USAGE_STATS_ENABLED": "0",  # Ray would tell its makers
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_DEDUP_LOGS": "0",
    "RAY_enable_metrics_collection": "0",
}
_ALONE: Final = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # as Ray does elsewhere, listen on the loopback only
    "RAY_prestart_worker_first_driver": "0",  # one process per core that would never be used
    "RAY_AUTH_MODE": "token",  # whoever else is on this machine cannot use it
    "RAY_worker_niceness": "0",  # Ray's own 15 would let any other load stop the scan; the local runner's have none
}


@dataclass(frozen=True, slots=True)
class ClusterNode:
    """A node that is alive: Ray's name of it, its address, and its processor cores as Ray counts them."""

    id: str
    address: str
    cores: int


def needs_ray() -> None:
    """Raise MissingExtraError where Ray is not installed."""
    if importlib.util.find_spec("ray") is None:
        raise MissingExtraError(
            "--runner ray needs the extra ray (ray is not installed): pip install 'countermark[ray]'"
        )


@contextmanager
def joined(address: str | None, workers: int) -> Iterator[None]:
    """Be connected to the cluster at `address`; without one, to a cluster of this machine alone, ended on leaving.

    A connection that the caller has is used and left open. Raises MissingExtraError, InputError, RunError.
    """
    needs_ray()
    if address is not None and "://" in address:
        raise InputError(
            f"--address {address}: give HOST:PORT or auto, on a machine that is a node of the cluster itself; "
            "Ray's client and job addresses cannot reach the corpus and the run folder"
        )
    if address is None:
        _keep_to_this_machine()
    with _surroundings(_QUIET), ExitStack() as stack:
        import ray  # noqa: PLC0415

        if ray.is_initialized():
            yield
            return
        own = None if address else stack.enter_context(_own_folder())
        with _handlers_kept():
            _connect(address, workers, own)
        try:
            yield
        finally:
            with _handlers_kept():
                ray.shutdown()


class Head:
    """The head of the cluster, without which Ray ends this process within a minute, and says nothing."""

    def __init__(self, address: str, patience: float) -> None:
        self.address, self._patience = address, patience
        self._answered = time.monotonic()

    def answers(self) -> bool:
        """Whether it is there now. Raises RunError where it has not been for too long."""
        try:
            _knock(self.address, _KNOCK_SECONDS)
        except RunError as error:
            silent = time.monotonic() - self._answered
            if silent > self._patience:
                raise RunError(
                    f"the head of the Ray cluster at {self.address} has been gone for {silent:.0f} seconds; what was "
                    "scanned stays: start the cluster, and give the command again to go on"
                ) from error
            return False
        self._answered = time.monotonic()
        return True


def living_nodes() -> list[ClusterNode]:
    """The nodes that are alive and have cores. Raises RunError where the head does not say."""
    import ray  # noqa: PLC0415

    try:
        nodes = ray.nodes()  # type: ignore[no-untyped-call]
    except Exception as error:
        raise RunError(f"the head of the Ray cluster does not answer: {error}") from error
    return [
        ClusterNode(node["NodeID"], node["NodeManagerAddress"], int(node["Resources"].get("CPU", 0)))
        for node in nodes
        if node["Alive"] and node["Resources"].get("CPU", 0) >= 1
    ]


def address_of_head() -> str:
    """HOST:PORT of the cluster that the driver is connected to."""
    import ray  # noqa: PLC0415

    return str(ray.get_runtime_context().gcs_address)


def this_node() -> str:
    """Ray's name of the node that the driver is on."""
    import ray  # noqa: PLC0415

    return str(ray.get_runtime_context().get_node_id())


def _own_folder() -> TemporaryDirectory[str]:
    """For the logs and sockets of a cluster started here, closed to others; it goes with the cluster."""
    given = tempfile.gettempdir()
    room = given if len(given) <= _LONGEST_FOLDER else "/tmp"  # noqa: S108  a folder of our own is made there
    return TemporaryDirectory(prefix="cm-ray-", dir=room, ignore_cleanup_errors=True)


def _connect(address: str | None, workers: int, folder: str | None) -> None:
    import ray  # noqa: PLC0415

    if address is not None:
        _knock(address, _FIRST_KNOCK_SECONDS)
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.CRITICAL}
    said = io.StringIO()
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            warnings.simplefilter("ignore")
            if address is not None:
                ray.init(address=address, **quiet)
            else:
                ray.init(
                    address="local",
                    num_cpus=workers,
                    include_dashboard=False,
                    object_store_memory=OBJECT_STORE_BYTES,
                    _node_ip_address="127.0.0.1",
                    _temp_dir=folder,
                    **quiet,
                )
    except Exception as error:  # Ray raises many kinds, none of them its own root
        reason = str(error).strip().splitlines() or [type(error).__name__]
        where = f"the Ray cluster at {address}" if address else "a Ray cluster on this machine"
        raise RunError(f"{where} cannot be reached: {reason[0]}") from error


def _keep_to_this_machine() -> None:
    """Let Ray listen on the loopback only, and for those who know a token drawn here.

    It reads both once in a process, when it is imported; a program that has done so has made its own choice.
    """
    if "ray" not in sys.modules:
        for name, value in (_ALONE | {"RAY_AUTH_TOKEN": secrets.token_hex(32)}).items():
            os.environ.setdefault(name, value)


@contextmanager
def _surroundings(wanted: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables that are not set, for as long as the cluster is used."""
    added = [name for name in wanted if name not in os.environ]
    os.environ.update({name: wanted[name] for name in added})
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def _knock(address: str, seconds: float) -> None:
    """Raise RunError where nothing listens at HOST:PORT: Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        return  # `auto`, which Ray resolves
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=seconds).close()
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RunError(f"the Ray cluster at {address} cannot be reached: {reason}") from error


@contextmanager
def _handlers_kept() -> Iterator[None]:
    """Ray puts a handler of its own on SIGTERM; ours lets shards under way end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            with suppress(TypeError, ValueError):
                signal.signal(number, handler)
