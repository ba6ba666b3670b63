from reproduce.judge.words import LEVELS, OUTCOMES, phrase
from reproduce.nouns.evidence import Evidence, Outcome


def test_every_outcome_has_its_own_word_symbol_and_colour():
    assert set(OUTCOMES) == set(Outcome)
    for part in range(3):
        assert len({wording[part] for wording in OUTCOMES.values()}) == len(Outcome)
    assert set(LEVELS) == set(Evidence)


def test_only_a_replication_is_ever_called_reproduced():
    for outcome in Outcome:
        for evidence in (Evidence.SIMULATED, Evidence.SCALED):
            assert "REPRODUCED" not in phrase(outcome, evidence)
    assert phrase(Outcome.SUPPORTED, Evidence.REPLICATION) == "REPRODUCED"
