"""One cell from its slices and its checkpoint to its record."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import torch

from reproduce.data.language_ids import after_switch
from reproduce.errors import CellError, CheckpointError, DataError
from reproduce.models.checkpoint import check_planned, load_encoder
from reproduce.models.classifier import EncoderPath, FusionClassifier
from reproduce.models.encoder import set_dropout
from reproduce.models.fusion import FUSIONS, check_fusion
from reproduce.models.heads import WordHead, pair_head
from reproduce.nouns.base import digest
from reproduce.nouns.cell import DataSlice, FineTune, Whereabouts, trained_on
from reproduce.nouns.record import Content, Record, Segment
from reproduce.nouns.sentence import Example, Sentence
from reproduce.nouns.source import GENERATED, SOURCES
from reproduce.steps import STEPS
from reproduce.tasks import TASKS, Task
from reproduce.training.adapt import adapted, load_transform
from reproduce.training.batches import Layout
from reproduce.training.benchmark import span_measures
from reproduce.training.chance import chance_measures
from reproduce.training.controls import degrade, randomize, shuffle_labels
from reproduce.training.encode import Encoded, concatenate, encode_examples, special_ids
from reproduce.training.evaluate import Predictions, Statistics, count, predict, score
from reproduce.training.gates import gate_measures, watched
from reproduce.training.kept import keep
from reproduce.training.loop import epochs_of, train
from reproduce.training.seeds import Seeds, seeds_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import BertModel

_SLICES_KEPT = 512  # encoded slices a worker remembers; a language's test set is well below a MB


def fine_tune(cell: FineTune, whereabouts: Whereabouts) -> Record:
    """Train and evaluate one cell; deterministic on one kind of machine.

    Runs on the first visible GPU, else on one CPU thread.

    Raises:
        CellError: the loss is no number, or the cell asks for what its slices do not hold.
        DataError: a slice cannot be read, or has changed since it was pinned.
        CheckpointError: the checkpoint cannot be used, or has changed since it was pinned.
    """
    task = TASKS.get(cell.task)
    base = load_base(cell.model, whereabouts.checkpoints.get(cell.model, ""))
    layout = Layout(special_ids(base.tokenizer).pad, restart=cell.pair_head == "matched")
    length, long = cell.training.max_length, cell.training.long
    train, evaluate = (
        [encoded(piece, base, length, whereabouts, long) for piece in pieces]
        for pieces in (cell.train, cell.evaluate)
    )
    data = concatenate(train)
    if cell.labels == "shuffled":
        data = shuffle_labels(data, cell.seed)
    rules = _dev_rules(cell)
    with _one_thread(), _own_randomness():
        encoder = base.encoder
        if cell.adapt is not None:
            text = concatenate([encoded(p, base, length, whereabouts) for p in cell.adapt.text])
            encoder = adapted(
                encoder,
                load_transform(whereabouts.checkpoints[cell.model], encoder.config.hidden_size),
                text,
                cell.adapt,
                seeds=seeds_of(cell.seed),
                layout=layout,
                tokenizer=base.tokenizer,
            )
        model = build_model(cell, encoder, seeds_of(cell.seed)).to(_device())
        return _run(cell, task, model, data, evaluate, layout, rules)


def build_model(cell: FineTune, encoder: BertModel, seeds: Seeds) -> FusionClassifier:
    """A fresh model of a cell: a copy of the encoder, a new fusion module and a new head.

    Seeds torch's generator: run it where that is contained.
    """
    task, hidden, dropout = TASKS.get(cell.task), encoder.config.hidden_size, cell.training.dropout
    check_fusion(cell.fusion, layers=encoder.config.num_hidden_layers, hidden=hidden)
    encoder = copy.deepcopy(encoder)
    if cell.encoder == "degraded":
        degrade(encoder, cell.seed)
    elif cell.encoder == "random":
        randomize(encoder, cell.seed)
    set_dropout(encoder, dropout)
    torch.manual_seed(seeds.head)
    # The one labelled place of a whole sentence is [CLS]; it is read as a word is.
    make_head = pair_head(cell.pair_head) if task.form == "pair" else WordHead
    head = make_head(hidden, len(task.labels), dropout)
    torch.manual_seed(seeds.fusion)
    fusion = FUSIONS.get(cell.fusion.kind)(hidden, cell.fusion, dropout)
    return FusionClassifier(encoder, fusion, head, layer=cell.fusion.layer, path=_path())


@dataclass(frozen=True)
class Base:
    """A checkpoint as loaded; cells copy its encoder and never change it."""

    model: str  # digest
    encoder: BertModel
    tokenizer: Tokenizer

    @cached_property
    def tokenizer_digest(self) -> str:
        """SHA-256 of the whole tokenizer, as tokenizer.json holds it."""
        return hashlib.sha256(self.tokenizer.to_str().encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class _Evaluated:
    predictions: Predictions
    statistics: Statistics


def _run(
    cell: FineTune,
    task: Task,
    model: FusionClassifier,
    training_data: Encoded,
    slices: list[Encoded],
    layout: Layout,
    rules: dict[str, list[int]],
) -> Record:
    """Train, note the best epoch by each rule, evaluate the chosen states on every slice."""
    everything = concatenate(slices)
    bounds = np.concatenate([[0], np.cumsum([len(part) for part in slices])])
    best: dict[str, tuple[float, int, dict[str, torch.Tensor]]] = {}
    losses: list[float] = []
    for loss in train(model, training_data, cell.training, seeds_of(cell.seed), layout):
        losses.append(loss)
        if len(losses) == epochs_of(cell.training, len(training_data)):
            break
        for rule, chosen in rules.items():
            value = _dev_score(task, model, [slices[n] for n in chosen], layout)
            if rule not in best or value > best[rule][0]:
                best[rule] = (value, len(losses), _state(model))
    with watched(model) as seen:
        last = _evaluate(task, model, everything, layout)
    gates = gate_measures(seen, everything, segments_of(cell.evaluate, slices, ("last",)), task)
    chosen_epochs = {"last": len(losses)}
    results = {"last": last}
    for rule, numbers in rules.items():
        rows = [last.statistics[bounds[n] : bounds[n + 1]] for n in numbers]
        value = float(np.mean([score(task, part) for part in rows]))
        if rule in best and best[rule][0] >= value:
            chosen_epochs[rule] = best[rule][1]
            model.load_state_dict(best[rule][2])
            results[rule] = _evaluate(task, model, everything, layout)
        else:
            chosen_epochs[rule], results[rule] = len(losses), last
    places = {
        f"{part.language}/{part.split}": (part.start, part.stop)
        for part in segments_of(cell.evaluate, slices, ("last",))
    }
    spans = span_measures(task, everything, last.predictions, places)
    measures = gates | spans | chance_measures(task, training_data, everything, places)
    return _record(cell, task, slices, losses, chosen_epochs, results, measures)


def _record(
    cell: FineTune,
    task: Task,
    slices: list[Encoded],
    losses: list[float],
    chosen: dict[str, int],
    results: dict[str, _Evaluated],
    measures: dict[str, tuple[float, ...]],
) -> Record:
    kept = [results[rule] for rule in cell.checkpoints]
    data = concatenate(slices)
    lengths = np.tile(data.labels.lengths(), len(kept))
    return Record(
        content=Content(
            cell=cell,
            metric=task.metric,
            labels=task.labels,
            segments=segments_of(cell.evaluate, slices, cell.checkpoints),
            epochs=tuple(losses),
            chosen={rule: chosen[rule] for rule in cell.checkpoints},
            encoder=_path(),
            measures=measures,
        ),
        statistics=np.concatenate([result.statistics for result in kept]),
        clusters=np.tile(data.clusters, len(kept)),
        offsets=np.concatenate([[0], lengths]).cumsum(),
        predictions=np.concatenate([result.predictions for result in kept]),
    )


def segments_of(
    pieces: Sequence[DataSlice], slices: Sequence[Encoded], checkpoints: Sequence[str]
) -> tuple[Segment, ...]:
    """Where each slice lies in a record's arrays: all slices, once for each checkpoint."""
    stops = np.cumsum([len(part) for part in slices])
    return tuple(
        Segment(
            checkpoint=rule,
            language=f"{piece.language}@{piece.part}" if piece.part else piece.language,
            split=piece.split,
            start=int(turn * stops[-1] + stop) - len(part),
            stop=int(turn * stops[-1] + stop),
            truncated=int(part.truncated.sum()),
        )
        for turn, rule in enumerate(checkpoints)
        for piece, part, stop in zip(pieces, slices, stops, strict=True)
    )


def _evaluate(task: Task, model: FusionClassifier, data: Encoded, layout: Layout) -> _Evaluated:
    predictions = predict(model, data, layout)
    return _Evaluated(predictions, count(task, data, predictions))


def _dev_score(task: Task, model: FusionClassifier, slices: list[Encoded], layout: Layout) -> float:
    """Mean score over development slices."""
    results = [_evaluate(task, model, part, layout).statistics for part in slices]
    return float(np.mean([score(task, part) for part in results]))


def _dev_rules(cell: FineTune) -> dict[str, list[int]]:
    """The development slices, by their place in `evaluate`, that each checkpoint rule looks at."""
    rules: dict[str, list[int]] = {}
    for rule in cell.checkpoints:
        if rule == "last":
            continue
        if rule not in ("source-dev", "target-dev"):
            raise CellError(f"unknown checkpoint rule {rule!r}")
        rules[rule] = [
            number
            for number, piece in enumerate(cell.evaluate)
            if piece.split == "dev"
            and (piece.language in trained_on(cell)) == (rule == "source-dev")
        ]
        if not rules[rule]:
            raise CellError(f"checkpoint rule {rule!r}, but no development slice to choose by")
    return rules


def _state(model: FusionClassifier) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


@lru_cache(maxsize=2)
def load_base(model: str, folder: str) -> Base:
    """The checkpoint of that digest, read once per process."""
    check_planned(model, folder)
    return Base(model, *load_encoder(folder))


_slices: dict[tuple[str, str, int, str], Encoded] = {}


def encoded(
    piece: DataSlice,
    base: Base,
    length: int,
    whereabouts: Whereabouts,
    long: Literal["cut", "split"] = "cut",
) -> Encoded:
    """A slice in at most so many sub-words a row, read and encoded once per process.

    Encodings of corpora are kept on disk besides, for other processes and later runs.
    """
    key = (piece.model_dump_json(), base.model, length, long)
    if key in _slices:
        return _slices[key]
    if length > base.encoder.config.max_position_embeddings:
        raise CheckpointError(
            f"max_length is {length}, but the encoder has"
            f" {base.encoder.config.max_position_embeddings} positions"
        )

    def make() -> Encoded:
        examples = SOURCES.get(piece.source).load(piece, whereabouts)
        task = TASKS.get(piece.task)
        found = encode_examples(examples, task, base.tokenizer, max_length=length, long=long)
        return replace(found, scored=_scored(examples, piece)) if piece.part else found

    if piece.part or piece.source in GENERATED:
        found = make()
    else:
        what = {
            "slice": piece.model_dump(mode="json"),
            "tokenizer": base.tokenizer_digest,
            "length": length,
            "long": long,
            "steps": [STEPS["data"], STEPS["encoding"]],
        }
        found = keep(digest(what), make)
    while len(_slices) >= _SLICES_KEPT:
        _slices.pop(next(iter(_slices)))
    _slices[key] = found
    return found


def _scored(examples: Sequence[Example], piece: DataSlice) -> npt.NDArray[np.bool_]:
    """Which words of a slice count: those right after a switch of language, or all others.

    A sentence whose words carry no language id, of which treebanks have a few, has no known switch.
    """
    marks: list[bool] = []
    if not any(isinstance(e, Sentence) and e.languages is not None for e in examples):
        raise DataError(f"no language ids of words in {piece.language}", where=examples[0].id)
    for example in examples:
        assert isinstance(example, Sentence)
        marks += after_switch(example.languages or ("unk",) * len(example.words))
    found = np.array(marks, dtype=np.bool_)
    return found if piece.part == "switch" else ~found


def _path() -> EncoderPath:
    return "plain" if _device().type == "cuda" else "fast"


def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@contextmanager
def _one_thread() -> Iterator[None]:
    """One thread per cell: cells run side by side, and sums keep their order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def _own_randomness() -> Iterator[None]:
    """Give torch's generators back as they were."""
    with torch.random.fork_rng():
        yield
