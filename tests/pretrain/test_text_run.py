from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from reproduce.errors import CheckpointError
from reproduce.models.checkpoint import inspect_checkpoint, load_encoder
from reproduce.pretrain.text_corpus import HELD_OUT_EVERY, TextCorpus
from reproduce.pretrain.text_run import TextRun, pretrain_text, pseudo_perplexity, text_recipe

NOUNS, VERBS = ("dog", "cat", "house", "tree", "river"), ("sees", "finds", "likes")


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """Two made-up languages, some hundred sentences each."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "text").mkdir()
    rng = np.random.default_rng(0)
    for code, end in (("en", ""), ("de", "en")):
        lines = [
            f"the {rng.choice(NOUNS)}{end} {rng.choice(VERBS)} {number} {rng.choice(NOUNS)}{end}s"
            for number in range(400)
        ]
        (folder / "text" / f"{code}.txt").write_text("\n".join(lines))
    rows = [f"{code}.txt\tr\tc\tCC0 1.0\t" for code in ("en", "de")]
    head = "file\trepository\tcommit\tlicence\tnote"
    (folder / "text" / "SOURCES.tsv").write_text("\n".join([head, *rows]))
    return folder


def recipe(tokens: int = 30_000):
    sizes = {"layers": 2, "hidden": 16, "heads": 2, "vocabulary": 200, "batch_tokens": 1024}
    return replace(text_recipe(tokens), positions=32, **sizes)


@pytest.fixture(scope="module")
def finished(data, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    pretrain_text(recipe(), TextRun(data, folder), save_steps=10)
    return folder


def weights(folder: Path) -> dict[str, torch.Tensor]:
    model, _ = load_encoder(folder / "checkpoint")
    return model.state_dict()


def test_the_held_out_loss_falls(finished):
    curve = json.loads((finished / "checkpoint" / "card.json").read_text())["curve"]
    assert curve[-1][1] < curve[0][1] - 0.1
    assert curve[-1][0] >= 30_000


def test_the_checkpoint_is_one_that_experiments_can_use(finished):
    facts = inspect_checkpoint(finished / "checkpoint")
    assert (facts.layers, facts.hidden, facts.cased) == (2, 16, False)


def test_a_run_that_was_stopped_comes_to_the_same_result(data, finished, tmp_path):
    assert pretrain_text(recipe(), TextRun(data, tmp_path), save_steps=10, stop_at_step=13) is None
    pretrain_text(recipe(), TextRun(data, tmp_path), save_steps=10, resume=True)
    expected, found = weights(finished), weights(tmp_path)
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_another_recipe_is_not_continued(data, tmp_path):
    pretrain_text(recipe(), TextRun(data, tmp_path), stop_at_step=1)
    with pytest.raises(CheckpointError, match="holds a run already"):
        pretrain_text(recipe(), TextRun(data, tmp_path))
    with pytest.raises(CheckpointError, match="another recipe or other text"):
        pretrain_text(replace(recipe(), seed=1), TextRun(data, tmp_path), resume=True)


def test_the_card_states_licences_overlap_passes_and_perplexity_by_language(finished):
    card = json.loads((finished / "checkpoint" / "card.json").read_text())
    assert card["text"]["licences"] == {"CC0 1.0": ["text/de.txt", "text/en.txt"]}
    assert set(card["pseudo_perplexity"]) == set(card["passes"]) == {"de", "en"}
    text = (finished / "checkpoint" / "README.md").read_text()
    assert "No sentence of an evaluation in the same folder is in it" in text
    assert "CC0 1.0: 2 files" in text


def test_held_out_sentences_are_never_sampled(finished):
    corpus = TextCorpus(finished / "text")
    held_out = {tuple(piece) for code in corpus.languages for piece in corpus.held_out(code, 99)}
    shard = corpus.shard(0, seed=0)
    sampled = {
        tuple(shard.ids[a:b]) for a, b in zip(shard.sentences, shard.sentences[1:], strict=False)
    }
    assert len(held_out) == 2 * -(-400 // HELD_OUT_EVERY)
    assert not held_out & sampled


def test_small_languages_are_seen_more_often(finished):
    corpus = TextCorpus(finished / "text")
    corpus._ids["de"] = corpus._ids["de"][:500]
    again = TextCorpus.passes(corpus, 10_000)
    assert again["de"] > again["en"]


def test_pseudo_perplexity_of_a_model_that_knows_nothing_is_its_vocabulary(finished):
    from reproduce.pretrain.loop import build_model

    model = build_model(replace(recipe(), init_range=1e-6), 200, seed=0)
    corpus = TextCorpus(finished / "text")
    found = pseudo_perplexity(model, corpus.held_out("en", 2), 32)
    assert found == pytest.approx(200, rel=0.01)
