"""A synthetic run with every kind of evidence beside fusion sweeps, of artificial numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from reproduce.book import Book, load_book
from reproduce.experiments.family_similarity import FamilySimilarity
from reproduce.experiments.fusion_sweep import Seeds
from reproduce.experiments.gate_dynamics import GateDynamics
from reproduce.experiments.layer_probe import LayerProbe
from reproduce.experiments.module_contract import ModuleContract
from reproduce.nouns.cell import Cell, Fusion, cell_id
from reproduce.nouns.claim import Claim, Source
from reproduce.nouns.contract import ContractCell
from reproduce.nouns.design import Arm, Design, Trial
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.pair import pair_name
from reproduce.nouns.probe import Probe, Retrieval, Similarity
from reproduce.nouns.record import Check, Content, Record, Segment
from reproduce.nouns.run import PlannedClaim, Run
from reproduce.nouns.setting import Variant
from reproduce.nouns.verdict import Estimate, Verdict
from tests.report.factory import (
    LANGUAGES,
    SOURCE,
    STEPS,
    TARGETS,
    _slice,
    cell,
    setting,
    synthetic,
    verdict,
)

LAYERS = range(1, 9)
ROWS = {
    1: "Lower layers of mBERT provide more cross-lingual information while upper layers provide "
    "more language structure informat",
    9: "There exist strong similarities between two languages if they belong to the same language "
    "family.",
    13: "The AIF module is designed to obtain information dynamically according to the "
    "requirements of different downstream tasks",
    15: "There are two convolution layers in the AIF module.",
}


def _claim(row: int, id_: str, title: str, **parts: object) -> Claim:
    quote = ROWS[row]
    source = Source(
        document="literature-report",
        row=row,
        quote=quote,
        truncated=not quote.endswith("."),
        confidence="0.2",
        verified=True,
    )
    fields: dict[str, object] = {
        "id": id_,
        "title": title,
        "paper": "chen-2022-dlfa",
        "source": source,
        "family": "layers",
        "role": "confirmatory",
        "unit": "sentence",
    }
    return Claim.model_validate(fields | parts)


def _record(of: Cell, shares: dict[str, float], **more: object) -> Record:
    """Fifty sentences of ten words each, with so many of them right, by language or pair."""
    segments, rows = [], []
    for n, (language, share) in enumerate(shares.items()):
        segments.append(
            Segment(
                checkpoint="last", language=language, split="test", start=50 * n, stop=50 * n + 50
            )
        )
        right = np.random.default_rng(n).binomial(10, min(max(share, 0.0), 1.0), 50)
        rows.append(np.stack([right, np.full(50, 10)], axis=1))
    statistics = np.concatenate(rows) if rows else np.zeros((0, 2))
    content = {"cell": of, "metric": "accuracy", "labels": (), "segments": tuple(segments)}
    return Record(
        content=Content.model_validate(content | {"epochs": (), "chosen": {}} | more),
        statistics=statistics.astype(np.int32),
        clusters=np.tile(np.arange(50, dtype=np.int64), len(shares)),
        offsets=np.zeros(len(statistics) + 1, dtype=np.int64),
        predictions=np.zeros(0, dtype=np.int16),
    )


Made = tuple[Design, dict[str, Record]]


def _made(id_: str, made: list[tuple[Arm, int, Record]], targets: tuple[str, ...]) -> Made:
    trials = tuple(Trial(arm=arm, unit=unit, cell=r.content.cell) for arm, unit, r in made)
    design = Design(claim=id_, trials=trials, source_language=SOURCE, targets=targets, looks=(8,))
    return design, {cell_id(r.content.cell): r for _, _, r in made}


def probes(id_: str) -> Made:
    """Retrieval with a peak inside, flat language identity, falling tags beside their control."""
    shapes = {
        ("retrieval", ""): lambda k: 0.2 + 0.6 * (1 - (k - 5) ** 2 / 20),
        ("language_probe", ""): lambda k: 0.97,
        ("pos_probe", ""): lambda k: 0.8 - 0.02 * abs(k - 3),
        ("pos_probe", "control task"): lambda k: 0.35 - 0.02 * k,
        ("depth_probe", ""): lambda k: 0.5 + 0.02 * k,
        ("depth_probe", "control task"): lambda k: 0.3,
    }
    made = []
    for (task, label), shape in shapes.items():
        for layer in LAYERS:
            fusion = Fusion(kind="layer", layer=layer)
            kind = Retrieval if task == "retrieval" else Probe
            extra = {"labels": "control"} if label else {}
            of = kind(model="m" * 64, task=task, fusion=fusion, steps=STEPS, **extra)
            arm = Arm(
                task=task, fusion=fusion, role="baseline" if label else "treatment", label=label
            )
            made.append((arm, 0, _record(of, {c: shape(layer) for c in LANGUAGES})))
    return _made(id_, made, TARGETS)


def _kin(one: str, other: str) -> bool:
    return LANGUAGES[one].family == LANGUAGES[other].family


def transfer(id_: str) -> Made:
    """Every language trained on in turn; kin serve each other better."""
    made = []
    for code in LANGUAGES:
        for seed in range(2):
            base = cell("pos", Fusion(), seed, sentences=50)
            of = base.model_copy(update={"train": (_slice("pos", code, "train", 600),)})
            arm = Arm(task="pos", fusion=Fusion(), role="treatment", label=code)
            shares = {c: 0.95 if c == code else 0.75 if _kin(c, code) else 0.5 for c in LANGUAGES}
            made.append((arm, seed, _record(of, shares)))
    return _made(id_, made, tuple(LANGUAGES))


def likeness(id_: str) -> Made:
    """Pairs of languages at two layers."""
    codes = list(LANGUAGES)
    pairs = [(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :]]
    made = []
    for layer in (4, 5):
        fusion = Fusion(kind="layer", layer=layer)
        of = Similarity(model="m" * 64, task="cka", fusion=fusion, steps=STEPS)
        shares = {pair_name(a, b): 0.8 if _kin(a, b) else 0.3 for a, b in pairs}
        arm = Arm(task="cka", fusion=fusion, role="treatment")
        made.append((arm, 0, _record(of, shares)))
    return _made(id_, made, tuple(pair_name(a, b) for a, b in pairs))


def gates(id_: str) -> Made:
    """A gate that is higher for names, on two tasks, in three arms and two seeds."""
    made = []
    for task in ("ner", "pos"):
        for layer in (2, 4, 6):
            for seed in range(2):
                fusion = Fusion(kind="dlfa", layer=layer)
                of = cell(task, fusion, 50 + seed, sentences=50)
                measures = {
                    f"gate/{code}/{name}": _gate(0.4 + 0.05 * layer / 2 + rise + 0.01 * seed)
                    for code in LANGUAGES
                    for name, rise in (("all", 0.0), ("name", 0.1), ("special", -0.2))
                }
                arm = Arm(task=task, fusion=fusion, role="treatment")
                record = _record(of, dict.fromkeys(LANGUAGES, 0.6), measures=measures)
                made.append((arm, seed, record))
    return _made(id_, made, TARGETS)


def _gate(mean: float) -> tuple[float, ...]:
    deciles = (mean + 0.02 * (n - 5) for n in range(1, 10))
    return (mean, 0.05, 0.02, *deciles, 120.0)


def checks(id_: str) -> Made:
    """Two exact checks, one of which does not hold."""
    of = ContractCell(
        model="m" * 64,
        task="pos",
        steps=STEPS,
        checks=("two_convolutions_in_the_module",),
        modules=(Fusion(kind="dlfa", layer=4),),
    )
    found = (
        Check(name="two_convolutions_in_the_module", holds=False, detail="4 found"),
        Check(name="two_convolutions_per_branch", holds=True, detail="2 and 2 found"),
    )
    arm = Arm(task="pos", fusion=Fusion(), role="treatment", label="checks")
    return _made(id_, [(arm, 0, _record(of, {}, checks=found))], ())


def evidence() -> tuple[Run, dict[str, Record]]:
    """The four claims of `synthetic`, small, and one for each further kind of evidence."""
    run, records = synthetic(layers=3, seeds=2, sentences=20, tasks=("ner", "pos"))
    margin = {"kind": "margin"}
    seeds = Seeds(looks=(2,))
    family = {"languages": "xtreme", "task": "pos"}
    claims = [
        (
            _claim(
                1,
                "lower-layers",
                "Lower layers are more cross-lingual than upper ones",
                experiment=LayerProbe(measures=("retrieval",), languages="xtreme"),
                expect={"kind": "layer_contrast", "higher": "lower", "lower": "upper"},
            ),
            probes,
        ),
        (
            _claim(
                9,
                "family-transfer",
                "Languages of a family transfer better to each other",
                experiment=FamilySimilarity(
                    measure="transfer", seeds=seeds, variant="no-kinship", **family
                ),
                expect=margin,
                unit="language",
            ),
            transfer,
        ),
        (
            _claim(
                9,
                "family-likeness",
                "Languages of a family are represented alike",
                experiment=FamilySimilarity(measure="cka", **family),
                expect=margin,
                unit="language-pair",
            ),
            likeness,
        ),
        (
            _claim(
                13,
                "gate-differs",
                "The gate differs between tasks",
                experiment=GateDynamics(tasks=("ner", "pos"), languages="xtreme", seeds=seeds),
                expect=margin,
                unit="seed",
            ),
            gates,
        ),
        (
            _claim(
                15,
                "two-convolutions",
                "The module has two convolutions",
                experiment=ModuleContract(checks=("two_convolutions_in_the_module",)),
                expect={"kind": "contract"},
            ),
            checks,
        ),
    ]
    planned, verdicts = list(run.claims), list(run.verdicts)
    for claim, make in claims:
        made, found = make(claim.id)
        records |= found
        file = f"claims/{claim.id}.yaml"
        planned.append(PlannedClaim(claim=claim, file=file, text="", design=made))
        verdicts.append(_verdict(claim))
    variant = Variant(title="A world without kinship", by_construction=("no words are shared",))
    return run.model_copy(
        update={
            "claims": tuple(planned),
            "verdicts": tuple(verdicts),
            "setting": setting().model_copy(update={"variants": {"no-kinship": variant}}),
        }
    ), records


def _verdict(claim: Claim) -> Verdict:
    if claim.expect.kind == "contract":
        return Verdict(
            claim=claim.id,
            criterion="0" * 64,
            outcome=Outcome.DOES_NOT_CONFORM,
            evidence=setting().evidence,
            reason="Does not conform: 1 of 2 checks do not hold: two convolutions (4 found).",
        )
    outcome = Outcome.REFUTED if claim.id == "lower-layers" else Outcome.SUPPORTED
    value = -11.2 if outcome is Outcome.REFUTED else 12.5
    verb = "Fails" if outcome is Outcome.REFUTED else "Holds"
    effect = Estimate(
        name="an artificial effect",
        value=value,
        low=value - 2,
        high=value + 2,
        n=50,
        expected_low=0.0,
    )
    reason = f"{verb} in simulation: the effect is {value} points."
    return verdict(claim, outcome, effect, reason)


def shipped_book() -> Book:
    """The claims that travel with the package."""
    return load_book([Path(__file__).resolve().parents[2] / "claims"])
