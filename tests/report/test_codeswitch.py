"""The page on code-switching, from records of clearly artificial numbers."""

from __future__ import annotations

import numpy as np
import pytest

from reproduce.book import load_book
from reproduce.codeswitch.source import SOURCE
from reproduce.data.language_ids import after_switch
from reproduce.experiments.code_switch import CodeSwitch, design, needs
from reproduce.experiments.fusion_sweep import Seeds
from reproduce.nouns.cell import DataSlice, FineTune, Whereabouts, cell_id
from reproduce.nouns.record import Content, Record, Segment
from reproduce.nouns.run import PlannedClaim, Run
from reproduce.nouns.setting import CodeSwitching, DataChoice
from reproduce.report import ReportView, build_view, to_html, to_markdown
from reproduce.report.codeswitch_answer import answer_of
from reproduce.report.codeswitch_view import PairView
from reproduce.report.index import index_views
from reproduce.resources import shipped
from reproduce.steps import STEPS
from reproduce.tasks import TASKS
from tests.report.factory import synthetic
from tests.scenes import make_scene

PAIR = "ava--kyr"
LABELS = TASKS.get("pos").labels
# Share of words that an arm has right, and what is added at each seed.
RIGHT = {
    "source": 0.60, "monolingual": 0.70, "synthetic-ec": 0.75, "real": 0.90, "nothing": 0.8,
    "ec": 0.82, "real-0": 0.60, "real-40": 0.70, "real-80": 0.80, "real-0+synthetic": 0.70,
    "real-40+synthetic": 0.80, "real-80+synthetic": 0.85,
}  # fmt: skip
LABELLED = CodeSwitch(
    pair=PAIR, group="labelled", treatment="real", baseline="source", sentences=20,
    also=("monolingual", "synthetic-ec"), seeds=Seeds(looks=(3,)),
)  # fmt: skip
UNLABELLED = CodeSwitch(
    pair=PAIR, group="unlabelled", treatment="ec", baseline="nothing", sentences=15, text=20,
    seeds=Seeds(looks=(3,)),
)  # fmt: skip
CURVE = CodeSwitch(
    pair=PAIR, group="curve", treatment="real-40+synthetic", baseline="real-40", sentences=20,
    also=("real-0", "real-0+synthetic", "real-80", "real-80+synthetic"), synthetic=20,
    seeds=Seeds(looks=(3,)),
)  # fmt: skip


def record(cell: FineTune, label: str) -> Record:
    rng = np.random.default_rng(cell.seed)
    statistics, lengths, predictions, segments, start = [], [], [], [], 0
    for piece in cell.evaluate:
        sentences = SOURCE.load(piece, Whereabouts(checkpoints={}))
        for sentence in sentences:
            gold = np.array([LABELS.index(tag) for tag in sentence.tags])
            right = rng.random(len(gold)) < RIGHT[label] + 0.01 * cell.seed
            mask = np.array(after_switch(sentence.languages))
            scored = {"": mask | True, "switch": mask, "inside": ~mask}[piece.part]
            statistics.append((int((right & scored).sum()), int(scored.sum())))
            predictions.append(np.where(right, gold, (gold + 1) % len(LABELS)))
            lengths.append(len(gold))
        name = f"{piece.language}@{piece.part}" if piece.part else piece.language
        segments.append(
            Segment(checkpoint="last", language=name, split=piece.split, start=start,
                    stop=start + len(sentences))
        )  # fmt: skip
        start += len(sentences)
    content = Content(
        cell=cell, metric="accuracy", labels=LABELS, segments=tuple(segments), epochs=(1.0,),
        chosen={"last": 1},
    )  # fmt: skip
    return Record(
        content=content,
        statistics=np.array(statistics, dtype=np.int32),
        clusters=np.arange(start),
        offsets=np.concatenate([[0], lengths]).cumsum(),
        predictions=np.concatenate(predictions).astype(np.int16),
    )


def mixed_run(*experiments: CodeSwitch) -> tuple[Run, dict[str, Record]]:
    base, _ = synthetic(layers=3, seeds=2, sentences=20, tasks=("ner", "pos"))
    task = base.setting.tasks["pos"].model_copy(
        update={"data": DataChoice(source="codeswitch"), "test": 60}
    )
    mixing = CodeSwitching(pairs={PAIR: "distant"}, tasks={"pos": task})
    setting = base.setting.model_copy(update={"code_switching": mixing})
    scene = make_scene(tasks=("pos",)).model_copy(update={"setting": setting, "steps": STEPS})
    planned, records = [], {}
    for number, experiment in enumerate(experiments):
        slices: dict[str, DataSlice] = {
            n.key(): SOURCE.describe(task.data, n.task, n.corpus, n.split, n.sentences)
            for n in needs(experiment, setting).mixed
        }
        first = base.claims[0]
        claim = first.claim.model_copy(update={"experiment": experiment, "id": f"cs-{number}"})
        made = design(claim, scene.model_copy(update={"slices": slices}))
        planned.append(PlannedClaim(claim=claim, file=first.file, text=first.text, design=made))
        for trial in made.trials:
            assert isinstance(trial.cell, FineTune)
            records[cell_id(trial.cell)] = record(trial.cell, trial.arm.label)
    update = {"claims": tuple(planned), "setting": setting, "verdicts": (), "failures": ()}
    return base.model_copy(update=update), records


@pytest.fixture(scope="module")
def view() -> ReportView:
    return build_view(*mixed_run(LABELLED, UNLABELLED, CURVE))


@pytest.fixture(scope="module")
def pair(view: ReportView) -> PairView:
    assert view.code_switching is not None
    (only,) = view.code_switching.pairs
    return only


def test_a_run_without_code_switching_has_no_such_page() -> None:
    run, records = synthetic(layers=3, seeds=2, sentences=20, tasks=("ner", "pos"))
    view = build_view(run, records)
    assert view.code_switching is None
    assert 'id="code-switching"' not in to_html(view)


def test_arms_stand_with_their_difference_to_the_first_of_their_group(pair: PairView) -> None:
    by_label = {arm.label: arm for arm in pair.arms}
    assert set(by_label) == {"source", "monolingual", "synthetic-ec", "real", "nothing", "ec"}
    assert by_label["source"].over is None
    lead = by_label["real"].over
    assert lead is not None and lead.low is not None and lead.high is not None
    assert lead.low < 30 < lead.high
    assert lead.n == 3
    assert pair.columns == ("switch", "inside")


def test_the_answer_is_made_of_the_measured_numbers(pair: PairView) -> None:
    text = " ".join(pair.answer)
    for arm in pair.arms[:4]:
        assert f"{arm.score.value:.1f}" in text
    assert "Real data beat synthetic data" in text
    assert "on words at a switch" in text
    assert "1,000 synthetic ones are worth" in text


def test_the_exchange_rate_is_for_a_thousand_synthetic_sentences(pair: PairView) -> None:
    """Twenty synthetic sentences are worth about forty real ones, so a thousand two thousand."""
    assert [point.amount for point in pair.curve] == [0, 40, 80]
    assert pair.curve[0].worth.value == pytest.approx(2000, rel=0.25)
    assert not pair.curve[2].bounded


def test_words_by_kind_make_up_the_whole_test_set(pair: PairView) -> None:
    rows = [row for row in pair.breakdowns if row.name.startswith("language ")]
    others = [row for row in pair.breakdowns if row not in rows]
    assert sum(row.words for row in rows) == sum(row.words for row in others) > 500
    assert pair.breakdown_arms == ("source", "real", "monolingual", "synthetic-ec")


def test_profiles_stand_side_by_side_the_real_one_first(pair: PairView) -> None:
    assert pair.corpora[0] == "real"
    (spf,) = [row for row in pair.metrics if row.name == "spf"]
    by_name = dict(zip(pair.corpora, spf.values, strict=True))
    assert by_name["real"] is not None and by_name["synthetic-ec"] is not None
    assert by_name["source"] is None


def test_ten_sentences_of_each_kind_have_tags_and_sides(pair: PairView) -> None:
    assert {len(examples.sentences) for examples in pair.examples} == {10}
    words = [w for e in pair.examples for s in e.sentences for w in s]
    assert {w.side for w in words} == {"first", "second", "neither"}
    assert all(w.tag in LABELS for w in words)


def test_both_pages_show_the_comparison(view: ReportView) -> None:
    html, markdown = to_html(view), to_markdown(view)
    for text in ("Code-switching: zero-shot, synthetic and real", "synthetic-ec", "1,000"):
        assert text in html and text in markdown
    assert html.count("<details><summary>Ten sentences") == 4
    assert "score over the number of real sentences" in html


def test_data_that_are_not_at_hand_are_said_to_be_missing() -> None:
    run, records = mixed_run(LABELLED)
    mixing = run.setting.code_switching
    assert mixing is not None
    trials = run.claims[0].design.trials
    broken = {}
    for trial in trials:
        cell = trial.cell
        assert isinstance(cell, FineTune)
        gone = tuple(p.model_copy(update={"digest": "another"}) for p in cell.train)
        broken[cell_id(cell)] = (cell, gone)
    changed = [
        t.model_copy(
            update={"cell": t.cell.model_copy(update={"train": broken[cell_id(t.cell)][1]})}
        )
        for t in trials
    ]
    records = {cell_id(c.cell): records[cell_id(t.cell)]
               for c, t in zip(changed, trials, strict=True)}  # fmt: skip
    planned = run.claims[0]
    made = planned.design.model_copy(update={"trials": tuple(changed)})
    run = run.model_copy(update={"claims": (planned.model_copy(update={"design": made}),)})
    view = build_view(run, records)
    assert view.code_switching is not None
    (pair,) = view.code_switching.pairs
    assert pair.arms and not pair.examples
    assert "was another when this was planned" in pair.missing[0]


def test_the_question_stands_in_the_index_with_its_answer_in_numbers(
    view: ReportView, pair: PairView
) -> None:
    book = load_book([shipped("claims") / "codeswitch_question_close.yaml"])
    question = book.papers.documents["literature-report"].question
    asked, other, *_ = view.claims
    rows = []
    for number, found in enumerate((asked, other, other)):
        source = found.claim.source.model_copy(
            update={"document": "literature-report", "quote": question, "row": number or None}
        )
        claim = found.claim.model_copy(update={"source": source})
        rows.append(found.model_copy(update={"claim": claim}))
    answer = answer_of(view.code_switching)
    (index,) = index_views(rows, book, answer)
    assert index.question is not None
    assert index.question.text == question
    assert index.question.sentence == answer
    scores = {arm.label: arm.score.value for arm in pair.arms}
    assert f"zero-shot transfer scores {scores['source']:.1f}" in answer
    assert f"real data {scores['real']:.1f}" in answer
    page = to_html(view.model_copy(update={"index": (index,)}))
    assert answer in page
    assert [row.row for row in index.rows] == [1, 2]


def test_without_measured_arms_the_question_is_said_to_be_open() -> None:
    assert answer_of(None) == ""
