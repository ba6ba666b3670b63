from __future__ import annotations

from reproduce.data.duplicates import count_duplicates, fingerprints
from reproduce.nouns.sentence import Sentence, SentencePair


def sentence(text: str, tag: str = "X") -> Sentence:
    words = tuple(text.split())
    return Sentence(words, "en", "i", "c", tags=(tag,) * len(words))


def test_sentences_that_were_trained_on_are_counted_whatever_their_annotation():
    train = fingerprints([sentence("Thank you ."), sentence("No .")])
    test = [sentence("Thank you .", "INTJ"), sentence("thank you ."), sentence("No .")]
    assert count_duplicates(train, test) == 2


def test_a_pair_is_a_duplicate_only_as_a_whole():
    def pair(first, second):
        return SentencePair(sentence(first), sentence(second), "different", "i", "c")

    train = fingerprints([pair("a b", "c")])
    assert count_duplicates(train, [pair("a b", "c"), pair("a", "b c"), pair("c", "a b")]) == 1
