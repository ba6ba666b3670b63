"""GLUECoS's files of entities, sentiment and inference, as its scripts write them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reproduce.data.files import content_digest
from reproduce.data.gluecos import SOURCE
from reproduce.errors import DataError
from reproduce.nouns.cell import Split, Whereabouts
from reproduce.nouns.sentence import Example, Sentence, SentencePair
from reproduce.nouns.setting import DataChoice

Options = dict[str, str | int | float | bool]


def choice_of(folder: Path, options: Options, language: str = "en--hi") -> DataChoice:
    return DataChoice(source="gluecos", folder=str(folder), files={language: "C"}, options=options)


def load(
    folder: Path, task: str, split: Split = "train", *, language: str = "en--hi", **options: object
) -> list[Example]:
    choice = choice_of(folder, dict(options), language)  # type: ignore[arg-type]
    piece = SOURCE.describe(choice, task, language, split, 99)
    where = Whereabouts(
        checkpoints={},
        corpora={"gluecos/C": str(folder)},
        options={"gluecos/C": choice.options},
    )
    return SOURCE.load(piece, where)


def write(folder: Path, name: str, text: str) -> None:
    path = folder / "C" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def sentence(examples: list[Example], at: int = 0) -> Sentence:
    found = examples[at]
    assert isinstance(found, Sentence)
    return found


# Entities


def test_hindi_english_entities_are_read_as_three_types(tmp_path: Path) -> None:
    write(
        tmp_path, "train.txt", "Asha\tB-Per\nji\tI-Per\nDelhi\tB-Loc\nmein\tOther\n\nABC\tB-Org\n"
    )
    first, second = load(tmp_path, "ner", languages=False)
    assert sentence([first]).entities == ("B-PER", "I-PER", "B-LOC", "O")
    assert sentence([second]).entities == ("B-ORG",)


def test_spanish_english_entities_have_nine_types(tmp_path: Path) -> None:
    write(tmp_path, "train.txt", "el\tO\ncine\tB-TITLE\nsur\tI-TITLE\nhoy\tB-TIME\n")
    found = load(tmp_path, "calcs_ner", language="en--es")
    assert sentence(found).entities == ("O", "B-TITLE", "I-TITLE", "B-TIME")


def test_the_files_of_the_other_pair_are_told_by_their_tags(tmp_path: Path) -> None:
    write(tmp_path, "train.txt", "el\tO\ncine\tB-TITLE\n")
    with pytest.raises(DataError, match=r"(?s)train\.txt:2.*no label of ner.*calcs_ner"):
        load(tmp_path, "ner")


def test_a_language_column_where_the_setting_says_there_is_none_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "train.txt", "a\ten\tO\n")
    with pytest.raises(DataError, match=r"train\.txt:1.*a column more"):
        load(tmp_path, "ner", languages=False)


# Fine-grained tags


FG = "kya\thi\tPR_PRQ\nH8\tB2R\tuniv\n"


def test_a_torn_line_of_fine_grained_tags_is_refused_or_read_as_the_setting_says(
    tmp_path: Path,
) -> None:
    write(tmp_path, "train.txt", FG)
    with pytest.raises(DataError, match=r"train\.txt:2.*'B2R' is not known"):
        load(tmp_path, "fg_pos")
    found = sentence(load(tmp_path, "fg_pos", unknown="RD_UNK"))
    assert found.tags == ("PR_PRQ", "RD_UNK")
    assert found.languages == ("hi", "unk")


def test_what_unknown_tags_are_read_as_must_be_a_tag_itself(tmp_path: Path) -> None:
    write(tmp_path, "train.txt", FG)
    with pytest.raises(DataError, match="'XX', which is no label of fg_pos either"):
        load(tmp_path, "fg_pos", unknown="XX")


def test_fine_grained_tags_are_not_taken_for_universal_ones(tmp_path: Path) -> None:
    write(tmp_path, "train.txt", "kya\thi\tPR_PRQ\n")
    with pytest.raises(DataError, match=r"(?s)no universal part of speech.*fg_pos"):
        load(tmp_path, "pos")


# Sentiment


def test_sentiment_is_a_label_of_the_whole_sentence(tmp_path: Path) -> None:
    write(tmp_path, "train.txt", "bahut accha hai\tpositive\nkya ?\tneutral\n")
    found = load(tmp_path, "sentiment")
    assert [(s.words, s.label) for s in found if isinstance(s, Sentence)] == [
        (("bahut", "accha", "hai"), "positive"),
        (("kya", "?"), "neutral"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("no label here", "1 columns"),
        ("one\ttwo\tpositive", "3 columns"),
        ("\tpositive", "without a text"),
        ("fine\t", "without a label"),
        ("fine\thappy", "'happy' is no label of sentiment"),
    ],
)
def test_bad_lines_of_sentiment_are_refused_by_line(
    tmp_path: Path, line: str, message: str
) -> None:
    write(tmp_path, "train.txt", f"fine\tpositive\n{line}\n")
    with pytest.raises(DataError, match=rf"train\.txt:2.*{message}"):
        load(tmp_path, "sentiment")


# Inference


TRAIN = "XNLI-MT-1.0/multinli/multinli.train.en.tsv"
TEST = "XNLI-1.0/xnli.test.tsv"


def nli(first: str, second: str, label: str) -> str:
    """A line of the benchmark's test file."""
    return "\t".join(["en", label, *[""] * 4, first, second, *[""] * 8, first, second]) + "\n"


def test_conversations_are_read_in_both_forms(tmp_path: Path) -> None:
    write(tmp_path, TRAIN, "Premise\tHypothesis\tLabel\nA : ha ## \tA bola\tentailment\n"
          "B : na ## \tB bola\tcontradictory\n")  # fmt: skip
    write(tmp_path, TEST, nli("A : ha ## ", "A bola", "entailment"))
    train, test = load(tmp_path, "dialogue_nli"), load(tmp_path, "dialogue_nli", "test")
    assert [p.label for p in train if isinstance(p, SentencePair)] == [
        "entailment",
        "contradiction",
    ]
    (pair,) = test
    assert isinstance(pair, SentencePair)
    assert (pair.first.words, pair.second.words) == (("A", ":", "ha", "##"), ("A", "bola"))


def test_the_training_file_of_inference_can_be_cut_into_splits(tmp_path: Path) -> None:
    lines = [
        f"A : {n} ## \tA {n}\t{'entailment' if n % 2 else 'contradictory'}\n" for n in range(9)
    ]
    write(tmp_path, TRAIN, "".join(lines))
    options = {"train_rows": "1-6", "test_rows": "7-9"}
    assert len(load(tmp_path, "dialogue_nli", **options)) == 6
    assert len(load(tmp_path, "dialogue_nli", "test", **options)) == 3


def test_bad_lines_of_inference_are_refused_by_line(tmp_path: Path) -> None:
    for line, message in (
        ("a\tb", "2 columns"),
        ("a\tb\tneutral", "'neutral' is no label of dialogue_nli"),
        ("\tb\tentailment", "an empty premise"),
    ):
        write(tmp_path, TRAIN, f"a\tb\tentailment\n{line}\n")
        with pytest.raises(DataError, match=rf"multinli\.train\.en\.tsv:2.*{message}"):
            load(tmp_path, "dialogue_nli")


# What the benchmark keeps to itself, and what is absent


def hidden(task: str) -> tuple[str, str]:
    if task == "dialogue_nli":
        return TEST, "".join(nli(f"A : {n}", f"A {n}", "entailment") for n in range(12))
    label = {"sentiment": "neutral", "ner": "Other", "fg_pos": "hi\tN_NN", "pos": "HI\tNOUN"}[task]
    return "test.txt", "".join(f"w{n}\t{label}\n" for n in range(12))


@pytest.mark.parametrize("task", ["sentiment", "ner", "fg_pos", "pos", "dialogue_nli"])
def test_a_test_file_with_one_label_throughout_is_taken_for_hidden(
    tmp_path: Path, task: str
) -> None:
    write(tmp_path, *hidden(task))
    with pytest.raises(DataError, match=r"(?s)all 12 labels are .*they are hidden.*labelled_test"):
        load(tmp_path, task, "test")


def test_the_validation_file_can_be_tested_on(tmp_path: Path) -> None:
    write(tmp_path, *hidden("sentiment"))
    write(tmp_path, "validation.txt", "accha\tpositive\nbura\tnegative\n")
    assert len(load(tmp_path, "sentiment", "test", labelled_test="validation")) == 2
    assert len(load(tmp_path, "sentiment", "dev")) == 2


def test_what_is_not_there_is_said_with_the_way_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"(?s)no such corpus.*download script"):
        load(tmp_path, "sentiment")
    with pytest.raises(DataError, match=r"(?s)no such corpus.*codeswitch generate"):
        load(tmp_path, "pos", language="en--hi@ec")
    write(tmp_path, "train.txt", "accha\tpositive\n")
    with pytest.raises(DataError, match=r"(?s)no file validation\.txt to test on"):
        load(tmp_path, "sentiment", "test", labelled_test="validation")


def test_question_answering_is_plainly_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="question answering is not supported yet"):
        load(tmp_path, "qa")


def test_token_files_serve_as_text_without_their_labels(tmp_path: Path) -> None:
    write(tmp_path, "train.txt", "kya\thi\tPR_PRQ\nH8\tB2R\tuniv\n")
    found = sentence(load(tmp_path, "text"))
    assert (found.words, found.tags, found.languages) == (("kya", "H8"), None, None)


def test_a_sentence_without_a_label_keeps_the_digest_of_before_there_were_any() -> None:
    plain = Sentence(("a", "b"), "en", "x", "c", tags=("X", "X"))
    assert content_digest([plain]) == "cf3c7c9162c81674b85485fbbab4e0ed"
    assert content_digest([replace(plain, label="q")]) != content_digest([plain])
