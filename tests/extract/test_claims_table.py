from __future__ import annotations

import pytest

from reproduce.errors import UserError
from reproduce.extract.claims_table import MAX_QUOTE, QuotedClaim, find_claims
from tests.extract.conftest import TABLE, Read

MARKDOWN = """\
| No. | Claim | Verified? | Confidence |
|----:|:------|:---------:|------------|
| C3  | A **bold** claim \\| with a pipe | yes | 28 % |
| C7  | Another one | no | n/a |
"""
HTML = """\
<table><thead><tr><th>#</th><th>Statement</th><th>Checked</th></tr></thead>
<tr><td>3</td><td>It&rsquo;s <em>good</em></td><td>&#10003;</td></tr>
<tr><td>7</td><td>Another one</td><td></td></tr></table>
"""
LATEX = r"""
\begin{tabular}{p{8cm}l} \toprule
\textbf{Claim} & Verified \\ \midrule
Gains 5\% on A\&B % a note
 & \checkmark \\[2pt]
Another $B \times T$ one & \ding{55} \\ \bottomrule
\end{tabular}
"""


def claims(read: Read, text: str, name: str = "report.txt") -> list[QuotedClaim]:
    source = read(text, name)
    found = find_claims(source)
    for claim in found:  # every offset leads to its quote
        assert source.text[claim.offset :].startswith(claim.quote)
    return found


def test_lines_with_tabs_are_a_table(read: Read) -> None:
    first, second = claims(read, TABLE)
    assert (first.quote, first.row, first.verified, first.confidence) == (
        "BERT gains 1.50 points.",
        1,
        True,
        "0.30",
    )
    assert (second.quote, second.row, second.verified, second.confidence) == (
        "It “works” — with a | pipe",
        2,
        False,
        None,
    )


def test_markdown_s_pipes_are_a_table(read: Read) -> None:
    first, second = claims(read, MARKDOWN, "report.md")
    assert (first.quote, first.row) == ("A **bold** claim \\| with a pipe", 3)
    assert (first.verified, first.confidence) == (True, "28 %")
    assert (second.row, second.verified) == (7, False)


def test_a_page_s_table_is_read(read: Read) -> None:
    first, second = claims(read, HTML, "report.html")
    assert (first.quote, first.row, first.verified) == ("It’s good", 3, True)
    assert (second.quote, second.row, second.verified) == ("Another one", 7, None)


def test_a_tabular_of_latex_is_read(read: Read) -> None:
    first, second = claims(read, LATEX, "report.tex")
    assert first.quote.startswith("Gains 5\\% on A\\&B")
    assert (first.verified, second.verified) == (True, False)
    assert second.quote == "Another $B \\times T$ one"


def test_lines_that_end_as_on_windows_keep_their_offsets(read: Read) -> None:
    assert claims(read, TABLE.replace("\n", "\r\n"))[0].confidence == "0.30"


def test_other_tables_are_passed_over(read: Read) -> None:
    text = "Task\tScore\nPOS\t90.1\n\n" + TABLE
    assert [claim.row for claim in claims(read, text)] == [1, 2]


def test_rows_of_several_tables_are_counted_on(read: Read) -> None:
    assert [claim.row for claim in claims(read, TABLE + "\n" + TABLE)] == [1, 2, 3, 4]


def test_tables_that_both_number_from_one_are_numbered_together(read: Read) -> None:
    table = "No.\tClaim\n1\tA\n2\tB\n"
    assert [claim.row for claim in claims(read, f"{table}\n{table}")] == [1, 2, 3, 4]


def test_a_caption_right_above_the_header_does_no_harm(read: Read) -> None:
    assert len(claims(read, "Table 1:\tall of them\nClaim\tVerified\nA\t✓\n")) == 1


def test_a_column_claim_status_is_a_mark_and_not_a_claim(read: Read) -> None:
    (claim,) = claims(read, "Claim ID\tClaim\tClaim status\n4\tA\tverified\n")
    assert (claim.row, claim.quote, claim.verified) == (4, "A", True)


@pytest.mark.parametrize("text", ["No table here.", "Claim\tVerified\n\nbody", "Task\tF1\nPOS\t9"])
def test_a_document_without_claims_is_refused(read: Read, text: str) -> None:
    with pytest.raises(UserError, match="no table of claims"):
        find_claims(read(text))


def test_a_claim_too_long_to_be_one_is_refused_with_its_line(read: Read) -> None:
    with pytest.raises(UserError, match=r"report\.txt:2: claim 1 has"):
        find_claims(read("Claim\tVerified\n" + "x" * (MAX_QUOTE + 1) + "\t✓\n"))


def test_thousands_of_claims_are_refused(read: Read) -> None:
    with pytest.raises(UserError, match="1001 claims"):
        find_claims(read("Claim\tVerified\n" + "x\t✓\n" * 1001))
