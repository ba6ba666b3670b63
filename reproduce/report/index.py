"""The rows of the document that a book rests on: what came of each, in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reproduce.book import Book
from reproduce.judge.words import LEVELS, phrase
from reproduce.nouns.claim import Source
from reproduce.nouns.evidence import Evidence, Outcome
from reproduce.report.references import reference
from reproduce.report.text import signed
from reproduce.report.view import ClaimView, Count, IndexView, QuestionView, RowClaim, RowView

_AS_WORDED = {
    Outcome.SUPPORTED: "the claim holds as worded",
    Outcome.REFUTED: "the claim fails as worded",
    Outcome.INCONCLUSIVE: "the claim stays undecided",
}
_VERBS = {
    Outcome.SUPPORTED: ("holds", "hold"),
    Outcome.REFUTED: ("fails", "fail"),
    Outcome.INCONCLUSIVE: ("is undecided", "are undecided"),
    Outcome.CONFORMS: ("conforms", "conform"),
    Outcome.DOES_NOT_CONFORM: ("does not conform", "do not conform"),
    Outcome.NOT_TESTABLE: ("is not testable as printed", "are not testable as printed"),
    Outcome.NOT_APPLICABLE: ("is not judged at this level", "are not judged at this level"),
    Outcome.ERROR: ("has an error", "have an error"),
    Outcome.NOT_RUN: ("has not run", "have not run"),
}
_SAYS_NOTHING = (Outcome.NOT_TESTABLE, Outcome.NOT_APPLICABLE)


def index_views(
    claims: Sequence[ClaimView], book: Book | None, answer: str = ""
) -> tuple[IndexView, ...]:
    """An index of each document of which at least two rows are claims of the run.

    Args:
        claims: of the run.
        book: the one that they lie in.
        answer: what was measured on the question of a document, in one sentence; empty for none.
    """
    documents = dict.fromkeys(view.claim.source.document for view in claims)
    views = (_index(document, claims, book, answer) for document in documents)
    return tuple(view for view in views if len(view.rows) > 1)


def _question(
    document: str, claims: Sequence[ClaimView], book: Book | None, answer: str
) -> QuestionView | None:
    """The question of a document, if claims of the run quote it."""
    cited = book.papers.documents.get(document) if book is not None else None
    if cited is None or not cited.question:
        return None
    asked = [
        view
        for view in claims
        if view.claim.source.document == document and view.claim.source.quote == cited.question
    ]
    if not asked:
        return None
    return QuestionView(
        text=cited.question,
        sentence=answer or "No arm that answers it has been measured in this run.",
        claims=tuple(_link(view) for view in asked),
    )


def _index(document: str, claims: Sequence[ClaimView], book: Book | None, answer: str) -> IndexView:
    rows: dict[int, list[ClaimView]] = {}
    for view in claims:
        source = view.claim.source
        if source.document == document and source.row is not None and view.claim.role != "control":
            rows.setdefault(source.row, []).append(view)
    quoted = _quoted(document, book) if book is not None else set()
    return IndexView(
        document=reference(document, book),
        question=_question(document, claims, book, answer),
        rows=tuple(_row(row, rows[row]) for row in sorted(rows)),
        absent=tuple(sorted(quoted - set(rows))),
    )


def _quoted(document: str, book: Book) -> set[int]:
    sources: list[Source] = [entry.draft.source for entry in book.drafts]
    sources += [entry.claim.source for entry in book.claims]
    return {s.row for s in sources if s.document == document and s.row is not None}


def _row(row: int, views: Sequence[ClaimView]) -> RowView:
    source = views[0].claim.source
    deciding = _deciding(views)
    return RowView(
        row=row,
        quote=source.quote,
        truncated=source.truncated,
        confidence=source.confidence or "",
        verified=source.verified,
        outcomes=_outcomes(deciding),
        sentence=sentence(views),
        claims=tuple(_link(view) for view in views),
    )


def _link(view: ClaimView) -> RowClaim:
    return RowClaim(
        anchor=view.anchor, title=view.claim.title, role=view.claim.role, badge=view.badge
    )


def _deciding(views: Sequence[ClaimView]) -> list[ClaimView]:
    """The confirmatory claims of a row; where it has none, what is not testable, else all."""
    confirmatory = [view for view in views if view.claim.role == "confirmatory"]
    untestable = [view for view in views if view.outcome is Outcome.NOT_TESTABLE]
    return confirmatory or untestable or list(views)


def _outcomes(views: Sequence[ClaimView]) -> tuple[Count, ...]:
    by_outcome = _by_outcome(views)
    return tuple(
        Count(outcome=outcome, badge=found[0].badge, count=len(found))
        for outcome, found in by_outcome.items()
    )


def _by_outcome(views: Sequence[ClaimView]) -> dict[Outcome, list[ClaimView]]:
    return {
        outcome: found
        for outcome in Outcome
        if (found := [view for view in views if view.outcome is outcome])
    }


def sentence(views: Sequence[ClaimView]) -> str:
    """What came of a row, in plain language with the measured numbers."""
    deciding = _deciding(views)
    said = _one(deciding[0]) if len(deciding) == 1 else _several(deciding)
    others = [view for view in views if view not in deciding]
    if others and all(view.outcome in _SAYS_NOTHING for view in deciding):
        told = "; ".join(f"“{view.claim.title}” {_verb(view)}{_number(view)}" for view in others)
        said += f" Beside it, {_place(others[0])}: {told}."
    return said


def _one(view: ClaimView) -> str:
    if view.outcome not in _AS_WORDED or view.verdict is None:
        return view.reason
    evidence = view.verdict.evidence
    if evidence is Evidence.REPLICATION:
        return view.reason
    why = view.reason.removeprefix(f"{phrase(view.outcome, evidence)}: ")
    return f"{_capital(_place(view))} {_AS_WORDED[view.outcome]}: {why}"


def _several(views: Sequence[ClaimView]) -> str:
    label, place = _labels(views), _capital(_place(views[0]))
    named = {
        outcome: (found, ", ".join(f"{label(view)}{_number(view)}" for view in found))
        for outcome, found in _by_outcome(views).items()
    }
    if len(named) == 1:
        ((outcome, (found, numbers)),) = named.items()
        each = "both" if len(found) == 2 else f"all {len(found)}"
        return f"{place} {each} claims that decide it {_VERBS[outcome][1]} ({numbers})."
    parts = [
        f"{len(found)} {_VERBS[outcome][len(found) > 1]} ({numbers})"
        for outcome, (found, numbers) in named.items()
    ]
    return f"{place}, of {len(views)} claims: {'; '.join(parts)}."


def _labels(views: Sequence[ClaimView]) -> Callable[[ClaimView], str]:
    """Tasks, where they tell the claims apart, else ids."""
    tasks = [" ".join(getattr(view.claim.experiment, "tasks", ())) for view in views]
    if all(tasks) and len(set(tasks)) == len(tasks):
        return lambda view: " ".join(getattr(view.claim.experiment, "tasks", ()))
    return lambda view: view.claim.id


def _number(view: ClaimView) -> str:
    if view.effect is None:
        return ""
    return f" {signed(view.effect.value)} {view.effect.scale}"


def _verb(view: ClaimView) -> str:
    return _VERBS[view.outcome][0]


def _place(view: ClaimView) -> str:
    """`in simulation`."""
    evidence = view.verdict.evidence if view.verdict else None
    return LEVELS[evidence].where if evidence else "in this run"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
