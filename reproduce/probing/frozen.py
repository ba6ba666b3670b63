"""A frozen encoder's hidden states, of all layers at once and once for each slice in a process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch

from reproduce.errors import CellError, CheckpointError
from reproduce.models.batch import Batch
from reproduce.models.checkpoint import check_planned, load_encoder
from reproduce.models.encoder import attention_mask
from reproduce.nouns.cell import DataSlice, Whereabouts
from reproduce.nouns.probe import Measurement
from reproduce.nouns.sentence import Example, Sentence, SentencePair
from reproduce.nouns.source import SOURCES
from reproduce.tasks.task import Task
from reproduce.training.batches import Layout, evaluation_rows, make_batch
from reproduce.training.encode import Encoded, encode_examples, special_ids
from reproduce.training.evaluate import BUDGET

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import BertModel

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

KEPT = 3 * 2**30
"""Bytes of states that a process remembers; what comes later is computed each time.

Nothing is put out to make room: cells go through the same slices over and over, and a cache that
forgets the oldest would then never have the next.
"""


@dataclass(frozen=True, eq=False)
class States:
    """The sentences of a slice in an encoder of L layers; layer 0 is the embeddings.

    Attributes:
        sentences: as read.
        encoded: in sub-words; `starts` has the words that fit.
        pooled: mean over a sentence's sub-words, special ones left out; float32 [L + 1, N, E].
        words: first sub-word of each word that fits, in order; float32 [L + 1, W, E].
    """

    sentences: tuple[Sentence, ...]
    encoded: Encoded
    pooled: Singles
    words: Singles

    def size(self) -> int:
        """Bytes of both arrays."""
        return self.pooled.nbytes + self.words.nbytes


@dataclass(frozen=True)
class _Base:
    encoder: BertModel
    tokenizer: Tokenizer


_states: dict[tuple[str, int, str], tuple[States, ...]] = {}


def states_of(piece: DataSlice, cell: Measurement, whereabouts: Whereabouts) -> tuple[States, ...]:
    """States of a slice's sentences; of pairs, those of the first sides and of the second ones.

    Raises:
        CellError: the layer does not exist.
        CheckpointError: the checkpoint cannot be used, or has changed since it was pinned.
        DataError: the slice cannot be read, or has changed since it was pinned.
    """
    key = (cell.model, cell.max_length, piece.model_dump_json())
    found = _states.get(key)
    if found is None:
        if any(other[0] != cell.model for other in _states):
            _states.clear()
        found = _compute(piece, cell, whereabouts)
        if sum(s.size() for kept in (*_states.values(), found) for s in kept) <= KEPT:
            _states[key] = found
    if layer_of(cell) >= len(found[0].pooled):
        raise CellError(f"there is no layer {layer_of(cell)} in {len(found[0].pooled) - 1} layers")
    return found


def layer_of(cell: Measurement) -> int:
    """The layer that a cell measures; 0 is the embeddings.

    Raises:
        CellError: it names none.
    """
    if cell.fusion.kind != "layer" or cell.fusion.layer is None:
        raise CellError(f"{cell.kind} measures a layer, not the fusion {cell.fusion.kind!r}")
    return cell.fusion.layer


def _compute(piece: DataSlice, cell: Measurement, whereabouts: Whereabouts) -> tuple[States, ...]:
    base = _base(cell.model, whereabouts.checkpoints.get(cell.model, ""))
    if cell.max_length > base.encoder.config.max_position_embeddings:
        raise CheckpointError(
            f"max_length is {cell.max_length}, but the encoder has"
            f" {base.encoder.config.max_position_embeddings} positions"
        )
    examples = SOURCES.get(piece.source).load(piece, whereabouts)
    with one_thread():
        return tuple(_encode(side, base, cell.max_length) for side in _sides(examples))


def _sides(examples: Sequence[Example]) -> Iterator[tuple[Sentence, ...]]:
    if examples and isinstance(examples[0], SentencePair):
        pairs = [example for example in examples if isinstance(example, SentencePair)]
        yield tuple(pair.first for pair in pairs)
        yield tuple(pair.second for pair in pairs)
    else:
        yield tuple(example for example in examples if isinstance(example, Sentence))


def _encode(sentences: tuple[Sentence, ...], base: _Base, max_length: int) -> States:
    types = tuple(sorted({word for sentence in sentences for word in sentence.words}))
    # Every word is its own label: an encoding asks for some, and no annotation is needed yet.
    task = Task("words", "words", types, "accuracy", "word types", "words")
    encoded = encode_examples(sentences, task, base.tokenizer, max_length=max_length)
    layout = Layout(special_ids(base.tokenizer).pad, restart=False)
    layers = base.encoder.config.num_hidden_layers + 1
    hidden = base.encoder.config.hidden_size
    pooled = np.empty((layers, len(encoded), hidden), dtype=np.float32)
    words = np.empty((layers, len(encoded.starts.flat), hidden), dtype=np.float32)
    device = next(base.encoder.parameters()).device
    with torch.inference_mode():
        for rows in evaluation_rows(encoded.ids.lengths(), BUDGET):
            batch = make_batch(encoded, rows, layout).to(device)
            places = np.concatenate([_places(encoded, row) for row in rows])
            for layer, states in enumerate(every_layer(base.encoder, batch)):
                pooled[layer, rows] = mean_pooled(states, batch).cpu().numpy()
                words[layer, places] = states.flatten(0, 1)[batch.words].cpu().numpy()
    return States(sentences, encoded, pooled, words)


def _places(encoded: Encoded, row: int) -> npt.NDArray[np.int64]:
    return np.arange(encoded.starts.offsets[row], encoded.starts.offsets[row + 1])


def every_layer(encoder: BertModel, batch: Batch) -> Iterator[torch.Tensor]:
    """The embeddings and the output of each layer in turn, float32 [B, T, E]."""
    states = encoder.embeddings(
        input_ids=batch.ids, token_type_ids=batch.types, position_ids=batch.positions
    )
    yield states
    mask = attention_mask(batch.mask, states.dtype)
    for block in encoder.encoder.layer:
        states = block(states, mask)
        yield states


def mean_pooled(states: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Mean over each sequence's sub-words without [CLS] and [SEP], [B, E]."""
    inner = batch.mask.clone()
    inner[:, 0] = False
    inner[torch.arange(len(inner)), batch.mask.sum(dim=1) - 1] = False
    weights = inner.to(states.dtype)[:, :, None]
    pooled: torch.Tensor = (states * weights).sum(dim=1) / weights.sum(dim=1)
    return pooled


@lru_cache(maxsize=1)
def _base(model: str, folder: str) -> _Base:
    check_planned(model, folder)
    encoder, tokenizer = load_encoder(folder)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.nn.Module.to(encoder, device).train(False)
    return _Base(encoder, tokenizer)


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread for torch and linear algebra: cells run side by side, sums keep their order."""
    from threadpoolctl import threadpool_limits

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(limits=1):
            yield
    finally:
        torch.set_num_threads(before)
