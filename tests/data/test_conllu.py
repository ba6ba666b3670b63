from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reproduce.data.conllu import SOURCE, read_sentences
from reproduce.errors import DataError
from reproduce.nouns.cell import Whereabouts
from reproduce.nouns.sentence import UPOS
from reproduce.nouns.setting import DataChoice

DATA = Path(
    os.environ.get("REPRODUCE_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")
).resolve()


def real(place: str) -> Path:
    """A corpus of the real data, or a skip."""
    if not (DATA / place).exists():
        pytest.skip(f"no {place} in {DATA}; set REPRODUCE_TEST_DATA")
    return DATA / place


def row(number: object, form: str, tag: str = "NOUN", head: str = "0") -> str:
    return f"{number}\t{form}\t{form}\t{tag}\t_\t_\t{head}\troot\t_\t_"


def write(folder: Path, *sentences: list[str], end: str = "\n", bom: bytes = b"") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(end.join([*lines, "", ""]) for lines in sentences)
    (folder / "test.conllu").write_bytes(bom + text.encode())
    return folder / "test.conllu"


def read(path: Path, name: str = "X"):
    return list(read_sentences(path, name=name, language="xx"))


def choice(folder: Path, **files: str) -> DataChoice:
    return DataChoice(source="conllu", folder=str(folder), files=files)


def test_ranges_and_empty_nodes_are_no_words(tmp_path):
    path = write(tmp_path, [row("1-2", "del"), row(1, "de"), row(2, "el"), row("2.1", "x")])
    assert read(path)[0].words == ("de", "el")


def test_a_form_may_contain_spaces(tmp_path):
    path = write(tmp_path, [row(1, "đất nước", "NOUN"), row(2, "ta", "PRON")])
    assert read(path)[0].words == ("đất nước", "ta")


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path):
    lines = ["# sent_id = a", row(1, "x"), row(2, "y")]
    plain = read(write(tmp_path / "plain", lines))
    windows = read(write(tmp_path / "windows", lines, end="\r\n", bom=b"\xef\xbb\xbf"))
    assert windows == plain


def test_the_last_sentence_needs_no_empty_line(tmp_path):
    (tmp_path / "test.conllu").write_text(row(1, "x"))
    assert len(read(tmp_path / "test.conllu")) == 1


def test_a_unicode_line_separator_inside_a_form_is_no_line_end(tmp_path):
    path = write(tmp_path, [row(1, "a\u2028b")])
    assert read(path)[0].words == ("a\u2028b",)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1 x x NOUN _ _ 0 root _ _", "spaces for tabs: put tabs between the columns"),
        ("1\tx\tNOUN", "3 columns: '1\\tx\\tNOUN'\n  allowed: 10 columns, separated by tabs"),
        ("1\tx\tNOUN", "are read by data.source: columns, pairs by tsv"),
        ("1\tx\tx\tNOUN\t_\t_", "6 columns"),
        ("404: Not Found", "1 column: '404: Not Found'"),
        ("<<<<<<< HEAD", "next: the file is cut off or mixed up here, or no CoNLL-U: get it again"),
        ("\ufeff# newdoc", "two files were put together; take it out"),
        (row(1, "x", "N"), "the tag 'N' in column 4\n  allowed: ADJ, ADP, ADV"),
        (row(1, "x", "N"), "next: the tags of the treebank's own scheme belong in column 5"),
        (row(1, "x", "noun"), "next: write it NOUN"),
        (row(1, "x", "_"), "no part of speech ('_') in column 4"),
        (row(1, "x", "N" * 200_000), f"the tag '{'N' * 40}' and 199960 more"),
        (row("one", "x"), "the id 'one' is none\n  allowed: 8, a range 8-9, or 8.1\n  next: "),
        (row("9" * 5000, "x"), "and 4960 more is none"),
        (row("1-99999999999", "x"), "the id '1-99999999999' is none"),
        (row(2, "x"), "word 2 where word 1 should stand\n  next: a line is missing here"),
        (row(1, " "), "a word without a form\n  next: fill column 2"),
        (
            row(1, "x", head="2"),
            "the head 2 in column 7, in a sentence of 1 word\n  allowed: 0 to 1",
        ),
        ("# text = nothing", "a sentence without words\n  next: "),
    ],
)
def test_a_bad_line_is_named_by_file_and_line(tmp_path, line, message):
    path = write(tmp_path, [row(1, "fine")], [line])
    with pytest.raises(DataError) as error:
        read(path)
    assert message in str(error.value)
    assert str(error.value).startswith(f"{path}:3: ")


def test_a_repeated_sentence_id_is_refused(tmp_path):
    path = write(tmp_path, ["# sent_id = a", row(1, "x")], ["# sent_id = a", row(1, "y")])
    with pytest.raises(DataError, match=r":4: a second sentence with sent_id 'a'\n.*two files"):
        read(path)


@pytest.mark.parametrize("head", ["_", "²", "9" * 5000])
def test_a_head_that_is_no_number_is_no_tree(tmp_path, head):
    assert read(write(tmp_path, [row(1, "x", head=head)]))[0].heads is None


def test_a_line_of_any_length_is_read(tmp_path):
    comment = "# text = " + "a" * 200_000
    assert read(write(tmp_path, [comment, row(1, "b" * 200_000)]))[0].words == ("b" * 200_000,)


def test_another_encoding_is_explained(tmp_path):
    path = tmp_path / "test.conllu"
    path.write_bytes(row(1, "é").encode("latin-1"))
    with pytest.raises(DataError, match="not UTF-8.*\n.*iconv"):
        read(path)


def test_a_treebank_without_its_words_is_refused(tmp_path):
    write(tmp_path / "X", [row(1, "_"), row(2, "_")])
    with pytest.raises(DataError, match="words were taken out"):
        SOURCE.describe(choice(tmp_path, xx="X"), "pos", "xx", "test", 5)


def test_a_treebank_without_the_words_of_one_genre_is_refused(tmp_path):
    whole = [[row(n, "x") for n in range(1, 11)]] * 12
    write(tmp_path / "X", *whole, [row(n, "_") for n in range(1, 11)])
    with pytest.raises(DataError, match="10 of 130 word forms are '_': the words were taken out"):
        SOURCE.describe(choice(tmp_path, xx="X"), "pos", "xx", "test", 99)


def test_a_single_underscore_is_a_word(tmp_path):
    write(tmp_path / "X", [row(1, "a"), row(2, "_", "PUNCT")])
    assert SOURCE.describe(choice(tmp_path, xx="X"), "pos", "xx", "test", 5).count == 1


def test_translations_share_a_cluster_and_other_sentences_do_not(tmp_path):
    lines = ["# sent_id = n1", row(1, "x")]
    marked = ["# sent_id = n1", "# parallel_id = pud/n1", row(1, "x")]
    clusters = [
        read(write(tmp_path / "a", lines), "Spanish-PUD")[0].cluster,
        read(write(tmp_path / "b", marked), "English-PUD")[0].cluster,
        read(write(tmp_path / "c", lines), "Hindi-X")[0].cluster,
        read(write(tmp_path / "d", lines), "Spanish-Pudding")[0].cluster,
    ]
    assert clusters == ["pud/n1", "pud/n1", "Hindi-X/n1", "Spanish-Pudding/n1"]


def test_trees_are_kept_and_absent_trees_are_none(tmp_path):
    path = write(tmp_path, [row(1, "x", head="2"), row(2, "y")], [row(1, "x", head="_")])
    first, second = read(path)
    assert (first.heads, second.heads, second.relations) == ((2, 0), None, None)


def test_a_slice_is_loaded_as_it_was_described(tmp_path):
    write(tmp_path / "X", [row(1, "a")], [row(1, "b")], [row(1, "c")])
    piece = SOURCE.describe(choice(tmp_path, xx="X"), "pos", "xx", "test", 2)
    found = SOURCE.load(piece, Whereabouts(checkpoints={}, corpora={"conllu/X": str(tmp_path)}))
    assert [sentence.words for sentence in found] == [("a",), ("b",)]


def test_a_changed_corpus_is_noticed(tmp_path):
    write(tmp_path / "X", [row(1, "a")])
    piece = SOURCE.describe(choice(tmp_path, xx="X"), "pos", "xx", "test", 2)
    write(tmp_path / "X", [row(1, "a", "VERB")])
    with pytest.raises(DataError, match="has changed since"):
        SOURCE.load(piece, Whereabouts(checkpoints={}, corpora={"conllu/X": str(tmp_path)}))


def test_the_digest_is_blind_to_what_comes_after_the_slice(tmp_path):
    write(tmp_path / "X", [row(1, "a")])
    short = SOURCE.describe(choice(tmp_path, xx="X"), "pos", "xx", "test", 1)
    write(tmp_path / "X", [row(1, "a")], [row(1, "b")])
    assert SOURCE.describe(choice(tmp_path, xx="X"), "pos", "xx", "test", 1) == short


@pytest.mark.parametrize("entry", ["X", "UD_X", "UD_X/xx_x-ud-test.conllu"])
def test_official_names_are_found(tmp_path, entry):
    written = write(tmp_path / "UD_X", [row(1, "a")])
    written.rename(tmp_path / "UD_X" / "xx_x-ud-test.conllu")
    assert SOURCE.describe(choice(tmp_path, xx=entry), "pos", "xx", "test", 1).count == 1


def test_a_file_of_one_split_does_not_stand_for_another(tmp_path):
    write(tmp_path / "X", [row(1, "a")])
    with pytest.raises(DataError, match=r"no split 'train'\n.*allowed: test"):
        SOURCE.describe(choice(tmp_path, xx="X/test.conllu"), "pos", "xx", "train", 1)


def test_a_missing_split_says_which_exist(tmp_path):
    write(tmp_path / "X", [row(1, "a")])
    with pytest.raises(DataError, match=r"no split 'dev'\n.*allowed: test"):
        SOURCE.describe(choice(tmp_path, xx="X"), "pos", "xx", "dev", 1)


def test_two_files_for_one_split_are_refused(tmp_path):
    write(tmp_path / "X", [row(1, "a")])
    (tmp_path / "X" / "xx_y-ud-test.conllu").write_text(row(1, "a"))
    with pytest.raises(DataError, match="several files for split 'test'"):
        SOURCE.describe(choice(tmp_path, xx="X"), "pos", "xx", "test", 1)


@pytest.mark.parametrize(
    ("files", "task", "message"),
    [
        ({"xx": "Y"}, "pos", r"no such corpus\n.*allowed: X"),
        ({"yy": "X"}, "pos", r"no corpus for language 'xx'\n.*allowed: yy"),
        ({"xx": "X"}, "ner", "no annotation for task 'ner'"),
        ({"xx": "/etc"}, "pos", "does not lie below"),
        ({"xx": "../X"}, "pos", "does not lie below"),
    ],
)
def test_what_is_absent_is_told(tmp_path, files, task, message):
    write(tmp_path / "X", [row(1, "a")])
    with pytest.raises(DataError, match=message):
        SOURCE.describe(choice(tmp_path, **files), task, "xx", "test", 1)


def test_an_empty_file_is_refused(tmp_path):
    write(tmp_path / "X")
    with pytest.raises(
        DataError, match=r"'test' is empty: there is no example in this file\n.*get the file again"
    ):
        SOURCE.describe(choice(tmp_path, xx="X"), "pos", "xx", "test", 1)


form = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\t\n\r_"), min_size=1
).filter(lambda text: text.strip())
sentence = st.lists(st.tuples(form, st.sampled_from(UPOS)), min_size=1, max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(sentence, min_size=1, max_size=4))
def test_what_is_written_is_read(tmp_path, sentences):
    path = write(tmp_path, *[[row(n, f, t) for n, (f, t) in enumerate(s, 1)] for s in sentences])
    found = [list(zip(s.words, s.tags, strict=True)) for s in read(path)]
    assert found == sentences


def test_english_ewt_is_read_whole():
    sentences = read(real("ud/English-EWT/test.conllu"), "English-EWT")
    assert (len(sentences), sum(len(s.words) for s in sentences)) == (2077, 25094)


def test_forms_with_spaces_keep_vietnamese_words_and_tags_aligned():
    sentences = read(real("ud/Vietnamese-VTB/test.conllu"), "Vietnamese-VTB")
    assert (len(sentences), sum(len(s.words) for s in sentences)) == (800, 11692)
    assert any(" " in word for s in sentences for word in s.words)


def test_the_parallel_treebanks_share_all_their_clusters():
    clusters = [
        {s.cluster for s in read(real(f"ud/{name}/test.conllu"), name)}
        for name in ("English-PUD", "Spanish-PUD", "Hindi-PUD", "Arabic-PUD")
    ]
    assert len(clusters[0]) == 1000
    assert all(found == clusters[0] for found in clusters)


def test_the_published_hindi_english_treebank_has_no_words():
    folder = real("codeswitch/hi-en_HIENCS")
    with pytest.raises(DataError, match="words were taken out"):
        SOURCE.describe(choice(folder, hi="ud_blanked"), "pos", "hi", "test", 100)


def test_an_option_that_treebanks_do_not_have_is_refused(tmp_path):
    choice = DataChoice(
        source="conllu", folder=str(tmp_path), files={"en": "x"}, options={"rows": 1}
    )
    with pytest.raises(DataError, match="has no option 'rows'"):
        SOURCE.describe(choice, "pos", "en", "test", 5)
