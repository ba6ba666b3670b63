from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from reproduce.errors import DataError, UserError
from reproduce.pretrain.alignment import VectorHead, sentence_loss
from reproduce.pretrain.examples import pad_rows
from reproduce.pretrain.loop import build_model
from reproduce.pretrain.team import ALONE, Team, check_team, train_together
from reproduce.pretrain.text_corpus import TextCorpus, prepare
from reproduce.pretrain.text_run import TextRun, pretrain_text, text_recipe
from reproduce.pretrain.tokenizer import word_beginnings
from reproduce.pretrain.translations import TRANSLATIONS, Signals, split_words
from reproduce.pretrain.word_table import UNKNOWN

ENGLISH = ("dog", "cat", "house", "tree", "river", "sees", "finds", "likes", "the", "a")
GERMAN = ("hund", "katze", "haus", "baum", "fluss", "sieht", "findet", "mag", "der", "ein")
HEAD = "file\trepository\tcommit\tlicence\tnote"


def sentences(count: int, seed: int) -> list[tuple[str, str]]:
    """Word for word, the other way round in the second language."""
    rng = np.random.default_rng(seed)
    drawn = (rng.integers(len(ENGLISH), size=5) for _ in range(count))
    return [
        (" ".join(ENGLISH[i] for i in words), " ".join(GERMAN[i] for i in reversed(words)))
        for words in drawn
    ]


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    parallel = folder / "text" / "ntrex"
    parallel.mkdir(parents=True)
    pairs = sentences(300, seed=0)
    (parallel / "newstest2019-src.eng.txt").write_text("\n".join(one for one, _ in pairs))
    (parallel / "newstest2019-ref.deu.txt").write_text("\n".join(two for _, two in pairs))
    more = sentences(900, seed=1)
    (folder / "text" / "en.txt").write_text("\n".join(one for one, _ in more))
    (folder / "text" / "de.txt").write_text("\n".join(two for _, two in more))
    (folder / "text" / "fr.txt").write_text("\n".join(f"le chien {n}" for n in range(200)))
    names = ["en.txt", "de.txt", "fr.txt"]
    names += [f"ntrex/{path.name}" for path in parallel.iterdir()]
    rows = [f"{name}\tr\tc\tCC0 1.0\t" for name in names]
    (folder / "text" / "SOURCES.tsv").write_text("\n".join([HEAD, *rows]))
    (folder / "dictionaries").mkdir()
    words = "\n".join(["bird\tvogel", "free of charge\tgratis", "tree\tbaum"])
    (folder / "dictionaries" / "german.txt").write_text(words)
    rows = ["german.txt\tr\tc\tCC BY-SA 3.0\t"]
    (folder / "dictionaries" / "SOURCES.tsv").write_text("\n".join([HEAD, *rows]))
    return folder


@pytest.fixture(scope="module")
def corpus(data, tmp_path_factory) -> TextCorpus:
    folder = tmp_path_factory.mktemp("text")
    prepare(data, folder, 120, languages=("en", "de"), vectors=16)
    return TextCorpus(folder)


def decoded(corpus: TextCorpus, ids) -> str:
    return corpus.tokenizer.decode([int(i) for i in ids])


def test_words_are_split_as_the_tokenizer_does_marks_and_ideographs_included():
    assert split_words("Die Hunde, हिन्दी 很好!") == ["die", "hunde", ",", "हिन्दी", "很", "好", "!"]


def test_languages_that_are_not_asked_for_are_left_out(corpus):
    assert corpus.languages == ["de", "en"]
    assert not any(
        "fr.txt" in name for files in corpus.census["licences"].values() for name in files
    )


def test_translations_without_english_text_are_refused_before_anything_is_written(data, tmp_path):
    with pytest.raises(DataError, match="no English text") as caught:
        prepare(data, tmp_path, 120, languages=("fr", "de"), vectors=16)
    assert "add en to --languages" in str(caught.value)
    assert not any(tmp_path.iterdir())


def test_a_folder_made_for_something_else_is_made_anew(data, tmp_path):
    prepare(data, tmp_path, 120, languages=("en", "fr"))
    assert TextCorpus(tmp_path).languages == ["en", "fr"]
    prepare(data, tmp_path, 120, languages=("en", "de"), vectors=16)
    assert TextCorpus(tmp_path).languages == ["de", "en"]
    assert TextCorpus(tmp_path).words().vectors.shape[1] == 16
    before = (tmp_path / "words.npz").stat().st_mtime_ns
    prepare(data, tmp_path, 120, languages=("de", "en"), vectors=16)
    assert (tmp_path / "words.npz").stat().st_mtime_ns == before


def test_the_census_counts_files_once_and_translations_by_language(corpus):
    licences = corpus.census["licences"]
    assert licences["CC BY-SA 3.0"] == ["dictionaries/german.txt"]
    assert len(licences["CC0 1.0"]) == 4
    # "bird" stands in no English text: whose neighbours its translation has is not known.
    assert corpus.census["translations"] == {"de": len(ENGLISH)}
    assert corpus.census["borrowed"] == {}
    assert corpus.census["parallel"] == 300


def test_a_mixed_sentence_has_translations_in_place_of_words(corpus):
    begins = word_beginnings(corpus.tokenizer)
    rng = np.random.default_rng(0)
    ids = np.array(corpus.tokenizer.encode("the dog sees", add_special_tokens=False).ids)
    mixed = decoded(corpus, corpus.lexicon.mix(ids, "en", 1.0, begins, rng))
    assert mixed == "der hund sieht"
    same = corpus.lexicon.mix(ids, "en", 0.0, begins, rng)
    assert decoded(corpus, same) == "the dog sees"
    assert list(corpus.lexicon.mix(ids, "fr", 1.0, begins, rng)) == list(ids)


def test_translations_stand_together_in_a_document(corpus):
    known = dict(sentences(300, seed=0))
    shard = corpus.shard(0, seed=0, signals=Signals(parallel=0.5))
    pairs = [
        (start, stop)
        for start, stop in zip(shard.documents, shard.documents[1:], strict=False)
        if stop - start == 2
    ]
    assert pairs
    for start, _ in pairs[:50]:
        one, two = (
            decoded(corpus, shard.ids[shard.sentences[i] : shard.sentences[i + 1]])
            for i in (start, start + 1)
        )
        assert known.get(one) == two or known.get(two) == one
    tokens = sum(int(shard.sentences[b] - shard.sentences[a]) for a, b in pairs)
    assert tokens / len(shard.ids) == pytest.approx(0.5, abs=0.01)


def small(tokens: int = 30_000):
    sizes = {"layers": 1, "hidden": 32, "heads": 2, "vocabulary": 120, "batch_tokens": 1024}
    return replace(text_recipe(tokens), positions=32, **sizes)


@pytest.mark.parametrize("words", [ENGLISH, GERMAN])
def test_all_words_of_the_text_are_found_in_a_batch(corpus, words):
    ids = np.array([corpus.tokenizer.encode(" ".join(words)).ids], np.int32)
    _, numbers = corpus.words().words_in(ids)
    assert numbers[0] == numbers[-1] == UNKNOWN  # [CLS] and [SEP]
    assert len(set(numbers[1:-1]) - {UNKNOWN}) == len(words)


def test_the_vector_loss_falls_when_states_are_the_vectors_of_their_words(corpus):
    table = corpus.words()
    head = VectorHead(16, table)
    encoded = corpus.tokenizer.encode("the dog sees a river")
    ids = np.array([encoded.ids], np.int32)
    places, numbers = table.words_in(ids)
    states = torch.randn(1, len(encoded.ids), 16)
    before = head.loss(states, ids).item()
    for place, number in zip(places, numbers, strict=True):
        if number != UNKNOWN:
            states[0, place] = 10 * torch.from_numpy(table.vectors[number])
    own = head.loss(states, ids).item()
    assert own < before - 0.5
    assert own >= 0


def test_a_batch_without_a_known_word_has_no_vector_loss(corpus):
    head = VectorHead(16, corpus.words())
    ids = np.array([[2, 1, 3]], np.int32)  # [CLS] [UNK] [SEP]
    loss = head.loss(torch.randn(1, 3, 16, requires_grad=True), ids)
    loss.backward()
    assert loss.item() == 0


def test_the_sentence_loss_of_random_weights_is_near_that_of_guessing(corpus):
    model = build_model(small(), corpus.tokenizer.get_vocab_size(), seed=0)
    loss = sentence_loss(model, corpus, 32, np.random.default_rng(0), half=False)
    assert loss.item() == pytest.approx(np.log(48), abs=1.5)


def test_a_run_with_translations_finds_them(data, tmp_path):
    """Far better than before training: a sentence's mean vector finds its translation."""
    asked = TextRun(data, tmp_path, ("en", "de"), TRANSLATIONS)
    made = pretrain_text(small(60_000), asked, save_steps=20)
    assert made is not None
    card = json.loads((made / "card.json").read_text())
    assert card["signals"]["parallel"] == TRANSLATIONS.parallel
    text = (made / "README.md").read_text()
    assert "dictionaries and translations have been seen" in text
    from transformers import BertModel

    corpus = TextCorpus(tmp_path / "text")
    model = BertModel.from_pretrained(made, dtype=torch.float32)
    pairs = corpus.translations(30, np.random.default_rng(1))
    with torch.no_grad():
        sides = []
        for side in (0, 1):
            batch = pad_rows([(pair[side], None) for pair in pairs])
            ids = torch.from_numpy(batch.ids).long()
            states = model(input_ids=ids, attention_mask=(ids != 0).long()).last_hidden_state
            sides.append(torch.nn.functional.normalize(states[:, 1:-1].mean(1), dim=1))
    found = (sides[0] @ sides[1].T).argmax(1)
    assert (found == torch.arange(30)).float().mean() > 0.5


class _Work:
    """Picklable: the processes of a team import it."""

    def __init__(self, data: Path, folder: Path):
        self.asked = TextRun(data, folder, ("en", "de"), TRANSLATIONS, accumulate=2)

    def __call__(self, team: Team) -> None:
        pretrain_text(small(8_000), self.asked, save_steps=4, team=team)


def test_two_processes_come_to_what_one_does(data, tmp_path):
    """The same batches, the same masks; only the order of sums differs."""
    train_together(1, _Work(data, tmp_path / "one"))
    train_together(2, _Work(data, tmp_path / "two"))
    states = [
        torch.load(tmp_path / name / "state.pt", weights_only=True)["model"]
        for name in ("one", "two")
    ]
    for one, two in zip(*states, strict=True):
        for name, expected in one.items():
            assert torch.allclose(expected, two[name], atol=2e-4), name


def test_more_processes_than_batches_are_refused():
    with pytest.raises(UserError, match="3 processes share out 2 batches") as caught:
        check_team(3, 2)
    assert "--accumulate 3" in str(caught.value)
    assert ALONE.first


def test_what_is_wrong_in_one_process_of_a_team_is_what_the_user_is_told():
    with pytest.raises(UserError, match="out of luck") as caught:
        train_together(2, _fail)
    assert "another day" in str(caught.value)


def _fail(team: Team) -> None:
    if team.rank == 1:
        raise UserError("out of luck", next_step="another day")
    team.wait()
