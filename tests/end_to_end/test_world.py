"""The shipped claim on the embedded world, cut down so that it takes seconds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SMALL = ["experiment.tasks=[pos,xnli]", "experiment.layers=[1,7]", "experiment.seeds.looks=[2]"]
SMALL += [
    f"setting.tasks.{task}.{part}={count}"
    for task in ("pos", "ner", "xnli", "pawsx")
    for part, count in {"train": 32, "dev": 8, "test": 8}.items()
]


def test_the_first_claim_runs_on_the_embedded_checkpoint(tmp_path: Path) -> None:
    options = [argument for text in SMALL for argument in ("--set", text)]
    done = subprocess.run(
        [sys.executable, "-m", "reproduce", "run", str(ROOT / "claims" / "best_layer.yaml"),
         "--executor", "inline", "--json", *options],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)
    (verdict,) = run["verdicts"]
    assert run["trained"] == 2 * 3 * 2  # tasks, arms, seeds
    assert verdict["evidence"] == "simulated"
    assert "REPRODUCED" not in done.stdout
    assert len(run["claims"][0]["design"]["targets"]) == 8
