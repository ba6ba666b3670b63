from __future__ import annotations

import pytest

from reproduce.errors import SpecErrors, UserError
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.night import Baseline
from reproduce.verification import accept, load_baseline, save_baseline
from reproduce.verification.baseline import accepted_standings
from tests.verification.factory import night, standing


def outcomes(baseline):
    return {c: s.outcome for c, s in accepted_standings(baseline, "world").items()}


def test_a_baseline_is_the_same_after_writing_and_reading(tmp_path):
    made = accept(Baseline(), night([standing(), standing("two")]), reason="first")
    save_baseline(tmp_path / "reports" / "baseline.json", made)
    assert load_baseline(tmp_path / "reports" / "baseline.json") == made


def test_there_is_nothing_accepted_where_there_is_no_file(tmp_path):
    assert load_baseline(tmp_path / "none.json") == Baseline()


@pytest.mark.parametrize("text", ["", "[]", '{"format": 7}', "{" * 100_000])
def test_a_file_that_is_no_baseline_is_refused(tmp_path, text):
    (tmp_path / "baseline.json").write_text(text)
    with pytest.raises(SpecErrors, match="reproduce accept"):
        load_baseline(tmp_path / "baseline.json")


def test_accepting_needs_a_reason():
    with pytest.raises(UserError, match="a reason is needed"):
        accept(Baseline(), night([standing()]), reason="  ")


def test_only_the_named_claims_are_accepted():
    made = accept(Baseline(), night([standing(), standing("two")]), reason="x", claims=["two"])
    assert outcomes(made) == {"two": Outcome.SUPPORTED}


def test_a_claim_that_was_not_verified_is_refused_with_the_nearest_name():
    with pytest.raises(UserError, match="did you mean 'one'"):
        accept(Baseline(), night([standing()]), reason="x", claims=["onee"])


@pytest.mark.parametrize("outcome", [Outcome.ERROR, Outcome.NOT_RUN])
def test_what_has_no_verdict_cannot_be_accepted_by_name(outcome):
    with pytest.raises(UserError, match="no verdict to accept"):
        accept(Baseline(), night([standing(outcome=outcome)]), reason="x", claims=["one"])


def test_accepting_all_keeps_what_did_not_run_and_drops_what_the_book_has_no_more():
    old = accept(Baseline(), night([standing(), standing("gone")]), reason="first")
    now = night([standing(outcome=Outcome.NOT_RUN), standing("two", Outcome.REFUTED)], 2)
    made = accept(old, now, reason="second")
    assert outcomes(made) == {"one": Outcome.SUPPORTED, "two": Outcome.REFUTED}


def test_what_stands_as_accepted_keeps_its_reason():
    old = accept(Baseline(), night([standing()]), reason="first")
    made = accept(old, night([standing()], 2), reason="second")
    assert made.settings["world"]["one"].reason == "first"
