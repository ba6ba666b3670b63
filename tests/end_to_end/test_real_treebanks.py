"""The shipped claims on real treebanks, by a user's setting: English-EWT to other languages.

The BERT is small and random and its tokenizer is trained on the treebank, so the scores mean
nothing; that the way is open does.
"""

from __future__ import annotations

import json
import os
from itertools import islice
from pathlib import Path

import pytest

from reproduce.data.conllu import read_sentences
from reproduce.pretrain.tokenizer import train_tokenizer
from tests.end_to_end.conftest import Project
from tests.tiny import make_checkpoint

ROOT = Path(__file__).resolve().parents[2]
UD = Path(os.environ.get("REPRODUCE_TEST_DATA", ROOT.parent / "shared" / "data")) / "ud"
TREEBANKS = {
    "en": ("English", "English-EWT"),
    "de": ("German", "German-GSD"),
    "es": ("Spanish", "Spanish-GSD"),
    "fi": ("Finnish", "Finnish-TDT"),
    "hi": ("Hindi", "Hindi-PUD"),
    "ja": ("Japanese", "Japanese-GSD"),
    "ar": ("Arabic", "Arabic-PUD"),
}
TASK = {
    "data": {
        "source": "conllu",
        "folder": str(UD),
        "files": {code: treebank for code, (_, treebank) in TREEBANKS.items()},
    },
    "train": 64,
    "dev": 20,
    "test": 30,
    "training": {"epochs": 1, "batch_size": 16, "learning_rate": 0.003},
}
SETTING = {
    "name": "treebanks",
    "title": "UD treebanks and a random BERT",
    "evidence": "scaled",
    "checkpoint": "./bert",
    "source_language": "en",
    "languages": {c: {"name": name, "family": "?"} for c, (name, _) in TREEBANKS.items()},
    "sets": {"xtreme": list(TREEBANKS)},
    "tasks": {"pos": TASK},
}


@pytest.fixture
def treebanks(tmp_path: Path) -> Project:
    path = UD / "English-EWT" / "train.conllu"
    if not path.is_file():
        pytest.skip(f"no treebanks in {UD}; set REPRODUCE_TEST_DATA")
    sentences = islice(read_sentences(path, name="English-EWT", language="en"), 1500)
    tokenizer = train_tokenizer((" ".join(s.words) for s in sentences), 2000)
    words = sorted(tokenizer.get_vocab(), key=tokenizer.token_to_id)
    make_checkpoint(tmp_path / "bert", layers=3, hidden=32, words=words)
    # JSON is YAML.
    (tmp_path / "my.yaml").write_text(json.dumps(SETTING))
    return Project(tmp_path)


def test_the_shipped_claims_run_on_real_treebanks(treebanks: Project) -> None:
    claims = [str(ROOT / "claims" / name) for name in ("dlfa_gain_pos.yaml", "best_layer.yaml")]
    run = treebanks.json(
        "run", *claims, "--setting", "my.yaml", "--executor", "inline",
        "--set", "experiment.seeds.looks=[2]", "--set", "experiment.layers=[1, 2]",
    )  # fmt: skip
    gain, best = run["verdicts"]
    assert run["trained"] == 6
    assert gain["evidence"] == "scaled"
    assert gain["outcome"] in ("supported", "refuted", "inconclusive")
    assert len(run["claims"][0]["design"]["targets"]) == len(TREEBANKS) - 1
    # Three of its four tasks are not in this setting.
    assert best["outcome"] == "not applicable at this evidence level"
    assert "xnli" in best["reason"]
