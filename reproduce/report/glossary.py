"""The words that a reader of a report needs."""

from __future__ import annotations

GLOSSARY: tuple[tuple[str, str], ...] = (
    (
        "Claim",
        "A sentence of a paper, with the experiment that tests it and the rule that judges it, "
        "fixed before the run.",
    ),
    (
        "Source and target language",
        "The source is the language that the model is fine-tuned on. Targets are all others; "
        "“mean of targets” leaves the source out.",
    ),
    (
        "Zero-shot",
        "Evaluated on a language without any labelled training sentence in it.",
    ),
    (
        "Baseline",
        "The same model that uses its last layer alone (“last”), trained with the same seeds.",
    ),
    (
        "Chance",
        "What the most frequent label of the training data scores, answered everywhere on the "
        "same sentences.",
    ),
    (
        "Fusion layer",
        "The lower layer whose representation is combined with that of the last one; "
        "“dlfa@4” fuses layer 4.",
    ),
    (
        "Unit",
        "What the interval is over, most often the seed. More units make an interval narrower; "
        "more of anything else does not.",
    ),
    (
        "Point",
        "A percentage point of accuracy or F1, as an absolute difference.",
    ),
    (
        "Margin and tolerance",
        "The smallest difference that counts for the claim, and the largest that still counts "
        "as a tie.",
    ),
    (
        "Adjusted p",
        "The p-value after allowing for the other claims of the same family.",
    ),
    (
        "Evidence level",
        "What the numbers rest on: simulated (a generated world), scaled (real languages, small "
        "model) or replication (the paper's own model, data and protocol).",
    ),
    (
        "By construction",
        "True because the generated world was made that way: a control, not a finding.",
    ),
)

HOW_TO_READ: tuple[tuple[str, str], ...] = (
    (
        "Supported",
        "Were the claim false, data that favour it this much would be rarer than alpha.",
    ),
    (
        "Refuted",
        "Were the claim true, data that contradict it this much would be rarer than alpha.",
    ),
    (
        "Inconclusive",
        "Neither: the data fit the claim and its opposite. Not a weak no, and not a weak yes.",
    ),
    (
        "Straddles, underpowered",
        "Why a claim is undecided. The estimate lies within one standard error of the margin or "
        "tolerance (straddles it), or further away and the units are too few to tell "
        "(underpowered).",
    ),
    (
        "Conforms, does not conform",
        "Our own code checked against a description. Not a finding, and counted apart.",
    ),
    (
        "Fragile, flip",
        "Another defensible analysis would leave the claim undecided (fragile) or turn the "
        "verdict round (flip).",
    ),
)
