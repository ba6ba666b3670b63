from reproduce.judge.scenarios import scenarios


def test_every_expectation_with_a_test_has_a_scenario():
    from reproduce.nouns.expectation import EXPECTATIONS

    covered = {expect.kind for scenario in scenarios() for expect in scenario.expect}
    assert set(EXPECTATIONS) - covered == {"contract", "not_testable"}
