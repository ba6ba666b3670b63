"""The experiment on real treebanks: the setting `scaled` names what its claims need."""

from __future__ import annotations

import pytest

from reproduce.book import load_book, load_setting
from reproduce.experiments.code_switch import CodeSwitch, needs
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.source import SOURCES
from reproduce.resources import shipped
from tests.data.real import DATA, real


@pytest.mark.parametrize("claim", ["codeswitch_turkish_german", "codeswitch_hindi_script"])
def test_all_corpora_of_a_claim_are_there_and_can_be_loaded(claim: str) -> None:
    real("codeswitch/tr-de_SAGT")
    (entry,) = load_book([shipped("claims") / f"{claim}.yaml"]).claims
    setting = load_setting("scaled", data=DATA)
    assert isinstance(entry.claim.experiment, CodeSwitch) and setting.code_switching is not None
    for need in needs(entry.claim.experiment, setting).mixed:
        data = setting.code_switching.tasks[need.task].data
        source = SOURCES.get(data.source)
        piece = source.describe(data, need.task, need.corpus, need.split, need.sentences)
        where = Whereabouts(checkpoints={}, corpora={f"{piece.source}/{piece.name}": data.folder})
        sentences = source.load(piece, where)
        assert len(sentences) == piece.count >= (1 if need.split == "test" else need.sentences)
        if need.split == "test":
            assert all(s.languages is not None for s in sentences)
