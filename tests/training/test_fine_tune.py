from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys

import numpy as np
import pytest
import torch

from reproduce.errors import CellError, CheckpointError, DataError, UserError
from reproduce.models.checkpoint import load_encoder
from reproduce.nouns.cell import Fusion, Whereabouts
from reproduce.training import fine_tune as module
from reproduce.training.evaluate import score
from reproduce.training.fine_tune import build_model, fine_tune
from reproduce.training.seeds import seeds_of
from tests.training.factory import SOURCE, make_cell, piece, sentence, whereabouts

FUSIONS = [
    Fusion(),
    Fusion(kind="add", layer=1),
    Fusion(kind="dlfa", layer=2),
    Fusion(kind="dlfa_self"),
    Fusion(kind="dlfa_shuffled", layer=1),
    Fusion(kind="dlfa_constant", layer=1),
]


def fingerprint(record) -> str:
    arrays = (record.statistics, record.clusters, record.offsets, record.predictions)
    whole = hashlib.sha256(record.content.model_dump_json().encode())
    for array in arrays:
        whole.update(f"{array.dtype}{array.shape}".encode() + array.tobytes())
    return whole.hexdigest()


def run(folder, *args, **changes):
    return fine_tune(make_cell(folder, *args, **changes), whereabouts(folder))


def rows(record, **wanted):
    found = [
        s for s in record.content.segments if all(getattr(s, k) == v for k, v in wanted.items())
    ]
    return np.concatenate([record.statistics[s.start : s.stop] for s in found])


@pytest.mark.parametrize("task", ["pos", "ner", "xnli", "pawsx", "sentiment"])
def test_a_record_holds_every_slice_in_order(tiny_checkpoint, task):
    record = run(tiny_checkpoint, task)
    assert [(s.language, s.split, s.start, s.stop) for s in record.content.segments] == [
        ("en", "dev", 0, 10), ("de", "dev", 10, 20), ("en", "test", 20, 32), ("de", "test", 32, 44),
    ]  # fmt: skip
    assert len(record.statistics) == len(record.clusters) == len(record.offsets) - 1 == 44
    assert record.offsets[-1] == len(record.predictions)
    dtypes = [a.dtype for a in (record.statistics, record.clusters, record.offsets)]
    assert dtypes == [np.int32, np.int64, np.int64]
    assert record.predictions.dtype == np.int16


def test_statistics_follow_from_predictions(tiny_checkpoint):
    record = run(tiny_checkpoint, training={"epochs": 10, "learning_rate": 1e-2})
    task = module.TASKS.get("pos")
    assert score(task, record.statistics) > 0.8
    assert record.statistics[:, 1].tolist() == np.diff(record.offsets).tolist()


def test_sentences_with_one_label_are_learned(tiny_checkpoint):
    training = {"epochs": 30, "learning_rate": 1e-2}
    record = run(tiny_checkpoint, "sentiment", training=training, train=(
        piece("sentiment", "train", 200),
    ))  # fmt: skip
    found = rows(record, split="test")
    assert found[:, 1].tolist() == [1] * 24
    assert score(module.TASKS.get("sentiment"), found) > 0.8


@pytest.mark.parametrize("fusion", FUSIONS, ids=lambda f: f.kind)
def test_every_fusion_learns(tiny_checkpoint, fusion):
    first, last = run(tiny_checkpoint, "pawsx", fusion).content.epochs
    assert last < first


def test_the_same_cell_gives_the_same_bits_after_other_cells_and_in_a_new_process(tiny_checkpoint):
    fusion = Fusion(kind="dlfa_shuffled", layer=1)
    first = fingerprint(run(tiny_checkpoint, "pos", fusion))
    run(tiny_checkpoint, "pawsx", Fusion(kind="add", layer=2), seed=7)
    torch.manual_seed(99)
    assert fingerprint(run(tiny_checkpoint, "pos", fusion)) == first
    code = (
        "import sys; from pathlib import Path; from reproduce.nouns.cell import Fusion;"
        "from tests.training import factory; factory.register();"
        "from tests.training.test_fine_tune import fingerprint, run;"
        "print(fingerprint(run(Path(sys.argv[1]), 'pos', Fusion(kind='dlfa_shuffled', layer=1))))"
    )
    command = [sys.executable, "-c", code, str(tiny_checkpoint)]
    other = subprocess.run(command, check=True, timeout=120, capture_output=True, text=True)
    assert other.stdout.strip() == first


def test_seeds_differ(tiny_checkpoint):
    first, second = (run(tiny_checkpoint, seed=seed).content.epochs for seed in (1, 2))
    assert first != second


def test_the_callers_randomness_and_threads_are_left_alone(tiny_checkpoint):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    threads = torch.get_num_threads()
    run(tiny_checkpoint)
    assert torch.equal(torch.rand(3), expected)
    assert torch.get_num_threads() == threads


def test_cells_of_one_seed_start_from_the_same_head(tiny_checkpoint):
    encoder, _ = load_encoder(tiny_checkpoint)
    heads = [
        build_model(make_cell(tiny_checkpoint, fusion=fusion), encoder, seeds_of(3)).head
        for fusion in FUSIONS
    ]
    assert all(torch.equal(head.linear.weight, heads[0].linear.weight) for head in heads)


def test_a_cell_does_not_change_the_encoder_that_others_copy(tiny_checkpoint):
    run(tiny_checkpoint)
    cell = make_cell(tiny_checkpoint)
    kept = module.load_base(cell.model, str(tiny_checkpoint)).encoder
    fresh, _ = load_encoder(tiny_checkpoint)
    assert all(map(torch.equal, kept.state_dict().values(), fresh.state_dict().values()))


def test_slices_are_read_once_per_process(tiny_checkpoint):
    run(tiny_checkpoint)
    before = SOURCE.loads
    run(tiny_checkpoint, seed=4)
    assert before == SOURCE.loads


RULES = ("last", "source-dev", "target-dev")


def test_every_checkpoint_rule_has_its_segments(tiny_checkpoint):
    record = run(tiny_checkpoint, checkpoints=RULES)
    assert [s.checkpoint for s in record.content.segments] == [r for r in RULES for _ in range(4)]
    assert len(record.statistics) == 3 * 44
    assert record.content.chosen["last"] == 2


def test_the_state_of_the_best_epoch_is_the_one_evaluated(tiny_checkpoint):
    """With a rate that ruins the model after its start, an early epoch must be chosen."""
    changes = {"training": {"epochs": 6, "learning_rate": 0.2, "warmup": 0.9}}
    record = run(tiny_checkpoint, checkpoints=RULES, **changes)
    task = module.TASKS.get("pos")
    assert record.content.chosen["source-dev"] < 6
    chosen, last = (
        score(task, rows(record, checkpoint=rule, split="dev", language="en"))
        for rule in ("source-dev", "last")
    )
    assert chosen > last


def test_asking_for_another_checkpoint_does_not_change_the_last(tiny_checkpoint):
    alone, among = run(tiny_checkpoint), run(tiny_checkpoint, checkpoints=RULES)
    assert alone.content.epochs == among.content.epochs
    assert np.array_equal(alone.statistics, rows(among, checkpoint="last"))


def test_the_last_epoch_may_be_the_best_and_is_not_evaluated_twice(tiny_checkpoint, monkeypatch):
    calls = []
    original = module._evaluate
    monkeypatch.setattr(
        module, "_evaluate", lambda *args: calls.append(len(args[2])) or original(*args)
    )
    changes = {"training": {"epochs": 1}}
    record = run(tiny_checkpoint, checkpoints=("last", "source-dev"), **changes)
    assert calls == [44]
    first, second = (rows(record, checkpoint=rule) for rule in ("last", "source-dev"))
    assert np.array_equal(first, second)


def test_a_model_that_the_last_step_ruined_is_an_error(tiny_checkpoint, monkeypatch):
    monkeypatch.setattr(module, "train", ruin)
    with pytest.raises(CellError, match="scores of the trained model are no numbers"):
        run(tiny_checkpoint)


def ruin(model, *rest):
    with torch.no_grad():
        model.head.linear.bias.fill_(float("nan"))
    yield from (1.0, 1.0)


def test_a_rule_without_development_data_is_an_error(tiny_checkpoint):
    changes = {"evaluate": (piece("pos", "test", 5),), "checkpoints": ("last", "source-dev")}
    with pytest.raises(CellError, match="no development slice"):
        run(tiny_checkpoint, **changes)


def test_words_that_were_cut_off_are_counted_in_their_segment(tiny_checkpoint):
    record = run(tiny_checkpoint, training={"max_length": 8})
    cut = sum(segment.truncated for segment in record.content.segments)
    assert cut == (record.predictions == -1).sum() > 0


def test_a_layer_that_the_encoder_does_not_have_is_refused(tiny_checkpoint):
    with pytest.raises(UserError, match="cannot fuse layer 3"):
        run(tiny_checkpoint, fusion=Fusion(kind="dlfa", layer=3))


def test_a_length_that_the_encoder_does_not_have_is_refused(tiny_checkpoint):
    with pytest.raises(CheckpointError, match="max_length is 500"):
        run(tiny_checkpoint, training={"max_length": 500})


def test_a_checkpoint_that_has_changed_is_refused(tiny_checkpoint, tmp_path):
    folder = shutil.copytree(tiny_checkpoint, tmp_path / "bert")
    cell = make_cell(folder).model_copy(update={"model": "0" * 64})
    with pytest.raises(CheckpointError, match="has changed"):
        fine_tune(cell, Whereabouts(checkpoints={"0" * 64: str(folder)}))


def test_a_checkpoint_without_place_is_refused(tiny_checkpoint):
    with pytest.raises(CheckpointError, match="not known where"):
        fine_tune(make_cell(tiny_checkpoint), Whereabouts(checkpoints={}))


def test_both_pair_heads_train(tiny_checkpoint):
    losses = [run(tiny_checkpoint, "pawsx", pair_head=h).content.epochs for h in ("matched", "cls")]
    assert losses[0] != losses[1]


def test_the_record_names_the_encoders_path(tiny_checkpoint):
    expected = "plain" if torch.cuda.is_available() else "fast"
    assert run(tiny_checkpoint).content.encoder == expected


def test_a_sentence_without_languages_has_no_switch_but_a_corpus_of_them_is_refused():
    part = piece("pos", "test", 2).model_copy(update={"part": "switch"})
    mixed = sentence("a", "b", languages=("en", "de"))
    plain = sentence("1", "2", "3")
    assert module._scored([mixed, plain], part).tolist() == [False, True, False, False, False]
    with pytest.raises(DataError, match="no language ids of words in en"):
        module._scored([plain], part)
