"""Ray, started quietly on this machine or joined as a cluster, and what its nodes can hold."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from reproduce.errors import ResourceError, UserError
from reproduce.provenance import gpus, usable_cores
from reproduce.schedule.interruption import uninterruptible
from reproduce.schedule.options import Options

_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AIR_NEW_OUTPUT": "0",
    "RAY_SCHEDULER_EVENTS": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # workers hide the GPU themselves
    "TUNE_DISABLE_AUTO_CALLBACK_LOGGERS": "1",
    "TUNE_DISABLE_SIGINT_HANDLER": "1",  # Ctrl-C is ours
    "TUNE_PRINT_ALL_TRIAL_ERRORS": "0",
    "TUNE_GLOBAL_CHECKPOINT_S": "1000000",  # the truth is the store, not Tune's snapshots
    "TUNE_WARN_THRESHOLD_S": "60",
}
_OBJECT_STORE = 128 * 2**20  # bytes; a record is some ten kB and leaves at once
_CONNECT_SECONDS = 5.0
_PREFIX = "reproduce-ray-"


class Node(NamedTuple):
    """What one machine offers."""

    cpus: float
    gpus: float


@contextmanager
def running(options: Options) -> Iterator[Path]:
    """Ray within the body; yields a folder for temporary files, removed at the end.

    An instance that the caller started is used and left running.

    Raises:
        ResourceError: no node can hold a cell, or Ray does not start here.
        UserError: there is no cluster at the address.
    """
    os.environ.update(_QUIET)
    address = options.ray_address or os.environ.get("RAY_ADDRESS", "")
    own = not ("ray" in sys.modules and sys.modules["ray"].is_initialized())
    if own and not address:
        check_fits([_this_machine(options)], options)  # before the seconds that Ray takes
    folder = _make_folder()
    import ray

    try:
        if own:
            _start(address, folder, options)
        check_fits(_nodes(ray.nodes()), options)  # type: ignore[no-untyped-call]
        yield folder
    finally:
        with uninterruptible():
            if own:
                ray.shutdown()
            shutil.rmtree(folder, ignore_errors=True)


def check_fits(nodes: Sequence[Node], options: Options) -> None:
    """Refuse what no node can hold: Ray would wait for it for ever.

    Raises:
        ResourceError: with what there is.
    """
    cpus, share = options.cpus_per_cell, options.gpus_per_cell
    if any(cpus <= node.cpus and share <= node.gpus for node in nodes):
        return
    there = "; ".join(f"{node.cpus:g} CPU slots and {node.gpus:g} GPUs" for node in nodes)
    raise ResourceError(
        f"a cell asks for {cpus:g} CPU slots and {share:g} GPUs, and no machine has that",
        where="--cpus-per-cell, --gpus-per-cell",
        allowed=there or "the cluster has no machine at present",
        next_step="ask for less; `reproduce doctor` shows what this machine has",
    )


def _start(address: str, folder: Path, options: Options) -> None:
    import ray

    # Ray prints "A worker died ..." to standard output, into what a program may be reading, and
    # has no public switch for it; the ledger tells of such workers.
    ray._private.worker._worker_logs_enabled = False
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.CRITICAL}
    if address:
        _check_answers(address)
        variables = {name: value for name, value in _QUIET.items() if name.startswith("RAY_")}
        try:
            ray.init(address=address, runtime_env={"env_vars": variables}, **quiet)
        except Exception as error:  # whatever a server that is no Ray makes of the question
            raise _no_cluster(address, error) from error
        return
    try:
        ray.init(
            address="local",
            include_dashboard=False,
            num_cpus=max(usable_cores(), 1),
            num_gpus=options.logical_gpus,
            object_store_memory=_OBJECT_STORE,
            _temp_dir=str(folder),
            **quiet,
        )
    except Exception as error:  # Ray raises a bare one where a process of its own does not come up
        raise _no_start(f"Ray does not start: {_first_line(error)}") from error


def _no_start(message: str) -> ResourceError:
    return ResourceError(
        message,
        where="--executor ray",
        next_step="free memory and space in /tmp and /dev/shm, let other work end (Ray waits 30 s "
        "for its own processes), and run it again; or --executor inline, which needs no Ray",
    )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__


def _check_answers(address: str) -> None:
    # Ray itself would try for more than a minute.
    host, _, port = address.rpartition(":")
    if host and port.isdigit():
        try:
            socket.create_connection((host, int(port)), timeout=_CONNECT_SECONDS).close()
        except (OSError, OverflowError) as error:
            raise _no_cluster(address, error) from error


def _no_cluster(address: str, error: Exception) -> UserError:
    cause = type(error.__cause__).__name__
    return UserError(
        f"cannot join a Ray cluster: {_first_line(error)}",
        where=f"--ray-address {address}",
        next_step="give the cluster's token, with RAY_AUTH_MODE=token and RAY_AUTH_TOKEN_PATH"
        if cause == "AuthenticationError"
        else "start one with `ray start --head`, or leave the option out",
    )


def _this_machine(options: Options) -> Node:
    count = options.logical_gpus
    if count is None:
        count = len(gpus())
        if count == 0 and Path("/dev/nvidia0").exists():
            return Node(usable_cores(), float("inf"))  # no nvidia-smi; Ray will say
    return Node(usable_cores(), count)


def _nodes(described: Sequence[dict[str, Any]]) -> list[Node]:
    alive = (node["Resources"] for node in described if node["Alive"])
    return [Node(found.get("CPU", 0.0), found.get("GPU", 0.0)) for found in alive]


def _make_folder() -> Path:
    # Sockets lie in it, and the path of a socket may have at most 107 characters.
    try:
        root = tempfile.gettempdir()
        if len(root) > 30:
            root = "/tmp"
        for left in Path(root).glob(f"{_PREFIX}*"):
            if not _lives(left.name.removeprefix(_PREFIX).partition("-")[0]):
                shutil.rmtree(left, ignore_errors=True)
        return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=root))
    except OSError as error:
        raise ResourceError(
            f"Ray has no place for its temporary files: {error}",
            where="TMPDIR",
            allowed="a folder that can be written, with a path of at most 30 characters",
            next_step="set TMPDIR, or run with --executor inline, which needs no Ray",
        ) from error


def _lives(pid: str) -> bool:
    return pid.isdigit() and Path("/proc", pid).exists()
