"""GLUECoS's tasks in the setting `paper`, on made-up files in the benchmark's form."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from reproduce.book import load_book, load_setting
from reproduce.experiments.code_switch import CodeSwitch, design, needs
from reproduce.experiments.fusion_sweep import Seeds
from reproduce.nouns.cell import FineTune
from reproduce.nouns.claim import Claim
from reproduce.resources import shipped
from reproduce.survey import Surveyed, survey
from reproduce.training.fine_tune import fine_tune
from tests.tiny import WORDS, make_checkpoint

LABELS = {
    "POS_EN_HI_UD/Romanized": ("HI\tNOUN", "EN\tVERB", "OTHER\tPUNCT"),
    "POS_EN_HI_FG/Romanized": ("hi\tN_NN", "en\tV_VM", "univ\tRD_PUNC"),
    "POS_EN_ES": ("eng\tN", "spa\tV", "eng&spa\tIM"),
    "LID_EN_HI/Romanized": ("EN", "HI", "OTHER"),
    "NER_EN_HI/Romanized": ("B-Per", "I-Per", "Other"),
    "NER_EN_ES": ("B-PROD", "I-PROD", "O"),
}
SENTIMENT = ("Sentiment_EN_HI/Romanized", "Sentiment_EN_ES")
SIZES = {"train": 40, "validation": 12, "test": 12}


def sentences(count: int, line: Callable[[str], str], rng: random.Random) -> str:
    blocks = ([line(word) for word in rng.choices(WORDS, k=5)] for _ in range(count))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as docs/code-switching.md lays it out, the test labels hidden."""
    root, rng = tmp_path_factory.mktemp("data"), random.Random(0)
    for name, labels in LABELS.items():
        for split, count in SIZES.items():
            own = labels[-1:] if split == "test" else labels
            text = sentences(count, lambda w, own=own: f"{w}\t{rng.choice(own)}", rng)  # type: ignore[misc]
            write(root / "gluecos" / name / f"{split}.txt", text)
    for name in SENTIMENT:
        for split, count in SIZES.items():
            own = ("neutral",) if split == "test" else ("positive", "negative")
            lines = [
                f"{' '.join(rng.choices(WORDS, k=4))}\t{rng.choice(own)}" for _ in range(count)
            ]
            write(root / "gluecos" / name / f"{split}.txt", "\n".join(lines) + "\n")
    pairs = [
        f"A : {' '.join(rng.choices(WORDS, k=4))} ## \tA {rng.choice(WORDS)}\t"
        f"{rng.choice(('entailment', 'contradictory'))}\n"
        for _ in range(1420)
    ]
    nli = root / "gluecos/NLI_EN_HI/XNLI-MT-1.0/multinli/multinli.train.en.tsv"
    write(nli, "".join(pairs))
    for pair in ("en--hi", "en--es"):
        number = iter(range(10_000))

        def line(word: str, number=number, pair=pair) -> str:  # type: ignore[no-untyped-def]
            at = next(number) % 5
            return f"{at + 1}\t{word}\t_\tNOUN\t_\t_\t{min(at, 1)}\tdep\t_\tLang={pair[:2]}"

        write(root / "synthetic" / f"{pair}-ec/train.conllu", sentences(40, line, rng))
    return root


def surveyed(wanted: CodeSwitch, data: Path, checkpoint: Path) -> Surveyed:
    override = {"checkpoint": str(checkpoint)}
    setting = load_setting("paper", data=data).model_copy(update=override)
    return survey(setting, needs(wanted, setting))


def claim_named(name: str) -> Claim:
    (entry,) = load_book([shipped("claims") / f"codeswitch_gluecos_{name}.yaml"]).claims
    return entry.claim


def small(experiment: CodeSwitch, **changes: object) -> CodeSwitch:
    sizes = {"sentences": 30, "text": 30, "updates": 3, "text_updates": 2}
    return experiment.model_copy(update={**sizes, "seeds": Seeds(looks=(1,)), **changes})


@pytest.mark.parametrize(
    ("task", "pair"),
    [
        ("pos", "en--hi"), ("fg_pos", "en--hi"), ("bangor_pos", "en--es"), ("lid", "en--hi"),
        ("ner", "en--hi"), ("calcs_ner", "en--es"), ("sentiment", "en--hi"),
        ("sentiment", "en--es"), ("dialogue_nli", "en--hi"),
    ],
)  # fmt: skip
def test_every_task_of_the_benchmark_is_planned_and_trained(
    folder: Path, tmp_path: Path, task: str, pair: str
) -> None:
    claim = claim_named("ud")
    assert isinstance(claim.experiment, CodeSwitch)
    wanted = small(claim.experiment, task=task, pair=pair)
    scene, places = surveyed(wanted, folder, make_checkpoint(tmp_path / "bert", positions=256))
    made = design(claim.model_copy(update={"experiment": wanted}), scene)
    assert {trial.arm.label for trial in made.trials} == {"ec", "nothing"}, made.unavailable
    cell = next(t.cell for t in made.trials if t.arm.label == "ec")
    assert isinstance(cell, FineTune) and cell.adapt is not None
    record = fine_tune(cell, places)
    tested = [s.language for s in record.content.segments]
    parts = [f"{pair}@switch", f"{pair}@inside"]
    with_parts = task in ("pos", "fg_pos", "bangor_pos", "lid")
    assert tested == ([pair, *parts] if with_parts else [pair])
    assert (record.statistics[:, -1] >= 0).all()


@pytest.mark.parametrize("name", ["fg", "ud", "bangor"])
def test_what_a_claim_needs_and_does_not_find_is_one_message(
    folder: Path, tmp_path: Path, name: str
) -> None:
    claim = claim_named(name)
    assert isinstance(claim.experiment, CodeSwitch)
    wanted = small(claim.experiment)
    checkpoint = make_checkpoint(tmp_path / "bert", positions=256)
    (tmp_path / "empty").mkdir()
    nothing = surveyed(wanted, tmp_path / "empty", checkpoint).scene
    (reason,) = design(
        claim.model_copy(update={"experiment": wanted}), nothing
    ).unavailable.values()
    assert "run its download script" in reason
    (tmp_path / "gluecos").symlink_to(folder / "gluecos")
    half = surveyed(wanted, tmp_path, checkpoint).scene
    (reason,) = design(claim.model_copy(update={"experiment": wanted}), half).unavailable.values()
    assert "reproduce codeswitch generate" in reason


def test_fine_grained_and_universal_tags_are_different_claims() -> None:
    fine, universal = claim_named("fg").experiment, claim_named("ud").experiment
    assert isinstance(fine, CodeSwitch) and isinstance(universal, CodeSwitch)
    assert (fine.task, universal.task) == ("fg_pos", "pos")
