"""What rules score that do not read both sentences: the shortcuts that the tasks must not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from reproduce.nouns.sentence import SentencePair
from reproduce.world.languages import SOURCE_LANGUAGE
from reproduce.world.pairs import LABELS
from reproduce.world.world import World

Features = dict[str, float]


def length_difference(pair: SentencePair) -> Features:
    """How much longer the second sentence is, as a number and as a category."""
    difference = len(pair.second.words) - len(pair.first.words)
    return {"difference": difference, f"is {difference}": 1.0}


def word_overlap(pair: SentencePair) -> Features:
    """The shares of words that occur in the other sentence, and counts of those that do not."""
    first, second = Counter(pair.first.words), Counter(pair.second.words)
    shared = (first & second).total()
    new, lost = second.total() - shared, first.total() - shared
    return {
        "of second": shared / second.total(),
        "of first": shared / first.total(),
        "jaccard": shared / (first | second).total(),
        f"new {min(new, 6)}": 1.0,
        f"lost {min(lost, 6)}": 1.0,
    }


def hypothesis_only(pair: SentencePair) -> Features:
    """The words and neighbours of the second sentence, and its length."""
    words = pair.second.words
    features = {f"w {w}": 1.0 for w in words}
    features |= {f"b {a} {b}": 1.0 for a, b in zip(words, words[1:], strict=False)}
    return {**features, f"length {len(words)}": 1.0}


def bag_of_words(pair: SentencePair) -> Features:
    """The words of either sentence, and both lengths."""
    features = {f"1 {w}": 1.0 for w in pair.first.words}
    features |= {f"2 {w}": 1.0 for w in pair.second.words}
    lengths = {f"l1 {len(pair.first.words)}": 1.0, f"l2 {len(pair.second.words)}": 1.0}
    return features | lengths


RULES: dict[str, Callable[[SentencePair], Features]] = {
    "hypothesis only": hypothesis_only,
    "length difference": length_difference,
    "word overlap": word_overlap,
    "bag of words": bag_of_words,
}


def measure_shortcuts(
    world: World, train: int = 3000, test: int = 1000
) -> dict[str, dict[str, float]]:
    """Accuracy in per cent of each rule on each pair task, in the source language.

    A logistic regression on the rule's features is fitted to the first `train` pairs of training
    and scored on the first `test` pairs of test. Each task's entry holds `chance` besides.
    """
    return {task: _measure(world, task, train, test) for task in LABELS}


def _measure(world: World, task: str, train: int, test: int) -> dict[str, float]:
    fit = [world.pair(task, SOURCE_LANGUAGE, "train", i) for i in range(train)]
    held_out = [world.pair(task, SOURCE_LANGUAGE, "test", i) for i in range(test)]
    scores = {name: _score(features, fit, held_out) for name, features in RULES.items()}
    return {"chance": 100 / len(LABELS[task]), **scores}


def _score(
    features: Callable[[SentencePair], Features],
    fit: Sequence[SentencePair],
    held_out: Sequence[SentencePair],
) -> float:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer()
    known = vectorizer.fit_transform([features(p) for p in fit])
    model = LogisticRegression(C=0.3, max_iter=1000).fit(known, [p.label for p in fit])
    guesses = model.predict(vectorizer.transform([features(p) for p in held_out]))
    hits: int = sum(g == p.label for g, p in zip(guesses, held_out, strict=True))
    return 100 * hits / len(held_out)
