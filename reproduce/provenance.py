"""Provenance: the environment in which numbers come about, found without heavy imports."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

from reproduce.nouns.run import Provenance

PACKAGES = (
    "torch",
    "transformers",
    "tokenizers",
    "datasets",
    "ray",
    "numpy",
    "scipy",
    "statsmodels",
    "safetensors",
    "pydantic",
)
"""Packages whose version may change a number."""

_PACKAGE = Path(__file__).resolve().parent
_TIMEOUT = 5.0  # seconds for any program that is asked; a hung driver must not hang a run


def collect(*, threads_per_cell: int = 1) -> Provenance:
    """The environment of this process; what cannot be found out is None, empty or 0."""
    commit, dirty = _checkout(_PACKAGE.parent)
    return Provenance(
        reproduce=version("reproduce") or "unknown",
        commit=commit,
        dirty=dirty,
        python=platform.python_version(),
        packages={name: found for name in PACKAGES if (found := version(name))},
        platform=platform.platform(),
        processor=_processor(),
        cores=usable_cores(),
        memory_gib=round(memory_bytes() / 2**30, 1),
        gpus=gpus(),
        threads_per_cell=threads_per_cell,
    )


def version(package: str) -> str | None:
    """Installed version of a package, without importing it."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def usable_cores() -> int:
    """CPU cores that this process may use: its affinity, and the quota of its container."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on this platform
        cores = os.cpu_count() or 1
    quota = _cgroup_cores()
    return cores if quota is None else max(1, min(cores, int(quota)))


def memory_bytes() -> int:
    """Memory of this machine or container, in bytes; 0 where it cannot be found out."""
    try:
        physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return 0
    limit = _first_line(Path("/sys/fs/cgroup/memory.max"))
    return min(physical, int(limit)) if limit.isdigit() else physical


@cache
def gpus() -> tuple[str, ...]:
    """Names of the NVIDIA GPUs that this process may use, as `nvidia-smi` says them."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible == "":
        return ()
    listed = _output(["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"])
    names = tuple(line.strip() for line in (listed or "").splitlines() if line.strip())
    if visible is not None and all(part.strip().isdigit() for part in visible.split(",")):
        chosen = [int(part) for part in visible.split(",")]
        return tuple(names[i] for i in chosen if i < len(names))
    return names


def _checkout(folder: Path) -> tuple[str | None, bool | None]:
    # The package's own folder must be the top of the checkout: a package installed below somebody
    # else's repository must not be given that repository's commit.
    if not (folder / ".git").exists():
        return None, None
    commit = _output(["git", "-C", str(folder), "rev-parse", "HEAD"])
    if commit is None:
        return None, None
    changes = _output(["git", "-C", str(folder), "status", "--porcelain", "--untracked-files=no"])
    return commit.strip(), None if changes is None else bool(changes.strip())


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _cgroup_cores() -> float | None:
    parts = _first_line(Path("/sys/fs/cgroup/cpu.max")).split()
    if len(parts) == 2 and all(part.isdigit() for part in parts):
        return int(parts[0]) / int(parts[1])
    return None


def _first_line(path: Path) -> str:
    try:
        return path.read_text().split("\n", 1)[0].strip()
    except OSError:
        return ""


def _output(command: Sequence[str]) -> str | None:
    # Git must neither wait for a password nor take a lock that a person's own git is waiting for.
    quiet = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_TIMEOUT, env=quiet, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
