"""Environments: what produced each stored record, as far as it may change numbers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from reproduce.nouns.run import Provenance
from reproduce.provenance import collect
from reproduce.store import Store, logs

_DECISIVE = ("torch", "transformers", "tokenizers", "numpy")


def environments(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """Cell id -> packages, processor and device of the attempt that finished it, where known."""

    @cache
    def described(key: str, devices: str) -> str | None:
        machine = logs.load_provenance(store, key)
        # Lost or torn: unknown, which is not the same as different.
        return None if machine is None else _text(machine, on_gpu=bool(devices))

    found = {}
    for id in ids:
        finished = [a for a in logs.read(store, id) if a.outcome == "finished"]
        if finished and (text := described(finished[-1].provenance, finished[-1].devices)):
            found[id] = text
    return found


def environment_here(*, on_gpu: bool) -> str:
    """The same for what this process would compute now."""
    return _text(collect(), on_gpu=on_gpu)


def _text(machine: Provenance, *, on_gpu: bool) -> str:
    device = machine.gpus[0] if machine.gpus and on_gpu else "CPU"
    return f"{fingerprint(machine)}, on {device}"


def fingerprint(provenance: Provenance) -> str:
    """One line of what may change the numbers: not the commit, which cells carry as versions."""
    packages = {name: provenance.packages.get(name, "?") for name in _DECISIVE}
    listed = ", ".join(f"{name} {version}" for name, version in packages.items())
    return f"{listed}, {provenance.processor}, {provenance.dtype}"
