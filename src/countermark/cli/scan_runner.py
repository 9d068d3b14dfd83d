"""Where a scan runs: the options `--runner` and `--address`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from countermark.scan import ScanSettings
    from countermark.scan.runners.base import Runner


Command = TypeVar("Command", bound="Callable[..., Any]")


def runner_options(command: Command) -> Command:
    """The options, as `runner` and `address`, for every command that scans."""
    address = click.option(
        "--address", metavar="HOST:PORT", help="The Ray cluster; by default one is started on this machine."
    )
    runner = click.option(
        "--runner",
        type=click.Choice(["local", "ray"]),
        default="local",
        show_default=True,
        help="Where shards are scanned: in processes on this machine, or on a Ray cluster.",
    )
    return runner(address(command))


def runner_for(name: str, address: str | None, settings: ScanSettings) -> Runner | None:
    """The runner of the name that `--runner` gives; None for the local one, which is the scan's own default.

    On a cluster, `--workers` is the number of worker processes per node. Raises InputError, MissingExtraError.
    """
    if name == "local":
        if address is not None:
            raise InputError("--address is for --runner ray; give both, or neither")
        return None
    if name != "ray":
        raise InputError(f"--runner {name}: not known; known are local and ray")
    from countermark.scan.runners.ray import RayRunner
    from countermark.scan.runners.ray_cluster import needs_ray

    needs_ray()
    return RayRunner(address, settings.workers)
