"""The book: all claims that some paths name, read, validated and checked against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reproduce.book.document import Document, KeyPath, read_document
from reproduce.book.overrides import apply, parse_overrides
from reproduce.book.papers import PAPERS_FILE, Papers
from reproduce.book.validation import build, build_claim
from reproduce.errors import Problem, SpecErrors, UserError
from reproduce.nouns.claim import Claim
from reproduce.registry import nearest

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
class Book:
    """Claims in the order of their files, and the papers that they are taken from."""

    claims: tuple[BookClaim, ...]
    papers: Papers
    overrides: tuple[str, ...] = ()

    def get(self, claim_id: str) -> BookClaim:
        """The claim of that id.

        Raises:
            UserError: there is none; the message names the nearest.
        """
        for entry in self.claims:
            if entry.claim.id == claim_id:
                return entry
        known = [entry.claim.id for entry in self.claims]
        close = nearest(claim_id, known)
        raise UserError(
            f"no claim {claim_id!r} in the book",
            allowed=", ".join(known),
            next_step=f"did you mean {close!r}?" if close else "",
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
    claims = []
    for path in files:
        try:
            original = read_document(path)
            document = apply(original, changes)
            claims.append(BookClaim(build_claim(document), str(path), original.text, document))
        except SpecErrors as error:
            problems += error.problems
    try:
        papers = load_papers(paths)
        problems += check_together(claims, papers)
    except SpecErrors as error:
        problems += error.problems
    if problems:
        raise SpecErrors(sorted(set(problems), key=_place))
    return Book(tuple(claims), papers, tuple(overrides))


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
            problems += _unknown_citations(found, document)
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


def _unknown_citations(papers: Papers, document: Document) -> Iterator[Problem]:
    known = {*papers.documents, *papers.papers}
    for name, paper in papers.papers.items():
        for i, citation in enumerate(paper.cited):
            if citation.document not in known:
                place: KeyPath = ("papers", name, "cited", i, "document")
                found = f"unknown document {citation.document!r}"
                yield document.problem(place, found, allowed=", ".join(papers.documents))
    for name, cited in papers.documents.items():
        for i, paper_name in enumerate(cited.references):
            if paper_name not in papers.papers:
                place = ("documents", name, "references", i)
                found = f"unknown paper {paper_name!r}"
                yield document.problem(place, found, allowed=", ".join(papers.papers))


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
        if isinstance(content, dict) and content.get("role") == "confirmatory":
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
