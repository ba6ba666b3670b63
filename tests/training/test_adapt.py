"""Continued masked language modelling, a fixed number of updates, and parts of test sets."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from reproduce.data.language_ids import after_switch
from reproduce.errors import CellError, CheckpointError
from reproduce.models.checkpoint import load_encoder
from reproduce.nouns.cell import Adapt
from reproduce.nouns.setting import Training
from reproduce.tasks import TASKS
from reproduce.training.adapt import adapted, hide, mask_id, plain_transform
from reproduce.training.batches import Layout
from reproduce.training.encode import SpecialIds, encode_examples, special_ids
from reproduce.training.fine_tune import fine_tune
from reproduce.training.loop import epochs_of, steps_of
from reproduce.training.seeds import seeds_of
from tests.training.factory import examples, make_cell, piece, whereabouts

SPECIAL = SpecialIds(cls=2, sep=3, pad=0, unknown=1)


def run(folder, **changes):
    return fine_tune(make_cell(folder, **changes), whereabouts(folder))


def adapt(**changes) -> Adapt:
    return Adapt(**{"text": (piece("pos", "train", 30),), "updates": 4, "learning_rate": 1e-2,
                    **changes})  # fmt: skip


def adapt_once(folder, seed=1, **changes):
    encoder, tokenizer = load_encoder(folder)
    text = encode_examples(examples("pos", 30), TASKS.get("pos"), tokenizer, max_length=64)
    layout = Layout(special_ids(tokenizer).pad, restart=True)
    transform = plain_transform(encoder.config.hidden_size)
    return encoder, adapted(
        encoder, transform, text, adapt(**changes),
        seeds=seeds_of(seed), layout=layout, tokenizer=tokenizer,
    )  # fmt: skip


def weights(encoder) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in encoder.parameters()])


def test_adaptation_changes_a_copy(tiny_checkpoint) -> None:
    encoder, changed = adapt_once(tiny_checkpoint)
    untouched, _ = load_encoder(tiny_checkpoint)
    assert torch.equal(weights(encoder), weights(untouched))
    assert not torch.equal(weights(changed), weights(untouched))


def test_adaptation_is_the_same_again_and_another_for_another_seed(tiny_checkpoint) -> None:
    first, again, other = (weights(adapt_once(tiny_checkpoint, s)[1]) for s in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_adaptation_learns_to_predict_the_text(tiny_checkpoint) -> None:
    """What it learned shows in a cell: its record differs from that without adaptation."""
    plain, changed = run(tiny_checkpoint), run(tiny_checkpoint, adapt=adapt())
    assert plain.content.epochs != changed.content.epochs


def test_a_loss_that_is_no_number_is_an_error(tiny_checkpoint) -> None:
    encoder, tokenizer = load_encoder(tiny_checkpoint)
    encoder.embeddings.word_embeddings.weight.data.fill_(float("nan"))
    text = encode_examples(examples("pos", 30), TASKS.get("pos"), tokenizer, max_length=64)
    with pytest.raises(CellError, match="of adaptation"):
        adapted(
            encoder, plain_transform(encoder.config.hidden_size), text, adapt(),
            seeds=seeds_of(1), layout=Layout(0, restart=True), tokenizer=tokenizer,
        )  # fmt: skip


def test_hidden_sub_words_are_no_special_ones() -> None:
    ids = torch.tensor([[2, 9, 8, 7, 3, 0, 0]] * 40)
    before = ids.clone()
    torch.manual_seed(0)
    hidden = hide(ids, SPECIAL, 4, 0.5, 50)
    assert torch.equal(before.view(-1)[hidden.places], hidden.gold)
    assert set(hidden.gold.tolist()) <= {7, 8, 9}
    same = torch.ones(ids.numel(), dtype=torch.bool)
    same[hidden.places] = False
    assert torch.equal(before.view(-1)[same], ids.view(-1)[same])


def test_at_least_one_sub_word_is_hidden() -> None:
    assert len(hide(torch.tensor([[2, 9, 3]]), SPECIAL, 4, 1e-9, 50).places) == 1


def test_a_vocabulary_without_a_mask_is_refused() -> None:
    class Without:
        def token_to_id(self, token: str) -> None:
            return None

    with pytest.raises(CheckpointError, match=r"no \[MASK\]"):
        mask_id(Without())  # type: ignore[arg-type]


# A fixed number of updates


@pytest.mark.parametrize(("updates", "epochs"), [(1, 1), (5, 1), (6, 2), (12, 3)])
def test_updates_stand_in_place_of_epochs(tiny_checkpoint, updates: int, epochs: int) -> None:
    training = Training(epochs=7, updates=updates, batch_size=8, learning_rate=1e-3)
    assert (steps_of(training, 40), epochs_of(training, 40)) == (updates, epochs)
    record = run(tiny_checkpoint, training={"epochs": 7, "updates": updates})
    assert len(record.content.epochs) == epochs


def test_as_many_updates_as_epochs_take_give_the_same_model(tiny_checkpoint) -> None:
    plain = run(tiny_checkpoint)
    counted = run(tiny_checkpoint, training={"epochs": 1, "updates": 10})
    assert plain.content.epochs == counted.content.epochs
    assert np.array_equal(plain.predictions, counted.predictions)


# Words scored by themselves


def parted(folder, task: str = "pos"):
    whole = piece(task, "test", 12)
    parts = [whole.model_copy(update={"part": part}) for part in ("", "switch", "inside")]
    record = run(folder, task=task, train=(piece(task, "train", 40),), evaluate=tuple(parts))
    rows = [record.statistics[s.start : s.stop] for s in record.content.segments]
    return record, rows


@pytest.mark.parametrize("task", ["pos", "ner"])
def test_words_at_switches_and_all_others_make_up_the_whole(tiny_checkpoint, task: str) -> None:
    record, (whole, switch, inside) = parted(tiny_checkpoint, task)
    assert [s.language for s in record.content.segments] == ["en", "en@switch", "en@inside"]
    assert np.array_equal(whole, switch + inside)
    assert switch.sum() > 0


def test_a_word_after_a_switch_is_the_first_of_its_language() -> None:
    ids = ("en", "univ", "en", "de", "ne", "de", "en", "mixed", "de")
    assert after_switch(ids) == (False, False, False, True, False, False, True, False, True)
