"""Controls: training data and encoders that are spoiled on purpose, to test the whole chain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from reproduce.training.encode import Encoded, Ragged
from reproduce.training.seeds import derive

if TYPE_CHECKING:
    from transformers import BertModel

# The activations of a layer are of the order of 1. Beside a bias so large, what the layer says of
# its input is lost: normalised, it is smaller than what a head can learn to read in a few hundred
# steps. Measured on POS: after one of 100 fine-tuning recovers; from 1000 on only chance is left.
DROWNING = 1e4


def shuffle_labels(data: Encoded, seed: int) -> Encoded:
    """The same sentences with their labels moved at random to any other words, or other pairs.

    How often each label occurs stays the same; what a label could be told by does not. Moving
    whole sequences between sentences of one length would not do: the last word of nearly every
    sentence would still be a full stop, and the first ones would still be a determiner and a noun.
    """
    generator = np.random.default_rng(derive(seed, "shuffled labels"))
    return replace(
        data, labels=Ragged(generator.permutation(data.labels.flat), data.labels.offsets)
    )


def degrade(encoder: BertModel, seed: int) -> None:
    """Spoil the last layer in place: its output becomes a random vector, whatever its input.

    New weights alone would not spoil it: a layer's input goes around it, and fine-tuning would
    learn to read it off. So the bias of its last sum is set to a random vector that drowns the
    rest.
    """
    generator = torch.Generator().manual_seed(derive(seed, "degraded layer"))
    last = encoder.config.num_hidden_layers - 1
    bias = encoder.get_parameter(f"encoder.layer.{last}.output.dense.bias")
    with torch.no_grad():
        bias.copy_(DROWNING * torch.randn(bias.shape, generator=generator))


def randomize(encoder: BertModel, seed: int) -> None:
    """Draw all weights anew, in place, as before any pretraining."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive(seed, "random encoder"))
        fresh = type(encoder)(encoder.config, add_pooling_layer=False)
    encoder.load_state_dict(fresh.state_dict())
