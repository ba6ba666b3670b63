from itertools import combinations

from reproduce.nouns.evidence import Evidence


def test_evidence_is_ordered_from_weak_to_strong_by_every_comparison():
    for weak, strong in combinations(
        [Evidence.SIMULATED, Evidence.SCALED, Evidence.REPLICATION], 2
    ):
        assert weak < strong and weak <= strong and strong > weak and strong >= weak
        assert not (strong < weak or strong <= weak or weak > strong or weak >= strong)
        assert weak <= weak and weak >= weak
