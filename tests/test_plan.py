from __future__ import annotations

from reproduce.judge.not_testable import NotTestable
from reproduce.nouns.cell import cell_id
from reproduce.nouns.evidence import Evidence
from reproduce.nouns.setting import CodeSwitching
from reproduce.plan import explain_missing, key_of, plan, seconds_of
from tests.experiments.test_fusion_sweep import sweep
from tests.scenes import make_scene


def test_a_plan_is_the_same_each_time() -> None:
    one, two = (plan([sweep()], make_scene()) for _ in range(2))
    assert list(one.cells) == list(two.cells)
    assert one.designs == two.designs


def test_claims_that_need_the_same_cell_train_it_once() -> None:
    made = plan([sweep(layers=(1,)), sweep(layers=(1, 2))], make_scene())
    assert len(made.cells) == 2 * 3  # two seeds of last, dlfa@1 and dlfa@2


def test_a_cell_changes_its_id_with_the_version_of_the_code() -> None:
    old, new = (plan([sweep()], make_scene(version=v)) for v in "12")
    assert not set(old.cells) & set(new.cells)


def test_missing_cells_say_what_differs_from_the_stored_ones() -> None:
    old, new = (plan([sweep(layers=(1,))], make_scene(version=v)) for v in "12")
    older = {key_of(cell): [cell] for cell in old.cells.values() if cell.seed == 0}
    reasons = {m.why: m.cells for m in explain_missing(new, set(), older)}
    assert reasons == {"stored only with another version of the code": 2, "never run": 2}


def test_nothing_is_missing_when_all_is_stored() -> None:
    made = plan([sweep()], make_scene())
    assert explain_missing(made, set(made.cells), {}) == ()


def test_cost_comes_from_measured_cells_and_is_unknown_without_them() -> None:
    scene = make_scene()
    made = plan([sweep(layers=(1,))], scene)
    assert seconds_of(made.cells.values(), scene, {}) is None
    assert seconds_of(made.cells.values(), scene, {("fine_tune", "m", "pos"): 2.5}) == 10.0


def test_a_cell_of_one_language_costs_what_its_task_says_beside_code_switching_of_like_format() -> (
    None
):
    scene = make_scene()
    made = plan([sweep(layers=(1,))], scene)
    pos = scene.setting.tasks["pos"]
    setting = scene.setting.model_copy(
        update={
            "tasks": {"pos": pos.model_copy(update={"seconds_per_cell": 3.0})},
            "code_switching": CodeSwitching(pairs={"one--two": "a pair"}, tasks={"pos": pos}),
        }
    )
    scene = scene.model_copy(update={"setting": setting})
    cells = [*made.cells.values()]
    assert seconds_of(cells, scene, {}) == 3.0 * len(cells)
    mixed = [
        cell.model_copy(
            update={
                "evaluate": tuple(
                    piece.model_copy(update={"language": "one--two"}) for piece in cell.evaluate
                )
            }
        )
        for cell in cells
    ]
    assert seconds_of(mixed, scene, {}) is None


def test_cells_are_found_by_the_id_of_their_content() -> None:
    made = plan([sweep()], make_scene())
    assert all(cell_id(cell) == identity for identity, cell in made.cells.items())


def test_a_claim_that_no_record_could_decide_trains_nothing() -> None:
    scene = make_scene()
    vague = NotTestable(kind="not_testable", why="it is discussed")
    claims = [
        sweep().model_copy(update={"min_evidence": Evidence.REPLICATION}),
        sweep().model_copy(update={"expect": vague}),
    ]
    assert plan([sweep()], scene).cells
    assert not plan(claims, scene).cells
