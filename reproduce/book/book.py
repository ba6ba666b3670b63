"""The book: all claims that some paths name, read, validated and checked against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from reproduce.book.document import Document, read_document
from reproduce.book.overrides import apply, parse_overrides
from reproduce.book.papers import PAPERS_FILE, Papers
from reproduce.book.references import unknown_references
from reproduce.book.validation import build, build_claim, build_draft
from reproduce.errors import Problem, SpecErrors, UserError
from reproduce.nouns.base import Noun
from reproduce.nouns.claim import Claim
from reproduce.nouns.draft import Draft, missing_keys
from reproduce.registry import did_you_mean, names_near, nearest

N = TypeVar("N", bound=Noun)

_SUFFIXES = (".yaml", ".yml")
_PARENTS = 3  # how far above a claim its papers.yaml may lie


@dataclass(frozen=True)
class BookClaim:
    """A claim and the file that holds it.

    Attributes:
        claim: the claim, overrides applied.
        file: the path as it was found.
        text: the file as read, without overrides.
        document: knows the lines of all keys.
    """

    claim: Claim
    file: str
    text: str
    document: Document


@dataclass(frozen=True)
class BookDraft:
    """A draft and the file that holds it; see `BookClaim`."""

    draft: Draft
    file: str
    document: Document


@dataclass(frozen=True)
class Book:
    """Claims in the order of their files, and the papers that they are taken from.

    Drafts are kept apart, so that nothing runs them.
    """

    claims: tuple[BookClaim, ...]
    papers: Papers
    overrides: tuple[str, ...] = ()
    drafts: tuple[BookDraft, ...] = ()

    def get(self, claim_id: str) -> BookClaim:
        """The claim of that id.

        Raises:
            UserError: there is none; the message names the nearest.
            SpecErrors: it is the id or the file of a draft.
        """
        for entry in self.claims:
            if entry.claim.id == claim_id:
                return entry
        if named := [d for d in self.drafts if claim_id in (d.draft.id, d.file)]:
            raise SpecErrors([_unfinished(entry) for entry in named])
        known = [entry.claim.id for entry in self.claims]
        raise UserError(
            f"no claim {claim_id!r} in the book",
            allowed=names_near(claim_id, known),
            next_step=did_you_mean(claim_id, known) or "reproduce list shows all of them",
        )


def load_book(paths: Sequence[Path], *, overrides: Sequence[str] = ()) -> Book:
    """Read the claims in files and folders, and the `papers.yaml` of each.

    Args:
        paths: claim files, or folders that are searched to any depth.
        overrides: all `--set` of the call; those that begin with `setting.` are for the setting.

    Raises:
        SpecErrors: everything that is wrong in any file, or between files.
    """
    from reproduce.book.consistency import check_together

    problems: list[Problem] = []
    changes = parse_overrides(overrides, setting=False)
    files = _claim_files(paths, problems)
    claims: list[BookClaim] = []
    drafts: list[BookDraft] = []
    for path in files:
        try:
            original = read_document(path)
            if is_draft(original):
                drafts.append(BookDraft(build_draft(original), str(path), original))
                continue
            document = apply(original, changes)
            claims.append(BookClaim(build_claim(document), str(path), original.text, document))
        except SpecErrors as error:
            problems += error.problems
    try:
        papers = load_papers(paths)
        problems += check_together(claims, papers, drafts)
    except SpecErrors as error:
        problems += error.problems
    if problems:
        raise SpecErrors(sorted(set(problems), key=_place))
    return Book(tuple(claims), papers, tuple(overrides), tuple(drafts))


def is_draft(document: Document) -> bool:
    """Whether a file is a draft, or means to be: claims have no status."""
    return isinstance(document.value, dict) and "status" in document.value


def drafts_that_would_run(book: Book, paths: Sequence[Path]) -> list[Problem]:
    """A problem for each draft that is asked for by its own file, or with no claim beside it.

    Drafts in a folder of claims are only set aside.
    """
    own = {path.resolve() for path in paths if not path.is_dir()}
    named = [entry for entry in book.drafts if not book.claims or Path(entry.file).resolve() in own]
    return [_unfinished(entry) for entry in named]


def _unfinished(entry: BookDraft) -> Problem:
    missing = ", ".join(missing_keys(entry.draft))
    return entry.document.problem(
        ("status",),
        f"this is a draft, and drafts do not run; missing: {missing}"
        if missing
        else "this is a draft, and drafts do not run; nothing is missing any more",
        allowed="a claim that says what to run and what is expected",
        next_step=f"fill in {missing}, then delete status and found"
        if missing
        else "delete status and found",
    )


def _place(problem: Problem) -> tuple[str, int, str]:
    return problem.file, problem.line or 0, problem.key


def load_papers(paths: Sequence[Path]) -> Papers:
    """The papers of the books that these paths lie in; empty where there is no `papers.yaml`.

    Raises:
        SpecErrors: everything that is wrong with them.
    """
    merged = Papers()
    problems: list[Problem] = []
    for path in dict.fromkeys(filter(None, map(papers_file, paths))):
        try:
            document = read_document(path)
            found = build(Papers, document)
            problems += unknown_references(found, document)
            found = _placed(found, path.absolute().parent)
        except SpecErrors as error:
            problems += error.problems
            continue
        merged = Papers(
            documents={**merged.documents, **found.documents},
            papers={**merged.papers, **found.papers},
        )
    if problems:
        raise SpecErrors(problems)
    return merged


def _placed(papers: Papers, folder: Path) -> Papers:
    """The same with the files that it names taken from its own folder."""

    def place(noun: N) -> N:
        file = getattr(noun, "file", None)
        return noun.model_copy(update={"file": str(folder / file)}) if file else noun

    return Papers(
        documents={name: place(document) for name, document in papers.documents.items()},
        papers={name: place(paper) for name, paper in papers.papers.items()},
    )


def papers_file(path: Path) -> Path | None:
    """The `papers.yaml` of the book that a path lies in, if there is one."""
    start = path if path.is_dir() else path.parent
    for folder in [start, *start.absolute().parents[:_PARENTS]]:
        if (folder / PAPERS_FILE).is_file():
            return folder / PAPERS_FILE
    return None


def family_sizes(paths: Sequence[Path]) -> dict[str, int]:
    """Confirmatory claims per family in the whole books that these paths lie in.

    A claim judged alone pays for its family too, so the size is that of the book on disk, not that
    of the claims asked for. Files that cannot be read count for nothing here.
    """
    roots = [found.parent if (found := papers_file(path)) else path for path in paths]
    sizes: Counter[str] = Counter()
    for path in _claim_files([*roots, *paths], []):
        try:
            content = read_document(path).value
        except SpecErrors:
            continue
        if not isinstance(content, dict) or "status" in content:  # a draft counts for nothing
            continue
        if content.get("role") == "confirmatory":
            sizes[str(content.get("family"))] += 1
    return dict(sizes)


def _claim_files(paths: Sequence[Path], problems: list[Problem]) -> list[Path]:
    """Files in order, each once; what names none is noted."""
    found: dict[Path, Path] = {}
    for path in paths:
        inside = list(_below(path))
        if not path.exists():
            problems.append(_absent(path))
        elif not inside and path.name != PAPERS_FILE:
            problems.append(
                Problem(
                    str(path),
                    None,
                    "",
                    "no claim in this folder",
                    "files that end in .yaml",
                    "reproduce init lays down claims to edit",
                )
            )
        for file in inside:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _below(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        if path.name != PAPERS_FILE and path.exists():
            yield path
        return
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if file.suffix in _SUFFIXES and file.name != PAPERS_FILE and not hidden:
            yield file


def _absent(path: Path) -> Problem:
    beside = []
    if path.parent.is_dir():
        beside = [p.name for p in path.parent.iterdir() if p.suffix in _SUFFIXES or p.is_dir()]
    close = nearest(path.name, beside)
    next_step = f"did you mean {str(path.parent / close)!r}?" if close else "check the path"
    return Problem(str(path), None, "", "no such file or folder", "", next_step)
