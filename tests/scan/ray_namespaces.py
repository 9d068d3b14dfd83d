"""Two nodes of a Ray cluster on one machine: each in a network namespace of its own, with a cable between them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ADDRESSES = ("10.213.97.1", "10.213.97.2")
PORT = 6399
STORE_BYTES = 80 << 20
TESTS = Path(__file__).parents[1]


def missing() -> str | None:
    """Why such a cluster cannot be had here; None where it can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None:
        return "network namespaces need iproute2"
    probe = f"cm-probe-{os.getpid()}"
    if subprocess.run(["ip", "netns", "add", probe], capture_output=True, check=False).returncode:
        return "network namespaces cannot be made here"
    subprocess.run(["ip", "netns", "del", probe], check=False)
    return None


class TwoNodes:
    """The head, where drivers run too, and a second node that can be lost; one core each."""

    def __init__(self) -> None:
        self.scratch = Path(tempfile.mkdtemp(prefix="cmr", dir="/tmp"))  # sockets need short paths
        self.spaces = tuple(f"cm{letter}{os.getpid()}" for letter in "ab")
        self.cables = tuple(f"v{letter}{os.getpid()}" for letter in "ab")
        self.small = self.scratch / "small"
        self.address = f"{ADDRESSES[0]}:{PORT}"
        self._started: list[subprocess.Popen[bytes]] = []
        self._drivers: list[subprocess.Popen[bytes]] = []

    def start(self, cores_of_head: int = 1) -> None:
        """Lay the cable, and start both nodes."""
        self.connect()
        self.start_head(cores_of_head)
        self.start_second()

    def connect(self) -> None:
        """Lay the cable, and make the small disk."""
        for space in self.spaces:
            _ip("netns", "add", space)
            _ip("-n", space, "link", "set", "lo", "up")
        ends = (self.cables[0], "netns", self.spaces[0], "type", "veth")
        _ip("link", "add", *ends, "peer", "name", self.cables[1], "netns", self.spaces[1])
        for space, cable, address in zip(self.spaces, self.cables, ADDRESSES, strict=True):
            _ip("-n", space, "addr", "add", f"{address}/24", "dev", cable)
            _ip("-n", space, "link", "set", cable, "up")
        (self.scratch / "ray").mkdir()
        self.small.mkdir()
        self.resize("160k", "rw")

    def start_head(self, cores: int = 1) -> None:
        """Start the first node, with no core where it is not to scan."""
        own = f"--temp-dir={self.scratch}/ray"
        self._ray(0, ["--head", f"--port={PORT}", "--include-dashboard=false", own], cores=cores)
        self.wait_for_nodes(1)

    def start_second(self, hide: Sequence[Path] = ()) -> None:
        """Start the second node; it sees empty folders in the place of those to `hide`, and has its own cache."""
        own = [self.scratch / "ray", *hide]
        self._ray(1, [f"--address={self.address}"], hide=own)
        self.wait_for_nodes(2)

    def cut(self) -> None:
        """Take the cable out."""
        _ip("-n", self.spaces[0], "link", "set", self.cables[0], "down")

    def mend(self) -> None:
        """Put the cable in."""
        _ip("-n", self.spaces[0], "link", "set", self.cables[0], "up")

    def resize(self, size: str, options: str = "remount") -> None:
        """Give the small disk that both nodes see so much room."""
        command = ["mount", "-t", "tmpfs", "-o", f"{options},size={size}", "none", str(self.small)]
        subprocess.run(command, check=True, capture_output=True)

    def processes(self, node: int) -> list[int]:
        """All processes of a node."""
        said = subprocess.run(
            ["ip", "netns", "pids", self.spaces[node]], capture_output=True, text=True, check=False
        )
        return [int(word) for word in said.stdout.split()]

    def workers(self, node: int) -> list[int]:
        """The processes of a node that scan."""
        return [process for process in self.processes(node) if "spawn_main" in _command(process)]

    def kill(self, node: int) -> None:
        """End all processes of a node at once."""
        for _ in range(5):
            for process in self.processes(node):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.1)
        self._reap()

    def driver(self, program: Path, *given: str) -> subprocess.Popen[bytes]:
        """Run a Python program on the head."""
        return self.command(sys.executable, str(program), *given)

    def command(self, *words: str, node: int = 0) -> subprocess.Popen[bytes]:
        """Run a command on a node; what it says goes into `log-NODE` of the scratch folder."""
        self._drivers.append(self._run(node, list(words)))
        return self._drivers[-1]

    def end_drivers(self) -> None:
        """End programs that a failed test left behind."""
        for process in self._drivers:
            process.kill()
            process.wait()
        self._drivers.clear()

    def wait_for_nodes(self, count: int, seconds: float = 40) -> None:
        """Wait until so many nodes have started."""
        wanted = [self.processes(node) for node in range(count)]
        end = time.monotonic() + seconds
        while not all(
            any("raylet" in _command(one) for one in self.processes(node)) for node in range(count)
        ):
            assert time.monotonic() < end, f"the nodes do not start: {wanted}"
            time.sleep(0.1)
        for process in self._started:
            process.wait(timeout=seconds)

    def close(self) -> None:
        """Leave nothing behind."""
        for node in (0, 1):
            self.kill(node)
        for space in self.spaces:
            subprocess.run(["ip", "netns", "del", space], capture_output=True, check=False)
        subprocess.run(["umount", "-l", str(self.small)], capture_output=True, check=False)
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _ray(self, node: int, given: list[str], hide: Sequence[Path] = (), cores: int = 1) -> None:
        command = [
            str(Path(sys.executable).with_name("ray")), "start", f"--node-ip-address={ADDRESSES[node]}",
            f"--num-cpus={cores}", f"--object-store-memory={STORE_BYTES}", "--disable-usage-stats", *given,
        ]  # fmt: skip
        self._started = [self._run(node, command, hide)]

    def _run(self, node: int, command: list[str], hide: Sequence[Path] = ()) -> subprocess.Popen[bytes]:
        mounts = "".join(f"mount -t tmpfs -o size=64m none '{path}' && " for path in hide)
        shell = ["sh", "-c", mounts + 'exec "$@"', "sh", *command]
        surroundings = {
            **os.environ,
            "PYTHONPATH": str(TESTS),
            "COUNTERMARK_CACHE": str(self.scratch / f"cache-{node}"),
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": "0" * 64,
            "RAY_health_check_failure_threshold": "3",
            "RAY_health_check_period_ms": "1000",
            "RAY_health_check_timeout_ms": "1500",
        }
        inside = ["ip", "netns", "exec", self.spaces[node], *shell]
        with (self.scratch / f"log-{node}").open("ab") as log:
            return subprocess.Popen(inside, env=surroundings, stdout=log, stderr=log)

    def _reap(self) -> None:
        for process in self._started:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
