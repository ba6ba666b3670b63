"""Fusion modules, by name; imports no torch, so that a plan can check what a claim asks for.

`last` is the baseline. `add` is the additive control. `dlfa` fuses the last and a lower layer by
AIF (attentional information fusion). `dlfa_self`, `dlfa_shuffled` and `dlfa_constant` are controls
for its capacity, for the information in the lower layer, and for the gate being dynamic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reproduce.errors import UserError
from reproduce.nouns.cell import Fusion
from reproduce.registry import Registry

if TYPE_CHECKING:
    from reproduce.models.fusion.module import FusionModule

FUSIONS: Registry[type[FusionModule]] = Registry(
    "fusion",
    {
        "last": "reproduce.models.fusion.last:Last",
        "add": "reproduce.models.fusion.add:Add",
        "dlfa": "reproduce.models.fusion.dlfa:Dlfa",
        "dlfa_self": "reproduce.models.fusion.dlfa_self:DlfaSelf",
        "dlfa_shuffled": "reproduce.models.fusion.dlfa_shuffled:DlfaShuffled",
        "dlfa_constant": "reproduce.models.fusion.dlfa_constant:DlfaConstant",
    },
)

# What the built-in modules leave unused; modules of other packages may use everything.
_NO_LOWER = {"last", "dlfa_self"}
_NO_READING = {"last", "add", "dlfa_self"}
_NO_SQUEEZE = {"last", "add", "dlfa_constant"}


def needs_lower(kind: str) -> bool:
    """Whether a fusion module reads a lower layer, and so needs `Fusion.layer`.

    Raises:
        UserError: no such module.
    """
    _known(kind)
    return kind not in _NO_LOWER


def plain(fusion: Fusion) -> Fusion:
    """The same fusion with what its module does not use at the default: equal models, one cell."""
    default = Fusion(kind=fusion.kind)
    return Fusion(
        kind=fusion.kind,
        layer=fusion.layer if needs_lower(fusion.kind) else None,
        reading=default.reading if fusion.kind in _NO_READING else fusion.reading,
        squeeze=default.squeeze if fusion.kind in _NO_SQUEEZE else fusion.squeeze,
    )


def check_fusion(fusion: Fusion, *, layers: int, hidden: int) -> None:
    """Hold a fusion against an encoder of so many layers and hidden units.

    Raises:
        UserError: no such module, a layer that the encoder does not have, a squeeze that does not
            divide, or a value that the module would silently leave unused.
    """
    if needs_lower(fusion.kind) and (fusion.layer is None or not 1 <= fusion.layer < layers):
        raise UserError(
            f"{fusion.kind} cannot fuse layer {fusion.layer} of an encoder with {layers} layers",
            allowed=f"1 to {layers - 1}" if layers > 1 else "no layer: there is only one",
        )
    if fusion != plain(fusion):
        unused = [k for k, v in fusion.model_dump().items() if v != plain(fusion).model_dump()[k]]
        raise UserError(
            f"{fusion.kind} does not use {', '.join(unused)}",
            next_step="leave it out: equal models must be one cell",
        )
    if fusion.kind not in _NO_SQUEEZE and (fusion.squeeze < 1 or hidden % fusion.squeeze):
        divisors = [str(r) for r in (1, 2, 4, 8, 16, 32) if hidden % r == 0]
        raise UserError(
            f"squeeze {fusion.squeeze} does not divide the hidden size {hidden}",
            allowed=", ".join(divisors),
        )


def _known(kind: str) -> None:
    if kind not in FUSIONS:
        FUSIONS.get(kind)  # raises, with the nearest name
