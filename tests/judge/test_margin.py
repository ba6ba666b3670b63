import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reproduce.judge.judging import judge_observed
from reproduce.judge.margin import Margin
from reproduce.judge.simulation import Shape, Template, simulated_design
from reproduce.nouns.evidence import Evidence, Outcome
from tests.judge.support import judge_gains, judge_scores, make_claim, make_setting, rates

CLEAR = [1.0, 1.2, 0.3, 0.8, 0.9, 1.5, 0.2, 1.1]


def test_a_clear_gain_supports_and_its_reason_has_the_numbers():
    verdict = judge_gains(Margin(), CLEAR)
    assert verdict.outcome is Outcome.SUPPORTED
    assert "Holds in simulation" in verdict.reason
    assert "+0.88 points (90% interval +0.58 to +1.17, 8 seeds)" in verdict.reason
    assert verdict.estimates[0].value == pytest.approx(0.875, abs=1e-3)
    assert verdict.estimates[0].expected_low == 0.0


def test_a_clear_loss_refutes():
    verdict = judge_gains(Margin(), [-g for g in CLEAR])
    assert verdict.outcome is Outcome.REFUTED
    assert "Fails in simulation" in verdict.reason


def test_an_undecided_margin_still_reports_the_direction_and_what_would_settle_it():
    verdict = judge_gains(Margin(margin="0.7"), CLEAR, cell_seconds=3.0)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.why_undecided == "underpowered"
    assert any("direction of pos" in note for note in verdict.notes)
    assert verdict.settle.extra_seeds > 10
    assert verdict.settle.seconds == pytest.approx(verdict.settle.extra_seeds * 2 * 3.0)
    assert "optional stopping" in verdict.settle.text


def test_a_gain_at_the_margin_straddles_it():
    verdict = judge_gains(Margin(margin="0.9"), CLEAR)
    assert verdict.why_undecided == "straddles the margin"


def test_a_declared_look_that_is_left_is_the_way_to_settle():
    verdict = judge_gains(Margin(margin="0.7"), CLEAR, design_changes={"looks": (8, 12)})
    assert verdict.settle.command == "reproduce extend a-claim"
    assert verdict.estimates[0].level == pytest.approx(0.95)


def test_each_look_pays_its_share_of_the_error():
    gains = [0.6, 0.1, 0.9, 0.0, 0.3]
    once = judge_gains(Margin(), gains)
    twice = judge_gains(Margin(), gains, design_changes={"looks": (5, 8)})
    assert once.outcome is Outcome.SUPPORTED
    assert twice.outcome is Outcome.INCONCLUSIVE
    assert twice.support.adjusted == pytest.approx(2 * once.support.raw)


def test_every_task_must_gain():
    up, down = np.array([CLEAR]), -np.array([CLEAR])
    base = np.full((1, 8), 50.0)
    good, bad = np.concatenate([base, base + up]), np.concatenate([base, base + down])
    assert judge_scores(Margin(), {"pos": good, "ner": good}).outcome is Outcome.SUPPORTED
    mixed = judge_scores(Margin(), {"pos": good, "ner": bad})
    assert mixed.outcome is Outcome.REFUTED
    assert mixed.estimates[0].name.startswith("ner")


def test_a_missing_task_forbids_support_but_not_refutation():
    missing = {"unavailable": {"ner": "no data"}}
    verdict = judge_gains(Margin(), CLEAR, design_changes=missing)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.why_undecided == "tasks of the claim are missing"
    assert any("no data" in note for note in verdict.notes)
    refuted = judge_gains(Margin(), [-g for g in CLEAR], design_changes=missing)
    assert refuted.outcome is Outcome.REFUTED


def chosen_at(test, source):
    """The verdict over layers with target scores and source scores of their own."""
    template = Template.of(simulated_design(Shape(layers=(1, 2, 3), units=test.shape[1])))
    seen = template.filled({"pos": test, "pos@aa": source})
    [verdict] = judge_observed(
        [(make_claim(Margin()), seen.design)], [seen], setting=make_setting(), family_sizes={}
    )
    return verdict


def test_the_layer_is_chosen_on_source_development_data():
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 0.2, (2, 4, 6))
    test = np.array([[50.0], [51.0], [50.0], [55.0]]) + noise[0]
    source = np.array([[90.0], [95.0], [92.0], [91.0]]) + noise[1]
    verdict = chosen_at(test, source)
    assert verdict.estimates[0].name == "pos dlfa@1 over last"
    assert verdict.estimates[0].value == pytest.approx(1.0, abs=0.3)
    others = {e.name: e.note for e in verdict.selection}
    assert others == {
        "pos: layer chosen on source dev, own unit included": "pos dlfa@1 over last",
        "pos: layer chosen on target dev (oracle)": "pos dlfa@3 over last",
        "pos: layer chosen on test (optimistic)": "pos dlfa@3 over last",
    }


def test_no_seed_has_a_say_in_its_own_layer():
    source = np.array([[0.0] * 4, [3.0, 3.0, 3.0, 2.9], [2.9, 2.9, 2.9, 9.0], [0.0] * 4]) + 80
    test = np.random.default_rng(0).normal(50, 1, (4, 4))
    verdict = chosen_at(test, source)
    # The lucky score of the last seed at layer 2 chooses for the others, never for itself.
    assert verdict.estimates[0].name == "pos dlfa@1/2 over last"
    assert any("2 for 3 of 4, 1 for 1 of 4" in note for note in verdict.notes)


def test_words_follow_the_evidence():
    scaled = judge_gains(Margin(), CLEAR, evidence=Evidence.SCALED)
    full = judge_gains(Margin(), CLEAR, evidence=Evidence.REPLICATION)
    assert scaled.reason.startswith("Holds at small scale")
    assert full.reason.startswith("REPRODUCED")
    lost = judge_gains(Margin(), [-g for g in CLEAR], evidence=Evidence.REPLICATION)
    assert lost.reason.startswith("NOT REPRODUCED")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-40, 40), min_size=1, max_size=5), st.sampled_from(["0", "-60", "0.5"]))
def test_one_seed_or_identical_scores_never_decide(gains, margin):
    one = judge_gains(Margin(margin=margin), gains[:1])
    same = judge_gains(Margin(margin=margin), [gains[0]] * 4)
    assert one.outcome is same.outcome is Outcome.INCONCLUSIVE
    assert one.why_undecided == "too few units"
    assert same.why_undecided == "no variance over units"
    assert one.settle and same.settle


def test_two_seeds_are_judged_by_the_same_formula():
    assert judge_gains(Margin(), [1.0, 1.01]).outcome is Outcome.SUPPORTED
    assert judge_gains(Margin(), [1.0, 2.0]).outcome is Outcome.INCONCLUSIVE


def test_scores_at_the_ends_of_the_scale_are_judged():
    full = np.stack([np.full(4, 0.0), np.array([100.0, 99.0, 100.0, 100.0])])
    assert judge_scores(Margin(), {"pos": full}).outcome is Outcome.SUPPORTED


def test_the_shipped_judge_keeps_its_level_at_the_boundary():
    def draw(rng):
        return {"pos": np.stack([np.full(5, 50.0), 51.0 + rng.normal(0, 0.5, 5)])}

    found = rates(Margin(margin="1"), draw, runs=500, layers=(None,), units=5)
    assert found["supported"] <= 0.05 + 0.03
    assert found["refuted"] <= 0.05 + 0.03
