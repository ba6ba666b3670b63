"""A contract: exact checks of our own code against what a paper describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from reproduce.nouns.cell import Cell, Fusion
from reproduce.nouns.record import Check
from reproduce.registry import Registry

# The statements that can be checked, with the functions that check them; each is given the bench
# of `reproduce.contracts.bench`. They import torch, so they are named here and imported there.
CHECKS: Registry[Callable[[Any], Check]] = Registry(
    "check",
    {
        "layers_give_batch_tokens_hidden": "reproduce.contracts.shapes:layers",
        "first_axis_is_the_batch": "reproduce.contracts.shapes:batch_axis",
        "output_keeps_the_shape": "reproduce.contracts.shapes:output",
        "reads_the_last_and_one_lower_layer": "reproduce.contracts.layers:own_layers",
        "depends_on_both_layers": "reproduce.contracts.layers:both_layers",
        "gradient_reaches_both_layers": "reproduce.contracts.layers:gradient",
        "gate_lies_between_0_and_1": "reproduce.contracts.gates:between",
        "gate_depends_on_the_input": "reproduce.contracts.gates:depends_on_input",
        "gradient_reaches_both_branches": "reproduce.contracts.gates:gradient",
        "output_is_an_elementwise_product": "reproduce.contracts.gates:product",
        "gate_is_the_sum_of_two_branches": "reproduce.contracts.branches:two_branches",
        "local_part_sees_no_other_token": "reproduce.contracts.branches:local_part",
        "local_part_sees_its_token": "reproduce.contracts.branches:own_token",
        "global_part_is_equal_over_tokens": "reproduce.contracts.branches:equal_over_tokens",
        "global_part_sees_every_token": "reproduce.contracts.branches:sees_every_token",
        "global_part_is_blind_to_padding": "reproduce.contracts.branches:blind_to_padding",
        "two_convolutions_in_the_module": "reproduce.contracts.convolutions:two_in_module",
        "two_convolutions_per_branch": "reproduce.contracts.convolutions:two_per_branch",
        "convolutions_are_pointwise": "reproduce.contracts.convolutions:pointwise",
        "branch_compresses_to_a_bottleneck": "reproduce.contracts.convolutions:compresses",
        "branch_expands_to_the_hidden_size": "reproduce.contracts.convolutions:expands",
        "branch_expands_before_it_compresses": "reproduce.contracts.convolutions:expands_first",
    },
)


class ContractCell(Cell):
    """Check an encoder and the fusion modules over it; nothing is trained.

    Attributes:
        checks: names in `CHECKS`.
        modules: the variants of the fusion module that are checked, each with its lower layer.
        evaluate: one slice, of sentences whose hidden states the modules are fed with.
        seed: of the modules' initial values and of the random states besides.
    """

    uses: ClassVar[tuple[str, ...]] = ("data", "encoding", "model", "fusion", "contracts")
    typical_seconds: ClassVar[float | None] = 2.0

    kind: Literal["contract"] = "contract"
    checks: Annotated[tuple[str, ...], Field(min_length=1)]
    modules: Annotated[tuple[Fusion, ...], Field(min_length=1)]
