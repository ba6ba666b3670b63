"""Family similarity: are languages of one family more alike than languages of different ones?"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from reproduce.experiments import Designer
from reproduce.experiments.fusion_sweep import FusionSweep, Seeds
from reproduce.experiments.fusion_sweep import cell_of as tagged_cell
from reproduce.experiments.languages import codes_of, families_of, typological_distances
from reproduce.experiments.layer_probe import at_layer, probed_layers, test_slices
from reproduce.experiments.variants import scene_of, why_absent
from reproduce.nouns.base import Name
from reproduce.nouns.cell import Fusion
from reproduce.nouns.claim import Claim
from reproduce.nouns.design import Arm, Design, Trial
from reproduce.nouns.experiment import Experiment
from reproduce.nouns.pair import pair_name
from reproduce.nouns.probe import Similarity
from reproduce.nouns.scene import Needs, Scene, slice_key, versions
from reproduce.nouns.setting import Language, Setting, TaskName


class FamilySimilarity(Experiment):
    """How well each language serves another, or how alike two are represented.

    Attributes:
        measure: `transfer` fine-tunes on each language in turn and evaluates on all; its arms are
            labelled by the language trained on. `cka` and `centroid` compare the frozen encoder's
            representations of each pair of languages, an arm a layer.
        task: what is transferred; its test data must be parallel for `cka`.
        layers: of `cka` and `centroid`; the claim is judged on their mean.
        seeds: of `transfer`; a frozen encoder has none.
        variant: a variant of the setting, such as a world without kinship.
    """

    quantities: ClassVar[tuple[str, ...]] = ("families",)
    units: ClassVar[tuple[str, ...]] = ("language", "language-pair")
    any_layer: ClassVar[bool] = True

    kind: Literal["family_similarity"] = "family_similarity"
    measure: Literal["transfer", "cka", "centroid"]
    task: TaskName = "pos"
    languages: str | tuple[Language, ...]
    layers: Literal["all"] | tuple[Annotated[int, Field(ge=0)], ...] = "all"
    seeds: Seeds | None = None
    variant: Name | None = None

    @model_validator(mode="after")
    def _seeds_where_trained(self) -> FamilySimilarity:
        if self.measure == "transfer" and self.seeds is None:
            raise ValueError("the measure transfer trains: it needs seeds, as in {looks: [3]}")
        if self.measure != "transfer" and self.seeds is not None:
            raise ValueError(f"the measure {self.measure} is of a frozen encoder: it has no seeds")
        return self


def design(claim: Claim, scene: Scene, look: int = 0) -> Design:
    """An arm for each language trained on, or for each layer.

    Raises:
        UserError: a layer, language set or language that the scene does not have.
    """
    experiment = claim.experiment
    assert isinstance(experiment, FamilySimilarity)
    own = scene_of(experiment.variant, scene)
    setting = (own or scene).setting
    codes = codes_of(experiment.languages, setting)
    missing = why_absent(experiment.variant, scene)
    trials: list[Trial] = []
    if own is not None and experiment.task in own.unavailable:
        missing[experiment.task] = own.unavailable[experiment.task]
    elif own is not None and (why := _not_parallel(experiment, setting)):
        missing[experiment.task] = why
    elif own is not None:
        make = _transfer if experiment.measure == "transfer" else _similarity
        trials = make(experiment, codes, own, look)
    there = [c for c in codes if own and slice_key(experiment.task, c, "test") in own.slices]
    pairs = tuple(pair_name(a, b) for i, a in enumerate(there) for b in there[i + 1 :])
    seeds = experiment.seeds
    return Design(
        claim=claim.id,
        trials=tuple(trials),
        source_language=setting.source_language,
        targets=codes if experiment.measure == "transfer" else pairs,
        looks=seeds.looks if seeds is not None else (max(1, len(pairs)),),
        look=look if seeds is not None else 0,
        unavailable=missing,
        families=families_of(codes, setting),
        distances=typological_distances(codes, setting, experiment.task),
    )


def _not_parallel(experiment: FamilySimilarity, setting: Setting) -> str:
    """Why `cka`, which compares sentences of one meaning, cannot be measured; empty if it can."""
    task = setting.tasks.get(experiment.task)
    if experiment.measure != "cka" or task is None or task.parallel_test:
        return ""
    return (
        f"cka compares translations, and setting {setting.name!r} says that the test data of"
        f" {experiment.task} are not parallel; the measure centroid needs no translations"
    )


def _transfer(
    experiment: FamilySimilarity, codes: tuple[str, ...], scene: Scene, look: int
) -> list[Trial]:
    """Cells from each language that has training data; those from the source are the baseline's."""
    assert experiment.seeds is not None
    source = scene.setting.source_language
    targets = tuple(code for code in codes if code != source)
    # The baseline of a sweep over the same languages, so that its cells are shared.
    sweep = FusionSweep(tasks=(experiment.task,), languages=targets, seeds=experiment.seeds)
    trials = []
    for code in codes:
        train = scene.slices.get(slice_key(experiment.task, code, "train"))
        if train is None:
            continue
        arm = Arm(task=experiment.task, fusion=Fusion(), role="treatment", label=code)
        for seed in range(experiment.seeds.looks[look]):
            cell = tagged_cell(arm, seed, targets=targets, experiment=sweep, scene=scene)
            own = cell.model_copy(update={"train": (train,)})
            trials.append(Trial(arm=arm, unit=seed, cell=own))
    return trials


def _similarity(
    experiment: FamilySimilarity, codes: tuple[str, ...], scene: Scene, look: int
) -> list[Trial]:
    return [
        Trial(
            arm=Arm(task=experiment.measure, fusion=at_layer(layer), role="treatment"),
            unit=0,
            cell=Similarity(
                model=scene.model.digest,
                task=experiment.measure,
                fusion=at_layer(layer),
                evaluate=test_slices(experiment.task, codes, scene),
                max_length=scene.setting.tasks[experiment.task].training.max_length,
                steps=versions(Similarity, scene),
            ),
        )
        for layer in probed_layers(experiment.layers, scene)
    ]


def quick(experiment: Experiment, scene: Scene) -> FamilySimilarity:
    """Two languages of each family that has several, one seed, the middle layer."""
    assert isinstance(experiment, FamilySimilarity)
    own = scene_of(experiment.variant, scene) or scene
    families: dict[str, list[str]] = {}
    for code in codes_of(experiment.languages, own.setting):
        families.setdefault(own.setting.languages[code].family, []).append(code)
    few = tuple(code for codes in families.values() if len(codes) > 1 for code in codes[:2])
    layers = probed_layers(experiment.layers, own)
    cut: dict[str, object] = {"languages": few or experiment.languages}
    if experiment.seeds is None:
        cut["layers"] = (layers[len(layers) // 2],)
    else:
        cut["seeds"] = Seeds(looks=(1,))
    return experiment.model_copy(update=cut)


def needs(experiment: Experiment, setting: Setting) -> Needs:
    """The task, trained on in every language where transfer is measured."""
    assert isinstance(experiment, FamilySimilarity)
    trains = experiment.measure == "transfer"
    return Needs(
        (experiment.task,),
        train=codes_of(experiment.languages, setting) if trains else (),
        variants=(experiment.variant,) if experiment.variant else (),
    )


DESIGNER = Designer(design=design, quick=quick, needs=needs)
