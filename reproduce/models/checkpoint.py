"""Checkpoint folders: what lies in one, told without torch, and the encoder loaded from it."""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from logging import ERROR
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

from reproduce.errors import CheckpointError
from reproduce.hub import PREFIX, holds_checkpoint, parse_reference, snapshot
from reproduce.resources import embedded_checkpoint

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import BertModel

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_EMBEDDINGS = "embeddings.word_embeddings.weight"
# How the embedded checkpoints are made, for where one is absent.
_MAKING = {
    "world": "make one: reproduce pretrain world",
    "mini": "make one: reproduce pretrain text --data FOLDER, or name any folder of a BERT:"
    " --set setting.checkpoint=/path/to/it",
}
_CASED_SHARE = 0.01  # of the vocabulary; uncased vocabularies have no capital outside brackets


@dataclass(frozen=True)
class CheckpointFacts:
    """What a checkpoint folder holds.

    Attributes:
        folder: where it lies on this machine.
        layers: transformer layers.
        hidden: size of a token's representation.
        vocabulary: number of sub-words.
        positions: the longest sequence, in sub-words.
        parameters: numbers in the weights file, heads of pretraining included.
        cased: whether the vocabulary tells capitals from small letters.
        digest: SHA-256 over the configuration, the weights and the tokenizer.
    """

    folder: str
    layers: int
    hidden: int
    vocabulary: int
    positions: int
    parameters: int
    cased: bool
    digest: str


@dataclass(frozen=True)
class _Files:
    """The files that make a checkpoint; what else lies in the folder is not read."""

    config: Path
    weights: tuple[Path, ...]
    tokenizer: tuple[Path, ...]

    def all(self) -> tuple[Path, ...]:
        return (self.config, *self.weights, *self.tokenizer)


def checkpoint_folder(checkpoint: str) -> Path:
    """The folder that a setting's `checkpoint` names.

    A path, `embedded:NAME`, or `hub:owner/name@REVISION` for what was fetched from the hub.

    Raises:
        CheckpointError: there is no such folder.
        UserError: a reference to the hub without a commit.
    """
    if checkpoint.startswith(PREFIX):
        return _fetched(checkpoint)
    if checkpoint.startswith("embedded:"):
        return _embedded(checkpoint)
    folder = Path(checkpoint).expanduser()
    if not folder.exists():
        _refuse(
            "there is no such checkpoint folder",
            folder,
            next_step="name a folder with config.json, model.safetensors and tokenizer.json,"
            " or an embedded one: embedded:world",
        )
    if not folder.is_dir():
        _refuse(
            "this is a file; a checkpoint is a folder",
            folder,
            next_step=f"name the folder that holds it: {folder.parent}",
        )
    return folder


def _fetched(checkpoint: str) -> Path:
    """The snapshot of a checkpoint; it is never downloaded here, where work is under way."""
    reference = parse_reference(checkpoint, "model")
    folder = snapshot(reference)
    if holds_checkpoint(folder):
        return folder
    raise CheckpointError(
        f"the model {reference.repository} is not on this machine, or not all of it",
        where=str(folder),
        next_step="fetch it: reproduce fetch --setting NAME says how large it is; or name a folder"
        " that holds a copy: --set setting.checkpoint=/path/to/it",
    )


def _embedded(checkpoint: str) -> Path:
    name = checkpoint.removeprefix("embedded:")
    folder = embedded_checkpoint(name)
    if name and (folder / "config.json").is_file():
        return folder
    home = embedded_checkpoint("")
    there = sorted(path.parent.name for path in home.glob("*/config.json"))
    raise CheckpointError(
        f"there is no embedded checkpoint {name!r}",
        where=checkpoint,
        allowed=", ".join(f"embedded:{other}" for other in there) or "none is installed",
        next_step=_MAKING.get(name, "" if there else _MAKING["world"]),
    )


def inspect_checkpoint(checkpoint: str | Path) -> CheckpointFacts:
    """Read a checkpoint's configuration, tensor list and tokenizer, and hash all three.

    Imports neither torch nor transformers.

    Raises:
        CheckpointError: no such folder, not a BERT encoder, no tokenizer, torn or pickled weights,
            or a tokenizer that lower-cases before a cased vocabulary.
    """
    folder = checkpoint_folder(str(checkpoint))
    files = _files(folder)
    config = _config(files.config)
    shapes = {name: shape for path in files.weights for name, shape in _tensors(path).items()}
    _check_embeddings(shapes, config, folder)
    vocabulary = _vocabulary(files.tokenizer)
    _check_vocabulary(vocabulary, config["vocab_size"], files.tokenizer[0])
    cased = _is_cased(vocabulary)
    if cased and _lower_cases(files.tokenizer, cased):
        _refuse(
            "the tokenizer lower-cases its input, but the vocabulary is cased",
            files.tokenizer[0],
            next_step='set "lowercase": false in its normalizer (or "do_lower_case": false in'
            " tokenizer_config.json), as in pretraining",
        )
    return CheckpointFacts(
        folder=str(folder),
        layers=config["num_hidden_layers"],
        hidden=config["hidden_size"],
        vocabulary=config["vocab_size"],
        positions=config["max_position_embeddings"],
        parameters=sum(math.prod(shape) for shape in shapes.values()),
        cased=cased,
        digest=_digest(files),
    )


def check_planned(model: str, folder: str) -> None:
    """Refuse a folder that does not hold the checkpoint of the planned digest.

    Raises:
        CheckpointError: the folder is not known, cannot be used, or holds another checkpoint.
    """
    if not folder:
        raise CheckpointError(f"it is not known where the checkpoint {model[:12]} lies")
    found = inspect_checkpoint(folder).digest
    if found != model:
        raise CheckpointError(
            f"the checkpoint has changed: {found[:12]}, planned with {model[:12]}", where=folder
        )


def load_encoder(checkpoint: str | Path) -> tuple[BertModel, Tokenizer]:
    """The encoder (float32, sdpa attention, no pooler, in evaluation mode) and its tokenizer.

    Weights of a pretraining head in the folder are left out; the `bert.` prefix of such folders is
    understood.

    Raises:
        CheckpointError: as `inspect_checkpoint`, or weights of the encoder are missing.
    """
    facts = inspect_checkpoint(checkpoint)
    folder = Path(facts.folder)
    return _load_model(folder), load_tokenizer(folder)


def load_tokenizer(folder: Path) -> Tokenizer:
    """The folder's tokenizer, without padding and truncation: from tokenizer.json or vocab.txt."""
    from tokenizers import Tokenizer

    files = _files(folder).tokenizer
    if files[0].name == "tokenizer.json":
        tokenizer = Tokenizer.from_file(str(files[0]))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer
    from tokenizers import models, normalizers, pre_tokenizers

    vocabulary = _vocabulary(files)
    # A vocabulary alone does not say whether it is cased; transformers would lower-case always.
    lowercase = _lower_cases(files, _is_cased(vocabulary))
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def _load_model(folder: Path) -> BertModel:
    import torch
    from transformers import BertModel

    try:
        with _quiet():
            # With loading information it returns a pair, which its annotation does not know.
            loaded: Any = BertModel.from_pretrained(
                folder,
                dtype=torch.float32,
                attn_implementation="sdpa",
                add_pooling_layer=False,
                local_files_only=True,
                output_loading_info=True,
            )
    except (OSError, ValueError, RuntimeError) as error:
        raise CheckpointError(
            f"the encoder cannot be loaded: {str(error).splitlines()[0]}",
            where=str(folder),
            next_step="copy the checkpoint again, or save it anew with save_pretrained",
        ) from error
    model, info = loaded
    missing = sorted(info["missing_keys"])
    if missing:
        _refuse(
            f"{len(missing)} tensors of the encoder are missing, the first is {missing[0]}",
            folder,
            next_step="save the whole encoder with save_pretrained",
        )
    return cast("BertModel", model.eval())


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence transformers' progress bars and its report of unused pretraining heads."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(ERROR)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _refuse(message: str, where: Path, *, allowed: str = "", next_step: str = "") -> NoReturn:
    raise CheckpointError(message, where=str(where), allowed=allowed, next_step=next_step)


def _files(folder: Path) -> _Files:
    config = folder / "config.json"
    if not config.is_file():
        _refuse(
            "no config.json in this folder",
            folder,
            next_step="name a checkpoint folder as save_pretrained writes it",
        )
    return _Files(config, _weight_files(folder), _tokenizer_files(folder))


def _weight_files(folder: Path) -> tuple[Path, ...]:
    whole, index = folder / "model.safetensors", folder / "model.safetensors.index.json"
    if whole.is_file():
        return (whole,)
    if index.is_file():
        parts = sorted({str(name) for name in _json(index).get("weight_map", {}).values()})
        for part in parts:
            if Path(part).name != part or not (folder / part).is_file():
                _refuse(f"{part!r} is listed, but not in the folder", index)
        return tuple(folder / part for part in parts)
    pickled = sorted(path.name for path in folder.iterdir() if path.suffix in _PICKLED)
    found = f"the weights are pickled ({pickled[0]})" if pickled else "no weights in this folder"
    _refuse(
        f"{found}; model.safetensors is required",
        folder,
        next_step="convert them: save_pretrained of transformers writes safetensors"
        if pickled
        else "copy model.safetensors here",
    )


def _tokenizer_files(folder: Path) -> tuple[Path, ...]:
    whole, vocabulary = folder / "tokenizer.json", folder / "vocab.txt"
    if whole.is_file():
        return (whole,)
    if not vocabulary.is_file():
        _refuse(
            "no tokenizer in this folder",
            folder,
            allowed="tokenizer.json or vocab.txt",
            next_step="copy it from where the weights came from, or save it with save_pretrained",
        )
    config = folder / "tokenizer_config.json"
    return (vocabulary, config) if config.is_file() else (vocabulary,)


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise CheckpointError(
            f"not JSON: {error}", where=str(path), next_step="copy the checkpoint again"
        ) from error
    if not isinstance(value, dict):
        _refuse("not a JSON object", path, next_step="copy the checkpoint again")
    return value


def _config(path: Path) -> dict[str, Any]:
    config = _json(path)
    kind = config.get("model_type")
    if kind != "bert" or config.get("is_decoder"):
        found = "a decoder" if config.get("is_decoder") else f"model_type {kind!r}"
        _refuse(f"not a BERT encoder: {found}", path, allowed="model_type 'bert'")
    sizes = ("num_hidden_layers", "hidden_size", "vocab_size", "max_position_embeddings")
    for key in sizes:
        # transformers leaves out nothing on saving, but configurations written by hand do.
        if not isinstance(config.get(key), int) or config[key] < 1:
            _refuse(f"{key} is {config.get(key)!r}", path, allowed="a whole number from 1")
    return config


def _tensors(path: Path) -> dict[str, list[int]]:
    """Names and shapes from a safetensors header, its length checked against the file's."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > size:
                raise ValueError("the header is longer than the file")
            header = json.loads(file.read(length))
        tensors = {name: value for name, value in header.items() if name != "__metadata__"}
        end = max((value["data_offsets"][1] for value in tensors.values()), default=0)
        if 8 + length + end != size:
            raise ValueError(f"{size} bytes, but {8 + length + end} are announced")
        return {name: value["shape"] for name, value in tensors.items()}
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(
            f"the weights file is torn or no safetensors file ({error})",
            where=str(path),
            next_step="copy or download it again",
        ) from error


def _check_embeddings(shapes: dict[str, list[int]], config: dict[str, Any], folder: Path) -> None:
    found = shapes.get(_EMBEDDINGS) or shapes.get(f"bert.{_EMBEDDINGS}")
    expected = [config["vocab_size"], config["hidden_size"]]
    if found is None:
        _refuse(
            f"the weights hold no {_EMBEDDINGS}",
            folder,
            next_step="name the folder of a BERT encoder, not of a head or an adapter",
        )
    if found != expected:
        _refuse(f"the word embeddings are {found}, config.json says {expected}", folder)


def _vocabulary(files: tuple[Path, ...]) -> dict[str, int]:
    path = files[0]
    if path.name == "vocab.txt":
        return {token: index for index, token in enumerate(_vocabulary_lines(path)) if token}
    content = _json(path)
    model = content.get("model")
    vocabulary = model.get("vocab") if isinstance(model, dict) else None
    if not isinstance(vocabulary, dict):
        _refuse("the tokenizer has no vocabulary of sub-words", path, allowed="WordPiece or BPE")
    try:
        added = {entry["content"]: entry["id"] for entry in content.get("added_tokens") or []}
    except (TypeError, KeyError):
        _refuse("added_tokens are no tokens", path, next_step="copy the checkpoint again")
    found = {**vocabulary, **added}
    if not all(isinstance(number, int) for number in found.values()):
        _refuse("a sub-word's id is no number", path, next_step="copy the checkpoint again")
    return found


def _vocabulary_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise CheckpointError(
            f"not UTF-8: {error.reason}", where=str(path), next_step="copy the checkpoint again"
        ) from error


def _check_vocabulary(vocabulary: dict[str, int], size: int, path: Path) -> None:
    absent = [token for token in _SPECIAL if token not in vocabulary]
    if absent:
        _refuse(f"the vocabulary has no {', '.join(absent)}", path)
    largest = max(vocabulary.values())
    if largest >= size:
        _refuse(
            f"the tokenizer has an id {largest}, the encoder only {size} embeddings",
            path,
            next_step="take tokenizer and weights from the same checkpoint",
        )


def _is_cased(vocabulary: dict[str, int]) -> bool:
    plain = [token for token in vocabulary if not (token.startswith("[") and token.endswith("]"))]
    capitals = sum(token != token.lower() for token in plain)
    return capitals > _CASED_SHARE * len(plain)


def _lower_cases(files: tuple[Path, ...], cased: bool) -> bool:
    """Whether the tokenizer lower-cases; a vocabulary that nothing is said of suits itself."""
    if files[0].name == "tokenizer.json":
        return _normalizer_lower_cases(_json(files[0]).get("normalizer"))
    settings = _json(files[1]) if len(files) > 1 else {}
    return bool(settings.get("do_lower_case", not cased))


def _normalizer_lower_cases(normalizer: object) -> bool:
    if not isinstance(normalizer, dict):
        return False
    if normalizer.get("type") == "Sequence":
        return any(_normalizer_lower_cases(part) for part in normalizer.get("normalizers", []))
    return normalizer.get("type") == "Lowercase" or bool(normalizer.get("lowercase"))


def _digest(files: _Files) -> str:
    whole = hashlib.sha256()
    for path in files.all():
        with path.open("rb") as file:
            part = hashlib.file_digest(file, "sha256")
        whole.update(f"{path.name}:{part.hexdigest()}\n".encode())
    return whole.hexdigest()
