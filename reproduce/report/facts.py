"""Lists of facts: the source of a claim, how it was judged, what it ran on."""

from __future__ import annotations

from collections.abc import Sequence

from reproduce.book import Book
from reproduce.nouns.claim import Claim
from reproduce.nouns.expectation import Expectation
from reproduce.nouns.experiment import Experiment
from reproduce.nouns.run import Overlap, PlannedClaim, Run
from reproduce.nouns.verdict import Verdict
from reproduce.report import words
from reproduce.report.references import full, reference
from reproduce.report.text import moment, plural
from reproduce.report.view import Fact


def _inference(claim: Claim) -> str:
    """What else the interval covers."""
    others = "other pairs of languages" if claim.unit == "language-pair" else f"other {claim.unit}s"
    if claim.unit == "sentence":
        return f"the interval covers {others}; nothing is trained but probes"
    if claim.inference == "new-sentences":
        return f"new sentences: the interval covers {others} and other sentences"
    return f"this test set: the interval covers {others}, not other sentences"


def source_facts(claim: Claim, book: Book | None) -> tuple[Fact, ...]:
    """Where a claim is printed, and how sure its source is; the paper itself stands beside them."""
    source = claim.source
    row = "" if source.row is None else f", row {source.row}"
    same = source.document == claim.paper  # which stands beside these facts
    document = "the paper" if same else full(reference(source.document, book)).rstrip(".")
    facts = [Fact(label="Printed in", value=f"{document}{row}")]
    if source.confidence is not None:
        facts.append(Fact(label="The source's own confidence", value=source.confidence))
    if source.verified is not None:
        facts.append(
            Fact(label="The source marks it as verified", value="yes" if source.verified else "no")
        )
    return tuple(facts)


def _parameters(part: Expectation | Experiment) -> str:
    values = part.model_dump(mode="json", exclude={"kind"})
    told = [f"{key.replace('_', ' ')} {_told(value)}" for key, value in values.items()]
    return ": ".join(filter(None, (part.kind.replace("_", " "), ", ".join(told))))


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_told(item)}" for key, item in value.items())
    if isinstance(value, list):
        return " ".join(_told(item) for item in value) or "none"
    return str(value)


def judging_facts(
    claim: Claim, verdict: Verdict | None, looks: Sequence[int], look: int
) -> tuple[Fact, ...]:
    """The rule that judged a claim, with its numbers."""
    units = f", {verdict.units} in this verdict" if verdict and verdict.units else ""
    role = Fact(label="Role", value=f"{claim.role}, family {claim.family}")
    least = Fact(label="Lowest evidence level", value=words.level(claim.min_evidence).word)
    facts = [
        Fact(label="Expectation", value=_parameters(claim.expect)),
        Fact(label="Experiment", value=_parameters(claim.experiment)),
    ]
    # Exact checks, and what cannot be tested, have no units, no interval and no error rate.
    counted = claim.expect.kind not in ("contract", "not_testable")
    if counted:
        alpha = f"{verdict.alpha if verdict else claim.alpha:g}"
        facts += [
            Fact(label="Unit", value=f"{claim.unit}{units}"),
            Fact(label="Inference", value=_inference(claim)),
            role,
            Fact(label="Alpha", value=alpha),
            least,
        ]
    else:
        facts += [role, least]
    if looks and counted:
        planned = ", ".join(str(n) for n in looks)
        text = f"{planned} units; this is look {look + 1} of {len(looks)}"
        facts.append(Fact(label="Planned looks", value=text))
    if claim.justification:
        facts.append(Fact(label="Justification", value=claim.justification))
    return tuple(facts)


def amendment_facts(verdict: Verdict | None) -> tuple[Fact, ...]:
    """Earlier runs under another criterion, and what has changed since."""
    return tuple(
        Fact(label=f"Since run {a.run} of {moment(a.when)}", value="; ".join(a.changes))
        for a in (verdict.amendments if verdict else ())
    )


def claim_provenance(planned: PlannedClaim, run: Run) -> tuple[Fact, ...]:
    """What one claim's numbers rest on, in short."""
    seeds = sorted({trial.cell.seed for trial in planned.design.trials})
    facts = {
        "File": planned.file,
        "Seeds": ", ".join(str(seed) for seed in seeds),
        "Cells": plural(len(planned.design.trials), "trial") if planned.design.trials else "none",
        "Commit": _commit(run),
        "Packages": ", ".join(
            f"{name} {run.provenance.packages[name]}"
            for name in ("torch", "transformers", "numpy")
            if name in run.provenance.packages
        ),
    }
    return tuple(Fact(label=label, value=value) for label, value in facts.items() if value)


def _commit(run: Run) -> str:
    state = {True: ", with changes that are not committed", False: ", clean", None: ""}
    return (run.provenance.commit or "not a checkout") + state[run.provenance.dirty]


def overlap_lines(overlaps: Sequence[Overlap]) -> tuple[str, ...]:
    """A line for each task and split: `pos, test, trained on en: fr 3 of 300, ru 1 of 300`."""
    lines: dict[str, list[str]] = {}
    for one in overlaps:
        head = f"{one.task}, {one.split}, trained on {' and '.join(one.trained_on)}"
        lines.setdefault(head, []).append(f"{one.language} {one.count} of {one.of}")
    return tuple(f"{head}: {', '.join(each)}" for head, each in lines.items())


def environment_facts(run: Run) -> tuple[Fact, ...]:
    """Everything known of the environment of a run."""
    p = run.provenance
    seeds = sorted({t.cell.seed for c in run.claims for t in c.design.trials})
    model = ", ".join(f"{key} {value}" for key, value in run.model.items())
    facts = {
        "Run": run.id,
        "Started": moment(run.started),
        "Setting": f"{run.setting.title} ({run.setting.name})",
        "Changed for this run": ", ".join(run.overrides),
        "Model": model,
        "Seeds": ", ".join(str(seed) for seed in seeds),
        "Cells": f"{run.trained} trained, {run.reused} reused, {len(run.failures)} failed, "
        f"{len(run.not_run)} not run",
        "Evaluated examples that stand word for word in the training data": "; ".join(
            overlap_lines(run.overlaps)
        ),
        "Executor": run.executor,
        "reproduce": p.reproduce,
        "Commit": _commit(run),
        "Python": p.python,
        "Platform": p.platform,
        "Processor": f"{p.processor}, {plural(p.cores, 'core')}, {p.memory_gib:.1f} GiB",
        "GPUs": ", ".join(p.gpus) or "none",
        "Threads per cell": str(p.threads_per_cell),
        "Number type": p.dtype,
        "Packages": ", ".join(f"{k} {v}" for k, v in sorted(p.packages.items())),
    }
    return tuple(Fact(label=label, value=value) for label, value in facts.items() if value)
