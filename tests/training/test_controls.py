from __future__ import annotations

import copy
from collections import Counter

import numpy as np
import pytest
import torch

from reproduce.models.checkpoint import load_encoder
from reproduce.nouns.cell import Fusion, Majority, cell_id
from reproduce.tasks import TASKS
from reproduce.training.controls import degrade, randomize, shuffle_labels
from reproduce.training.encode import encode_examples
from reproduce.training.fine_tune import fine_tune
from reproduce.training.majority import majority
from tests.training.factory import SOURCE, examples, make_cell, whereabouts


def encoded(folder, task):
    _, tokenizer = load_encoder(folder)
    return encode_examples(examples(task, 60), TASKS.get(task), tokenizer, max_length=64)


def chance(cell) -> Majority:
    return Majority(
        model=cell.model,
        task=cell.task,
        train=cell.train,
        evaluate=cell.evaluate,
        max_length=cell.training.max_length,
        long=cell.training.long,
        checkpoints=cell.checkpoints,
        steps={},
    )


@pytest.mark.parametrize("task", ["pos", "ner", "xnli"])
def test_shuffling_keeps_the_sentences_and_how_often_each_label_occurs(tiny_checkpoint, task):
    data = encoded(tiny_checkpoint, task)
    shuffled = shuffle_labels(data, 3)
    assert shuffled.ids is data.ids
    assert (np.bincount(shuffled.labels.flat) == np.bincount(data.labels.flat)).all()
    assert (shuffled.labels.flat != data.labels.flat).any()


def test_each_seed_shuffles_in_its_own_way_and_always_in_the_same(tiny_checkpoint):
    data = encoded(tiny_checkpoint, "pos")
    once, again, other = (shuffle_labels(data, seed).labels.flat for seed in (3, 3, 4))
    assert (once == again).all() and (once != other).any()


def test_after_shuffling_a_word_says_nothing_of_its_label(tiny_checkpoint):
    cell = make_cell(tiny_checkpoint, training={"epochs": 4})
    place = whereabouts(tiny_checkpoint)
    gold, shuffled, least = (
        record.statistics[:, 0].sum()
        for record in (
            fine_tune(cell, place),
            fine_tune(cell.model_copy(update={"labels": "shuffled"}), place),
            majority(chance(cell), place),
        )
    )
    assert abs(shuffled - least) < (gold - least) / 2


def test_the_last_layer_of_a_degraded_encoder_says_nothing_of_its_input(tiny_checkpoint):
    encoder = load_encoder(tiny_checkpoint)[0].eval()
    degrade(encoder, 1)
    with torch.inference_mode():
        states = encoder(torch.tensor([[5, 6, 7, 8, 9]]), output_hidden_states=True).hidden_states
    assert states[-1].std(dim=1).max() < 1e-3
    assert states[-2].std(dim=1).max() > 0.1


def test_both_arms_of_a_seed_get_the_same_degraded_encoder(tiny_checkpoint):
    encoders = [load_encoder(tiny_checkpoint)[0] for _ in range(3)]
    for encoder, seed in zip(encoders, (1, 1, 2), strict=True):
        degrade(encoder, seed)
    one, same, other = (e.encoder.layer[-1].output.dense.bias for e in encoders)
    assert torch.equal(one, same) and not torch.equal(one, other)


def test_a_degraded_last_layer_leaves_nothing_but_chance_and_a_lower_layer_helps(tiny_checkpoint):
    place = whereabouts(tiny_checkpoint)
    lower = Fusion(kind="dlfa", layer=1)
    last, fused = (
        fine_tune(make_cell(tiny_checkpoint, fusion=f, encoder="degraded"), place)
        for f in (Fusion(), lower)
    )
    least = majority(chance(make_cell(tiny_checkpoint)), place)
    assert last.statistics[:, 0].sum() <= 1.1 * least.statistics[:, 0].sum()
    assert fused.statistics[:, 0].sum() > 1.5 * last.statistics[:, 0].sum()


@pytest.mark.parametrize("task", ["pos", "ner", "xnli", "pawsx"])
def test_chance_is_scored_on_the_rows_of_the_models_that_it_is_compared_with(tiny_checkpoint, task):
    cell = make_cell(tiny_checkpoint, task, checkpoints=("last", "source-dev"))
    place = whereabouts(tiny_checkpoint)
    model, least = fine_tune(cell, place), majority(chance(cell), place)
    assert least.content.segments == model.content.segments
    assert (least.clusters == model.clusters).all() and (least.offsets == model.offsets).all()
    assert (least.statistics[:, -1] == model.statistics[:, -1]).all()


@pytest.mark.parametrize("task", ["pos", "ner", "xnli"])
def test_a_trained_cell_measures_chance_on_its_own_sentences(tiny_checkpoint, task):
    cell = make_cell(tiny_checkpoint, task, training={"epochs": 1, "max_length": 8})
    place = whereabouts(tiny_checkpoint)
    model, least = fine_tune(cell, place), majority(chance(cell), place)
    measured = {n: v for n, v in model.content.measures.items() if n.startswith("chance/")}
    assert measured == {
        f"chance/{part.language}/{part.split}": tuple(
            least.statistics[part.start : part.stop].sum(axis=0)
        )
        for part in least.content.segments
    }


def test_chance_is_the_share_of_the_most_frequent_training_label(tiny_checkpoint):
    cell = make_cell(tiny_checkpoint, "pos")
    least = majority(chance(cell), whereabouts(tiny_checkpoint))
    [answer] = set(least.predictions.tolist())
    train = SOURCE.load(cell.train[0], whereabouts(tiny_checkpoint))
    tags = Counter(tag for sentence in train for tag in sentence.tags)
    assert least.content.labels[answer] == tags.most_common(1)[0][0]


def test_words_that_a_model_would_not_see_count_as_wrong_for_chance_too(tiny_checkpoint):
    cell = make_cell(tiny_checkpoint, "pos", training={"max_length": 8})
    place = whereabouts(tiny_checkpoint)
    model, least = fine_tune(cell, place), majority(chance(cell), place)
    assert least.content.segments == model.content.segments
    assert ((least.predictions == -1) == (model.predictions == -1)).all()
    assert (least.predictions == -1).any()


def test_a_random_encoder_has_other_weights_for_each_seed_and_the_same_for_one(tiny_checkpoint):
    encoder, _ = load_encoder(tiny_checkpoint)

    def weights(seed):
        drawn = copy.deepcopy(encoder)
        randomize(drawn, seed)
        return drawn.encoder.layer[0].output.dense.weight

    assert torch.equal(weights(1), weights(1))
    assert not torch.equal(weights(1), weights(2))
    assert not torch.equal(weights(1), encoder.encoder.layer[0].output.dense.weight)


@pytest.mark.parametrize("long", ["cut", "split"])
def test_chance_is_scored_on_the_words_that_the_model_sees(tiny_checkpoint, long):
    cell = make_cell(tiny_checkpoint, training={"epochs": 1, "max_length": 8, "long": long})
    place = whereabouts(tiny_checkpoint)
    model, least = fine_tune(cell, place), majority(chance(cell), place)
    assert (least.statistics[:, 1] == model.statistics[:, 1]).all()
    assert (least.clusters == model.clusters).all()
    seen = [segment.truncated for segment in least.content.segments]
    assert seen == [segment.truncated for segment in model.content.segments]
    assert (sum(seen) > 0) == (long == "cut")


def test_chance_that_cuts_is_the_cell_that_it_was_before_sentences_could_be_split(tiny_checkpoint):
    cut = chance(make_cell(tiny_checkpoint))
    split = cut.model_copy(update={"long": "split"})
    assert "long" not in cut.model_dump(mode="json")
    assert cell_id(split) != cell_id(cut)
    for cell in (cut, split):
        assert Majority.model_validate_json(cell.model_dump_json()) == cell
