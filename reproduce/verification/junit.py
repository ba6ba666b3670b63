"""JUnit XML: what every continuous integration shows of tests, with a claim as a test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from reproduce.nouns.evidence import Outcome
from reproduce.nouns.night import Standing
from reproduce.nouns.verdict import Verdict
from reproduce.verification.comparison import Change
from reproduce.verification.policy import REFUTED
from reproduce.verification.quarantine import Excuse
from reproduce.verification.verify import Verification

# What XML 1.0 cannot hold, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PASSED = {Outcome.SUPPORTED, Outcome.CONFORMS}


def to_junit(found: Verification, excused: Mapping[str, Excuse]) -> str:
    """One suite: refuted is a failure, an error an error, what is undecided or was not run skipped.

    Claims in quarantine are skipped with their reason; errors are not, as nothing excuses them.
    """
    suite = ElementTree.Element("testsuite", name=f"reproduce {found.night.setting}")
    _properties(
        suite,
        {
            "night": str(found.night.number),
            "run": found.night.id,
            "environment": found.night.environment,
            "commit": found.night.commit,
        },
    )
    verdicts = {verdict.claim: verdict for verdict in found.run.verdicts}
    families = {planned.claim.id: planned.claim.family for planned in found.run.claims}
    for standing in found.night.standings:
        changes = [c for c in found.against_baseline if c.claim == standing.claim]
        case = ElementTree.SubElement(
            suite,
            "testcase",
            name=_clean(standing.claim),
            classname=_clean(f"{found.night.setting}.{families[standing.claim]}"),
        )
        _properties(case, _statistics(standing, verdicts[standing.claim], changes))
        _result(case, standing, excused.get(standing.claim))
    _rechecks(suite, found)
    counts = {
        "tests": len(suite.findall("testcase")),
        **{f"{kind}s": len(suite.findall(f"testcase/{kind}")) for kind in ("failure", "error")},
        "skipped": len(suite.findall("testcase/skipped")),
    }
    for name, count in counts.items():
        suite.set(name, str(count))
    suite.set("time", f"{found.night.seconds:.1f}")
    suite.set("timestamp", found.night.started)
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _result(case: ElementTree.Element, standing: Standing, excuse: Excuse | None) -> None:
    outcome, reason = standing.outcome, _clean(standing.reason)
    if outcome is Outcome.ERROR:
        ElementTree.SubElement(case, "error", message=reason, type="error").text = reason
    elif standing.control == "passed" or (outcome in _PASSED and standing.control != "failed"):
        return
    elif excuse is not None:
        text = _clean(f"in quarantine until {excuse.until}: {excuse.reason}; {reason}")
        ElementTree.SubElement(case, "skipped", message=text)
    elif outcome in REFUTED or standing.control == "failed":
        ElementTree.SubElement(case, "failure", message=reason, type=str(outcome)).text = reason
    else:
        ElementTree.SubElement(case, "skipped", message=f"{outcome}: {reason}")


def _rechecks(suite: ElementTree.Element, found: Verification) -> None:
    """Stored cells that were run again, each a test of its own."""
    classname = f"{found.night.setting}.run-again"
    for check in found.night.rechecks:
        name = _clean(f"{check.title} ({check.cell[:8]})")
        case = ElementTree.SubElement(suite, "testcase", name=name, classname=classname)
        if not check.same:
            message = "run again, the cell did not give the content that is stored"
            ElementTree.SubElement(case, "error", message=message, type="content")
    for failure in (*found.run.failures, *found.failures):
        name = _clean(f"{failure.title} ({failure.cell[:8]})")
        case = ElementTree.SubElement(suite, "testcase", name=name, classname=classname)
        error = ElementTree.SubElement(case, "error", message=_clean(failure.error), type="cell")
        error.text = _clean(failure.traceback)


def _statistics(standing: Standing, verdict: Verdict, changes: list[Change]) -> dict[str, object]:
    estimate = standing.estimate
    numbers = {
        "quantity": estimate.name,
        "estimate": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "level": estimate.level,
        "units": estimate.n,
        "scale": estimate.scale,
    } if estimate else {}  # fmt: skip
    return {
        "outcome": standing.outcome,
        "evidence": standing.evidence,
        **numbers,
        "p supporting, adjusted": verdict.support.adjusted if verdict.support else None,
        "p refuting, adjusted": verdict.refute.adjusted if verdict.refute else None,
        "criterion": standing.criterion,
        "environment": standing.environment,
        "signature": standing.signature,
        "changes": "; ".join(change.text for change in changes),
    }


def _properties(parent: ElementTree.Element, values: Mapping[str, object]) -> None:
    holder = ElementTree.SubElement(parent, "properties")
    for name, value in values.items():
        if value is not None and value != "":
            ElementTree.SubElement(holder, "property", name=name, value=_clean(str(value)))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
