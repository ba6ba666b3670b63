"""Alignment by similarity, and parallel treebanks as input of the generators."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reproduce.codeswitch.align import mutual_argmax, quality
from reproduce.codeswitch.generate import generate, mixer
from reproduce.codeswitch.parallel import open_parallel, read_dictionary
from reproduce.codeswitch.writing import conllu, read_ids
from reproduce.data.conllu import read_sentences
from reproduce.errors import DataError
from tests.tiny import make_checkpoint


@given(st.integers(1, 12), st.integers(0, 10_000))
@settings(deadline=None)
def test_a_permuted_set_of_vectors_is_aligned_to_itself(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    one = rng.normal(size=(size, 16)).astype(np.float32)
    order = rng.permutation(size)
    links = mutual_argmax(one, one[order])
    assert sorted(links) == sorted((int(i), j) for j, i in enumerate(order))


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 1000))
@settings(deadline=None)
def test_a_word_has_at_most_one_link(n: int, m: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = (rng.normal(size=(k, 8)).astype(np.float32) for k in (n, m))
    links = mutual_argmax(one, other)
    assert len({i for i, _ in links}) == len({j for _, j in links}) == len(links) > 0


def test_quality_counts_links_that_are_right() -> None:
    found = quality([((0, 0), (1, 1))], [((0, 0), (1, 2), (2, 1))])
    assert (found.precision, found.recall) == (0.5, pytest.approx(1 / 3))
    assert found.f1 == pytest.approx(0.4)


def treebank(folder: Path, words: str, tags: str, *, identity: str = "n1") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"# sent_id = {identity}"]
    for n, (word, tag) in enumerate(zip(words.split(), tags.split(), strict=True), start=1):
        head = 0 if tag == "VERB" else 2
        rows.append(f"{n}\t{word}\t{word}\t{tag}\t_\t_\t{head}\tdep\t_\t_")
    path = folder / "test.conllu"
    path.write_text("\n".join(rows) + "\n\n", encoding="utf-8")
    return path


def test_parallel_treebanks_are_aligned_by_a_checkpoint(tmp_path: Path) -> None:
    checkpoint = make_checkpoint(tmp_path / "model")
    first = treebank(tmp_path / "English-PUD", "dog sees house", "NOUN VERB NOUN")
    second = treebank(tmp_path / "Spanish-PUD", "dog sees house", "NOUN VERB NOUN")
    parallel = open_parallel(str(first), str(second), checkpoint=str(checkpoint))
    (bitext,) = parallel.bitexts
    assert (bitext.first.language, bitext.second.language) == ("en", "es")
    assert bitext.links == ((0, 0), (1, 1), (2, 2))
    assert any("100 % of the words" in note for note in parallel.notes)


def test_treebanks_without_a_checkpoint_are_refused(tmp_path: Path) -> None:
    first = treebank(tmp_path / "a-PUD", "dog sees", "NOUN VERB")
    with pytest.raises(DataError, match="--checkpoint"):
        open_parallel(str(first), str(treebank(tmp_path / "b-PUD", "dog sees", "NOUN VERB")))


def test_treebanks_without_a_common_sentence_are_refused(tmp_path: Path) -> None:
    first = treebank(tmp_path / "a-PUD", "dog sees", "NOUN VERB")
    second = treebank(tmp_path / "b-PUD", "dog sees", "NOUN VERB", identity="n2")
    with pytest.raises(DataError, match="no sentence in common"):
        open_parallel(str(first), str(second), checkpoint="x")


def test_a_language_and_a_file_do_not_go_together(tmp_path: Path) -> None:
    path = treebank(tmp_path / "a-PUD", "dog sees", "NOUN VERB")
    with pytest.raises(DataError, match="one is a language of the world"):
        open_parallel("ava", str(path))
    with pytest.raises(DataError, match="neither a language of the world nor a file"):
        open_parallel("ava", "avx")


def test_a_dictionary_keeps_single_words(tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    path.write_text("free\tgratis\nfree\tlibre\nfree of charge\tumsonst\n", encoding="utf-8")
    assert read_dictionary(path) == {"free": ("gratis", "libre")}


def test_a_dictionary_line_without_a_tab_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    path.write_text("a\tb\nfree gratis\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"d\.txt:2: no tab"):
        read_dictionary(path)


def test_what_is_written_can_be_read_with_its_language_ids(tmp_path: Path) -> None:
    parallel = open_parallel("ava", "kyr")
    made = generate(parallel.bitexts, mixer("ec"), count=20)
    path = tmp_path / "made.conllu"
    path.write_text("".join(conllu(made.sentences)), encoding="utf-8")
    again = list(read_sentences(path, name="x", language="ava--kyr"))
    for mixed, sentence in zip(made.sentences, again, strict=True):
        whole = mixed.sentence
        assert (sentence.words, sentence.tags) == (whole.words, whole.tags)
        assert (sentence.heads, sentence.languages) == (whole.heads, whole.languages)
    assert len(read_ids(path)) == 20


def test_the_quality_of_a_checkpoint_s_alignment_is_noted_where_gold_exists() -> None:
    (note,) = open_parallel("ava", "ost", checkpoint="embedded:world").notes
    found = re.search(r"F1 (\d+) %", note)
    assert found is not None and int(found[1]) > 40
