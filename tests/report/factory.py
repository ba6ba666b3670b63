"""A synthetic run with records of clearly artificial numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reproduce.experiments.fusion_sweep import FusionSweep, Seeds
from reproduce.nouns.cell import DataSlice, FineTune, Fusion, cell_id
from reproduce.nouns.claim import Claim, Source, criterion_digest
from reproduce.nouns.design import Arm, Design, Trial
from reproduce.nouns.evidence import Evidence, Outcome
from reproduce.nouns.record import Content, Record, Segment
from reproduce.nouns.run import Failure, PlannedClaim, Provenance, Run
from reproduce.nouns.setting import (
    DataChoice,
    LanguageInfo,
    Setting,
    TaskSetting,
    Training,
)
from reproduce.nouns.verdict import (
    Estimate,
    Probability,
    SensitivityItem,
    Settle,
    VarianceShare,
    Verdict,
)

LANGUAGES = {
    "sora": LanguageInfo(name="Sora", family="Alpha"),
    "tavi": LanguageInfo(name="Tavi", family="Alpha"),
    "ruka": LanguageInfo(name="Ruka", family="Alpha", note="other adjective order"),
    "meko": LanguageInfo(name="Meko", family="Beta"),
    "noru": LanguageInfo(name="Noru", family="Beta"),
    "palu": LanguageInfo(name="Palu", family="Beta", note="other script"),
    "gheva": LanguageInfo(name="Gheva", family="Gamma"),
    "hilo": LanguageInfo(name="Hilo", family="Gamma"),
    "zemi": LanguageInfo(name="Zemi", family="Gamma"),
}
SOURCE = "sora"
TARGETS = tuple(code for code in LANGUAGES if code != SOURCE)
TASKS = ("xnli", "pawsx", "ner", "pos")
TRAINING = Training(epochs=2, learning_rate=1e-3)
STEPS = {"training": "1", "models": "1"}

_CENTRE = {"xnli": 62.0, "pawsx": 71.0, "ner": 58.0, "pos": 74.0}
_PEAK = {"xnli": 5, "pawsx": 6, "ner": 3, "pos": 4}


def setting(evidence: Evidence = Evidence.SIMULATED) -> Setting:
    """A setting like the embedded world."""
    task = TaskSetting(
        data=DataChoice(source="world"), train=600, dev=200, test=300, training=TRAINING
    )
    return Setting(
        name="world",
        title="The embedded world",
        evidence=evidence,
        checkpoint="embedded:world",
        source_language=SOURCE,
        languages=LANGUAGES,
        tasks=dict.fromkeys(TASKS, task),
        deviations=("8 layers of 64 units instead of 12 of 768", "nine generated languages"),
        assumptions=("AIF's squeeze ratio is 4; the paper's abstract does not give it",),
        by_construction=("languages of one family share related words",),
    )


def _slice(task: str, language: str, split: str, count: int) -> DataSlice:
    return DataSlice(
        source="world",
        name="world-1",
        language=language,
        task=task,
        split=split,
        count=count,
        digest="d" * 64,
    )


def cell(task: str, fusion: Fusion, seed: int, *, sentences: int) -> FineTune:
    """One cell over all languages."""
    return FineTune(
        model="m" * 64,
        fusion=fusion,
        task=task,
        pair_head="matched",
        train=(_slice(task, SOURCE, "train", 600),),
        evaluate=tuple(
            _slice(task, code, split, sentences) for split in ("test", "dev") for code in LANGUAGES
        ),
        training=TRAINING,
        checkpoints=("last",),
        seed=seed,
        steps=STEPS,
    )


def level(task: str, language: str, fusion: Fusion) -> float:
    """The true score of an arm: smooth, and nothing like a measurement."""
    distance = 0 if language == SOURCE else 1 + TARGETS.index(language)
    base = 92.0 if not distance else _CENTRE[task] + 10 - 2.6 * distance
    if fusion.layer is None:
        return base
    bump = 1.6 - 0.28 * (fusion.layer - _PEAK[task]) ** 2
    if fusion.reading == "product":
        bump -= 0.7
    return base + (0.3 if not distance else 1.0) * bump


def record(cell: FineTune) -> Record:
    """Sentences of ten words, of which a binomial number is right."""
    rng = np.random.default_rng([cell.seed, int(cell_id(cell)[:8], 16)])
    drift = rng.normal(0, 0.8)
    rows, segments, start = [], [], 0
    for piece in cell.evaluate:
        share = (level(cell.task, piece.language, cell.fusion) + drift + rng.normal(0, 0.5)) / 100
        total = np.full(piece.count, 10)
        right = rng.binomial(total, min(share, 1.0))
        columns = (right, total, total) if cell.task == "ner" else (right, total)
        rows.append(np.stack(columns, axis=1))
        segments.append(
            Segment(
                checkpoint="last",
                language=piece.language,
                split=piece.split,
                start=start,
                stop=start + piece.count,
            )
        )
        start += piece.count
    return Record(
        content=Content(
            cell=cell,
            metric="span_f1" if cell.task == "ner" else "accuracy",
            labels=("a", "b"),
            segments=tuple(segments),
            epochs=(1.0, 0.5),
            chosen={"last": 2},
        ),
        statistics=np.concatenate(rows).astype(np.int32),
        clusters=np.zeros(start, dtype=np.int64),
        offsets=np.zeros(start + 1, dtype=np.int64),
        predictions=np.zeros(0, dtype=np.int16),
    )


def design(
    claim_id: str,
    tasks: tuple[str, ...],
    *,
    layers: int,
    seeds: int,
    sentences: int,
    readings: tuple[str, ...] = ("complementary",),
) -> Design:
    """Baseline and every lower layer, each seed, each task."""
    trials = []
    for task in tasks:
        fusions = [Fusion()]
        fusions += [
            Fusion(kind="dlfa", layer=layer, reading=reading)
            for reading in readings
            for layer in range(1, layers)
        ]
        for fusion in fusions:
            role = "baseline" if fusion.layer is None else "treatment"
            arm = Arm(task=task, fusion=fusion, role=role)
            trials += [
                Trial(arm=arm, unit=seed, cell=cell(task, fusion, seed, sentences=sentences))
                for seed in range(seeds)
            ]
    return Design(
        claim=claim_id,
        trials=tuple(trials),
        source_language=SOURCE,
        targets=TARGETS,
        looks=(seeds, seeds + 4),
    )


EXPECTED: dict[str, dict[str, object]] = {
    "margin": {"margin": "1.0"},
    "equivalence": {"value": "0", "tolerance": "1.0"},
    "best_layer_differs": {"tie_tolerance": "1.0"},
}


def claim(claim_id: str, title: str, kind: str, tasks: tuple[str, ...], **changes: object) -> Claim:
    """A claim of the book."""
    values: dict[str, object] = {
        "id": claim_id,
        "title": title,
        "paper": "chen-2022-dlfa",
        "source": Source(
            document="literature-report",
            row=7,
            quote="The best performances of the four tasks are obtained with different fusion "
            "layers.",
            confidence="0.21",
            verified=True,
        ),
        "family": "dlfa",
        "role": "confirmatory",
        "experiment": FusionSweep(tasks=tasks, languages="xtreme", seeds=Seeds(looks=(8, 12))),
        "expect": {"kind": kind, **EXPECTED[kind]},
        "unit": "seed",
    }
    return Claim.model_validate(values | changes)


def verdict(of: Claim, outcome: Outcome, main: Estimate, reason: str, **changes: object) -> Verdict:
    """A verdict with everything that a report can show."""
    values: dict[str, object] = {
        "claim": of.id,
        "criterion": criterion_digest(of),
        "outcome": outcome,
        "evidence": Evidence.SIMULATED,
        "reason": reason,
        "estimates": (main,),
        "support": Probability(raw=0.21, adjusted=0.63, method="holm", family_size=3),
        "refute": Probability(raw=0.0004, adjusted=0.0012, method="holm", family_size=3),
        "units": 8,
        "unit": "seed",
        "inference": "this-test-set",
        "sensitivity": (
            SensitivityItem(name="sign-flip", outcome=outcome, change="same", text="p = 0.004"),
            SensitivityItem(
                name="leave one seed out",
                outcome=Outcome.INCONCLUSIVE,
                change="fragile",
                text="without seed 3",
            ),
        ),
        "variance": (
            VarianceShare(source="seed", variance=0.64, share=0.71),
            VarianceShare(source="sentence", variance=0.26, share=0.29),
        ),
        "notes": ("Numbers of this run are artificial.",),
        "signature": f"{of.id}|t-paired|unit:seed|n:8|sent:300|holm:3|v:1",
    }
    return Verdict.model_validate(values | changes)


PROVENANCE = Provenance(
    reproduce="0.1.0",
    commit="0123456789abcdef0123456789abcdef01234567",
    dirty=True,
    python="3.11.2",
    packages={"torch": "2.9.0", "transformers": "5.20.0", "numpy": "2.1.0"},
    platform="Linux x86_64",
    processor="An artificial processor",
    cores=2,
    memory_gib=7.6,
    gpus=(),
    threads_per_cell=1,
)


def _claims(size: Callable[..., Design], tasks: tuple[str, ...]) -> list[tuple[Claim, Design]]:
    layers = claim(
        "best-layer",
        "The four tasks have different best fusion layers",
        "best_layer_differs",
        tasks,
    )
    gain = claim(
        "pos-gain",
        "Fusing a lower layer improves POS tagging by at least one point",
        "margin",
        ("pos",),
        assumptions=("one point is the smallest gain that the paper calls an improvement",),
        justification="The paper reports gains of 1 to 3 points.",
    )
    same = claim(
        "baseline-itself",
        "The baseline equals itself with other seeds",
        "equivalence",
        ("pos",),
        role="control",
    )
    printed = claim(
        "xnli-printed",
        "DLFA gains 1.5 points on XNLI, as printed",
        "equivalence",
        ("xnli",),
        min_evidence=Evidence.REPLICATION,
    )
    return [
        (layers, size(layers.id, tasks)),
        (gain, size(gain.id, ("pos",), readings=("complementary", "product"))),
        (same, size(same.id, ("pos",))),
        (
            printed,
            Design(claim=printed.id, trials=(), source_language=SOURCE, targets=(), looks=()),
        ),
    ]


def _gains() -> tuple[Estimate, ...]:
    values = {"xnli": 0.41, "pawsx": 1.52, "ner": 0.87, "pos": 0.22}
    return tuple(
        Estimate(
            name=f"lead of the best layer on {task}",
            value=value,
            low=value - 0.7,
            high=value + 0.7,
            n=8,
            sd=0.84,
            expected_low=1.0,
        )
        for task, value in values.items()
    )


def _verdicts(claims: list[Claim], records: tuple[str, ...]) -> tuple[Verdict, ...]:
    layers, gain, same, printed = claims
    lead = Estimate(
        name="smallest lead of a task's best layer over the shared best",
        value=0.41,
        low=-0.32,
        high=1.14,
        n=8,
        sd=0.87,
        expected_low=1.0,
    )
    settle = Settle(
        text="4 more seeds per arm would decide it with a probability of 80 %.",
        extra_seeds=4,
        seconds=380,
        command="reproduce extend best-layer",
    )
    return (
        verdict(
            layers,
            Outcome.INCONCLUSIVE,
            lead,
            "The best layers are 5, 6, 3 and 4, but layer 4 is within 1.0 point of the best in "
            "every task that can be told apart (lead 0.41, interval −0.32 to 1.14).",
            why_undecided="underpowered",
            settle=settle,
            frequencies={
                "xnli": {"4": 0.31, "5": 0.58, "6": 0.11},
                "pawsx": {"5": 0.22, "6": 0.74, "7": 0.04},
                "ner": {"2": 0.17, "3": 0.8, "4": 0.03},
                "pos": {"3": 0.12, "4": 0.86, "5": 0.02},
            },
            records=records,
            estimates=(lead, *_gains()),
        ),
        verdict(
            gain,
            Outcome.REFUTED,
            Estimate(
                name="gain of the layer chosen on source development data",
                value=0.22,
                low=-0.19,
                high=0.63,
                n=8,
                sd=0.49,
                expected_low=1.0,
            ),
            "Layer 3, chosen on the source's development data, gains 0.22 points over the last "
            "layer alone, which is below the margin of 1.0.",
            selection=(
                Estimate(name="source development (the rule)", value=0.22, low=-0.19, high=0.63),
                Estimate(name="target development (oracle)", value=1.31, low=0.88, high=1.74),
                Estimate(name="test languages (optimistic)", value=1.58, low=1.2, high=1.96),
            ),
        ),
        verdict(
            same,
            Outcome.SUPPORTED,
            Estimate(
                name="difference between two sets of seeds",
                value=0.05,
                low=-0.33,
                high=0.43,
                n=8,
                sd=0.45,
                expected_low=-1.0,
                expected_high=1.0,
            ),
            "The two sets of seeds differ by 0.05 points; the interval lies within ±1.0.",
            control="passed",
        ),
        Verdict(
            claim=printed.id,
            criterion=criterion_digest(printed),
            outcome=Outcome.NOT_APPLICABLE,
            evidence=Evidence.SIMULATED,
            reason="A number that a paper prints needs evidence of level replication.",
        ),
    )


def synthetic(
    *,
    layers: int = 8,
    seeds: int = 8,
    sentences: int = 300,
    tasks: tuple[str, ...] = TASKS,
    watermark: str = "",
) -> tuple[Run, dict[str, Record]]:
    """A run of four claims with all its records but one."""

    def size(claim_id: str, tasks: tuple[str, ...], **more: object) -> Design:
        return design(claim_id, tasks, layers=layers, seeds=seeds, sentences=sentences, **more)  # type: ignore[arg-type]

    planned = _claims(size, tasks)
    cells = {cell_id(t.cell): t.cell for _, d in planned for t in d.trials}
    lost = next(i for i, c in cells.items() if c.fusion.layer == 2 and c.seed == seeds - 1)
    records = {i: record(c) for i, c in cells.items() if i != lost}
    failure = Failure(
        cell=lost,
        title=f"{tasks[0]} dlfa@2, seed {seeds - 1}",
        error="RuntimeError: an artificial failure",
        traceback='Traceback (most recent call last):\n  File "x.py", line 1, in <module>\n'
        "RuntimeError: an artificial failure\n",
        attempts=2,
    )
    run = Run(
        id="20260131T120500Z-0a1b2c3d",
        started="2026-01-31T12:05:00+00:00",
        finished="2026-01-31T12:17:30+00:00",
        command="reproduce run claims/ --setting world",
        setting=setting(),
        overrides=(),
        claims=tuple(
            PlannedClaim(claim=c, file=f"claims/{c.id.replace('-', '_')}.yaml", text="", design=d)
            for c, d in planned
        ),
        model={"layers": layers, "hidden": 64, "vocabulary": 2500, "digest": "m" * 64},
        reused=0,
        trained=len(records),
        failures=(failure,),
        not_run=(),
        verdicts=_verdicts([c for c, _ in planned], tuple(sorted(records))),
        provenance=PROVENANCE,
        executor="inline",
        seconds=750.0,
        watermark=watermark,
    )
    return run, records
