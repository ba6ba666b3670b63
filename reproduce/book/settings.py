"""Loads settings: shipped ones by name, a user's own by path."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from reproduce.book.document import Document, read_document
from reproduce.book.overrides import apply, parse_overrides
from reproduce.book.validation import build
from reproduce.errors import Problem, SpecErrors, UserError
from reproduce.nouns.setting import DATA_FOLDER, DataChoice, Setting, TaskSetting
from reproduce.nouns.source import SOURCES
from reproduce.registry import did_you_mean
from reproduce.resources import shipped


def setting_names() -> list[str]:
    """The shipped settings."""
    return sorted(path.stem for path in shipped("settings").glob("*.yaml"))


def load_setting(
    name_or_path: str, *, overrides: Sequence[str] = (), data: Path | None = None
) -> Setting:
    """Read a setting; folders that it names are taken from the folder of its file.

    Args:
        name_or_path: a shipped setting such as `world`, or a YAML file.
        overrides: all `--set` of the call; those that begin with `setting.` are applied.
        data: the folder that `{data}` stands for in the setting; without, it is left as it is.

    Raises:
        UserError: no shipped setting has that name.
        SpecErrors: everything that is wrong in the file.
    """
    path = _place(name_or_path)
    changes = parse_overrides(overrides, setting=True)
    document = apply(read_document(path), changes)
    setting = build(Setting, document)
    problems = list(_contradictions(setting, document))
    if problems:
        raise SpecErrors(problems)
    if data is not None and not data.expanduser().is_dir():
        raise UserError(
            "there is no such folder of corpora",
            where=str(data),
            next_step="name one with --data FOLDER; docs/real-data.md says what belongs in it",
        )
    return _resolved(setting, path.absolute().parent, data)


def _place(name_or_path: str) -> Path:
    path = Path(name_or_path).expanduser()
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        return path
    names = setting_names()
    if name_or_path in names:
        return shipped("settings") / f"{name_or_path}.yaml"
    if path.is_file():
        return path
    raise UserError(
        f"no setting {name_or_path!r}",
        where="--setting",
        allowed=", ".join([*names, "or a YAML file"]),
        next_step=did_you_mean(name_or_path, names, "reproduce init lays down an example"),
    )


def _resolved(setting: Setting, folder: Path, data: Path | None) -> Setting:
    tasks = {name: _resolved_task(task, folder, data) for name, task in setting.tasks.items()}
    mixing = setting.code_switching
    if mixing is not None:
        mixed = {name: _resolved_task(t, folder, data) for name, t in mixing.tasks.items()}
        mixing = mixing.model_copy(update={"tasks": mixed})
    checkpoint = setting.checkpoint
    if not checkpoint.startswith(("embedded:", "hub:")):
        checkpoint = _below(folder, checkpoint)
    return setting.model_copy(
        update={
            "tasks": tasks,
            "checkpoint": checkpoint,
            "code_switching": mixing,
            "typology": _resolved_place(setting.typology, folder, data),
        }
    )


def _resolved_task(task: TaskSetting, folder: Path, corpora: Path | None) -> TaskSetting:
    return task.model_copy(update={"data": _resolved_data(task.data, folder, corpora)})


def _resolved_data(data: DataChoice, folder: Path, corpora: Path | None) -> DataChoice:
    elsewhere = {c: _resolved_data(d, folder, corpora) for c, d in data.training.items()}
    named = _resolved_place(data.folder, folder, corpora)
    return data.model_copy(update={"folder": named, "training": elsewhere})


def _resolved_place(named: str, folder: Path, corpora: Path | None) -> str:
    """A folder that a setting names; one below `{data}` stays as it is until that is known."""
    if named and corpora is not None:
        named = named.replace(DATA_FOLDER, str(corpora.expanduser().absolute()))
    if named and not named.startswith(DATA_FOLDER):
        named = _below(folder, named)
    return named


def _below(folder: Path, named: str) -> str:
    return os.path.normpath(folder / Path(named).expanduser())


def _contradictions(setting: Setting, document: Document) -> list[Problem]:
    known = list(setting.languages)
    problems = []

    def language(code: str, *keys: str | int) -> None:
        if code not in setting.languages:
            problems.append(
                document.problem(
                    keys,
                    f"unknown language {code!r}",
                    allowed=", ".join(known),
                    next_step=did_you_mean(code, known, "add it to languages"),
                )
            )

    language(setting.source_language, "source_language")
    for name, codes in setting.sets.items():
        for i, code in enumerate(codes):
            language(code, "sets", name, i)
    for name, task in setting.tasks.items():
        for code in task.data.files:
            language(code, "tasks", name, "data", "files", code)
        if task.data.source not in SOURCES:
            problems.append(
                document.problem(
                    ("tasks", name, "data", "source"),
                    f"unknown source {task.data.source!r}",
                    allowed=", ".join(SOURCES),
                    next_step=did_you_mean(task.data.source, SOURCES),
                )
            )
    return problems
