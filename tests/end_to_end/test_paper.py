"""The shipped setting `paper` over copies of its data sets: every configuration that it names.

The copies have XTREME's columns, labels and files, and a few made-up rows; the BERT is tiny.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from reproduce.book import load_setting
from reproduce.fetch import needs
from reproduce.hub import CHECKPOINT_FILES
from reproduce.nouns.sentence import UPOS
from reproduce.tasks import TASKS
from tests.end_to_end.conftest import Project
from tests.tiny import make_checkpoint

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = [
    str(ROOT / "claims" / f"dlfa_gain_{task}.yaml") for task in ("pos", "ner", "pawsx", "xnli")
]
SPLITS = ("train", "validation", "test")
# As the hub spells them: its commits are called "Add udpos.Afrikaans data files" and so on.
UDPOS = (
    "Afrikaans", "Arabic", "Basque", "Bulgarian", "Chinese", "Dutch", "English", "Estonian",
    "Finnish", "French", "German", "Greek", "Hebrew", "Hindi", "Hungarian", "Indonesian", "Italian",
    "Japanese", "Kazakh", "Korean", "Marathi", "Persian", "Portuguese", "Russian", "Spanish",
    "Tagalog", "Tamil", "Telugu", "Thai", "Turkish", "Urdu", "Vietnamese", "Yoruba",
)  # fmt: skip
# The languages of XTREME's scripts, but for those that came with XTREME-R.
PANX = (
    "af", "ar", "bg", "bn", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "he", "hi", "hu",
    "id", "it", "ja", "jv", "ka", "kk", "ko", "ml", "mr", "ms", "my", "nl", "pt", "ru", "sw", "ta",
    "te", "th", "tl", "tr", "ur", "vi", "yo", "zh",
)  # fmt: skip
XNLI = (
    "ar", "bg", "de", "el", "en", "es", "fr", "hi", "ru", "sw", "th", "tr", "ur", "vi", "zh",
)  # fmt: skip
PAWSX = ("de", "en", "es", "fr", "ja", "ko", "zh")


def table(task: str):
    """A table as the hub has it."""
    from datasets import ClassLabel, Dataset, Features, Sequence, Value

    text, tokens = Value("string"), Sequence(Value("string"))
    if task == "pos":
        tags = Sequence(ClassLabel(names=list(UPOS)))
        rows = {"tokens": [["the", "dog"], ["cat"]], "pos_tags": [[5, 7], [7]]}
        return Dataset.from_dict(rows, features=Features({"tokens": tokens, "pos_tags": tags}))
    if task == "ner":
        names = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
        kinds = {"tokens": tokens, "ner_tags": Sequence(ClassLabel(names=names)), "langs": tokens}
        rows = {
            "tokens": [["ana", "runs"], ["oslo"]],
            "ner_tags": [[1, 0], [6]],  # the second one begins with I-
            "langs": [["en", "en"], ["en"]],
        }
        return Dataset.from_dict(rows, features=Features(kinds))
    if task == "xnli":
        label = ClassLabel(names=["entailment", "neutral", "contradiction"])
        rows = {"premise": ["a b"] * 3, "hypothesis": ["a", "b", "c"], "label": [0, 1, 2]}
        kinds = {"premise": text, "hypothesis": text, "label": label}
        return Dataset.from_dict(rows, features=Features(kinds))
    rows = {"sentence1": ["a b", ""], "sentence2": ["b a", "x"], "label": ["1", "0"]}
    kinds = {"sentence1": text, "sentence2": text, "label": text}
    return Dataset.from_dict(rows, features=Features(kinds))


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copies")
    make_checkpoint(folder / "bert", layers=3)
    for task, choice in load_setting("paper").tasks.items():
        content = folder / f"{task}.parquet"
        table(task).to_parquet(content)
        for configuration in choice.data.files.values():
            place = folder / task / configuration
            place.mkdir(parents=True)
            for split in SPLITS:
                (place / f"{split}-00000-of-00001.parquet").hardlink_to(content)
    return folder


def local(copies: Path) -> list[str]:
    changes = [f"setting.checkpoint={copies / 'bert'}"]
    changes += [f"setting.tasks.{t}.data.folder={copies / t}" for t in load_setting("paper").tasks]
    return [part for change in changes for part in ("--set", change)]


def test_the_claims_can_be_planned_in_the_setting_paper(copies: Path, tmp_path: Path) -> None:
    plan = Project(tmp_path).json("plan", *CLAIMS, "--setting", "paper", *local(copies))
    assert plan["cells"] == 4 * (1 + 2) * 8
    assert [claim["unavailable"] for claim in plan["claims"]] == [{}] * 4
    assert plan["core_seconds"] > 0


def test_a_claim_runs_in_the_setting_paper(copies: Path, tmp_path: Path) -> None:
    run = Project(tmp_path).json(
        "run", CLAIMS[1], "--setting", "paper", "--executor", "inline", *local(copies),
        "--set", "experiment.seeds.looks=[2]", "--set", "experiment.layers=[1]",
    )  # fmt: skip
    assert (run["trained"], run["failures"]) == (4, [])
    cell = run["claims"][0]["design"]["trials"][0]["cell"]
    assert len({piece["language"] for piece in cell["evaluate"]}) == 40
    assert cell["training"]["long"] == "split"
    assert run["verdicts"][0]["evidence"] == "replication"


def test_all_that_the_setting_needs_of_the_hub_is_pinned() -> None:
    found = {str(need.reference): need.patterns for need in needs(load_setting("paper"))}
    assert len(found) == 3
    model = "google-bert/bert-base-multilingual-cased@3f076fdb1ab68d5b2880cb87a0886f315b8146f8"
    assert found[model] == CHECKPOINT_FILES
    xtreme = next(patterns for name, patterns in found.items() if name.startswith("google/xtreme"))
    assert "udpos.English/train-*.parquet" in xtreme
    assert "udpos.German/train-*.parquet" not in xtreme


def test_the_configurations_are_spelled_as_the_hub_spells_them() -> None:
    files = {name: task.data.files for name, task in load_setting("paper").tasks.items()}
    assert sorted(files["pos"].values()) == [f"udpos.{name}" for name in UDPOS]
    assert files["ner"] == {code: f"PAN-X.{code}" for code in PANX}
    assert files["xnli"] == {code: code for code in XNLI}
    assert files["pawsx"] == {code: f"PAWS-X.{code}" for code in PAWSX}


def test_the_languages_whose_configuration_holds_another_one_can_be_left_out() -> None:
    setting = load_setting("paper")
    left_out = set(setting.tasks["pos"].data.files) - set(setting.sets["one-treebank-language"])
    assert left_out == {"de", "el", "fr", "ru", "zh"}
    named = next(line for line in setting.deviations if "one-treebank-language" in line)
    assert all(setting.languages[code].name in named for code in left_out)


def test_the_hyper_parameters_are_those_of_xtreme() -> None:
    for name, choice in load_setting("paper").tasks.items():
        training = choice.training
        assert (training.learning_rate, training.batch_size, training.max_length) == (2e-5, 32, 128)
        assert (training.warmup, training.weight_decay, training.clip) == (0.0, 0.0, 1.0)
        assert training.epochs == (10 if TASKS.get(name).form == "words" else 5)
