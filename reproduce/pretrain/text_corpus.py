"""The text of a run as sub-words on disk: read once, memory-mapped, sampled by language."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from reproduce.errors import DataError
from reproduce.pretrain.corpus import Ids, Shard
from reproduce.pretrain.lexicon import Lexicon
from reproduce.pretrain.text_files import GRAM, Census, Evaluations, clean, find_text
from reproduce.pretrain.tokenizer import train_tokenizer, word_beginnings
from reproduce.pretrain.translations import (
    NO_SIGNALS,
    Entry,
    Row,
    Signals,
    entries_of,
    known_translations,
    read_dictionaries,
    read_parallel,
    split_words,
)
from reproduce.pretrain.word_table import WordTable, make_table, spell, starting_vectors
from reproduce.pretrain.word_vectors import BOUNDARY, PIVOT, Floats, Running, make_word_vectors

SHARD_TOKENS = 250_000  # sub-words that are sampled together, and shuffled
TOKENIZER_CHARACTERS = 1_500_000  # of a language, at most, that the tokenizer is trained on
HELD_OUT_EVERY = 100  # sentences: one of so many is never trained on
COUNTED_WORDS = 3_000_000  # of a language, at most, whose neighbours are counted

_BATCH = 10_000  # sentences tokenized at once
_IDS = ".ids.npy"  # ends the name of a language's sub-words


def prepare(
    data: Path,
    folder: Path,
    vocabulary: int,
    languages: Sequence[str] = (),
    vectors: int = 0,
) -> None:
    """Write text, tokenizer and sub-words below `folder`; what was made for the same is kept.

    Sentences go to a file a language first, so that the tokenizer can be trained on a like share
    of each, and are then read again and written as sub-words.

    Args:
        data: text/ and ud/, and dictionaries/ if there are to be vectors.
        folder: to write into.
        vocabulary: entries of the tokenizer.
        languages: the only ones taken; all if empty.
        vectors: size of word vectors that are made from translations; 0 leaves both out.

    Raises:
        DataError: no text with a free licence, or vectors without English text.
    """
    asked = {"vocabulary": vocabulary, "languages": sorted(languages), "vectors": vectors}
    made = folder / "census.json"
    if made.exists() and json.loads(made.read_text())["asked"] == asked:
        return
    census = Census()
    files = find_text(data, census, languages)
    evaluations = Evaluations.of(data)
    digest = hashlib.sha256()
    present = sorted({file.language for file in files})
    if vectors and PIVOT not in present:
        raise DataError(
            "there is no English text, in whose words translations are told",
            where=str(data),
            allowed=f"text in {PIVOT} beside that in {', '.join(present)}",
            next_step=f"add {PIVOT} to --languages, or leave out --translations",
        )
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob(f"*{_IDS}"):  # of languages that are not asked for any more
        stale.unlink()
    with ExitStack() as stack:
        opened = {code: stack.enter_context((folder / f"{code}.txt").open("w")) for code in present}
        for language, sentence in clean(files, evaluations, census):
            opened[language].write(sentence.replace("\n", " ") + "\n")
            digest.update(f"{language}\t{sentence}\n".encode())
    tokenizer = train_tokenizer(_sample(folder, present), vocabulary)
    for language in present:
        _encode(folder, language, tokenizer)
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    if vectors:
        rows = read_parallel(files, evaluations)
        entries = read_dictionaries(data, present, census)
        _write_translations(folder, present, rows, entries, census, tokenizer, vectors)
    content = {
        **vars(census),
        "text": digest.hexdigest(),
        "evaluated_sentences": len(evaluations),
        "gram": GRAM,
        "asked": asked,
    }
    made.write_text(json.dumps(content, indent=1, sort_keys=True))


def _write_translations(
    folder: Path,
    languages: list[str],
    rows: list[Row],
    dictionary: list[Entry],
    census: Census,
    tokenizer: Tokenizer,
    size: int,
) -> None:
    """Write parallel sentences, words that are translations, and the vectors of all words."""
    texts = {code: _running(folder / f"{code}.txt") for code in languages}
    counts = {
        code: Counter(dict(zip(text.words, text.counts.tolist(), strict=True)))
        for code, text in texts.items()
    }
    known, lenders = known_translations(dictionary, rows, counts)
    entries = entries_of(known)
    for name, items in (("parallel", [row.sentences for row in rows]), ("lexicon", entries)):
        with (folder / f"{name}.jsonl").open("w") as out:
            out.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
    for code, text in texts.items():
        text.words.extend(word for word in known[code] if word not in counts[code])
    words = make_word_vectors(texts, known, size, seed=0)
    spelled = spell(words, tokenizer)
    make_table(words, spelled, tokenizer).save(folder / "words.npz")
    np.save(folder / "start.npy", starting_vectors(words, spelled, tokenizer.get_vocab_size()))
    census.translations = dict(Counter(entry.language for entry in entries))
    census.borrowed = {code: list(found) for code, found in lenders.items() if found}
    census.parallel = len(rows)
    census.word_vectors = len(words.words)


def _running(path: Path) -> Running:
    """The first words of a file of sentences."""
    numbers: dict[str, int] = {}
    places = [BOUNDARY]
    with path.open() as lines:
        for line in lines:
            places += [numbers.setdefault(word, len(numbers)) for word in split_words(line)]
            places.append(BOUNDARY)
            if len(places) > COUNTED_WORDS:
                break
    return Running(list(numbers), np.array(places, np.int32))


def _sample(folder: Path, languages: list[str]) -> Iterator[str]:
    for language in languages:
        characters = 0
        with (folder / f"{language}.txt").open() as lines:
            for line in lines:
                yield line.strip()
                characters += len(line)
                if characters > TOKENIZER_CHARACTERS:
                    break


def _encode(folder: Path, language: str, tokenizer: Tokenizer) -> None:
    """Write `LANGUAGE.ids.npy` and `LANGUAGE.ends.npy`, streaming."""
    ends = [0]
    raw = folder / f"{language}.ids.raw"
    with (folder / f"{language}.txt").open() as lines, raw.open("wb") as out:
        while batch := [line.strip() for line in islice(lines, _BATCH)]:
            for encoded in tokenizer.encode_batch(batch, add_special_tokens=False):
                out.write(np.array(encoded.ids, dtype=np.int32).tobytes())
                ends.append(ends[-1] + len(encoded.ids))
    ids = np.memmap(raw, dtype=np.int32, mode="r") if ends[-1] else np.zeros(0, np.int32)
    np.save(folder / f"{language}{_IDS}", ids)
    np.save(folder / f"{language}.ends.npy", np.array(ends, dtype=np.int64))
    raw.unlink()


class TextCorpus:
    """What `prepare` wrote, memory-mapped.

    Attributes:
        languages: those with text, sorted.
        census: what the text is made of.
        tokenizer: of the run.
    """

    def __init__(self, folder: Path, smoothing: float = 0.7):
        self.census = json.loads((folder / "census.json").read_text())
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._ids: dict[str, Ids] = {}
        self._ends: dict[str, npt.NDArray[np.int64]] = {}
        for path in sorted(folder.glob(f"*{_IDS}")):
            language = path.name.partition(".")[0]
            ends = np.load(folder / f"{language}.ends.npy", mmap_mode="r")
            if len(ends) > HELD_OUT_EVERY:
                self._ids[language] = np.load(path, mmap_mode="r")
                self._ends[language] = ends
        self.languages = sorted(self._ids)
        self._begins = word_beginnings(self.tokenizer)
        self._parallel = self._read_parallel(folder / "parallel.jsonl")
        self.lexicon = Lexicon.read(folder / "lexicon.jsonl", self.tokenizer)
        self._folder = folder
        sizes = np.array([len(self._ids[c]) for c in self.languages], dtype=float)
        # As for multilingual BERT: small languages are seen more often than they have text.
        weights = (sizes / sizes.sum()) ** smoothing
        self._shares = weights / weights.sum()

    @property
    def tokens(self) -> int:
        """Sub-words of all languages together."""
        return sum(len(ids) for ids in self._ids.values())

    def words(self) -> WordTable:
        """The vectors of all words; only where `prepare` was asked for some."""
        return WordTable.load(self._folder / "words.npz", self.tokenizer)

    def starting_vectors(self) -> Floats:
        """[vocabulary, size], what sub-words begin with; zeros for those of no known word."""
        found: Floats = np.load(self._folder / "start.npy")
        return found

    def passes(self, tokens: int, signals: Signals = NO_SIGNALS) -> dict[str, float]:
        """How often the text of each language is seen in a run of so many sub-words."""
        text = tokens * (1 - signals.parallel)
        return {
            code: round(float(text * share / len(self._ids[code])), 2)
            for code, share in zip(self.languages, self._shares, strict=True)
        }

    def shard(self, number: int, seed: int, signals: Signals = NO_SIGNALS) -> Shard:
        """Sentences of all languages by their shares, each a document by itself.

        With signals some have words of other languages, and there are documents of two sentences
        that are translations.
        """
        rng = np.random.default_rng([seed, number])
        pieces: list[Ids] = []
        languages: list[int] = []
        for position, (code, share) in enumerate(zip(self.languages, self._shares, strict=True)):
            wanted = share * SHARD_TOKENS * (1 - signals.parallel)
            while wanted > 0:
                sentence = int(rng.integers(len(self._ends[code]) - 1))
                if sentence % HELD_OUT_EVERY == 0:
                    continue
                piece = self._sentence(code, sentence)
                wanted -= max(len(piece), 1)
                if len(piece):
                    if signals.mixed and rng.random() < signals.mixed:
                        piece = self.lexicon.mix(piece, code, signals.words, self._begins, rng)
                    pieces.append(piece)
                    languages.append(position)
        ends = list(range(len(pieces) + 1))
        wanted = signals.parallel * SHARD_TOKENS
        while wanted > 0:
            pair = self.translations(1, rng)[0]
            wanted -= len(pair[0]) + len(pair[1])
            pieces += pair
            languages.append(len(self.languages))
            ends.append(len(pieces))
        bounds = np.cumsum([0, *map(len, pieces)]).astype(np.int32)
        documents = np.array(ends, dtype=np.int32)
        return Shard(
            np.concatenate(pieces).astype(np.int32),
            bounds,
            documents,
            np.array(languages, np.int32),
        )

    def translations(self, count: int, rng: np.random.Generator) -> list[tuple[Ids, Ids]]:
        """Pairs of sentences that mean the same, of any two of their row's languages."""
        found = []
        for number in rng.integers(len(self._parallel), size=count):
            row = self._parallel[number]
            one, two = rng.choice(len(row), 2, replace=False)
            found.append((row[one], row[two]))
        return found

    def _read_parallel(self, path: Path) -> list[list[Ids]]:
        if not path.exists():
            return []
        rows = []
        with path.open() as lines:
            for line in lines:
                texts = list(json.loads(line).values())
                encoded = self.tokenizer.encode_batch(texts, add_special_tokens=False)
                rows.append([np.array(e.ids, np.int32) for e in encoded])
        return rows

    def held_out(self, language: str, count: int) -> list[Ids]:
        """The first sentences of a language that are never trained on."""
        numbers = range(0, len(self._ends[language]) - 1, HELD_OUT_EVERY)
        found = (self._sentence(language, number) for number in numbers)
        return list(islice((piece for piece in found if len(piece) > 1), count))

    def _sentence(self, language: str, number: int) -> Ids:
        ends = self._ends[language]
        return np.asarray(self._ids[language][ends[number] : ends[number + 1]])
