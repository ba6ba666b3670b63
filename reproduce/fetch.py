"""Fetches what a setting needs from the Hugging Face hub: all of it checked, or none of it used."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from reproduce.data.hub import corpus_name, parse_name
from reproduce.errors import DataError, UserError
from reproduce.hub import (
    CHECKPOINT_FILES,
    PREFIX,
    SPLITS,
    HubReference,
    cache_folder,
    holds_checkpoint,
    parse_reference,
    snapshot,
)
from reproduce.nouns.setting import Setting

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoFile

_SECONDS = 10.0  # that the hub is waited for
_SPARE = 1.02  # of the size that must be free on the disk
_LEFT = 600.0  # seconds after which half a file is nobody's any more
# Plain HTTP, as the tests have it: Xet asks other servers, which a mirror does not have.
_PLAIN = ("HF_HUB_DISABLE_XET", "1")


@dataclass(frozen=True)
class Need:
    """What a setting needs of one repository: files that match any of the patterns."""

    reference: HubReference
    patterns: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """One file of the hub, and whether it is here already.

    Attributes:
        reference: its repository.
        path: within the repository.
        size: in bytes.
        digest: SHA-256 of a large file; of a small one the SHA-1 that git gives it.
        here: whether it was fetched before.
    """

    reference: HubReference
    path: str
    size: int
    digest: str
    here: bool


def needs(setting: Setting, tasks: Collection[str] | None = None) -> list[Need]:
    """What a setting takes from the hub; empty where it has copies of everything.

    Of the target languages only development and test data are wanted. `tasks` are those that
    matter; without, all.
    """
    found = []
    if setting.checkpoint.startswith(PREFIX):
        reference = parse_reference(setting.checkpoint, "model")
        found.append(Need(reference, CHECKPOINT_FILES))
    patterns: dict[HubReference, dict[str, None]] = {}
    for name, task in setting.tasks.items():
        matters = tasks is None or name in tasks
        if not matters or task.data.source != "hub" or task.data.folder:
            continue
        for language in task.data.files:
            corpus = parse_name(corpus_name(task.data, language))
            for split, names in SPLITS.items():
                if split != "train" or language == setting.source_language:
                    wanted = patterns.setdefault(corpus.reference, {})
                    wanted |= {f"{corpus.configuration}/{n}-*.parquet": None for n in names}
    return found + [Need(reference, tuple(wanted)) for reference, wanted in patterns.items()]


def absent(setting: Setting, tasks: Collection[str] | None = None) -> list[str]:
    """What of a setting's needs is not on this machine, in words; asks nobody."""
    return [text for need in needs(setting, tasks) if (text := _absent(need))]


def _absent(need: Need) -> str:
    reference, folder = need.reference, snapshot(need.reference)
    if reference.kind == "model":
        return "" if holds_checkpoint(folder) else f"the model {reference.repository}"
    there = [path.relative_to(folder).as_posix() for path in folder.glob("*/*.parquet")]
    lacking = [p for p in need.patterns if not _optional(p, there)]
    names = list(dict.fromkeys(Path(pattern).parent.name for pattern in lacking))
    if not names:
        return ""
    more = f" and {len(names) - 1} more configurations" if names[1:] else ""
    return f"{names[0]}{more} of {reference.repository}"


def unfetched(setting: Setting, tasks: Collection[str]) -> DataError | None:
    """What the tasks need of the hub and is not on this machine: how large, how to get it."""
    missing = absent(setting, tasks)
    if not missing:
        return None
    return DataError(
        f"not on this machine, or not all of it: {'; '.join(missing)}{_size(setting)}",
        where=str(cache_folder()),
        next_step=f"fetch it ahead: reproduce fetch --setting {setting.name} (with --dry-run it"
        f" says how large it is); {_copies(setting)}",
    )


def look_up_all(setting: Setting) -> list[Wanted]:
    """The files of the hub that a setting needs; none if the hub is away and all is here.

    Raises:
        UserError: the hub cannot be reached and something is missing, or see `look_up`.
    """
    wanted = needs(setting)
    if not wanted or not _is_reached(setting):
        return []
    return [file for need in wanted for file in look_up(need)]


def _is_reached(setting: Setting) -> bool:
    """Whether the hub answers; an error where it does not and something is missing."""
    os.environ.setdefault(*_PLAIN)
    from httpx2 import HTTPError
    from huggingface_hub import constants, errors

    try:
        _knock()
    except (errors.OfflineModeIsEnabled, HTTPError, OSError) as error:
        missing = absent(setting)
        if not missing:
            return False
        raise UserError(
            f"the hub cannot be reached ({_first_line(error)}), and not on this machine are"
            f" {'; '.join(missing)}{_size(setting)}",
            where=constants.ENDPOINT,
            next_step="with a connection (and without HF_HUB_OFFLINE) run the same command again,"
            f" there or here: HF_HOME is what has to be taken along; {_copies(setting)}",
        ) from error
    return True


def _size(setting: Setting) -> str:
    """How large it all is, as far as that is known without the hub."""
    size = setting.download_mb
    return f" (all that setting {setting.name} takes: about {size} MB)" if size else ""


def _copies(setting: Setting) -> str:
    task = next((name for name, t in setting.tasks.items() if t.data.source == "hub"), "TASK")
    return (
        "or copy the repositories to this machine and name them:"
        " --set setting.checkpoint=/path/to/model"
        f" --set setting.tasks.{task}.data.folder=/path/to/dataset (for each task)"
    )


def look_up(need: Need) -> list[Wanted]:
    """Ask the hub for the files that a need stands for, weights last.

    Raises:
        UserError: the hub does not answer, or does not have the repository, the revision, or any
            such file; or the weights are pickled.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import RepoFile

    reference, folder = need.reference, snapshot(need.reference)
    with _told(reference):
        listed = [
            entry
            for entry in HfApi().list_repo_tree(
                reference.repository,
                recursive=True,
                revision=reference.revision,
                repo_type=reference.kind,
            )
            if isinstance(entry, RepoFile)
        ]
    names = [entry.path for entry in listed]
    matching = [entry for entry in listed if any(fnmatch(entry.path, p) for p in need.patterns)]
    if reference.kind == "model":
        _check_weights(reference, names)
    absent = [p for p in need.patterns if "*" in p and not _optional(p, names)]
    if reference.kind == "dataset" and absent:
        _refuse(
            f"there is no {absent[0]} in it"
            + (f" (and {len(absent) - 1} more)" if absent[1:] else ""),
            reference,
            next_step="check data.files and data.options.revision of the setting",
        )
    matching.sort(key=lambda entry: ("safetensors" in entry.path, entry.path))
    return [
        Wanted(
            reference,
            entry.path,
            entry.size,
            _digest_of(entry),
            _is_here(folder / entry.path, entry.size),
        )
        for entry in matching
    ]


def fetch(wanted: Sequence[Wanted], say: Callable[[str], None] = lambda text: None) -> None:
    """Download what is not here and check every byte of it.

    A file is put in its place only when it is whole; one that is not what the hub announces is
    taken away again. Interrupted, a second call fetches the files that are not whole yet.

    Raises:
        UserError: no room, no connection, or a file that is not what the hub announces.
    """
    missing = [file for file in wanted if not file.here]
    for reference in dict.fromkeys(file.reference for file in missing):
        _clear_halves(reference)
    _check_room(sum(file.size for file in missing))
    for number, file in enumerate(missing, start=1):
        say(f"{number} of {len(missing)}: {file.reference.repository} {file.path}")
        path = _download(file)
        if _digest(path, file) != file.digest:
            _take_away(path)
            _refuse(
                f"{file.path} is not the file that the hub announces (its checksum differs)",
                file.reference,
                next_step="it was taken away again; run the same command once more, and if it"
                " happens again, look at the proxy or mirror in HF_ENDPOINT",
            )


def _knock() -> None:
    """Fail at once where no hub answers: its client would try for half a minute."""
    from huggingface_hub import constants
    from huggingface_hub.utils._http import get_session

    get_session().head(constants.ENDPOINT, timeout=_SECONDS)


def _download(file: Wanted) -> Path:
    from huggingface_hub import hf_hub_download
    from huggingface_hub.utils.tqdm import disable_progress_bars, enable_progress_bars

    disable_progress_bars()
    try:
        with _told(file.reference):
            return Path(
                hf_hub_download(
                    file.reference.repository,
                    file.path,
                    revision=file.reference.revision,
                    repo_type=file.reference.kind,
                )
            )
    finally:
        enable_progress_bars()


@contextmanager
def _told(reference: HubReference) -> Iterator[None]:
    """Turn what the hub's client raises into what a person can do about it."""
    from httpx2 import HTTPError
    from huggingface_hub import errors

    try:
        yield
    except errors.RevisionNotFoundError as error:
        raise _error(
            "the hub has no such revision of it", reference, "check the revision"
        ) from error
    except errors.EntryNotFoundError as error:
        raise _error(
            "the hub announces a file and does not have it",
            reference,
            "try again later, or copy the repository from elsewhere",
        ) from error
    except errors.GatedRepoError as error:
        raise _error(
            "the hub gives it only to those who have accepted its terms",
            reference,
            "accept them on its page, then set HF_TOKEN or run `hf auth login`",
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise _error(
            "the hub has no such repository, or it is private",
            reference,
            "check its name; for a private one set HF_TOKEN",
        ) from error
    except (
        errors.OfflineModeIsEnabled,
        errors.LocalEntryNotFoundError,
        HTTPError,
        OSError,
    ) as error:
        raise _error(
            f"it cannot be fetched: {_first_line(error)}",
            reference,
            "with a connection (and without HF_HUB_OFFLINE) run the same command again: what is"
            " whole is not fetched twice; without one, copy the repository here and name the folder"
            " as setting.checkpoint, or as data.folder of the tasks",
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _error(message: str, reference: HubReference, next_step: str) -> UserError:
    return UserError(message, where=str(reference), next_step=next_step)


def _refuse(message: str, reference: HubReference, *, next_step: str) -> NoReturn:
    raise _error(message, reference, next_step)


def _check_weights(reference: HubReference, names: Iterable[str]) -> None:
    names = list(names)
    if not any(name.endswith(".safetensors") and "/" not in name for name in names):
        pickled = [name for name in names if name.endswith((".bin", ".pt", ".pkl"))]
        found = f"its weights are pickled ({pickled[0]})" if pickled else "it has no weights"
        _refuse(
            f"{found}; model.safetensors is required",
            reference,
            next_step="choose another revision, or convert the weights: save_pretrained of"
            " transformers writes safetensors",
        )


def _optional(pattern: str, names: Sequence[str]) -> bool:
    """Whether something matches, or `validation` stands for `dev` or the other way round.

    Development data may be absent: XTREME has none for some targets.
    """
    split = Path(pattern).name.split("-")[0]
    return split in SPLITS["dev"] or any(fnmatch(name, pattern) for name in names)


def _digest_of(entry: RepoFile) -> str:
    return entry.lfs.sha256 if entry.lfs is not None else entry.blob_id


def _digest(path: Path, file: Wanted) -> str:
    """The digest of a file, by the rule that its announced digest was made by."""
    if len(file.digest) == 64:
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def _is_here(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _take_away(path: Path) -> None:
    path.resolve().unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _clear_halves(reference: HubReference) -> None:
    """Remove what a killed download left: the client would begin anew beside it."""
    for half in snapshot(reference).parents[1].glob("blobs/*.incomplete"):
        with suppress(FileNotFoundError):
            if time.time() - half.stat().st_mtime > _LEFT:
                half.unlink()


def _check_room(size: int) -> None:
    folder = next(p for p in (cache_folder(), *cache_folder().parents) if p.exists())
    free = shutil.disk_usage(folder).free
    if free < size * _SPARE:
        raise UserError(
            f"{size / 1e6:.0f} MB are to be fetched, and {free / 1e6:.0f} MB are free",
            where=str(folder),
            next_step="free some space, or set HF_HOME to a folder on another disk",
        )


def total(wanted: Iterable[Wanted], **conditions: Any) -> int:
    """Bytes of the files that have all the given attributes."""
    return sum(
        file.size for file in wanted if all(getattr(file, k) == v for k, v in conditions.items())
    )
