"""The world is frozen: checkpoints and records rest on it. A change needs a new version."""

from __future__ import annotations

import pytest

from reproduce.world import WORLD_VERSION, World

DIGESTS = {
    (True, True): "aeb0a9d69855e34cdf963357ef6e7d530ba7657f4db64cac4f1dc0eef8460473",
    (False, True): "629abb303373eea390c2f2a5a0eb38dd41263b6f0d1804c73f296d0fb00b018b",
    (True, False): "803d542b7f3a0e63b55bdc26a78c95b151cbd928f12b9594bf69562d6059ced4",
}
TEXT_DIGEST = "aed460739add0cb7c5976d0a5dd0b23e720ccefc3df55724f00f415860f72b17"
SENTENCES = {
    "ava": "moter den rukren katanu , darol gar sen moter do nasukra .",
    "kyr": "кочас чачивимуз мус , дарол насукраыуз мус ыир шурот .",
    "tum": "toa himbo mboakewu , pe mungi darol toa nasukra .",
}
PAIRS = {
    "nli": (
        "moter ralu , lal prekrun pokrutrer fat tivel .",
        "lal prekrun pokrutrer moter tivel fat ralu .",
        "neutral",
    ),
    "paraphrase": (
        "gesi dupetror fokula tokon fet .",
        "tokon fet , gesi dupetror fokula .",
        "paraphrase",
    ),
}


def test_the_version_is_the_pinned_one() -> None:
    assert WORLD_VERSION == "1"


@pytest.mark.parametrize(("kinship", "shared_order"), DIGESTS)
def test_the_digest_is_the_pinned_one(kinship: bool, shared_order: bool) -> None:
    found = World(kinship=kinship, shared_order=shared_order).digest
    assert found == DIGESTS[kinship, shared_order], "the world has changed: raise WORLD_VERSION"


def test_the_text_that_checkpoints_rest_on_is_the_pinned_one(world: World) -> None:
    assert world.text_digest == TEXT_DIGEST


@pytest.mark.parametrize("code", SENTENCES)
def test_sentences_are_the_pinned_ones(world: World, code: str) -> None:
    assert " ".join(world.sentence(code, "test", 3).words) == SENTENCES[code]


@pytest.mark.parametrize("task", PAIRS)
def test_pairs_are_the_pinned_ones(world: World, task: str) -> None:
    pair = world.pair(task, "ost", "train", 1)
    assert (" ".join(pair.first.words), " ".join(pair.second.words), pair.label) == PAIRS[task]
