from __future__ import annotations

import os
import subprocess
import sys

import reproduce.world
from reproduce.world import World


def test_the_package_exports_what_it_means_to() -> None:
    assert reproduce.world.__all__ == [
        "SOURCE_LANGUAGE",
        "SPLITS",
        "WORLD_VERSION",
        "LanguageProfile",
        "World",
    ]


def test_another_process_makes_the_same_world(world: World) -> None:
    code = "from reproduce.world import World; print(World().digest)"
    env = {**os.environ, "PYTHONHASHSEED": "12345"}
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True
    )
    assert out.stdout.strip() == world.digest


def test_order_of_asking_changes_nothing(world: World) -> None:
    backwards = World()
    later = [backwards.sentence("kes", "test", i) for i in (5, 3, 1)]
    assert later == [world.sentence("kes", "test", i) for i in (5, 3, 1)]


def test_there_are_nine_languages_in_four_families(world: World) -> None:
    assert len(world.languages) == 9
    assert len({p.family for p in world.languages.values()}) == 4
    assert {p.order for p in world.languages.values()} == {"SVO", "SOV", "VSO"}


def test_there_are_about_fifteen_hundred_lemmas(world: World) -> None:
    assert 1400 <= len(world.lexicon("ava").inv.names) <= 1600


def test_kinship_falls_with_distance(world: World) -> None:
    source = world.lexicon("ava")
    kin = {code: world.lexicon(code).kin_share(source) for code in world.languages}
    assert kin["avo"] > 80 > kin["ost"] > 60
    assert all(kin[code] < 6 for code in ("kor", "kes", "kyr", "tum", "tol", "isk"))


def test_without_kinship_no_two_languages_share_roots() -> None:
    alone = World(kinship=False)
    source = alone.lexicon("ava")
    assert all(alone.lexicon(c).kin_share(source) == 0 for c in alone.languages if c != "ava")
    same = set(source.stems) & set(alone.lexicon("avo").stems)
    names = {s for s, tag in zip(source.stems, source.inv.tags, strict=True) if tag == "PROPN"}
    assert len(same - names) < 60  # short words that are alike by chance


def test_without_kinship_order_and_meaning_stay(world: World) -> None:
    alone = World(kinship=False)
    assert alone.languages == world.languages
    for i in range(20):
        ours, other = world.sentence("ost", "test", i), alone.sentence("ost", "test", i)
        assert (ours.tags, ours.relations, ours.cluster) == (
            other.tags, other.relations, other.cluster
        )  # fmt: skip
        assert ours.words != other.words


def test_without_shared_order_families_differ_inside_and_words_stay(world: World) -> None:
    mixed = World(shared_order=False)
    assert mixed.languages["kor"].order != "SOV" or mixed.languages["kes"].order != "SOV"
    assert mixed.lexicon("avo").stems == world.lexicon("avo").stems


def test_each_counter_world_has_its_own_digest(world: World) -> None:
    worlds = [world, World(kinship=False), World(shared_order=False)]
    assert len({w.digest for w in worlds}) == 3


def test_documents_keep_to_their_subject(world: World) -> None:
    within, across = [], []
    documents = [world.document("ava", i) for i in range(150)]
    for one, next_ in zip(documents, documents[1:], strict=False):
        within.append(_shared(one[0].lemmas, one[1].lemmas))
        across.append(_shared(one[0].lemmas, next_[0].lemmas))
    assert all(2 <= len(d) <= 6 for d in documents)
    assert sum(within) > 2 * sum(across)


def _shared(a: tuple[str, ...] | None, b: tuple[str, ...] | None) -> int:
    return len({w for w in a or () if len(w) > 4} & {w for w in b or () if len(w) > 4})


def test_the_generator_needs_nothing_heavy() -> None:
    code = (
        "import sys; from reproduce.world import World; World().sentence('ava', 'dev', 0);"
        "print([m for m in ('torch', 'pydantic', 'sklearn', 'numpy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
