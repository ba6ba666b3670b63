"""Metrics of code-switching, on the golden vector and on random language ids."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reproduce.codeswitch import metrics
from reproduce.codeswitch.profile import profile
from reproduce.errors import DataError

GOLDEN = ["EN", "EN", "HI", "HI", "UNIV", "UNIV", "HI", "HI", "EN", "EN", "EN", "HI", "HI"]
IDS = st.lists(st.sampled_from(["en", "hi", "univ", "ne"]), min_size=1, max_size=30)


def test_the_golden_vector_has_the_published_values() -> None:
    lengths = metrics.spans(GOLDEN)
    assert lengths == [2, 4, 3, 2]
    assert metrics.cmi(GOLDEN) == pytest.approx(45.4545, abs=1e-4)
    assert metrics.m_index(GOLDEN) == pytest.approx(0.9836, abs=1e-4)
    assert metrics.i_index([GOLDEN]) == pytest.approx(0.30)
    assert metrics.spf(GOLDEN) == pytest.approx(3 / 12)
    assert metrics.language_entropy(GOLDEN) == pytest.approx(0.9940, abs=1e-4)
    assert metrics.burstiness(lengths) == pytest.approx(-0.4835, abs=1e-4)
    assert metrics.memory(metrics.neighbours([GOLDEN])) == pytest.approx(-0.5)
    assert metrics.span_entropy(lengths) == pytest.approx(1.5)


def test_words_of_both_languages_are_neutral() -> None:
    assert metrics.spans(["eng", "eng&spa", "spa", "eng+spa", "spa"]) == [1, 2]


def test_one_language_alone_has_no_mixing() -> None:
    ids = ["en"] * 5 + ["univ"]
    assert (metrics.cmi(ids), metrics.m_index(ids), metrics.spf(ids)) == (0, 0, 0)
    assert metrics.burstiness(metrics.spans(ids)) is None
    assert metrics.memory([]) is None


@given(IDS)
@settings(deadline=None)
def test_metrics_stay_in_their_ranges(ids: list[str]) -> None:
    assert 0 <= metrics.cmi(ids) <= 50
    assert 0 <= metrics.m_index(ids) <= 1 + 1e-12
    assert 0 <= metrics.spf(ids) <= 1
    assert 0 <= metrics.i_index([ids]) <= 1
    assert 0 <= metrics.language_entropy(ids) <= 1 + 1e-12
    burst = metrics.burstiness(metrics.spans(ids))
    assert burst is None or -1 <= burst <= 1


@given(IDS)
@settings(deadline=None)
def test_metrics_do_not_depend_on_the_names_of_languages(ids: list[str]) -> None:
    renamed = [{"en": "hi", "hi": "en"}.get(i, i) for i in ids]
    assert metrics.cmi(ids) == metrics.cmi(renamed)
    assert metrics.m_index(ids) == pytest.approx(metrics.m_index(renamed))
    assert metrics.spans(ids) == metrics.spans(renamed)


@given(st.lists(IDS, min_size=1, max_size=8))
@settings(deadline=None)
def test_no_switch_is_counted_between_sentences(sentences: list[list[str]]) -> None:
    places = sum(max(0, len(metrics.tagged(ids)) - 1) for ids in sentences)
    total = sum(metrics.switches(ids) for ids in sentences)
    assert metrics.i_index(sentences) * places == pytest.approx(total)


def test_a_profile_is_about_mixed_sentences_where_it_says_so() -> None:
    found = profile([GOLDEN, ["EN"] * 4])
    assert (found.sentences, found.mixed, found.words, found.neutral) == (2, 1, 17, 2)
    assert found.cmi_mixed == pytest.approx(2 * found.cmi)
    assert found.spf_values == (pytest.approx(0.25),)
    assert list(found.languages) == ["EN", "HI"]


def test_a_corpus_without_mixing_is_refused_with_what_is_there() -> None:
    with pytest.raises(DataError, match=r"no sentence mixes languages.*en \(3 words\)"):
        profile([["en", "en"], ["en", "univ"]])
