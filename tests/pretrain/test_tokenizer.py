from __future__ import annotations

import pytest
from transformers import AutoTokenizer

from reproduce.pretrain.tokenizer import CLS, SEP, WordEncoder, save_tokenizer, train_tokenizer

TEXT = ["Anna sah den Hund, Bert nicht.", "Дом стоит у моря 17", "Anna und die Hunde"] * 5


@pytest.fixture
def tokenizer():
    return train_tokenizer(TEXT, 90)


def test_the_same_text_gives_the_same_tokenizer(tokenizer):
    assert train_tokenizer(TEXT, 90).to_str() == tokenizer.to_str()


def test_capitals_and_accents_are_kept(tokenizer):
    assert "A" in tokenizer.get_vocab()
    assert "".join(tokenizer.encode("Anna", add_special_tokens=False).tokens)[0] == "A"


def test_words_encoded_one_by_one_equal_the_split_sentence(tokenizer):
    words = ["Anna", "sah", "die", "Hunde", ".", "Дом", "17"]
    whole = tokenizer.encode(words, is_pretokenized=True, add_special_tokens=False)
    assert WordEncoder(tokenizer)(words) == whole.ids


def test_a_pair_gets_segments_as_in_bert(tokenizer):
    pair = tokenizer.encode("Anna", "Hund")
    assert pair.ids[0] == CLS and pair.ids[-1] == SEP
    assert pair.type_ids == sorted(pair.type_ids) and pair.type_ids[-1] == 1


def test_transformers_loads_the_same_tokenizer(tokenizer, tmp_path):
    save_tokenizer(tokenizer, tmp_path, 128)
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    assert loaded(TEXT)["input_ids"] == [tokenizer.encode(text).ids for text in TEXT]
    assert not loaded.do_lower_case
