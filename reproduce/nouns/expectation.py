"""What a claim expects; each kind is defined beside the code that judges it."""

from __future__ import annotations

from typing import ClassVar

from reproduce.nouns.base import Noun
from reproduce.registry import Registry


class Expectation(Noun):
    """Base of all expectations; `kind` selects one.

    `quantity` is what the experiment must measure for it, one of the experiment's `quantities`.
    """

    quantity: ClassVar[str] = ""

    kind: str


# The module of each kind holds its frozen model and its `judge` function. It imports no statistics
# library at its top, so that validating claims stays quick.
EXPECTATIONS: Registry[type[Expectation]] = Registry(
    "expectation",
    {
        "margin": "reproduce.judge.margin:Margin",
        "equivalence": "reproduce.judge.equivalence:Equivalence",
        "best_layer_differs": "reproduce.judge.best_layer_differs:BestLayerDiffers",
    },
)
