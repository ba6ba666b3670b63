"""A setting: what the abstract words of a claim stand for in one run."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reproduce.nouns.base import Name, Noun
from reproduce.nouns.evidence import Evidence

Language = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{1,15}$")]
CorpusKey = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_@-]{1,47}$")]
TaskName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class Training(Noun):
    """Hyper-parameters of fine-tuning."""

    epochs: Annotated[int, Field(ge=1, le=1000)]
    updates: Annotated[int, Field(ge=1)] | None = None  # so many steps, in place of `epochs`
    batch_size: Annotated[int, Field(ge=1, le=4096)] = 32
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.0
    warmup: Annotated[float, Field(ge=0, lt=1)] = 0.1  # share of the steps
    max_length: Annotated[int, Field(ge=8, le=512)] = 128  # sub-words, special ones included
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.1
    clip: Annotated[float, Field(gt=0)] = 1.0  # largest gradient norm
    long: Literal["cut", "split"] = "cut"  # sentences of words beyond `max_length`


DATA_FOLDER = "{data}"
"""Stands in a shipped setting for the folder of corpora that a user names with --data."""


class DataChoice(Noun):
    """Where the sentences of one task come from; `source` names a reader.

    Many treebanks have no training data: `training` names other data to train on in such a
    language, in whatever form. Development data of these languages are left out, since they may be
    what is trained on.
    """

    source: str  # world | conllu | ... : the registry of sources
    folder: str = ""  # for readers of files
    files: dict[CorpusKey, str] = {}  # language, pair or arm of a pair -> place below `folder`
    options: dict[str, str | int | float | bool] = {}
    training: dict[Language, DataChoice] = {}  # training data that are elsewhere, by language


class TaskSetting(Noun):
    """One task of the claims in this setting: data, sizes (in sentences or pairs), training."""

    data: DataChoice
    train: Annotated[int, Field(ge=1)]
    dev: Annotated[int, Field(ge=1)]
    test: Annotated[int, Field(ge=1)]
    parallel_test: bool = True  # whether test sets of all languages are translations of each other
    training: Training
    seconds_per_cell: float | None = None  # measured; the plan's first estimate of cost
    seed_sd: Annotated[float, Field(gt=0)] | None = None  # as the setting's, for this task


class LanguageInfo(Noun):
    """What the report says of a language."""

    name: str
    family: str
    note: str = ""


class CodeSwitching(Noun):
    """Pairs of languages that are mixed, and the data of each way of mixing them.

    A corpus is called `en--es` if it holds real code-switching, and `en--es@ec` if it was made by
    the generator `ec`; `@source` is the source language by itself, `@both` are both languages.

    Attributes:
        pairs: pair -> what the report says of it.
        tasks: data, sizes and training by task.
        adapt_learning_rate: of continued masked language modelling.
    """

    pairs: dict[CorpusKey, str]
    tasks: dict[TaskName, TaskSetting]
    adapt_learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.0005


class Variant(Noun):
    """Another model or another world, for controls and ablations inside one setting.

    Attributes:
        checkpoint: `embedded:NAME` or a folder; empty for the setting's own.
        options: laid over the options of every task's data.
        by_construction: what is true in it because it was made so.
    """

    title: str
    checkpoint: str = ""
    options: dict[str, str | int | float | bool] = {}
    by_construction: tuple[str, ...] = ()


class Setting(Noun):
    """`world`, `scaled`, `paper` or a user's own.

    Attributes:
        download_mb: about how large all is that it takes from the hub, for messages without one.
        typology: folder with `lang2vec` and `glottolog`, for distances between real languages.
        fused_layers: the lower layers that a claim's "all" stands for, where cost allows only some;
            empty for all. To be named among the deviations.
    """

    name: Name
    title: str
    evidence: Evidence
    checkpoint: str  # "embedded:NAME" or a folder
    download_mb: Annotated[int, Field(ge=0)] = 0
    source_language: Language
    languages: dict[Language, LanguageInfo]
    sets: dict[Name, tuple[Language, ...]] = {}
    variants: dict[Name, Variant] = {}
    code_switching: CodeSwitching | None = None
    tasks: dict[TaskName, TaskSetting]
    typology: str = ""
    fused_layers: tuple[Annotated[int, Field(ge=1)], ...] = ()
    checkpoints: tuple[Literal["last", "source-dev", "target-dev"], ...] = ("last",)
    pair_head: Literal["matched", "cls"] = "matched"
    timed_on: str = ""  # what `seconds_per_cell` is of; empty for one core
    seed_sd: Annotated[float, Field(gt=0)] = 1.0  # points; sd of a paired difference, for planning
    deviations: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    by_construction: tuple[str, ...] = ()
