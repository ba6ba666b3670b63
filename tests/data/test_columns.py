from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reproduce.data.columns import SOURCE, read_words
from reproduce.data.files import Corpus
from reproduce.errors import DataError
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.sentence import UPOS
from reproduce.nouns.setting import DataChoice
from tests.data.real import real


def corpus(task: str = "ner", name: str = "X", language: str = "xx", **options) -> Corpus:
    return Corpus(name, language, task, "test", options)


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "test.iob2"
    path.write_bytes(text.encode(encoding))
    return path


def read(folder: Path, text: str, task: str = "ner", **options):
    return list(read_words(write(folder, text), corpus(task, **options)))


def refusal(folder: Path, text: str, task: str = "ner", **options) -> str:
    with pytest.raises(DataError) as error:
        read(folder, text, task, **options)
    return str(error.value).replace(f"{folder}/", "")


def test_word_and_tag_of_two_columns(tmp_path):
    found = read(tmp_path, "Ana\tB-PER\nLima\tI-PER\nsleeps\tO\n\nOslo\tB-LOC\n")
    assert [s.words for s in found] == [("Ana", "Lima", "sleeps"), ("Oslo",)]
    assert found[0].entities == ("B-PER", "I-PER", "O")


def test_numbered_lines_may_leave_the_last_columns_out(tmp_path):
    text = "# sent_id = a-1\n1\tAna\tB-PER\t-\tstephen\n2\tsleeps\tO\n"
    (found,) = read(tmp_path, text)
    assert (found.id, found.words, found.entities) == ("a-1", ("Ana", "sleeps"), ("B-PER", "O"))


def test_spaces_separate_columns_where_there_is_no_tab(tmp_path):
    assert read(tmp_path, "-DOCSTART- -X- O O\n\nAna NNP I-NP B-PER\n")[0].entities == ("B-PER",)


def test_a_word_may_contain_spaces_beside_tabs(tmp_path):
    assert read(tmp_path, "đất nước\tNOUN\n", "pos")[0].words == ("đất nước",)


def test_a_hash_is_a_word_and_no_comment(tmp_path):
    assert read(tmp_path, "#\tSYM\n1\tNUM\n", "pos")[0].words == ("#", "1")


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path):
    plain = read(tmp_path, "Ana\tB-PER\nx\tO\n\ny\tO\n")
    assert read(tmp_path, "\ufeffAna\tB-PER\r\nx\tO\r\n\r\ny\tO\r\n") == plain


def test_a_third_column_in_the_middle_is_passed_over(tmp_path):
    assert read(tmp_path, "hola\tspa\tINTJ\n", "pos")[0].tags == ("INTJ",)


def test_columns_may_be_named(tmp_path):
    found = read(tmp_path, "NOUN x casa\n", "pos", word_column=3, tag_column=1)
    assert (found[0].words, found[0].tags) == (("casa",), ("NOUN",))


def test_types_can_be_read_as_outside(tmp_path):
    text = "Ana\tB-PER\nDutch\tB-OTH\npeople\tI-OTH\nx\tB-O\n"
    assert read(tmp_path, text, outside="OTH,O")[0].entities == ("B-PER", "O", "O", "O")


def test_an_entity_that_starts_with_i_is_refused(tmp_path):
    assert refusal(tmp_path, "x\tO\nAna\tI-PER\n") == (
        "test.iob2:2: I-PER after O: an entity begins with B-\n"
        "  next: if I- may begin an entity in this file, set data.options.scheme: iob1;"
        " it is read as B- then"
    )


def test_an_entity_that_goes_on_as_another_type_is_refused(tmp_path):
    assert "I-LOC after B-PER" in refusal(tmp_path, "Ana\tB-PER\nOslo\tI-LOC\n")


def test_iob1_lets_i_begin_an_entity(tmp_path):
    found = read(tmp_path, "x\tI-PER\ny\tI-PER\nz\tI-LOC\n", scheme="iob1")
    assert found[0].entities == ("B-PER", "I-PER", "B-LOC")


@pytest.mark.parametrize(
    ("text", "task", "message"),
    [
        ("x\tO\ny\n", "ner", "test.iob2:2: 1 column where the lines above have 2"),
        ("x\tO\ny\tO\tz\n", "ner", "two files were put together"),
        ("x\n", "ner", "test.iob2:1: one column: 'x'"),
        ("x\tNOUN\n", "ner", "this seems to be a file of parts of speech"),
        ("x\tB-LOC\n", "pos", "this seems to be a file of named entities"),
        ("x\tNN\n", "pos", "'NN' is no universal part of speech"),
        ("x\tS-PER\n", "ner", "BIOES or BILOU"),
        ("x\tB-MISC\n", "ner", "set data.options.outside: MISC"),
        ("\tO\n", "ner", "an empty word\n  next: "),
        ("x\tO\nAl\tB\n", "ner", "test.iob2:2: 'B' is no entity tag\n  allowed: O, B-PER, I-PER"),
        ("x\tO\nAl\tB\n", "ner", "next: if the tag stands in another column"),
        ("x\tnoun\n", "pos", "the file is cut off or mixed up here"),
        (f"x\t{'B' * 200_000}\n", "ner", f"'{'B' * 40}' and 199960 more is no entity tag"),
    ],
)
def test_a_bad_line_is_named_with_what_to_do(tmp_path, text, task, message):
    assert message in refusal(tmp_path, text, task)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scheme": "bioes"}, "iob1 or iob2"),
        ({"tag_column": 9}, "allowed: 1 to 2"),
        ({"test_rows": "5-9"}, "begin at 5, but there are only 1"),
        ({"test_rows": "9-5"}, "such as 1-1800"),
    ],
)
def test_an_option_that_does_not_fit_is_refused(tmp_path, options, message):
    assert message in refusal(tmp_path, "x\tO\n", **options)


def test_a_file_whose_words_were_taken_out_is_refused(tmp_path):
    write(tmp_path, "_\tNOUN\n_\tVERB\n")
    choice = DataChoice(source="columns", folder=str(tmp_path), files={"xx": "test.iob2"})
    with pytest.raises(DataError, match=r"2 of 2 word forms are '_'.*\n  next: such treebanks"):
        SOURCE.describe(choice, "pos", "xx", "test", 9)


def test_a_file_of_which_no_entity_would_be_left_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"no entity would be left\n.*types that the task does not"):
        read(tmp_path, "Ana\tB-PER\n", outside="PER, ORG,LOC,OTH")


def test_prefixes_of_the_language_are_taken_off(tmp_path):
    (found,) = read(tmp_path, "xx:Ana\tB-PER\nxx::\tO\n", strip_prefix=True)
    assert found.words == ("Ana", ":")


def test_a_slice_is_loaded_as_it_was_described(tmp_path):
    write(tmp_path, "a\tB-OTH\n\nb\tO\n\nc\tO\n")
    options = {"outside": "OTH"}
    choice = DataChoice(
        source="columns", folder=str(tmp_path), files={"xx": "test.iob2"}, options=options
    )
    piece = SOURCE.describe(choice, "ner", "xx", "test", 2)
    key = "columns/test.iob2"
    places = Whereabouts(checkpoints={}, corpora={key: str(tmp_path)}, options={key: options})
    assert [s.words for s in SOURCE.load(piece, places)] == [("a",), ("b",)]


def test_one_pattern_names_the_files_of_all_splits(tmp_path):
    for split, word in (("train", "a"), ("test", "b")):
        (tmp_path / f"{split}-xx.tsv").write_text(f"{word}\tNOUN\n")
    choice = DataChoice(source="columns", folder=str(tmp_path), files={"xx": "{split}-xx.tsv"})
    assert SOURCE.describe(choice, "pos", "xx", "train", 9).count == 1
    with pytest.raises(DataError, match=r"no split 'dev'\n.*allowed: train, test"):
        SOURCE.describe(choice, "pos", "xx", "dev", 9)


@pytest.mark.parametrize(
    ("task", "options", "message"),
    [
        ("xnli", {}, r"does not read task 'xnli'\n.*allowed: ner, pos"),
        ("ner", {"outsides": "X"}, "no option 'outsides'\n.*\n.*did you mean 'outside'"),
        ("ner", {"outside": 3}, "outside is 3\n.*allowed: text"),
        ("ner", {}, r"test\.iob2: the split 'test' is empty.*\n  next: get the file again"),
    ],
)
def test_what_a_setting_cannot_ask_for_is_told(tmp_path, task, options, message):
    write(tmp_path, "\n\n")
    choice = DataChoice(
        source="columns", folder=str(tmp_path), files={"xx": "test.iob2"}, options=options
    )
    with pytest.raises(DataError, match=message):
        SOURCE.describe(choice, task, "xx", "test", 9)


form = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\t\n\r"),
    min_size=1,
).filter(lambda text: text.strip())
sentence = st.lists(st.tuples(form, st.sampled_from(UPOS)), min_size=1, max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(sentence, min_size=1, max_size=4))
def test_what_is_written_is_read(tmp_path, sentences):
    text = "\n\n".join("\n".join("\t".join(row) for row in rows) for rows in sentences)
    found = [list(zip(s.words, s.tags, strict=True)) for s in read(tmp_path, text, "pos")]
    assert found == sentences


def test_universal_ner_is_read_whole():
    path = real("ner/uner/English-EWT/train.iob2")
    found = list(read_words(path, corpus(outside="OTH,O")))
    assert len(found) == 6318
    assert sum(tag.startswith("B-") for s in found for tag in s.entities) > 3000


def test_parallel_sentences_of_universal_ner_share_their_clusters():
    names = ("English-PUD", "German-PUD")
    clusters = [
        {s.cluster for s in read_words(real(f"ner/uner/{n}/test.iob2"), corpus(name=n))}
        for n in names
    ]
    assert len(clusters[0] & clusters[1]) == 1000


def test_the_part_of_speech_files_of_xtreme_are_read():
    path = real("xtreme_udpos/dev-hi.tsv")
    found = list(read_words(path, corpus("pos")))
    assert (len(found), found[0].words[0], found[0].tags[0]) == (1659, "रामायण", "PROPN")


def test_the_files_of_gluecos_are_read_by_their_columns():
    path = real("codeswitch/es-en_Bangor_Miami/gluecos_pos_en_es/test.txt")
    # Its tags are not universal, and a person is told so.
    with pytest.raises(DataError, match="no universal part of speech"):
        list(read_words(path, corpus("pos")))
