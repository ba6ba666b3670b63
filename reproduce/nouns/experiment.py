"""What a claim wants run; each kind is defined beside the code that turns it into cells."""

from __future__ import annotations

from reproduce.nouns.base import Noun
from reproduce.registry import Registry


class Experiment(Noun):
    """Base of all experiments; `kind` selects one."""

    kind: str


EXPERIMENTS: Registry[type[Experiment]] = Registry(
    "experiment",
    {
        "fusion_sweep": "reproduce.experiments.fusion_sweep:FusionSweep",
        "layer_probe": "reproduce.experiments.layer_probe:LayerProbe",
        "family_similarity": "reproduce.experiments.family_similarity:FamilySimilarity",
        "source_selection": "reproduce.experiments.source_selection:SourceSelection",
        "module_contract": "reproduce.experiments.module_contract:ModuleContract",
        "gate_dynamics": "reproduce.experiments.gate_dynamics:GateDynamics",
        "structure_ablation": "reproduce.experiments.structure_ablation:StructureAblation",
        "shuffled_labels": "reproduce.experiments.shuffled_labels:ShuffledLabels",
        "code_switch": "reproduce.experiments.code_switch:CodeSwitch",
    },
)
