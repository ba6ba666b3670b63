"""The cased WordPiece tokenizer of the embedded checkpoint."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer
from tokenizers.decoders import WordPiece as WordPieceDecoder
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from tokenizers.trainers import WordPieceTrainer

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNK, CLS, SEP, MASK = range(5)


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """A WordPiece tokenizer of at most `vocabulary` entries; the same texts give the same one."""
    lines = list(texts)
    # The trainer numbers inner characters in the random order of a hash map, and breaks ties by
    # number. Given to it beforehand, as if they were special, they have a fixed order.
    inner = sorted({f"##{char}" for line in lines for char in line if not char.isspace()})
    untrained = _tokenizer({"[UNK]": 0})
    untrained.train_from_iterator(
        lines,
        WordPieceTrainer(
            vocab_size=vocabulary,
            special_tokens=[*SPECIAL, *inner],
            show_progress=False,
            min_frequency=2,
        ),
    )
    tokenizer = _tokenizer(untrained.get_vocab(with_added_tokens=False))
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", CLS), ("[SEP]", SEP)],
    )
    return tokenizer


def _tokenizer(vocabulary: dict[str, int]) -> Tokenizer:
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.decoder = WordPieceDecoder(prefix="##")
    return tokenizer


def normalizer() -> BertNormalizer:
    """As multilingual BERT's: cased, accents kept, spaces around ideographs."""
    return BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=False
    )


def save_tokenizer(tokenizer: Tokenizer, folder: Path, positions: int) -> None:
    """Write the files from which transformers' AutoTokenizer makes the same tokenizer."""
    from transformers import BertTokenizer

    fast = BertTokenizer(
        tokenizer_object=tokenizer,
        do_lower_case=False,
        strip_accents=False,
        tokenize_chinese_chars=True,
        model_max_length=positions,
    )
    fast.save_pretrained(folder)


class WordEncoder:
    """Sub-word ids of words, each word encoded once.

    The words of the world are few and repeat; a dictionary is some ten times quicker than the
    tokenizer, and a test holds it equal to the tokenizer on words split beforehand.
    """

    def __init__(self, tokenizer: Tokenizer):
        self._tokenizer = tokenizer
        self._known: dict[str, tuple[int, ...]] = {}

    def __call__(self, words: Iterable[str]) -> list[int]:
        """The ids of a sentence, without special ones."""
        ids: list[int] = []
        for word in words:
            pieces = self._known.get(word)
            if pieces is None:
                encoded = self._tokenizer.encode(word, add_special_tokens=False)
                pieces = self._known[word] = tuple(encoded.ids)
            ids.extend(pieces)
        return ids


def word_beginnings(tokenizer: Tokenizer) -> npt.NDArray[np.bool_]:
    """[vocabulary], whether a sub-word begins a word."""
    begins = np.ones(tokenizer.get_vocab_size(), np.bool_)
    for piece, number in tokenizer.get_vocab().items():
        begins[number] = not piece.startswith("##")
    return begins
