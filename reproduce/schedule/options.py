"""How cells are to be run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from reproduce.errors import UserError

RUN_CELL = "reproduce.run_cell:run_cell"


@dataclass(frozen=True)
class Options:
    """How cells are to be run.

    Attributes:
        executor: `ray` in worker processes by Ray Tune; `inline` in this process, for debugging.
        cpus_per_cell: CPU slots that a cell takes; a cell uses one thread whatever this says.
        gpus_per_cell: GPUs, or the share of one, that a cell takes; 0 hides them.
        workers: most cells at once; None for as many as fit.
        ray_address: an existing cluster, `auto` or `host:port`; "" starts Ray on this machine.
        cell_timeout_s: seconds after which a cell is given up: its worker is ended, or, `inline`,
            the cell is interrupted at its next line of Python.
        retries: further attempts at a cell that failed.
        max_seconds: seconds after which no cell begins; `ray` then also ends those that run.
        max_gpu_seconds: the same for seconds of a GPU, summed over the cells of the call.
        logical_gpus: say to Ray that this machine has so many GPUs; None for what it finds.
        run_cell: `module:function` from (cell, whereabouts) to a record.
    """

    executor: Literal["ray", "inline"] = "ray"
    cpus_per_cell: float = 1.0
    gpus_per_cell: float = 0.0
    workers: int | None = None
    ray_address: str = ""
    cell_timeout_s: float = 3600.0
    retries: int = 1
    max_seconds: float | None = None
    max_gpu_seconds: float | None = None
    logical_gpus: int | None = None
    run_cell: str = RUN_CELL

    def __post_init__(self) -> None:
        _require(self.executor in ("ray", "inline"), "--executor", self.executor, "ray, inline")
        _require(_positive(self.cpus_per_cell), "--cpus-per-cell", self.cpus_per_cell, "above 0")
        _require(
            _whole_or_share(self.gpus_per_cell),
            "--gpus-per-cell",
            self.gpus_per_cell,
            "0, a share of one GPU such as 0.25, or a whole number",
        )
        _require(self.workers is None or self.workers >= 1, "--workers", self.workers, "1 or more")
        _require(_positive(self.cell_timeout_s), "--cell-timeout", self.cell_timeout_s, "above 0")
        _require(self.retries >= 0, "--retries", self.retries, "0 or more")
        for name, budget in {
            "--max-hours": self.max_seconds,
            "--max-gpu-hours": self.max_gpu_seconds,
        }.items():
            _require(budget is None or _budget(budget), name, budget, "0 or more")
        _require(
            not self.ray_address.startswith("ray://"),
            "--ray-address",
            self.ray_address,
            "`auto` or host:port of the head node; the Ray client (ray://) cannot run Ray Tune",
        )
        _require(
            self.executor == "ray" or not self.ray_address,
            "--ray-address",
            self.ray_address,
            "nothing, with the executor `inline`",
        )


def _positive(number: float) -> bool:
    return math.isfinite(number) and number > 0


def _budget(number: float) -> bool:
    return math.isfinite(number) and number >= 0


def _whole_or_share(number: float) -> bool:
    return 0 <= number <= 1 or (math.isfinite(number) and number > 0 and number == int(number))


def _require(condition: bool, option: str, found: object, allowed: str) -> None:
    if not condition:
        raise UserError(f"{found!r} is not possible here", where=option, allowed=allowed)
