from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reproduce.nouns.cell import cell_id
from reproduce.nouns.record import Record
from reproduce.nouns.run import Run
from reproduce.report import ReportView, build_view
from reproduce.report.tables import ScoreTable, task_views, test_scores
from reproduce.report.view import ArmRow, TaskView

# Its name would make pytest take it for a test.
scores_of = test_scores
del test_scores

Small = tuple[Run, dict[str, Record]]


def task(view: ReportView, name: str, claim: int = 0) -> TaskView:
    return next(t for t in view.claims[claim].tasks if t.task == name)


def arm(of: TaskView, title: str) -> ArmRow:
    return next(a for a in of.arms if a.title == title)


def test_accuracy_is_the_share_of_right_words(small: Small) -> None:
    run, records = small
    trial = next(t for t in run.claims[0].design.trials if t.arm.task == "pos")
    record = records[cell_id(trial.cell)]
    segment = record.content.segments[3]
    rows = record.statistics[segment.start : segment.stop]
    expected = 100 * rows[:, 0].sum() / rows[:, 1].sum()
    assert scores_of(record)["last", segment.language] == pytest.approx(expected, abs=1e-12)


def test_span_f1_is_of_the_summed_counts(small: Small) -> None:
    _, records = small
    record = next(r for r in records.values() if r.content.metric == "span_f1")
    row = np.array([[1, 2, 4]], np.int32)
    record = replace(record, statistics=np.tile(row, (len(record.statistics), 1)))
    assert scores_of(record)["last", "tavi"] == pytest.approx(100 * 2 / 6)


def test_a_language_without_anything_to_score_has_no_score(small: Small) -> None:
    _, records = small
    record = next(iter(records.values()))
    record = replace(record, statistics=np.zeros_like(record.statistics))
    assert scores_of(record) == {}


def test_the_mean_of_targets_leaves_the_source_out(view: ReportView) -> None:
    pos = task(view, "pos")
    row = arm(pos, "last").seeds[0]
    assert pos.columns[0].source
    assert row.targets == pytest.approx(np.mean(row.scores[1:]))
    assert row.with_source == pytest.approx(np.mean(row.scores))


def test_the_gain_is_paired_by_unit(view: ReportView) -> None:
    pos = task(view, "pos")
    base, fused = arm(pos, "last"), arm(pos, "dlfa@1")
    differences = [f.targets - b.targets for f, b in zip(fused.seeds, base.seeds, strict=True)]  # type: ignore[operator]
    assert fused.gain is not None
    assert fused.gain.mean == pytest.approx(np.mean(differences))
    assert fused.gain.sd == pytest.approx(np.std(differences, ddof=1))
    assert base.gain is None


def test_a_cell_without_record_is_missing_not_zero(view: ReportView) -> None:
    lost = arm(task(view, "ner"), "dlfa@2")
    assert lost.missing == 1
    assert [row.unit for row in lost.seeds] == [0]
    assert lost.gain is not None and lost.gain.n == 1 and lost.gain.sd is None


def test_a_mean_over_fewer_languages_is_not_given(small: Small) -> None:
    run, records = small
    trial = next(t for t in run.claims[2].design.trials)
    key = cell_id(trial.cell)
    record = records[key]
    segment = record.content.segments[2]
    emptied = record.statistics.copy()
    emptied[segment.start : segment.stop] = 0
    found = {**records, key: replace(record, statistics=emptied)}
    view = build_view(run, found)
    row = task(view, "pos").arms[0].seeds[0]
    assert row.scores[2] is None
    assert row.targets is None


def test_a_design_without_records_has_no_table(small: Small) -> None:
    run, _ = small
    design = run.claims[0].design
    assert task_views(design, ScoreTable({}), setting=run.setting, checkpoint="last") == ()


def test_variants_are_compared_over_the_same_baseline(view: ReportView) -> None:
    rows = view.claims[1].variants
    assert [(row.variant, row.layers) for row in rows] == [("dlfa", 2), ("dlfa, product", 2)]
    gains = [a.gain.mean for a in view.claims[1].tasks[0].arms if a.variant == "dlfa" and a.gain]
    assert rows[0].best_gain == max(gains)
    assert rows[0].worst_gain == min(gains)


def with_spans(record: Record, counts: tuple[float, ...], *, languages: int = 99) -> Record:
    """The record with one count of tags' spans for each of its first test languages."""
    codes = [s.language for s in record.content.segments if s.split == "test"][:languages]
    measures = {f"span_f1/{code}/test": counts for code in codes}
    return replace(record, content=record.content.model_copy(update={"measures": measures}))


def test_span_f1_over_tags_stands_beside_accuracy_with_and_without_the_source(
    small: Small,
) -> None:
    run, records = small
    source = run.claims[0].design.source_language
    found = {}
    for key, record in records.items():
        counted = with_spans(record, (1, 2, 2))  # 50 %
        measures = {**counted.content.measures, f"span_f1/{source}/test": (2.0, 2.0, 2.0)}
        content = counted.content.model_copy(update={"measures": measures})
        found[key] = replace(counted, content=content)
    pos = task(build_view(run, found), "pos")
    row = next(row for row in pos.spans if row.title == "last")
    assert row.spans is not None and row.spans.mean == pytest.approx(50)
    assert row.spans_with_source is not None
    targets = len(pos.columns) - 1
    assert row.spans_with_source.mean == pytest.approx((50 * targets + 100) / (targets + 1))
    assert row.accuracy == arm(pos, "last").targets
    assert row.accuracy_with_source == arm(pos, "last").with_source


def test_records_without_counts_of_spans_have_no_such_table(view: ReportView) -> None:
    assert all(not shown.spans for claim in view.claims for shown in claim.tasks)


def test_a_mean_of_span_f1_over_fewer_languages_is_not_given(small: Small) -> None:
    run, records = small
    found = {key: with_spans(record, (1, 2, 2), languages=3) for key, record in records.items()}
    row = task(build_view(run, found), "pos").spans[0]
    assert row.spans is None and row.spans_with_source is None
    assert row.accuracy is not None


def with_chance(record: Record, share: float, *, languages: int | None = None) -> Record:
    """The record with a measure of chance for its first test languages."""
    width = record.statistics.shape[1]
    sums = (share, 1.0) if width == 2 else (share, 1.0, 1.0)
    codes = [s.language for s in record.content.segments if s.split == "test"][:languages]
    measures = {f"chance/{code}/test": sums for code in codes}
    return replace(record, content=record.content.model_copy(update={"measures": measures}))


def test_chance_stands_below_the_arms(small: Small) -> None:
    run, records = small
    shown = build_view(run, {key: with_chance(r, 0.25) for key, r in records.items()})
    for name in ("pos", "ner"):
        [row] = task(shown, name).chance
        assert row.arms == () and set(row.scores) == {25.0}
        assert row.targets == row.with_source == 25.0


def test_arms_of_other_chance_have_a_row_of_their_own(small: Small) -> None:
    run, records = small
    found = {
        key: with_chance(record, 0.25 if record.content.cell.fusion.kind == "last" else 0.5)
        for key, record in records.items()
    }
    base, fused = task(build_view(run, found), "pos").chance
    assert (base.arms, base.targets) == (("last",), 25.0)
    assert "dlfa@1" in fused.arms and fused.targets == 50.0


def test_chance_is_not_shown_where_no_record_measures_it(view: ReportView) -> None:
    assert all(shown.chance == () for claim in view.claims for shown in claim.tasks)


def test_a_mean_of_chance_over_fewer_languages_is_not_given(small: Small) -> None:
    run, records = small
    found = {key: with_chance(record, 0.25, languages=3) for key, record in records.items()}
    [row] = task(build_view(run, found), "pos").chance
    assert 25.0 in row.scores and None in row.scores
    assert row.targets is None
