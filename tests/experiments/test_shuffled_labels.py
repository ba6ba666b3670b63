from __future__ import annotations

from reproduce.experiments import design, quickened
from reproduce.experiments.fusion_sweep import FusionSweep, Seeds
from reproduce.experiments.shuffled_labels import ShuffledLabels
from reproduce.judge.margin import Margin
from reproduce.nouns.cell import FineTune, cell_id
from reproduce.nouns.claim import Claim, Source
from tests.scenes import make_scene


def claim(experiment: FusionSweep | ShuffledLabels) -> Claim:
    return Claim(
        id="a-claim",
        title="A claim",
        paper="a-paper",
        source=Source(document="a-report", quote="It is so."),
        family="f",
        role="control",
        experiment=experiment,
        expect=Margin(),
        unit="seed",
    )


def shuffled(*tasks: str) -> Claim:
    return claim(ShuffledLabels(tasks=tasks, languages="all", seeds=Seeds(looks=(2, 3))))


def test_a_model_of_shuffled_labels_is_compared_with_chance() -> None:
    made = design(shuffled("pos"), make_scene())
    roles = {t.arm.role: t.cell for t in made.trials}
    assert roles["baseline"].kind == "majority"
    assert isinstance(roles["treatment"], FineTune) and roles["treatment"].labels == "shuffled"


def test_chance_is_one_cell_for_all_seeds_and_tasks_have_their_own() -> None:
    made = design(shuffled("pos", "ner"), make_scene(), 1)
    chance = {cell_id(t.cell) for t in made.trials if t.arm.role == "baseline"}
    trained = {cell_id(t.cell) for t in made.trials if t.arm.role == "treatment"}
    assert (len(chance), len(trained)) == (2, 6)


def test_both_are_scored_on_the_same_slices() -> None:
    made = design(shuffled("pos"), make_scene())
    assert len({t.cell.evaluate for t in made.trials}) == 1


def test_it_is_the_baseline_but_for_its_labels() -> None:
    sweep = FusionSweep(tasks=("pos",), fusion="last", languages="all", seeds=Seeds(looks=(2,)))
    [baseline] = [
        t.cell
        for t in design(claim(sweep), make_scene()).trials
        if t.unit == 1 and t.arm.role != "baseline"
    ]
    [found] = [
        t.cell
        for t in design(shuffled("pos"), make_scene()).trials
        if t.unit == 1 and t.arm.role == "treatment"
    ]
    assert isinstance(found, FineTune)
    assert found.model_copy(update={"labels": "gold"}) == baseline


def test_the_quick_look_has_two_seeds() -> None:
    scene = make_scene()
    assert {t.unit for t in design(quickened(shuffled("pos"), scene), scene).trials} == {0, 1}


def test_a_degraded_encoder_is_degraded_in_both_arms() -> None:
    sweep = FusionSweep(
        tasks=("pos",), languages="all", seeds=Seeds(looks=(2,)), encoder="degraded", layers=(2,)
    )
    cells = [t.cell for t in design(claim(sweep), make_scene()).trials]
    assert len(cells) == 4
    assert all(isinstance(c, FineTune) and c.encoder == "degraded" for c in cells)
