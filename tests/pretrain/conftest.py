"""A trivial world: two languages that write the same topics with different letters."""

from __future__ import annotations

import numpy as np
import pytest

from reproduce.nouns.sentence import Sentence
from reproduce.pretrain.recipe import Comparing, Recipe

LETTERS = {"ava": "abcdefgh", "bel": "стуфхцчш"}


class FakeWorld:
    """Documents of a few short sentences over fifty words a language."""

    languages = {"ava": None, "bel": None}
    text_digest = "0" * 64

    def document(self, language: str, index: int) -> tuple[Sentence, ...]:
        rng = np.random.default_rng([index, sorted(self.languages).index(language)])
        topic = int(rng.integers(5))
        return tuple(
            self._sentence(language, f"{index}-{n}", topic * 10 + rng.integers(0, 10, 6))
            for n in range(int(rng.integers(2, 5)))
        )

    def _sentence(self, language: str, name: str, meanings: np.ndarray) -> Sentence:
        letters = LETTERS[language]
        words = tuple(letters[m // 8] + letters[m % 8] * 2 for m in meanings.tolist())
        return Sentence(words + (".",), language, name, name)


@pytest.fixture
def fake_world() -> FakeWorld:
    return FakeWorld()


@pytest.fixture
def tiny() -> Recipe:
    """A recipe that trains in seconds."""
    return Recipe(
        tokens=60_000,
        vocabulary=120,
        layers=1,
        hidden=16,
        heads=2,
        positions=32,
        batch_tokens=2048,
        restate_share=0.2,
        comparing=(
            Comparing(tokens=20_000, ordinary=0.0, batch_tokens=2048),
            Comparing(tokens=10_000, rate=0.3, ordinary=0.5, batch_tokens=1024),
        ),
        learning_rate=1e-2,
    )
