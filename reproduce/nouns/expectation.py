"""What a claim expects; each kind is defined beside the code that judges it."""

from __future__ import annotations

from typing import ClassVar

from reproduce.nouns.base import Noun
from reproduce.registry import Registry


class Expectation(Noun):
    """Base of all expectations; `kind` selects one.

    `quantity` is what the experiment must measure for it, one of the experiment's `quantities`;
    empty if it asks nothing of it. `needs_records` is False where nothing needs to be run.
    """

    quantity: ClassVar[str] = ""
    needs_records: ClassVar[bool] = True

    kind: str


# The module of each kind holds its frozen model and its `judge` function. It imports no statistics
# library at its top, so that validating claims stays quick.
EXPECTATIONS: Registry[type[Expectation]] = Registry(
    "expectation",
    {
        "margin": "reproduce.judge.margin:Margin",
        "equivalence": "reproduce.judge.equivalence:Equivalence",
        "best_layer_differs": "reproduce.judge.best_layer_differs:BestLayerDiffers",
        "best_layer_is": "reproduce.judge.best_layer_is:BestLayerIs",
        "layer_contrast": "reproduce.judge.layer_contrast:LayerContrast",
        "layer_trend": "reproduce.judge.layer_trend:LayerTrend",
        "layer_division": "reproduce.judge.layer_division:LayerDivision",
        "family_gap": "reproduce.judge.family_gap:FamilyGap",
        "crossover": "reproduce.judge.crossover:Crossover",
        "exchange_rate": "reproduce.judge.exchange_rate:ExchangeRate",
        "holds_in_languages": "reproduce.judge.holds_in_languages:HoldsInLanguages",
        "order": "reproduce.judge.order:Order",
        "interaction": "reproduce.judge.interaction:Interaction",
        "gates_differ": "reproduce.judge.gates_differ:GatesDiffer",
        "contract": "reproduce.judge.contract:Contract",
        "not_testable": "reproduce.judge.not_testable:NotTestable",
    },
)
