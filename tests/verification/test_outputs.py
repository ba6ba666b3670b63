from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from reproduce.nouns.evidence import Outcome
from reproduce.nouns.night import Recheck
from reproduce.verification import decide
from reproduce.verification.annotations import to_annotations
from reproduce.verification.badge import to_badge
from reproduce.verification.junit import to_junit
from reproduce.verification.outputs import write_outputs
from reproduce.verification.quarantine import Excuse
from reproduce.verification.step_summary import MAX_BYTES, flips, to_issue, to_summary
from tests.verification.factory import standing, verification

EXCUSE = Excuse(claim="c1", reason="known since torch 2.14", until="2099-01-01")
MIXED = [
    standing("c0"),
    standing("c1", Outcome.REFUTED),
    standing("c2", Outcome.INCONCLUSIVE),
    standing("c3", Outcome.NOT_RUN, estimate=None),
    standing("c4", Outcome.ERROR, estimate=None),
]
HOSTILE = (
    "</testcase>]]>\x00\x1b[31m<script>alert(1)</script> @everyone\n::error::x\n![](http://x.y)"
)


def results(found, excused=None):
    suite = ElementTree.fromstring(to_junit(found, excused or {})).find("testsuite")
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    kinds = ("failure", "error", "skipped")
    return suite, {
        name: next((kind for kind in kinds if case.find(kind) is not None), "passed")
        for name, case in cases.items()
    }


def test_junit_tells_refuted_error_and_skipped_apart():
    suite, found = results(verification(MIXED))
    assert found == {
        "c0": "passed",
        "c1": "failure",
        "c2": "skipped",
        "c3": "skipped",
        "c4": "error",
    }
    counts = [suite.get(n) for n in ("tests", "failures", "errors", "skipped")]
    assert counts == ["5", "1", "1", "2"]


def test_junit_has_the_statistics_as_properties_and_the_reason_of_a_skip():
    suite, _ = results(verification(MIXED))
    case = suite.find("testcase[@name='c2']")
    values = {p.get("name"): p.get("value") for p in case.iter("property")}
    assert (values["estimate"], values["low"], values["units"]) == ("1.0", "0.0", "8")
    assert case.find("skipped").get("message") == "inconclusive: c2 is inconclusive"


def test_junit_skips_a_claim_in_quarantine_with_its_reason_and_never_an_error():
    excused = {"c1": EXCUSE, "c4": EXCUSE.model_copy(update={"claim": "c4"})}
    suite, found = results(verification(MIXED), excused)
    assert (found["c1"], found["c4"]) == ("skipped", "error")
    message = suite.find("testcase[@name='c1']/skipped").get("message")
    assert "known since torch 2.14" in message


def test_junit_counts_a_cell_that_did_not_come_out_again_as_an_error():
    checks = [
        Recheck(cell="a" * 32, title="pos last seed 0", same=True),
        Recheck(cell="b" * 32, title="pos last seed 1", same=False),
    ]
    _, found = results(verification([standing("c0")], rechecks=checks))
    assert found["pos last seed 0 (aaaaaaaa)"] == "passed"
    assert found["pos last seed 1 (bbbbbbbb)"] == "error"


def test_junit_stays_xml_whatever_a_claim_says():
    hostile = standing("c0", Outcome.REFUTED, reason=HOSTILE, title=HOSTILE)
    suite, found = results(verification([hostile]))
    assert found == {"c0": "failure"}
    assert "<script>" in suite.find("testcase/failure").get("message")


def test_the_summary_begins_with_the_table():
    found = verification(MIXED)
    lines = to_summary(found, decide(found, "report"), {}).splitlines()
    assert lines[0].startswith("## Claims in setting world")
    assert lines[1].startswith("| verdict | claim |")
    assert [line.split(" | ")[1] for line in lines[3:8]] == ["c0", "c1", "c2", "c3", "c4"]


def test_the_summary_stays_below_its_size_and_whole():
    many = [standing(f"c{i}", reason="long " * 200, title="t" * 200) for i in range(4000)]
    old = {s.claim: standing(s.claim, environment="another " * 40) for s in many}
    found = verification(many, accepted=old)
    text = to_summary(found, decide(found, "report"), {})
    assert len(text.encode()) <= MAX_BYTES
    assert text.endswith("the rest is in the report)\n")


def test_the_summary_shows_hostile_text_as_text():
    found = verification([standing("c0", environment=HOSTILE)], accepted={"c0": standing("c0")})
    text = to_summary(found, decide(found, "report"), {})
    assert "<script>" not in text
    assert "@everyone" not in text
    assert "http://x.y" not in text
    assert not any(line.startswith("::error") for line in text.splitlines())


def test_there_are_at_most_ten_annotations_and_the_worst_come_first():
    refuted = [standing(f"r{i}", Outcome.REFUTED) for i in range(8)]
    open_ = [standing(f"i{i}", Outcome.INCONCLUSIVE) for i in range(8)]
    found = verification([*open_, *refuted, standing("e", Outcome.ERROR)])
    lines = to_annotations(found, decide(found, "accepted"))
    assert len(lines) == 10
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 9 + ["::notice"]
    assert "e%3A failed" in lines[0]
    assert "and 8 more" in lines[-1]


def test_an_annotation_cannot_become_another_command():
    found = verification([standing("c0", Outcome.REFUTED, reason=HOSTILE)])
    (line,) = to_annotations(found, decide(found, "accepted"))
    assert "\n" not in line
    assert line.count("::error") == 2, "the second is inside the message"
    assert line.startswith("::error file=")


def test_the_badge_names_the_evidence_level():
    found = verification(MIXED[:3])
    badge = json.loads(to_badge(found, decide(found, "accepted")))
    assert badge["schemaVersion"] == 1
    assert badge["label"] == "claims (simulated)"
    assert badge["message"] == "1 supported, 1 refuted, 1 inconclusive"
    assert badge["color"] == "red"


def test_an_issue_is_only_written_for_a_verdict_that_is_not_the_accepted_one():
    same = verification([standing()], accepted={"one": standing()})
    assert to_issue(flips(same, {}), same) == ""
    now = verification([standing(outcome=Outcome.REFUTED)], accepted={"one": standing()})
    assert "from supported" in to_issue(flips(now, {}), now)
    assert flips(now, {"one": EXCUSE}) == ()


def test_a_claim_that_a_push_did_not_run_opens_no_issue():
    now = verification([standing(outcome=Outcome.NOT_RUN)], accepted={"one": standing()})
    assert flips(now, {}) == ()


@pytest.mark.parametrize("name", ["junit.xml", "summary.md", "badge.json", "verification.json"])
def test_all_files_are_written(tmp_path, name):
    found = verification(MIXED)
    write_outputs(tmp_path / "out", found, decide(found, "accepted"), {})
    assert (tmp_path / "out" / name).stat().st_size > 100


@pytest.mark.parametrize(("control", "expected"), [("passed", "passed"), ("failed", "failure")])
@pytest.mark.parametrize("outcome", [Outcome.SUPPORTED, Outcome.REFUTED])
def test_junit_passes_a_control_that_is_as_it_must_be(outcome, control, expected):
    _, found = results(verification([standing("c0", outcome, control=control)]))
    assert found == {"c0": expected}
