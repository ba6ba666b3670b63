from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reproduce.book import Papers, load_book, load_papers
from reproduce.book.document import parse_document
from reproduce.book.validation import build_draft
from reproduce.errors import UserError
from reproduce.extract import document_name, draft_yaml, extract, write_drafts
from reproduce.extract.patterns import find_patterns
from reproduce.nouns.claim import Claim, Source
from reproduce.nouns.draft import Draft, missing_keys
from tests.extract.conftest import TABLE, Read


def test_a_draft_has_where_its_quote_stands(read: Read) -> None:
    source = read(TABLE)
    first, second = extract(source, "report").drafts
    assert (first.id, second.id) == ("report-01", "report-02")
    assert first.source == Source(
        document="report",
        row=1,
        quote="BERT gains 1.50 points.",
        offset=TABLE.index("BERT"),
        sha256=source.sha256,
        confidence="0.30",
        verified=True,
    )
    assert first.found == find_patterns(first.source.quote)


def test_a_cut_claim_says_so(read: Read) -> None:
    rows = "".join(f"{letter * 120}\t✓\n" for letter in "ab") + "Whole.\t✓\n"
    extraction = extract(read("Claim\tVerified\n" + rows), "report")
    assert extraction.cut_at == 120
    assert [draft.source.truncated for draft in extraction.drafts] == [True, True, False]


@given(
    quote=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300),
    confidence=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
def test_a_draft_s_file_gives_the_draft_again(quote: str, confidence: str | None) -> None:
    source = Source(document="a", row=1, quote=quote, offset=0, confidence=confidence)
    draft = Draft(status="draft", id="null", title="no", source=source, found=find_patterns(quote))
    assert build_draft(parse_document(draft_yaml(draft), "a.yaml")) == draft


def test_drafts_are_written_and_loaded(read: Read, tmp_path: Path) -> None:
    extraction = extract(read(TABLE), "report")
    paths = write_drafts(extraction, tmp_path / "claims" / "drafts")
    book = load_book([tmp_path / "claims"])
    assert [entry.draft for entry in book.drafts] == list(extraction.drafts)
    assert [path.name for path in paths] == ["report-01.yaml", "report-02.yaml"]


def test_nothing_is_overwritten_and_nothing_half_written(read: Read, tmp_path: Path) -> None:
    (tmp_path / "report-02.yaml").write_text("mine")
    with pytest.raises(UserError, match=r"report-02\.yaml"):
        write_drafts(extract(read(TABLE), "report"), tmp_path)
    assert (tmp_path / "report-02.yaml").read_text() == "mine"
    assert not (tmp_path / "report-01.yaml").exists()


def test_a_document_that_papers_lists_has_its_name(read: Read, tmp_path: Path) -> None:
    source = read(TABLE)
    listed = f"documents:\n  my-report: {{title: A, sha256: {source.sha256}}}\n"
    (tmp_path / "papers.yaml").write_text(listed)
    assert document_name(source, load_papers([tmp_path])) == "my-report"


def test_another_document_is_named_after_its_file(read: Read) -> None:
    assert document_name(read(TABLE, "My report (2).txt"), Papers()) == "my-report-2"
    assert document_name(read(TABLE, "報告.txt"), Papers()) == "document"


def test_a_draft_may_have_every_key_of_a_claim() -> None:
    assert set(Claim.model_fields) - {"draft"} <= set(Draft.model_fields)


def test_a_fresh_draft_lacks_what_only_a_person_can_say(read: Read) -> None:
    draft = extract(read(TABLE), "report").drafts[0]
    assert missing_keys(draft) == ("paper", "family", "role", "experiment", "expect", "unit")
