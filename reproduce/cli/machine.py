"""What this machine has, in checks that each say what was found and what to do about it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import re
import socket
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from reproduce import provenance
from reproduce.errors import CheckpointError, ReproduceError, StoreError

Status = Literal["ok", "note", "problem"]

HUB_SECONDS = 2.0
"""How long the hub is waited for."""

_PEAK_GIB = 3.0  # what the main job may take in the setting `world`


@dataclass(frozen=True)
class Check:
    """One line of the doctor."""

    topic: str
    status: Status
    text: str
    next_step: str = ""


def check_python() -> Check:
    """The interpreter; one that is too old could not import this package."""
    return Check("Python", "ok", f"{platform.python_version()} ({sys.executable})")


def check_packages() -> list[Check]:
    """The packages that are required, against what is installed."""
    from packaging.requirements import Requirement

    try:
        required = [Requirement(line) for line in metadata.requires("reproduce") or ()]
    except metadata.PackageNotFoundError:
        text = "reproduce itself is not installed"
        return [
            Check(
                "packages",
                "problem",
                text,
                "pip install reproduce, or `pip install .` in a checkout",
            )
        ]
    needed = [r for r in required if r.marker is None or r.marker.evaluate({"extra": ""})]
    wrong = []
    for requirement in needed:
        found = provenance.version(requirement.name)
        if found is None or not requirement.specifier.contains(found, prereleases=True):
            text = f"{requirement.name} {found or 'is not installed'}"
            step = f"pip install '{requirement.name}{requirement.specifier}'"
            wrong.append(Check("packages", "problem", text, step))
    named = ", ".join(
        f"{name} {provenance.version(name)}" for name in ("torch", "transformers", "ray")
    )
    return wrong or [Check("packages", "ok", f"all {len(needed)} as required: {named}")]


def check_processor() -> Check:
    """Cores, and how they are used."""
    found = provenance.collect()
    cells = "1 cell runs" if found.cores == 1 else f"{found.cores} cells run"
    text = f"{found.processor}, {found.cores} usable cores: {cells} at once, one thread each"
    return Check("processor", "ok", text)


def check_memory() -> Check:
    """Memory, against what the main job takes."""
    gib = provenance.memory_bytes() / 2**30
    text = f"{gib:.1f} GiB"
    if gib >= _PEAK_GIB:
        return Check("memory", "ok", text)
    step = "run fewer cells at once, with --workers 1"
    return Check("memory", "note", f"{text}; the main job takes up to {_PEAK_GIB:g}", step)


def check_gpu() -> Check:
    """GPUs that torch can use; imports torch."""
    import torch

    there = provenance.gpus()
    if torch.cuda.is_available():
        names = ", ".join(torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count()))
        step = "give cells a share of one with --gpus-per-cell 0.25"
        return Check("GPU", "ok", f"{names}; used only by cells that ask for one", step)
    if there:
        text = f"{', '.join(there)}, but torch {torch.__version__} cannot use it"
        return Check("GPU", "note", text, "install a CUDA build of torch; see pytorch.org")
    return Check("GPU", "ok", "none; cells run on the CPU, which is enough for the setting world")


def check_hub() -> Check:
    """Whether the hub can be reached: asked for by name, and given two seconds."""
    offline = [n for n in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE") if _is_set(n)]
    if offline:
        text = f"not used: {offline[0]} is set; only the setting paper would need it"
        return Check("hub", "ok", text)
    address = urlsplit(os.environ.get("HF_ENDPOINT") or "https://huggingface.co")
    proxy = os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy")
    asked = urlsplit(proxy) if proxy and address.scheme == "https" else address
    through = f" through the proxy {asked.hostname}" if asked is not address else ""
    if asked.hostname and _answers(asked.hostname, _port(asked.port, asked.scheme)):
        return Check("hub", "ok", f"{address.hostname} answers{through}")
    text = f"{address.hostname} does not answer{through}; the settings world and scaled need no hub"
    return Check("hub", "note", text, "set HF_HUB_OFFLINE=1 so that nothing waits for it")


def check_cache() -> Check:
    """Where downloads are kept."""
    home = os.environ.get("HF_HOME") or "~/.cache/huggingface"
    folder = Path(os.environ.get("HF_HUB_CACHE") or f"{home}/hub").expanduser()
    if not folder.is_dir():
        return Check("cache", "ok", f"{folder} is not there yet; nothing was downloaded")
    return Check("cache", "ok", f"{folder}: {_size(folder)}")


def check_checkpoint(name: str = "world") -> Check:
    """The embedded checkpoint, and whether it is the one of its card."""
    from reproduce.models.checkpoint import inspect_checkpoint

    topic = f"checkpoint {name}"
    again = f"get it from the repository again, or make it: reproduce pretrain {name}"
    try:
        facts = inspect_checkpoint(f"embedded:{name}")
    except CheckpointError as error:
        return Check(topic, "problem", error.message, error.next_step or again)
    folder = Path(facts.folder)
    text = f"{facts.layers} layers x {facts.hidden}, {_size(folder)}, {facts.digest[:12]}"
    try:
        printed = set(re.findall(r"\b[0-9a-f]{64}\b", (folder / "card.json").read_text()))
    except OSError:
        return Check(topic, "note", f"{text}; it has no card", again)
    # The card may name the whole checkpoint, its weights, or both.
    own = {facts.digest, *map(_sha256, folder.glob("*.safetensors"))}
    if printed & own:
        return Check(topic, "ok", f"{text}, as its card says")
    return Check(topic, "problem", f"{text} is not the one that its card describes", again)


def check_store(place: Path | str) -> Check:
    """The store: whether it can be written, and what it holds."""
    from reproduce.store import open_store, runs

    topic = "store"
    try:
        store = open_store(place)
        working_copy = store.location != str(store.folder)
        if not store.folder.exists():
            _check_parent(store.folder)
            if not working_copy:
                return Check(topic, "ok", f"{place} is not there yet; the first run makes it")
        store.check_writable()
        held = sum(1 for _ in store.ids())
        corrupt = sum(1 for _ in (store.folder / "quarantine").glob("*"))
        size = _size(store.folder) + (f" here, in {store.folder}" if working_copy else "")
        text = f"{place}: {held} records, {len(runs.ids(store))} runs, {size}"
    except StoreError as error:
        return Check(topic, "problem", f"{error.where}: {error.message}", error.next_step)
    if corrupt:
        text += f", {corrupt} corrupt records set aside in quarantine/"
        return Check(topic, "note", text, "they are run again when needed; check the disk")
    return Check(topic, "ok", text)


def check_ray(*, start: bool) -> Check:
    """Ray: whether it is there and, if asked, whether it starts."""
    found = provenance.version("ray")
    if found is None or importlib.util.find_spec("ray") is None:
        step = "pip install 'ray[tune]', or run with --executor inline"
        return Check("Ray", "problem", "not installed", step)
    if not start:
        return Check("Ray", "ok", found, "`reproduce doctor --ray` starts it for a test")
    from reproduce.schedule import Options
    from reproduce.schedule.cluster import running

    begun = time.perf_counter()
    try:
        with running(Options()):
            seconds = time.perf_counter() - begun
    except (ReproduceError, OSError, RuntimeError, ValueError) as error:
        step = "run with --executor inline, which needs no Ray"
        return Check("Ray", "problem", f"{found} does not start: {error}", step)
    return Check("Ray", "ok", f"{found} starts in {seconds:.1f} s")


def check_gpu_tests(root: Path) -> list[Check]:
    """The tests of a checkout that this machine, without a GPU, cannot run."""
    import torch

    files = sorted((root / "tests").rglob("test_*.py"))
    needing = [p for p in files if "cuda.is_available" in p.read_text(errors="replace")]
    if not needing or torch.cuda.is_available():
        return []
    names = ", ".join(str(path.relative_to(root)) for path in needing)
    text = f"tests of GPU-only paths are skipped here, in {names}"
    return [Check("tests", "note", text, "run `make test` on a machine with a GPU")]


def examine(store: Path | str, *, ray: bool) -> list[Check]:
    """All checks, in the order in which they are shown."""
    torch = importlib.util.find_spec("torch") is not None
    root = Path(provenance.__file__).parents[1]
    return [
        check_python(),
        *check_packages(),
        check_processor(),
        check_memory(),
        *([check_gpu()] if torch else []),
        check_hub(),
        check_cache(),
        check_checkpoint(),
        check_store(store),
        check_ray(start=ray),
        *(check_gpu_tests(root) if torch else []),
    ]


def _is_set(variable: str) -> bool:
    return os.environ.get(variable, "").upper() in {"1", "ON", "YES", "TRUE"}


def _port(port: int | None, scheme: str) -> int:
    return port or (80 if scheme == "http" else 443)


def _answers(host: str, port: int) -> bool:
    answered = threading.Event()

    def ask() -> None:
        try:
            socket.create_connection((host, port), timeout=HUB_SECONDS).close()
        except (OSError, UnicodeError):
            return
        answered.set()

    # In a thread, because looking up a name has no timeout of its own.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(HUB_SECONDS)
    return answered.is_set()


def _check_parent(folder: Path) -> None:
    parent = next(p for p in folder.parents if p.exists())
    if not os.access(parent, os.W_OK):
        raise StoreError(
            "the store cannot be made here",
            where=str(parent),
            next_step="name a folder that you may write to with --store",
        )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _size(folder: Path) -> str:
    size = float(sum(_sizes(folder)))
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _sizes(folder: Path) -> Iterable[int]:
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                yield os.lstat(os.path.join(root, name)).st_size
            except OSError:
                continue  # gone meanwhile


def as_json(checks: Iterable[Check]) -> object:
    """The checks and the environment, for a program."""
    return {
        "checks": [vars(check) for check in checks],
        "environment": json.loads(provenance.collect().model_dump_json()),
    }
