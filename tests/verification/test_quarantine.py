from __future__ import annotations

from datetime import date

import pytest

from reproduce.errors import SpecErrors
from reproduce.verification import load_quarantine

LIST = """\
claims:
  - {claim: one, reason: "torch 2.14 changed dropout", until: "2026-03-01"}
"""


def write(path, text):
    path.write_text(text)
    return path


def test_an_entry_counts_until_the_end_of_its_last_day(tmp_path):
    known = load_quarantine(write(tmp_path / "q.yaml", LIST), {"one"})
    assert set(known.excuses(date(2026, 3, 1))) == {"one"}
    assert known.excuses(date(2026, 3, 2)) == {}
    assert [e.claim for e in known.expired(date(2026, 3, 2))] == ["one"]


def test_no_file_is_an_empty_list(tmp_path):
    assert load_quarantine(tmp_path / "none.yaml", set()).claims == ()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("one,", "other,"), "there is no claim 'other'"),
        (("2026-03-01", "2026-02-30"), "day"),
        (("2026-03-01", "soon"), "until"),
        (('"torch 2.14 changed dropout"', '""'), "reason"),
        (("reason:", "because:"), "because"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_line(tmp_path, change, found):
    path = write(tmp_path / "q.yaml", LIST.replace(*change))
    with pytest.raises(SpecErrors, match=found) as caught:
        load_quarantine(path, {"one"})
    assert "q.yaml:2" in str(caught.value)
