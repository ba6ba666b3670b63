from __future__ import annotations

import pytest

from reproduce.cli.next_level import next_level
from reproduce.nouns.evidence import Evidence
from tests.report.factory import synthetic

RUN, _ = synthetic(layers=4, seeds=2, sentences=10)


def at(level: Evidence, **changes):
    setting = RUN.setting.model_copy(update={"evidence": level})
    return RUN.model_copy(update={"setting": setting, "watermark": "", **changes})


def test_a_simulated_run_names_the_setting_with_real_languages():
    first, command, cost = next_level(at(Evidence.SIMULATED))
    assert "downloads nothing" in first
    assert command.startswith("  reproduce run ")
    assert command.endswith("--setting scaled --data FOLDER")
    assert "of one core" in cost


def test_a_claim_that_needs_the_papers_own_model_is_sent_there_at_once():
    planned = RUN.claims[0]
    barred = planned.claim.model_copy(update={"min_evidence": Evidence.REPLICATION})
    none = planned.design.model_copy(update={"trials": ()})
    claims = (planned.model_copy(update={"claim": barred, "design": none}),)
    lines = next_level(at(Evidence.SIMULATED, claims=claims, watermark="a quick look"))
    assert "downloads about 0.85 GB" in lines[0]
    assert lines[1] == "  reproduce fetch --setting paper"
    assert lines[3] == "  Cost: not estimated after a quick look, which has few cells."


def test_the_cost_counts_the_layers_that_a_setting_sweeps():
    run = at(Evidence.SCALED)
    few = run.setting.model_copy(update={"fused_layers": (2,)})  # in place of 4 layers, 2 cells
    counts = [
        int(next_level(r)[3].split()[2]) for r in (run, run.model_copy(update={"setting": few}))
    ]
    assert counts[1] == 2 * counts[0]


def test_a_run_of_a_whole_book_names_its_folder_and_not_every_claim():
    planned = RUN.claims[0]
    files = [f"book/{i}.yaml" for i in range(9)] + ["book/controls/x.yaml", "other/y.yaml"]
    claims = tuple(planned.model_copy(update={"file": file}) for file in files)
    command = next_level(at(Evidence.SIMULATED, claims=claims))[1]
    assert command == "  reproduce run book other --setting scaled --data FOLDER"


def test_a_scaled_run_names_the_papers_setting_with_its_download_and_its_hours():
    lines = next_level(at(Evidence.SCALED))
    assert "reproduce fetch --setting paper" in lines[1]
    assert "--setting paper --gpus-per-cell 1" in lines[2]
    assert "of one H200 GPU (estimate, not measured)" in lines[3]


def test_the_gpus_that_are_there_share_the_hours():
    run = at(Evidence.SCALED)
    few = run.provenance.model_copy(update={"gpus": ("H100",) * 4})
    none = run.provenance.model_copy(update={"gpus": ()})
    assert "on 4 such as H100" in next_level(run.model_copy(update={"provenance": few}))[3]
    assert "there is no GPU here" in next_level(run.model_copy(update={"provenance": none}))[3]


@pytest.mark.parametrize(
    "run", [at(Evidence.REPLICATION), at(Evidence.SIMULATED, watermark="not evidence")]
)
def test_at_the_top_and_after_a_quick_look_there_is_no_step_up(run):
    assert next_level(run) == []
