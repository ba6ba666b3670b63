"""Pretraining on real text: on a GPU in bf16 where there is one, resumable to the same result."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from transformers import BertForMaskedLM

from reproduce.errors import CheckpointError
from reproduce.models.checkpoint import inspect_checkpoint
from reproduce.pretrain.checkpoint import save_encoder
from reproduce.pretrain.corpus import Ids
from reproduce.pretrain.examples import Batch, batches, mask, pad_rows
from reproduce.pretrain.loop import State, new_state, rate_share
from reproduce.pretrain.recipe import Recipe
from reproduce.pretrain.text_corpus import TextCorpus, prepare
from reproduce.pretrain.tokenizer import CLS, MASK, PAD, SEP, save_tokenizer

LOG = "log.jsonl"
_SHARDS, _MASKS = 11, 12  # first words of the seeds of random streams
_HELD_OUT = 40  # sentences of a language
_PERPLEXITY, _PERPLEXITY_LENGTH = 10, 64  # sentences of a language, and their longest length
_STOP_AFTER = 3  # measurements of the held-out loss without a gain


def text_recipe(tokens: int, seed: int = 0) -> Recipe:
    """The mini-mBERT: 8 layers x 192 over 32,000 sub-words, 20 MB in half precision."""
    return Recipe(
        tokens=tokens,
        seed=seed,
        vocabulary=32_000,
        layers=8,
        hidden=192,
        heads=6,
        pair_share=0.0,
        mask_share=0.15,
        batch_tokens=16_384,
        learning_rate=1e-3,
        matrix_rate=1e-2,
        comparing=(),
    )


@dataclass(frozen=True)
class TextProgress:
    """How a run goes: means since the last report."""

    step: int
    tokens: int
    loss: float  # nats per masked sub-word
    rate: float  # sub-words a second


@dataclass(frozen=True)
class _Place:
    """The next batch: number `batch` of shard `shard`."""

    step: int = 0
    tokens: int = 0
    shard: int = 0
    batch: int = 0


def pretrain_text(
    recipe: Recipe,
    data: Path,
    folder: Path,
    *,
    resume: bool = False,
    report: Callable[[TextProgress], None] = lambda progress: None,
    save_steps: int = 500,
    stop_at_step: int | None = None,
) -> Path | None:
    """Train on the text of a folder and give the checkpoint's, or None if it was stopped early.

    Training ends when the recipe's sub-words are seen, or when the held-out loss has not fallen
    for three measurements in a row.

    Raises:
        CheckpointError: `folder` holds a run and `resume` is not asked for, or it is another run.
        DataError: no text with a free licence.
    """
    state_file = folder / "state.pt"
    if state_file.exists() and not resume:
        raise CheckpointError(
            "this folder holds a run already",
            where=str(folder),
            next_step="add --resume to go on with it, or give another folder with --out",
        )
    prepare(data, folder / "text", recipe.vocabulary)
    corpus = TextCorpus(folder / "text")
    digest = _digest(recipe, corpus.census["text"])
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    state = new_state(recipe, corpus.tokenizer.get_vocab_size())
    torch.nn.Module.to(state.model, device)
    place, held_out = _Place(), list[float]()
    if state_file.exists():
        place, held_out = _load(state, digest, state_file, device)

    def save(place: _Place, measure: bool) -> None:
        if measure:
            held_out.append(held_out_loss(state.model, corpus, recipe))
            _log(folder, {"tokens": place.tokens, "held_out": round(held_out[-1], 4)})
        _save(state, place, held_out, digest, state_file)

    done = _train(recipe, corpus, state, place, held_out, report, save, save_steps, stop_at_step)
    if not done:
        return None
    return _export(state, corpus, recipe, folder, device)


def _train(
    recipe: Recipe,
    corpus: TextCorpus,
    state: State,
    place: _Place,
    held_out: list[float],
    report: Callable[[TextProgress], None],
    save: Callable[[_Place, bool], None],
    save_steps: int,
    stop_at_step: int | None,
) -> bool:
    model, optimizers = state.model, state.optimizers[:2]
    losses: list[float] = []
    begun, seen = time.monotonic(), place.tokens
    made: list[Batch] = []
    model.train()
    while place.tokens < recipe.tokens and not _stalled(held_out):
        if not made:
            rng = np.random.default_rng([recipe.seed, _SHARDS, place.shard])
            shard = corpus.shard(place.shard, recipe.seed)
            made = batches(shard, recipe, rng)[place.batch :]
            if not made:
                place = replace(place, shard=place.shard + 1, batch=0)
                continue
        batch = made.pop(0)
        loss = _loss(model, batch, recipe, place.step)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        share = rate_share(recipe, place.tokens)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = share * group["peak"]
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        place = _Place(place.step + 1, place.tokens + batch.tokens, place.shard, place.batch + 1)
        if not made:
            place = replace(place, shard=place.shard + 1, batch=0)
        losses.append(loss.item())
        measured = place.step % save_steps == 0
        if measured or place.step == stop_at_step:
            rate = (place.tokens - seen) / max(time.monotonic() - begun, 1e-9)
            report(TextProgress(place.step, place.tokens, float(np.mean(losses)), rate))
            save(place, measured)
            begun, seen, losses = time.monotonic(), place.tokens, []
        if place.step == stop_at_step:
            return False
    save(place, True)
    return True


def _stalled(held_out: list[float]) -> bool:
    recent = held_out[-_STOP_AFTER:]
    earlier = held_out[:-_STOP_AFTER]
    return bool(earlier) and min(recent) >= min(earlier)


def _loss(model: BertForMaskedLM, batch: Batch, recipe: Recipe, step: int) -> torch.Tensor:
    """Mean cross-entropy, in nats, of the masked sub-words, masked anew at every step."""
    rng = np.random.default_rng([recipe.seed, _MASKS, step])
    masked = mask(batch, recipe.mask_share, model.config.vocab_size, rng)
    device = next(model.parameters()).device
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
        states = model.bert(
            input_ids=torch.from_numpy(masked.ids).long().to(device),
            attention_mask=torch.from_numpy(batch.ids != PAD).long().to(device),
        ).last_hidden_state  # [rows, tokens, hidden]
        places = torch.from_numpy(masked.places).to(device)
        logits = model.cls(states.flatten(0, 1)[places])
    labels = torch.from_numpy(masked.labels).to(device)
    return torch.nn.functional.cross_entropy(logits.float(), labels)


def held_out_loss(model: BertForMaskedLM, corpus: TextCorpus, recipe: Recipe) -> float:
    """Mean over languages of the loss on sentences that are never trained on."""
    model.train(False)
    found = []
    with torch.no_grad():
        for language in corpus.languages:
            pieces = corpus.held_out(language, _HELD_OUT)
            batch = pad_rows([(piece[: recipe.positions - 2], None) for piece in pieces])
            found.append(_loss(model, batch, recipe, step=0).item())
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


def _export(
    state: State, corpus: TextCorpus, recipe: Recipe, folder: Path, device: torch.device
) -> Path:
    checkpoint = folder / "checkpoint"
    perplexity = {
        code: round(
            pseudo_perplexity(state.model, corpus.held_out(code, _PERPLEXITY), _PERPLEXITY_LENGTH),
            1,
        )
        for code in corpus.languages
    }
    save_encoder(state.model.cpu(), checkpoint)
    save_tokenizer(corpus.tokenizer, checkpoint, recipe.positions)
    log = [json.loads(line) for line in (folder / LOG).read_text().splitlines()]
    tokens = log[-1]["tokens"]
    name = torch.cuda.get_device_name() if device.type == "cuda" else "CPU"
    content = {
        "digest": inspect_checkpoint(checkpoint).digest,
        "recipe": asdict(recipe),
        "hardware": name,
        "tokens": tokens,
        "passes": corpus.passes(tokens),
        "curve": [[entry["tokens"], entry["held_out"]] for entry in log],
        "pseudo_perplexity": perplexity,
        "text": corpus.census,
    }
    (checkpoint / "card.json").write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
    (checkpoint / "README.md").write_text(_card(content), encoding="utf-8")
    return checkpoint


def _card(content: dict[str, object]) -> str:
    """The card for people; scores are added by hand once they were measured."""
    text = content["text"]
    assert isinstance(text, dict)
    licences = "\n".join(
        f"- {name}: {len(files)} files" for name, files in text["licences"].items()
    )
    perplexity = content["pseudo_perplexity"]
    passes = content["passes"]
    assert isinstance(perplexity, dict) and isinstance(passes, dict)
    rows = "\n".join(
        f"| {code} | {text['words'][code]:,} | {passes[code]} | {value} |"
        for code, value in perplexity.items()
    )
    return (
        "# A small multilingual BERT pretrained on real text\n\n"
        f"Digest `{content['digest']}`. {content['tokens']:,} sub-words of masked language"
        f" modelling on {content['hardware']}; recipe and loss curve stand in card.json.\n\n"
        "## Text\n\n"
        f"Digest `{text['text']}`. Licences (public domain, CC0, CC BY and CC BY-SA alone):\n\n"
        f"{licences}\n\n"
        "No sentence of an evaluation in the same folder is in it: of what was read,"
        f" {text['evaluated']} sentences stood in one of {text['evaluated_sentences']:,} evaluated"
        f" ones (case and punctuation aside), and {text['overlapping']} shared 13 words in a row"
        f" with one; both were left out, and {text['repeated']} repetitions besides.\n\n"
        "| language | words | passes | held-out pseudo-perplexity of a sub-word |\n"
        "| --- | --- | --- | --- |\n"
        f"{rows}\n\n"
        "Zero-shot scores were not measured by this command.\n"
    )


def _digest(recipe: Recipe, text: str) -> str:
    """A run is only continued under the same recipe and text."""
    content = json.dumps({"recipe": asdict(recipe), "text": text}, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _save(state: State, place: _Place, held_out: list[float], digest: str, path: Path) -> None:
    partial = path.with_suffix(".partial")
    content = {
        "digest": digest,
        "model": state.model.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in state.optimizers],
        "place": asdict(place),
        "held_out": held_out,
    }
    torch.save(content, partial)
    partial.replace(path)


def _load(
    state: State, digest: str, path: Path, device: torch.device
) -> tuple[_Place, list[float]]:
    content = torch.load(path, weights_only=True, map_location=device)
    if content["digest"] != digest:
        raise CheckpointError(
            "this run was started with another recipe or other text",
            where=str(path),
            next_step="give the options it was started with, or another folder with --out",
        )
    state.model.load_state_dict(content["model"])
    for optimizer, saved in zip(state.optimizers, content["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return _Place(**content["place"]), list(content["held_out"])


def _log(folder: Path, entry: dict[str, float]) -> None:
    with (folder / LOG).open("a") as file:
        file.write(json.dumps(entry) + "\n")
