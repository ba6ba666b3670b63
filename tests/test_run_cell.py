from __future__ import annotations

import subprocess
import sys

from reproduce.data.conllu import SOURCE
from reproduce.nouns.setting import DataChoice
from reproduce.run_cell import run_cell
from tests.training.factory import make_cell, register, whereabouts


def test_a_cell_to_fine_tune_gives_its_record(tiny_checkpoint):
    register()
    cell = make_cell(tiny_checkpoint)
    assert run_cell(cell, whereabouts(tiny_checkpoint)).content.cell == cell


def test_treebanks_on_disk_are_trained_on_and_tagged(tiny_checkpoint, tmp_path):
    for name, split in (("UD_English-A", "train"), ("UD_English-A", "dev"), ("Spanish-B", "test")):
        (tmp_path / name).mkdir(exist_ok=True)
        lines = ["1\tdog\t_\tNOUN" + "\t_" * 6, "2\truns\t_\tVERB" + "\t_" * 6, "", ""]
        (tmp_path / name / f"{split}.conllu").write_text("\n".join(lines) * 16)
    files = {"en": "English-A", "es": "Spanish-B"}
    choice = DataChoice(source="conllu", folder=str(tmp_path), files=files)
    wanted = (("en", "train"), ("en", "dev"), ("es", "test"))
    train, *rest = (SOURCE.describe(choice, "pos", lang, split, 99) for lang, split in wanted)
    cell = make_cell(tiny_checkpoint, train=(train,), evaluate=tuple(rest), training={"epochs": 15})
    places = {f"conllu/{name}": str(tmp_path) for name in files.values()}
    record = run_cell(cell, whereabouts(tiny_checkpoint).model_copy(update={"corpora": places}))
    assert record.statistics.sum(axis=0).tolist() == [64, 64]


def test_importing_it_imports_nothing_heavy():
    code = (
        "import sys, reproduce.run_cell;"
        "sys.exit(bool({'torch', 'transformers', 'ray'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
