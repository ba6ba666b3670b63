"""Several processes that train one model: each takes a share of an update's batches."""

from __future__ import annotations

import os
import platform
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import distributed
from torch.multiprocessing import get_context
from torch.multiprocessing.spawn import ProcessRaisedException, spawn

from reproduce.errors import UserError

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue

    Work = Callable[["Team"], object]


@dataclass(frozen=True)
class Team:
    """One process of those that train together.

    Attributes:
        rank: its number.
        size: how many there are.
        device: what it trains on.
    """

    rank: int
    size: int
    device: torch.device

    @property
    def first(self) -> bool:
        """Whether it is the one that writes."""
        return self.rank == 0

    @property
    def hardware(self) -> str:
        """Name and number of what the team trains on, for the card."""
        cuda = self.device.type == "cuda"
        name = torch.cuda.get_device_name() if cuda else platform.processor() or "CPU"
        return f"{self.size} x {name}, one thread each" if not cuda else f"{self.size} x {name}"

    def wait(self) -> None:
        """Until all have come here."""
        if self.size > 1:
            distributed.barrier()

    def add_up(self, parameters: Iterable[torch.nn.Parameter]) -> None:
        """Give every process the sum of all processes' gradients.

        One flat buffer: a sum a parameter would cost more waiting than sending.
        """
        if self.size == 1:
            return
        wanted = [p for p in parameters if p.requires_grad]
        # A process whose share is empty, or does not touch a parameter, adds nothing to it.
        parts = [(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in wanted]
        flat = torch.cat(parts)
        distributed.all_reduce(flat)
        for p, part in zip(wanted, torch.split(flat, [p.numel() for p in wanted]), strict=True):
            p.grad = part.view_as(p)


def _device(rank: int) -> torch.device:
    return torch.device("cuda", rank) if torch.cuda.is_available() else torch.device("cpu")


ALONE = Team(0, 1, _device(0))


def gpus() -> int:
    """How many this machine has."""
    return torch.cuda.device_count()


def check_team(size: int, batches: int) -> None:
    """Refuse a team of which some would have no batch in any update.

    Raises:
        UserError: there are more processes than batches.
    """
    if size > batches:
        raise UserError(
            f"{size} processes share out {batches} batches of an update",
            allowed="at least one batch for each process",
            next_step=f"add --accumulate {size}, or --processes {batches}",
        )


def train_together(size: int, work: Work) -> None:
    """Run `work` in so many processes of this machine, and wait for all.

    `work` must be picklable. An error in any process ends all, and is raised here.
    """
    if size == 1:
        work(ALONE)
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    errors = get_context("spawn").SimpleQueue()
    try:
        spawn(_member, args=(size, port, work, errors), nprocs=size)  # type: ignore[no-untyped-call]
    except ProcessRaisedException:
        # Which process is reported is a race: the others fail too, for want of their partner.
        if errors.empty():
            raise
        raise errors.get() from None


def _member(rank: int, size: int, port: int, work: Work, errors: SimpleQueue[UserError]) -> None:
    torch.set_num_threads(1)
    device = _device(rank)
    if device.type == "cuda":
        torch.cuda.set_device(device)
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    backend = "nccl" if device.type == "cuda" else "gloo"
    distributed.init_process_group(backend, rank=rank, world_size=size)
    try:
        work(Team(rank, size, device))
    except UserError as error:
        errors.put(error)
        raise
    finally:
        distributed.destroy_process_group()
