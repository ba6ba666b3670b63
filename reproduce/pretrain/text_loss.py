"""What a model loses on text: masked sub-words, held-out sentences, pseudo-perplexity."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from transformers import BertForMaskedLM

from reproduce.pretrain.corpus import Ids
from reproduce.pretrain.examples import Batch, mask, pad_rows
from reproduce.pretrain.recipe import Recipe
from reproduce.pretrain.text_corpus import TextCorpus
from reproduce.pretrain.tokenizer import CLS, MASK, PAD, SEP

MASKS = 12  # first word of the seeds of masks
_HELD_OUT = 40  # sentences of a language


class Seen(NamedTuple):
    """A masked batch as the model saw it.

    Attributes:
        states: [rows, tokens, hidden], of the last layer.
        loss: mean cross-entropy, in nats, of the masked sub-words.
    """

    states: torch.Tensor
    loss: torch.Tensor


def see_masked(
    model: BertForMaskedLM,
    batch: Batch,
    recipe: Recipe,
    rng: np.random.Generator,
    half: bool,
) -> Seen:
    """Run a model over a batch, masked anew at every step."""
    masked = mask(batch, recipe.mask_share, model.config.vocab_size, rng)
    device = model.device
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=half):
        states = model.bert(
            input_ids=torch.from_numpy(masked.ids).long().to(device),
            attention_mask=torch.from_numpy(batch.ids != PAD).long().to(device),
            token_type_ids=torch.from_numpy(batch.segments).long().to(device),
            position_ids=torch.from_numpy(batch.positions).long().to(device),
        ).last_hidden_state  # [rows, tokens, hidden]
        places = torch.from_numpy(masked.places).to(device)
        logits = model.cls(states.flatten(0, 1)[places])
    labels = torch.from_numpy(masked.labels).to(device)
    return Seen(states, torch.nn.functional.cross_entropy(logits.float(), labels))


def held_out_loss(model: BertForMaskedLM, corpus: TextCorpus, recipe: Recipe) -> float:
    """Mean over languages of the loss on sentences that are never trained on."""
    model.train(False)
    found = []
    with torch.no_grad():
        for language in corpus.languages:
            pieces = corpus.held_out(language, _HELD_OUT)
            batch = pad_rows([(piece[: recipe.positions - 2], None) for piece in pieces])
            rng = np.random.default_rng([MASKS, recipe.seed])
            found.append(see_masked(model, batch, recipe, rng, half=False).loss.item())
    model.train()
    return float(np.mean(found))


def pseudo_perplexity(model: BertForMaskedLM, sentences: list[Ids], positions: int) -> float:
    """The exponential of the mean loss of every sub-word, each masked by itself (Salazar 2020)."""
    device = next(model.parameters()).device
    model.train(False)
    total, count = 0.0, 0
    with torch.no_grad():
        for piece in sentences:
            ids = torch.tensor([CLS, *piece[: positions - 2].tolist(), SEP])
            inner = torch.arange(1, len(ids) - 1)
            rows = ids.repeat(len(inner), 1)
            rows[torch.arange(len(inner)), inner] = MASK
            states = model.bert(input_ids=rows.to(device)).last_hidden_state
            # Logits of the hidden places alone: of all they would take gigabytes.
            logits = model.cls(states[torch.arange(len(inner)), inner])
            labels = ids[inner].to(device)
            total += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
            count += len(inner)
    return math.exp(total / count)
