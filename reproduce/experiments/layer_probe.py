"""Layer probe: what each layer of the frozen encoder holds, by retrieval and by linear probes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from reproduce.errors import UserError
from reproduce.experiments import Designer
from reproduce.experiments.fusion_sweep import distinct
from reproduce.experiments.languages import codes_of
from reproduce.experiments.variants import scene_of, why_absent
from reproduce.nouns.base import Name
from reproduce.nouns.cell import DataSlice, Fusion
from reproduce.nouns.claim import Claim
from reproduce.nouns.design import Arm, Design, Trial
from reproduce.nouns.experiment import Experiment
from reproduce.nouns.probe import Measurement, Probe, Retrieval
from reproduce.nouns.scene import Needs, Scene, slice_key, versions
from reproduce.nouns.setting import Language, Setting

Measure = Literal["retrieval", "retrieval_raw", "language_probe", "pos_probe", "depth_probe"]

_DATA: dict[Measure, str] = {
    "retrieval": "retrieval",
    "retrieval_raw": "retrieval",
    "language_probe": "pos",
    "pos_probe": "pos",
    "depth_probe": "pos",
}
_CONTROLLED = ("pos_probe", "depth_probe")  # probes of words: a word type can be learned by heart


class LayerProbe(Experiment):
    """Measures of single layers; each is a task of the design, with an arm for every layer.

    A probe of words has a control arm at every layer, as its baseline: the gain is the probe's
    selectivity.

    Attributes:
        measures: `retrieval` takes off each language's mean, `retrieval_raw` does not;
            `language_probe` tells the languages of sentences apart; `pos_probe` and `depth_probe`
            read tags and depths in the dependency tree off words.
        layers: all transformer layers, or some; 0 is the embeddings.
        folds: parts of the test data, each predicted by probes of the others.
        strength: inverse of the probes' L2 penalty.
    """

    quantities: ClassVar[tuple[str, ...]] = ("layers", "gain")
    units: ClassVar[tuple[str, ...]] = ("sentence", "language")
    any_layer: ClassVar[bool] = True

    kind: Literal["layer_probe"] = "layer_probe"
    measures: Annotated[
        tuple[Measure, ...], Field(min_length=1, max_length=5), AfterValidator(distinct)
    ]
    layers: Literal["all"] | tuple[Annotated[int, Field(ge=0)], ...] = "all"
    languages: str | tuple[Language, ...]
    folds: Annotated[int, Field(ge=2, le=20)] = 2
    strength: Annotated[float, Field(gt=0)] = 1.0
    variant: Name | None = None


def probed_layers(layers: Literal["all"] | tuple[int, ...], scene: Scene) -> tuple[int, ...]:
    """The layers to measure: 1 to L, or those named.

    Raises:
        UserError: a layer that the model does not have.
    """
    last = scene.model.layers
    if layers == "all":
        return tuple(range(1, last + 1))
    for layer in layers:
        if layer > last:
            raise UserError(
                f"layer {layer} cannot be measured: the model has {last} layers",
                allowed=f"1 to {last}, 0 for the embeddings, or 'all'",
            )
    return tuple(layers)


def at_layer(layer: int) -> Fusion:
    """What a measure of one layer takes from the encoder."""
    return Fusion(kind="layer", layer=layer)


def test_slices(task: str, codes: tuple[str, ...], scene: Scene) -> tuple[DataSlice, ...]:
    """The test data of those languages that have some."""
    keys = [slice_key(task, code, "test") for code in codes]
    return tuple(scene.slices[key] for key in keys if key in scene.slices)


def _arms(measure: Measure, layer: int) -> Iterator[Arm]:
    fusion = at_layer(layer)
    if measure in _CONTROLLED:
        yield Arm(task=measure, fusion=fusion, role="baseline", label="control task")
    yield Arm(task=measure, fusion=fusion, role="treatment")


def cell_of(
    arm: Arm, measure: Measure, codes: tuple[str, ...], experiment: LayerProbe, scene: Scene
) -> Measurement:
    """The cell that measures one arm in all languages."""
    data = _DATA[measure]
    kind: type[Retrieval] | type[Probe] = Retrieval if data == "retrieval" else Probe
    cell = kind(
        model=scene.model.digest,
        task=measure,
        fusion=arm.fusion,
        evaluate=test_slices(data, codes, scene),
        max_length=scene.setting.tasks[data].training.max_length,
        steps=versions(kind, scene),
    )
    if not isinstance(cell, Probe):
        return cell
    labels = "control" if arm.role == "baseline" else "gold"
    return cell.model_copy(
        update={"labels": labels, "folds": experiment.folds, "strength": experiment.strength}
    )


def design(claim: Claim, scene: Scene, look: int = 0) -> Design:
    """An arm for every measure and layer, with one unit: a frozen encoder has no seeds.

    Raises:
        UserError: a layer, language set or language that the scene does not have.
    """
    experiment = claim.experiment
    assert isinstance(experiment, LayerProbe)
    own = scene_of(experiment.variant, scene)
    setting = (own or scene).setting
    codes = codes_of(experiment.languages, setting)
    targets = tuple(code for code in codes if code != setting.source_language)
    missing = why_absent(experiment.variant, scene)
    trials = []
    for measure in experiment.measures if own is not None else ():
        assert own is not None
        if _DATA[measure] in own.unavailable:
            missing[measure] = own.unavailable[_DATA[measure]]
            continue
        for layer in probed_layers(experiment.layers, own):
            trials += [
                Trial(arm=arm, unit=0, cell=cell_of(arm, measure, codes, experiment, own))
                for arm in _arms(measure, layer)
            ]
    return Design(
        claim=claim.id,
        trials=tuple(trials),
        source_language=setting.source_language,
        targets=targets,
        looks=(_units(claim, targets, trials),),
        look=0,
        unavailable=missing,
    )


def _units(claim: Claim, targets: tuple[str, ...], trials: list[Trial]) -> int:
    """How many units the claim is judged over: target languages, or sentences of one."""
    if claim.unit == "language" or not trials:
        return max(1, len(targets))
    return max(piece.count for trial in trials for piece in trial.cell.evaluate)


def quick(experiment: Experiment, scene: Scene) -> LayerProbe:
    """The first layer, a middle one and the last."""
    assert isinstance(experiment, LayerProbe)
    layers = probed_layers(experiment.layers, scene_of(experiment.variant, scene) or scene)
    few = tuple(sorted({layers[0], layers[len(layers) // 2], layers[-1]}))
    return experiment.model_copy(update={"layers": few})


def needs(experiment: Experiment, setting: Setting) -> Needs:
    """The data of the measures."""
    assert isinstance(experiment, LayerProbe)
    tasks = dict.fromkeys(_DATA[measure] for measure in experiment.measures)
    variants = (experiment.variant,) if experiment.variant else ()
    return Needs(tuple(tasks), variants=variants)


DESIGNER = Designer(design=design, quick=quick, needs=needs)
