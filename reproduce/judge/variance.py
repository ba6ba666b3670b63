"""Variance: how much of a quantity's uncertainty is due to seeds, sentences and languages."""

from __future__ import annotations

from reproduce.judge.observations import Observations
from reproduce.judge.quantity import SEEDED, Quantity, by_meaning, unit_by_language
from reproduce.nouns.claim import Claim
from reproduce.nouns.verdict import VarianceShare


def decompose(
    claim: Claim, observations: Observations, quantity: Quantity
) -> tuple[VarianceShare, ...]:
    """Contributions to the variance of the mean, in squared points; empty where unknown.

    Units and sentences come from their crossed analysis. Languages count as if they were drawn
    from many: what their means differ by beyond the sentences that they consist of.
    """
    from reproduce.statistics.crossed import crossed

    if claim.unit not in SEEDED or not quantity.terms:
        return ()
    matrix = by_meaning(observations, quantity.terms)
    if min(matrix.shape) < 2:
        return ()
    parts = crossed(matrix)
    shares: dict[str, float] = {claim.unit: parts.rows, "sentence": parts.columns}
    languages = {term.languages for term in quantity.terms}
    if len(languages) == 1 and len(next(iter(languages))) > 1:
        between = crossed(unit_by_language(observations, quantity.terms))
        shares["language"] = max(0.0, between.columns - parts.columns)
    shares["residual"] = parts.residual
    total = sum(shares.values())
    return tuple(
        VarianceShare(source=name, variance=value, share=value / total if total > 0 else 0.0)
        for name, value in shares.items()
    )
